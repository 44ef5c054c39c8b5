// What an advisor can do, and what each frame changes. The server decides; this only shows and asks.
import { batch, effect } from "/vendor/ui.js";
import { announce, interrupt } from "./announce.js";
import { newId } from "./ids.js";
import { openLine } from "./socket.js";
import * as store from "./store.js";

/**
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("./frames.js").Desk} Desk
 * @typedef {import("./frames.js").Offer} Offer
 * @typedef {import("./frames.js").Problem} Problem
 * @typedef {import("./frames.js").Done} Done
 */

/** @type {import("./socket.js").Wire | null} */
let wire = null;
let lastRe = 0;

/** @type {Map<number, { name: string, done: (answer: Done | Problem) => void }>} */
const asks = new Map();

/** Offers this desk has answered, as "contact/offer_no". @type {Set<string>} */
const answered = new Set();

/** @param {{ ticket: string, live: string }} addresses */
export function start(addresses) {
  wire = openLine({ ...addresses, heard, moved });
  setInterval(() => {
    store.now.value = Date.now() + store.skew.value;
  }, 1000);
  effect(() => {
    const waiting = store.desk.value?.waiting.length ?? 0;
    const offer = store.live.value ? store.desk.value?.offers[0] : undefined;
    const name = store.desk.value?.service.name;
    document.title = `${offer ? "Someone is at the door. " : waiting ? `(${waiting}) ` : ""}Desk${name ? `, ${name}` : ""}`;
  });
}

export function tryNow() {
  wire?.tryNow();
}

/** @param {import("./frames.js").Line} line */
function moved(line) {
  const before = store.line.value;
  store.line.value = line;
  if (line.state === "live" && before.state === "gone") announce("The line to the desk is back.");
  if (line.state !== "live") {
    if (before.state === "live") interrupt("The line to the desk dropped. Nothing is lost. Go on writing.");
    for (const one of asks.values()) {
      one.done({ t: "error", code: "unknown", words: "The line dropped before the answer came. Look, and press again." });
    }
    asks.clear();
    store.asking.value = new Set();
    for (const one of store.openTalks()) {
      one.opened.value = false;
      one.typing.value = false;
    }
  }
}

/** Sends an ask and waits for its answer. `name` marks the button that waits. @param {string} name @param {object} frame @returns {Promise<Done | Problem>} */
export function ask(name, frame) {
  lastRe += 1;
  const re = lastRe;
  if (!store.live.value || !wire?.send({ ...frame, re })) {
    return Promise.resolve({ t: "error", code: "no_line", words: "There is no line to the desk just now. Try again when it is back." });
  }
  store.asking.value = new Set([...store.asking.value, name]);
  return new Promise((resolve) => {
    asks.set(re, {
      name,
      done(answer) {
        asks.delete(re);
        const left = new Set(store.asking.value);
        left.delete(name);
        store.asking.value = left;
        resolve(answer);
      },
    });
  });
}

/** As `ask`, and a refusal becomes a notice. @param {string} name @param {object} frame */
async function tell(name, frame) {
  const answer = await ask(name, frame);
  if (answer.t === "error") {
    store.notice(answer.words, answer.code === "stale" ? "" : "danger");
    announce(answer.words);
  }
  return answer;
}

/** @param {boolean} on */
export function duty(on) {
  return tell("duty", { t: "duty", on });
}

/** @param {Offer} offer */
export async function accept(offer) {
  answered.add(`${offer.contact}/${offer.offer_no}`);
  const answer = await tell("offer", { t: "accept", contact: offer.contact, offer_no: offer.offer_no });
  if (answer.t === "done") choose(offer.contact, true);
}

/** @param {Offer} offer */
export async function decline(offer) {
  answered.add(`${offer.contact}/${offer.offer_no}`);
  const answer = await tell("offer", { t: "decline", contact: offer.contact, offer_no: offer.offer_no });
  if (answer.t === "done") store.notice("Passed on. You will not be asked again for this one unless you are alone.");
}

/** @param {import("./frames.js").WithYou} one */
export async function end(one) {
  const answer = await tell(`end ${one.contact}`, { t: "end", contact: one.contact, assignment_no: one.assignment_no });
  if (answer.t === "done" && store.chosen.value === one.contact) focusLater("wrap-support");
}

