// Beside the desk: other pages keep the line, so that reading the log costs nobody their place.
import { html, render } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { openLine } from "./socket.js";
import { ringWhileOffered } from "./sound.js";
import * as store from "./store.js";
import { CHANNEL } from "./words.js";

function Beside() {
  const offer = store.desk.value?.offers[0];
  const line = store.line.value.state;
  const seconds = offer ? Math.max(0, Math.ceil((Date.parse(offer.until) - store.now.value) / 1000)) : 0;
  return html`${offer && html`<a class="chip lamp" href="/console" target=${target()}><${Icon} name="bell" />${CHANNEL[offer.channel]} for you, ${seconds} s</a>`}
    ${line === "live" ? html`<span class="chip ok"><${Icon} name="live" />Live</span>` : line !== "connecting" && html`<span class="chip lamp"><${Icon} name="gone" />Off line</span>`}`;
}

// Opened from the desk: the way back is the desk's own tab, where the drafts are.
function target() {
  return opener ? "frontdoor-desk" : undefined;
}

const back = document.getElementById("to-desk");
if (back instanceof HTMLAnchorElement && opener) {
  back.target = "frontdoor-desk";
  back.href = "/console#";
}
const place = document.getElementById("beside");
if (place) {
  render(html`<${Beside} />`, place);
  openLine({
    ticket: "/console/ticket",
    live: "/console/live",
    moved: (line) => { store.line.value = line; },
    heard: (frame) => {
      if (frame.t !== "desk") return;
      store.skew.value = Date.parse(frame.now) - Date.now();
      store.now.value = Date.parse(frame.now);
      store.desk.value = frame;
    },
  });
  setInterval(() => { store.now.value = Date.now() + store.skew.value; }, 1000);
  ringWhileOffered();
}
