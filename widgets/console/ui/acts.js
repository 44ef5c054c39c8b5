// What an advisor can do. Each is asked of the server, which decides.
import { batch } from "/vendor/ui.js";
import { announce } from "./announce.js";
import { newId } from "./ids.js";
import { tell, transmit } from "./line.js";
import * as store from "./store.js";

/** @typedef {import("./frames.js").Offer} Offer */

/** @param {boolean} on */
export function duty(on) {
  return tell("duty", { t: "duty", on });
}

/** @param {Offer} offer */
export async function accept(offer) {
  store.answered.add(`${offer.contact}/${offer.offer_no}`);
  const answer = await tell("offer", { t: "accept", contact: offer.contact, offer_no: offer.offer_no });
  if (answer.t === "done") choose(offer.contact, true);
}

/** @param {Offer} offer */
export async function decline(offer) {
  store.answered.add(`${offer.contact}/${offer.offer_no}`);
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

/** @param {number} step */
export function chooseNext(step) {
  const all = store.withYou.value;
  if (!all.length) return;
  const at = all.findIndex((one) => one.contact === store.chosen.value);
  choose(all[(at + step + all.length) % all.length].contact, document.activeElement?.id === "words");
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

/** Words leave the box only to stand in the log as pending (S1). @param {string} conversation @param {string} text @param {"said" | "note"} kind */
export function say(conversation, text, kind) {
  const talk = store.talk(conversation);
  const client_id = newId();
  talk.pending.value = [...talk.pending.value, { client_id, text, kind, at: Date.now() + store.skew.value, state: "sending", words: "", seq: 0 }];
  transmit(conversation, client_id);
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
