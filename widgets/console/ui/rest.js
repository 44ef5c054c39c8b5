// A break with its reason, or the end of duty. What is with you stays with you.
import { html, useSignal } from "/vendor/ui.js";
import { duty } from "./acts.js";
import { rest } from "./around.js";
import * as store from "./store.js";

/** @type {[string, string][]} */
const REASONS = [
  ["rest", "Rest"], ["meal", "A meal"], ["hard", "After a hard contact"],
  ["meeting", "A meeting or training"], ["other", "Something else"],
];

/** @param {{ close: () => void }} props */
export function Rest({ close }) {
  const reason = useSignal("rest");
  const held = store.withYou.value.filter((one) => one.state === "active" && !one.owner).length;
  const waits = !store.live.value || store.asking.value.has("rest");
  const start = async () => {
    const answer = await rest(reason.value);
    if (answer.t === "done") close();
  };
  const off = async () => {
    const answer = await duty(false);
    if (answer.t === "done") close();
  };
  return html`<h2 id="sheet-h">Take a break</h2>
    <p>Nobody is offered to you till you press Back.${held ? ` ${held === 1 ? "The person" : "Those"} with you now ${held === 1 ? "stays" : "stay"} with you.` : ""}</p>
    <fieldset class="types"><legend class="label">Why</legend><div>${REASONS.map(([value, words], at) => html`<label key=${value} class=${reason.value === value ? "on" : ""}><input type="radio" name="rest" value=${value} autofocus=${at === 0} checked=${reason.value === value} onChange=${() => { reason.value = value; }} />${words}</label>`)}</div></fieldset>
    <div class="acts"><button type="button" class="btn go" disabled=${waits} onClick=${start}>Start the break</button><button type="button" class="btn" disabled=${!store.live.value} onClick=${off}>Go off duty</button><button type="button" class="btn bare" onClick=${close}>Close</button></div>`;
}
