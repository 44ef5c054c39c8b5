// A wrap-up that has lasted ten minutes is spoken of once. Nothing is closed for it.
import { effect } from "/vendor/ui.js";
import { announce } from "./announce.js";
import * as store from "./store.js";
import { since } from "./time.js";
import { NUDGE } from "./words.js";

export function nudgeOnce() {
  /** @type {Set<string>} */
  const said = new Set();
  return effect(() => {
    for (const one of store.withYou.value) {
      if (one.state !== "wrapping" || !one.ended_at || said.has(one.contact)) continue;
      if (since(one.ended_at, store.now.value) < NUDGE) continue;
      said.add(one.contact);
      announce(`The wrap-up of ${one.label} is open for ten minutes. Finish when you are ready.`);
    }
  });
}
