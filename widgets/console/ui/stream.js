// The words so far. What an advisor reads never moves: new lines wait behind a button.
import { html, useLayoutEffect, useRef, useSignal } from "/vendor/ui.js";
import { takeBack } from "./acts.js";
import { gone } from "./gone.js";
import { Icon } from "./icons.js";
import { transmit } from "./line.js";
import * as store from "./store.js";
import { clock, day } from "./time.js";

const NEAR = 48; // px from the end that still count as reading the newest
const FOLD = 700; // characters; about twelve lines
const NUMBER = /(\+?\d[\d ()-]{3,}\d)/;

/** @param {{ talk: import("./store.js").Talk, one: import("./frames.js").WithYou }} props */
export function Stream({ talk, one }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const atEnd = useRef(true);
  const seen = useRef(0);
  const newer = useSignal(0);
  const messages = talk.messages.value;
  const notes = talk.notes.value;
  const pending = talk.pending.value;
  const typing = talk.typing.value;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const count = messages.length + notes.length + pending.length;
    if (atEnd.current) {
      element.scrollTop = element.scrollHeight;
      newer.value = 0;
    } else if (count > seen.current) newer.value += count - seen.current;
    seen.current = count;
  }, [messages, notes, pending, typing]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const scrolled = () => {
    const element = /** @type {HTMLDivElement} */ (box.current);
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (atEnd.current) newer.value = 0;
  };
  const toEnd = () => {
    const element = /** @type {HTMLDivElement} */ (box.current);
    atEnd.current = true;
    element.scrollTop = element.scrollHeight;
    newer.value = 0;
  };
  return html`<div class="streamed"><div class="stream" role="log" aria-live="off" aria-label=${`Conversation with ${one.label}`} tabindex="0" ref=${box} onScroll=${scrolled} data-region>
      ${messages.length + notes.length + pending.length === 0 && html`<p class="ev">${talk.opened.value ? "No words yet." : "Reading the conversation."}</p>`}
      ${messages.length === 0 && notesAfter(talk, 0)}
      ${messages.map((message, at) => html`${dayLine(messages[at - 1], message)}${at === 0 && notesAfter(talk, 0)}<${Line} key=${message.seq} message=${message} talk=${talk} one=${one} />${notesAfter(talk, message.seq)}`)}
      ${pending.map((each) => html`<${Unsettled} key=${each.client_id} each=${each} talk=${talk} />`)}
      ${typing && html`<p class="typing"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><span><bdi>${one.label}</bdi> is writing</span></p>`}
      <${Gone} one=${one} />
    </div>
    ${newer.value > 0 && html`<button type="button" class="btn small newer" onClick=${toEnd}><${Icon} name="down" />${newer.value} newer</button>`}
  </div>`;
}

/** @param {import("./store.js").Talk} talk @param {number} seq */
function notesAfter(talk, seq) {
  return talk.notes.value.filter((note) => note.after_seq === seq).map((note) => html`<${Note} key=${"note " + note.number} text=${note.text} by=${note.name} at=${clock(note.at, store.zone.value)} />`);
}

/** @param {{ one: import("./frames.js").WithYou }} props */
function Gone({ one }) {
  const how = one.channel === "chat" ? gone(one.visitor, one.state === "wrapping") : null;
  return how && html`<p class="ev"><${Icon} name=${how.icon} /><span><b>${how.head}</b> ${how.next}</span></p>`;
}

/** @param {import("./frames.js").Message | undefined} before @param {import("./frames.js").Message} message */
function dayLine(before, message) {
  const zone = store.zone.value;
  const here = day(message.at, zone);
  if (before && day(before.at, zone) === here) return null;
  return html`<p class="day" key=${"day " + here}>${here}</p>`;
}

