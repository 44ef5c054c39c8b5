// Handing over: to a colleague, who must accept, or to the front of a hub's queue. Nobody retells.
import { html, useSignal } from "/vendor/ui.js";
import { hand, holdOn } from "./around.js";
import { Icon } from "./icons.js";
import * as store from "./store.js";
import { since } from "./time.js";
import { MovedOn } from "./waits.js";

/** @param {{ id: string, close: () => void }} props */
export function HandOver({ id, close }) {
  const desk = /** @type {import("./frames.js").Desk} */ (store.desk.value);
  const one = store.withYou.value.find((each) => each.contact === id && each.state === "active" && !each.owner);
  const to = useSignal("");
  const pack = useSignal("");
  const missing = useSignal(false);
  if (!one) return html`<${MovedOn} close=${close} />`;
  const waits = !store.live.value || store.asking.value.has(`hand ${id}`);
  const hubs = [...desk.hubs].sort((a, b) => Number(b.central) - Number(a.central));
  const ways = [
    ...desk.colleagues.map((each) => ({ key: `staff ${each.staff}`, first: each.first, words: `${each.hub_name}. ${each.words}`, may: each.free > 0 })),
    ...hubs.map((each) => ({ key: `hub ${each.key}`, first: each.name, words: each.paused_until ? `Queue is paused: ${each.paused}` : "First in line in the queue there", may: !each.paused_until })),
  ];
  const chosen = ways.find((way) => way.key === to.value);
  const give = async () => {
    missing.value = !chosen?.may;
    if (!chosen?.may) return;
    const [kind, key] = to.value.split(" ");
    const answer = await hand(one, { [kind]: key, first: chosen.first, pack: pack.value });
    if (answer.t === "done") close();
  };
  const person = to.value.startsWith("staff");
  return html`<h2 id="sheet-h">Hand over <bdi>${one.label}</bdi></h2>
    <p>All that was said goes along. A colleague must accept; until then you stay.</p>
    <fieldset class=${missing.value ? "ways bad" : "ways"} aria-describedby=${missing.value ? "way-why" : undefined}><legend class="label">To whom</legend>
      ${missing.value && html`<span class="why" id="way-why"><${Icon} name="warn" />Choose who takes over.</span>`}
      <div>${ways.map((way, at) => html`<label key=${way.key} class=${to.value === way.key ? "on" : ""}><input type="radio" name="way" autofocus=${at === 0} value=${way.key} disabled=${!way.may} checked=${to.value === way.key} onChange=${() => { to.value = way.key; missing.value = false; }} /><span><b>${way.first}</b> <span class="soft">${way.words}</span></span></label>`)}</div></fieldset>
    <div class="field"><label for="pack">What they should know first</label><textarea class="input" id="pack" rows="3" dir="auto" maxlength="2000" aria-describedby="pack-who" value=${pack.value} onInput=${(/** @type {Event} */ event) => { pack.value = /** @type {HTMLTextAreaElement} */ (event.target).value; }}></textarea><span class="meta" id="pack-who"><${Icon} name="lock" /> Kept as a private note, staff only.</span></div>
    <p class="told">${chosen ? `${one.label} will read: “${person ? `${chosen.first} will take over. ${chosen.first} can read all of this. You need not say it again.` : `Someone at ${chosen.first} will take over. You are first in line. They can read all of this.`}”` : `${one.label} is told who takes over, and that nothing must be said again.`}</p>
    <div class="acts"><button type="button" class="btn go" disabled=${waits} onClick=${give}>${chosen && person ? `Ask ${chosen.first}` : "Hand over"}</button><button type="button" class="btn" onClick=${close}>Stay with them</button></div>`;
}

/** While a colleague thinks about it. @param {{ one: import("./frames.js").WithYou }} props */
export function Handing({ one }) {
  if (!one.handing_to || !one.handing_until) return null;
  const left = Math.max(0, Math.ceil(-since(one.handing_until, store.now.value)));
  return html`<div class="band" role="status"><${Icon} name="hand" /><span><b>${one.handing_to} is asked to take over.</b> You stay until they accept. <span class="num" aria-hidden="true">${left} s</span></span><button type="button" class="btn small" disabled=${!store.live.value || store.asking.value.has(`hand ${one.contact}`)} onClick=${() => holdOn(one)}>I keep it</button></div>`;
}
