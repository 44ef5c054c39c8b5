"""The words of a contact: its state, its need, how it ended, what was written about it.

Every part of a need may be empty, which means unknown; nothing but the channel is ever required.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

VISITOR = "visitor"
SYSTEM = "system"
"""Senders of lines, beside staff:ID."""
PAGE = 500
"""Lines read at a time."""


class Channel(StrEnum):
    CHAT = "chat"
    VOICE = "voice"
    SMS = "sms"


class State(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    ACTIVE = "active"
    WRAPPING = "wrapping"
    CLOSED = "closed"


class HowEnded(StrEnum):
    WRAPPED_UP = "wrapped_up"
    ADVISOR_ENDED = "advisor_ended"
    PERSON_ENDED = "person_ended"
    QUICK_EXIT = "quick_exit"
    CLOSED_PAGE = "closed_page"
    LOST_SIGNAL = "lost_signal"
    HUNG_UP_WAITING = "hung_up_waiting"
    HANDED_TO_NUMBER = "handed_to_number"
    NUMBER_GIVEN = "number_given"
    CALL_BACK = "call_back"
    VOICEMAIL = "voicemail"


class Kind(StrEnum):
    """What a line of a conversation is. A private note is no line: it is a type of its own."""

    SAID = "said"
    EVENT = "event"


@dataclass(frozen=True)
class Need:
    """What routing may know."""

    crime: str = ""
    age: str = ""
    language: str = "en"
    access: str = ""
    area: str = ""
    """The district or town as kept with the contact, never a full postcode."""
    urgency: str = ""
    gender: str = ""
    """Of the worker, when they asked for a woman or a man."""


@dataclass(frozen=True)
class Opening:
    """A contact as it arrives. The same `key` twice is the same contact."""

    key: str
    id: str
    service: str
    hub: str
    channel: Channel
    line: str = ""
    site: str = ""
    need: Need = field(default_factory=Need)
    area_found: str = ""
    lot: str = ""
    number: str | None = None
    """E.164, sealed at once; None when withheld: a withheld number is no number (S6)."""
    conversation: str | None = None


@dataclass(frozen=True)
class Contact:
    """One approach by a person, from first word to wrapped up."""

    id: str
    service: str
    hub: str
    channel: Channel
    line: str
    site: str
    state: State
    owner: str | None
    offer_no: int
    assignment_no: int
    need: Need
    area_found: str
    arrived_at: datetime
    queued_at: datetime | None
    offered_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    closed_at: datetime | None
    how_ended: str
    type: str
    outcome: str
    speaking: str
    about: str
    new_or_repeat: str
    source: str
    reported: str
    equality: str
    safe_contact_asked: str
    lot: str
    onward: str
    abusive: bool
    silent: bool
    case: str | None
    conversation: str | None
    visitor: str
    """Where the person is: here, covered, lost signal, left quickly, closed the page, ended."""
    visitor_seen_at: datetime | None
    """When their page was last there."""
    lead: str = ""
    """Staff id of the named lead worker; "" when there is none."""
    visitor_sign_at: datetime | None = None
    """When they last gave a sign themselves: words, writing, or uncovering the screen."""


@dataclass(frozen=True)
class WrapUp:
    """What the advisor writes at the end. Empty means not asked or unknown."""

    type: str = ""
    outcome: str = ""
    crime: str | None = None
    age: str | None = None
    speaking: str = ""
    about: str = ""
    new_or_repeat: str = ""
    source: str = ""
    reported: str = ""
    equality: str = ""
    safe_contact_asked: str = ""
    onward: str = ""
    abusive: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Message:
    """One line of a conversation. `sender` is visitor, system, or staff:ID."""

    seq: int
    sender: str
    kind: Kind
    text: str
    at: datetime
    client_id: bytes


@dataclass(frozen=True)
class Note:
    """A private note between workers: it stands beside the lines, after line `after_seq`."""

    number: int
    after_seq: int
    author: str
    text: str
    at: datetime
    client_id: bytes
