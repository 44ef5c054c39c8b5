// @ts-check
/**
 * The chat line, protocol v1: says hello, keeps every word until it is acknowledged, and comes
 * back by itself with one cursor (epoch, seq). It holds the token in memory and draws nothing.
 *
 * @typedef {{epoch: string | number, seq: number}} Cursor
 * @typedef {{crime: string, area: string, age: string}} Need
 * @typedef {{t: string, conversation?: string, token?: string, epoch?: string | number,
 *   seq?: number, reset?: boolean, client_id?: string, from?: string, name?: string | null,
 *   text?: string, at?: string, on?: boolean, state?: string, place?: number | null,
 *   minutes?: number[] | null, rung?: number, rungs?: number, number?: string, how?: string,
 *   code?: string, words?: string, after?: number, id?: string, number_ends?: string,
 *   by?: string}} Frame
 * @typedef {{number: string, when: string, voicemail: boolean, say: string, who: string}} Wish
 * @typedef {{id: string, text: string, failed: boolean, held: boolean, timer: number, since: number}} Pending
 * @typedef {{
 *   link: (up: boolean, nextIn: number) => void,
 *   welcome: (reset: boolean) => void,
 *   message: (frame: Frame) => void,
 *   sent: (id: string, frame: Frame) => void,
 *   failed: (id: string, words: string, code: string) => void,
 *   typing: (on: boolean, name: string) => void,
 *   state: (frame: Frame) => void,
 *   slow: (after: number) => void,
 *   turned: (words: string, code: string, number: string) => void,
 *   refused: () => void,
 *   promised?: (id: string, frame: Frame) => void,
 *   unpromised?: (id: string, words: string, code: string) => void,
 * }} Listener
 */
import { Poll } from "./poll.js";

export const SLOWEST = 5;
const PATIENCE = 8000;
const GAP = 400;
const TOLD = 500;
const SILENCE = 40000;
const NO_SOCKET = 3000;
const NO_ANSWER = 10000;
const PROBE = 20000;

/** A UUID version 7 (RFC 9562): 48 bits of milliseconds, then random. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let at = 5; at >= 0; at--) {
    bytes[at] = now % 256;
    now = Math.floor(now / 256);
  }
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** How long to wait before try number `tries`: 0.2 to 5 seconds, spread by chance. */
export function backoff(/** @type {number} */ tries, /** @type {number} */ chance) {
  const most = Math.min(SLOWEST, 0.4 * Math.pow(2, tries));
  return 0.2 + chance * (most - 0.2);
}

/** @returns {Frame | null} a frame, or nothing when it is none */
export function read(/** @type {unknown} */ raw) {
  try {
    const frame = typeof raw === "string" ? JSON.parse(raw) : raw;
    return frame && typeof frame === "object" ? frame : null;
  } catch (unreadable) {
    return null;
  }
}

function put(/** @type {WebSocket | Poll} */ socket, /** @type {object} */ frame) {
  if (socket instanceof Poll) socket.send(frame);
  else socket.send(JSON.stringify(frame));
}

export class Line {
  /**
   * @param {string} address where the socket is
   * @param {string} token the frame's token; the welcome replaces it
   * @param {Listener} listener
   */
  constructor(address, token, listener) {
    this.address = address;
    this.token = token;
    this.listener = listener;
    /** @type {Need} */
    this.need = { crime: "", area: "", age: "" };
    this.lang = "en";
    this.begun = false;
    this.conversation = "";
    /** @type {Cursor | null} */
    this.cursor = null;
    /** @type {Map<string, Pending>} */
    this.pending = new Map();
    /** @type {Map<number, Frame>} */
    this.held = new Map();
    /** @type {WebSocket | Poll | null} */
    this.socket = null;
    this.polls = false;
    this.answered = false;
    this.wired = false;
    this.misses = 0;
    /** @type {Map<string, Wish>} */
    this.wishes = new Map();
    /** @type {boolean | null} */
    this.covered = null;
    this.paused = false;
    this.spoke = false;
    this.gotTimer = 0;
    this.beats = 0;
    this.sick = false;
    this.probeTimer = 0;
    this.up = false;
    this.over = false;
    this.tries = 0;
    this.retryTimer = 0;
    this.gapTimer = 0;
    this.slowUntil = 0;
    this.slowTimer = 0;
    this.typedAt = 0;
    this.onTyping = false;
  }

