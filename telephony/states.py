"""Where a caller's call can be, and what the flow may know.

Every state carries `number`: that of the caller's present document. It rises with each new
document and never falls, so a webhook that carries a lower one is late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from telephony.asks import Ask
from telephony.verbs import Verb, Words


class Why(StrEnum):
    """Why a caller waits; it chooses the words they hear on the way into the queue."""

    NEW = "new"
    MISSED = "missed"  # the advisor's phone was rung in vain
    LOST = "lost"  # an advisor dropped out: first in the order again
    NOBODY = "nobody"  # every fallback number was rung in vain
    HANDED = "handed"  # the advisor passed the caller on to a hub
    BACK = "back"  # leaving a message was not safe, or nothing was heard


class Choice(StrEnum):
    """What a caller may ask for while they wait, beside staying."""

    CALL_BACK = "call-back"
    VOICEMAIL = "voicemail"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Arrived:
    number: int = 0


@dataclass(frozen=True, slots=True)
class Menu:
    number: int


@dataclass(frozen=True, slots=True)
class Slowed:
    """A supervisor slowed this number down: the emergency words, a moment, and then a person."""

    number: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """In the queue. `rung_at`: when the last round of fallback numbers ended.

    `chosen`: what they asked for while waiting, so that it is offered once.
    """

    number: int
    why: Why = Why.NEW
    rung_at: datetime | None = None
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ringing:
    """In the queue, while the phone of the advisor who accepted rings."""

    number: int
    assignment: int
    since: datetime
    rung_at: datetime | None = None
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Bridging:
    """The advisor pressed 1 and is in the room; the caller is being moved there."""

    number: int
    assignment: int
    room: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Talking:
    """`alone_since`: the advisor's phone is gone, and the caller's side not yet told.

    `opened` is the number under which the room was opened (None: this one), `turn` rises with
    each change of who hears whom. `transfer` is the party a warm transfer is for. `keys` is what
    a silent caller pressed last.
    """

    number: int
    assignment: int
    room: str
    alone_since: datetime | None = None
    opened: int | None = None
    held: bool = False
    muted: bool = False
    turn: int = 0
    transfer: str = ""
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """The caller's leg is out of the room for some seconds, listening for keys alone."""

    number: int
    since: datetime
    talk: Talking


@dataclass(frozen=True, slots=True)
class Away:
    """Our advisor has left; the caller talks with `party`, whom they were handed to."""

    number: int
    room: str
    party: str
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Overflow:
    """The line's fallback numbers, one after the other. `dialling` is false while the caller is
    still in the queue and leaves it at the next bit of hold sound."""

    number: int
    index: int
    since: datetime
    dialling: bool = False
    accepted: bool = False


class Part(StrEnum):
    """Where somebody is who leaves a message."""

    SAFE = "safe"
    CALL = "call"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Out of the queue to leave a message, with the place in our own order kept."""

    number: int
    part: Part = Part.SAFE
    call_safe: bool = False


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The call is finished; the caller hears so and is let go."""

    number: int
    since: datetime
    how: str
    abusive: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    number: int
    how: str


State: TypeAlias = (
    Arrived
    | Slowed
    | Menu
    | Waiting
    | Ringing
    | Bridging
    | Talking
    | Asking
    | Away
    | Overflow
    | Voicemail
    | Goodbye
    | Ended
)


@dataclass(frozen=True, slots=True)
class Party:
    """One more on the line. `kind`: advisor (their other phone), colleague, supervisor, hub,
    interpreter, police or number. `sid` is the carrier's id, "" until known. `assignment` is set
    once this leg is the advisor's own. `coach` hears this one alone, "" for everybody.
    """

    id: str
    kind: str
    sid: str = ""
    state: str = "asked"
    assignment: int = 0
    coach: str = ""
    browser: bool = False

    @property
    def presses(self) -> bool:
        """Whether a person must press 1 first. A desk that answers by keys of its own need not."""
        return self.kind in ("advisor", "colleague", "supervisor", "hub") and not self.browser

    @property
    def over(self) -> bool:
        return self.state in ("left", "failed")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the flow may know beside the event: read in the same work, never remembered.

    `assignment` is the open assignment of the contact (None: nobody owns it), `staff` its owner.
    `overflow` is true when the ladder stands at the line's fallback numbers.
    `finished` is true when the contact is over for us: wrapped up or closed by the advisor.
    `room` is a fresh opaque name (S8). `position` counts from 1 in our own order; `minutes` is
    the honest range, None when nobody can know.
    `menu` is what is said in it, `keys` the hub of each digit, `tongues` the language of each.
    `by_when`: for each part of a day, whether a promise is due today, and its local time.
    `leg` is the carrier's id of the leg the advisor talks by, "" when not known; `others` those of
    the parties; `party` the one an event is about; `names` everybody the caller can hear.
    `queued`: the contact is in the queue again, whoever put it there.
    """

    now: datetime
    call: str = ""
    line: str = ""
    queue: str = "waiting"
    room: str = ""
    menu: tuple[Words, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    tongues: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    relay: bool = False
    slowed: bool = False
    hold_sound: str = "hold.wav"
    choices: tuple[Choice, ...] = ()
    by_when: Mapping[str, tuple[bool, str]] = field(default_factory=dict)
    number_known: bool = True
    central: str = ""
    numbers: tuple[str, ...] = ()
    position: int | None = None
    minutes: tuple[int, int] | None = None
    overflow: bool = False
    assignment: int | None = None
    staff: str = ""
    finished: bool = False
    abusive: bool = False
    leg: str = ""
    others: frozenset[str] = frozenset()
    party: Party | None = None
    names: str = ""
    queued: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one event: the state from now on, the document, and what to do beside."""

    state: State
    verbs: tuple[Verb, ...] = ()
    asks: tuple[Ask, ...] = ()
