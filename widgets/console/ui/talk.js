// The middle: the chosen contact, or a quiet desk.
import { html, useLayoutEffect, useRef } from "/vendor/ui.js";
import { duty, end } from "./acts.js";
import { part } from "./around.js";
import { Composer } from "./composer.js";
import { confirm } from "./dialog.js";
import { Handing } from "./handover.js";
import { Icon } from "./icons.js";
import { CallBands, OnTheLine, WarmTransfer } from "./on-line.js";
import { talks } from "./phone-acts.js";
import { open } from "./sheet.js";
import { SilentCard } from "./silent.js";
import { softphone } from "./softphone.js";
import { ringState, test } from "./sound.js";
import * as store from "./store.js";
import { Stream } from "./stream.js";
import { clock, since, span, stopwatch } from "./time.js";
import { CALL, CHANNEL, silentFor, VISITOR } from "./words.js";
import { WrapUp } from "./wrap.js";

export function Talk() {
  const one = store.current.value;
  if (!one) return html`<${Quiet} />`;
  const talk = one.conversation ? store.talk(one.conversation) : null;
  return html`<section class=${"talk " + one.state} aria-label="Conversation">
    <${Head} one=${one} /><${Handing} one=${one} /><${Joined} one=${one} /><${CallBands} one=${one} />
    ${talk ? html`<${Stream} key=${talk.id} talk=${talk} one=${one} />` : html`<${CallView} one=${one} />`}
    ${one.state === "wrapping" ? html`<${WrapUp} key=${one.contact} one=${one} />` : talk && html`<${Composer} talk=${talk} one=${one} />`}
  </section>`;
}

/** @param {{ one: import("./frames.js").WithYou }} props */
function Head({ one }) {
  const seconds = since(one.call?.since ?? one.since, store.now.value);
  const length = one.channel === "voice" ? stopwatch(seconds) : span(seconds);
  const [words, tone] = standing(one);
  const where = [one.hub_name, one.number].filter(Boolean).join(". ");
  return html`<header><span class="who" aria-hidden="true">${one.channel === "voice" ? "?" : Array.from(one.label)[0]}</span>
    <div class="named"><h2 id="talk-h" tabindex="-1"><bdi>${one.label}</bdi> ${store.live.value ? html`<span class=${"chip " + tone}>${words}</span>` : html`<span class="chip line">as it was</span>`}</h2><p>${CHANNEL[one.channel]}, ${length}. <span class="wide">${where}${where && "."}</span></p></div>
    ${one.owner && one.channel !== "voice" && html`<div class="acts"><button type="button" class="btn small" disabled=${!store.live.value || store.asking.value.has(`join ${one.contact}`)} onClick=${() => part(one.contact)}><${Icon} name="left" />Leave<span class="wide">${one.owner} to it</span></button></div>`}
    ${one.state === "active" && one.channel !== "voice" && !one.owner && html`<div class="acts"><button type="button" class="btn small" aria-label="Hand over" disabled=${!store.live.value || Boolean(one.handing_to)} onClick=${() => open("hand", one.contact)}><${Icon} name="hand" /><span class="wide">Hand over</span><kbd>Alt 3</kbd></button><button type="button" class="btn small" disabled=${!store.live.value || store.asking.value.has(`end ${one.contact}`)} onClick=${() => askEnd(one)}><${Icon} name="tick" />End<kbd>Alt E</kbd></button></div>`}
  </header>`;
}

/** How the person stands, as words and a tone. @param {import("./frames.js").WithYou} one @returns {[string, string]} */
function standing(one) {
  if (one.call?.hold) return ["On hold", "lamp"];
  if (one.call) return [CALL[one.call.state] ?? one.call.state, one.call.state === "talking" ? "ok" : "accent"];
  if (one.channel === "sms" && one.state === "active") return one.reply?.ok === false ? ["No reply now", "lamp"] : ["By text", ""];
  const silent = silentFor(one, store.now.value);
  if (silent) return [silent, "lamp"];
  return VISITOR[one.visitor] ?? [one.visitor, ""];
}

/** Two of you are in it: who, and whose it is. @param {{ one: import("./frames.js").WithYou }} props */
function Joined({ one }) {
  if (one.owner && one.channel === "voice") return html`<div class="band" role="status"><${Icon} name="eye" /><span><b>You have joined.</b> ${one.owner} holds it, and the caller was told your name.</span></div>`;
  if (one.owner) return html`<div class="band" role="status"><${Icon} name="eye" /><span><b>You have joined.</b> ${one.owner} holds it, and the person knows you are here.</span></div>`;
  if (!one.beside.length) return null;
  return html`<div class="band" role="status"><${Icon} name="eye" /><span><b>${one.beside.join(", ")} joined.</b> ${one.channel === "voice" ? "They are on the line, and the caller knows." : `${one.beside.length === 1 ? "They" : "All"} may write too.`} It stays yours.</span></div>`;
}

/** Ending is asked twice: nothing brings a person back who did not want to go. @param {import("./frames.js").WithYou} one */
export async function askEnd(one) {
  if (one.channel === "voice") return open("end", one.contact);
  const what = one.channel === "chat" ? "chat" : "text conversation";
  const sure = await confirm({
    title: `End this ${what}?`,
    words: "The person is told that it has ended. You go on to the wrap-up.",
    yes: `End the ${what}`,
    no: "Stay with them",
  });
  if (sure) end(one);
}