  /** Opens the line; from then on it looks after itself. */
  start(/** @type {Need} */ need, /** @type {string} */ lang) {
    this.need = need;
    this.lang = lang;
    this.begun = true;
    this.connect();
  }

  /** @returns {void} */
  connect() {
    clearTimeout(this.retryTimer);
    if (this.over) return;
    this.drop();
    this.answered = false;
    /** @type {WebSocket | Poll} */
    let socket;
    try {
      socket = this.polls ? new Poll(this.address) : new WebSocket(this.address);
    } catch (refused) {
      return this.lost(0);
    }
    const patience = this.polls || this.wired ? NO_ANSWER : NO_SOCKET;
    this.retryTimer = setTimeout(() => this.socket === socket && this.lost(0), patience);
    this.hold(socket);
    if (socket instanceof Poll) this.hello(socket);
    else socket.onopen = () => this.hello(socket);
  }

  /** From now on this one is the line. */
  hold(/** @type {WebSocket | Poll} */ socket) {
    this.socket = socket;
    socket.onmessage = (/** @type {{data: unknown}} */ event) => {
      if (this.socket === socket) this.heard(event.data);
    };
    socket.onclose = (/** @type {{code: number}} */ event) => {
      if (this.socket === socket) this.lost(event.code);
    };
  }

  hello(/** @type {WebSocket | Poll} */ socket) {
    const { token, cursor, need, lang } = this;
    put(socket, { t: "hello", v: 1, token, cursor, need, lang });
  }

  /** While it polls, a socket is tried now and then; the first that says welcome takes over. */
  probe() {
    clearTimeout(this.probeTimer);
    this.probeTimer = setTimeout(() => {
      if (!this.polls || !this.up) return;
      const socket = new WebSocket(this.address);
      const late = setTimeout(() => socket.close(), NO_ANSWER);
      socket.onopen = () => this.up ? this.hello(socket) : socket.close();
      socket.onclose = () => this.probe();
      socket.onmessage = (event) => {
        clearTimeout(late);
        const frame = read(event.data);
        if (!this.polls || !this.up || !frame || frame.t !== "welcome") return socket.close();
        this.drop();
        this.polls = false;
        this.hold(socket);
        this.heard(frame);
      };
    }, PROBE);
  }