/** @param {import("./frames.js").WithYou} one @param {import("./frames.js").WrapDraft} draft */
export async function wrap(one, draft) {
  const answer = await tell(`wrap ${one.contact}`, {
    t: "wrap", contact: one.contact, assignment_no: one.assignment_no, ...draft,
  });
  if (answer.t === "done") {
    store.forgetWrap(one.contact);
    if (one.conversation) store.forget(one.conversation);
    announce("Kept in the contact log.");
    focusLater("talk-h");
  }
  return answer;
}

/** Brings a contact into the middle. @param {string} contact @param {boolean} [write] put the caret in its box */
export function choose(contact, write = false) {
  batch(() => {
    store.chosen.value = contact;
    store.tab.value = "talk";
    const id = store.withYou.value.find((one) => one.contact === contact)?.conversation;
    if (id) store.talk(id).unread.value = 0;
  });
  if (write) requestAnimationFrame(focusBox);
}

export function focusBox() {
  const box = document.getElementById("words") ?? document.getElementById("talk-h");
  box?.focus({ preventScroll: true });
}

/** After a press that took its own button away, focus goes to what it led to. @param {string} id */
function focusLater(id) {
  requestAnimationFrame(() => {
    if (!inField()) document.getElementById(id)?.focus({ preventScroll: true });
  });
}

export function inField() {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.matches("input, textarea, select") || at.isContentEditable);
}

/** @param {number} step */
export function chooseNext(step) {
  const all = store.withYou.value;
  if (!all.length) return;
  const at = all.findIndex((one) => one.contact === store.chosen.value);
  choose(all[(at + step + all.length) % all.length].contact, document.activeElement?.id === "words");
}

/** Words leave the box only to stand in the log as pending (S1). @param {string} conversation @param {string} text @param {"said" | "note"} kind */
export function say(conversation, text, kind) {
  const talk = store.talk(conversation);
  const client_id = newId();
  talk.pending.value = [...talk.pending.value, { client_id, text, kind, at: Date.now() + store.skew.value, state: "sending", words: "", seq: 0 }];
  transmit(conversation, client_id);
}

/** Again, by the same id: the server keeps it once. @param {string} conversation @param {string} client_id */
export function transmit(conversation, client_id) {
  const talk = store.talk(conversation);
  const one = talk.pending.value.find((each) => each.client_id === client_id);
  if (!one || one.state === "sent") return;
  talk.change(client_id, { state: "sending", words: "" });
  if (store.live.value && talk.opened.value) {
    wire?.send({ t: one.kind === "note" ? "note" : "say", conversation, client_id, text: one.text });
  }
}

/** The words go back into the box, to be changed. @param {string} conversation @param {string} client_id */
export function takeBack(conversation, client_id) {
  const talk = store.talk(conversation);
  const one = talk.pending.value.find((each) => each.client_id === client_id);
  if (!one) return;
  batch(() => {
    const draft = talk.drafts[one.kind];
    draft.value = draft.value.trim() ? `${one.text}\n${draft.value}` : one.text;
    talk.mode.value = one.kind;
    talk.settle(client_id);
  });
  requestAnimationFrame(focusBox);
}

/** @param {string} conversation @param {boolean} on */
export function typing(conversation, on) {
  if (store.live.value) wire?.send({ t: "typing", conversation, on });
}

/** @param {string} conversation */
function read(conversation) {
  const talk = store.talk(conversation);
  lastRe += 1;
  wire?.send({ t: "open", re: lastRe, conversation, cursor: talk.cursor(), notes: talk.lastNote });
}

/** @param {Frame} frame */
function heard(frame) {
  switch (frame.t) {
    case "desk":
      return batch(() => show(frame));
    case "welcome":
      store.talk(frame.conversation).begin(frame);
      for (const one of store.talk(frame.conversation).pending.value) {
        if (one.state === "sending") transmit(frame.conversation, one.client_id);
      }
      return;
    case "message":
      return placed(frame);
    case "note":
      return store.talk(frame.conversation).placeNote(frame);
    case "ack":
      return batch(() => store.talk(frame.conversation).acked(frame, store.desk.value?.you.first ?? ""));
    case "typing":
      store.talk(frame.conversation).typing.value = frame.on;
      return;
    case "delivery": {
      const talk = store.talk(frame.conversation);
      talk.deliveries.value = { ...talk.deliveries.value, [frame.seq]: { state: frame.state, words: frame.words ?? "" } };
      return;
    }
    case "done":
      return asks.get(frame.re)?.done(frame);
    case "error":
      return refused(frame);
    default:
  }
}

