// @ts-check
// The phones on the table: draws each picture the exchange sends, and sends what people do.
// Text only ever becomes text; nothing is kept in this browser.

/** @typedef {{n: number, how: string, words: string}} Spoken */
/** @typedef {{n: number, who: string, words: string, mine: boolean}} Texted */
/** @typedef {{number: string, shown: string, label: string, state: string, where: string,
 *   from: string, since: number|null, spoken: Spoken[], texts: Texted[]}} Phone */
/** @typedef {{n: number, at: number, title: string, detail: string, chip: string}} Event_ */
/** @typedef {{phones: Phone[], events: Event_[], armed: Record<string, boolean>, speed: number}} Picture */

const room = need(document, "#room");
const mould = /** @type {HTMLTemplateElement} */ (need(document, "#handset"));
const line = /** @type {HTMLSelectElement} */ (need(document, "#line"));
/** @type {Map<string, HTMLElement>} */
const sets = new Map();
/** Texts seen on each phone, by number. @type {Map<string, number>} */
const seen = new Map();
/** @type {Picture|null} */
let latest = null;
let drawnAt = 0;

/**
 * @param {ParentNode} within
 * @param {string} selector
 * @returns {HTMLElement}
 */
function need(within, selector) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`no ${selector}`);
  return found;
}

/**
 * @param {string} tag
 * @param {string} words
 * @param {string} [name]
 */
function make(tag, words, name = "") {
  const element = document.createElement(tag);
  element.textContent = words;
  if (name) element.className = name;
  return element;
}

/** @param {string} name */
function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  drawing.setAttribute("class", "i");
  drawing.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * Does an act at a phone or in the exchange. Says why when it cannot be done.
 * @param {string} name
 * @param {Record<string, unknown>} [more]
 */
