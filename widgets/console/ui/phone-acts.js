// What an advisor does with a call that is talking. The server decides, and asks the carrier.
import { announce } from "./announce.js";
import { tell } from "./line.js";
import * as store from "./store.js";

/** @typedef {import("./frames.js").WithYou} WithYou */

/** Somebody holds it, and it is not only listened to. @param {WithYou | null} one */
export function mine(one) {
  return Boolean(one && one.channel === "voice" && one.state === "active" && !one.owner);
}

/** @param {WithYou | null} one */
export function talks(one) {
  return Boolean(one?.call && (one.call.state === "talking" || one.call.state === "on hold"));
}

/** Whether its buttons wait: there is no line to the desk, or the answer has not come. @param {string} name @param {WithYou} one */
export function waits(name, one) {
  return !store.live.value || store.asking.value.has(`${name} ${one.contact}`);
}

/** @param {WithYou} one */
export async function hold(one) {
  const on = !one.call?.hold;
  const answer = await tell(`hold ${one.contact}`, { t: "hold", contact: one.contact, on });
  if (answer.t === "done") announce(on ? "On hold. Nobody hears them." : "They are back with you.");
  return answer;
}

/** @param {WithYou} one */
export async function mute(one) {
  const on = !one.call?.muted;
  const answer = await tell(`mute ${one.contact}`, { t: "mute", contact: one.contact, on });
  if (answer.t === "done") announce(on ? "You are muted. You hear them still." : "They hear you again.");
  return answer;
}

/** @param {WithYou} one @param {{ kind: string, to: string, gender: string }} who */
export function addParty(one, who) {
  return tell(`add ${one.contact}`, { t: "add_party", contact: one.contact, said: true, ...who });
}

/** @param {WithYou} one @param {string} party */
export function dropParty(one, party) {
  return tell(`drop ${one.contact}`, { t: "drop_party", contact: one.contact, party });
}

/** @param {WithYou} one @param {"cold" | "begin" | "join" | "leave" | "cancel"} how @param {{ staff?: string, hub?: string }} [to] */
export function transfer(one, how, to = {}) {
  return tell(`transfer ${one.contact}`, { t: "transfer", contact: one.contact, how, ...to });
}

/** @param {{ contact: string }} one @param {"join" | "whisper" | "speak" | "leave"} how */
export function listen(one, how) {
  return tell(`listen ${one.contact}`, { t: "listen", contact: one.contact, how });
}

/** @param {WithYou} one @param {"phone" | "browser"} to */
export function changeLeg(one, to) {
  return tell(`leg ${one.contact}`, { t: "change_leg", contact: one.contact, to });
}

/** @param {WithYou} one */
export function silentKeys(one) {
  return tell(`keys ${one.contact}`, { t: "silent_keys", contact: one.contact });
}

/** @param {WithYou} one @param {string} question @param {"yes" | "no" | "nothing"} answer */
export async function silentAnswer(one, question, answer) {
  const kept = await tell(`answer ${one.contact}`, { t: "silent_answer", contact: one.contact, question, answer });
  if (kept.t === "done") announce("Kept in the record.");
  return kept;
}

/** @param {WithYou} one @param {"" | "abusive"} words */
export function endCall(one, words) {
  return tell(`end ${one.contact}`, { t: "end_call", contact: one.contact, words });
}

/** By what calls come from now on. @param {"phone" | "browser"} to */
export function chooseLeg(to) {
  return tell("leg", { t: "leg", to });
}
