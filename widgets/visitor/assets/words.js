// @ts-check
/** What the page was told, read once and then taken off the page, so that it lies nowhere in it. */

const page = document.body.dataset;
/** @type {Record<string, any>} */
let words = JSON.parse(page.words || "{}");
const root = document.documentElement;

export const told = {
  token: page.token || "",
  exit: page.exit || "about:blank",
  number: page.number || "",
  dial: page.dial || "",
  socket: page.socket || "",
  leave: page.leave || "",
  tongues: page.tongues || "",
  preview: page.preview || "",
};
for (const name of Object.keys(page)) if (name !== "face") delete page[name];

/** @type {string[]} */
export const ladder = words.ladder || [];
/** Codes that two hubs share, with the towns that settle it. @type {Record<string, string[]>} */
export const shared = words.shared || {};

/**
 * The words under a name, with {gaps} filled; a counted phrase in the form that {n} asks for.
 * What fills a gap may run the other way: then it is kept apart from the words around it.
 * @param {string} name
 * @param {Record<string, string | number>} [gaps]
 */
export function say(name, gaps) {
  let text = words[name] || "";
  if (Array.isArray(text)) {
    const n = Number(gaps && gaps.n);
    text = text[words.forms[n < 100 ? n : 100 + n % 100]] || text[0];
  }
  return text.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ gap) => {
    const value = String(gaps && gaps[gap] !== undefined ? gaps[gap] : "");
    return root.dir === "rtl" || /[\u0590-\u08ff]/.test(value) ? "\u2068" + value + "\u2069" : value;
  });
}

/** The server's own words for a fault, where they are in the language of the page. */
export const theirs = (/** @type {string} */ text) => (/^en/.test(root.lang) ? text : "");

/** Takes every word from the same page in another language. @param {Document} other */
export function retell(other) {
  words = JSON.parse(other.body.dataset.words || "{}");
  root.lang = other.documentElement.lang;
  root.dir = other.documentElement.dir;
  for (const name of ["w", "l"]) {
    document.querySelectorAll("[data-" + name + "]").forEach((each) => {
      const same = other.querySelector("[data-" + name + '="' + each.getAttribute("data-" + name) + '"]');
      if (!same) return;
      if (name === "l") each.setAttribute("aria-label", same.getAttribute("aria-label") || "");
      else each.replaceChildren(...Array.from(document.importNode(same, true).childNodes));
    });
  }
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
