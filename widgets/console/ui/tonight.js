// Tonight's cover, for whoever leads: asked of the rota now and then, for it changes slowly.
import { effect, signal } from "/vendor/ui.js";
import * as store from "./store.js";

const EVERY = 5 * 60_000;

/** @typedef {{ when: string, who: string, goes: string, needs: string, nobody: boolean }} Gap */

/** Null until it is known, and while it is not. */
export const tonight = signal(/** @type {Gap[] | null} */ (null));

async function look() {
  const answer = await fetch("/console/rota/tonight").catch(() => null);
  tonight.value = answer?.ok ? (await answer.json()).gaps : null;
}

export function watchTonight() {
  let asks = 0;
  return effect(() => {
    const leads = store.live.value && store.desk.value?.you.lead;
    if (!leads || asks) return;
    look();
    asks = window.setInterval(look, EVERY);
  });
}
