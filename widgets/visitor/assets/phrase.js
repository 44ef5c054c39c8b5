// @ts-check
/**
 * The code phrase of the service. Typed as a message it is not sent: a page of opening hours stands
 * there instead, and takes every question, until the phrase comes again. It ends nothing (S13).
 */
import { current, show } from "./screens.js";
import { $, say } from "./words.js";

const question = /** @type {HTMLInputElement} */ ($("question"));
/** As people type it: capitals, marks and spaces do not count. */
const plain = (/** @type {string} */ text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();

export const isPaused = () => current() === "harmless";

export function isPhrase(/** @type {string} */ text) {
  const phrase = plain(say("own.code_phrase"));
  return !!phrase && plain(text) === phrase;
}

/** `changed` hears when somebody came in, and when they went. */
export function guard(/** @type {(paused: boolean) => void} */ changed) {
  const ask = () => {
    const back = isPhrase(question.value);
    question.value = "";
    question.focus();
    if (!back) return;
    show("talk");
    changed(false);
  };
  $("ask").addEventListener("click", ask);
  question.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && ask());
  return () => {
    show("harmless");
    changed(true);
  };
}
