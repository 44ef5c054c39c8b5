// What a person needs, on one small sheet: for whoever holds them, and for a lead.
import { html, useLayoutEffect, useSignal } from "/vendor/ui.js";
import { announce } from "./announce.js";
import { ask, tell } from "./line.js";
import * as store from "./store.js";

/** @typedef {import("./frames.js").Needed} Needed */

/** @type {[string, string][]} */
const AGES = [["", "Not asked yet"], ["adult", "Adult"], ["under18", "Under 18"]];

/** @type {[string, string][]} */
const WORKERS = [["", "No wish"], ["woman", "A woman, please"], ["man", "A man, please"]];

/** @type {[string, string][]} */
const URGENCIES = [["", "No hurry known"], ["today", "Help today"], ["danger", "In danger"]];

/** The answer comes as a frame of its own, see store.needed. @param {string} contact */
export function look(contact) {
  return ask(`needs ${contact}`, { t: "needs", contact });
}

/** What is kept now, asked for when the sheet opens. `first` is what then gets the focus. @param {string} id @param {string} first @returns {Needed | null} */
export function useNeeded(id, first) {
  useLayoutEffect(() => {
    store.needed.value = null;
    look(id);
  }, [id]);
  const told = store.needed.value?.contact === id ? store.needed.value : null;
  useLayoutEffect(() => {
    if (told) document.getElementById(first)?.focus();
  }, [told === null]);
  return told;
}

/** @param {{ close: () => void, title: string }} props */
export function Looking({ close, title }) {
  return html`<h2 id="sheet-h">${title}</h2><p class="soft" role="status">${store.live.value ? "Looking." : "No line just now."}</p>
    <div class="acts"><button type="button" class="btn" autofocus onClick=${close}>Close</button></div>`;
}

/** @param {{ id: string, close: () => void }} props */
export function NeedSheet({ id, close }) {
  const told = useNeeded(id, "need-crime");
  const changed = useSignal(/** @type {Record<string, string | boolean>} */ ({}));
  if (!told) return html`<${Looking} title="Need" close=${close} />`;
  const waits = !store.live.value || store.asking.value.has(`wish ${id}`);
  /** @param {keyof Needed} name */
  const value = (name) => changed.value[name] ?? told[name];
  /** @param {keyof Needed} name @param {string | boolean} to */
  const set = (name, to) => {
    changed.value = { ...changed.value, [name]: to };
  };
  const keep = async () => {
    const answer = await tell(`wish ${id}`, { t: "wish", contact: id, ...changed.value });
    if (answer.t !== "done") return;
    announce("The need is kept.");
    close();
  };
  /** @param {string} label @param {keyof Needed} name @param {[string, string][]} ways */
  const radios = (label, name, ways) => html`<fieldset class="types"><legend class="label">${label}</legend><div>${ways.map(([key, words]) => html`<label key=${key} class=${value(name) === key ? "on" : ""}><input type="radio" name=${name} value=${key} checked=${value(name) === key} onChange=${() => set(name, key)} />${words}</label>`)}</div></fieldset>`;
  /** @param {string} label @param {keyof Needed} name @param {string} none @param {{ key: string, words: string }[]} ways */
  const list = (label, name, none, ways) => html`<div class="field"><label for=${`need-${name}`}>${label}</label><select class="input" id=${`need-${name}`} onChange=${(/** @type {Event} */ event) => set(name, /** @type {HTMLSelectElement} */ (event.target).value)}><option value="" selected=${!value(name)}>${none}</option>${ways.map((way) => html`<option key=${way.key} value=${way.key} selected=${value(name) === way.key}>${way.words}</option>`)}</select></div>`;
  return html`<h2 id="sheet-h">Need</h2>
    <p class="soft">What you change here changes who is asked next.</p>
    <div class="need-parts">
    ${list("About", "crime", "Not asked yet", told.crimes)}
    ${radios("Person", "age", AGES)}
    <div class="field">${list("Language", "language", "Not asked yet", told.languages)}
      <label class="check"><input type="checkbox" checked=${value("interpreter")} onChange=${(/** @type {Event} */ event) => set("interpreter", /** @type {HTMLInputElement} */ (event.target).checked)} />An interpreter is needed</label></div>
    ${radios("Who they would rather talk to", "gender", WORKERS)}
    ${radios("Urgency", "urgency", URGENCIES)}
    ${list("Lead worker", "lead", "Nobody named", told.people)}
    </div>
    <div class="acts"><button type="button" class="btn go" disabled=${waits || !Object.keys(changed.value).length} onClick=${keep}>Keep</button><button type="button" class="btn" onClick=${close}>Close</button></div>`;
}
