"""What a caller, or an advisor's phone, is told to do next: our own words for it.

No verb here can record a call, and none can be given an attribute that does (S10). `Record` is a
message that somebody leaves when nobody else is on the line.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Step:
    """One of our own webhook addresses: of the caller's document `number`, of a `leg`, or of a
    `party` that was added to the talk."""

    name: str
    number: int = 0
    leg: int | None = None
    tries: int = 0
    party: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """A line of the prompts file, by its key, with what it names filled in."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a service's own definition, such as its menu. `language` "": the document's own."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """One of our own sounds, by its file name."""

    sound: str


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: int


Spoken: TypeAlias = Say | Words | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """One key. Without a key the next verb runs."""

    inside: tuple[Spoken, ...]
    action: Step
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class Record:
    """A message from the one person who is on the line, after they were told so: the only
    recording there is (S10). `ready` is told once the carrier has the whole of it."""

    action: Step
    ready: Step
    longest: int = 180
    silence: int = 10


@dataclass(frozen=True, slots=True)
class Redirect:
    to: Step


@dataclass(frozen=True, slots=True)
class Enqueue:
    queue: str
    wait: Step
    action: Step


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of the queue, at once; the queue's action is asked what is next."""


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class DialNumber:
    """Rings one number. Whoever answers hears `whisper` first and must press a key."""

    number: str
    caller_id: str
    whisper: Step
    action: Step
    seconds: int = 18


@dataclass(frozen=True, slots=True)
class DialRoom:
    """Into the room that this call has to itself. When one of whom `ends` is true leaves, the
    room ends. `coach` is the carrier's id of the one leg that hears this one, "" for everybody."""

    room: str
    action: Step
    events: Step
    ends: bool = True
    coach: str = ""


Verb: TypeAlias = (
    Say
    | Words
    | Play
    | Pause
    | Gather
    | Record
    | Redirect
    | Enqueue
    | Leave
    | Hangup
    | DialNumber
    | DialRoom
)
