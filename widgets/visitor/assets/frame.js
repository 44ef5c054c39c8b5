// @ts-check
/**
 * The visitor's chat: three optional questions, a line to a person, and what each state shows.
 *
 * @typedef {import("./line.js").Frame} Frame
 */
import { arrange, promised, retold, unpromised } from "./callback.js";
import { arm } from "./leave.js";
import { Line, SLOWEST } from "./line.js";
import { Log } from "./log.js";
import { guard, isPaused, isPhrase } from "./phrase.js";
import { nobody, range, strip, title, waiting } from "./place.js";
import { ask, count, inTown, need, under18 } from "./questions.js";
import { cover, current, isCovered, isHere, redraw, setLive, sheet, show, unfold, watch } from "./screens.js";
import { $, retell, say, theirs, told } from "./words.js";

const LONGEST = 4000;
const ASLEEP = 25000;
const box = /** @type {HTMLTextAreaElement} */ ($("box"));

let state = "";
let name = "";
let met = false;
let begunAt = 0;
let lang = document.documentElement.lang.split("-")[0];
let failures = 0;
let blocked = false;
let barTimer = 0;
let typingTimer = 0;
/** @type {Frame} */
let latest = { t: "state", state: "waiting" };

const log = new Log((id) => line.again(id));
const address = new URL(told.socket, location.href);
address.protocol = address.protocol === "https:" ? "wss:" : "ws:";

const line = new Line(address.href, told.token, {
  link(up, nextIn) {
    log.link(up);
    clearInterval(barTimer);
    if (up) {
      if (failures) news(say("back"));
      failures = 0;
      blocked = false;
      bar("", "");
      return withWords();
    }
    failures += 1;
    if (!state && failures >= 3 && nextIn <= SLOWEST && !isPaused()) {
      blocked = true;
      show("blocked");
    }
    if (nextIn > SLOWEST) return withWords();
    if (failures > 1 || nextIn > 1) dropped(nextIn);
    withWords();
  },
  welcome(reset) {
    if (blocked || current() === "blocked") show("talk");
    if (reset) log.clear(false);
  },
  message(frame) {
    if (frame.from !== "you") log.typing(false, "");
    if (log.add(frame) && frame.from !== "you") news((frame.name || say("line")) + ": " + frame.text);
    draw();
  },
  sent: (id, frame) => log.sent(id, frame),
  failed(id, words) {
    log.failed(id, words);
    news(theirs(words) || say("not.sent"));
  },
  typing: (on, who) => log.typing(on, who),
  state: (frame) => moved(frame),
  slow(after) {
    bar(say("slow", { n: Math.ceil(after) }), say("slow.kept"), "clock");
    setTimeout(() => bar("", ""), after * 1000);
  },
  turned(words) {
    bar(theirs(words) || say("busy"), "", "clock");
    news(theirs(words) || say("busy"));
  },
  promised: (_, frame) => news(promised(frame)),
  unpromised: (_, words, code) => unpromised(code),
  refused() {
    if (state) return finish();
    location.reload();
  },
});

/** Speaks one new thing to a screen reader, unless the screen is covered. */
function news(/** @type {string} */ words) {
  if (!isCovered() && !isPaused()) $("news").textContent = words;
}

function bar(/** @type {string} */ head, /** @type {string} */ words, kind = "off") {
  $("bar").hidden = !head;
  $("bar-head").textContent = head;
  $("bar-words").textContent = words;
  /** @type {Element} */ ($("bar").querySelector("use")).setAttribute("href", "#i-" + kind);
}

function dropped(/** @type {number} */ nextIn) {
  const at = Date.now() + nextIn * 1000;
  const tick = () => {
    const n = Math.ceil((at - Date.now()) / 1000);
    bar(n > 0 ? say("dropped", { n }) : say("dropped.now"), say("dropped.kept"));
  };
  if ($("bar").hidden) news(say("dropped.now") + " " + say("dropped.kept"));
  tick();
  clearInterval(barTimer);
  barTimer = setInterval(tick, 1000);
}

// What the line says of the contact

function moved(/** @type {Frame} */ frame) {
  const before = state;
  state = frame.state || "waiting";
  latest = frame;
  if (state === "connected") {
    name = frame.name || say("someone");
    if (before !== "connected") {
      met = true;
      log.event(say("here.event", { name }));
      news(say("here.news", { name }));
    }
  }
  if (state === "away" && before !== "away") {
    log.event(say("away.event"));
    news(say("away", { name: frame.name || name }));
  }
  if (state !== "connected") log.typing(false, "");
  if (state === "ended") return finish();
  draw();
  if (before !== state && (state === "waiting" || state === "nobody")) news($("wait-place").textContent || "");
}

/** The talk screen as the state wants it. */
function draw() {
  const alone = log.empty && !met;
  const with_ = state === "connected" || state === "away";
  const lonely = !with_ && state !== "ended";
  if (state === "nobody") nobody(latest, (Date.now() - begunAt) / 1000);
  else waiting(latest, under18());
  if (state === "nobody") strip(say("nobody"), say("nobody.short"));
  else strip(title(latest), range(latest));
  $("wait").hidden = !(lonely && alone);
  $("strip").hidden = !(lonely && !alone);
  $("withyou").hidden = !with_;
  $("log").hidden = lonely && alone;
  $("nobody-foot").hidden = state !== "nobody" || !alone;
  box.placeholder = say(with_ || !alone ? "write" : "write.first");
  withWords();
  if (current() === "read" && with_) show("talk");
}

