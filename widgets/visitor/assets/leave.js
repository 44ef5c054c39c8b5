// @ts-check
/**
 * Leaving: the screen is blank first, then the server is told, then the page is replaced (S5).
 * Works by button, by link, by Shift or Escape three times, and when the host page asks.
 */
import "./alarm.js";
import { $, say, told } from "./words.js";

const WITHIN = 5000;
const TIMES = 3;
const embedded = window.parent !== window;

let gone = false;
/** @type {(how: "exit" | "end" | "closed") => string} */
let hangUp = () => "";

/** A message to the loader. It holds a verb and a step, never content. */
export function tell(/** @type {string} */ verb, /** @type {string} */ to = "") {
  if (embedded) window.parent.postMessage({ frontdoor: verb, to }, "*");
}

/** Nothing stays in the document: no words, no answers, no drafts. */
export function wipe() {
  document.documentElement.className = "gone";
  document.querySelectorAll("textarea, input").forEach((field) => {
    const box = /** @type {HTMLInputElement} */ (field);
    box.value = "";
    box.checked = false;
  });
  document.body.replaceChildren();
}

/** Tells the server twice, by the socket and by a call that outlives the page. */
function lastWord(/** @type {"exit" | "closed"} */ how) {
  const token = hangUp(how);
  if (!token) return;
  const body = JSON.stringify({ token, how });
  try {
    fetch(told.leave, {
      method: "POST", body, keepalive: true, mode: "no-cors", credentials: "omit",
      referrerPolicy: "no-referrer", cache: "no-store",
    }).catch(() => undefined);
  } catch (refused) {
    // The socket's word, or its silence, does the same.
  }
}

export function leaveNow() {
  if (gone) return;
  gone = true;
  wipe();
  lastWord("exit");
  if (!embedded) {
    location.replace(told.exit);
    return;
  }
  tell("exit");
  setTimeout(() => window.open(told.exit, "_top"), 400);
}

/** The page is going away, or coming back from the browser's own memory: it comes back empty. */
function closed() {
  if (gone) return;
  gone = true;
  lastWord("closed");
  wipe();
}

let key = "";
let count = 0;
let since = 0;

/** Pips in the button; they fade when the five seconds are over. */
function pips(/** @type {number} */ lit) {
  const left = TIMES - lit;
  $("pips").hidden = !lit;
  Array.from($("pips").children).forEach((pip, at) => pip.classList.toggle("on", at < lit));
  const covered = document.documentElement.classList.contains("is-covered");
  $("leave-words").textContent = lit ? say(key.toLowerCase() + "." + left) : say(covered ? "close" : "leave");
}

function pressed(/** @type {KeyboardEvent} */ event) {
  const leaving = event.key === "Shift" || event.key === "Escape";
  if (!leaving || event.isComposing || event.defaultPrevented) {
    if (count && !event.repeat) forget();
    return;
  }
  if (event.repeat) return;
  const now = Date.now();
  if (event.key !== key || now - since > WITHIN) count = 0;
  if (!count) since = now;
  key = event.key;
  count += 1;
  if (count >= TIMES) return leaveNow();
  pips(count);
  const at = since;
  setTimeout(() => since === at && forget(), WITHIN);
}

function forget() {
  count = 0;
  since = 0;
  if (!gone) pips(0);
}

/** Arms every way out. `end` tells the server and gives back the token that has just died. */
export function arm(/** @type {typeof hangUp} */ end) {
  hangUp = end;
  for (const id of ["leave", "finish"]) {
    $(id).addEventListener("click", (event) => {
      event.preventDefault();
      leaveNow();
    });
  }
  document.addEventListener("keydown", pressed);
  window.addEventListener("pagehide", closed);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
