"""What a desk asks about a person's need, and about two who must not meet. Frames, and no rule.

`Needed` is the answer to `Needs`: values as they are kept, and what may be chosen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chat.frames import Id

Word = Annotated[str, Meta(max_length=80)]
Why = Annotated[str, Meta(max_length=500)]


class Needs(Struct, frozen=True, tag_field="t", tag="needs"):
    """Show me what is kept of this person's need, and what I may choose."""

    re: int
    contact: Id


class Wish(Struct, frozen=True, tag_field="t", tag="wish"):
    """Keep these parts of the need; one that is not named stays. `lead` is a staff id."""

    re: int
    contact: Id
    crime: Word | None = None
    age: Word | None = None
    language: Word | None = None
    gender: Word | None = None
    urgency: Word | None = None
    interpreter: bool | None = None
    lead: Word | None = None


class Apart(Struct, frozen=True, tag_field="t", tag="apart"):
    """I must not meet them: said of an offer, by its number, or while I hold them, by mine."""

    re: int
    contact: Id
    offer_no: int = 0
    assignment_no: int = 0


class ApartHub(Struct, frozen=True, tag_field="t", tag="apart_hub"):
    """Nobody of this hub may meet them. `why` is for whoever writes it alone."""

    re: int
    contact: Id
    hub: Word
    why: Why = ""


class Together(Struct, frozen=True, tag_field="t", tag="together"):
    """They may meet after all: a lead's act."""

    re: int
    conflict: Id


WishAsk = Wish | Apart | ApartHub | Together


class Choice(Struct, frozen=True):
    key: str
    words: str


class KeptApart(Struct, frozen=True):
    """Who or which hub must not meet them, and who said so when. Never why."""

    id: str
    words: str
    said_by: str
    at: datetime


class Needed(Struct, frozen=True, tag_field="t", tag="needed"):
    re: int
    contact: str
    crime: str
    age: str
    language: str
    gender: str
    urgency: str
    interpreter: bool
    lead: str
    crimes: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    people: tuple[Choice, ...]
    apart: tuple[KeptApart, ...] = ()
    leads: bool = False
    """You may let them meet after all."""
