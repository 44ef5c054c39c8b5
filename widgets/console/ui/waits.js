// Somebody who waits, seen closely: since when, for what, what comes next. Anyone on duty may pull.
import { html, useSignal } from "/vendor/ui.js";
import { explain, move, pull } from "./around.js";
import { Icon } from "./icons.js";
import { open } from "./sheet.js";
import * as store from "./store.js";
import { clock, since, span } from "./time.js";
import { CHANNEL, CHANNEL_ICON } from "./words.js";

/** What is next for somebody who waits. @param {import("./frames.js").Waiting} one */
export function nextWords(one) {
  const first = store.desk.value?.you.first;
  if (one.offered_to) return `offered to ${one.offered_to === first ? "you" : one.offered_to}`;
  if (one.next_words) return one.next_words;
  return one.next_at ? `next in ${span(Math.max(0, -since(one.next_at, store.now.value)))}` : "";
}

/** @param {{ id: string, close: () => void }} props */
export function WaitsSheet({ id, close }) {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const one = desk.waiting.find((each) => each.contact === id);
  const hub = useSignal("");
  if (!one) return html`<${MovedOn} close=${close} />`;
  const { you } = desk;
  const full = you.load >= you.capacity;
  const theirs = Boolean(one.offered_to) && one.offered_to !== you.first;
  const waits = !store.live.value || store.asking.value.has(`pull ${id}`);
  const take = async () => {
    const answer = await pull(one);
    if (answer.t === "done") close();
  };
  const send = async () => {
    const answer = await move(one, hub.value);
    if (answer.t === "done") close();
  };
  return html`<h2 id="sheet-h"><${Icon} name=${CHANNEL_ICON[one.channel]} /> ${CHANNEL[one.channel]} from ${one.hub_name}</h2>
    <dl class="needs"><dt>Waits</dt><dd>${span(since(one.since, store.now.value))}, since ${clock(one.since, store.zone.value)}</dd>
      <dt>Need</dt><dd>${one.need_words || "Not asked yet"}</dd>${one.lead_worker && html`<dt>Lead worker</dt><dd>${one.lead_worker}</dd>`}<dt>Stands on</dt><dd>${one.rung_words || "The first rung"}</dd>
      <dt>Next</dt><dd>${nextWords(one) || "looked at within a second"}</dd></dl>
    ${!you.on_duty && html`<p class="soft">Go on duty, then you may take it.</p>`}
    ${you.on_duty && theirs && html`<p class="soft">${one.offered_to} has it on offer. It comes back here if nobody takes it.</p>`}
    ${you.on_duty && !theirs && html`<p class="soft">${full ? `${you.load} of ${you.capacity} places are used. Your seat grows by this one.` : "It is yours at once, ahead of the line."} The reason is kept.</p>`}
    <div class="acts"><button type="button" class="btn go" autofocus disabled=${waits || !you.on_duty || theirs} onClick=${take}>Pull: take it now</button><button type="button" class="btn" onClick=${close}>Close</button></div>
    ${one.lead && html`<div class="lead-part"><div class="acts"><button type="button" class="btn small" onClick=${() => open("need", id)}>Change the need</button><button type="button" class="btn small" onClick=${() => open("apart", id)}>Must not meet</button></div><div class="field"><label for="move-to">Ask at another hub</label><div class="pair"><select class="input" id="move-to" value=${hub.value} onChange=${(/** @type {Event} */ event) => { hub.value = /** @type {HTMLSelectElement} */ (event.target).value; }}><option value="">Choose a hub</option>${desk.hubs.map((each) => html`<option key=${each.key} value=${each.key} disabled=${Boolean(each.paused_until)}>${each.name}${each.paused_until ? ", paused" : ""}</option>`)}</select><button type="button" class="btn" disabled=${!hub.value || !store.live.value} onClick=${send}>Move</button></div></div>
      <${Why} id=${id} /></div>`}`;
}

/** Who was asked, who not and why. @param {{ id: string }} props */
export function Why({ id }) {
  const told = store.explained.value?.contact === id ? store.explained.value : null;
  if (!told) return html`<button type="button" class="btn small" disabled=${!store.live.value || store.asking.value.has(`explain ${id}`)} onClick=${() => explain(id)}><${Icon} name="list" />Who, and why?</button>`;
  const zone = store.zone.value;
  return html`<section class="why-not" aria-labelledby="why-h"><h3 id="why-h">Who, and why</h3>
    <p><b>Next:</b> ${told.next_words}${told.next_at ? ` By ${clock(told.next_at, zone)}.` : ""}</p>
    ${told.told.length > 0 && html`<h4>So far</h4><ol>${told.told.map((each) => html`<li key=${each.at + each.words}><time class="num">${clock(each.at, zone)}</time><span>${each.words}</span></li>`)}</ol>`}
    ${told.asked.length > 0 && html`<h4>Asked</h4><ol>${told.asked.map((each) => html`<li key=${each.at + each.first}><time class="num">${clock(each.at, zone)}</time><span>${each.first}: ${each.answer}</span></li>`)}</ol>`}
    ${told.against.length > 0 && html`<h4>Not asked</h4><ul>${told.against.map((each) => html`<li key=${each.first + each.hub_name}><b>${each.first}</b><span>${each.hub_name}. ${each.why.join(" ")}</span></li>`)}</ul>`}
    <button type="button" class="btn small" disabled=${!store.live.value} onClick=${() => explain(id)}><${Icon} name="again" />Look again</button></section>`;
}

/** @param {{ close: () => void }} props */
export function MovedOn({ close }) {
  return html`<h2 id="sheet-h">It has moved on</h2><p>Somebody has it now, or it is over. Nothing for you to do.</p>
    <div class="acts"><button type="button" class="btn go" autofocus onClick=${close}>Close</button></div>`;
}
