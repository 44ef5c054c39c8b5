"""The talk itself: hold, mute, keys, and whoever else is on the line. Pure and total.

One room a call. The caller and the advisor's own leg end it when they go; a party never does.
Whoever joins or leaves is named to the caller, and a talk that is over lets every party go.
"""

from __future__ import annotations

from dataclasses import replace

from telephony import advisor_leg, caller
from telephony import documents as say
from telephony.asks import (
    Arrange,
    Ask,
    EndLeg,
    EndParty,
    MoveCaller,
    Noted,
    PartyIs,
    ReleaseSeat,
    RingParty,
    TakeLeg,
)
from telephony.states import Asking, Away, Facts, Goodbye, Party, State, Talking, Turn, Waiting, Why
from telephony.talk_events import (
    HandedInRoom,
    HeldTick,
    HoldAsked,
    KeysAsked,
    KeysHeard,
    LeftToParty,
    MuteAsked,
    PartyAfterRoom,
    PartyAnswered,
    PartyAsked,
    PartyDropped,
    PartyPressed,
    PartyStatus,
    PartyTold,
    PresentAsked,
    RoomAsked,
    RoomSeen,
    TalkEvent,
)


def step(state: State, event: TalkEvent, facts: Facts) -> Turn:
    match event:
        case HoldAsked(on):
            return hold(state, on)
        case MuteAsked(on):
            return mute(state, on)
        case KeysAsked():
            return ask_keys(state, facts)
        case KeysHeard(number, digits):
            return heard_keys(state, number, digits, facts)
        case RoomAsked():
            return arranged(state)
        case HeldTick():
            return Turn(state, say.held(state.number))
        case PresentAsked():
            return Turn(state, say.told("present", facts.names) if facts.names else ())
        case PartyTold(_, what):
            return Turn(state, say.told(what, facts.names) if facts.names else ())
        case RoomSeen(room, people):
            return seen(state, room, people, facts)
        case PartyAfterRoom():
            return Turn(state, say.leave_room(state))
        case HandedInRoom(party, assignment):
            return handed(state, party, assignment)
        case LeftToParty(party):
            return left_to(state, party)
        case _:
            return _party(state, event, facts)


# -- who hears whom ------------------------------------------------------------------------


def hold(state: State, on: bool) -> Turn:
    if not isinstance(state, Talking) or state.held == on:
        return Turn(state)
    held = replace(state, held=on, turn=state.turn + 1)
    return Turn(held, (), (_arrange(held, "" if on else "present"),))


def mute(state: State, on: bool) -> Turn:
    if not isinstance(state, Talking) or state.muted == on:
        return Turn(state)
    muted = replace(state, muted=on, turn=state.turn + 1)
    return Turn(muted, (), (_arrange(muted),))


def arranged(state: State, tell: str = "", party: str = "", *asks: Ask) -> Turn:
    if not isinstance(state, Talking | Away):
        return Turn(state, (), asks)
    turned = replace(state, turn=state.turn + 1)
    return Turn(turned, (), (*asks, _arrange(turned, tell, party)))


def seen(state: State, room: str, people: frozenset[str], facts: Facts) -> Turn:
    """A sighting may be a moment old, so it only starts or stops the clock that Look obeys."""
    if isinstance(state, Away) and state.room == room and not people & facts.others:
        over = Goodbye(state.number + 1, facts.now, "handed_to_number")
        return Turn(over, (), (MoveCaller("again", over.number),))
    if not isinstance(state, Talking) or state.room != room or not facts.leg:
        return Turn(state)
    there = facts.leg in people and facts.call in people
    if there:
        return Turn(replace(state, alone_since=None) if state.alone_since else state)
    return Turn(replace(state, alone_since=state.alone_since or facts.now))


# -- keys ----------------------------------------------------------------------------------


def ask_keys(state: State, facts: Facts) -> Turn:
    """A held caller, and one whose advisor is gone, stays where they are."""
    if not isinstance(state, Talking) or state.held or state.alone_since is not None:
        return Turn(state)
    opened = state.number if state.opened is None else state.opened
    asking = Asking(state.number + 1, facts.now, replace(state, keys="", opened=opened))
    return Turn(asking, (), (MoveCaller("listen", asking.number),))


def heard_keys(state: State, number: int, digits: str, facts: Facts) -> Turn:
    if not isinstance(state, Asking):
        return caller.onward(state, facts)
    if number != state.number:
        return Turn(state, say.what_next(state, facts))
    talk = replace(state.talk, number=number + 1, keys=digits, turn=state.talk.turn + 1)
    if talk.alone_since is not None:
        lost = Waiting(talk.number, Why.LOST)
        asks = (ReleaseSeat(talk.assignment, "advisor dropped out"), EndLeg(talk.assignment))
        return Turn(lost, say.waiting(lost, facts), asks)
    return Turn(talk, say.room(talk), (Noted("keys", digits),) if digits else ())


