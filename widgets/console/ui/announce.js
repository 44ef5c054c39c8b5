// Two regions that a screen reader hears: one polite, one that interrupts. Each line is said once.

/** @param {string} id @param {string} words */
function put(id, words) {
  const region = document.getElementById(id);
  if (!region) return;
  const line = document.createElement("p");
  line.textContent = words;
  region.append(line);
  while (region.childElementCount > 3) region.firstElementChild?.remove();
}

/** @param {string} words */
export function announce(words) {
  put("polite", words);
}

/** @param {string} words */
export function interrupt(words) {
  put("assertive", words);
}
