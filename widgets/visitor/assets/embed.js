// @ts-check
/**
 * The loader on the host page: one frame, two sizes, three messages. It keeps nothing, counts
 * nothing, and tells the page nothing of what happens inside (S5). ES2017, no dependency.
 */
(function () {
  "use strict";
  /** Filled in by the server: where each site's exit goes, and the number it shows. @type {Record<string, string[]>} */
  const sites = {};

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const early = /** @type {any} */ (window).Frontdoor;
  if (!script || (early && early.exit)) return;
  const site = script.dataset.site || "";
  const base = new URL(script.src).origin;
  const known = sites[site];
  if (!known) return;
  const [exitTo, shown, dial, leaveWords, callWords] = known;

  const frame = document.createElement("iframe");
  const phone = matchMedia("(max-width: 430px), (max-height: 500px)");
  let step = "pill";
  let ready = false;
  let gone = false;
  let went = false;
  let lang = "";

  /** Styles by property: a strict policy on the host page forbids style attributes, not this. */
  function dress(/** @type {HTMLElement} */ element, /** @type {Record<string, string>} */ look) {
    for (const name of Object.keys(look)) element.style.setProperty(name, look[name], "important");
  }

  const TOP = "2147483647";

  function fit() {
    const full = step === "open" && phone.matches;
    const open = step === "open";
    const seen = window.visualViewport;
    dress(frame, {
      position: "fixed", border: "0", margin: "0", padding: "0", "z-index": TOP,
      "max-width": "none", "max-height": "none", "color-scheme": "light dark",
      display: "block", opacity: "1", background: "none",
      visibility: ready ? "visible" : "hidden",
      inset: full ? "0 auto auto 0" : "auto",
      bottom: full ? "auto" : open ? "24px" : "12px",
      "inset-inline-end": full ? "0" : open ? "24px" : "12px",
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
    location.replace(exitTo);
  }

  /** A blank sheet first; then the frame has a moment to tell the server; then the page goes. */
  function leave() {
    if (gone) return;
    gone = true;
    const sheet = document.createElement("div");
    dress(sheet, { position: "fixed", inset: "0", "z-index": TOP, background: "Canvas" });
    document.documentElement.append(sheet);
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
      if (lang) post("language", lang);
      if (first && step === "open") post("resize", step);
      else step = said.to === "open" ? "open" : "pill";
      fit();
    }
  });

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
    if (ready || gone) return;
    const box = document.createElement("div");
    dress(box, {
      position: "fixed", bottom: "12px", "inset-inline-end": "12px", "z-index": TOP, display: "flex",
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
    document.documentElement.append(box);
  }

  const doing = {
    open: () => size("open"),
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

  frame.src = base + "/w/" + encodeURIComponent(site);
  frame.title = "Chat";
  frame.referrerPolicy = "no-referrer";
  frame.addEventListener("error", alone);
  phone.addEventListener("change", fit);
  if (window.visualViewport) window.visualViewport.addEventListener("resize", fit);
  fit();
  document.documentElement.append(frame);
  setTimeout(alone, 10000);

  /** @type {any} */ (window).Frontdoor = doing;
  if (Array.isArray(early)) early.forEach(doing.push);
})();