# -- parties -------------------------------------------------------------------------------


def _party(state: State, event: TalkEvent, facts: Facts) -> Turn:
    match event:
        case PartyAsked(party, transfer):
            return asked(state, party, transfer)
        case PartyDropped(party):
            return dropped(state, party)
        case PartyAnswered():
            return answered(state, facts)
        case PartyPressed(_, digits, tries):
            return pressed(state, digits, tries, facts)
        case PartyStatus() if event.over:
            return gone(state, event.status, facts)
        case _:
            return Turn(state)


def asked(state: State, party: str, transfer: bool) -> Turn:
    """A warm transfer begins with the caller on hold: flags first, then hold, then the ringing."""
    if not isinstance(state, Talking):
        return Turn(state, (), (PartyIs(party, "failed"),))
    if not transfer:
        return Turn(state, (), (RingParty(party),))
    held = replace(state, held=True, transfer=party, turn=state.turn + 1)
    return Turn(held, (), (_arrange(held), RingParty(party)))


def dropped(state: State, party: str) -> Turn:
    """Let go by the advisor: from a transfer, the caller comes back to them."""
    ends = EndParty(party)
    if isinstance(state, Talking) and state.transfer == party:
        back = replace(state, transfer="", held=False, turn=state.turn + 1)
        return Turn(back, (), (ends, _arrange(back, "present")))
    return Turn(state, (), (ends,))


def answered(state: State, facts: Facts) -> Turn:
    party = facts.party
    if party is None or party.over or not isinstance(state, Talking | Asking):
        return Turn(state, say.let_go("already_taken"))
    return Turn(state, say.party_whisper(party)) if party.presses else _joins(state, party)


def pressed(state: State, digits: str, tries: int, facts: Facts) -> Turn:
    """Only a person who presses 1 is on the line; the same key twice is once."""
    party = facts.party
    if party is None or party.over or not isinstance(state, Talking | Asking):
        return Turn(state, say.let_go("already_taken"))
    if digits == "1":
        return _joins(state, party)
    if tries < 2:
        return Turn(state, say.party_whisper(party, tries + 1))
    return Turn(state, say.let_go("not_taken"))


def _joins(state: Talking | Asking, party: Party) -> Turn:
    talk = state.talk if isinstance(state, Asking) else state
    document = say.party_room(talk, party)
    if party.state == "talking":
        return Turn(state, document)
    is_in = PartyIs(party.id, "talking")
    if party.kind == "advisor":
        turn = arranged(state, "", "", is_in, TakeLeg(party.id, talk.assignment))
    else:
        turn = arranged(state, "joined", party.id, is_in)
    return Turn(turn.state, document, turn.asks)


def gone(state: State, status: str, facts: Facts) -> Turn:
    """Their phone is over. If it was the advisor's own by now, the advisor has dropped out."""
    party = facts.party
    if party is None or (party.over and party.assignment == 0):
        return Turn(state)
    was_in = party.state == "talking"
    over = PartyIs(party.id, "left" if was_in else "failed")
    talk = state.talk if isinstance(state, Asking) else state
    if isinstance(talk, Talking) and party.sid == facts.leg and party.assignment:
        lost = advisor_leg.gone(state, talk.assignment, status, facts)
        return Turn(lost.state, (), (over, *lost.asks))
    if isinstance(state, Talking) and state.transfer == party.id:
        state = replace(state, transfer="")
    if was_in and party.assignment == 0:
        return arranged(state, "left", party.id, over)
    return Turn(state, (), (over,))


def handed(state: State, party: str, assignment: int) -> Turn:
    """The colleague has it; the giver's leg goes, and its going ends nothing."""
    if not isinstance(state, Talking) or assignment <= state.assignment:
        return Turn(state)
    given = replace(
        state, assignment=assignment, held=False, muted=False, transfer="", alone_since=None,
        turn=state.turn + 1,
    )  # fmt: skip
    asks = (TakeLeg(party, assignment), EndLeg(state.assignment), _arrange(given, "present"))
    return Turn(given, (), asks)


def left_to(state: State, party: str) -> Turn:
    if not isinstance(state, Talking):
        return Turn(state)
    away = Away(state.number, state.room, party, state.turn + 1)
    return Turn(away, (), (_arrange(away, "present"), EndLeg(state.assignment)))


def _arrange(state: Talking | Away, tell: str = "", party: str = "") -> Arrange:
    return Arrange(state.number, state.turn, tell, party)
