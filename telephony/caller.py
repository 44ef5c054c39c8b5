"""The caller's own documents: arrival, menu, queue, room. Whoever asks gets a next step (S2)."""

from dataclasses import replace
from datetime import timedelta

from telephony import documents as say
from telephony import endings
from telephony.asks import EndLeg, ReleaseSeat, RequestSeat
from telephony.states import (
    Arrived,
    Away,
    Bridging,
    Facts,
    Menu,
    Overflow,
    Ringing,
    Slowed,
    State,
    Talking,
    Turn,
    Waiting,
    Why,
)

NEXT_ROUND = timedelta(seconds=60)  # between two rounds of the fallback numbers
ELSEWHERE = frozenset({"redirected", "redirected-from-bridged", "bridged", "bridging-in-process"})


def arrived(state: State, facts: Facts) -> Turn:
    if not isinstance(state, Arrived):
        return Turn(state, say.what_next(state, facts))
    if facts.slowed:
        slowed = Slowed(state.number + 1)
        return Turn(slowed, say.slowed(slowed.number, facts))
    if facts.menu and not facts.relay:
        asked = Menu(state.number + 1)
        return Turn(asked, say.menu(asked.number, facts))
    waiting = Waiting(state.number + 1)
    return Turn(waiting, say.welcome(waiting.number, facts), (RequestSeat(facts.central),))


def menu(state: State, number: int, digits: str, facts: Facts) -> Turn:
    """A wrong key and no key both go to a human at the central hub."""
    if not isinstance(state, Arrived) and not (isinstance(state, Menu) and number == state.number):
        return Turn(state, say.what_next(state, facts))
    waiting = Waiting(state.number + 1)
    hub = facts.keys.get(digits, facts.central)
    language = facts.tongues.get(digits, "")
    seat = RequestSeat(hub, language)
    if digits == "5" and digits not in facts.keys:
        return Turn(waiting, say.danger_first(waiting.number, facts), (seat,))
    return Turn(waiting, say.thanks(waiting.number, language, facts), (seat,))


def passed(state: State, number: int, facts: Facts) -> Turn:
    """Slowed down is not shut out: a key, or the end of the moment, leads to a person."""
    if isinstance(state, Slowed) and number == state.number:
        waiting = Waiting(state.number + 1)
        seat = RequestSeat(facts.central)
        return Turn(waiting, say.thanks(waiting.number, "", facts), (seat,))
    return onward(state, facts)


def tick(state: State, seconds: int | None, facts: Facts) -> Turn:
    """Whoever should be elsewhere leaves the queue here; it needs no REST call to get out."""
    moved = climb(state, facts)
    match moved:
        case Waiting() | Ringing() | Bridging():
            return Turn(moved, say.hold(moved, facts, seconds))
        case _:
            return Turn(moved, say.LEAVE)


def tick_outside(state: State, facts: Facts) -> Turn:
    moved = climb(state, facts)
    match moved:
        case Waiting() | Ringing() | Bridging():
            return Turn(moved, say.hold_outside(moved, facts))
        case _:
            return onward(moved, facts)


def left_queue(state: State, result: str, facts: Facts) -> Turn:
    if result == "hangup":
        return endings.gone(state)
    if result in ELSEWHERE:
        return Turn(state)
    waits = isinstance(state, Waiting | Ringing | Bridging)
    if waits and result != "leave":  # queue-full, error, system-error: hold them ourselves
        return Turn(state, say.hold_outside(state, facts))
    return onward(state, facts)


def onward(state: State, facts: Facts) -> Turn:
    """The caller is between two documents and asks what is next."""
    match state:
        case Arrived():
            return arrived(state, facts)
        case Overflow(number=number, index=index, dialling=False) if index < len(facts.numbers):
            dialling = replace(state, number=number + 1, dialling=True, since=facts.now)
            return Turn(dialling, say.ring_number(dialling, facts))
        case Overflow(accepted=True):
            return endings.handed_over(state, True, facts)
        case Overflow(index=index) if index >= len(facts.numbers):
            return endings.round_failed(state, facts)
        case _:
            return Turn(state, say.what_next(state, facts))


def moved(state: State, number: int, facts: Facts) -> Turn:
    if isinstance(state, Bridging) and number == state.number:
        talking = Talking(number, state.assignment, state.room)
        return Turn(talking, say.room(talking))
    return onward(state, facts)


def returned(state: State, reached: bool, up: bool, facts: Facts) -> Turn:
    if reached:
        return endings.handed_over(state, up, facts)
    return onward(state, facts) if up else endings.gone(state)


def room_dial_ended(state: State, number: int, up: bool, facts: Facts) -> Turn:
    if not up:
        return endings.gone(state)
    if isinstance(state, Away) and number == state.number:
        return endings.handed_over(state, True, facts)
    if isinstance(state, Talking) and number == state.number:
        lost = Waiting(number + 1, Why.LOST)
        release = ReleaseSeat(state.assignment, "advisor dropped out")
        return Turn(lost, say.waiting(lost, facts), (release, EndLeg(state.assignment)))
    return onward(state, facts)


def climb(state: State, facts: Facts) -> State:
    """From waiting to the fallback numbers, once the ladder stands there."""
    if not isinstance(state, Waiting) or not facts.overflow or not facts.numbers:
        return state
    if state.rung_at is not None and facts.now < state.rung_at + NEXT_ROUND:
        return state
    return Overflow(state.number, 0, facts.now)
