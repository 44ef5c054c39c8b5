// Sheets of a call: add a person, hand it over, see who is on the line, end it.
import { html, useSignal } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { OnTheLine } from "./on-line.js";
import { addParty, changeLeg, endCall, mine, transfer, waits } from "./phone-acts.js";
import * as store from "./store.js";
import { MovedOn } from "./waits.js";

/** @type {[string, string][]} */
const GENDERS = [["", "No wish"], ["woman", "A woman"], ["man", "A man"]];

/** The call this sheet is about, while it is yours. @param {string} id */
function callOf(id) {
  const one = store.withYou.value.find((each) => each.contact === id);
  return one?.call && one.call.state !== "ended" ? one : null;
}

/** @param {Event} event */
function typed(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}

/** One of several ways, as radios. @param {{ label: string, name: string, ways: { key: string, first: string, words: string, may?: boolean }[], to: import("/vendor/ui.js").Signal<string>, why: string }} props */
function Ways({ label, name, ways, to, why }) {
  return html`<fieldset class=${why ? "ways bad" : "ways"} aria-describedby=${why ? "way-why" : undefined}><legend class="label">${label}</legend>
    ${why && html`<span class="why" id="way-why"><${Icon} name="warn" />${why}</span>`}
    <div>${ways.map((way, at) => html`<label key=${way.key} class=${to.value === way.key ? "on" : ""}><input type="radio" name=${name} value=${way.key} autofocus=${at === 0} disabled=${way.may === false} checked=${to.value === way.key} onChange=${() => { to.value = way.key; }} /><span><b>${way.first}</b><span class="soft">${way.words}</span></span></label>`)}</div></fieldset>`;
}

/** @param {{ id: string, close: () => void }} props */
export function AddPerson({ id, close }) {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const one = callOf(id);
  const to = useSignal("");
  const number = useSignal("");
  const gender = useSignal("");
  const told = useSignal(false);
  const why = useSignal("");
  if (!one || !mine(one)) return html`<${MovedOn} close=${close} />`;
  const { interpreters, forces } = desk.helpers;
  const ways = [
    ...interpreters.map((each) => ({ key: `interpreter ${each.key}`, first: each.name, words: "A trained interpreter. Never somebody from the family." })),
    ...forces.map((each) => ({ key: `police ${each.key}`, first: each.name, words: "Their control room. In danger now, they dial 999." })),
    ...desk.hubs.map((each) => ({ key: `hub ${each.key}`, first: each.name, words: "Whoever is on call there" })),
    { key: "number ", first: "Another number", words: "Somebody the caller asked for" },
  ];
  const [kind, key] = to.value.split(" ");
  const add = async () => {
    why.value = !to.value ? "Choose who is to come." : kind === "number" && !number.value.trim() ? "Write the number." : !told.value ? "Tell the caller first, then tick it." : "";
    if (why.value) return;
    const answer = await addParty(one, { kind, to: kind === "number" ? number.value.trim() : key, gender: kind === "interpreter" ? gender.value : "" });
    if (answer.t === "done") close();
    else why.value = answer.words;
  };
  return html`<h2 id="sheet-h">Add a person to the call</h2>
    <p>Everyone is named to the caller. You can let them go again.</p>
    <${Ways} label="Who" name="party" ways=${ways} to=${to} why=${why.value} />
    ${kind === "number" && html`<div class="field"><label for="add-number">Number</label><input class="input" id="add-number" type="tel" autocomplete="off" inputmode="tel" value=${number.value} onInput=${(/** @type {Event} */ event) => { number.value = typed(event); }} /></div>`}
    ${kind === "interpreter" && html`<fieldset class="types"><legend class="label">Whom they would rather hear</legend><div>${GENDERS.map(([value, words]) => html`<label key=${value} class=${gender.value === value ? "on" : ""}><input type="radio" name="gender" value=${value} checked=${gender.value === value} onChange=${() => { gender.value = value; }} />${words}</label>`)}</div></fieldset>`}
    <label class="check"><input type="checkbox" checked=${told.value} onChange=${(/** @type {Event} */ event) => { told.value = /** @type {HTMLInputElement} */ (event.target).checked; }} />I told the caller, and they agree</label>
    <div class="acts"><button type="button" class="btn go" disabled=${waits("add", one)} onClick=${add}>Ring them in</button><button type="button" class="btn" onClick=${close}>Close</button></div>`;
}

