// @ts-check
/**
 * Being called, safely: the number, when, and what may be said to whom. The number is cleared
 * from the page as soon as it is promised; the place in the line is kept.
 *
 * @typedef {import("./line.js").Frame} Frame
 * @typedef {import("./line.js").Line} Line
 */
import { chosen } from "./questions.js";
import { current, show } from "./screens.js";
import { $, say } from "./words.js";

const FIELDS = ["number", "who-for", "cover-words"];
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ ($(id));
/** @type {Frame | null} */
let promise = null;

function wrong(/** @type {string} */ words) {
  $("number-wrong").textContent = words;
  field("number").setAttribute("aria-invalid", String(!!words));
  if (words) field("number").focus();
}

/** Until when, as people say it: today, tomorrow, or by its date. */
function told() {
  if (!promise) return "";
  const by = new Date(promise.by || "");
  const days = Math.round((new Date(by).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 864e5);
  const two = (/** @type {number} */ n) => ("0" + n).slice(-2);
  return say("promised" + (days > 1 ? ".2" : days > 0 ? ".1" : ""), {
    ends: promise.number_ends || "",
    time: two(by.getHours()) + ":" + two(by.getMinutes()),
    date: by.getDate() + "/" + (by.getMonth() + 1),
  });
}

/** What was promised, in the language that the page has now. */
export function retold() {
  $("called").hidden = !promise;
  $("called").textContent = $("promised-words").textContent = told();
}

export function promised(/** @type {Frame} */ frame) {
  promise = frame;
  retold();
  for (const id of FIELDS) field(id).value = "";
  if (current() === "callback") show("promised");
  return told();
}

export function unpromised(/** @type {string} */ code) {
  if (current() === "callback") wrong(say(code === "number" ? "number.wrong" : "number.kept"));
}

export function arrange(/** @type {Line} */ line) {
  $("call-me").addEventListener("click", () => {
    const number = field("number").value;
    if (number.replace(/\D/g, "").length < 10) return wrong(say("number.wrong"));
    wrong("");
    line.callBack({
      number, when: chosen("when"), voicemail: !!chosen("voicemail"),
      say: field("cover-words").value.trim(), who: field("who-for").value.trim(),
    });
  });
}
