// What each frame changes. The server decides; this only shows.
import { batch } from "/vendor/ui.js";
import { announce, interrupt } from "./announce.js";
import { answer, read, transmit } from "./line.js";
import { beat } from "./softphone.js";
import * as store from "./store.js";

/**
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("./frames.js").Desk} Desk
 * @typedef {import("./frames.js").Problem} Problem
 */

/** @param {Frame} frame */
export function heard(frame) {
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
    case "delivered": {
      const got = store.talk(frame.conversation).delivered;
      if (frame.seq > got.peek()) got.value = frame.seq;
      return;
    }
    case "went":
      store.went.set(frame.contact, frame.to);
      return;
    case "explained":
      store.explained.value = frame;
      return;
    case "needed":
      store.needed.value = frame;
      return;
    case "delivery": {
      const talk = store.talk(frame.conversation);
      talk.deliveries.value = { ...talk.deliveries.value, [frame.seq]: { state: frame.state, words: frame.words ?? "" } };
      return;
    }
    case "beat":
      return beat();
    case "done":
      answer(frame.re, frame);
      return;
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
  if (problem.re !== undefined && answer(problem.re, problem)) return;
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
    notTaken(before, next);
    asksAfter(before, next);
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
    store.moveOn(old.contact);
    const to = store.went.get(old.contact);
    store.went.delete(old.contact);
    if (store.given.delete(old.contact)) {
      if (left.length) store.notice(`Not sent: “${left.join("” “")}”`, "lamp");
    } else if (old.state === "active" && !old.owner) {
      const where = to === "" ? "is first in line again" : `is with ${to || old.handing_to || "a colleague"} now`;
      const said = `${old.label} ${where}.`;
      store.notice(`${said} ${left.length ? `Not sent: “${left.join("” “")}”` : "Nothing for you to do."}`, "lamp");
      announce(said);
    }
    store.forget(old.conversation);
  }
}

/** A colleague did not take over: it stays here. @param {Desk} before @param {Desk} next */
function notTaken(before, next) {
  for (const old of before.with_you) {
    const here = next.with_you.find((one) => one.contact === old.contact);
    if (!old.handing_to || !here || here.handing_to || here.state !== "active") continue;
    if (store.given.delete(`keeps ${old.contact}`)) continue;
    const said = `${old.handing_to} did not take ${old.label} over. It is still with you.`;
    store.notice(said, "lamp", old.contact);
    announce(said);
  }
}

/** Once, when it is asked: not again each second. @param {Desk} before @param {Desk} next */
function asksAfter(before, next) {
  if (next.you.checking && !before.you.checking) interrupt("Are you there? Two offers went by. Alt B says that you are here.");
}

/** Says where an offer went that this desk did not answer. @param {Desk} before @param {Desk} next */
function lapsed(before, next) {
  for (const old of before.offers) {
    const key = `${old.contact}/${old.offer_no}`;
    if (store.answered.has(key) || next.offers.some((one) => `${one.contact}/${one.offer_no}` === key)) continue;
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
