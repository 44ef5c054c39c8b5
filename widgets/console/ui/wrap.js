// The wrap-up: a short form, ended by the advisor alone. Only the type is asked for; unknown is a value.
import { html, useSignal } from "/vendor/ui.js";
import { wrap } from "./acts.js";
import { Icon } from "./icons.js";
import * as store from "./store.js";
import { since } from "./time.js";
import { NUDGE } from "./words.js";

/** @type {[string, string][]} */
const TYPES = [["support", "Support"], ["information", "Information"], ["wrong_number", "Wrong number"], ["test", "Test"]];

/** @type {[string, string][]} */
const OUTCOMES = [
  ["support_given", "Support given"], ["information_given", "Information given"], ["signposted", "Pointed to another service"],
  ["emergency", "Emergency services called"], ["ended_early", "Ended before help was given"], ["no_words", "No words, or silent"],
];

/** @type {[string, string][]} */
const SPEAKING = [
  ["person", "The person themselves"], ["family", "Family or friend"], ["professional", "A professional"],
  ["witness", "A witness"], ["harmed", "A person who harmed"],
];

/** @type {[string, string][]} */
const REPORTED = [["yes", "Reported to police"], ["no", "Not reported"]];

/** @type {[string, string][]} */
const SAFE = [["yes", "Asked"], ["no", "Not asked"]];

/** @param {{ one: import("./frames.js").WithYou }} props */
export function WrapUp({ one }) {
  const draft = store.wrapDraft(one.contact);
  const missing = useSignal(false);
  const crimes = store.desk.value?.service.crimes ?? [];
  const waits = !store.live.value || store.asking.value.has(`wrap ${one.contact}`);
  /** @param {Partial<import("./frames.js").WrapDraft>} changes */
  const change = (changes) => {
    draft.value = { ...draft.value, ...changes };
  };
  /** @param {Event} event */
  const keep = (event) => {
    event.preventDefault();
    missing.value = !draft.value.type;
    if (missing.value) document.getElementById("wrap-support")?.focus();
    else wrap(one, draft.value);
  };
  return html`<form class="wrap" aria-labelledby="wrap-h" onSubmit=${keep} data-region>
    <h3 id="wrap-h">Wrap up <span class="meta">Only the type is needed. Leave what you do not know.</span></h3>
    ${one.ended_at && since(one.ended_at, store.now.value) >= NUDGE && html`<p class="closing"><${Icon} name="clock" />Ten minutes since it ended. Finish when you are ready; nothing closes by itself.</p>`}
    <fieldset class=${missing.value ? "types bad" : "types"} aria-describedby=${missing.value ? "wrap-why" : undefined}><legend>Type</legend>
      ${missing.value && html`<span class="why" id="wrap-why"><${Icon} name="warn" />Choose what it was.</span>`}
      <div>${TYPES.map(([value, words]) => html`<label key=${value} class=${draft.value.type === value ? "on" : ""}><input type="radio" name="type" id=${"wrap-" + value} value=${value} checked=${draft.value.type === value} onChange=${() => { change({ type: value }); missing.value = false; }} />${words}</label>`)}</div></fieldset>
    <div class="grid">
      <${Choice} id="outcome" label="Outcome" value=${draft.value.outcome} options=${OUTCOMES} change=${(/** @type {string} */ outcome) => change({ outcome })} />
      ${crimes.length > 0 && html`<${Choice} id="crime" label="About" value=${draft.value.crime} options=${crimes.map((crime) => [crime.key, crime.label])} change=${(/** @type {string} */ crime) => change({ crime })} />`}
      <${Choice} id="speaking" label="Who was speaking" value=${draft.value.speaking} options=${SPEAKING} change=${(/** @type {string} */ speaking) => change({ speaking })} />
      <${Choice} id="reported" label="Reported" value=${draft.value.reported} options=${REPORTED} change=${(/** @type {string} */ reported) => change({ reported })} />
      <${Choice} id="safe" label="Safe contact" value=${draft.value.safe_contact_asked} options=${SAFE} change=${(/** @type {string} */ safe_contact_asked) => change({ safe_contact_asked })} />
      <div class="flags"><label class="check"><input type="checkbox" checked=${draft.value.silent} onChange=${(/** @type {Event} */ event) => change({ silent: ticked(event) })} />Silent</label><label class="check"><input type="checkbox" checked=${draft.value.abusive} onChange=${(/** @type {Event} */ event) => change({ abusive: ticked(event) })} />Abusive toward staff</label><label class="check"><input type="checkbox" checked=${draft.value.hard} onChange=${(/** @type {Event} */ event) => change({ hard: ticked(event) })} />Hard for me: a break comes first</label></div>
    </div>
    <div class="acts"><button type="submit" class="btn go" disabled=${waits}>Keep and finish</button><span class="meta">It goes to the contact log. Your place is free after this.</span></div>
  </form>`;
}

/** @param {Event} event */
function ticked(event) {
  return /** @type {HTMLInputElement} */ (event.target).checked;
}

/** @param {{ id: string, label: string, value: string, options: string[][], change: (value: string) => void }} props */
function Choice({ id, label, value, options, change }) {
  return html`<div class="field"><label for=${"wrap-" + id}>${label}</label><select class="input" id=${"wrap-" + id} value=${value} onChange=${(/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.target).value)}><option value="">Not known</option>${options.map(([key, words]) => html`<option key=${key} value=${key} selected=${key === value}>${words}</option>`)}</select></div>`;
}
