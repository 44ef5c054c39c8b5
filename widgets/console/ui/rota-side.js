// Beside the grid: the shift that is picked, swaps, and whose phone is on call.
import { html, useState } from "/vendor/ui.js";
import { begin } from "./rota-grid.js";
import { barsOf, every, giveAway, keep, picked, pickedRow, press, spoken, week, written } from "./rota-state.js";

/** @typedef {import("./rota-state.js").Tier} Tier */

export function Side() {
  const shown = week.value;
  if (!shown) return null;
  return html`<aside class="side" aria-label="Beside the week"><${Picked} />
    ${shown.swaps.length > 0 && html`<section class="panel"><h2>Swaps</h2><ul class="swaps">${shown.swaps.map((swap) => html`<li key=${swap.id}><p>${swap.words}</p><div class="acts">
      ${swap.may_answer && html`<button type="button" class="btn small go" onClick=${() => answer(swap.id, "yes", "The shift is yours.")}>I take it</button><button type="button" class="btn small" onClick=${() => answer(swap.id, "no", "You said no.")}>No</button>`}
      ${swap.may_undo && html`<button type="button" class="btn small" onClick=${() => answer(swap.id, "undo", "Undone.")}>Undo<span class="sr">: ${swap.words}</span></button>`}</div></li>`)}</ul></section>`}
    ${shown.lead && html`<section class="panel"><h2>Phones on call</h2><p class="soft">Rung in this order. Write weekly hours, as in daily 20:00-08:00.</p>${shown.tiers.map((tier) => html`<${OnCall} key=${`${tier.tier}${tier.id}${tier.rules}`} tier=${tier} />`)}<${NewOnCall} /></section>`}
  </aside>`;
}

/** @param {string} id @param {string} said @param {string} done */
function answer(id, said, done) {
  press(`/console/rota/swaps/${id}`, { answer: said }, done);
}

function Picked() {
  const row = pickedRow.value;
  const day = picked.value && week.value?.days[picked.value.day];
  if (!row || !day || !picked.value) return html`<section class="panel pick"><h2>${week.value?.lead ? "Pick a shift" : "Your shifts"}</h2><p class="soft">Choose a day in the grid. Arrows move, Enter ${week.value?.lead ? "writes" : "opens it"}.</p></section>`;
  const at = picked.value.day;
  const bars = barsOf(row, at);
  const own = row.id === week.value?.you;
  return html`<section class="panel pick" aria-labelledby="pick-h"><h2 id="pick-h">${row.name}, ${day.long}</h2>
    <p><b>${spoken(bars)}</b>${day.bank && html` <span class="chip">Bank holiday</span>`}</p>
    ${bars.map((bar) => html`<p class="soft" key=${bar.start}>${bar.words}</p>`)}
    ${row.about && html`<p class="soft">${row.about}.</p>`}
    ${row.mine && html`<div class="acts"><button type="button" class="btn small" onClick=${() => begin(written(bars))}>Write hours <kbd>Enter</kbd></button>
      ${bars.length > 0 && html`<button type="button" class="btn small stop" onClick=${() => keep({ row, day, at, hours: [], every: every.value })}>Take away</button>`}</div>`}
    ${(own || row.mine) && bars.map((bar) => html`<${GiveTo} key=${`${row.id}${day.date}${bar.start}`} own=${own} start=${bar.start} give=${(/** @type {string} */ taker) => giveAway(row, day, bar.start, taker)} />`)}
  </section>`;
}

/** @param {{ own: boolean, start: string, give: (taker: string) => void }} props */
function GiveTo({ own, start, give }) {
  const [taker, choose] = useState("");
  const label = own ? `Ask somebody to take ${start}` : `Let somebody cover ${start}`;
  return html`<div class="field give"><label for="give-to">${label}</label><select class="input" id="give-to" value=${taker} onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}><option value="">Choose</option>${week.value?.colleagues.filter((one) => one.id !== picked.value?.staff).map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}</select>
    <button type="button" class="btn small" disabled=${!taker} onClick=${() => give(taker)}>${own ? "Ask to swap" : "Set cover"}</button></div>`;
}

/** @param {{ tier: Tier }} props */
function OnCall({ tier }) {
  const [rules, write] = useState(tier.rules);
  const id = `call-${tier.tier}-${tier.id}`;
  return html`<div class="field give"><label for=${id}>${tier.tier}. ${tier.name}</label><input class="input" id=${id} value=${rules} readOnly=${!tier.mine} onInput=${(/** @type {Event} */ event) => write(/** @type {HTMLInputElement} */ (event.target).value)} />
    ${tier.mine && rules !== tier.rules && html`<button type="button" class="btn small go" onClick=${() => onCall(tier.id, tier.version, tier.tier, rules)}>Keep</button>`}</div>`;
}

function NewOnCall() {
  const [who, choose] = useState("");
  const [order, rank] = useState("1");
  const rows = week.value?.hubs.flatMap((hub) => hub.rows).filter((row) => row.mine) ?? [];
  const row = rows.find((each) => each.id === who);
  return html`<details><summary>Add a phone</summary><div class="field give"><label for="new-call">Whose</label><select class="input" id="new-call" value=${who} onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}><option value="">Choose</option>${rows.map((each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}</select>
    <label for="new-rank">Place in the order</label><input class="input" id="new-rank" inputmode="numeric" value=${order} onInput=${(/** @type {Event} */ event) => rank(/** @type {HTMLInputElement} */ (event.target).value)} />
    <button type="button" class="btn small" disabled=${!row || !/^[1-9]$/.test(order)} onClick=${() => row && onCall(row.id, row.version, Number(order), "daily 20:00-08:00")}>Add, 20:00 to 08:00</button></div></details>`;
}

/** @param {string} staff @param {number} version @param {number} tier @param {string} rules */
function onCall(staff, version, tier, rules) {
  press("/console/rota/on-call", { staff, version, tier, rules }, "Kept.");
}
