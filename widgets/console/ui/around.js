// What an advisor and a lead ask of the house around them. The server decides each one.
import { announce } from "./announce.js";
import { choose, say } from "./acts.js";
import { ask, tell } from "./line.js";
import * as store from "./store.js";

/**
 * @typedef {import("./frames.js").Waiting} Waiting
 * @typedef {import("./frames.js").WithYou} WithYou
 * @typedef {import("./frames.js").Held} Held
 */

/** @param {Waiting} one */
export async function pull(one) {
  const answer = await tell(`pull ${one.contact}`, { t: "pull", contact: one.contact, offer_no: one.offer_no });
  if (answer.t === "done") choose(one.contact, true);
  return answer;
}

/** @param {string} reason */
export function rest(reason) {
  return tell("rest", { t: "rest", reason });
}

export async function back() {
  const answer = await tell("rest", { t: "back" });
  if (answer.t === "done") announce("You are here. The next offer may come.");
  return answer;
}

/** What the next one must know first stays between staff. @param {WithYou} one @param {{ staff?: string, hub?: string, first: string, pack: string }} to */
export async function hand(one, { staff = "", hub = "", first, pack }) {
  if (pack.trim() && one.conversation) say(one.conversation, pack.trim(), "note");
  const answer = await tell(`hand ${one.contact}`, { t: "hand", contact: one.contact, assignment_no: one.assignment_no, staff, hub });
  if (answer.t === "done" && hub) {
    store.given.add(one.contact);
    store.notice(`Handed to ${first}. It is first in line there.`);
  }
  return answer;
}

/** @param {WithYou} one */
export function holdOn(one) {
  store.given.add(`keeps ${one.contact}`);
  return tell(`hand ${one.contact}`, { t: "hold_on", contact: one.contact, assignment_no: one.assignment_no });
}

/** @param {Held} one */
export async function join(one) {
  const answer = await tell(`join ${one.contact}`, { t: "join", contact: one.contact });
  if (answer.t === "done") choose(one.contact);
  return answer;
}

/** @param {string} contact */
export function part(contact) {
  store.given.add(contact);
  return tell(`join ${contact}`, { t: "part", contact });
}

/** @param {Held} one */
export async function takeOver(one) {
  const answer = await tell(`take ${one.contact}`, { t: "take_over", contact: one.contact, assignment_no: one.assignment_no });
  if (answer.t === "done") choose(one.contact, true);
  return answer;
}

/** @param {Waiting} one @param {string} hub */
export function move(one, hub) {
  return tell(`move ${one.contact}`, { t: "move", contact: one.contact, offer_no: one.offer_no, hub });
}

/** @param {string} hub @param {string} reason @param {number} minutes */
export function pause(hub, reason, minutes) {
  return tell(`hub ${hub}`, { t: "pause", hub, reason, minutes });
}

/** @param {string} hub */
export function unpause(hub) {
  return tell(`hub ${hub}`, { t: "unpause", hub });
}

/** @param {string} staff @param {boolean} away */
export function setAway(staff, away) {
  return tell(`seat ${staff}`, { t: "away", staff, away });
}

/** The answer comes as a frame of its own, see store.explained. @param {string} contact */
export function explain(contact) {
  return ask(`explain ${contact}`, { t: "explain", contact });
}
