// Foot: the call, if there is one. It keeps its height, so a call moves nothing on the desk.
import { html } from "/vendor/ui.js";
import { choose } from "./acts.js";
import { Icon } from "./icons.js";
import * as store from "./store.js";
import { askEnd } from "./talk.js";
import { since, stopwatch } from "./time.js";

export function Phone() {
  const one = store.call.value;
  if (!one || !one.call) return html`<footer class="phone" aria-label="Phone" tabindex="-1" data-region><${Ready} /></footer>`;
  const { state } = one.call;
  const length = stopwatch(since(one.call.since ?? one.since, store.now.value));
  const small = { waiting: "Your phone is about to ring. Press 1 when it asks.", "ringing you": "Your phone rings. Press 1 when it asks.", talking: "Never recorded.", "on hold": "They hear that you are coming back.", ended: "The line is closed." }[state];
  return html`<footer class="phone on" aria-label="Phone" tabindex="-1" data-region>
    <div class="line"><${Icon} name="call" /><div><b>${state === "talking" ? `${length}, ` : ""}<bdi>${one.label}</bdi></b><small>${small}</small></div></div>
    ${store.chosen.value !== one.contact && html`<div class="keys"><button type="button" class="btn small" onClick=${() => choose(one.contact)}>Show the caller</button></div>`}
    <div class="end"><button type="button" class="btn small stop" disabled=${!store.live.value || store.asking.value.has(`end ${one.contact}`)} onClick=${() => askEnd(one)}><${Icon} name="hang-up" />End call <kbd>Alt 0</kbd></button></div>
  </footer>`;
}

function Ready() {
  const on = store.desk.value?.you.on_duty;
  return html`<div class="line"><${Icon} name="headset" /><div><b>No call</b><small>${on ? "A call you take rings your own phone. Press 1 when it asks." : "Calls come once you are on duty."}</small></div></div>
    <div class="end"><span class="meta wide">While you are on a call, no chat is offered to you.</span></div>`;
}
