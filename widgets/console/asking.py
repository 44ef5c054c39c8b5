"""What a desk asks of the server, frame by frame. A bad one is a value, never an exception (S9).

Late claims carry offer_no or assignment_no, and are refused by that number (S3).
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from chat.frames import Cursor, Id, Problem, Say, Since, Token, Typing, parse_as
from widgets.console.phoning import Device, PhoneAsk
from widgets.console.wishing import Needs, WishAsk

Word = Annotated[str, Meta(max_length=80)]
ClientId = Annotated[str, Meta(min_length=32, max_length=36)]


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
    hard: bool = False
    """It was a hard one: a break comes before the next offer."""


class Pull(Struct, frozen=True, tag_field="t", tag="pull"):
    """Take somebody who waits, beyond the places there are."""

    re: int
    contact: Id
    offer_no: int


class Rest(Struct, frozen=True, tag_field="t", tag="rest"):
    """A break. `reason` is rest, meal, hard, meeting or other."""

    re: int
    reason: Word


class Back(Struct, frozen=True, tag_field="t", tag="back"):
    """Back from a break, or there after all."""

    re: int


class Hand(Struct, frozen=True, tag_field="t", tag="hand"):
    """Hand over, to one colleague (`staff`) who must accept, or to a hub's queue (`hub`)."""

    re: int
    contact: Id
    assignment_no: int
    staff: Word = ""
    hub: Word = ""


class HoldOn(Struct, frozen=True, tag_field="t", tag="hold_on"):
    """Keep it after all: the colleague is asked no more."""

    re: int
    contact: Id
    assignment_no: int


class Join(Struct, frozen=True, tag_field="t", tag="join"):
    """Into a colleague's chat, in the open."""

    re: int
    contact: Id


class Part(Struct, frozen=True, tag_field="t", tag="part"):
    """Out of it again."""

    re: int
    contact: Id


class TakeOver(Struct, frozen=True, tag_field="t", tag="take_over"):
    re: int
    contact: Id
    assignment_no: int


class Move(Struct, frozen=True, tag_field="t", tag="move"):
    """Somebody who waits is asked for at another hub."""

    re: int
    contact: Id
    offer_no: int
    hub: Word


class Pause(Struct, frozen=True, tag_field="t", tag="pause"):
    """A hub's queue rests for `minutes`. `reason` is staff, incident, systems, training, other."""

    re: int
    hub: Word
    reason: Word
    minutes: int


class Unpause(Struct, frozen=True, tag_field="t", tag="unpause"):
    re: int
    hub: Word


class Away(Struct, frozen=True, tag_field="t", tag="away"):
    """A lead sets a colleague's seat away, or back."""

    re: int
    staff: Word
    away: bool


class Explain(Struct, frozen=True, tag_field="t", tag="explain"):
    """Who was asked for this contact, who was not and why, and what is next."""

    re: int
    contact: Id


OwnAsk = Duty | Accept | Decline | End | Wrap | Pull | Rest | Back | Hand | HoldOn
LeadAsk = Join | Part | TakeOver | Move | Pause | Unpause | Away
Ask = OwnAsk | LeadAsk | WishAsk | PhoneAsk
Asking = Hello | Beat | Open | Since | Say | Keep | Typing | Explain | Needs | Device | Ask

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
