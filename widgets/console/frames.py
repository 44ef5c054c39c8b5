"""What the desk and the server say to each other on the advisor's one socket.

One parse, one dump. A bad frame is a value, never an exception (S9). Late claims carry offer_no or
assignment_no, and are refused by that number (S3). Times are ISO 8601, UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from chat.frames import (
    Ack,
    Cursor,
    Delivered,
    Error,
    Id,
    Message,
    Problem,
    Say,
    Since,
    Token,
    Typing,
    Welcome,
    parse_as,
)

Word = Annotated[str, Meta(max_length=80)]
ClientId = Annotated[str, Meta(min_length=32, max_length=36)]


# --- console to server ---------------------------------------------------------------------------


class Hello(Struct, frozen=True, tag_field="t", tag="hello"):
    """First frame, within five seconds. The ticket opens once."""

    v: int
    ticket: Token


class Beat(Struct, frozen=True, tag_field="t", tag="beat"):
    """I am here. Every 15 s."""


class Duty(Struct, frozen=True, tag_field="t", tag="duty"):
    re: int
    on: bool


class Accept(Struct, frozen=True, tag_field="t", tag="accept"):
    re: int
    contact: Id
    offer_no: int


class Decline(Struct, frozen=True, tag_field="t", tag="decline"):
    re: int
    contact: Id
    offer_no: int


class Open(Struct, frozen=True, tag_field="t", tag="open"):
    """Show me this conversation from after my place, and everything that follows.

    `notes` is the number of the last private note that is here.
    """

    re: int
    conversation: Id
    cursor: Cursor | None = None
    notes: int = 0


class Keep(Struct, frozen=True, tag_field="t", tag="note"):
    """A private note. A frame of its own, so that nothing can take it for words to be sent."""

    conversation: Id
    client_id: ClientId
    text: str


class End(Struct, frozen=True, tag_field="t", tag="end"):
    """End the chat, the text thread or the call. The contact goes on to wrap-up."""

    re: int
    contact: Id
    assignment_no: int


class Wrap(Struct, frozen=True, tag_field="t", tag="wrap"):
    """What is known at the end. Only `type` is asked for; an empty value means "not known"."""

    re: int
    contact: Id
    assignment_no: int
    type: Word
    outcome: Word = ""
    crime: Word = ""
    speaking: Word = ""
    about: Word = ""
    reported: Word = ""
    safe_contact_asked: Word = ""
    abusive: bool = False
    silent: bool = False


Asking = Hello | Beat | Duty | Accept | Decline | Open | Since | Say | Keep | Typing | End | Wrap

_asking = msgspec.json.Decoder(Asking)
_as_line = msgspec.json.Decoder(Say)


def parse(raw: str | bytes) -> Asking | Problem:
    """One frame, or why not. Never raises for what a peer sent (S9)."""
    frame = parse_as(_asking, raw)
    return _checked(frame) if isinstance(frame, Keep) else frame


def _checked(note: Keep) -> Keep | Problem:
    """A note keeps the rules of a line: an id, some words, not too many."""
    line = Say(note.conversation, note.client_id, note.text)
    wrong = parse_as(_as_line, msgspec.json.encode(line).decode())
    return wrong if isinstance(wrong, Problem) else note


# --- server to console ---------------------------------------------------------------------------


class Crime(Struct, frozen=True):
    key: str
    label: str


class ServiceFacts(Struct, frozen=True):
    key: str
    name: str
    number: str
    zone: str = "Europe/London"
    crimes: tuple[Crime, ...] = ()


class Because(Struct, frozen=True):
    """One reason for a state, in words."""

    ok: bool
    words: str


class You(Struct, frozen=True):
    """`state` is available, busy, wrap, break or offline. `capacity` counts places."""

    staff: str
    name: str
    first: str
    hub: str
    hub_name: str
    role: str
    on_duty: bool
    state: str
    because: tuple[Because, ...] = ()
    load: int = 0
    capacity: int = 2


class OfferFacts(Struct, frozen=True):
    """`seconds` is the whole time given, so that the ring can show a share of it."""

    contact: str
    offer_no: int
    channel: str
    hub_name: str
    need_words: str
    waited_from: datetime
    until: datetime
    reason: str
    seconds: int = 20


class NeedFacts(Struct, frozen=True):
    """Words to show; an empty part means "not asked yet"."""

    crime: str = ""
    age: str = ""
    language: str = ""
    access: str = ""
    area: str = ""
    urgency: str = ""


class Asked(Struct, frozen=True):
    """One earlier offer of a contact: to whom, when, and what became of it."""

    first: str
    at: datetime
    answer: str


class CallFacts(Struct, frozen=True):
    """`state` is "waiting", "ringing you", "talking", "on hold" or "ended"."""

    state: str
    since: datetime | None = None


class Reply(Struct, frozen=True):
    """May words leave toward the person now (S4)? `words` say why not, or until when."""

    ok: bool
    words: str
    until: datetime | None = None


class WithYou(Struct, frozen=True):
    """One contact you own.

    `visitor` is here, covered, lost signal, left quickly, closed the page or ended. `silent_since`
    is their last sign, in chat: words, writing, or uncovering the screen.
    """

    contact: str
    assignment_no: int
    conversation: str | None
    channel: str
    state: str
    label: str
    since: datetime
    need: NeedFacts
    need_words: str
    area_found: str
    hub_name: str
    visitor: str
    call: CallFacts | None = None
    reply: Reply | None = None
    asked: tuple[Asked, ...] = ()
    number: str = ""
    silent_since: datetime | None = None


class WaitingFacts(Struct, frozen=True):
    """`next_at` is when the next rung is asked. `late`: every rung was tried."""

    contact: str
    channel: str
    hub_name: str
    need_words: str
    since: datetime
    rung_words: str
    next_words: str
    next_at: datetime | None = None
    offered_to: str | None = None
    front: bool = False
    late: bool = False


class Desk(Struct, frozen=True, tag_field="t", tag="desk"):
    """Everything a console shows beside the words themselves. Sent whenever any of it changed."""

    now: datetime
    service: ServiceFacts
    you: You
    offers: tuple[OfferFacts, ...] = ()
    with_you: tuple[WithYou, ...] = ()
    waiting: tuple[WaitingFacts, ...] = ()
    last_contact_at: datetime | None = None


class Done(Struct, frozen=True, tag_field="t", tag="done", omit_defaults=True):
    """The ask numbered `re` is committed."""

    re: int
    contact: str | None = None


class Note(Struct, frozen=True, tag_field="t", tag="note"):
    """A private note, standing after line `after_seq`. With your client_id it is the receipt."""

    conversation: str
    number: int
    after_seq: int
    name: str
    text: str
    at: datetime
    client_id: str | None = None


class Delivery(Struct, frozen=True, tag_field="t", tag="delivery"):
    """What became of words that left by text. `state` is waiting, sent, delivered or refused."""

    conversation: str
    seq: int
    state: str
    words: str = ""


class StillHere(Struct, frozen=True, tag_field="t", tag="beat"):
    """Sent every 15 s. A browser tab out of sight answers it, though its own timers sleep."""


Telling = (
    Desk | Done | Note | Delivery | Delivered | StillHere | Welcome | Ack | Message | Typing | Error
)
