"""Presence as a lease: who may be given work this moment, and why not, in words for the console.

Available = on shift or on extra duty, signed in, seen within the lease, under capacity and not
wrapping up. Each "no" says why. The rota is the truth of the hours: duty that was forgotten ends
with its shift. Nothing here ends a contact: presence only decides who is asked next (S13).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from routing.model import Presence
from routing.reasons import spoken

Phone = Literal["none", "own", "browser", "instead", "lost"]
"""By what calls ring: their own phone; the browser's; their own, as the browser's is not heard of;
nothing, as the browser's is not heard of and they have no other."""


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What the rows know of a seat. `break_reason` None: not on a break; "" is without a reason.

    `signed_in` is about this console. `elsewhere`: duty is held by another window or machine.
    `set_away_by` is the first name of the supervisor who set this seat away, "" when nobody did.
    `on_shift` is what the rota says, `extra` is duty taken on beside it, and `shift_until` the
    local time at which the shift ends or ended, as in "17:00", "" when the rota knows none.
    `closing` are the channels no longer offered because that end is near. `checking`: "Are you
    there?" stands unanswered. `after_hard`: the last contact was marked hard, and no break has
    been taken since. `wrapping_since` is when the oldest wrap-up began.
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
    phone: Phone = "own"


@dataclass(frozen=True, slots=True)
class Because:
    """One tick of the console: whether it holds, and the words beside it."""

    ok: bool
    words: str


NUDGE = timedelta(minutes=10)
"""A wrap-up this old is asked after. The advisor ends it, never the clock."""
EVERY = frozenset({"chat", "voice", "sms"})
_SPOKEN = {"chat": "chats", "voice": "calls", "sms": "texts"}


def state_of(facts: SeatFacts, now: datetime) -> tuple[Presence, str]:
    """The seat's presence and its because. The first thing that says no is the one told."""
    state = _state(facts, now)
    match state:
        case "offline":
            return state, _absent(facts, now)
        case "break":
            return state, _resting(facts)
        case "wrap":
            return state, _wrapping(facts, now)
        case "busy" if facts.on_call:
            return state, "On a call"
        case "busy" if facts.load >= facts.capacity:
            return state, _places(facts)
        case "busy":
            return state, closing_words(facts)
        case "available" if facts.closing:
            return state, closing_words(facts)
        case "available":
            return state, "Free for the next contact"
    assert_never(state)


def because(facts: SeatFacts, now: datetime) -> tuple[Because, ...]:
    """The ticks of the console: on duty, signed in here, seen, places used.

    Whoever takes calls in the browser reads a fifth: whether its phone is there.
    """
    ticks = (_duty(facts), _signed_in(facts), _seen(facts, now), _room(facts, now))
    return (*ticks, *_phone(facts))


def nudged(facts: SeatFacts, now: datetime) -> bool:
    """Whether a wrap-up has lasted so long that its advisor is asked about it."""
    since = facts.wrapping_since
    return facts.wrapping > 0 and since is not None and now - since >= NUDGE


def _state(facts: SeatFacts, now: datetime) -> Presence:
    if not (facts.on_duty and facts.signed_in and _fresh(facts, now)):
        return "offline"
    if not (facts.on_shift or facts.extra):
        return "offline"
    if facts.break_reason is not None or facts.set_away_by or facts.checking:
        return "break"
    if facts.wrapping > 0:
        return "wrap"
    if facts.after_hard:
        return "break"
    if facts.on_call or facts.load >= facts.capacity or facts.closing >= EVERY:
        return "busy"
    return "available"


def _absent(facts: SeatFacts, now: datetime) -> str:
    """Why this seat is off line. A break is no reason: who rests is still on duty."""
    if not facts.on_duty:
        return _duty(facts).words
    if not facts.signed_in:
        return _signed_in(facts).words
    if not _fresh(facts, now):
        return _seen(facts, now).words
    return _off_shift(facts)


def _resting(facts: SeatFacts) -> str:
    if facts.set_away_by:
        return f"{facts.set_away_by} set you away."
    if facts.break_reason is not None:
        return f"On a break: {facts.break_reason}" if facts.break_reason else "On a break"
    if facts.checking:
        return "Are you there? Two offers passed you by."
    return "A break after a hard contact. Press Back when you are ready."


def _wrapping(facts: SeatFacts, now: datetime) -> str:
    what = "a contact" if facts.wrapping == 1 else f"{facts.wrapping} contacts"
    if facts.wrapping_since is not None and nudged(facts, now):
        lasted = spoken(int((now - facts.wrapping_since).total_seconds()))
        return f"Wrapping up {what} for {lasted}. Finish, or take a break."
    return f"Wrapping up {what}. New ones come when you finish."


def _fresh(facts: SeatFacts, now: datetime) -> bool:
    return facts.lease_until is not None and facts.lease_until > now


def _duty(facts: SeatFacts) -> Because:
    if not facts.on_duty:
        return Because(False, "Not on duty. Press Go on duty.")
    if not (facts.on_shift or facts.extra):
        return Because(False, _off_shift(facts))
    if facts.set_away_by:
        return Because(False, f"{facts.set_away_by} set you away.")
    if facts.break_reason is not None:
        return Because(False, "On a break. Press Back when you are ready.")
    if facts.checking:
        return Because(False, "Are you there? Press I am here.")
    if facts.after_hard and facts.wrapping == 0:
        return Because(False, "A break after a hard contact. Press Back when you are ready.")
    if not facts.on_shift:
        return Because(True, "On extra duty, outside the rota")
    if facts.closing:
        return Because(True, closing_words(facts))
    return Because(True, f"On shift until {facts.shift_until}" if facts.shift_until else "On duty")


def _off_shift(facts: SeatFacts) -> str:
    ended = f"Your shift ended at {facts.shift_until}." if facts.shift_until else "No shift now."
    return f"{ended} Go on duty again for extra duty."


def closing_words(facts: SeatFacts) -> str:
    """What no longer comes. What is open stays with its advisor (S13)."""
    when = f"at {facts.shift_until}" if facts.shift_until else "soon"
    no_more = [word for channel, word in _SPOKEN.items() if channel in facts.closing]
    nothing = "contacts" if facts.closing >= EVERY else " or ".join(no_more)
    return f"Your shift ends {when}. No new {nothing}; yours stay with you."


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


def _phone(facts: SeatFacts) -> tuple[Because, ...]:
    match facts.phone:
        case "browser":
            return (Because(True, "Browser phone ready"),)
        case "instead":
            return (Because(False, "Browser phone not heard. Calls ring your own phone."),)
        case "lost":
            return (Because(False, "Browser phone not heard. No calls till it is back."),)
        case "none" | "own":
            return ()


def _room(facts: SeatFacts, now: datetime) -> Because:
    if facts.on_call:
        return Because(False, "On a call, which takes every place.")
    if nudged(facts, now):
        return Because(False, _wrapping(facts, now))
    if facts.wrapping > 0:
        return Because(False, "Wrapping up. Finish it to take the next.")
    if facts.load < facts.capacity and facts.closing >= EVERY:
        return Because(False, closing_words(facts))
    return Because(facts.load < facts.capacity, _places(facts))


def _places(facts: SeatFacts) -> str:
    return f"{facts.load} of {facts.capacity} places used"
