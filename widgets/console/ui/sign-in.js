// The ring test before a shift, and the error summary in focus. The page works without.
import { test } from "./sound.js";

document.getElementById("errors")?.focus();
const sound = document.getElementById("sound");
if (sound) sound.hidden = false;
document.getElementById("test")?.addEventListener("click", () => test());
