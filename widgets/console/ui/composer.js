// The box. A draft belongs to its conversation and its mode; switching keeps both.
import { html, useEffect, useLayoutEffect, useRef } from "/vendor/ui.js";
import { say } from "./acts.js";
import { Icon } from "./icons.js";
import { typing } from "./line.js";
import * as store from "./store.js";
import { clock } from "./time.js";

const LONGEST = 4000;
const FIRST = "First ask: is it safe for you to write just now?";
const BY_TEXT = "In danger: 999 by phone, then 55. A text to 999 works only from a phone registered for it before.";
const TYPING_EVERY = 3000;

/** @param {{ talk: import("./store.js").Talk, one: import("./frames.js").WithYou }} props */
export function Composer({ talk, one }) {
  const onlyNotes = one.channel === "voice";
  const mode = onlyNotes ? "note" : talk.mode.value;
  const closed = mode === "said" && one.reply !== null && !one.reply.ok;
  return html`<div class=${"write " + mode} data-region>
    <div class="modes" role="tablist" aria-label="Write">
      ${!onlyNotes && html`<${Mode} talk=${talk} kind="said" on=${mode === "said"}><span>Reply to <bdi>${one.label}</bdi></span> <kbd>Alt L</kbd></${Mode}>`}
      <${Mode} talk=${talk} kind="note" on=${mode === "note"}><${Icon} name="lock" />Private note <kbd>Alt P</kbd></${Mode}>
      <${Permit} reply=${one.reply} mode=${mode} />
    </div>
    <div id="box" role="tabpanel" aria-labelledby=${"mode-" + mode}>
    ${closed
      ? html`<p class="refused" role="status"><${Icon} name="shield" /><b>${one.reply?.words}</b><span>A private note can still be kept.</span></p>`
      : html`<${Box} key=${talk.id + mode} talk=${talk} mode=${mode} />`}
    ${one.channel === "sms" && mode === "said" && html`<p class="meta by-text">${BY_TEXT}</p>`}
    </div>
  </div>`;
}

/** @param {{ talk: import("./store.js").Talk, kind: "said" | "note", on: boolean, children?: any }} props */
function Mode({ talk, kind, on, children }) {
  /** @param {KeyboardEvent} event */
  const arrows = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const other = kind === "said" ? "note" : "said";
    talk.mode.value = other;
    requestAnimationFrame(() => document.getElementById("mode-" + other)?.focus());
  };
  return html`<button type="button" role="tab" id=${"mode-" + kind} aria-controls="box" aria-selected=${String(on)} tabindex=${on ? 0 : -1} onClick=${() => { talk.mode.value = kind; }} onKeyDown=${arrows}>${children}</button>`;
}

/** @param {{ reply: import("./frames.js").Reply | null, mode: string }} props */
function Permit({ reply, mode }) {
  if (mode === "note") return html`<span class="meta">Staff only. Nobody outside sees it.</span>`;
  if (!reply?.ok) return null;
  return html`<span class="meta">${reply.until ? `You may reply until ${clock(reply.until, store.zone.value)}` : reply.words}</span>`;
}

/** @param {{ talk: import("./store.js").Talk, mode: "said" | "note" }} props */
function Box({ talk, mode }) {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const said = useRef(0);
  const draft = talk.drafts[mode];
  const text = draft.value;
  const over = Array.from(text).length - LONGEST;
  const quiet = () => {
    if (!said.current) return;
    said.current = 0;
    typing(talk.id, false);
  };
  // A box that goes away says that nobody writes; notes never say that somebody does.
  useEffect(() => quiet, []);
  useEffect(() => {
    if (mode !== "said" || !text) return undefined;
    const stop = setTimeout(quiet, TYPING_EVERY * 2);
    return () => clearTimeout(stop);
  }, [text]);
  useLayoutEffect(() => {
    const box = /** @type {HTMLTextAreaElement} */ (field.current);
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  }, [text]);

  /** @param {Event} event */
  const typed = (event) => {
    draft.value = /** @type {HTMLTextAreaElement} */ (event.target).value;
    if (mode !== "said") return;
    if (!draft.value) return quiet();
    if (Date.now() - said.current > TYPING_EVERY) {
      said.current = Date.now();
      typing(talk.id, true);
    }
  };
  const send = () => {
    const words = text.trim();
    if (!words || over > 0) return;
    said.current = 0;
    say(talk.id, words, mode);
    draft.value = "";
    field.current?.focus();
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const note = mode === "note";
  const first = !note && !talk.messages.value.some((each) => !store.theirs(each) && each.from !== "line");
  return html`<div class="box"><textarea id="words" rows="2" dir="auto" aria-label=${note ? "Private note, staff only" : "Your words"} placeholder=${first ? FIRST : undefined} aria-describedby=${over > -400 ? "too-long" : undefined} aria-invalid=${over > 0 ? "true" : undefined} value=${text} ref=${field} onInput=${typed} onKeyDown=${pressed} autocomplete="off" spellcheck></textarea><button type="button" class="btn go" aria-disabled=${!text.trim() || over > 0 ? "true" : undefined} onClick=${send}><${Icon} name=${note ? "lock" : "send"} flip=${!note} /><span>${note ? "Keep note" : "Send"}</span></button></div>
    <p class="hints">${over > -400
      ? html`<span id="too-long" class=${over > 0 ? "bad" : ""}>${over > 0 ? `${over} characters too many. Send it in two parts.` : `${-over} characters left`}</span>`
      : html`<span><kbd>Enter</kbd> ${note ? "keeps" : "sends"}</span><span><kbd>Shift Enter</kbd> new line</span><span><kbd>?</kbd> all keys</span>`}</p>`;
}
