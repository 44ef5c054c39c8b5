// One question at a time, in a native dialog: focus is held, Escape says no.
import { html, signal, useLayoutEffect, useRef } from "/vendor/ui.js";

/** `keep`: staying is the better way, so it is the filled button. @typedef {{ title: string, words: string, yes: string, no: string, keep?: boolean }} Question */

const asked = signal(/** @type {(Question & { answer: (sure: boolean) => void }) | null} */ (null));

/** @param {Question} question @returns {Promise<boolean>} */
export function confirm(question) {
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer(sure) {
        asked.value = null;
        resolve(sure);
      },
    };
  });
}

export function Asked() {
  const question = asked.value;
  if (!question) return null;
  return html`<${Dialog} label="ask-h" close=${() => question.answer(false)}>
    <h2 id="ask-h">${question.title}</h2><p>${question.words}</p>
    <div class="acts"><button type="button" class=${question.keep ? "btn" : "btn go"} onClick=${() => question.answer(true)}>${question.yes}</button><button type="button" class=${question.keep ? "btn go" : "btn"} autofocus onClick=${() => question.answer(false)}>${question.no}</button></div>
  </${Dialog}>`;
}

/** @param {{ label: string, close: () => void, children?: any }} props */
export function Dialog({ label, close, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = /** @type {HTMLDialogElement} */ (box.current);
    dialog.showModal();
    return () => {
      if (dialog.open) dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return html`<dialog class="dialog" aria-labelledby=${label} ref=${box} onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); close(); }}>${children}</dialog>`;
}
