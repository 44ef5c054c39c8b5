// A caller who cannot speak: ask, listen, and click what you heard. Each answer is timed and kept.
import { html, signal } from "/vendor/ui.js";
import { Icon } from "./icons.js";
import { mine, silentAnswer, silentKeys, talks, waits } from "./phone-acts.js";
import * as store from "./store.js";
import { clock } from "./time.js";

/** @typedef {import("./frames.js").WithYou} WithYou */

const FIRST = "Can you hear me?";
export const QUESTIONS = [
  FIRST, "Is someone there with you now?", "Are you hurt?", "Do you want the police on this line?",
  "Are you in a room you can lock?", "Shall I stay on, and only talk?", "Shall we ring this number later?",
];

/** @type {Record<string, string>} */
const HEARD = { yes: "Yes", no: "No", nothing: "Nothing heard" };

/** The contact whose card is open, and what is asked now. */
const open = signal("");
const asked = signal(FIRST);
const own = signal("");

/** @param {WithYou | null} one */
export function openSilent(one) {
  if (!one || !mine(one) || !talks(one)) return;
  if (open.value !== one.contact) asked.value = FIRST;
  open.value = one.contact;
  store.chosen.value = one.contact;
  store.tab.value = "talk";
  requestAnimationFrame(() => {
    const head = document.getElementById("silent-h");
    const card = head?.closest("section");
    const box = card?.parentElement;
    if (card && box) box.scrollTop += card.getBoundingClientRect().top - box.getBoundingClientRect().top;
    head?.focus({ preventScroll: true });
  });
}

/** What was heard, as the keys say it: only while the card is open. @param {WithYou | null} one @param {"yes" | "no" | "nothing"} answer */
export async function heardAnswer(one, answer) {
  if (!one || open.value !== one.contact || !talks(one) || waits("answer", one)) return;
  const question = asked.value;
  if ((await silentAnswer(one, question, answer)).t !== "done") return;
  const done = new Set([...(one.call?.answers ?? []).map((each) => each.question), question]);
  asked.value = QUESTIONS.find((each) => !done.has(each)) ?? question;
}

/** Four to choose from: those not asked yet come first. @param {import("./frames.js").Answered[]} answers */
function next(answers) {
  const done = new Set(answers.map((each) => each.question));
  const others = QUESTIONS.filter((each) => each !== asked.value);
  return [...others.filter((each) => !done.has(each)), ...others.filter((each) => done.has(each))].slice(0, 4);
}

/** @param {{ one: WithYou }} props */
export function SilentCard({ one }) {
  const call = /** @type {import("./frames.js").Call} */ (one.call);
  const { answers, keys } = call;
  if (!mine(one) || !talks(one)) return answers.length ? html`<section class="silent" aria-label="Answers without words"><${Answers} answers=${answers} /></section>` : null;
  if (open.value !== one.contact) {
    return html`<section class="silent shut" aria-label="Silent caller">${answers.length > 0 && html`<${Answers} answers=${answers} />`}<button type="button" class="btn" onClick=${() => openSilent(one)}><${Icon} name="wave" />They cannot speak <kbd>Alt S</kbd></button></section>`;
  }
  const busy = waits("answer", one);
  const use = (/** @type {Event} */ event) => {
    event.preventDefault();
    const words = own.value.trim();
    if (!words) return;
    asked.value = words;
    own.value = "";
    document.getElementById("silent-h")?.focus();
  };
  return html`<section class="silent" aria-labelledby="silent-h">
    <header><h3 id="silent-h" tabindex="-1">They cannot speak</h3><button type="button" class="btn small bare" onClick=${() => { open.value = ""; }}>Close the card</button></header>
    ${answers.length > 0 && html`<${Answers} answers=${answers} />`}
    <div class="ask"><p class="say">“${asked.value} <b>Tap or cough once for yes, twice for no.”</b></p>
      <div class="acts" role="group" aria-label="What you heard"><button type="button" class="btn tall" disabled=${busy} onClick=${() => heardAnswer(one, "yes")}><span class="taps" aria-hidden="true"><i></i></span>Once: yes <kbd>Alt 7</kbd></button><button type="button" class="btn tall" disabled=${busy} onClick=${() => heardAnswer(one, "no")}><span class="taps" aria-hidden="true"><i></i><i></i></span>Twice: no <kbd>Alt 8</kbd></button><button type="button" class="btn tall" disabled=${busy} onClick=${() => heardAnswer(one, "nothing")}>Nothing heard <kbd>Alt 9</kbd></button></div></div>
    <div class="next" role="group" aria-label="Ask next">${next(answers).map((each) => html`<button type="button" class="btn small" key=${each} onClick=${() => { asked.value = each; }}>${each}</button>`)}</div>
    <form class="pair" onSubmit=${use}><label class="sr" for="silent-own">A question of your own, for yes or no</label><input class="input" id="silent-own" maxlength="200" autocomplete="off" placeholder="A question of your own" value=${own.value} onInput=${(/** @type {Event} */ event) => { own.value = /** @type {HTMLInputElement} */ (event.target).value; }} /><button type="submit" class="btn">Ask this</button></form>
    <div class="by-key"><button type="button" class="btn small" disabled=${waits("keys", one) || keys === "asking" || call.hold} onClick=${() => silentKeys(one)}><${Icon} name="pad" />Ask by key for ten seconds</button><p class="soft small">${keys === "asking" ? "They cannot hear you now. They may press 1 for yes, 2 for no." : keys ? html`They pressed <kbd>${keys}</kbd>. Click what it means.` : "First say it. Keys work only while they cannot hear you."}</p></div>
  </section>`;
}

/** @param {{ answers: import("./frames.js").Answered[] }} props */
function Answers({ answers }) {
  return html`<ol class="answers" aria-label="What they answered">${answers.map((each) => html`<li key=${each.at + each.question}><time class="num">${clock(each.at, store.zone.value)}</time><span>${each.question}</span><b class=${each.answer}>${HEARD[each.answer]}</b></li>`)}</ol>`;
}
