// The week grid: people and days. Arrows move, Enter edits, Delete takes away; a night is drawn
// over midnight into the next day.
import { html, useEffect, useLayoutEffect, useRef } from "/vendor/ui.js";
import { barsOf, editing, every, hoursOf, keep, picked, rows, say, spoken, week, written } from "./rota-state.js";

/** @typedef {import("./rota-state.js").Bar} Bar @typedef {import("./rota-state.js").Row} Row @typedef {import("./rota-state.js").Day} Day @typedef {import("./rota-state.js").Gap} Gap */

const A_DAY = 24 * 60;

export function Grid() {
  const shown = week.value;
  if (!shown) return null;
  return html`<div class="plan"><div class="in" role="grid" aria-label="Shifts of the week, local time" aria-readonly=${!shown.lead} onKeyDown=${keyed}>
    <div class="r head" role="row"><span class="lab meta" role="columnheader">Local time</span><div class="lane" role="presentation">${shown.days.map((day) => html`<b key=${day.date} role="columnheader" class=${day.today ? "today" : ""}>${day.name}${day.bank && html` <small>bank holiday</small>`}</b>`)}</div></div>
    ${shown.hubs.map((hub) => html`<div class="r grp" role="row" key=${hub.key}><span class="lab" role="rowheader">${hub.name}</span></div>
      ${hub.rows.map((row) => html`<${Person} key=${row.id} row=${row} />`)}`)}
    ${shown.tiers.length > 0 && html`<div class="r grp" role="row"><span class="lab" role="rowheader">Phones on call</span></div>
      ${shown.tiers.map((tier) => html`<${Lane} key=${`${tier.tier}${tier.id}`} label=${`${tier.tier}. ${tier.name}`} bars=${tier.bars} kind="call" />`)}`}
    ${shown.lead && html`<${Holes} gaps=${shown.holes} />`}
  </div></div>`;
}

/** @param {{ row: Row }} props */
function Person({ row }) {
  return html`<div class="r" role="row"><span class="lab" role="rowheader"><span>${row.name}</span><small>${row.marks}</small></span>
    <div class="lane" role="presentation">${week.value?.days.map((day, at) => html`<${Cell} key=${day.date} row=${row} day=${day} at=${at} />`)}</div></div>`;
}

/** @param {{ row: Row, day: Day, at: number }} props */
function Cell({ row, day, at }) {
  const here = picked.value?.staff === row.id && picked.value.day === at;
  const first = !picked.value && rows.value[0]?.id === row.id && at === 0;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const open = here && editing.value && row.mine;
  const bars = barsOf(row, at);
  const over = at === 0 ? barsOf(row, -1) : [];
  useEffect(() => {
    if (here && !editing.value && document.activeElement?.getAttribute("role") !== "button") box.current?.focus();
  }, [here, Boolean(editing.value)]);
  return html`<div class=${`cell${here ? " sel" : ""}${day.today ? " today" : ""}`} role="gridcell" ref=${box} tabindex=${here || first ? 0 : -1} aria-selected=${here}
      aria-label=${`${row.name}, ${day.long}, ${spoken(bars)}`} onClick=${() => pick(row.id, at)} onDblClick=${() => row.mine && begin(written(bars))} onFocus=${() => { if (!here && !editing.value) pick(row.id, at); }}>
    ${over.map((bar) => html`<${Drawn} bar=${bar} kind="" />`)}
    ${open ? html`<${Editor} row=${row} day=${day} at=${at} />` : bars.map((bar) => html`<${Drawn} bar=${bar} kind="" />`)}
  </div>`;
}

/** @param {{ bar: Bar, kind: string }} props */
function Drawn({ bar, kind }) {
  const [from, to] = [minutes(bar.start), minutes(bar.end)];
  const until = to > from ? to : to + A_DAY;
  const left = bar.day < 0 ? from - A_DAY : from;
  const night = from >= 18 * 60 || (to <= from && to > 0 && to !== from);
  const place = { insetInlineStart: `${(left / A_DAY) * 100}%`, inlineSize: `${((until - from) / A_DAY) * 100}%` };
  const label = bar.day < 0 ? "" : (from === to ? "all day" : `${short(bar.start)}–${short(bar.end)}`);
  return html`<span class=${`sh ${kind || (night ? "night" : "")} ${bar.by}`} style=${place} aria-hidden="true">${label}</span>`;
}