/** A call has no words of its own: what is true of it now, who is on its line, and the card for who cannot speak. @param {{ one: import("./frames.js").WithYou }} props */
function CallView({ one }) {
  const state = one.call?.state ?? (one.state === "active" ? "waiting" : "ended");
  const here = softphone.value.state !== "off";
  /** @type {Record<string, [string, string]>} */
  const said = {
    waiting: here ? ["It is about to ring here", "Keep this page open. The caller hears music until then."] : ["Your phone is about to ring", "Keep it near, and press 1 when it asks. The caller hears music until then."],
    "ringing you": here ? ["It rings here", "Press Answer below. The caller hears music until then."] : ["Your phone rings", "Pick it up, and press 1. The caller hears music until then."],
    talking: one.owner ? [`You are on ${one.owner}’s call`, "Everyone hears you, unless you choose the advisor alone."] : ["You are talking", "The call is never recorded. When it ends, you write down what it was."],
    "on hold": ["The caller is on hold", "They hear that you are coming back."],
    ended: ["The call has ended", "Write down what matters, then go on."],
  };
  const [title, words] = said[state] ?? [state, ""];
  const lines = (one.call?.legs.length ?? 0) > 0 && talks(one);
  return html`<div class="streamed"><div class=${lines ? "calling lines" : "calling"} data-state=${state}><div class="call-now"><svg class="arch" viewBox="0 0 24 28" aria-hidden="true" focusable="false"><path class="arch-o" d="M2.5 26.5V12a9.5 9.500 0 0 1 19 0v14.500Z" /><path class="arch-i" d="M8 26.500V13.500a4 4 0 0 1 8 0v13Z" /></svg><p class="big" role="status">${title}</p><p class="soft">${words}</p></div>
    ${one.call && html`<${WarmTransfer} one=${one} />${lines && html`<section class="lines-now" aria-label="Who is on the line"><${OnTheLine} one=${one} /></section>`}<${SilentCard} one=${one} />`}</div></div>`;
}

/** Nobody is here yet: the first minute of a shift, or a quiet hour. */
function Quiet() {
  const desk = store.desk.value;
  const head = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  useLayoutEffect(() => {
    // The button that was pressed is gone; focus stays near, on what it led to.
    if (document.activeElement === document.body) head.current?.focus({ preventScroll: true });
  }, [desk?.you.on_duty, desk?.you.resting]);
  if (!desk) return null;
  const { you } = desk;
  const last = desk.last_contact_at ? ` Last contact ${clock(desk.last_contact_at, store.zone.value)}.` : "";
  if (!you.on_duty) {
    return html`<section class="talk quiet" aria-label="Start of the shift"><div class="welcome">
      <svg class="arch" viewBox="0 0 24 28" aria-hidden="true" focusable="false"><path class="arch-o" d="M2.5 26.5V12a9.500 9.500 0 0 1 19 0v14.500Z" /></svg>
      <h2 id="talk-h" ref=${head} tabindex="-1">Hello ${you.first}. You are off duty.</h2>
      <p class="soft">Nobody is offered to you until you go on duty.${desk.waiting.length ? ` ${desk.waiting.length === 1 ? "One person waits" : `${desk.waiting.length} people wait`} now.` : last}</p>
      <ul class="ready-list">
        <li><${Icon} name=${store.live.value ? "tick" : "gone"} /><span>${store.live.value ? "The line to the desk is live." : "No line to the desk yet."}</span></li>
        <li><${Icon} name="bell" /><span>${ringState.value === "ready" ? "This browser may ring." : "Press Test once, so that this browser may ring."}</span><button type="button" class="btn small" onClick=${test}>Test</button></li>
      </ul>
      <button type="button" class="btn go tall" disabled=${!store.live.value || store.asking.value.has("duty")} onClick=${() => duty(true)}>Go on duty</button>
    </div></section>`;
  }
  if (you.resting) {
    return html`<section class="talk quiet" aria-label="Conversation"><div class="welcome">
      <svg class="arch" viewBox="0 0 24 28" aria-hidden="true" focusable="false"><path class="arch-o" d="M2.5 26.5V12a9.500 9.500 0 0 1 19 0v14.500Z" /></svg>
      <h2 id="talk-h" ref=${head} tabindex="-1">You are on a break.</h2>
      <p class="soft">Nobody is offered to you till you press Back.${desk.waiting.length ? ` ${desk.waiting.length === 1 ? "One person waits" : `${desk.waiting.length} people wait`} now.` : last}</p>
      <p class="soft"><kbd>Alt B</kbd> brings you back.</p>
    </div></section>`;
  }
  return html`<section class="talk quiet" aria-label="Conversation"><div class="welcome">
    <svg class="arch" viewBox="0 0 24 28" aria-hidden="true" focusable="false"><path class="arch-o" d="M2.5 26.5V12a9.500 9.500 0 0 1 19 0v14.500Z" />${desk.waiting.length > 0 && html`<path class="arch-i" d="M8 26.500V13.500a4 4 0 0 1 8 0v13Z" />`}</svg>
    <h2 id="talk-h" ref=${head} tabindex="-1">${desk.waiting.length ? "Nobody is with you yet." : "Nobody waits."}</h2>
    <p class="soft">${desk.waiting.length ? "Someone is offered to you when you are next. It rings, and shows on the left." : `${last} The next offer rings, and shows on the left.`}</p>
    <p class="soft"><kbd>A</kbd> accepts it, <kbd>D</kbd> passes it on.</p>
  </div></section>`;
}
