// The phone in this browser: made ready when it is chosen, rung, answered. What it is made of is
// fetched only then: the carrier's SDK, or the rehearsal's table where there is no account.
import { effect, signal, untracked } from "/vendor/ui.js";
import { announce, interrupt } from "./announce.js";
import { device as tellDevice } from "./line.js";
import { ringAt, ringFor } from "./sound.js";
import * as store from "./store.js";

/**
 * @typedef {"off" | "starting" | "ready" | "ringing" | "talking" | "lost"} State
 * @typedef {{ identity: string, token: string, seconds: number, rehearsed: boolean }} Pass
 * @typedef {{ ready(): void, rings(): void, talks(): void, over(): void, lost(words: string): void, expires(): void }} Heard
 * @typedef {{ answer(): void, decline(): void, renew(pass: Pass): void, output(id: string): void, input(id: string): void, close(): void }} Made
 */

export const softphone = signal(/** @type {{ state: State, words: string }} */ ({ state: "off", words: "" }));

/** Where it rings and what it listens to: device ids of this computer, "" for its usual ones. */
export const outputId = signal(remembered("frontdoor output"));
export const inputId = signal(remembered("frontdoor input"));

const AGAIN = 5000;

/** @type {Made | null} */
let made = null;
/** Each start has a number: what an older one still says is not heard. */
let turn = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let renewing;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retrying;

/** @param {string} key */
function remembered(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} key @param {string} value */
function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Kept for this page only.
  }
}

/** @param {State} state @param {string} [words] */
function be(state, words = "") {
  softphone.value = { state, words };
}

/** Whether the carrier can ring this browser now. */
function ready() {
  const { state } = softphone.value;
  return state === "ready" || state === "ringing" || state === "talking";
}

/** Said with every beat, so that a phone that died is known within the lease. */
export function beat() {
  if (softphone.peek().state !== "off") tellDevice(ready());
}

/** Follows what was chosen: the phone is there while calls are to come by it, and only then. */
export function keepPhone() {
  effect(() => {
    const you = store.desk.value?.you;
    const wanted = Boolean(you?.on_duty && you.phone.leg === "browser" && you.phone.browsers);
    untracked(() => {
      if (wanted && softphone.value.state === "off") start();
      if (!wanted && store.desk.value && softphone.value.state !== "off" && softphone.value.state !== "talking") stop();
    });
  });
  effect(() => {
    const now = ready();
    if (store.live.value && softphone.value.state !== "off") tellDevice(now);
  });
  effect(() => ringFor("call", softphone.value.state === "ringing"));
  effect(() => { ringAt(outputId.value); });
}

/** A pass for this browser, for whoever is signed in and on shift. @returns {Promise<Pass>} */
async function pass() {
  const answer = await fetch("/console/phone/token", { method: "POST" });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.words ?? "");
  return said;
}

export async function start() {
  turn += 1;
  const mineNow = turn;
  clearTimeout(retrying);
  be("starting");
  try {
    const given = await pass();
    const maker = given.rehearsed ? await import("./softphone-table.js") : await import("./softphone-sdk.js");
    if (turn !== mineNow) return;
    made = await maker.open(given, heard(mineNow), { output: outputId.peek(), input: inputId.peek() });
    if (turn !== mineNow) made.close();
    else renewAfter(given.seconds);
  } catch (problem) {
    if (turn === mineNow) gone(problem instanceof Error && problem.message ? problem.message : "The browser phone did not start.");
  }
}

/** @param {number} mineNow @returns {Heard} */
function heard(mineNow) {
  /** @param {() => void} then */
  const ours = (then) => () => {
    if (turn === mineNow) then();
  };
  return {
    ready: ours(() => { if (softphone.peek().state !== "talking") be("ready"); }),
    rings: ours(() => {
      be("ringing");
      interrupt("Your call rings here. Alt A answers.");
    }),
    talks: ours(() => be("talking")),
    over: ours(() => be("ready")),
    expires: ours(renew),
    lost: (words) => { if (turn === mineNow) gone(words); },
  };
}

/** It died: said at once, and tried again by itself. @param {string} words */
function gone(words) {
  made?.close();
  made = null;
  clearTimeout(renewing);
  if (softphone.peek().state !== "lost") announce(`${words} Calls ring your own phone meanwhile.`);
  be("lost", words);
  retrying = setTimeout(() => { if (softphone.peek().state === "lost") start(); }, AGAIN);
}

export function stop() {
  turn += 1;
  clearTimeout(renewing);
  clearTimeout(retrying);
  made?.close();
  made = null;
  be("off");
}

/** By our own clock as well: the SDK's word has been seen to come only once. @param {number} seconds */
function renewAfter(seconds) {
  clearTimeout(renewing);
  renewing = setTimeout(renew, seconds * 750);
}

async function renew() {
  const mineNow = turn;
  try {
    const given = await pass();
    if (turn !== mineNow) return;
    made?.renew(given);
    renewAfter(given.seconds);
  } catch (problem) {
    // A call that goes on keeps its leg (S13); the next one needs a pass.
    if (turn === mineNow && softphone.peek().state !== "talking") gone(problem instanceof Error ? problem.message : "");
    else renewAfter(40);
  }
}

export function answer() {
  if (softphone.peek().state === "ringing") made?.answer();
}

export function decline() {
  if (softphone.peek().state === "ringing") made?.decline();
}

/** @param {string} id */
export function chooseOutput(id) {
  outputId.value = id;
  keep("frontdoor output", id);
  made?.output(id);
}

/** @param {string} id */
export function chooseInput(id) {
  inputId.value = id;
  keep("frontdoor input", id);
  made?.input(id);
}
