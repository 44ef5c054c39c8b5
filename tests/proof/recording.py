"""What one side of a conversation saw, in order: the only witness beside the rows (S1)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Said:
    """New words, under an id of their own: 32 hexadecimal digits."""

    client_id: str
    text: str


@dataclass(frozen=True, slots=True)
class SaidAgain:
    """The same words under the same id, because nobody had acknowledged them."""

    client_id: str


@dataclass(frozen=True, slots=True)
class Welcomed:
    """A new line. `head` is the last place there was, `at` how far this side had come."""

    epoch: str
    head: int
    at: int
    reset: bool


@dataclass(frozen=True, slots=True)
class Resumed:
    """Everything up to the welcome's head is here, so many seconds after the line was tried."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Acked:
    client_id: str
    seq: int


@dataclass(frozen=True, slots=True)
class Heard:
    seq: int
    text: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not kept, or we cannot tell; the words stay pending."""

    client_id: str
    code: str


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The chat is with somebody else now: what was not acknowledged here is not said in it."""


Event = HandedOn | Said | SaidAgain | Welcomed | Resumed | Acked | Heard | Refused


@dataclass
class Recording:
    """`sender` is who a row says wrote it: visitor, or staff:ID."""

    who: str
    sender: str
    conversation: str
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kept:
    """A row, opened. `text` is None when it cannot be opened."""

    seq: int
    sender: str
    client_id: str
    text: str | None


Rows = dict[str, list[Kept]]
"""By conversation."""
