// The ring: two soft notes while an offer waits. A browser lets a page sound only after a press.
import { effect, signal } from "/vendor/ui.js";
import { desk, live } from "./store.js";

const KEPT = "frontdoor ring";
const EVERY = 2600;

export const ringOn = signal(remembered());

/** "ready", or "asleep" until someone presses something. */
export const ringState = signal(/** @type {"ready" | "asleep"} */ ("asleep"));

/** @type {AudioContext | null} */
let audio = null;
let where = "";

function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

/** Called from a press. */
export async function wake() {
  try {
    if (!audio) {
      audio = new AudioContext();
      if (where) await ringAt(where);
    }
    if (audio.state === "suspended") await audio.resume();
    ringState.value = audio.state === "running" ? "ready" : "asleep";
  } catch {
    ringState.value = "asleep";
  }
}

/** @param {AudioContext} out @param {number} pitch @param {number} at @param {number} length */
function note(out, pitch, at, length) {
  const tone = out.createOscillator();
  const level = out.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  level.gain.setValueAtTime(0, at);
  level.gain.linearRampToValueAtTime(0.22, at + 0.03);
  level.gain.exponentialRampToValueAtTime(0.001, at + length);
  tone.connect(level).connect(out.destination);
  tone.start(at);
  tone.stop(at + length);
}

/** @type {Set<string>} */
const reasons = new Set();
const ringing = signal(false);

/** The ring goes on while somebody waits at the door, or a call rings here. @param {string} why @param {boolean} on */
export function ringFor(why, on) {
  if (on) reasons.add(why);
  else reasons.delete(why);
  ringing.value = reasons.size > 0;
}

/** Where it rings: a device id of this computer, "" for its usual one. @param {string} id */
export async function ringAt(id) {
  where = id;
  const out = /** @type {(AudioContext & { setSinkId?: (id: string) => Promise<void> }) | null} */ (audio);
  await out?.setSinkId?.(id).catch(() => undefined);
}

export function ringOnce() {
  if (!audio || audio.state !== "running") return;
  note(audio, 660, audio.currentTime, 0.45);
  note(audio, 528, audio.currentTime + 0.28, 0.6);
}

export async function test() {
  await wake();
  ringOnce();
}

/** @param {boolean} on */
export function setRing(on) {
  ringOn.value = on;
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // Kept for this page only.
  }
}

export function ringWhileOffered() {
  const first = () => wake();
  addEventListener("pointerdown", first, { once: true });
  addEventListener("keydown", first, { once: true });
  effect(() => {
    ringFor("offer", live.value && (desk.value?.offers.length ?? 0) > 0);
  });
  effect(() => {
    if (!ringing.value || !ringOn.value || ringState.value !== "ready") return undefined;
    ringOnce();
    const beat = setInterval(ringOnce, EVERY);
    return () => clearInterval(beat);
  });
}
