// @ts-check
/**
 * What a waiting person is told: the real place, an honest range, who is being asked, what is next.
 *
 * @typedef {import("./line.js").Frame} Frame
 */
import { $, icon, ladder, made, say } from "./words.js";

const DRAWN = 5;

/** @param {Frame} state */
export function title(state) {
  const place = state.place || 0;
  if (!place) return say("finding");
  return say("place." + place) || say("place.many", { n: place - 1 });
}

/** @param {Frame} state */
export function range(state) {
  const minutes = state.minutes;
  if (!minutes) return say(state.place ? "range.none" : "finding.range");
  const from = Math.max(1, minutes[0]);
  const to = Math.max(from, minutes[1]);
  return say(from === to ? "range.same" : "range", { from, n: to });
}

/** Arches: one for each person in line, ours lit. @param {number} place */
function arches(place) {
  const list = $("arches");
  const many = place > DRAWN;
  list.replaceChildren();
  list.hidden = !place;
  for (let n = many ? place - DRAWN + 1 : 1; n <= place; n++) {
    const item = made("li", n === place ? "you" : "");
    item.append(icon("arch", "arch"), made("span", "", n === place ? say("you") : String(n)));
    list.append(item);
  }
}

/** What the service itself promises, in its own words. */
function promise() {
  $("promise").textContent = say("own.promise");
  $("promise").hidden = !say("own.promise");
}

/** The ladder in plain words: what was tried, what happens now, how it ends. @param {number} now */
function rungs(now) {
  const list = $("rungs");
  list.replaceChildren();
  list.hidden = false;
  ladder.forEach((kind, at) => {
    const ending = at === ladder.length - 1;
    const item = made("li", at + 1 === now ? "now" : "");
    const words = ending ? "end" : at + 1 < now ? "tried" : at + 1 === now ? "now" : "next";
    item.append(made("b", "", say("rung." + kind)), made("span", "", say("rung." + words)));
    list.append(item);
  });
}

/** @param {Frame} state @param {boolean} young */
export function waiting(state, young) {
  const kind = ladder[(state.rung || 1) - 1];
  const asking = (state.rung || 1) > 1 ? say("asking." + kind) + " " : "";
  $("wait-place").textContent = title(state);
  $("wait-range").textContent = range(state);
  $("wait-why").textContent = asking + say(state.minutes ? "worked" : "kept");
  $("said").textContent = say(young ? "said.young" : "said.adult");
  $("rungs").hidden = true;
  $("wait-call").hidden = false;
  $("wait-range").hidden = false;
  arches(state.place || 0);
  promise();
}

/** Nobody is free: said plainly, with what was tried and what is left. @param {Frame} state @param {number} waited seconds */
export function nobody(state, waited) {
  $("wait-place").textContent = say("nobody");
  const next = say("own.nobody") || say("nobody.next");
  const n = Math.round(waited / 60);
  $("wait-why").textContent = (n ? say("nobody.waited", { n }) + " " : "") + next;
  promise();
  $("said").textContent = say("nobody.write");
  $("wait-range").hidden = true;
  $("wait-call").hidden = true;
  $("arches").hidden = true;
  rungs(state.rungs && state.rung ? state.rung : ladder.length);
}

/** The same in one line, above a conversation or a page to read. @param {string} head @param {string} words */
export function strip(head, words) {
  for (const name of ["strip", "read"]) {
    $(name + "-place").textContent = head;
    $(name + "-range").textContent = words;
  }
}
