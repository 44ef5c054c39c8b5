// The top bar: where you are, the state of the line, the ring, the time.
import { html, useRef } from "/vendor/ui.js";
import { confirm } from "./dialog.js";
import { Icon, Mark } from "./icons.js";
import { tryNow } from "./line.js";
import { setRing, ringOn, ringState, test } from "./sound.js";
import * as store from "./store.js";
import { clock } from "./time.js";

/** @type {[string, string][]} */
const PLACES = [["/console/contacts", "Contacts"], ["/console/promises", "Call-backs"], ["/console/rota", "Rota"]];

export function Top() {
  const desk = store.desk.value;
  return html`<header class="top">
    <div class="mark"><${Mark} /><span class="name">${desk?.service.name ?? ""}</span></div>
    <${Menu} />
    <nav class="wide" aria-label="Places"><a href="/console" aria-current="page">Desk</a><a href="/console/contacts" target="frontdoor-contacts">Contacts</a><a href="/console/promises" target="frontdoor-contacts">Call-backs</a><a href="/console/rota" target="frontdoor-contacts">Rota</a></nav>
    <div class="end"><${LineChip} /><${RingChip} /><${SignOut} class="wide" button="btn small bare" /><${Clock} /></div>
  </header>`;
}

/** On a phone the other places stand behind one button. */
function Menu() {
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  const shut = () => {
    if (box.current) box.current.open = false;
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.key !== "Escape" || !box.current?.open) return;
    event.preventDefault();
    shut();
    box.current.querySelector("summary")?.focus();
  };
  /** @param {FocusEvent} event */
  const left = (event) => {
    if (event.relatedTarget instanceof Node && !box.current?.contains(event.relatedTarget)) shut();
  };
  return html`<details class="menu" ref=${box} onKeyDown=${pressed} onFocusOut=${left}><summary><${Icon} name="list" />Menu</summary>
    <nav aria-label="Places">${PLACES.map(([where, words]) => html`<a key=${where} href=${where} target="frontdoor-contacts" onClick=${shut}>${words}</a>`)}</nav></details>`;
}

/** @param {{ class: string, button: string }} props */
export function SignOut({ class: name, button }) {
  return html`<form method="post" action="/console/sign-out" class=${name} onSubmit=${leave}><button type="submit" class=${button}>Sign out</button></form>`;
}

/** Whoever is with you is not left without a word. @param {Event} event */
async function leave(event) {
  const here = store.withYou.value.length;
  if (!here) return;
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const who = here === 1 ? "One person is" : `${here} people are`;
  const sure = await confirm({
    title: `${who} still with you.`,
    words: "If you sign out, chats and texts go to a colleague, first in line. End or wrap them up instead.",
    yes: "Sign out all the same",
    no: "Stay",
    keep: true,
  });
  if (sure) form.submit();
}

function Clock() {
  const at = store.now.value;
  const words = clock(at, store.zone.value);
  return html`<time class="clock" datetime=${words}>${words}</time>`;
}

function LineChip() {
  const line = store.line.value;
  if (line.state === "live") return html`<span class="chip ok"><${Icon} name="live" />Live</span>`;
  if (line.state === "connecting") return html`<span class="chip"><${Icon} name="live" />Joining</span>`;
  if (line.state === "signed out") return html`<span class="chip danger"><${Icon} name="gone" />Signed out</span>`;
  return html`<span class="chip lamp"><${Icon} name="gone" />Off line<span class="wide"> <${OffFor} /></span></span>`;
}

export function OffFor() {
  const gone = (store.now.value - store.skew.value - store.line.value.since) / 1000;
  return html`${Math.max(0, Math.round(gone))} s`;
}

function RingChip() {
  const asleep = ringOn.value && ringState.value === "asleep";
  const press = () => {
    if (asleep) return test();
    setRing(!ringOn.value);
    return ringOn.value ? test() : undefined;
  };
  const words = asleep ? "Ring: press once" : ringOn.value ? "Ring on" : "Ring off";
  return html`<button type="button" class=${"chip ring-chip" + (ringOn.value && !asleep ? "" : " line")} aria-pressed=${String(ringOn.value && !asleep)} onClick=${press}><${Icon} name=${ringOn.value && !asleep ? "bell" : "bell-off"} /><span>${words}</span></button>`;
}

export function Gone() {
  const line = store.line.value;
  if (line.state === "signed out") {
    return html`<section class="gone" aria-label="The line to the desk"><${Icon} name="lock" /><div><b>You are signed out here.</b> <span class="soft">Sign in again in a new tab. Your words stay in this one.</span></div><a class="btn small" href="/console/sign-in" target="_blank" rel="noopener">Sign in</a><button type="button" class="btn small" onClick=${tryNow}>I have signed in</button></section>`;
  }
  const waits = store.unsent();
  const still = waits ? `${waits} ${waits === 1 ? "message waits" : "messages wait"} here.` : "Go on writing.";
  return html`<section class="gone" aria-label="The line to the desk"><${Icon} name="gone" /><div><b>The line to the desk dropped <${OffFor} /> ago. <${NextTry} /></b> <span class="soft">Nothing is lost. ${still}</span></div><button type="button" class="btn small" onClick=${tryNow}><${Icon} name="again" />Try now</button></section>`;
}

function NextTry() {
  const left = Math.ceil((store.line.value.again - (store.now.value - store.skew.value)) / 1000);
  return html`${left > 0 ? `Trying again in ${left} s.` : "Trying now."}`;
}
