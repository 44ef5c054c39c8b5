// @ts-check
/** The three optional questions, and what of the answers leaves the page. Each may be skipped. */
import { show } from "./screens.js";
import { $, say, shared } from "./words.js";

const QUESTIONS = 3;
const area = /** @type {HTMLInputElement} */ ($("area"));
let asked = "";

export const chosen = (/** @type {string} */ group) => {
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=" + group + "]:checked"));
  return input ? input.value : "";
};
export const under18 = () => chosen("age") === "under18";
export const need = () => ({ crime: chosen("about"), area: outward(area.value), age: chosen("age") });

/** Only the first half of a postcode ever leaves the page. */
function outward(/** @type {string} */ typed) {
  const tidy = typed.trim().replace(/\s+/g, " ");
  return tidy.replace(/\b([a-z]{1,2}\d[a-z\d]?)(?: ?\d[a-z]{2}| \d[a-z]?)\b/gi, "$1").slice(0, 40);
}

/** The towns to choose from: all of them, on and off, or those that settle a shared code. */
function offer(/** @type {string[] | null} */ only) {
  const list = $("town-list");
  list.hidden = !only && !list.hidden;
  $("which").hidden = !only;
  $("towns").setAttribute("aria-expanded", String(!list.hidden));
  for (const each of Array.from(list.children)) {
    const town = /** @type {HTMLElement} */ (each);
    town.hidden = !!only && only.indexOf(town.dataset.town || "") < 0;
  }
}

/** A code that two teams share asks one more question, once: the town. */
function placed() {
  const code = outward(area.value).toUpperCase().replace(/ /g, "");
  const towns = shared[code];
  if (!towns || asked === code) return show("age");
  asked = code;
  area.value = code;
  offer(towns);
  $("which").textContent = say("which", { code });
  $("which").focus();
  $("which").scrollIntoView({ block: "start" });
}

export function inTown(/** @type {string} */ town) {
  area.value = asked && asked === area.value ? asked + " " + town : town;
  show("age");
}

/** "Question 1 of 3", in the language that the page has now. */
export function count() {
  document.querySelectorAll("[data-step]").forEach((each) => {
    each.textContent = say("step", { at: Number(/** @type {HTMLElement} */ (each).dataset.step), of: QUESTIONS });
  });
}

export function ask() {
  count();
  $("placed").addEventListener("click", placed);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter") placed();
  });
  $("no-area").addEventListener("click", () => {
    area.value = "";
    show("age");
  });
  if (!$("towns")) return;
  $("towns").addEventListener("click", () => {
    offer(null);
    if (!$("town-list").hidden) $("town-list").scrollIntoView({ block: "start" });
  });
}