function withWords() {
  const away = state === "away";
  const down = failures > 1;
  $("who").textContent = Array.from(name)[0] || "";
  $("who").classList.toggle("gone", away || down);
  $("with-name").textContent = away ? say("away", { name: latest.name || name }) : name;
  $("with-call").hidden = !away;
  $("with-words").textContent = say(!away ? (down ? "off" : "here") : latest.place === 1 ? "away.next" : "away.kept");
}

/** Ended from the other side: the words stay until the visitor clears them. */
function finish() {
  line.stop();
  state = "ended";
  setLive(false);
  clearInterval(barTimer);
  bar("", "");
  log.close();
  draw();
  $("withyou").hidden = true;
  $("compose").hidden = true;
  $("over").hidden = false;
  news(say("ended") + " " + say("ended.keep"));
}

/** Ended by the visitor, or read to the end: nothing of it stays on the screen or in memory. */
function clear() {
  line.leave("end");
  setLive(false);
  log.clear(true);
  box.value = "";
  document.querySelectorAll("input").forEach((input) => {
    if (input.type === "radio") input.checked = input.defaultChecked;
    else input.value = "";
  });
  $("news").textContent = "";
  show("ended");
}

// What the visitor does

function find() {
  begunAt = Date.now();
  setLive(true);
  draw();
  show("talk");
  if (told.preview) return bar(told.preview, "");
  line.start(need(), lang);
}

function send() {
  let rest = box.value.trim();
  if (!rest || state === "ended" || told.preview) return;
  const paused = isPhrase(rest);
  if (paused) rest = "";
  while (rest) {
    const cut = rest.length <= LONGEST ? rest.length : Math.max(rest.lastIndexOf(" ", LONGEST), LONGEST / 2);
    const part = rest.slice(0, cut);
    log.pending(line.say(part), part);
    rest = rest.slice(cut).trim();
  }
  box.value = "";
  clearTimeout(typingTimer);
  line.typing(false);
  draw();
  sized();
  log.toEnd();
  if (paused) pause();
  else box.focus();
}

function sized() {
  const empty = !box.value.trim();
  $("send").classList.toggle("idle", empty);
  box.style.height = "auto";
  box.style.height = Math.max(48, box.scrollHeight) + "px";
}

box.addEventListener("input", () => {
  sized();
  clearTimeout(typingTimer);
  const on = !!box.value.trim();
  line.typing(on);
  if (on) typingTimer = setTimeout(() => line.typing(false), 4000);
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  send();
});

/** @type {Record<string, () => void>} */
const presses = {
  begin: () => show("about"),
  send,
  clear,
  end: () => { sheet(false); clear(); },
  anew: () => location.reload(),
  retry: () => { failures = 0; line.hurry(); show("talk"); },
};
for (const id of Object.keys(presses)) $(id).addEventListener("click", presses[id]);

let backTo = "start";
document.addEventListener("click", (event) => {
  const hit = /** @type {Element} */ (event.target).closest("[data-go],[data-back],[data-find],[data-town],[data-lang]");
  if (!hit) return;
  const { go, town, find: now, lang: to } = /** @type {HTMLElement} */ (hit).dataset;
  if (to) {
    event.preventDefault();
    return speak(to);
  }
  if (now !== undefined) return find();
  if (town !== undefined) return inTown(town);
  if (go === undefined) return show(backTo);
  if (go === "safer" || go === "answers") {
    if (current() !== "safer" && current() !== "answers") backTo = current();
    sheet(false);
  }
  show(go);
});
/** The same page in another language: only the words change place, nothing typed is touched. */
function speak(/** @type {string} */ to) {
  const offered = Array.from(document.querySelectorAll("[data-lang]"));
  if (to === lang || !offered.some((each) => each.getAttribute("data-lang") === to)) return;
  const page = new XMLHttpRequest();
  page.open("GET", told.tongues + encodeURIComponent(to));
  page.responseType = "document";
  page.onload = () => {
    const other = page.response;
    if (!other || !other.body.dataset.words || !isHere()) return;
    retell(other);
    lang = document.documentElement.lang.split("-")[0];
    line.speak(lang);
    offered.forEach((each) => {
      if (each.getAttribute("data-lang") === lang) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    });
    count();
    log.retell();
    retold();
    draw();
    redraw();
  };
  page.send();
}

// The world around it

window.addEventListener("message", (event) => {
  const host = event.data;
  if (event.source !== window.parent || !isHere() || !host || typeof host.frontdoor !== "string") return;
  if (host.frontdoor === "resize") unfold(host.to === "open");
  else if (host.frontdoor === "cover") cover(true);
  else if (host.frontdoor === "exit") $("leave").click();
  else if (host.frontdoor === "language") speak(String(host.to).slice(0, 8));
});
/** After a sleep an open socket may be a dead one. A hidden page is only slowed: leave it be. */
let awake = Date.now();
function woken() {
  const now = Date.now();
  if (document.hidden) return;
  if (now - awake > ASLEEP) line.renew();
  awake = now;
  if (state === "nobody" && isHere()) draw();
}
setInterval(woken, 5000);
document.addEventListener("visibilitychange", woken);
window.addEventListener("online", () => line.renew());

ask();
arrange(line);
arm((how) => line.leave(how));
watch((covered) => line.here(covered || isPaused(), isPaused()));
const pause = guard((paused) => line.here(paused, paused));
