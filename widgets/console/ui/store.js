// What the desk knows, as signals. Nothing here talks to the server or to the page.
import { batch, computed, signal } from "/vendor/ui.js";

/**
 * @typedef {import("./frames.js").Desk} Desk
 * @typedef {import("./frames.js").WithYou} WithYou
 * @typedef {import("./frames.js").Message} Message
 * @typedef {import("./frames.js").Note} Note
 * @typedef {import("./frames.js").Pending} Pending
 * @typedef {import("./frames.js").Line} Line
 * @typedef {import("./frames.js").Notice} Notice
 * @typedef {import("./frames.js").WrapDraft} WrapDraft
 */

export const desk = signal(/** @type {Desk | null} */ (null));
export const line = signal(/** @type {Line} */ ({ state: "connecting", since: Date.now(), again: 0 }));
export const chosen = signal(/** @type {string | null} */ (null));
export const tab = signal(/** @type {"queue" | "talk" | "about" | "phone"} */ ("queue"));
export const notices = signal(/** @type {Notice[]} */ ([]));

/** Offers this desk has answered, as "contact/offer_no". @type {Set<string>} */
export const answered = new Set();

/** What the router said of a contact, when somebody last asked. */
export const explained = signal(/** @type {import("./frames.js").Explained | null} */ (null));

/** What is kept of a person's need, when somebody last asked. */
export const needed = signal(/** @type {import("./frames.js").Needed | null} */ (null));

/** Contacts this desk gave away itself, so that nothing is said twice. @type {Set<string>} */
export const given = new Set();

/** Who has what was here until now, by contact: first names. @type {Map<string, string>} */
export const went = new Map();

/** Asks on their way, by name: their buttons wait. */
export const asking = signal(/** @type {ReadonlySet<string>} */ (new Set()));

/** Server time minus this device's, in milliseconds. */
export const skew = signal(0);

/** This second, in server milliseconds. */
export const now = signal(Date.now());

export const zone = computed(() => desk.value?.service.zone ?? "Europe/London");
export const withYou = computed(() => desk.value?.with_you ?? []);
export const current = computed(() => withYou.value.find((one) => one.contact === chosen.value) ?? null);
export const call = computed(() => withYou.value.find((one) => one.channel === "voice" && one.state === "active") ?? null);
export const live = computed(() => line.value.state === "live");

