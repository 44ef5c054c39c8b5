"""Presence as a lease: who may be given work this moment, and why not, in words for the console.

Available = on shift or on extra duty, signed in, seen within the lease, under capacity and not
wrapping up. Each "no" says why. The rota is the truth of the hours: duty that was forgotten ends
with its shift. Nothing here ends a contact: presence only decides who is asked next (S13).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from routing.model import Presence
from routing.reasons import spoken


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What the rows know of a seat. `break_reason` None: not on a break; "" is without a reason.

    `signed_in` is about this console. `elsewhere`: duty is held by another window or machine.
    `set_away_by` is the first name of the supervisor who set this seat away, "" when nobody did.
    `on_shift` is what the rota says, `extra` is duty taken on beside it, and `shift_until` the local
    time at which the shift ends or ended, as in "17:00", "" when the rota knows none. `closing` are
    the channels no longer offered because that end is near. `checking`: "Are you there?" stands
    unanswered. `after_hard`: the last contact was marked hard, and no break has been taken since.
    `wrapping_since` is when the oldest wrap-up began.
    """

    on_duty: bool
    signed_in: bool
    seen_at: datetime | None
    lease_until: datetime | None
    capacity: int
    load: int
    wrapping: int = 0
    on_call: bool = False
    break_reason: str | None = None
    set_away_by: str = ""
    elsewhere: bool = False
    on_shift: bool = True
    extra: bool = False
    shift_until: str = ""
    closing: frozenset[str] = frozenset()
    checking: bool = False
    after_hard: bool = False
    wrapping_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """One tick of the console: whether it holds, and the words beside it."""

    ok: bool
    words: str


def state_of(facts: SeatFacts, now: datetime) -> tuple[Presence, str]:
    """The seat's presence and its because. The first thing that says no is the one told."""
    state = _state(facts, now)
    match state:
        case "offline":
            return state, _absent(facts, now)
        case "break" if facts.set_away_by:
            return state, f"{facts.set_away_by} set you away."
        case "break":
            return (
                state,
                f"On a break: {facts.break_reason}" if facts.break_reason else "On a break",
            )
        case "wrap":
            what = "a contact" if facts.wrapping == 1 else f"{facts.wrapping} contacts"
            return state, f"Wrapping up {what}. New ones come when you finish."
        case "busy" if facts.on_call:
            return state, "On a call"
        case "busy":
            return state, _places(facts)
        case "available":
            return state, "Free for the next contact"
    assert_never(state)


def because(facts: SeatFacts, now: datetime) -> tuple[Because, ...]:
    """The four ticks of the console: on duty, signed in here, seen, places used."""
    return (_duty(facts), _signed_in(facts), _seen(facts, now), _room(facts))


def _state(facts: SeatFacts, now: datetime) -> Presence:
    if not (facts.on_duty and facts.signed_in and _fresh(facts, now)):
        return "offline"
    if facts.break_reason is not None or facts.set_away_by:
        return "break"
    if facts.wrapping > 0:
        return "wrap"
    if facts.on_call or facts.load >= facts.capacity:
        return "busy"
    return "available"


def _absent(facts: SeatFacts, now: datetime) -> str:
    """Why this seat is off line. A break is no reason: who rests is still on duty."""
    if not facts.on_duty:
        return _duty(facts).words
    return (_seen(facts, now) if facts.signed_in else _signed_in(facts)).words


def _fresh(facts: SeatFacts, now: datetime) -> bool:
    return facts.lease_until is not None and facts.lease_until > now


def _duty(facts: SeatFacts) -> Because:
    if not facts.on_duty:
        return Because(False, "Not on duty. Press Go on duty.")
    if facts.set_away_by:
        return Because(False, f"{facts.set_away_by} set you away.")
    if facts.break_reason is not None:
        return Because(False, "On a break. Press Back when you are ready.")
    return Because(True, "On duty")


def _signed_in(facts: SeatFacts) -> Because:
    if facts.signed_in:
        return Because(True, "Signed in here")
    if facts.elsewhere:
        return Because(False, "Signed in on another screen. Go on duty here to move.")
    return Because(False, "Not signed in here. Sign in again.")


def _seen(facts: SeatFacts, now: datetime) -> Because:
    if facts.seen_at is None:
        return Because(False, "Not seen yet. Keep this page open.")
    ago = f"{spoken(int((now - facts.seen_at).total_seconds()))} ago"
    if _fresh(facts, now):
        return Because(True, f"Seen {ago}")
    return Because(False, f"Last seen {ago}. Check the connection.")


def _room(facts: SeatFacts) -> Because:
    if facts.on_call:
        return Because(False, "On a call, which takes every place.")
    if facts.wrapping > 0:
        return Because(False, "Wrapping up. Finish it to take the next.")
    return Because(facts.load < facts.capacity, _places(facts))


def _places(facts: SeatFacts) -> str:
    return f"{facts.load} of {facts.capacity} places used"
