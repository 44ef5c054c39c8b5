// The ring test before a shift, and the error summary in focus. The page works without.
import { test } from "./sound.js";

document.getElementById("errors")?.focus();
const sound = document.getElementById("sound");
if (sound) sound.hidden = false;
document.getElementById("test")?.addEventListener("click", () => test());

// In the demo, a press on an address puts it in the form.
for (const code of document.querySelectorAll(".demo code")) {
  const pick = document.createElement("button");
  pick.type = "button";
  pick.textContent = code.textContent;
  pick.addEventListener("click", () => {
    const email = /** @type {HTMLInputElement} */ (document.getElementById("email"));
    email.value = code.textContent ?? "";
    document.getElementById("password")?.focus();
  });
  code.replaceChildren(pick);
}
