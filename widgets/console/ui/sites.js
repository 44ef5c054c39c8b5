// Copies a line for the editor of a website, and plays the website's part for the preview.

const news = document.getElementById("news");

/** @param {HTMLTextAreaElement} code @returns {Promise<boolean>} */
async function copied(code) {
  code.select();
  try {
    await navigator.clipboard.writeText(code.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

for (const each of document.querySelectorAll("[data-copy]")) {
  const button = /** @type {HTMLButtonElement} */ (each);
  const code = /** @type {HTMLTextAreaElement} */ (document.getElementById(button.dataset.copy ?? ""));
  const words = button.querySelector("span");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(code);
    button.focus();
    if (news) news.textContent = done ? "Copied." : "It is marked. Copy it with Ctrl and C.";
    if (words) words.textContent = done ? "Copied" : "Press Ctrl and C";
    setTimeout(() => { if (words) words.textContent = "Copy"; if (news) news.textContent = ""; }, 4000);
  });
}

for (const each of document.querySelectorAll("iframe[data-preview]")) {
  const frame = /** @type {HTMLIFrameElement} */ (each);
  const left = /** @type {HTMLElement | null} */ (frame.parentElement?.querySelector(".left") ?? null);
  const open = () => frame.contentWindow?.postMessage({ frontdoor: "resize", to: "open" }, "*");
  let opened = false;
  // It may have come before this script, or come after.
  open();
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || !event.data) return;
    if (event.data.frontdoor === "resize" && !opened) {
      opened = true;
      open();
    } else if (event.data.frontdoor === "exit") {
      if (left) left.hidden = false;
      opened = false;
      // The same frame from its start, once its own way out was refused.
      setTimeout(() => { frame.src = String(frame.getAttribute("src")); }, 1500);
    }
  });
}
