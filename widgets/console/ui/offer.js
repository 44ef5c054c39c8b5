// Someone is at the door: the card, the bar on a phone, the countdown, and what is spoken.
import { effect, html, useRef } from "/vendor/ui.js";
import { accept, decline } from "./acts.js";
import { knowThem } from "./apart.js";
import { announce, interrupt } from "./announce.js";
import { Icon } from "./icons.js";
import * as store from "./store.js";
import { since, span } from "./time.js";
import { CHANNEL, CHANNEL_ICON } from "./words.js";

const ROUND = 126; // the ring's circumference at radius 20

/** @param {import("./frames.js").Offer} offer */
function left(offer) {
  return Math.max(0, Math.ceil((Date.parse(offer.until) - store.now.value) / 1000));
}

/** @param {{ offer: import("./frames.js").Offer }} props */
function Ring({ offer }) {
  const seconds = left(offer);
  const share = Math.min(1, seconds / Math.max(1, offer.seconds));
  return html`<div class="ring" role="timer" aria-label=${`${seconds} seconds left`}><svg viewBox="0 0 48 48" aria-hidden="true"><circle class="t" cx="24" cy="24" r="20" /><circle class="v" cx="24" cy="24" r="20" style=${{ strokeDashoffset: String(ROUND * (1 - share)) }} /></svg>${seconds}</div>`;
}

/**
 * A card that appears under a resting pointer must not be pressed by a press that was meant for
 * what lay there before: a mouse has to move on it first.
 */
function useMeant() {
  const moved = useRef(false);
  const meant = () => {
    moved.current = true;
  };
  return {
    on: { onPointerMove: meant, onKeyDown: meant, onTouchStart: meant },
    /** @param {() => void} act @returns {(event: MouseEvent) => void} */
    press: (act) => (event) => {
      if (moved.current || event.detail === 0) act();
    },
  };
}

/** @param {import("./frames.js").Offer} offer */
function title(offer) {
  return offer.giver ? `${CHANNEL[offer.channel]} from ${offer.giver}` : `${CHANNEL[offer.channel]} for you`;
}

/** Without the line nobody can take it, and it may be with a colleague by now: it is not shown. */
function ringing() {
  return store.live.value ? store.desk.value?.offers[0] : undefined;
}

export function OfferCard() {
  const offer = ringing();
  return offer ? html`<${Card} key=${`${offer.contact}/${offer.offer_no}`} offer=${offer} />` : null;
}

/** @param {{ offer: import("./frames.js").Offer }} props */
function Card({ offer }) {
  const meant = useMeant();
  const waits = !store.live.value || store.asking.value.has("offer");
  return html`<section class="offer" aria-labelledby="offer-h" ...${meant.on}>
    <header><h2 id="offer-h"><${Icon} name=${CHANNEL_ICON[offer.channel]} />${title(offer)}</h2><${Ring} offer=${offer} /><p class="soft">${offer.hub_name}, ${offer.giver ? "open for" : "waiting"} ${span(since(offer.waited_from, store.now.value))}</p></header>
    ${offer.need_words && html`<p>${offer.need_words}</p>`}
    ${offer.lead_worker && html`<p class="why">Their lead worker is ${offer.lead_worker}.</p>`}
    ${offer.reason && html`<p class="why">${offer.reason}</p>`}
    ${offer.channel === "voice" && html`<p class="why">Accept, and your own phone rings. Press 1 when it asks.</p>`}
    <div class="acts"><button type="button" class="btn go" disabled=${waits} onClick=${meant.press(() => accept(offer))}>${offer.giver ? "Take over" : "Accept"} <kbd>A</kbd></button><button type="button" class="btn" disabled=${waits} onClick=${meant.press(() => decline(offer))}>Decline <kbd>D</kbd></button></div>
    <button type="button" class="btn small bare know" disabled=${waits} onClick=${meant.press(() => knowThem(offer))}>I know this person</button>
  </section>`;
}

export function OfferBar() {
  const offer = ringing();
  if (!offer || store.tab.value === "queue") return null;
  return html`<${Bar} key=${`${offer.contact}/${offer.offer_no}`} offer=${offer} />`;
}

/** @param {{ offer: import("./frames.js").Offer }} props */
function Bar({ offer }) {
  const meant = useMeant();
  const waits = !store.live.value || store.asking.value.has("offer");
  return html`<section class="strip" aria-label="Offer, short form" ...${meant.on}><${Ring} offer=${offer} /><div><b>${title(offer)}</b><small>${offer.hub_name}, ${span(since(offer.waited_from, store.now.value))} ${offer.giver ? "open" : "waiting"}</small></div><div class="acts"><button type="button" class="btn" disabled=${waits} onClick=${meant.press(() => decline(offer))}>Decline</button><button type="button" class="btn go" disabled=${waits} onClick=${meant.press(() => accept(offer))}>${offer.giver ? "Take over" : "Accept"}</button></div></section>`;
}

/** Spoken at the start, at half and at five seconds; never each second. */
export function speakOffers() {
  let key = "";
  let said = new Set();
  return effect(() => {
    const offer = store.desk.value?.offers[0];
    if (!offer) {
      key = "";
      return;
    }
    const seconds = left(offer);
    if (key !== `${offer.contact}/${offer.offer_no}`) {
      key = `${offer.contact}/${offer.offer_no}`;
      said = new Set();
      const waited = Math.round(since(offer.waited_from, store.now.peek()) / 60);
      interrupt(`${title(offer)}. ${offer.hub_name}, ${offer.giver ? "open for" : "waiting"} ${waited < 1 ? "under a minute" : `${waited} min`}. ${offer.need_words} ${seconds} seconds. A accepts, D declines.`);
    }
    for (const mark of [Math.floor(offer.seconds / 2), 5]) {
      if (seconds <= mark && seconds > mark - 2 && !said.has(mark)) {
        said.add(mark);
        announce(`${seconds} seconds left.`);
      }
    }
  });
}
