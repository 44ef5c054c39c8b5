// The desk: puts the parts in their places and starts them.
import { effect, html, render } from "/vendor/ui.js";
import { About } from "./about.js";
import { Asked } from "./dialog.js";
import { Icon } from "./icons.js";
import { heard } from "./hear.js";
import { KeyMap, listenForKeys } from "./keys.js";
import { start } from "./line.js";
import { nudgeOnce } from "./nudge.js";
import { OfferBar, speakOffers } from "./offer.js";
import { Phone } from "./phone.js";
import { Notices, Rail } from "./rail.js";
import { Sheets } from "./sheet.js";
import { keepPhone } from "./softphone.js";
import { ringWhileOffered } from "./sound.js";
import * as store from "./store.js";
import { Talk } from "./talk.js";
import { watchTonight } from "./tonight.js";
import { Gone, Top } from "./top.js";

function Desk() {
  const line = store.line.value.state;
  const gone = line === "gone" || line === "signed out";
  const ready = store.desk.value !== null;
  return html`<div class=${`app${gone ? " offline" : ""}${store.current.value ? "" : " alone"}${store.call.value ? " calling-now" : ""}`} data-tab=${store.tab.value}>
    <${Top} />${gone && html`<${Gone} />`}
    ${ready && html`<aside class="ring-area" aria-label="At the door"><${OfferBar} />${store.tab.value !== "queue" && html`<${Notices} />`}</aside>`}
    <main class="places"><h1 class="sr">Desk</h1>${ready ? html`<${Rail} /><${Talk} /><${About} />` : html`<p class="opening" role="status">Opening your desk.</p>`}</main>
    ${ready && html`<${Phone} /><${Tabs} />`}
    <${Asked} /><${Sheets} /><${KeyMap} />
  </div>`;
}

function Tabs() {
  const waiting = store.desk.value?.waiting.length ?? 0;
  const unread = store.openTalks().reduce((sum, one) => sum + one.unread.value, 0);
  /** @type {["queue" | "talk" | "about" | "phone", string, string][]} */
  const all = [
    ["queue", "list", `Waiting, ${waiting}`], ["talk", "chat", unread ? `Talk, ${unread} new` : "Talk"],
    ["about", "person", "About"], ["phone", "headset", "Phone"],
  ];
  return html`<nav class="tabs" aria-label="Parts of the desk">${all.map(([key, icon, words]) => html`<button type="button" key=${key} aria-current=${store.tab.value === key ? "page" : undefined} onClick=${() => { store.tab.value = key; }}><${Icon} name=${icon} />${words}</button>`)}</nav>`;
}

const place = /** @type {HTMLElement} */ (document.getElementById("desk"));
place.replaceChildren();
render(html`<${Desk} />`, place);
listenForKeys();
ringWhileOffered();
speakOffers();
nudgeOnce();
watchTonight();
keepPhone();
start({ ticket: String(place.dataset.ticket), live: String(place.dataset.live), heard });
effect(() => {
  const waiting = store.desk.value?.waiting.length ?? 0;
  const offer = store.live.value ? store.desk.value?.offers[0] : undefined;
  const name = store.desk.value?.service.name;
  const first = offer ? "Someone is at the door. " : waiting ? `(${waiting}) ` : "";
  document.title = `${first}Desk${name ? `, ${name}` : ""}`;
});
addEventListener("beforeunload", (event) => {
  if (store.unsent() || store.drafts() || store.call.peek()) event.preventDefault();
});