/** @param {{ message: import("./frames.js").Message, talk: import("./store.js").Talk, one: import("./frames.js").WithYou }} props */
function Line({ message, talk, one }) {
  const at = clock(message.at, store.zone.value);
  if (message.from === "line") {
    return html`<p class="ev"><${Icon} name="clock" />${at} ${message.text}</p>`;
  }
  if (store.theirs(message)) {
    return html`<div class="m v"><${Words} text=${message.text} /><small>${at}</small></div>`;
  }
  const by = message.from === "you" || !message.name || message.name === store.desk.value?.you.first ? "" : `${message.name}, `;
  return html`<div class="m a"><${Words} text=${message.text} /><${Sent} at=${at} by=${by} got=${one.channel === "chat" && message.seq <= talk.delivered.value && message.seq === lastOwn(talk)} delivery=${talk.deliveries.value[message.seq]} text=${one.channel === "sms"} /></div>`;
}

/** The last line of our own, under which stands what became of it. @param {import("./store.js").Talk} talk */
function lastOwn(talk) {
  return talk.messages.value.findLast((each) => each.from === "you" || each.from === "advisor")?.seq ?? 0;
}

/** `got`: the person's device has it, and all before it. @param {{ at: string, by: string, text: boolean, got: boolean, delivery?: { state: string, words: string } }} props */
function Sent({ at, by, text, got, delivery }) {
  if (delivery?.state === "refused") return html`<small class="bad"><${Icon} name="warn" />${delivery.words || "Not delivered"} ${at}</small>`;
  if (got || delivery?.state === "delivered") return html`<small><${Icon} name="ticks" />${by}Delivered ${at}</small>`;
  if (text && delivery?.state !== "sent") return html`<small><${Icon} name="clock" />${by}${delivery?.words || "Kept, leaving now"} ${at}</small>`;
  return html`<small><${Icon} name="tick" />${by}Sent ${at}</small>`;
}

/** Numbers stand apart, so that they read from left to right in any text. @param {string} text */
const withNumbers = (text) => text.split(NUMBER).map((part, at) => (at % 2 ? html`<bdi dir="ltr">${part}</bdi>` : part));

/** @param {{ text: string }} props */
function Words({ text }) {
  const folded = useSignal(text.length > FOLD || text.split("\n").length > 12);
  return html`<p dir="auto" class=${folded.value ? "folded" : ""}>${withNumbers(text)}</p>${folded.value && html`<button type="button" class="btn small bare" onClick=${() => { folded.value = false; }}>Show all of it</button>`}`;
}

/** @param {{ text: string, by: string, at: string }} props */
function Note({ text, by, at }) {
  return html`<div class="pn" role="note" aria-label="Private note"><header><${Icon} name="lock" />Private note, staff only.<time>${by}, ${at}</time></header><p dir="auto">${withNumbers(text)}</p></div>`;
}

/** @param {{ each: import("./frames.js").Pending, talk: import("./store.js").Talk }} props */
function Unsettled({ each, talk }) {
  const at = clock(each.at, store.zone.value);
  const failed = each.state === "not sent";
  const words = each.state === "sent" ? `Sent ${at}` : failed ? `Not sent. ${each.words}` : !store.live.value ? "Waits for the line" : each.words || (each.kind === "note" ? "Keeping" : "Sending");
  const foot = html`<small class=${failed ? "bad" : ""}><${Icon} name=${failed ? "warn" : each.state === "sent" ? "tick" : "clock"} />${words}</small>
    ${failed && html`<span class="again"><button type="button" class="btn small" onClick=${() => transmit(talk.id, each.client_id)}><${Icon} name="again" />Try again</button><button type="button" class="btn small bare" onClick=${() => takeBack(talk.id, each.client_id)}>Put it back in the box</button></span>`}`;
  if (each.kind === "note") {
    return html`<div class="pn pending" role="note" aria-label="Private note"><header><${Icon} name="lock" />Private note, staff only.</header><p dir="auto">${withNumbers(each.text)}</p>${foot}</div>`;
  }
  return html`<div class=${`m a ${each.state === "sent" ? "" : failed ? "failed" : "pending"}`}><p dir="auto">${withNumbers(each.text)}</p>${foot}</div>`;
}
