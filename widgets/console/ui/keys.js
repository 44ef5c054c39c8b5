// Every action has a key. Single letters work only while an offer rings and no field has focus.
import { html, signal } from "/vendor/ui.js";
import { knowThem } from "./apart.js";
import { accept, chooseNext, decline, focusBox, inField } from "./acts.js";
import { back } from "./around.js";
import { Dialog } from "./dialog.js";
import { hold, listen, mine, mute, talks } from "./phone-acts.js";
import { open } from "./sheet.js";
import { heardAnswer, openSilent } from "./silent.js";
import { answer } from "./softphone.js";
import * as store from "./store.js";
import { askEnd } from "./talk.js";

const KEPT = "frontdoor single keys";
const shown = signal(false);
const single = signal(remembered());

function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

/** @type {[string, string][]} */
const ALL = [
  ["A", "Accept the offer, while it rings"],
  ["D", "Decline the offer, while it rings"],
  ["Alt J", "Next conversation"],
  ["Alt K", "Conversation before"],
  ["Alt L", "Reply"],
  ["Alt P", "Private note"],
  ["Enter", "Send, or keep the note"],
  ["Shift Enter", "New line"],
  ["Alt E", "End and wrap up"],
  ["Alt A", "Answer the call that rings in this browser"],
  ["Alt 1", "Hold the caller, and back"],
  ["Alt 2", "Mute, and back"],
  ["Alt 3", "Transfer the call, or hand over"],
  ["Alt 4", "Add a person to the call"],
  ["Alt 5", "Who is on the line"],
  ["Alt S", "They cannot speak: questions for yes and no"],
  ["Alt 7, 8, 9", "Heard: once for yes, twice for no, nothing"],
  ["Alt 0", "End the call"],
  ["Alt N", "Need: change what is known"],
  ["Alt M", "Must not meet: you, or a hub"],
  ["Alt B", "Break, with a reason; then Back, or I am here"],
  ["Alt U", "See who waits longest, and pull"],
  ["F6", "Next part of the desk"],
  ["Esc", "Close what is on top; never ends a talk"],
  ["?", "All keys"],
];

/** @param {"said" | "note"} mode */
function write(mode) {
  const id = store.current.value?.conversation;
  if (!id) return;
  store.talk(id).mode.value = mode;
  store.tab.value = "talk";
  requestAnimationFrame(focusBox);
}

function nextRegion() {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-region]")]).filter((one) => one.offsetParent !== null);
  const at = all.findIndex((one) => one.contains(document.activeElement));
  const next = all[(at + 1) % all.length];
  const into = next?.matches(".write") ? next.querySelector("textarea") : next;
  if (into instanceof HTMLElement) into.focus();
}

function breakOrBack() {
  const you = store.desk.value?.you;
  if (!you?.on_duty || !store.live.value) return;
  if (you.checking || you.resting) back();
  else open("rest");
}

/** @param {"need" | "apart"} kind */
function sheetOf(kind) {
  const one = store.current.value;
  if (one?.state === "active" && !one.owner && store.live.value) open(kind, one.contact);
}

function longest() {
  const waiting = store.desk.value?.waiting ?? [];
  const free = waiting.filter((one) => !one.offered_to);
  const first = (free.length ? free : waiting).toSorted((a, b) => a.since.localeCompare(b.since))[0];
  if (first) open("waits", first.contact);
}

/** @param {(call: import("./frames.js").WithYou) => void} act */
function onTheLine(act) {
  const call = store.call.value;
  if (call && talks(call) && store.live.value) act(call);
}

/** Mute for whoever holds the call; for a lead on it, heard by the advisor alone. @param {import("./frames.js").WithYou} call */
function quiet(call) {
  if (mine(call)) mute(call);
  else listen(call, call.call?.legs.find((leg) => leg.you)?.coaching ? "speak" : "whisper");
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  const one = store.current.value;
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    /** @type {Record<string, () => void>} */
    const alt = {
      KeyJ: () => chooseNext(1),
      KeyK: () => chooseNext(-1),
      KeyL: () => write("said"),
      KeyP: () => write("note"),
      KeyE: () => { if (one?.state === "active" && !one.owner && store.live.value) askEnd(one); },
      KeyN: () => sheetOf("need"),
      KeyM: () => {
        const offer = store.desk.value?.offers[0];
        if (offer && store.live.value) knowThem(offer);
        else sheetOf("apart");
      },
      KeyB: breakOrBack,
      KeyU: longest,
      KeyA: answer,
      KeyS: () => openSilent(store.call.value),
      Digit1: () => onTheLine((call) => { if (!call.owner && !call.call?.transfer) hold(call); }),
      Digit2: () => onTheLine(quiet),
      Digit4: () => onTheLine((call) => { if (!call.owner) open("add", call.contact); }),
      Digit5: () => onTheLine((call) => open("line", call.contact)),
      Digit7: () => { heardAnswer(store.call.value, "yes"); },
      Digit8: () => { heardAnswer(store.call.value, "no"); },
      Digit9: () => { heardAnswer(store.call.value, "nothing"); },
      Digit3: () => {
        const call = store.call.value;
        if (call && call === one && mine(call) && talks(call) && !call.call?.transfer && store.live.value) open("transfer", call.contact);
        else if (one?.state === "active" && one.channel !== "voice" && !one.owner && !one.handing_to && store.live.value) open("hand", one.contact);
      },
      Digit0: () => { if (store.call.value && store.live.value) askEnd(store.call.value); },
    };
    const act = alt[event.code];
    if (act) {
      event.preventDefault();
      act();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "F6") {
    event.preventDefault();
    nextRegion();
    return;
  }
  if (!single.value || inField() || event.repeat) return;
  if (event.key === "?") {
    event.preventDefault();
    shown.value = true;
    return;
  }
  const offer = store.desk.value?.offers[0];
  if (!offer || !store.live.value || store.asking.value.has("offer")) return;
  if (event.key === "a" || event.key === "A") accept(offer);
  if (event.key === "d" || event.key === "D") decline(offer);
}

export function listenForKeys() {
  addEventListener("keydown", pressed);
}

/** @param {Event} event */
function switched(event) {
  single.value = /** @type {HTMLInputElement} */ (event.target).checked;
  try {
    localStorage.setItem(KEPT, single.value ? "on" : "off");
  } catch {
    // For this page only.
  }
}

export function KeyMap() {
  if (!shown.value) return null;
  const close = () => { shown.value = false; };
  return html`<${Dialog} label="keys-h" close=${close}>
    <h2 id="keys-h">All keys</h2>
    <dl class="keymap" tabindex="0">${ALL.map(([key, does]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`)}</dl>
    <label class="check"><input type="checkbox" checked=${single.value} onChange=${switched} />Single keys A, D and ? work</label>
    <div class="acts"><button type="button" class="btn go" autofocus onClick=${close}>Close</button></div>
  </${Dialog}>`;
}

export function showKeys() {
  shown.value = true;
}
