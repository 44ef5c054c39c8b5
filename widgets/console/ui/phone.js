// Foot: the call, if there is one. It keeps its height, so a call moves nothing on the desk.
import { html } from "/vendor/ui.js";
import { choose } from "./acts.js";
import { Icon } from "./icons.js";
import { hold, listen, mine, mute, talks, waits } from "./phone-acts.js";
import { open } from "./sheet.js";
import { answer, decline, softphone } from "./softphone.js";
import * as store from "./store.js";
import { since, stopwatch } from "./time.js";
import { named } from "./words.js";

/** @typedef {import("./frames.js").WithYou} WithYou */

export function Phone() {
  const one = store.call.value;
  const rings = softphone.value.state === "ringing";
  const on = rings ? " rings" : one?.call ? " on" : "";
  return html`<footer class=${`phone${on}`} aria-label="Phone" tabindex="-1" data-region>
    ${rings ? html`<${Rings} one=${one} />` : one?.call ? html`<${Calling} one=${one} />` : html`<${Ready} />`}
  </footer>`;
}

/** The browser is the phone: it is answered here. @param {{ one: WithYou | null }} props */
function Rings({ one }) {
  return html`<div class="line"><${Icon} name="bell" /><div><b>Your call rings here</b><small>${one ? html`<bdi>${one.label}</bdi>, ${one.hub_name}.` : ""} They hear music until you answer.</small></div></div>
    <div class="keys"><button type="button" class="btn go" onClick=${answer}><${Icon} name="call" />Answer <kbd>Alt A</kbd></button></div>
    <div class="end"><button type="button" class="btn small" onClick=${decline}>Let it go on</button></div>`;
}

/** @param {{ one: WithYou }} props */
function Calling({ one }) {
  const call = /** @type {import("./frames.js").Call} */ (one.call);
  const length = stopwatch(since(call.since ?? one.since, store.now.value));
  return html`<div class="line"><${Icon} name=${call.hold ? "pause" : "call"} /><div><b>${talks(one) ? `${length}, ` : ""}<bdi>${one.label}</bdi></b><small>${under(one)}</small></div></div>
    <div class=${one.owner ? "keys beside" : "keys"}>${store.chosen.value !== one.contact && html`<button type="button" class="btn small" onClick=${() => choose(one.contact)}>Show the caller</button>`}${talks(one) && (mine(one) ? html`<${Keys} one=${one} />` : html`<${Beside} one=${one} />`)}</div>
    ${mine(one) && html`<div class="end"><button type="button" class="btn small stop" disabled=${waits("end", one)} onClick=${() => open("end", one.contact)}><${Icon} name="hang-up" />End call <kbd>Alt 0</kbd></button></div>`}`;
}

/** @param {{ one: WithYou }} props */
function Keys({ one }) {
  const { hold: held, muted, transfer } = /** @type {import("./frames.js").Call} */ (one.call);
  return html`<button type="button" class="btn small" aria-pressed=${String(held)} disabled=${waits("hold", one) || Boolean(transfer)} onClick=${() => hold(one)}><${Icon} name="pause" />Hold <kbd>Alt 1</kbd></button>
    <button type="button" class="btn small" aria-pressed=${String(muted)} disabled=${waits("mute", one)} onClick=${() => mute(one)}><${Icon} name=${muted ? "mute" : "mic"} />Mute <kbd>Alt 2</kbd></button>
    <button type="button" class="btn small" disabled=${waits("transfer", one) || Boolean(transfer)} onClick=${() => open("transfer", one.contact)}><${Icon} name="hand" />Transfer <kbd>Alt 3</kbd></button>
    <button type="button" class="btn small" disabled=${waits("add", one)} onClick=${() => open("add", one.contact)}><${Icon} name="plus" /><span>Add<span class="wide"> a person</span></span> <kbd>Alt 4</kbd></button>
    <button type="button" class="btn small" onClick=${() => open("line", one.contact)}><${Icon} name="people" /><span>Who<span class="wide"> is on</span></span> <kbd>Alt 5</kbd></button>`;
}

/** A lead on a colleague's call: heard by the advisor alone, or by everyone. @param {{ one: WithYou }} props */
function Beside({ one }) {
  const own = one.call?.legs.find((leg) => leg.you);
  const low = Boolean(own?.coaching);
  return html`<button type="button" class="btn small" aria-pressed=${String(low)} disabled=${waits("listen", one)} onClick=${() => listen(one, low ? "speak" : "whisper")}><${Icon} name="mic" />Heard by ${one.owner} alone <kbd>Alt 2</kbd></button>
    <button type="button" class="btn small" onClick=${() => open("line", one.contact)}><${Icon} name="people" />Who is on <kbd>Alt 5</kbd></button>
    <button type="button" class="btn small stop" disabled=${waits("listen", one)} onClick=${() => listen(one, "leave")}><${Icon} name="left" />Leave the line</button>`;
}

/** One line under the name: what is true of the call now. @param {WithYou} one */
function under(one) {
  const { state, hold: held, muted, legs, keys } = /** @type {import("./frames.js").Call} */ (one.call);
  const here = softphone.value.state !== "off";
  if (state === "waiting") return here ? "It is about to ring here." : "Your phone is about to ring. Press 1 when it asks.";
  if (state === "ringing you") return here ? "It rings you. Answer it here." : "Your phone rings. Press 1 when it asks.";
  if (state === "ended") return "The line is closed.";
  if (one.owner) return `${one.owner} holds it. The caller knows you are here.`;
  if (keys === "asking") return "They cannot hear you now.";
  if (held) return "On hold: they hear calm music.";
  if (muted) return "You are muted. You hear them.";
  const others = legs.filter((leg) => !leg.you && leg.kind !== "caller" && leg.kind !== "advisor" && leg.state === "talking");
  return others.length ? `With ${others.map(named).join(", ")}. Never recorded.` : "Never recorded.";
}

function Ready() {
  const desk = store.desk.value;
  if (!desk) return null;
  const { on_duty, phone } = desk.you;
  const [words, tone] = readiness(phone);
  return html`<div class="line"><${Icon} name="headset" /><div><b>No call</b><small class=${tone}>${on_duty ? words : "Calls come once you are on duty."}</small></div></div>
    <div class="keys"><button type="button" class="btn small" aria-haspopup="dialog" onClick=${() => open("phone")}><${Icon} name="speaker" />Your phone</button></div>
    <div class="end"><span class="meta wide">While you are on a call, no chat is offered to you.</span></div>`;
}

/** By what a call would come, in a sentence. @param {import("./frames.js").OwnPhone} phone @returns {[string, string]} */
function readiness(phone) {
  const { state, words } = softphone.value;
  if (phone.leg === "phone") return phone.number ? [`A call you take rings ${phone.number}. Press 1 when it asks.`, ""] : ["No phone of yours is known, so no calls come.", "bad"];
  if (state === "ready") return ["A call you take rings in this browser.", ""];
  if (state === "starting") return ["The browser phone is starting.", ""];
  if (phone.ready) return ["A call rings in the browser of another window.", ""];
  return [words || "The browser phone is not there. Look at Your phone.", "bad"];
}
