// In the rail: queues that rest, for everyone; the floor and what is owed, for whoever leads.
import { html } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { open } from "./sheet.js";
import * as store from "./store.js";
import { clock, since, span } from "./time.js";
import { tonight } from "./tonight.js";
import { CHANNEL_ICON, counted, PERSON } from "./words.js";

/** Queues that rest, for all to see. */
export function Pauses() {
  const resting = (store.desk.value?.hubs ?? []).filter((hub) => hub.paused_until);
  if (!resting.length) return null;
  return html`<ul class="pauses" aria-label="Queues paused">${resting.map((hub) => html`<li key=${hub.key}><${Icon} name="pause" /><span><b>${hub.name} is paused</b> until ${clock(String(hub.paused_until), store.zone.value)} (${hub.paused}).</span></li>`)}</ul>`;
}

/** Promises that are open, and what a lead has still to see. */
export function Owed() {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  if (!desk.promises && !desk.notices) return null;
  return html`<section class="owed" aria-label="Owed">
    ${desk.promises > 0 && html`<a href="/console/promises" target="frontdoor-contacts"><${Icon} name="call" />${counted(desk.promises, "call-back", "call-backs")} promised${desk.promises_late > 0 && html`<span class="chip danger">${desk.promises_late} late</span>`}</a>`}
    ${desk.notices > 0 && html`<a href="/console/promises#notices" target="frontdoor-contacts"><${Icon} name="eye" />${counted(desk.notices, "thing", "things")} for a lead to see</a>`}
  </section>`;
}

/** Which kinds of contact would find nobody tonight, or nobody trained, and what closes it. */
export function Tonight() {
  const gaps = tonight.value;
  if (!gaps || !store.desk.value?.you.lead) return null;
  const nobody = gaps.some((gap) => gap.nobody);
  const words = nobody ? "Tonight would leave gaps" : gaps.length ? "Tonight everyone finds somebody" : "Tonight is covered";
  if (!gaps.length) return html`<p class="tonight"><${Icon} name="tick" />${words}.</p>`;
  return html`<details class=${nobody ? "crew tonight gap" : "crew tonight"}><summary><span><${Icon} name=${nobody ? "warn" : "tick"} />${words}</span>${nobody && html`<span class="meta">${counted(gaps.filter((gap) => gap.nobody).length, "gap", "gaps")}</span>`}</summary>
    <ul>${gaps.map((gap) => html`<li key=${gap.when + gap.who}><b>${gap.when}: ${gap.who}</b><span>${gap.goes}</span><span>${gap.needs}</span></li>`)}</ul>
    <p><a href="/console/rota" target="frontdoor-contacts">Open the rota</a></p></details>`;
}

export function Crew() {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  if (!desk.you.lead) return null;
  const paused = desk.hubs.filter((hub) => hub.paused_until).length;
  const hubs = desk.hubs.filter((hub) => hub.lead);
  return html`<details class="crew"><summary><span>The floor</span><span class="meta">${desk.floor.length} with colleagues, ${desk.colleagues.length} on duty${paused ? `, ${paused} paused` : ""}</span></summary>
    <h3 id="held-h">With colleagues</h3>${desk.floor.length
      ? html`<ul class="list" aria-labelledby="held-h">${desk.floor.map((one) => html`<li key=${one.contact}><button type="button" class="item" onClick=${() => open("held", one.contact)}><${Icon} name=${CHANNEL_ICON[one.channel]} /><b>${one.owner}</b><span>${one.hub_name}. ${one.need_words || "Not asked yet"}</span><time datetime=${one.since}>${span(since(one.since, store.now.value))}</time><em>${one.joined ? "you joined" : one.visitor === "here" ? "" : PERSON[one.visitor] ?? one.visitor}</em></button></li>`)}</ul>`
      : html`<p class="nobody">Nobody is with a colleague.</p>`}
    <h3 id="duty-h">On duty</h3>${desk.colleagues.length
      ? html`<ul class="list" aria-labelledby="duty-h">${desk.colleagues.map((one) => html`<li key=${one.staff}><button type="button" class="item" disabled=${!one.lead} onClick=${() => open("seat", one.staff)}><${Icon} name="person" /><b>${one.first}</b><span>${one.hub_name}. ${one.words}</span></button></li>`)}</ul>`
      : html`<p class="nobody">You are the only one on duty.</p>`}
    ${hubs.length > 0 && html`<h3 id="hubs-h">Queues</h3><ul class="list" aria-labelledby="hubs-h">${hubs.map((hub) => html`<li key=${hub.key}><button type="button" class="item" onClick=${() => open("hub", hub.key)}><${Icon} name=${hub.paused_until ? "pause" : "list"} /><b>${hub.name}</b><span>${hub.paused_until ? `Paused until ${clock(hub.paused_until, store.zone.value)}` : "Open"}</span></button></li>`)}</ul>`}
  </details>`;
}
