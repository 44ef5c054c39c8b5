// @ts-check
/**
 * One screen at a time, the cover above them all, and a sheet of choices. Focus goes where the
 * reader must look; the exit is never covered. The cover only hides: it ends nothing (S13).
 */
import { tell } from "./leave.js";
import { $, say } from "./words.js";

const root = document.documentElement;
const IDLE = 2 * 60 * 1000;
const FORGOTTEN = 15 * 60 * 1000;
const embedded = window.parent !== window;

/** @type {Record<string, HTMLElement>} */
const screens = {};
document.querySelectorAll("[data-screen]").forEach((each) => {
  const screen = /** @type {HTMLElement} */ (each);
  screens[screen.dataset.screen || ""] = screen;
});

let shown = "start";
let covered = false;
let live = false;
/** @type {(covered: boolean) => void} */
let whenCovered = () => undefined;
/** @type {HTMLElement | null} */
let cameFrom = null;
let lastTouch = Date.now();
let open = !embedded;

export const isCovered = () => covered;
/** False once the page was wiped on its way out. */
export const isHere = () => !root.classList.contains("gone");
export const current = () => shown;

/** Says whether a person waits or talks: then no timer may end or reload anything. */
export function setLive(/** @type {boolean} */ on) {
  live = on;
  bars();
}

/** @param {string} name @param {boolean} [quietly] leave the focus where it is */
export function show(name, quietly) {
  shown = name;
  draw();
  if (!quietly) settle();
}

/** Focus on the heading, so that a screen reader begins where the eye does. */
function settle() {
  const screen = screens[covered ? "cover" : open ? shown : "pill"];
  const heads = Array.from(screen.querySelectorAll("h1"));
  const head = heads.find((each) => each.getClientRects().length);
  if (head) head.focus({ preventScroll: true });
  const body = screen.querySelector(".w-body");
  if (body) body.scrollTop = 0;
  $("main").scrollTop = 0;
}

function draw() {
  if (!isHere()) return;
  const now = covered && open ? "cover" : open ? shown : "pill";
  for (const name of Object.keys(screens)) screens[name].hidden = name !== now;
  root.classList.toggle("is-pill", now === "pill");
  const quiet = now === "cover" || now === "harmless";
  root.classList.toggle("is-covered", quiet);
  $("top").hidden = now === "pill";
  $("leave-words").textContent = say(quiet ? "close" : "leave");
  bars();
}

/** The screen again, in the language that the page has now. */
export const redraw = () => draw();

function bars() {
  const quiet = covered || !open || shown === "harmless";
  const first = shown === "start";
  $("hide").hidden = quiet;
  $("away").hidden = quiet || !embedded || !first;
  $("more").hidden = quiet || (embedded && first);
  $("first").hidden = quiet || first || shown === "blocked";
  $("put-away").hidden = !embedded;
  $("end").hidden = !live;
}

/** The frame at its full step, or the pill alone. The host sees these two sizes and no more. */
export function unfold(/** @type {boolean} */ on) {
  if (!embedded || open === on || !isHere()) return;
  open = on;
  sheet(false);
  draw();
  tell("resize", on ? "open" : "pill");
  if (on) settle();
  else $("launch").focus({ preventScroll: true });
}

export function cover(/** @type {boolean} */ on) {
  if (covered === on || !isHere() || (on && shown === "start" && !open)) return;
  covered = on;
  whenCovered(on);
  sheet(false);
  draw();
  if (on && open && document.hasFocus()) $("uncover").focus({ preventScroll: true });
  else if (!on) settle();
}

/** The sheet of choices; the exit stays above it. */
export function sheet(/** @type {boolean} */ on) {
  if ($("sheet").hidden === !on) return;
  $("sheet").hidden = !on;
  $("main").inert = on;
  if (on) {
    cameFrom = /** @type {HTMLElement | null} */ (document.activeElement);
    /** @type {HTMLElement} */ ($("sheet").querySelector("button")).focus();
  } else if (cameFrom) cameFrom.focus({ preventScroll: true });
}

/** Nobody here for a while: hide it. Nobody here for long, and nobody waiting: begin anew. */
function rest() {
  if (!isHere()) return;
  const still = Date.now() - lastTouch;
  if (still > FORGOTTEN && !live && (shown !== "start" || open || still > 2 * FORGOTTEN)) return location.reload();
  if (still > IDLE && open) cover(true);
}

/** `hidden` hears each time the screen is covered or shown. */
export function watch(/** @type {typeof whenCovered} */ hidden) {
  whenCovered = hidden;
  root.dataset.ready = "";
  if (!embedded) root.classList.add("own");
  for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    document.addEventListener(kind, () => (lastTouch = Date.now()), { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => document.hidden && cover(true));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("sheet").hidden) return;
    event.preventDefault();
    sheet(false);
  }, true);
  setInterval(rest, 5000);
  $("hide").addEventListener("click", () => cover(true));
  $("uncover").addEventListener("click", () => cover(false));
  $("more").addEventListener("click", () => sheet(true));
  $("shut").addEventListener("click", () => sheet(false));
  $("sheet").addEventListener("click", (event) => event.target === $("sheet") && sheet(false));
  $("away").addEventListener("click", () => unfold(false));
  $("put-away").addEventListener("click", () => unfold(false));
  $("launch").addEventListener("click", () => unfold(true));
  press("dim", "theme", "night");
  press("bigger", "big", "1");
  $("late").remove();
  draw();
  tell("resize", "pill");
}

/** A choice that holds while the page does. @param {string} id @param {string} name @param {string} value */
function press(id, name, value) {
  $(id).addEventListener("click", () => {
    const on = !(name in root.dataset);
    if (on) root.dataset[name] = value;
    else delete root.dataset[name];
    $(id).setAttribute("aria-pressed", String(on));
  });
}
