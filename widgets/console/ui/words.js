// Words of the desk that more than one part shows.

/** @type {Record<string, string>} */
export const CHANNEL = { chat: "Chat", voice: "Call", sms: "Text" };

/** @type {Record<string, string>} */
export const CHANNEL_ICON = { chat: "chat", voice: "call", sms: "text" };

/** @type {Record<string, string>} */
export const STATE = {
  available: "Available", busy: "Busy", wrap: "Wrapping up", break: "On a break", offline: "Off duty",
};

/** How the person stands, as a chip: words and tone. @type {Record<string, [string, string]>} */
export const VISITOR = {
  here: ["Here now", "ok"],
  covered: ["Screen covered", "lamp"],
  paused: ["Paused", "lamp"],
  "lost signal": ["Lost signal", "lamp"],
  "left quickly": ["Left quickly", "lamp"],
  "closed the page": ["Closed the page", "lamp"],
  ended: ["Ended", ""],
};

/** Seconds after which a wrap-up is asked about. */
export const NUDGE = 600;

/** Seconds without a sign, in a chat, before it is said. */
const SILENT = 300;

/** How the person stands, in a list. @type {Record<string, string>} */
export const PERSON = {
  here: "Here now", covered: "screen covered", paused: "paused", "lost signal": "lost signal", "left quickly": "left quickly",
  "closed the page": "closed the page", ended: "ended",
};

/** "Silent 6 min", once it is that long. @param {import("./frames.js").WithYou} one @param {number} now */
export function silentFor(one, now) {
  if (one.channel !== "chat" || one.state !== "active" || one.visitor !== "here" || !one.silent_since) return "";
  const seconds = (now - Date.parse(one.silent_since)) / 1000;
  return seconds >= SILENT ? `Silent ${Math.floor(seconds / 60)} min` : "";
}

/** What a list says of the person; nothing while all is well. @param {import("./frames.js").WithYou} one @param {number} now */
export function visitorWords(one, now) {
  return silentFor(one, now) || (one.visitor === "here" ? "" : PERSON[one.visitor] ?? one.visitor);
}

/** @type {Record<string, string>} */
export const CALL = {
  waiting: "About to ring",
  "ringing you": "Your phone rings", talking: "Talking", "on hold": "On hold", ended: "Call ended",
};

/** @type {Record<string, string>} */
export const KIND = {
  caller: "Caller", advisor: "Advisor", interpreter: "Interpreter", police: "Police", hub: "Hub", number: "Another number", supervisor: "Supervisor", colleague: "Colleague",
};

/** @param {import("./frames.js").OnLine} leg */
export function named(leg) {
  return leg.name || KIND[leg.kind];
}

/** @param {number} count @param {string} one @param {string} many */
export function counted(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** "two messages" @param {number} count @param {string} one @param {string} many */
export function spelled(count, one, many) {
  return `${NUMBERS[count] ?? count} ${count === 1 ? one : many}`;
}

/** Initials for the doorway: "Maya Okafor" is MO. @param {string} name */
export function initials(name) {
  const parts = name.trim().split(/\s+/u).filter(Boolean);
  return parts.slice(0, 2).map((part) => Array.from(part)[0].toUpperCase()).join("") || "?";
}
