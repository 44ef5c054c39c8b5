// Left: you and why, the offer, who is with you, who waits.
import { html } from "/vendor/ui.js";
import { choose, duty } from "./acts.js";
import { back } from "./around.js";
import { Crew, Owed, Pauses, Tonight } from "./crew.js";
import { gone } from "./gone.js";
import { Icon } from "./icons.js";
import { OfferCard } from "./offer.js";
import { open } from "./sheet.js";
import * as store from "./store.js";
import { clock, since, span, stopwatch } from "./time.js";
import { SignOut } from "./top.js";
import { nextWords } from "./waits.js";
import { CALL, CHANNEL_ICON, initials, NUDGE, STATE, visitorWords } from "./words.js";

export function Rail() {
  return html`<section class="rail" aria-label="You and the queue" tabindex="-1" data-region>
    <${Presence} /><${AreYouThere} /><${Notices} /><${OfferCard} /><${WithYou} /><${Pauses} /><${Waiting} /><${Owed} /><${Tonight} /><${Crew} />
    <${SignOut} class="leave-desk" button="btn" />
  </section>`;
}

function Presence() {
  const { you } = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const line = store.line.value;
  const gone = line.state !== "live";
  const lamp = gone || you.state === "offline" || you.state === "break" ? " gone-out" : you.state === "available" ? "" : " busy";
  const because = gone
    ? [...you.because.filter((one) => one.ok).slice(0, 2), { ok: false, words: "No offers till back" }]
    : you.because;
  return html`<section aria-label="Your presence"><div class="pres">
    <span class=${you.on_duty ? "who on" : "who away"} aria-hidden="true">${initials(you.name)}</span>
    <div><b><span class=${"live" + lamp} aria-hidden="true"></span>${gone ? "No line" : you.checking ? "No offers" : STATE[you.state]}</b><span class="meta">${you.first}, ${you.hub_name}</span></div>
    ${you.on_duty && you.resting && html`<button type="button" class="btn go small" disabled=${gone || store.asking.value.has("rest")} onClick=${back}>Back</button>`}
    ${you.on_duty && !you.resting && !you.checking && html`<button type="button" class="btn small" disabled=${gone} onClick=${() => open("rest")}><${Icon} name="cup" />Break</button>`}
    ${!you.on_duty && html`<button type="button" class="btn go small narrow" disabled=${gone || store.asking.value.has("duty")} onClick=${() => duty(true)}>Go on duty</button>`}
    ${you.on_duty && you.resting && html`<button type="button" class="btn small off-duty" disabled=${gone || store.asking.value.has("duty")} onClick=${() => duty(false)}>Go off duty</button>`}
    ${because.length > 0 && html`<ul class="because" aria-label="Because">${because.map((one) => html`<li key=${one.words} class=${one.ok ? "" : "no"}><${Icon} name=${one.ok ? "tick" : "cross"} /><span><span class="sr">${one.ok ? "Yes: " : "No: "}</span>${one.words}</span></li>`)}</ul>`}
    ${you.closing && html`<p class="closing"><${Icon} name="clock" />${you.closing}</p>`}
  </div></section>`;
}

/** Two offers went by. Nothing more comes until somebody says they are there. */
function AreYouThere() {
  const { you } = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  if (!you.checking) return null;
  return html`<section class="there" aria-labelledby="there-h"><h2 id="there-h">Are you there?</h2><p>Two offers went by. You get no more until you press.</p>
    <button type="button" class="btn go" disabled=${!store.live.value || store.asking.value.has("rest")} onClick=${back}>I am here <kbd>Alt B</kbd></button></section>`;
}

export function Notices() {
  const all = store.notices.value;
  if (!all.length) return null;
  return html`<ul class="notices" aria-label="What happened">${all.map((one) => html`<li key=${one.id} class=${"notice " + one.tone}><span>${one.words}</span><button type="button" class="btn small square bare" aria-label=${`Put away: ${one.words}`} onClick=${() => store.putAway(one.id)}><${Icon} name="cross" /></button></li>`)}</ul>`;
}

