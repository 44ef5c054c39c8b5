// What goes over the line: asks that wait for their answer, words that wait for their receipt.
import { announce, interrupt } from "./announce.js";
import { openLine } from "./socket.js";
import * as store from "./store.js";

/**
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("./frames.js").Problem} Problem
 * @typedef {import("./frames.js").Done} Done
 */

/** @type {import("./socket.js").Wire | null} */
let wire = null;
let lastRe = 0;

/** @type {Map<number, { name: string, done: (answer: Done | Problem) => void }>} */
const asks = new Map();

/** @param {{ ticket: string, live: string, heard: (frame: Frame) => void }} options */
export function start({ ticket, live, heard }) {
  wire = openLine({ ticket, live, heard, moved });
  setInterval(() => {
    store.now.value = Date.now() + store.skew.value;
  }, 1000);
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
export async function tell(name, frame) {
  const answer = await ask(name, frame);
  if (answer.t === "error") {
    store.notice(answer.words, answer.code === "stale" ? "" : "danger");
    announce(answer.words);
  }
  return answer;
}

/** Gives an ask its answer. False when nobody asked. @param {number} re @param {Done | Problem} answer */
export function answer(re, answer) {
  const one = asks.get(re);
  one?.done(answer);
  return one !== undefined;
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

/** @param {string} conversation @param {boolean} on */
export function typing(conversation, on) {
  if (store.live.value) wire?.send({ t: "typing", conversation, on });
}

/** Whether the carrier can ring this browser. @param {boolean} ready */
export function device(ready) {
  if (store.live.value) wire?.send({ t: "device", ready });
}

/** @param {string} conversation */
export function read(conversation) {
  const talk = store.talk(conversation);
  lastRe += 1;
  wire?.send({ t: "open", re: lastRe, conversation, cursor: talk.cursor(), notes: talk.lastNote });
}
