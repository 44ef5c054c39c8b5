// Who is on the line of a call: each with a name and how they stand. Nobody is there unnamed.
import { html } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { dropParty, mine, talks, transfer, waits } from "./phone-acts.js";
import { KIND, named } from "./words.js";

/**
 * @typedef {import("./frames.js").WithYou} WithYou
 * @typedef {import("./frames.js").OnLine} OnLine
 */

/** @type {Record<string, string>} */
const ICON = { caller: "call", advisor: "headset", interpreter: "chat", police: "shield", hub: "door", number: "call", supervisor: "eye", colleague: "person" };

/** @param {OnLine} leg @param {import("./frames.js").Call} call @returns {[string, string]} */
function standing(leg, call) {
  if (leg.state === "ringing") return ["rings", "lamp"];
  if (leg.state === "failed") return ["not reached", "danger"];
  if (leg.state === "left") return ["left", "line"];
  if (leg.kind === "caller" && call.keys === "asking") return ["hears nobody now", "lamp"];
  if (leg.state === "held") return ["on hold", "lamp"];
  if (leg.coaching) return ["heard by staff alone", "note"];
  return leg.muted ? ["muted", "line"] : ["talking", "ok"];
}

/** @param {{ one: WithYou, small?: boolean }} props */
export function OnTheLine({ one, small = false }) {
  const call = /** @type {import("./frames.js").Call} */ (one.call);
  const may = mine(one);
  return html`<ul class=${small ? "on-line small" : "on-line"} aria-label="On the line">${call.legs.map((leg) => {
    const [words, tone] = standing(leg, call);
    const name = named(leg);
    const added = !leg.you && !["caller", "advisor", "supervisor"].includes(leg.kind) && leg.id !== call.transfer;
    const goes = may && added && (leg.state === "talking" || leg.state === "ringing" || leg.state === "held");
    return html`<li key=${leg.id} class=${leg.state}><${Icon} name=${ICON[leg.kind]} /><span><b><bdi>${leg.you ? "You" : name}</bdi></b>${leg.kind !== "caller" && leg.name ? html` <small>${KIND[leg.kind].toLowerCase()}</small>` : ""}</span><span class=${`chip ${tone}`}>${words}</span>${goes && html`<button type="button" class="btn small" aria-label=${`Let ${name} go`} disabled=${waits("drop", one)} onClick=${() => dropParty(one, leg.id)}>Let go</button>`}</li>`;
  })}</ul>`;
}

/** A warm transfer, step by step: the advisor speaks first, then all three, then leaves. @param {{ one: WithYou }} props */
export function WarmTransfer({ one }) {
  const call = /** @type {import("./frames.js").Call} */ (one.call);
  const to = call.legs.find((leg) => leg.id === call.transfer);
  if (!to || !mine(one)) return null;
  const name = named(to);
  const busy = waits("transfer", one);
  const step = to.state === "ringing" ? 1 : call.hold ? 2 : 3;
  const steps = [`${name} is rung. The caller hears music.`, `You talk with ${name}. The caller hears music.`, `All three talk. You may leave them to it.`];
  return html`<section class="warm" aria-labelledby="warm-h"><h3 id="warm-h">Transfer to <bdi>${name}</bdi></h3>
    <ol>${steps.map((words, at) => html`<li key=${words} class=${at + 1 === step ? "now" : at + 1 < step ? "done" : ""} aria-current=${at + 1 === step ? "step" : undefined}>${words}</li>`)}</ol>
    <div class="acts">${step === 2 && html`<button type="button" class="btn go" disabled=${busy} onClick=${() => transfer(one, "join")}>Bring the caller in</button>`}${step === 3 && html`<button type="button" class="btn go" disabled=${busy} onClick=${() => transfer(one, "leave")}>Leave them to it</button>`}<button type="button" class="btn" disabled=${busy} onClick=${() => transfer(one, "cancel")}>Keep the call</button></div>
  </section>`;
}

/** What the advisor must know this moment, in words that cannot be missed. @param {{ one: WithYou }} props */
export function CallBands({ one }) {
  const call = one.call;
  if (!call || !talks(one)) return null;
  const whispers = call.legs.find((leg) => leg.kind === "supervisor" && leg.coaching && leg.state === "talking");
  if (one.owner) return null;
  if (call.keys === "asking") return html`<div class="band strong" role="alert"><${Icon} name="pad" /><span><b>They cannot hear you now.</b> For ten seconds they may press 1 for yes, 2 for no.</span></div>`;
  if (call.hold && !call.transfer) return html`<div class="band" role="status"><${Icon} name="pause" /><span><b>On hold.</b> They hear calm music, and nobody hears them.</span></div>`;
  if (call.muted) return html`<div class="band" role="status"><${Icon} name="mute" /><span><b>You are muted.</b> You hear them; they do not hear you.</span></div>`;
  if (whispers) return html`<div class="band" role="status"><${Icon} name="eye" /><span><b>${named(whispers)} speaks to you alone.</b> The caller knows ${named(whispers)} is here.</span></div>`;
  return null;
}
