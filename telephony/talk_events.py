"""What can happen within a talk: the people brought onto the line, and what its advisor asks for.

`party` is the id of somebody beside the caller and the advisor.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

FINAL: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""How the carrier says that a call is over."""


@dataclass(frozen=True, slots=True)
class HoldAsked:
    """The advisor puts the caller on hold, or takes them back."""

    on: bool


@dataclass(frozen=True, slots=True)
class MuteAsked:
    on: bool


@dataclass(frozen=True, slots=True)
class KeysAsked:
    """A silent caller is to answer by keys."""


@dataclass(frozen=True, slots=True)
class KeysHeard:
    """The caller's leg has listened for keys; "" when none was pressed."""

    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class RoomAsked:
    """Something in the rows changed who hears whom."""


@dataclass(frozen=True, slots=True)
class HeldTick:
    """A caller on hold asks for the next bit of hold sound."""

    number: int


@dataclass(frozen=True, slots=True)
class PresentAsked:
    """The carrier asks for the words that name everybody on the line."""

    number: int


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """The sweeper saw who is in the room: the carrier's ids of the legs. It may be a moment old."""

    room: str
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class HandedInRoom:
    """A colleague who is in the room already has the contact now."""

    party: str
    assignment: int


@dataclass(frozen=True, slots=True)
class LeftToParty:
    """The advisor leaves the caller with a person at a number."""

    party: str


@dataclass(frozen=True, slots=True)
class PartyAsked:
    party: str
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class PartyDropped:
    party: str


@dataclass(frozen=True, slots=True)
class PartyAnswered:
    party: str


@dataclass(frozen=True, slots=True)
class PartyPressed:
    party: str
    digits: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class PartyAfterRoom:
    party: str


@dataclass(frozen=True, slots=True)
class PartyTold:
    """The carrier asks for the words that say who joined or left: `what`."""

    party: str
    what: str


@dataclass(frozen=True, slots=True)
class PartyStatus:
    party: str
    status: str

    @property
    def over(self) -> bool:
        return self.status in FINAL


PartyEvent: TypeAlias = (
    PartyAsked
    | PartyDropped
    | PartyAnswered
    | PartyPressed
    | PartyAfterRoom
    | PartyTold
    | PartyStatus
    | HandedInRoom
    | LeftToParty
)
TalkEvent: TypeAlias = (
    PartyEvent
    | HoldAsked
    | MuteAsked
    | KeysAsked
    | KeysHeard
    | RoomAsked
    | HeldTick
    | PresentAsked
    | RoomSeen
)
