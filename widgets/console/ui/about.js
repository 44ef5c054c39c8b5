// Right: what is known of this person tonight. The order never changes; unknown is said, not left blank.
import { html } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { open } from "./sheet.js";
import * as store from "./store.js";
import { clock } from "./time.js";

/** @param {string} words */
function known(words) {
  return words ? html`<bdi>${words}</bdi>` : html`<span class="unknown">Not asked yet</span>`;
}

export function About() {
  const one = store.current.value;
  if (!one) return html`<section class="about none" aria-label="About this person"><p class="soft">Nobody is with you. What is known of a person stands here.</p></section>`;
  const { need } = one;
  return html`<section class="about" aria-label="About this person" tabindex="-1" data-region>
    <section aria-labelledby="safe-h"><h2 id="safe-h">Safe contact <span class="meta">nothing known: all no</span></h2>
      <table class="ledger"><caption class="sr">What is safe</caption><tbody>${["Call", "Text", "Voicemail"].map((way) => html`<tr key=${way}><th scope="row">${way}</th><td><span class="nope"><${Icon} name="cross" />No</span></td><td>Not asked yet</td></tr>`)}</tbody></table>
      <p class="refused calm"><${Icon} name="shield" /><b>Nothing known: all no.</b><span>Ask before you ring.</span></p></section>
    <section aria-labelledby="need-h"><h2 id="need-h">Need</h2><dl class="needs">
      <dt>About</dt><dd>${known(need.crime)}</dd><dt>Person</dt><dd>${known(need.age)}</dd><dt>Language</dt><dd>${known(need.language)}</dd><dt>Access</dt><dd>${known(need.access)}</dd>${need.gender && html`<dt>Worker</dt><dd>${need.gender}</dd>`}${need.urgency && html`<dt>Urgency</dt><dd>${need.urgency}</dd>`}${one.lead_worker && html`<dt>Lead worker</dt><dd>${one.lead_worker}</dd>`}</dl>
      ${one.state === "active" && !one.owner && html`<div class="need-acts"><button type="button" class="btn small" disabled=${!store.live.value} onClick=${() => open("need", one.contact)}>Change <kbd>Alt N</kbd></button><button type="button" class="btn small" disabled=${!store.live.value} onClick=${() => open("apart", one.contact)}>Must not meet <kbd>Alt M</kbd></button></div>`}</section>
    <section aria-labelledby="where-h"><h2 id="where-h">Where</h2><dl class="needs">
      <dt>Hub</dt><dd>${one.hub_name}</dd><dt>Area</dt><dd>${known(need.area)}</dd><dt>Found by</dt><dd>${known(one.area_found)}</dd>${one.number && html`<dt>Number</dt><dd>${one.number}</dd>`}</dl></section>
    <section aria-labelledby="asked-h"><h2 id="asked-h">Offers so far</h2>${one.asked.length
      ? html`<ol class="needs">${one.asked.map((each) => html`<li key=${each.at + each.first}><time class="num">${clock(each.at, store.zone.value)}</time><span>${each.first}: ${each.answer}</span></li>`)}</ol>`
      : html`<p class="soft small">Nobody else was asked.</p>`}</section>
  </section>`;
}
