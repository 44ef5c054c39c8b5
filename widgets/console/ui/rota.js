// The rota: tonight's gaps on top, the week below, the picked shift beside it.
import { html, render } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { Grid } from "./rota-grid.js";
import { Side } from "./rota-side.js";
import { clash, editing, every, insist, look, said, week } from "./rota-state.js";

/** @typedef {import("./rota-state.js").Gap} Gap */

const SCOPES = ["This day only", "Each week from here", "Every second week"];
const NEWS = 20_000;

function Page() {
  const shown = week.value;
  if (!shown) return null;
  return html`<div class="bar"><h1>${shown.title}</h1>
      <span class="turn"><a class="btn small square" href=${`?week=${shown.before}`} onClick=${turn(shown.before)} aria-label="Week before"><${Icon} name="newer" /></a>
      <a class="btn small square" href=${`?week=${shown.after}`} onClick=${turn(shown.after)} aria-label="Week after"><${Icon} name="older" /></a></span>
      ${shown.lead && html`<fieldset class="scope"><legend class="sr">What you write is for</legend>${SCOPES.map((words, at) => html`<label key=${words}><input type="radio" name="every" checked=${every.value === at} onChange=${() => { every.value = at; }} />${words}</label>`)}</fieldset>`}
      <span class=${said.value.bad ? "said chip danger" : "said meta"}>${said.value.words}</span></div>
    ${clash.value && html`<div class="clash" role="alert"><p><b>Two of you wrote at once.</b> ${clash.value.row.name}, ${clash.value.day.long}: theirs stands. Yours was ${clash.value.hours.map((each) => each.join("–")).join(" and ") || "no shift"}.</p><div class="acts"><button type="button" class="btn small" onClick=${insist}>Write mine over it</button><button type="button" class="btn small go" onClick=${() => { clash.value = null; }}>Leave theirs</button></div></div>`}
    ${shown.lead && html`<${Tonight} gaps=${shown.tonight} />`}
    <div class="cols"><div class="week"><${Grid} /><${Key} /></div><${Side} /></div>`;
}

/** @param {{ gaps: Gap[] }} props */
function Tonight({ gaps }) {
  return html`<section class=${gaps.length ? "tonight gap" : "tonight"} id="tonight" aria-labelledby="tonight-h"><h2 id="tonight-h"><${Icon} name=${gaps.length ? "warn" : "tick"} />${heading(gaps)}</h2>
    ${gaps.length ? html`<ul>${gaps.map((gap) => html`<li key=${gap.when + gap.who} class=${gap.nobody ? "nobody" : ""}><b>${gap.when}: ${gap.who}</b> <span>${gap.goes}</span> <span class="closes">${gap.needs}</span></li>`)}</ul>` : html`<p class="soft">Every kind of contact would find somebody, 19:00 to 08:00.</p>`}</section>`;
}

/** Second best is said under a milder title. @param {Gap[]} gaps */
function heading(gaps) {
  if (gaps.some((gap) => gap.nobody)) return "Tonight would leave gaps";
  return gaps.length ? "Tonight everyone finds somebody" : "Tonight is covered";
}

function Key() {
  return html`<div class="key"><span><i class="sh"></i>Day</span><span><i class="sh night"></i>Night</span><span><i class="sh date"></i>This date alone</span><span><i class="sh swap"></i>Taken over</span><span><i class="sh call"></i>On call</span>${week.value?.lead && html`<span><i class="hole nobody"></i>Nobody</span><span><i class="hole"></i>Nobody trained</span>`}
    ${week.value?.lead && html`<span class="keys"><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> move <kbd>Enter</kbd> write <kbd>Del</kbd> take away <kbd>Esc</kbd> put back</span>`}</div>`;
}

/** @param {string} monday */
function turn(monday) {
  return (/** @type {Event} */ event) => {
    event.preventDefault();
    history.replaceState(null, "", `?week=${monday}`);
    look(monday);
  };
}

const place = document.getElementById("rota");
const told = document.getElementById("week")?.textContent;
if (place && told) {
  week.value = JSON.parse(told);
  place.replaceChildren();
  render(html`<${Page} />`, place);
  // Another lead may write too: their words are shown, and the number keeps both from being lost.
  setInterval(() => { if (!document.hidden && !editing.value) look(); }, NEWS);
}
