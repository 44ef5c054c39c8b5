"""What can happen to a call, until somebody talks and after: one type for each.

`number` is the state's number that our own action URL carried; `leg` is the assignment whose
advisor's phone the event is about. What happens within a talk is in `talk_events.py`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from telephony.states import Choice
from telephony.talk_events import FINAL, TalkEvent


@dataclass(frozen=True, slots=True)
class CallArrived:
    """A call to one of our lines; `caller` is None when the number is withheld."""

    caller: str | None
    line: str


@dataclass(frozen=True, slots=True)
class Digits:
    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class NoDigits:
    number: int


@dataclass(frozen=True, slots=True)
class Passed:
    """The moment of a number that was slowed down is over, by a key or by itself."""

    number: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A key pressed over the hold sound."""

    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """The answer to "is it safe?", for what was chosen. No key at all is digits ""."""

    number: int
    choice: Choice
    digits: str


@dataclass(frozen=True, slots=True)
class MessageKey:
    """The answer to one of the questions before a message. No key at all is digits ""."""

    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """The message is over; `seconds` None when nothing was recorded."""

    number: int
    seconds: int | None
    up: bool


@dataclass(frozen=True, slots=True)
class MessageReady:
    """The carrier has the whole recording. It comes at any time, after the call too."""

    number: int
    recording: str
    seconds: int
    call_safe: bool


@dataclass(frozen=True, slots=True)
class WaitTick:
    """The carrier asks for the next bit of hold sound; `seconds` this caller has been queued."""

    number: int
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class HoldTick:
    """The same for a caller the carrier's queue would not take."""

    number: int


@dataclass(frozen=True, slots=True)
class QueueLeft:
    number: int
    result: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Our REST call moved the caller here, to be joined with their advisor."""

    number: int


@dataclass(frozen=True, slots=True)
class Returned:
    """The caller is back (moved, or after the apology) and asks what is next.

    `reached` says that the apology's own dial was answered by a person.
    """

    number: int
    reached: bool = False
    up: bool = True


@dataclass(frozen=True, slots=True)
class RoomDialEnded:
    """The caller's <Dial> into the room ended; `up` when they are still on the line."""

    number: int
    up: bool


@dataclass(frozen=True, slots=True)
class NumberDialEnded:
    """The caller's <Dial> to a fallback number ended; `bridged` None when not told."""

    number: int
    bridged: bool | None
    up: bool


@dataclass(frozen=True, slots=True)
class NumberAnswered:
    """Someone or something picked up at a fallback number; not yet a person."""

    number: int


@dataclass(frozen=True, slots=True)
class NumberPressed:
    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class AdvisorAnswered:
    leg: int


@dataclass(frozen=True, slots=True)
class AdvisorPressed:
    """`tries` is how many wrong keys came before; no key at all is digits ""."""

    leg: int
    digits: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class AdvisorAfterRoom:
    """The room ended while the advisor's phone was still in it."""

    leg: int


@dataclass(frozen=True, slots=True)
class AdvisorSent:
    """Our REST call moved the advisor's phone here, to hear that the caller has gone."""

    leg: int


@dataclass(frozen=True, slots=True)
class AdvisorStatus:
    """Progress of the advisor's phone. `sequence` orders them when the carrier says."""

    leg: int
    status: str
    sequence: int | None = None
    who: str = ""

    @property
    def over(self) -> bool:
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """`kind`: join, leave, end, start, other. `who`: the call that did it, "" when not told."""

    number: int
    kind: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class CallStatus:
    """Progress of the caller's own call."""

    status: str
    sequence: int | None = None

    @property
    def over(self) -> bool:
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class CallerGone:
    """A REST call learned that the caller's call is over (the carrier's error 21220)."""


@dataclass(frozen=True, slots=True)
class Look:
    """Nobody rang: we looked at our own rows (a second's sweep, or a hint made us look)."""


CallerEvent: TypeAlias = (
    CallArrived
    | Digits
    | NoDigits
    | Passed
    | Chosen
    | Agreed
    | MessageKey
    | MessageEnded
    | MessageReady
    | WaitTick
    | HoldTick
    | QueueLeft
    | Moved
    | Returned
    | RoomDialEnded
    | NumberDialEnded
    | CallStatus
    | CallerGone
)
NumberEvent: TypeAlias = NumberAnswered | NumberPressed
LegEvent: TypeAlias = (
    AdvisorAnswered | AdvisorPressed | AdvisorAfterRoom | AdvisorSent | AdvisorStatus
)

Event: TypeAlias = CallerEvent | NumberEvent | LegEvent | TalkEvent | RoomEvent | Look
