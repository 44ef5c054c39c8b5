// @ts-check
/**
 * The conversation as it is read: placed by seq, pending at the end, never cleared before its ack.
 * New lines are spoken once by a region of their own; the history is never read again.
 *
 * @typedef {import("./line.js").Frame} Frame
 */
import { $, icon, made, say, theirs, told } from "./words.js";

const FOLD = 12;

/**
 * The figures of a number keep their order inside words that run from right to left: without this
 * a browser shows 08081 570 142 backwards, group by group.
 */
function apart(/** @type {string} */ text) {
  return text.split(/(\+?\d[\d ()-]{3,}\d)/).map((part, at) => {
    if (at % 2 === 0) return part;
    const number = made("bdi", "", part);
    number.dir = "ltr";
    return number;
  });
}

export class Log {
  /** @param {(id: string) => void} again what "Try again" does */
  constructor(again) {
    this.again = again;
    this.root = $("log");
    this.newer = $("newer");
    /** @type {Map<string, HTMLElement>} */
    this.mine = new Map();
    this.last = 0;
    /** @type {HTMLElement | null} */
    this.dots = null;
    this.dotsTimer = 0;
    this.offline = false;
    this.stuck = true;
    this.root.addEventListener("scroll", () => {
      this.stuck = this.atEnd();
      if (this.stuck) this.newer.hidden = true;
    });
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.root);
    this.newer.addEventListener("click", () => this.toEnd());
  }

  get empty() {
    return !this.root.querySelector(".said");
  }

  /** A message with its place. Returns false when it stands here already. */
  add(/** @type {Frame} */ frame) {
    const own = frame.from === "you";
    if (frame.from === "line") {
      const line = made("p", "event", frame.text);
      line.dir = "auto";
      this.place(line, frame.seq || this.last);
      return true;
    }
    if (own && frame.client_id && this.mine.has(frame.client_id)) {
      this.sent(frame.client_id, frame);
      return false;
    }
    const who = own ? say("own") : frame.name || say("someone");
    const item = this.bubble(own ? "me" : "them", who, frame.text || "");
    if (own) {
      if (frame.client_id) this.mine.set(frame.client_id, item);
      this.note(item, "tick", say("sent"));
    }
    this.place(item, frame.seq || this.last);
    return true;
  }

  pending(/** @type {string} */ id, /** @type {string} */ text) {
    const item = this.bubble("me pending", say("own"), text);
    this.mine.set(id, item);
    this.place(item, Infinity);
    this.waiting(item);
    this.toEnd();
  }

  sent(/** @type {string} */ id, /** @type {Frame} */ frame) {
    const item = this.mine.get(id);
    if (!item) return;
    item.classList.remove("pending", "failed");
    this.note(item, "tick", say("sent"));
    this.place(item, frame.seq || this.last);
  }

  /** The words stay, and two ways on are offered. */
  failed(/** @type {string} */ id, /** @type {string} */ words) {
    const item = this.mine.get(id);
    if (!item || !item.matches(".pending, .failed")) return;
    item.classList.remove("pending");
    item.classList.add("failed");
    this.note(item, "warn", theirs(words) || say("not.sent"));
    const tries = made("div", "tries");
    const again = made("button", "btn");
    const call = made("a", "btn");
    again.setAttribute("type", "button");
    again.append(icon("i-again", "i"), say("try"));
    again.addEventListener("click", () => {
      item.classList.remove("failed");
      item.classList.add("pending");
      this.waiting(item);
      this.again(id);
    });
    call.setAttribute("href", "tel:" + told.dial);
    call.append(icon("i-phone", "i"), say("call"));
    tries.append(again, call);
    item.append(tries);
    this.toEnd();
  }

  /** What pending words say of themselves while the line is up or down. */
  link(/** @type {boolean} */ up) {
    this.offline = !up;
    if (!up) this.typing(false, "");
    this.mine.forEach((item) => item.classList.contains("pending") && this.waiting(item));
  }

  waiting(/** @type {HTMLElement} */ item) {
    this.note(item, "clock", say(this.offline ? "offline" : "sending"));
  }

  /** Nothing more can be sent: what did not go says so, and offers nothing it cannot do. */
  close() {
    this.root.querySelectorAll(".tries").forEach((tries) => tries.remove());
    this.mine.forEach((item) => {
      if (!item.matches(".pending")) return;
      item.classList.replace("pending", "failed");
      this.note(item, "warn", say("not.sent"));
    });
  }

  event(/** @type {string} */ words) {
    const line = made("p", "event", words);
    line.lang = document.documentElement.lang;
    line.dir = "auto";
    this.place(line, this.last);
  }

  /** In another language: what stands beside the words. What was said stays as it was said. */
  retell() {
    this.typing(false, "");
    this.mine.forEach((item, id) => {
      if (item.matches(".pending")) this.waiting(item);
      else if (item.matches(".failed")) this.failed(id, "");
      else this.note(item, "tick", say("sent"));
    });
  }

  typing(/** @type {boolean} */ on, /** @type {string} */ name) {
    clearTimeout(this.dotsTimer);
    if (this.dots) this.dots.remove();
    this.dots = null;
    if (!on) return;
    const stick = this.atEnd();
    const dots = made("span", "dots");
    dots.setAttribute("aria-hidden", "true");
    dots.append(made("i"), made("i"), made("i"));
    this.dots = made("div", "typing");
    this.dots.append(dots, say("typing", { name: name || say("someone") }));
    this.root.append(this.dots);
    this.dotsTimer = setTimeout(() => this.typing(false, ""), 8000);
    if (stick) this.toEnd();
  }

  /** Start again from an empty log; words without an ack stay. */
  clear(/** @type {boolean} */ all) {
    this.last = 0;
    for (const item of Array.from(this.root.children)) {
      if (all || !item.matches(".pending, .failed")) item.remove();
    }
    this.mine.forEach((item, id) => item.isConnected || this.mine.delete(id));
  }

  bubble(/** @type {string} */ kind, /** @type {string} */ who, /** @type {string} */ text) {
    const item = made("div", "said " + kind);
    const words = made("p");
    words.dir = "auto";
    words.append(...apart(text));
    item.append(made("b", "sr", who + ": "), words);
    if (text.length > 400 || text.split("\n").length > FOLD) {
      const open = made("button", "link", say("all"));
      open.setAttribute("type", "button");
      item.classList.add("folded");
      item.append(open);
      open.addEventListener("click", () => {
        item.classList.remove("folded");
        open.remove();
      });
    }
    return item;
  }

  note(/** @type {HTMLElement} */ item, /** @type {string} */ name, /** @type {string} */ words) {
    item.querySelectorAll("small, .tries").forEach((old) => old.remove());
    const small = made("small");
    small.append(icon("i-" + name, "i"), words);
    item.append(small);
  }

  /** Puts it before the first one that comes after it; what has no place yet stays at the end. */
  place(/** @type {HTMLElement} */ item, /** @type {number} */ at) {
    const stick = this.atEnd();
    item.dataset.at = String(at);
    if (at !== Infinity && at > this.last) this.last = at;
    let before = /** @type {HTMLElement | null} */ (null);
    for (const other of Array.from(this.root.children)) {
      const there = Number(/** @type {HTMLElement} */ (other).dataset.at || Infinity);
      if (other !== item && (there > at || other === this.dots)) {
        before = /** @type {HTMLElement} */ (other);
        break;
      }
    }
    this.root.insertBefore(item, before);
    if (stick) this.toEnd();
    else if (item.matches(".them")) this.newer.hidden = false;
  }

  atEnd() {
    const root = this.root;
    return root.scrollHeight - root.scrollTop - root.clientHeight < 60;
  }

  /** On a very low screen the log does not scroll by itself: the room around it does. */
  toEnd() {
    if (!this.root.isConnected) return;
    for (const room of [this.root, $("main")]) room.scrollTop = room.scrollHeight;
    this.newer.hidden = true;
  }
}
