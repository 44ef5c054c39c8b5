// Two who must not meet. One press passes the person on; nobody is asked why, and they never read it.
import { html, useSignal } from "/vendor/ui.js";
import { announce } from "./announce.js";
import { confirm } from "./dialog.js";
import { Icon } from "./icons.js";
import { tell } from "./line.js";
import { Looking, look, useNeeded } from "./need.js";
import * as store from "./store.js";
import { clock } from "./time.js";

/** @param {import("./frames.js").Offer} offer */
export async function knowThem(offer) {
  const sure = await confirm({
    title: "Do you know this person?",
    words: "Then you must not meet here. A colleague is asked at once, and you are not asked again. Nobody asks you why.",
    yes: "I know them: pass it on",
    no: "Back to the offer",
  });
  if (!sure) return;
  store.answered.add(`${offer.contact}/${offer.offer_no}`);
  const answer = await tell("offer", { t: "apart", contact: offer.contact, offer_no: offer.offer_no });
  if (answer.t === "done") store.notice("Passed on. You are not asked for them again.");
}

/** @param {import("./frames.js").WithYou} one */
export async function stepBack(one) {
  const call = one.channel === "voice";
  const sure = await confirm({
    title: "Must you not meet them?",
    words: call
      ? "The call stays with you till it ends. After that you are not asked for them again."
      : "They are first in line for a colleague at once. They read that a colleague comes, and never why.",
    yes: call ? "Never again after this call" : "Pass them on",
    no: "Stay with them",
    keep: true,
  });
  if (!sure) return;
  if (!call) store.given.add(one.contact);
  const answer = await tell(`apart ${one.contact}`, { t: "apart", contact: one.contact, assignment_no: one.assignment_no });
  if (answer.t !== "done") {
    store.given.delete(one.contact);
    return;
  }
  store.notice(call ? "Kept. You are not asked for them again." : "Passed on. They are first in line for a colleague.");
}

/** Who must not meet them, and a hub that is not asked. @param {{ id: string, close: () => void }} props */
export function ApartSheet({ id, close }) {
  const told = useNeeded(id, "apart-hub");
  const hub = useSignal("");
  const why = useSignal("");
  if (!told) return html`<${Looking} title="Must not meet" close=${close} />`;
  const waits = !store.live.value || store.asking.value.has(`apart ${id}`);
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const mine = store.withYou.value.find((one) => one.contact === id && !one.owner && one.state === "active");
  const bar = async () => {
    const answer = await tell(`apart ${id}`, { t: "apart_hub", contact: id, hub: hub.value, why: why.value.trim() });
    if (answer.t !== "done") return;
    announce("Kept. Nobody there is asked.");
    hub.value = "";
    why.value = "";
    look(id);
  };
  /** @param {import("./frames.js").KeptApart} one */
  const together = async (one) => {
    const answer = await tell(`apart ${id}`, { t: "together", conflict: one.id });
    if (answer.t !== "done") return;
    announce(`${one.words} may be asked again.`);
    look(id);
  };
  const self = () => {
    close();
    if (mine) stepBack(mine);
  };
  return html`<h2 id="sheet-h">Must not meet</h2>
    ${told.apart.length ? html`<ul class="apart">${told.apart.map((one) => html`<li key=${one.id}><span><b>${one.words}</b> <span class="soft">said by ${one.said_by}, ${clock(one.at, store.zone.value)}</span></span>${told.leads && html`<button type="button" class="btn small" disabled=${waits} aria-label=${`Let them meet: ${one.words}`} onClick=${() => together(one)}>Let them meet</button>`}</li>`)}</ul>` : html`<p class="soft">Nobody is kept away from this person.</p>`}
    ${mine && html`<button type="button" class="btn" disabled=${waits} onClick=${self}>I must not meet them</button>`}
    <div class="lead-part"><h3>A whole hub</h3>
      <div class="field"><label for="apart-hub">Nobody is asked at</label><select class="input" id="apart-hub" onChange=${(/** @type {Event} */ event) => { hub.value = /** @type {HTMLSelectElement} */ (event.target).value; }}><option value="" selected=${!hub.value}>Choose a hub</option>${desk.hubs.map((each) => html`<option key=${each.key} value=${each.key} selected=${hub.value === each.key}>${each.name}</option>`)}</select></div>
      <div class="field"><label for="apart-why">Why, if it must be written</label><textarea class="input" id="apart-why" rows="2" dir="auto" maxlength="500" aria-describedby="apart-who" value=${why.value} onInput=${(/** @type {Event} */ event) => { why.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea><span class="meta" id="apart-who"><${Icon} name="lock" /> Only you can read this.</span></div></div>
    <div class="acts"><button type="button" class="btn go" disabled=${waits || !hub.value} onClick=${bar}>Keep this hub away</button><button type="button" class="btn" onClick=${close}>Close</button></div>`;
}
