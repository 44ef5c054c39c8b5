"""Nobody rang: the second's look finds what a lost callback or another room has changed."""

from dataclasses import replace
from datetime import datetime, timedelta

from telephony.asks import Ask, EndContact, EndLeg, MoveCaller, ReleaseSeat, RingAdvisor
from telephony.states import (
    Arrived,
    Asking,
    Away,
    Bridging,
    Ended,
    Facts,
    Goodbye,
    Menu,
    Overflow,
    Ringing,
    Slowed,
    State,
    Talking,
    Turn,
    Voicemail,
    Waiting,
    Why,
)

RING_LOST = timedelta(seconds=60)  # ring, both whispers and a lost callback
BRIDGE_LOST = timedelta(seconds=30)
ALONE = timedelta(seconds=5)  # time for the carrier to say who left first
KEYS_LOST = timedelta(seconds=25)  # the keys' own time, and a lost answer


def look(state: State, facts: Facts) -> Turn:
    match state:
        case Arrived() | Slowed() | Menu() | Goodbye():
            return Turn(state)
        case Ended(how=how):
            late = facts.assignment is not None and not facts.finished
            return Turn(state, (), (EndContact(how, facts.assignment),) if late else ())
        case Overflow(accepted=True) | Away():
            return Turn(state)
        case _ if facts.finished:
            return _finish(state, facts)
        case Waiting() | Overflow() | Voicemail():
            return Turn(state) if facts.assignment is None else _ring(state, (), facts)
        case Ringing() | Bridging() | Talking():
            return _look_at_leg(state, facts)
        case Asking(talk=talk):
            return _look_at_keys(state, talk, facts)


def _look_at_leg(state: Ringing | Bridging | Talking, facts: Facts) -> Turn:
    leg, number = state.assignment, state.number
    if facts.assignment is not None and facts.assignment > leg:
        return _ring(state, (EndLeg(leg),), facts)
    match state:
        case Ringing() if facts.assignment is None:
            waiting = Waiting(number, Why.MISSED, state.rung_at)
            return Turn(waiting, (), (EndLeg(leg),))
        case Ringing(since=since) if _late(since, RING_LOST, facts):
            waiting = Waiting(number, Why.MISSED, state.rung_at)
            return Turn(waiting, (), (ReleaseSeat(leg, "phone not answered"), EndLeg(leg)))
        case Bridging(since=since) if _late(since, BRIDGE_LOST, facts):
            waiting = Waiting(number + 1, Why.MISSED)
            return Turn(waiting, (), (ReleaseSeat(leg, "caller not moved"), EndLeg(leg)))
        case Talking() if facts.queued:
            handed = Waiting(number + 1, Why.HANDED)
            return Turn(handed, (), (EndLeg(leg), MoveCaller("again", handed.number)))
        case Talking(alone_since=datetime() as alone) if _late(alone, ALONE, facts):
            lost = Waiting(number + 1, Why.LOST)
            asks = (ReleaseSeat(leg, "advisor dropped out"), MoveCaller("again", lost.number))
            return Turn(lost, (), asks)
        case _:
            return Turn(state)


def _look_at_keys(state: Asking, talk: Talking, facts: Facts) -> Turn:
    """A caller who does not come back from the keys is brought back to their talk."""
    if facts.assignment != talk.assignment:
        return _look_at_leg(replace(talk, number=state.number), facts)
    if not _late(state.since, KEYS_LOST, facts):
        return Turn(state)
    back = replace(talk, number=state.number + 1)
    return Turn(back, (), (MoveCaller("again", back.number),))


def _late(since: datetime, limit: timedelta, facts: Facts) -> bool:
    return facts.now >= since + limit


def _ring(state: State, asks: tuple[Ask, ...], facts: Facts) -> Turn:
    """The advisor who accepted is rung. A caller out of the queue comes back by themselves."""
    assert facts.assignment is not None
    rung_at = state.rung_at if isinstance(state, Waiting | Ringing) else None
    moves = isinstance(state, Talking | Voicemail)
    number = state.number + 1 if moves or isinstance(state, Bridging | Overflow) else state.number
    ringing = Ringing(
        number, facts.assignment, facts.now, rung_at, handed=isinstance(state, Talking)
    )
    back: tuple[Ask, ...] = (MoveCaller("again", number),) if moves else ()
    return Turn(ringing, (), (*asks, *back, RingAdvisor(facts.assignment, facts.staff)))


def _finish(state: State, facts: Facts) -> Turn:
    """The advisor ended it. A room ends by itself when the caller leaves it."""
    goodbye = Goodbye(state.number + 1, facts.now, "advisor_ended", facts.abusive)
    legs: tuple[Ask, ...] = ()
    if isinstance(state, Ringing | Bridging):
        legs = (EndLeg(state.assignment),)
    return Turn(goodbye, (), (MoveCaller("again", goodbye.number), *legs))
