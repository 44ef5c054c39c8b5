"""Where a caller's call can be, what the flow may know, and what it may ask for.

Every state carries `number`: that of the caller's present document. It rises with each new
document and never falls, so a webhook that carries a lower one is late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from telephony.verbs import Verb


class Why(StrEnum):
    """Why a caller waits; it chooses the words they hear on the way into the queue."""

    NEW = "new"
    MISSED = "missed"  # the advisor's phone was rung in vain
    LOST = "lost"  # an advisor dropped out: first in the order again
    NOBODY = "nobody"  # every fallback number was rung in vain


@dataclass(frozen=True, slots=True)
class Arrived:
    number: int = 0


@dataclass(frozen=True, slots=True)
class Menu:
    number: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """In the queue. `rung_at`: when the last round of fallback numbers ended."""

    number: int
    why: Why = Why.NEW
    rung_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ringing:
    """In the queue, while the phone of the advisor who accepted rings."""

    number: int
    assignment: int
    since: datetime
    rung_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bridging:
    """The advisor pressed 1 and is in the room; the caller is being moved there."""

    number: int
    assignment: int
    room: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Talking:
    """`alone_since`: the advisor's phone is gone, and the caller's side not yet told."""

    number: int
    assignment: int
    room: str
    alone_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overflow:
    """The line's fallback numbers, one after the other. `dialling` is false while the caller is
    still in the queue and leaves it at the next bit of hold sound."""

    number: int
    index: int
    since: datetime
    dialling: bool = False
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The call is finished; the caller hears so and is let go."""

    number: int
    since: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Ended:
    number: int
    how: str


State: TypeAlias = (
    Arrived | Menu | Waiting | Ringing | Bridging | Talking | Overflow | Goodbye | Ended
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the flow may know beside the event: read in the same work, never remembered.

    `assignment` is the open assignment of the contact (None: nobody owns it), `staff` its owner.
    `overflow` is true when the ladder stands at the line's fallback numbers.
    `finished` is true when the contact is over for us: wrapped up or closed by the advisor.
    `room` is a fresh opaque name (S8). `position` counts from 1 in our own order.
    """

    now: datetime
    call: str = ""
    line: str = ""
    queue: str = "waiting"
    room: str = ""
    menu: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    central: str = ""
    numbers: tuple[str, ...] = ()
    position: int | None = None
    overflow: bool = False
    assignment: int | None = None
    staff: str = ""
    finished: bool = False


# Asks. Inner ones are answered in the same work; outer ones become rows of the outbox.


@dataclass(frozen=True, slots=True)
class RequestSeat:
    hub: str


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


InnerAsk: TypeAlias = RequestSeat | ReleaseSeat | EndContact
OuterAsk: TypeAlias = RingAdvisor | MoveCaller | EndLeg
Ask: TypeAlias = InnerAsk | OuterAsk


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one event: the state from now on, the document, and what to do beside."""

    state: State
    verbs: tuple[Verb, ...] = ()
    asks: tuple[Ask, ...] = ()