  /** Lets go of the socket without a word, and stops listening to it. */
  drop() {
    const socket = this.socket;
    this.socket = null;
    this.up = false;
    if (!socket) return;
    if ("onopen" in socket) socket.onopen = null;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** @returns {void} */
  lost(/** @type {number} */ code) {
    const { up, polls } = this;
    this.drop();
    if (this.over) return;
    if (!this.answered) this.misses += 1;
    this.polls = polls ? up : !this.answered && this.misses > (this.wired ? 2 : 0);
    if (code === 4003) {
      this.over = true;
      return this.listener.refused();
    }
    if (this.polls && !polls) return this.connect();
    const chance = Math.random();
    const wait = code === 4029 ? 30 + 30 * chance : backoff(this.tries++, chance);
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), wait * 1000);
    this.listener.link(false, wait);
  }

  /** Tries at once: the network says it is back, or the device woke up. */
  hurry() {
    if (this.retryTimer && !this.over && !this.up) this.connect();
  }

  /** Starts afresh from the cursor: after a sleep, an open socket may be a dead one. */
  renew() {
    if (this.begun && !this.over) this.connect();
  }

  send(/** @type {object} */ frame) {
    const socket = this.socket;
    if (!socket || socket.readyState !== 1) return false;
    put(socket, frame);
    return true;
  }

  // What the visitor does

  /** Takes the words; they stay pending until the server has them on disk. */
  say(/** @type {string} */ text) {
    const id = newId();
    this.pending.set(id, { id, text, failed: false, held: false, timer: 0, since: 0 });
    this.push(id);
    return id;
  }

  /** Sends a failed message again under the same id: at most one row ever comes of it. */
  again(/** @type {string} */ id) {
    const kept = this.pending.get(id);
    if (!kept) return;
    kept.failed = false;
    this.push(id);
  }

  push(/** @type {string} */ id) {
    const kept = this.pending.get(id);
    if (!kept || kept.failed || !this.up) return;
    clearTimeout(kept.timer);
    const wait = this.slowUntil - Date.now();
    kept.held = wait > 0;
    if (kept.held) {
      clearTimeout(this.slowTimer);
      this.slowTimer = setTimeout(() => this.pending.forEach((each) => each.held && this.push(each.id)), wait + 50);
      return;
    }
    this.send({ t: "say", conversation: this.conversation, client_id: id, text: kept.text });
    kept.timer = setTimeout(() => this.unanswered(id), PATIENCE);
  }

  /** No ack in time: the words are shown as not sent, and the line is tried again. */
  unanswered(/** @type {string} */ id) {
    if (!this.pending.has(id) || this.over) return;
    this.listener.failed(id, "", "");
    this.connect();
  }

  typing(/** @type {boolean} */ on) {
    const now = Date.now();
    if (!this.up || (on === this.onTyping && (!on || now - this.typedAt < 3000))) return;
    this.typedAt = now;
    this.onTyping = on;
    this.send({ t: "typing", conversation: this.conversation, on });
  }

  /** The screen was covered, or shown again: whoever answers sees it. `paused` by the code phrase. */
  here(/** @type {boolean} */ covered, paused = false) {
    this.covered = covered;
    this.paused = paused;
    if (this.up) this.send({ t: "here", conversation: this.conversation, covered, paused });
  }

  /** Another language was chosen. */
  speak(/** @type {string} */ lang) {
    this.lang = lang;
    this.spoke = true;
    if (this.up) this.send({ t: "speak", conversation: this.conversation, lang });
  }

  /** Asks to be rung; asked again on each new line until `promised` or `unpromised` is told. */
  callBack(/** @type {Wish} */ wish) {
    const id = newId();
    this.wishes.set(id, wish);
    this.ask(id, wish);
    return id;
  }

  ask(/** @type {string} */ id, /** @type {Wish} */ wish) {
    if (this.up) this.send(Object.assign({ t: "call_back", conversation: this.conversation, id }, wish));
  }

  /** What is on the screen is told in one go, half a second after the first of it. */
  got() {
    this.gotTimer = this.gotTimer || setTimeout(() => {
      this.gotTimer = 0;
      if (this.up) this.send({ t: "got", conversation: this.conversation, cursor: this.cursor });
    }, TOLD);
  }

  /** Ends it on the server and forgets the token. Returns the token for a last keep-alive call. */
  leave(/** @type {"exit" | "end" | "closed"} */ how) {
    const token = this.begun ? this.token : "";
    if (!this.over && this.conversation) {
      this.send({ t: "leave", conversation: this.conversation, how });
    }
    this.stop();
    return token;
  }

  stop() {
    this.over = true;
    clearTimeout(this.retryTimer);
    clearTimeout(this.gapTimer);
    clearTimeout(this.gotTimer);
    clearTimeout(this.probeTimer);
    clearTimeout(this.beats);
    this.pending.forEach((kept) => clearTimeout(kept.timer));
    this.pending.clear();
    this.wishes.clear();
    this.held.clear();
    this.drop();
    this.token = "";
  }

  // What the server says

  heard(/** @type {unknown} */ raw) {
    const frame = read(raw);
    if (!frame || this.over) return;
    this.answered = true;
    if (this.beats || frame.t === "beat") this.alive();
    if (frame.t === "welcome") return this.welcomed(frame);
    if (frame.t === "error") return this.told(frame);
    if (frame.t === "move") return this.moved(frame.after || 0);
    if (frame.conversation !== this.conversation) return;
    if (frame.t === "message" || frame.t === "ack") this.arrived(frame);
    else if (frame.t === "typing") this.listener.typing(!!frame.on, frame.name || "");
    else if (frame.t === "state") {
      if (this.sick) this.listener.link(true, 0);
      this.sick = false;
      this.listener.state(frame);
    }
    else if (frame.t === "promised") this.kept(frame.id || "", frame);
  }

  /** A server that beats is heard within so many seconds, or the line is dead and nobody said so. */
  alive() {
    clearTimeout(this.beats);
    this.beats = setTimeout(() => this.renew(), SILENCE);
  }

  kept(/** @type {string} */ id, /** @type {Frame} */ frame) {
    const { promised } = this.listener;
    if (this.wishes.delete(id) && promised) promised(id, frame);
  }

  unkept(/** @type {string} */ id, /** @type {Wish} */ wish, /** @type {Frame} */ frame) {
    const code = frame.code || "";
    const { unpromised } = this.listener;
    if (code === "unknown" || code === "down" || code === "slow_down") {
      setTimeout(() => this.wishes.has(id) && this.ask(id, wish), (frame.after || 2) * 1000);
    } else if (this.wishes.delete(id) && unpromised) unpromised(id, frame.words || "", code);
  }

  welcomed(/** @type {Frame} */ frame) {
    clearTimeout(this.retryTimer);
    clearTimeout(this.gapTimer);
    const epoch = frame.epoch === undefined ? 0 : frame.epoch;
    const fresh = !this.cursor || !!frame.reset || this.cursor.epoch !== epoch;
    const reset = fresh && !!this.cursor;
    this.conversation = frame.conversation || "";
    this.token = frame.token || this.token;
    if (fresh) this.cursor = { epoch, seq: 0 };
    this.held.clear();
    this.tries = this.misses = 0;
    this.up = true;
    if (this.polls) this.probe();
    else this.wired = true;
    this.onTyping = false;
    this.listener.welcome(reset);
    this.listener.link(true, 0);
    if (this.covered !== null) this.here(this.covered, this.paused);
    if (this.spoke) this.speak(this.lang);
    this.pending.forEach((kept) => this.push(kept.id));
    this.wishes.forEach((wish, id) => this.ask(id, wish));
    if (this.cursor && this.cursor.seq) this.got();
  }

  moved(/** @type {number} */ after) {
    setTimeout(() => this.renew(), Math.random() * after * 1000);
  }

  /** Messages and acks share one order. An ack that runs ahead moves nothing: its line comes too. */
  arrived(/** @type {Frame} */ frame) {
    const cursor = this.cursor;
    const seq = frame.seq || 0;
    if (!cursor) return;
    if (frame.epoch !== cursor.epoch) return this.renew();
    const mine = frame.client_id ? this.pending.get(frame.client_id) : undefined;
    if (mine) {
      clearTimeout(mine.timer);
      this.pending.delete(mine.id);
      this.listener.sent(mine.id, frame);
    }
    if (seq <= cursor.seq) return;
    if (seq > cursor.seq + 1) return this.gap(seq, frame);
    this.take(seq, frame);
    for (let next = this.held.get(seq + 1); next; next = this.held.get(cursor.seq + 1)) {
      this.held.delete(cursor.seq + 1);
      this.take(cursor.seq + 1, next);
    }
    if (!this.held.size) clearTimeout(this.gapTimer);
  }

  take(/** @type {number} */ seq, /** @type {Frame} */ frame) {
    if (this.cursor) this.cursor.seq = seq;
    if (frame.t !== "message") return;
    this.listener.message(frame);
    this.got();
  }

  /** Something is missing: hold this one, ask for the rest, and start afresh if none comes. */
  gap(/** @type {number} */ seq, /** @type {Frame} */ frame) {
    this.held.set(seq, frame);
    if (this.held.size > 500) return this.renew();
    if (this.held.size > 1) return;
    this.gapTimer = setTimeout(() => {
      this.send({ t: "since", conversation: this.conversation, cursor: this.cursor });
      this.gapTimer = setTimeout(() => this.renew(), 3000);
    }, GAP);
  }

  told(/** @type {Frame} */ frame) {
    const code = frame.code || "";
    if (!this.up) return this.listener.turned(frame.words || "", code, frame.number || "");
    const wish = this.wishes.get(frame.client_id || "");
    if (wish) return this.unkept(frame.client_id || "", wish, frame);
    const kept = frame.client_id ? this.pending.get(frame.client_id) : undefined;
    if (code === "slow_down") {
      const after = frame.after || 5;
      this.slowUntil = Math.max(this.slowUntil, Date.now() + after * 1000);
      this.listener.slow(after);
      if (kept) this.push(kept.id);
    } else if (kept && (code === "unknown" || code === "down")) {
      const now = Date.now();
      kept.since = kept.since || now;
      if (now - kept.since > PATIENCE) this.listener.failed(kept.id, "", code);
      clearTimeout(kept.timer);
      kept.timer = setTimeout(() => this.push(kept.id), 1000);
    } else if (code === "down") {
      this.sick = true;
      this.listener.turned(frame.words || "", code, frame.number || "");
    } else if (kept) {
      clearTimeout(kept.timer);
      kept.failed = true;
      this.listener.failed(kept.id, frame.words || "", code);
    }
  }
}
