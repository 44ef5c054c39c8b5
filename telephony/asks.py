"""What the flow may ask for.

Inner asks are answered in the same work; outer ones become rows of the outbox.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class RequestSeat:
    """`language` when the menu told it, "" when not."""

    hub: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class AskCallBack:
    """A call back to the number on the line; `part` of the day as app.cases.due names it."""

    part: str


@dataclass(frozen=True, slots=True)
class KeepMessage:
    """A message lies with the carrier: to be fetched and kept, or only erased when it is silent.
    `call_safe` is their own answer to whether we may call back."""

    recording: str
    seconds: int
    call_safe: bool


@dataclass(frozen=True, slots=True)
class TextMe:
    """One text to the number on the line, that the caller has just asked for."""


@dataclass(frozen=True, slots=True)
class ReleaseSeat:
    """Back to the front of the order: the assignment came to nothing, and why."""

    assignment: int
    why: str


@dataclass(frozen=True, slots=True)
class EndContact:
    how: str
    assignment: int | None = None


@dataclass(frozen=True, slots=True)
class RingAdvisor:
    assignment: int
    staff: str


@dataclass(frozen=True, slots=True)
class MoveCaller:
    """To our own document `step` with the state's `number`."""

    step: str
    number: int


@dataclass(frozen=True, slots=True)
class EndLeg:
    """Let the advisor's phone go, with a word if somebody listens."""

    assignment: int


@dataclass(frozen=True, slots=True)
class PartyIs:
    """What became of a party: talking, left or failed. It never goes back."""

    party: str
    state: str


@dataclass(frozen=True, slots=True)
class TakeLeg:
    """This party is the advisor's own leg from now on; the one before is let go."""

    party: str
    assignment: int


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the record: what the caller did, in words of ours."""

    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class RingParty:
    party: str


@dataclass(frozen=True, slots=True)
class EndParty:
    party: str


@dataclass(frozen=True, slots=True)
class Arrange:
    """Bring the room to what the rows say: who is held, muted, heard by whom, missed when gone.

    `tell` is said into the room afterwards: "present", "joined" or "left" (of `party`).
    """

    number: int
    turn: int
    tell: str = ""
    party: str = ""


InnerAsk: TypeAlias = (
    RequestSeat
    | ReleaseSeat
    | EndContact
    | AskCallBack
    | TextMe
    | KeepMessage
    | PartyIs
    | TakeLeg
    | Noted
)
OuterAsk: TypeAlias = RingAdvisor | MoveCaller | EndLeg | RingParty | EndParty | Arrange
Ask: TypeAlias = InnerAsk | OuterAsk