/** One conversation: what is on disk (by seq), what is on its way, and the words not yet sent. */
export class Talk {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    this.epoch = "";
    this.seq = 0;
    this.lastNote = 0;
    this.countFrom = -1;
    this.opened = signal(false);
    this.messages = signal(/** @type {Message[]} */ ([]));
    this.notes = signal(/** @type {Note[]} */ ([]));
    this.pending = signal(/** @type {Pending[]} */ ([]));
    this.deliveries = signal(/** @type {Record<number, { state: string, words: string }>} */ ({}));
    this.delivered = signal(0);
    this.typing = signal(false);
    this.unread = signal(0);
    this.mode = signal(/** @type {"said" | "note"} */ ("said"));
    this.drafts = { said: signal(""), note: signal("") };
  }

  cursor() {
    return this.epoch ? { epoch: this.epoch, seq: this.seq } : null;
  }

  /** The server says where we stand. @param {{ epoch: string, seq: number, reset: boolean }} place */
  begin({ epoch, seq, reset }) {
    if (reset || (this.epoch && this.epoch !== epoch)) {
      this.messages.value = [];
      this.notes.value = [];
      this.seq = 0;
      this.lastNote = 0;
      this.countFrom = seq;
    }
    if (this.countFrom < 0) this.countFrom = seq;
    this.epoch = epoch;
    this.opened.value = true;
  }

  /**
   * Places one message. False when one before it is missing: then the caller reads again.
   * @param {Message} message
   */
  place(message) {
    if (this.epoch && message.epoch !== this.epoch) return false;
    this.epoch = message.epoch;
    batch(() => this.settle(message.client_id));
    if (message.seq <= this.seq) return true;
    if (message.seq > this.seq + 1) return false;
    batch(() => {
      this.seq = message.seq;
      this.messages.value = [...this.messages.value, message];
      if (theirs(message)) this.typing.value = false;
    });
    return true;
  }

  /** A private note, each once, in order of its number. @param {Note} note */
  placeNote(note) {
    batch(() => {
      this.settle(note.client_id);
      if (note.number <= this.lastNote) return;
      this.lastNote = note.number;
      this.notes.value = [...this.notes.value, note];
    });
  }

  /** @param {string | null | undefined} client_id */
  settle(client_id) {
    if (!client_id) return;
    const left = this.pending.value.filter((one) => one.client_id !== client_id);
    if (left.length !== this.pending.value.length) this.pending.value = left;
  }

  /** On disk. It joins the log when it is the very next; else the reading brings it. @param {import("./frames.js").Ack} ack @param {string} name */
  acked(ack, name) {
    const one = this.pending.value.find((each) => each.client_id === ack.client_id);
    if (!one) return;
    const message = /** @type {Message} */ ({
      t: "message", conversation: this.id, epoch: ack.epoch, seq: ack.seq, from: "you",
      name, text: one.text, at: ack.at, client_id: ack.client_id,
    });
    if (ack.seq === this.seq + 1) this.place(message);
    else this.change(ack.client_id, { state: "sent", seq: ack.seq, at: Date.parse(ack.at) });
  }

  /** @param {string} client_id @param {Partial<Pending>} changes */
  change(client_id, changes) {
    this.pending.value = this.pending.value.map((one) => (one.client_id === client_id ? { ...one, ...changes } : one));
  }
}

/** @type {Map<string, Talk>} */
const talks = new Map();

/** @param {string} id */
export function talk(id) {
  let found = talks.get(id);
  if (!found) {
    found = new Talk(id);
    talks.set(id, found);
  }
  return found;
}

export function openTalks() {
  return [...talks.values()];
}

/** @param {string} id */
export function forget(id) {
  talks.delete(id);
}

/** @param {Message} message */
export function theirs(message) {
  return message.from === "visitor";
}

/** Words that would be lost if the page went now. */
export function unsent() {
  return openTalks().reduce((sum, one) => sum + one.pending.value.filter((each) => each.state !== "sent").length, 0);
}

export function drafts() {
  return openTalks().some((one) => one.drafts.said.value.trim() || one.drafts.note.value.trim());
}

/** @type {Map<string, import("/vendor/ui.js").Signal<WrapDraft>>} */
const wraps = new Map();

/** The wrap-up form of one contact, kept while others are looked at. @param {string} contact */
export function wrapDraft(contact) {
  let found = wraps.get(contact);
  if (!found) {
    found = signal(/** @type {WrapDraft} */ ({
      type: "", outcome: "", crime: "", speaking: "", about: "", reported: "",
      safe_contact_asked: "", abusive: false, silent: false, hard: false,
    }));
    wraps.set(contact, found);
  }
  return found;
}

/** Ended by the set words: the form begins with the flag, and the advisor may take it off. @param {string} contact */
export function flagged(contact) {
  const draft = wrapDraft(contact);
  draft.value = { ...draft.value, abusive: true };
}

/** @param {string} contact */
export function forgetWrap(contact) {
  wraps.delete(contact);
}

let noticeId = 0;

/** A line to read when there is time; it stays until it is put away. @param {string} words @param {Notice["tone"]} [tone] @param {string} [about] the contact it is about */
export function notice(words, tone = "", about = "") {
  noticeId += 1;
  notices.value = [...notices.value.slice(-2), { id: noticeId, words, tone, about }];
}

/** What was said of a contact while it was here is old news once it is gone. @param {string} contact */
export function moveOn(contact) {
  notices.value = notices.value.filter((one) => one.about !== contact);
}

/** @param {number} id */
export function putAway(id) {
  notices.value = notices.value.filter((one) => one.id !== id);
}
