// The floor, for a lead: what colleagues hold, who is on duty, which queues rest.
import { html, useSignal } from "/vendor/ui.js";
import { choose } from "./acts.js";
import { join, pause, setAway, takeOver, unpause } from "./around.js";
import { Icon } from "./icons.js";
import { listen } from "./phone-acts.js";
import { open } from "./sheet.js";
import * as store from "./store.js";
import { clock, since, span } from "./time.js";
import { MovedOn, Why } from "./waits.js";
import { CHANNEL, CHANNEL_ICON, PERSON } from "./words.js";

/** @type {[string, string][]} */
const PAUSES = [["staff", "Too few people"], ["incident", "An incident"], ["systems", "A fault"], ["training", "Training"], ["other", "Another reason"]];

/** @type {[number, string][]} */
const LENGTHS = [[15, "15 minutes"], [30, "30 minutes"], [60, "1 hour"], [120, "2 hours"], [480, "8 hours"]];

/** @param {{ kind: string, id: string, close: () => void }} props */
export function Floor({ kind, id, close }) {
  if (kind === "held") return html`<${HeldSheet} id=${id} close=${close} />`;
  if (kind === "seat") return html`<${SeatSheet} id=${id} close=${close} />`;
  return html`<${HubSheet} id=${id} close=${close} />`;
}

/** @param {{ id: string, close: () => void }} props */
function HeldSheet({ id, close }) {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const one = desk.floor.find((each) => each.contact === id);
  if (!one) return html`<${MovedOn} close=${close} />`;
  const off = !store.live.value;
  const call = one.channel === "voice";
  const enter = async () => {
    const answer = await (call ? listen(one, "join") : join(one));
    if (answer.t !== "done") return;
    choose(one.contact);
    close();
  };
  const take = async () => {
    if ((await takeOver(one)).t === "done") close();
  };
  return html`<h2 id="sheet-h"><${Icon} name=${CHANNEL_ICON[one.channel]} /> ${CHANNEL[one.channel]} with ${one.owner}</h2>
    <dl class="needs"><dt>Since</dt><dd>${span(since(one.since, store.now.value))}</dd><dt>Hub</dt><dd>${one.hub_name}</dd><dt>Need</dt><dd>${one.need_words || "Not asked yet"}</dd><dt>Person</dt><dd>${PERSON[one.visitor] ?? one.visitor}</dd></dl>
    ${call ? html`<p>Your phone rings, and the caller hears your name. It stands in the record.</p>` : html`<p>The person reads “${desk.you.first} joined.”, or that you took over. Each look is in the trail.</p>`}
    <div class="acts"><button type="button" class="btn go" autofocus disabled=${off || one.joined || (call && store.asking.value.has(`listen ${one.contact}`))} onClick=${enter}>${one.joined ? "You have joined" : call ? "Join the call" : "Join"}</button>${!call && html`<button type="button" class="btn" disabled=${off || !desk.you.on_duty} onClick=${take}>Take over from ${one.owner}</button>`}<button type="button" class="btn bare" onClick=${close}>Close</button></div>
    ${!call && !desk.you.on_duty && html`<p class="soft">To take over, go on duty first.</p>`}
    <div class="lead-part"><div class="acts"><button type="button" class="btn small" onClick=${() => open("need", id)}>Change the need</button><button type="button" class="btn small" onClick=${() => open("apart", id)}>Must not meet</button></div><${Why} id=${id} /></div>`;
}

/** @param {{ id: string, close: () => void }} props */
function SeatSheet({ id, close }) {
  const one = store.desk.value?.colleagues.find((each) => each.staff === id);
  if (!one) return html`<${MovedOn} close=${close} />`;
  const set = async () => {
    if ((await setAway(id, !one.away)).t === "done") close();
  };
  return html`<h2 id="sheet-h">${one.first}, ${one.hub_name}</h2><p>${one.words}</p>
    <p class="soft">${one.away ? `${one.first} is set away.` : `Set away, ${one.first} gets no offers till they press Back.`} What they hold stays with them.</p>
    <div class="acts"><button type="button" class="btn go" autofocus disabled=${!store.live.value || !one.lead} onClick=${set}>${one.away ? `Set ${one.first} back` : `Set ${one.first} away`}</button><button type="button" class="btn" onClick=${close}>Close</button></div>`;
}

/** @param {{ id: string, close: () => void }} props */
function HubSheet({ id, close }) {
  const one = store.desk.value?.hubs.find((each) => each.key === id);
  const reason = useSignal("staff");
  const minutes = useSignal(30);
  if (!one) return html`<${MovedOn} close=${close} />`;
  const off = !store.live.value || store.asking.value.has(`hub ${id}`);
  if (one.paused_until) {
    const open = async () => {
      if ((await unpause(id)).t === "done") close();
    };
    return html`<h2 id="sheet-h">${one.name}: queue paused</h2><p>Until ${clock(one.paused_until, store.zone.value)} (${one.paused}).</p>
      <div class="acts"><button type="button" class="btn go" autofocus disabled=${off || !one.lead} onClick=${open}>Open it again</button><button type="button" class="btn" onClick=${close}>Close</button></div>`;
  }
  const stop = async () => {
    if ((await pause(id, reason.value, minutes.value)).t === "done") close();
  };
  return html`<h2 id="sheet-h">Pause the queue of ${one.name}</h2><p>Nobody there is asked. Who waits is asked for elsewhere at once. It ends by itself.</p>
    <fieldset class="types"><legend class="label">Why</legend><div>${PAUSES.map(([value, words], at) => html`<label key=${value} class=${reason.value === value ? "on" : ""}><input type="radio" name="pause" autofocus=${at === 0} value=${value} checked=${reason.value === value} onChange=${() => { reason.value = value; }} />${words}</label>`)}</div></fieldset>
    <div class="field"><label for="pause-for">For</label><select class="input" id="pause-for" value=${String(minutes.value)} onChange=${(/** @type {Event} */ event) => { minutes.value = Number(/** @type {HTMLSelectElement} */ (event.target).value); }}>${LENGTHS.map(([value, words]) => html`<option key=${value} value=${String(value)} selected=${value === minutes.value}>${words}</option>`)}</select></div>
    <div class="acts"><button type="button" class="btn go" disabled=${off || !one.lead} onClick=${stop}>Pause it</button><button type="button" class="btn" onClick=${close}>Close</button></div>`;
}