/** @param {{ row: Row, day: Day, at: number }} props */
function Editor({ row, day, at }) {
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => { box.current?.focus(); box.current?.setSelectionRange(99, 99); }, []);
  /** @param {KeyboardEvent} event */
  function typed(event) {
    if (event.key === "Escape") editing.value = null;
    else if (event.key === "Enter" || event.key === "Tab") done();
    else { event.stopPropagation(); return; }
    event.preventDefault();
    event.stopPropagation();
  }
  function done() {
    if (!editing.value) return;
    const hours = hoursOf(editing.value.text);
    if (!hours) {
      say("Write the hours as in 22:00-08:00, or nothing for no shift.", true);
      return;
    }
    editing.value = null;
    if (hours.map((each) => each.join("-")).join(", ") !== written(barsOf(row, at)) || every.value) keep({ row, day, at, hours, every: every.value });
  }
  return html`<input class="typed" ref=${box} value=${editing.value?.text} aria-label=${`Hours of ${row.name}, ${day.long}, as in 22:00-08:00`} autocomplete="off" spellcheck=${false}
    onInput=${(/** @type {Event} */ event) => { editing.value = { text: /** @type {HTMLInputElement} */ (event.target).value }; }} onKeyDown=${typed} onBlur=${() => { editing.value = null; }} />`;
}

/** @param {{ label: string, bars: Bar[], kind: string }} props */
function Lane({ label, bars, kind }) {
  return html`<div class="r" role="row"><span class="lab" role="rowheader"><span>${label}</span></span><div class="lane" role="presentation">${week.value?.days.map((day, at) => html`<div class="cell still" role="gridcell" key=${day.date} aria-label=${`${label}, ${day.long}, ${spoken(bars.filter((bar) => bar.day === at))}`}>
    ${bars.filter((bar) => bar.day === at || (at === 0 && bar.day < 0)).map((bar) => html`<${Drawn} bar=${bar} kind=${kind} />`)}</div>`)}</div></div>`;
}

/** @param {{ gaps: Gap[] }} props */
function Holes({ gaps }) {
  const named = [...new Set(gaps.map((gap) => gap.who))].slice(0, 8);
  return html`<div class="r grp" role="row"><span class="lab" role="rowheader">${named.length ? "Who would find nobody, or nobody trained" : "Every kind of contact finds somebody this week"}</span></div>
    ${named.map((who) => html`<div class="r" role="row" key=${who}><span class="lab hole" role="rowheader" title=${who}>${who}</span><div class="lane" role="presentation"><div class="whole" role="gridcell" aria-label=${`${who}: ${gaps.filter((gap) => gap.who === who).map((gap) => gap.when).join("; ")}`}>
      ${gaps.filter((gap) => gap.who === who).map((gap) => html`<span class=${gap.nobody ? "hole nobody" : "hole"} style=${span(gap)} aria-hidden="true"></span>`)}</div></div></div>`)}`;
}

/** @param {Gap} gap */
function span(gap) {
  const monday = Date.parse(`${week.value?.monday}T00:00Z`);
  const [from, to] = [gap.start, gap.end].map((at) => (Date.parse(`${at}Z`) - monday) / 60000 / (7 * A_DAY));
  return { insetInlineStart: `${from * 100}%`, inlineSize: `${(to - from) * 100}%` };
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  const at = picked.value;
  if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
  const number = rows.value.findIndex((row) => row.id === at.staff);
  const row = rows.value[number];
  if (!row) return;
  const moves = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -at.day], End: [0, 6 - at.day] });
  const move = moves[event.key];
  if (move) {
    const to = rows.value[Math.min(Math.max(number + move[0], 0), rows.value.length - 1)];
    if (to) pick(to.id, Math.min(Math.max(at.day + move[1], 0), 6));
  } else if (event.key === "Enter" || event.key === "F2") {
    if (row.mine) begin(written(barsOf(row, at.day)));
    else document.getElementById("give-to")?.focus();
  } else if (row.mine && /^\d$/.test(event.key)) begin(event.key);
  else if (row.mine && (event.key === "Delete" || event.key === "Backspace")) {
    const day = week.value?.days[at.day];
    if (day && barsOf(row, at.day).length) keep({ row, day, at: at.day, hours: [], every: every.value });
  } else return;
  event.preventDefault();
}

/** @param {string} staff @param {number} day */
function pick(staff, day) {
  if (picked.value?.staff === staff && picked.value.day === day) return;
  editing.value = null;
  picked.value = { staff, day };
}

/** @param {string} text */
export function begin(text) {
  editing.value = { text };
}

/** @param {string} clock */
function minutes(clock) {
  const [hour, minute] = clock.split(":").map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

/** @param {string} clock */
function short(clock) {
  return clock.endsWith(":00") ? clock.slice(0, 2) : clock;
}