/** @param {{ id: string, close: () => void }} props */
export function Transfer({ id, close }) {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const one = callOf(id);
  const to = useSignal("");
  const why = useSignal("");
  if (!one || !mine(one)) return html`<${MovedOn} close=${close} />`;
  const ways = [
    ...desk.colleagues.map((each) => ({ key: `staff ${each.staff}`, first: each.first, words: `${each.hub_name}. ${each.words}`, may: each.free > 0 })),
    ...desk.hubs.map((each) => ({ key: `hub ${each.key}`, first: each.name, words: each.paused_until ? `Queue is paused: ${each.paused}` : "First in line in the queue there", may: !each.paused_until })),
  ];
  const [kind, key] = to.value.split(" ");
  /** @param {"begin" | "cold"} how */
  const give = async (how) => {
    why.value = to.value ? "" : "Choose who takes the call.";
    if (why.value) return;
    const answer = await transfer(one, how, { [kind]: key });
    if (answer.t !== "done") {
      why.value = answer.words;
      return;
    }
    if (how === "cold" && kind === "hub") store.given.add(one.contact);
    close();
  };
  const busy = waits("transfer", one);
  return html`<h2 id="sheet-h">Transfer <bdi>${one.label}</bdi></h2>
    <p>Speak to your colleague first. Until it is taken, the call stays with you.</p>
    <${Ways} label="To whom" name="to" ways=${ways} to=${to} why=${why.value} />
    <div class="acts"><button type="button" class="btn go" disabled=${busy} onClick=${() => give("begin")}>Speak to them first</button><button type="button" class="btn" disabled=${busy} onClick=${() => give("cold")}>${kind === "hub" ? "Send it there at once" : "Hand it over at once"}</button><button type="button" class="btn bare" onClick=${close}>Close</button></div>
    <p class="soft small">Speaking first: the caller hears music meanwhile. At once: all that was noted goes along, and nobody tells it twice.</p>`;
}

/** @param {{ id: string, close: () => void }} props */
export function LineSheet({ id, close }) {
  const one = callOf(id);
  if (!one?.call) return html`<${MovedOn} close=${close} />`;
  const { you } = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const other = one.call.leg === "browser" ? "phone" : "browser";
  const may = mine(one) && (other === "browser" ? you.phone.browsers && you.phone.ready : Boolean(you.phone.number));
  const move = async () => {
    if ((await changeLeg(one, other)).t === "done") close();
  };
  return html`<h2 id="sheet-h">On the line</h2>
    <${OnTheLine} one=${one} />
    <p class="soft small">Everyone here was named to the caller. The call is never recorded.</p>
    ${mine(one) && html`<div class="lead-part"><h3>Your side of the call</h3><p>${one.call.leg === "browser" ? "You talk in this browser." : "You talk on your own phone."} ${may ? "The caller stays while you change." : other === "browser" ? "To change, make the browser phone ready under Your phone." : "No phone of yours is known to change to."}</p><div class="acts"><button type="button" class="btn" disabled=${!may || waits("leg", one)} onClick=${move}><${Icon} name=${other === "browser" ? "headset" : "call"} />${other === "browser" ? "Go on in this browser" : "Go on with my phone"}</button></div></div>`}
    <div class="acts"><button type="button" class="btn go" autofocus onClick=${close}>Close</button></div>`;
}

/** Ending is asked twice: nothing brings a person back who did not want to go. @param {{ id: string, close: () => void }} props */
export function EndCall({ id, close }) {
  const one = callOf(id);
  const words = useSignal(/** @type {"" | "abusive"} */ (""));
  if (!one) return html`<${MovedOn} close=${close} />`;
  const end = async () => {
    if ((await endCall(one, words.value)).t !== "done") return;
    if (words.value) store.flagged(id);
    close();
    requestAnimationFrame(() => document.getElementById("wrap-support")?.focus({ preventScroll: true }));
  };
  return html`<h2 id="sheet-h">End this call?</h2>
    <p>The caller hears the line close. You go on to the wrap-up.</p>
    <label class="check"><input type="checkbox" checked=${words.value === "abusive"} onChange=${(/** @type {Event} */ event) => { words.value = /** @type {HTMLInputElement} */ (event.target).checked ? "abusive" : ""; }} />It was abusive: end with the set words</label>
    ${words.value && html`<p class="told">They hear: in danger, call 999. Then that the call ends now, and that they may ring again. The flag stands beside the support, never instead of it.</p>`}
    <div class="acts"><button type="button" class="btn go" disabled=${waits("end", one)} onClick=${end}>End the call</button><button type="button" class="btn" autofocus onClick=${close}>Stay with them</button></div>`;
}
