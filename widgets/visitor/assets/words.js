// @ts-check
/** What the page was told, read once and then taken off the page, so that it lies nowhere in it. */

const page = document.body.dataset;
/** @type {Record<string, any>} */
const words = JSON.parse(page.words || "{}");

export const told = {
  token: page.token || "",
  exit: page.exit || "about:blank",
  number: page.number || "",
  dial: page.dial || "",
  socket: page.socket || "",
  leave: page.leave || "",
};
for (const name of Object.keys(page)) if (name !== "face") delete page[name];

/** @type {string[]} */
export const ladder = words.ladder || [];
/** Codes that two hubs share, with the towns that settle it. @type {Record<string, string[]>} */
export const shared = words.shared || {};
/** @type {string[]} */
const nth = words.nth || [];
/** @type {string[]} */
const short = words.short || [];

/**
 * The words under a name, with {gaps} filled.
 * @param {string} name
 * @param {Record<string, string | number>} [gaps]
 */
export function say(name, gaps) {
  const text = String(words[name] === undefined ? "" : words[name]);
  return text.replace(/\{(\w+)\}/g, (_, gap) => String(gaps && gaps[gap] !== undefined ? gaps[gap] : ""));
}

export const spoken = (/** @type {number} */ n) => nth[n] || "";
export const brief = (/** @type {number} */ n) => short[n] || "";

/** About how long, as people say it. */
export function lasting(/** @type {number} */ seconds) {
  const n = Math.round(seconds / 60);
  return n < 1 ? say("moment") : n === 1 ? say("minute") : say("minutes", { n });
}

/** @template {HTMLElement} T */
export function $(/** @type {string} */ id) {
  return /** @type {T} */ (document.getElementById(id));
}

/**
 * An element with a class and words, by DOM alone: text is never read as markup.
 * @param {string} name
 * @param {string} [kind]
 * @param {string} [text]
 */
export function made(name, kind, text) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  if (text) element.textContent = text;
  return element;
}

/** One of the page's own drawings. */
export function icon(/** @type {string} */ name, /** @type {string} */ kind) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const use = document.createElementNS(ns, "use");
  svg.setAttribute("class", kind);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#" + name);
  svg.append(use);
  return svg;
}
