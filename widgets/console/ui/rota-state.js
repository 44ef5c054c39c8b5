// The week as the server tells it, what is picked, and the one way an edit is kept.
import { computed, signal } from "/vendor/ui.js";
import { newId } from "./ids.js";

/** @typedef {{ day: number, start: string, end: string, by: "rule" | "date" | "swap", words: string }} Bar */
/** @typedef {{ id: string, name: string, marks: string, about: string, version: number, mine: boolean, bars: Bar[] }} Row */
/** @typedef {{ tier: number, id: string, name: string, version: number, mine: boolean, rules: string, bars: Bar[] }} Tier */
/** @typedef {{ when: string, who: string, goes: string, needs: string, nobody: boolean, start: string, end: string }} Gap */
/** @typedef {{ date: string, name: string, long: string, bank: boolean, today: boolean }} Day */
/** @typedef {{ id: string, words: string, state: string, may_answer: boolean, may_undo: boolean }} Swap */
/** @typedef {{ monday: string, title: string, before: string, after: string, lead: boolean, you: string, days: Day[], hubs: { key: string, name: string, rows: Row[] }[], tiers: Tier[], swaps: Swap[], colleagues: { id: string, name: string }[], tonight: Gap[], holes: Gap[] }} Week */
/** @typedef {{ staff: string, day: number }} Place */
/** @typedef {{ row: Row, day: Day, at: number, hours: string[][], every: number }} Wish */

export const week = signal(/** @type {Week | null} */ (null));
export const picked = signal(/** @type {Place | null} */ (null));
export const editing = signal(/** @type {{ text: string } | null} */ (null));
export const every = signal(0);
export const said = signal({ words: "", bad: false });
export const clash = signal(/** @type {Wish | null} */ (null));

export const rows = computed(() => (week.value ? week.value.hubs.flatMap((hub) => hub.rows) : []));
export const pickedRow = computed(() => rows.value.find((row) => row.id === picked.value?.staff) ?? null);

/** @param {Row} row @param {number} day */
export function barsOf(row, day) {
  return row.bars.filter((bar) => bar.day === day);
}

/** @param {Bar[]} bars @returns {string} */
export function written(bars) {
  return bars.map((bar) => `${bar.start}-${bar.end}`).join(", ");
}

/** @param {Bar[]} bars @returns {string} */
export function spoken(bars) {
  return bars.length ? bars.map((bar) => (bar.start === bar.end ? "all day" : `${bar.start} to ${bar.end}`)).join(" and ") : "no shift";
}

/**
 * "22:00-08:00", "22-8", "9-12, 13-17", "all day"; nothing or "off" is no shift. Null: not read.
 * @param {string} text @returns {string[][] | null}
 */
export function hoursOf(text) {
  const plain = text.trim().toLowerCase().replaceAll("–", "-");
  if (plain === "" || plain === "off" || plain === "-") return [];
  if (plain === "all day" || plain === "always") return [["00:00", "00:00"]];
  const found = [];
  for (const part of plain.split(/[,;]/)) {
    const times = part.split("-").map(clockOf);
    if (times.length !== 2 || times.includes("")) return null;
    found.push(times);
  }
  return found;
}

/** @param {string} text @returns {string} */
function clockOf(text) {
  const found = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.trim());
  if (!found) return "";
  const [hour, minute] = [Number(found[1]) % 24, Number(found[2] ?? 0)];
  if (Number(found[1]) > 24 || minute > 59) return "";
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** @param {string} path @param {object} [body] @returns {Promise<any>} */
export async function ask(path, body) {
  const answer = await fetch(path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (answer.status === 401) {
    location.assign("/console/sign-in");
    return { code: "signed_out", words: "Sign in again." };
  }
  return answer.json();
}

/** @param {string} [monday] */
export async function look(monday = week.value?.monday ?? "") {
  try {
    const told = await ask(`/console/rota/week?week=${monday}`);
    if (told.code) say(told.words, true);
    else week.value = told;
  } catch {
    say("The line dropped. What you see may be old.", true);
  }
}

/** @param {string} words @param {boolean} [bad] */
export function say(words, bad = false) {
  said.value = { words, bad };
  const polite = document.getElementById("polite");
  if (polite) polite.textContent = words;
}

/** Keep one cell. A clash keeps the words, and says so. @param {Wish} wish */
export async function keep(wish) {
  say("Keeping…");
  const { row, day, hours } = wish;
  const told = await ask("/console/rota/day", { staff: row.id, version: row.version, day: day.date, hours, every: wish.every })
    .catch(() => ({ code: "gone", words: "Not kept: the line dropped. Try again." }));
  if (told.code === "conflict") clash.value = wish;
  if (told.code) say(told.words, true);
  else {
    clash.value = null;
    say(`Kept ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}. ${row.name}, ${day.long}: ${hours.length ? hours.map((each) => each.join(" to ")).join(" and ") : "no shift"}.`);
  }
  if (told.code !== "gone") await look();
}

/** The clash again, upon what the other has written. */
export async function insist() {
  const wish = clash.value;
  const row = rows.value.find((each) => each.id === wish?.row.id);
  if (wish && row) await keep({ ...wish, row });
}

/** @param {string} path @param {object} body @param {string} done */
export async function press(path, body, done) {
  const told = await ask(path, body).catch(() => ({ code: "gone", words: "Not kept: the line dropped. Try again." }));
  say(told.code ? told.words : done, Boolean(told.code));
  await look();
  return !told.code;
}

/** @param {Row} row @param {Day} day @param {string} start @param {string} taker */
export function giveAway(row, day, start, taker) {
  const own = row.id === week.value?.you;
  const body = { id: newId().replaceAll("-", ""), giver: row.id, taker, day: day.date, start };
  return press("/console/rota/swaps", body, own ? "Asked. It moves when they say yes." : "Set. The shift has moved.");
}
