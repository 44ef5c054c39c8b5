"""TwiML verbs as values, with the carrier's documented defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from telephony.rehearsal.values import Callback


@dataclass(frozen=True, slots=True)
class Say:
    words: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    url: str
    loop: int = 1
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    length: int = 1


Sound: TypeAlias = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Collects keys. `action` None means the current document's URL."""

    inside: tuple[Sound, ...] = ()
    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    finish_on_key: str = "#"
    num_digits: int | None = None
    on_empty: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One person's message. Any key ends it unless told otherwise."""

    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    finish_on_key: str = "1234567890*#"
    max_length: int = 3600
    play_beep: bool = True
    callback: Callback | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """An empty URL asks the current one again."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Enqueue:
    name: str
    action: str | None = None
    method: str = "POST"
    wait_url: str | None = None
    wait_method: str = "POST"
    max_size: int = 1000


@dataclass(frozen=True, slots=True)
class Leave:
    pass


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    url: str | None = None
    method: str = "POST"
    callback: Callback | None = None


@dataclass(frozen=True, slots=True)
class Conference:
    """`wait_url` None is the carrier's own music; an empty one is silence."""

    name: str
    muted: bool = False
    beep: bool = True
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    callback: Callback | None = None
    label: str = ""
    coach: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """Either numbers (rung together, at most ten) or one conference."""

    numbers: tuple[Number, ...] = ()
    conference: Conference | None = None
    action: str | None = None
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    caller_id: str | None = None
    answer_on_bridge: bool = False
    hangup_on_star: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    words: str
    to: str | None = None
    from_: str | None = None
    action: str | None = None
    method: str = "POST"
    callback: str | None = None


@dataclass(frozen=True, slots=True)
class NotPlayed:
    """A real verb or noun of the carrier that the rehearsal cannot play yet."""

    name: str


Verb: TypeAlias = (
    Say | Play | Pause | Gather | Record | Redirect | Enqueue | Leave | Hangup | Reject | Dial
    | Message | NotPlayed
)  # fmt: skip
