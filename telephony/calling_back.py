"""A call back that the house dials: advisor first, then the person, never a machine. Pure.

The advisor's phone is rung; on their 1 the person's is; only a person who answers is joined to
them (S2). To a machine, and to whatever nobody is sure of, nothing is said. The state moves only
forward: whatever comes late or twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from telephony.talk_events import FINAL
from telephony.verbs import DialRoom, Gather, Hangup, Pause, Say, Step, Verb

MOST_TRIES: Final = 3
"""Calls to one person for one promise; more would be a phone that keeps ringing."""
GAP: Final = timedelta(hours=1)
"""Between two tries. The hours they chose hold for each of them."""
RING_SECONDS: Final = 25
"""The person's phone. Longer than for staff: there is no voicemail to be afraid of here, because
nothing is ever said to one."""
WHISPER_SECONDS: Final = 6
PAUSE_SECONDS: Final = 600
"""How long the advisor's phone is kept in an empty room at most."""


class At(StrEnum):
    """Where a call back is. Ranked as they are written."""

    ADVISOR = "advisor"
    """The advisor's phone rings."""
    PERSON = "person"
    """The advisor waits in the room; the person's phone is to be rung, or rings."""
    TALKING = "talking"
    OVER = "over"


class Came(StrEnum):
    """What came of a try."""

    NONE = ""
    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    NOT_RUNG = "not_rung"
    """The advisor did not take it, or there was no Permit any more: their phone never rang."""


@dataclass(frozen=True, slots=True)
class Try:
    """`id` names the room too: a fresh opaque word (S8)."""

    id: str
    at: At = At.ADVISOR
    came: Came = Came.NONE


@dataclass(frozen=True, slots=True)
class AdvisorAnswered:
    pass


@dataclass(frozen=True, slots=True)
class AdvisorPressed:
    digits: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class AdvisorTold:
    """The advisor's phone asks what became of it: moved here, or the room has ended."""


@dataclass(frozen=True, slots=True)
class PersonAnswered:
    """`by`: the carrier's AnsweredBy: human, machine_start, fax, unknown; "" when not told."""

    by: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of one of the two phones."""

    who: str
    status: str

    @property
    def over(self) -> bool:
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class Refused:
    """The Permit was gone at the moment of ringing (S4), or the carrier would not ring."""


Event: TypeAlias = (
    AdvisorAnswered | AdvisorPressed | AdvisorTold | PersonAnswered | Progress | Refused
)


class Ask(StrEnum):
    """What is to be done beside, after the commit."""

    RING_PERSON = "ring_person"
    END_PERSON = "end_person"
    TELL_ADVISOR = "tell_advisor"


@dataclass(frozen=True, slots=True)
class Turn:
    state: Try
    verbs: tuple[Verb, ...] = ()
    asks: tuple[Ask, ...] = ()


def step(state: Try, event: Event) -> Turn:
    """Total: every event in every state has an answer."""
    match event:
        case AdvisorAnswered():
            return Turn(state, whisper(0) if state.at is At.ADVISOR else told(state))
        case AdvisorPressed(digits, tries):
            return _pressed(state, digits, tries)
        case AdvisorTold():
            if state.at in (At.PERSON, At.TALKING):
                return _over(state, "advisor", told(state))
            return Turn(state, told(state))
        case PersonAnswered(by):
            return _answered(state, by)
        case Progress(who) if event.over:
            return _over(state, who)
        case Progress():
            return Turn(state)
        case Refused():
            if state.at in (At.ADVISOR, At.PERSON):
                return Turn(Try(state.id, At.OVER, Came.NOT_RUNG), (), (Ask.TELL_ADVISOR,))
            return Turn(state)


def _pressed(state: Try, digits: str, tries: int) -> Turn:
    match state.at:
        case At.ADVISOR if digits == "1":
            return Turn(Try(state.id, At.PERSON), advisor_room(state), (Ask.RING_PERSON,))
        case At.ADVISOR if tries < 2:
            return Turn(state, whisper(tries + 1))
        case At.ADVISOR:
            return Turn(Try(state.id, At.OVER, Came.NOT_RUNG), (Say("not_taken"), Hangup()))
        case At.PERSON | At.TALKING:
            return Turn(state, advisor_room(state))
        case At.OVER:
            return Turn(state, told(state))


def _answered(state: Try, by: str) -> Turn:
    """Only a person is joined. Nothing is said to anything else, not even a goodbye."""
    if state.at is At.TALKING:
        return Turn(state, person_room(state))
    if state.at is not At.PERSON:
        return Turn(state, SAY_NOTHING)
    if by == "human":
        return Turn(Try(state.id, At.TALKING, Came.SPOKE), person_room(state))
    return Turn(Try(state.id, At.OVER, Came.MACHINE), SAY_NOTHING, (Ask.TELL_ADVISOR,))


def _over(state: Try, who: str, verbs: tuple[Verb, ...] = ()) -> Turn:
    """One of the two phones is free again."""
    end = Ask.END_PERSON if who == "advisor" else Ask.TELL_ADVISOR
    match state.at:
        case At.ADVISOR if who == "advisor":
            return Turn(Try(state.id, At.OVER, Came.NOT_RUNG))
        case At.PERSON:
            return Turn(Try(state.id, At.OVER, Came.NO_ANSWER), verbs, (end,))
        case At.TALKING:
            return Turn(Try(state.id, At.OVER, Came.SPOKE), verbs, (end,))
        case _:
            return Turn(state, verbs)


# -- what is said, to the advisor alone ----------------------------------------------------------

SAY_NOTHING: tuple[Verb, ...] = (Hangup(),)


def whisper(tries: int) -> tuple[Verb, ...]:
    ask = Gather((Say("back_whisper"),), Step("pressed", tries=tries), WHISPER_SECONDS)
    return (ask, ask, Say("not_taken"), Hangup())


def advisor_room(state: Try) -> tuple[Verb, ...]:
    return (DialRoom(state.id, Step("told"), Step("room")),)


def person_room(state: Try) -> tuple[Verb, ...]:
    return (DialRoom(state.id, Step("bye"), Step("room")),)


def told(state: Try) -> tuple[Verb, ...]:
    """How it ended, for the advisor who is still on the phone."""
    words = {
        Came.NONE: "back_over",
        Came.SPOKE: "back_over",
        Came.NO_ANSWER: "back_no_answer",
        Came.MACHINE: "back_machine",
        Came.NOT_RUNG: "back_not_now",
    }[state.came]
    return (Pause(1), Say(words), Hangup())
