// @ts-check
/**
 * The loader on the host page: one frame, two sizes, three messages. It keeps nothing, counts
 * nothing, and tells the page nothing of what happens inside (S5). ES2017, no dependency.
 */
(function () {
  "use strict";
  /** Filled in by the server: each site's exit, number and words, "own-page" if trackers forbid the frame, "left" if it stands there. @type {Record<string, string[]>} */
  const sites = {};

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const early = /** @type {any} */ (window).Frontdoor;
  if (!script || (early && early.exit)) return;
  const site = script.dataset.site || "";
  const base = new URL(script.src).origin;
  const known = sites[site];
  if (!known) return;
  const [exitTo, shown, dial, leaveWords, callWords, chatWords, withTrackers, left] = known;
  const side = left ? "inset-inline-start" : "inset-inline-end";

  const frame = document.createElement("iframe");
  const phone = matchMedia("(max-width: 430px), (max-height: 500px)");
  let step = "pill";
  let ready = false;
  let gone = false;
  let went = false;
  let lang = script.dataset.lang || "";
  let door = "";
  let given = false;
  let begun = false;
  let times = 0;
  let patience = 0;

  /** Styles by property: a strict policy on the host page forbids style attributes, not this. */
  function dress(/** @type {HTMLElement} */ element, /** @type {Record<string, string>} */ look) {
    for (const name in look) element.style.setProperty(name, look[name], "important");
  }

  const TOP = "2147483647";

  /** Into the browser's top layer where there is one: above any banner, whatever its z-index. */
  function lift(/** @type {any} */ element) {
    if (!element.isConnected) document.documentElement.append(element);
    try {
      element.setAttribute("popover", "manual");
      if (element.matches(":popover-open")) element.hidePopover();
      element.showPopover();
    } catch (old) {
      // An older browser: the highest z-index is what it has.
    }
  }

  function fit() {
    const full = step === "open" && phone.matches;
    const open = step === "open";
    const seen = window.visualViewport;
    dress(frame, {
      position: "fixed", margin: "0", border: "0", "z-index": TOP, "max-width": "none", "max-height": "none",
      padding: "0", "color-scheme": "light dark",
      display: "block", opacity: "1", background: "none", overflow: "hidden",
      visibility: ready ? "visible" : "hidden",
      inset: full ? "0 auto auto 0" : "auto",
      bottom: full ? "auto" : open ? "24px" : "12px",
      [side]: full ? "0" : open ? "24px" : "12px",
      width: full ? "100%" : open ? "360px" : "140px",
      height: full ? (seen ? seen.height + "px" : "100%") : open ? "min(640px, calc(100vh - 48px))" : "84px",
      "border-radius": open && !full ? "16px" : "0",
      "box-shadow": open && !full ? "0 2px 6px rgb(20 25 28 / .12), 0 12px 32px rgb(20 25 28 / .16), 0 0 0 1px rgb(120 125 128 / .35)" : "none",
    });
    if (full && seen) dress(frame, { top: seen.offsetTop + "px" });
  }

  function post(/** @type {string} */ verb, /** @type {string} */ to) {
    if (frame.contentWindow) frame.contentWindow.postMessage({ frontdoor: verb, to }, "*");
  }

  function size(/** @type {string} */ to) {
    step = to;
    fit();
    if (ready) post("resize", to);
  }

  /** Once: a second call would begin the way out again. */
  function go() {
    if (went) return;
    went = true;
    const meta = document.createElement("meta");
    meta.name = "referrer";
    meta.content = "no-referrer";
    (document.head || document.documentElement).append(meta);
    location.replace(exitTo);
  }

  /** A blank sheet first; then the frame has a moment to tell the server; then the page goes. */
  function leave() {
    if (gone) return;
    gone = true;
    const sheet = document.createElement("div");
    dress(sheet, {
      position: "fixed", margin: "0", border: "0", "z-index": TOP, "max-width": "none", "max-height": "none",
      inset: "0", width: "100%", height: "100%", background: "Canvas",
    });
    lift(sheet);
    post("exit", "");
    setTimeout(go, ready ? 80 : 0);
  }

  window.addEventListener("message", (event) => {
    const said = event.data;
    if (event.source !== frame.contentWindow || !said || (event.origin !== "null" && event.origin !== base)) return;
    if (said.frontdoor === "exit") {
      gone = true;
      go();
    } else if (said.frontdoor === "resize") {
      const first = !ready;
      ready = true;
      if (first && lang) post("language", lang);
      seen.forEach((kind) => post("seen", kind));
      if (first && step === "open") post("resize", step);
      else step = said.to === "open" ? "open" : "pill";
      fit();
      look();
    }
  });

  /** Pixels and replay scripts, each by its kind, its global names, and where it comes from. */
  const spies = ("facebook fbq connect.facebook.net,google gtag _gaq dataLayer googletagmanager.com google-analytics.com," +
    "hotjar hj hotjar.com,clarity clarity clarity.ms,fullstory fullstory.com,mouseflow mouseflow.com,tiktok ttq tiktok.com," +
    "linkedin licdn.com,logrocket LogRocket logrocket,smartlook smartlook smartlook.com,snapchat snaptr,twitter twq,matomo _paq," +
    "microsoft uetq,heap heap.io,inspectlet inspectlet.com,contentsquare contentsquare").split(",");
  /** @type {string[]} */
  const seen = [];

  /** Told to the line by kind alone, once for each page. An open chat stays; another opens on its own page. */
  function look() {
    for (const line of spies) {
      const [kind, ...names] = line.split(" ");
      if (seen.indexOf(kind) < 0 && names.some((name) => {
        const held = /** @type {any} */ (window)[name];
        return typeof held === "function" || Array.isArray(held) || document.querySelector('script[src*="' + name + '"]');
      })) {
        seen.push(kind);
        if (ready) post("seen", kind);
      }
    }
    if (seen[0] && withTrackers && !door && step === "pill") {
      door = "/door";
      if (begun) begin();
    }
  }

  let key = "";
  let count = 0;
  let since = 0;
  document.addEventListener("keydown", (event) => {
    const leaving = event.key === "Shift" || event.key === "Escape";
    if (event.repeat) return;
    if (!leaving || event.isComposing || event.defaultPrevented) {
      count = 0;
      return;
    }
    const now = Date.now();
    if (key !== event.key || now - since > 5000) count = 0;
    if (!count) since = now;
    key = event.key;
    count += 1;
    if (count > 2) leave();
  });

  /** The frame did not come: the number and the way out stand on their own. */
  function alone() {
    if (ready || gone || given) return;
    const box = document.createElement("div");
    dress(box, {
      position: "fixed", bottom: "12px", [side]: "12px", "z-index": TOP, display: "flex",
      gap: "8px", padding: "8px", background: "#fff", color: "#1c2326", border: "1px solid #757b7e",
      "border-radius": "10px", font: "600 17px/1.3 system-ui, sans-serif", "max-width": "calc(100vw - 24px)",
    });
    for (const [href, words] of [[exitTo, leaveWords], ["tel:" + dial, callWords + " " + shown]]) {
      const link = document.createElement("a");
      const out = href === exitTo;
      link.href = href;
      link.rel = "noreferrer";
      link.textContent = words;
      dress(link, {
        padding: "12px", color: out ? "#fff" : "#1c2326", background: out ? "#1c2326" : "#fff",
        "border-radius": "8px", "text-decoration": out ? "none" : "underline",
      });
      if (out) link.addEventListener("click", (event) => {
        event.preventDefault();
        leave();
      });
      box.append(link);
    }
    frame.remove();
    given = true;
    lift(box);
  }

  /** The frame from its start, unless it is given up: it has ten seconds to say that it is there. */
  function begin() {
    if (given || gone) return;
    ready = false;
    step = "pill";
    fit();
    const from = base + "/w/" + encodeURIComponent(site) + door + (lang && "/" + encodeURIComponent(lang));
    if (frame.contentWindow) frame.contentWindow.location.replace(from);
    else frame.src = from;
    lift(frame);
    clearTimeout(patience);
    patience = setTimeout(alone, 10000);
  }

  /** A page that rebuilds itself may throw the frame out: it comes back, or number and exit do. */
  function stay() {
    if (frame.isConnected || given) return;
    times += 1;
    if (times < 4) return begin();
    ready = false;
    alone();
  }

  const doing = {
    open: () => door || size("open"),
    close: () => {
      post("cover", "");
      size("pill");
    },
    setLanguage: (/** @type {string} */ to) => {
      lang = String(to);
      post("language", lang);
    },
    exit: leave,
    /** A call made before the loader was here: `Frontdoor.push(["open"])`. */
    push: (/** @type {string[]} */ call) => {
      const act = /** @type {any} */ (doing)[call[0]];
      if (act && call[0] !== "push") act(call[1]);
    },
  };

  frame.title = chatWords;
  frame.referrerPolicy = "no-referrer";
  frame.addEventListener("error", alone);
  phone.addEventListener("change", fit);
  if (window.visualViewport) window.visualViewport.addEventListener("resize", fit);
  look();
  begin();
  begun = true;
  setInterval(stay, 1000);
  setTimeout(look, 5000);
  window.addEventListener("load", look);
  document.addEventListener("toggle", (event) => event.target !== frame && frame.isConnected && lift(frame), true);

  /** @type {any} */ (window).Frontdoor = doing;
  if (Array.isArray(early)) early.forEach(doing.push);
})();
