"""The phone of the advisor who accepted. A leg of an older assignment is refused (S3)."""

from dataclasses import replace

from telephony import documents as say
from telephony.asks import MoveCaller, ReleaseSeat
from telephony.events import AdvisorPressed, RoomEvent
from telephony.states import (
    Asking,
    Bridging,
    Ended,
    Facts,
    Ringing,
    State,
    Talking,
    Turn,
    Waiting,
    Why,
)

RING_SECONDS = 18  # below the 15 to 20 s after which a mobile's own voicemail answers


def answered(state: State, leg: int, facts: Facts) -> Turn:
    match state:
        case Ringing(assignment=assignment) if assignment == leg == facts.assignment:
            return Turn(state, say.whisper(leg))
        case Ended():
            return Turn(state, say.let_go("caller_left"))
        case _:
            return Turn(state, say.let_go("already_taken"))


def pressed(state: State, event: AdvisorPressed, facts: Facts) -> Turn:
    match state:
        case Bridging(assignment=event.leg) | Talking(assignment=event.leg):
            return Turn(state, say.advisor_room(state))
        case Asking(talk=talk) if talk.assignment == event.leg:
            return Turn(state, say.advisor_room(talk))
        case Ringing(assignment=assignment) if assignment == event.leg == facts.assignment:
            pass
        case _:
            return answered(state, event.leg, facts)
    if event.digits == "1":
        bridging = Bridging(state.number + 1, event.leg, facts.room, facts.now)
        move = MoveCaller("join", bridging.number)
        return Turn(bridging, say.advisor_room(bridging), (move,))
    if event.tries < 2:
        return Turn(state, say.whisper(event.leg, event.tries + 1))
    return Turn(state, say.let_go("not_taken"))


def gone(state: State, leg: int, status: str, facts: Facts) -> Turn:
    """While talking, the carrier's word on who left first decides; Look has the last word."""
    match state:
        case Ringing(assignment=assignment) if assignment == leg:
            waiting = Waiting(state.number, Why.MISSED, state.rung_at)
            return Turn(waiting, (), (ReleaseSeat(leg, f"phone {status}"),))
        case Bridging(assignment=assignment) if assignment == leg:
            return Turn(Waiting(state.number + 1, Why.LOST), (), (ReleaseSeat(leg, "dropped"),))
        case Talking(assignment=assignment, alone_since=None) if assignment == leg:
            return Turn(replace(state, alone_since=facts.now))
        case Asking(talk=talk) if talk.assignment == leg and talk.alone_since is None:
            return Turn(replace(state, talk=replace(talk, alone_since=facts.now)))
        case _:
            return Turn(state)


def room_event(state: State, event: RoomEvent, facts: Facts) -> Turn:
    """Of this room, and of the leg the advisor talks by: a party that leaves is no advisor."""
    if not isinstance(state, Talking) or event.kind not in ("leave", "end"):
        return Turn(state)
    opened = state.number if state.opened is None else state.opened
    ours = opened <= event.number <= state.number
    others = {"", facts.call, *facts.others}
    advisor_left = event.who == facts.leg if facts.leg else event.who not in others
    if not ours or not advisor_left:
        return Turn(state)
    return Turn(replace(state, alone_since=state.alone_since or facts.now))
