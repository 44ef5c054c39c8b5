// Icons lie in one file, as symbols; a label always stands beside them.
import { html } from "/vendor/ui.js";

/** @param {{ name: string, flip?: boolean }} props */
export function Icon({ name, flip = false }) {
  return html`<svg class=${flip ? "i flip" : "i"} aria-hidden="true" focusable="false"><use href=${"/console/ui/icons.svg#" + name} /></svg>`;
}

export function Mark() {
  return html`<svg class="arch" viewBox="0 0 24 28" aria-hidden="true" focusable="false"><path class="arch-o" d="M2.5 26.5V12a9.5 9.5 0 0 1 19 0v14.5Z" /><path class="arch-i" d="M8 26.5V13.5a4 4 0 0 1 8 0v13Z" /></svg>`;
}