function WithYou() {
  const all = store.withYou.value;
  const { you } = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  if (!all.length) return null;
  return html`<section aria-labelledby="mine-h"><h2 id="mine-h">With you <span class="meta k">${all.length > 1 ? "Alt J, Alt K" : `${you.load} of ${you.capacity} places`}</span></h2>
    <div class="list">${all.map((one) => html`<${Mine} key=${one.contact} one=${one} />`)}</div></section>`;
}

/** @param {{ one: import("./frames.js").WithYou }} props */
function Mine({ one }) {
  const talk = one.conversation ? store.talk(one.conversation) : null;
  const unread = talk?.unread.value ?? 0;
  const last = talk?.messages.value.findLast((each) => each.from !== "line");
  const under = one.state === "wrapping" ? leaving(one) : last ? last.text : one.call ? CALL[one.call.state] : one.need_words;
  const lasted = one.ended_at ? since(one.ended_at, store.now.value) : 0;
  const state = one.state === "wrapping" ? (lasted >= NUDGE ? `wrap-up, ${span(lasted)}` : "wrap-up") : talk?.typing.value ? "writing" : one.call ? callWords(one.call.state) : one.owner ? `with ${one.owner}` : one.handing_to ? `asking ${one.handing_to}` : visitorWords(one, store.now.value);
  return html`<button type="button" class="item" aria-current=${store.chosen.value === one.contact ? "true" : undefined} onClick=${() => choose(one.contact)}>
    <${Icon} name=${CHANNEL_ICON[one.channel]} /><b dir="auto">${one.label}</b><span dir="auto">${under}</span><${Age} at=${one.call?.since ?? one.since} call=${one.channel === "voice"} />
    ${unread > 0 ? html`<span class="new">${unread}<span class="sr"> unread</span></span>` : html`<em>${state}</em>`}
  </button>`;
}

/** @param {import("./frames.js").WithYou} one */
function leaving(one) {
  const how = one.visitor === "ended" ? null : gone(one.visitor);
  return how ? how.head : "Ended. Write down what matters.";
}

/** @param {string} state */
function callWords(state) {
  return { waiting: "about to ring", "ringing you": "rings you", talking: "on a call", "on hold": "on hold", ended: "ended" }[state] ?? state;
}

/** @param {{ at: string, call?: boolean }} props */
export function Age({ at, call = false }) {
  const seconds = since(at, store.now.value);
  return html`<time datetime=${at}>${call ? stopwatch(seconds) : span(seconds)}</time>`;
}

function Waiting() {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const { waiting } = desk;
  if (!waiting.length) {
    const last = desk.last_contact_at ? ` Last contact ${clock(desk.last_contact_at, store.zone.value)}.` : "";
    return html`<section aria-labelledby="wait-h"><h2 id="wait-h">Waiting</h2><p class="nobody">Nobody waits.${last}</p></section>`;
  }
  return html`<section aria-labelledby="wait-h"><h2 id="wait-h">Waiting, ${waiting.length} ${store.live.value ? html`<span class="meta">longest <${Longest} /></span>` : html`<span class="meta">as it was</span>`}</h2>
    <ul class="list">${waiting.map((one) => html`<${Someone} key=${one.contact} one=${one} />`)}</ul></section>`;
}

function Longest() {
  const { waiting } = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const at = waiting.reduce((first, one) => (one.since < first ? one.since : first), waiting[0].since);
  return html`${span(since(at, store.now.value))}`;
}

/** @param {{ one: import("./frames.js").Waiting }} props */
function Someone({ one }) {
  return html`<li><button type="button" class=${one.late ? "item late" : "item"} aria-haspopup="dialog" onClick=${() => open("waits", one.contact)}>
    <${Icon} name=${CHANNEL_ICON[one.channel]} /><b>${one.front ? "First: " : ""}${one.hub_name}</b><span>${[one.need_words, one.rung_words].filter(Boolean).join(". ")}</span><${Age} at=${one.since} /><em>${nextWords(one)}</em>
  </button></li>`;
}