/** @param {import("./frames.js").Message} message */
function placed(message) {
  if (!store.withYou.value.some((one) => one.conversation === message.conversation)) return;
  const talk = store.talk(message.conversation);
  if (!talk.place(message)) return read(message.conversation);
  const fresh = talk.opened.value && talk.countFrom >= 0 && message.seq > talk.countFrom;
  if (!fresh || !store.theirs(message)) return;
  const shown = store.current.value?.conversation === message.conversation;
  if (!shown || store.tab.value !== "talk" || document.hidden) talk.unread.value += 1;
  const who = store.withYou.value.find((one) => one.conversation === message.conversation)?.label ?? "";
  announce(shown ? message.text : `${who}: a new message`);
}

/** @param {Problem} problem */
function refused(problem) {
  if (problem.re !== undefined && asks.has(problem.re)) return asks.get(problem.re)?.done(problem);
  if (problem.client_id) {
    for (const talk of store.openTalks()) {
      if (!talk.pending.value.some((one) => one.client_id === problem.client_id)) continue;
      const id = problem.client_id;
      if (problem.after || problem.code === "unknown") {
        talk.change(id, { words: problem.words });
        setTimeout(() => transmit(talk.id, id), (problem.after ?? 1) * 1000);
      } else {
        talk.change(id, { state: "not sent", words: problem.words });
        interrupt(`Not sent. ${problem.words}`);
      }
    }
    return;
  }
  store.notice(problem.words, "danger");
}

/** @param {Desk} next */
function show(next) {
  const before = store.desk.peek();
  store.skew.value = Date.parse(next.now) - Date.now();
  store.now.value = Date.parse(next.now);
  if (before) {
    lapsed(before, next);
    handedOver(before, next);
  }
  store.desk.value = next;
  for (const one of next.with_you) {
    if (one.conversation && !store.talk(one.conversation).opened.peek()) read(one.conversation);
  }
  const chosen = store.chosen.peek();
  if (chosen && !next.with_you.some((one) => one.contact === chosen)) store.chosen.value = null;
  if (!store.chosen.peek() && next.with_you.length) store.chosen.value = next.with_you[0].contact;
  if (!next.with_you.length && before?.with_you.length) store.tab.value = "queue";
}

/** A contact that went to a colleague: words that never left are shown once more. @param {Desk} before @param {Desk} next */
function handedOver(before, next) {
  for (const old of before.with_you) {
    if (!old.conversation || next.with_you.some((one) => one.contact === old.contact)) continue;
    const talk = store.talk(old.conversation);
    const words = [...talk.pending.peek().filter((one) => one.state !== "sent").map((one) => one.text), talk.drafts.said.peek(), talk.drafts.note.peek()];
    const left = words.map((one) => one.trim()).filter(Boolean);
    if (old.state === "active") {
      store.notice(`${old.label} is with a colleague now.${left.length ? ` Not sent: “${left.join("” “")}”` : ""}`, "lamp");
    }
    store.forget(old.conversation);
  }
}

/** Says where an offer went that this desk did not answer. @param {Desk} before @param {Desk} next */
function lapsed(before, next) {
  for (const old of before.offers) {
    const key = `${old.contact}/${old.offer_no}`;
    if (answered.has(key) || next.offers.some((one) => `${one.contact}/${one.offer_no}` === key)) continue;
    if (next.with_you.some((one) => one.contact === old.contact)) continue;
    const what = { chat: "chat", voice: "call", sms: "text" }[old.channel];
    const to = next.waiting.find((one) => one.contact === old.contact)?.offered_to;
    const late = Date.parse(next.now) >= Date.parse(old.until) - 1000;
    const where = to ? `went to ${to}` : "went on";
    store.notice(
      late
        ? `The ${what} from ${old.hub_name} ${where} after ${old.seconds} s. Are you there?`
        : `The ${what} from ${old.hub_name} ${to ? where : "is settled"}. Nothing for you to do.`,
      late ? "lamp" : "",
    );
  }
}