async function act(name, more = {}) {
  const cannot = need(document, "#cannot");
  try {
    const answer = await fetch(`/rehearsal/acts/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ line: line.value, ...more }),
    });
    const { words } = await answer.json();
    cannot.textContent = words;
    cannot.hidden = !words;
  } catch {
    need(document, "#lost").hidden = false;
  }
}

/**
 * Brings a list up to date by number: old entries go, new ones are added below.
 * @template {{n: number}} T
 * @param {Element} list
 * @param {T[]} entries
 * @param {(entry: T) => HTMLElement} draw
 * @returns {boolean} whether anything was added
 */
function follow(list, entries, draw) {
  const wanted = new Set(entries.map((entry) => String(entry.n)));
  for (const child of [...list.children]) {
    if (child instanceof HTMLElement && child.dataset.n && !wanted.has(child.dataset.n)) child.remove();
  }
  const have = new Set([...list.children].map((child) => child instanceof HTMLElement ? child.dataset.n : ""));
  let added = false;
  for (const entry of entries) {
    if (have.has(String(entry.n))) continue;
    const drawn = draw(entry);
    drawn.dataset.n = String(entry.n);
    list.append(drawn);
    added = true;
  }
  return added;
}

/** @param {Spoken} one */
function drawSpoken(one) {
  const drawn = make("p", one.words.replace(/^\((.*)\)$/, "$1"), one.how);
  if (one.how === "sound") drawn.prepend(icon("wave"));
  return drawn;
}

/** @param {string} number */
function setFor(number) {
  const known = sets.get(number);
  if (known) return known;
  const piece = /** @type {DocumentFragment} */ (mould.content.cloneNode(true));
  const set = need(piece, ".set");
  set.dataset.number = number;
  const flow = need(room, ".flow");
  if (sets.size === 0) flow.before(set);
  else room.append(set);
  sets.set(number, set);
  listen(set, number);
  return set;
}

/**
 * @param {HTMLElement} set
 * @param {string} phone
 */
function listen(set, phone) {
  const sheet = need(set, ".texts");
  const box = /** @type {HTMLTextAreaElement} */ (need(set, "textarea"));
  set.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    if (button.dataset.act) void act(button.dataset.act, { phone });
    if (button.dataset.key) void act("press", { phone, keys: button.dataset.key });
    if (button.dataset.open) {
      sheet.hidden = false;
      box.focus();
      draw();
    }
    if (button.dataset.close) closeSheet();
  });
  set.addEventListener("keydown", (event) => {
    const typing = event.target === box;
    if (event.key === "Escape" && !sheet.hidden) closeSheet();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = need(set, ".pad").hidden ? null : set.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (key instanceof HTMLElement) {
      event.preventDefault();
      key.click();
    }
  });
  need(set, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = box.value;
    if (!words.trim()) return;
    void act("text", { phone, words }).then(() => {
      if (need(document, "#cannot").hidden) box.value = "";
    });
  });

  function closeSheet() {
    sheet.hidden = true;
    const opener = [...set.querySelectorAll("[data-open]")].find((one) => one instanceof HTMLElement && one.offsetParent);
    if (opener instanceof HTMLElement) opener.focus();
  }
}

/** @param {Phone} phone */
function drawPhone(phone) {
  const set = setFor(phone.number);
  const focused = document.activeElement;
  const here = focused instanceof HTMLElement && set.contains(focused) ? focused : null;
  const heading = need(set, ".label");
  heading.id = `h${phone.number.slice(1)}`;
  heading.textContent = phone.label;
  set.setAttribute("aria-labelledby", heading.id);
  need(set, ".shown").textContent = phone.shown;
  const busy = phone.state === "in call" || phone.state === "calling";
  const rings = phone.state === "ringing";
  need(set, ".spoken").hidden = rings;
  need(set, ".ringing").hidden = !rings;
  need(set, ".answering").hidden = !rings;
  need(set, ".pad").hidden = phone.state !== "in call";
  need(set, ".calling").hidden = !busy;
  need(set, ".resting").hidden = busy || rings;
  need(set, ".from").textContent = phone.from;
  drawChip(set, phone);

  const spoken = need(set, ".spoken");
  need(spoken, ".nothing").hidden = phone.spoken.length > 0;
  if (follow(spoken, phone.spoken, drawSpoken)) {
    const said = [...spoken.querySelectorAll(".said")];
    said.slice(0, -2).forEach((one) => one.classList.add("old"));
    spoken.scrollTop = spoken.scrollHeight;
  }
  drawTexts(set, phone);
  if (here && !here.offsetParent) need(set, rings ? "[data-act=answer]" : ".spoken").focus();
}

/**
 * @param {HTMLElement} set
 * @param {Phone} phone
 */
function drawChip(set, phone) {
  const chip = need(set, ".status");
  const use = set.querySelector(".status use");
  const drawing = set.querySelector(".status svg");
  chip.className = `chip status ${{ ringing: "lamp", calling: "accent", "in call": "accent" }[phone.state] ?? "line"}`;
  use?.setAttribute("href", phone.state === "ringing" ? "#i-bell" : "#i-phone");
  drawing?.toggleAttribute("hidden", phone.state === "idle");
  need(set, ".state").textContent = { idle: "at rest", ringing: "ringing", calling: "calling" }[phone.state] ?? "";
}

/**
 * @param {HTMLElement} set
 * @param {Phone} phone
 */
function drawTexts(set, phone) {
  const read = need(set, ".read");
  need(read, ".nothing").hidden = phone.texts.length > 0;
  const added = follow(read, phone.texts, (one) => {
    const drawn = make("p", one.words, one.mine ? "self" : "");
    drawn.prepend(make("small", one.mine ? `To ${one.who}` : one.who));
    return drawn;
  });
  if (added) read.scrollTop = read.scrollHeight;
  const last = phone.texts.filter((one) => !one.mine).map((one) => one.n);
  if (!need(set, ".texts").hidden || !seen.has(phone.number)) {
    seen.set(phone.number, last.at(-1) ?? 0);
    if (!need(set, ".texts").hidden) read.scrollTop = read.scrollHeight;
  }
  const fresh = last.filter((n) => n > (seen.get(phone.number) ?? 0)).length;
  const badge = need(set, ".new");
  badge.hidden = fresh === 0;
  badge.textContent = `${fresh} new`;
}

const CHIPS = /** @type {Record<string, [string, string, string]>} */ ({
  signed: ["ok", "tick", "signed"],
  said: ["", "", "said"],
  ring: ["lamp", "bell", "rings"],
  done: ["", "", "done"],
  error: ["danger", "wrong", "error"],
});

/** @param {Picture} picture */
function drawEvents(picture) {
  const box = need(document, ".events");
  const list = need(box, "ol");
  need(box, ".nothing").hidden = picture.events.length > 0;
  const below = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  const added = follow(list, picture.events, (one) => {
    const drawn = make("li", "");
    drawn.append(make("time", clock(one.at), "meta"), make("span", one.title));
    const chip = CHIPS[one.chip];
    if (chip) {
      const tag = make("span", "", `chip ${chip[0]}`);
      if (chip[1]) tag.append(icon(chip[1]));
      tag.append(chip[2]);
      drawn.append(tag);
    }
    if (one.detail) drawn.append(make("code", one.detail));
    drawn.classList.toggle("rings", one.chip === "ring");
    return drawn;
  });
  const ringing = picture.phones.some((phone) => phone.state === "ringing");
  const lines = [...list.querySelectorAll(".rings")];
  lines.forEach((one, n) => one.classList.toggle("now", ringing && n === lines.length - 1));
  if (added && below) box.scrollTop = box.scrollHeight;
}

/** @param {Picture} picture */
function drawCalls(picture) {
  const list = need(document, ".rec");
  const live = picture.phones.filter((phone) => phone.state !== "idle");
  const rows = live.map((phone) => [phone.label, phone.where && phone.state === "in call" ? phone.where : phone.state]);
  if (rows.length === 0) rows.push(["Calls now", "none"]);
  list.replaceChildren(
    ...rows.map(([name, words]) => {
      const row = document.createElement("div");
      row.append(make("dt", name), make("dd", words));
      return row;
    }),
  );
}

/** Draws the latest picture. */
function draw() {
  if (!latest) return;
  latest.phones.forEach(drawPhone);
  drawEvents(latest);
  drawCalls(latest);
  const armed = latest.armed;
  for (const [fault, name] of [["late", "delay"], ["lost", "lose"], ["twice", "repeat"], ["withhold", "withhold"], ["refuse", "refuse"]]) {
    need(document, `[data-fault=${fault}]`).setAttribute("aria-pressed", String(Boolean(armed[name])));
  }
  tick();
}

/** Moves the clocks of the phones that are in a call. */
function tick() {
  if (!latest) return;
  const passed = ((performance.now() - drawnAt) / 1000) * latest.speed;
  for (const phone of latest.phones) {
    const set = sets.get(phone.number);
    if (set && phone.state === "in call") need(set, ".state").textContent = clock((phone.since ?? 0) + passed);
  }
}

/** Keeps one live socket, and opens the next when it is lost. */
function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/rehearsal/live`);
  socket.addEventListener("message", (message) => {
    latest = JSON.parse(message.data);
    drawnAt = performance.now();
    need(document, "#lost").hidden = true;
    draw();
  });
  socket.addEventListener("close", () => {
    need(document, "#lost").hidden = false;
    setTimeout(connect, 1000);
  });
}

need(document, "#another").addEventListener("click", () => void act("add-phone"));
for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () => {
    if (button instanceof HTMLElement && button.dataset.fault) void act(button.dataset.fault);
  });
}
setInterval(tick, 1000);
connect();
