"""What the server says to a desk on the advisor's one socket; what a desk asks is in `asking`.

One parse, one dump. Times are ISO 8601, UTC.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from chat.frames import Ack, Delivered, Error, Message, Typing, Welcome
from widgets.console.phoning import CallFacts, Helpers, OwnPhone
from widgets.console.wishing import Needed


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
    checking: bool = False
    """Two offers went by: "Are you there?" stands unanswered."""
    resting: bool = False
    """On a break, set away, or due one after a hard contact. Back ends it."""
    lead: bool = False
    closing: str = ""
    """What no longer comes because the shift ends, in words."""
    phone: OwnPhone = OwnPhone()


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
    giver: str = ""
    """First name of the colleague who hands it over, "" when nobody does."""
    lead_worker: str = ""
    """First name of the named lead worker; "" when there is none."""


class NeedFacts(Struct, frozen=True):
    """Words to show; an empty part means "not asked yet"."""

    crime: str = ""
    age: str = ""
    language: str = ""
    access: str = ""
    area: str = ""
    urgency: str = ""
    gender: str = ""


class Asked(Struct, frozen=True):
    """One earlier offer of a contact: to whom, when, and what became of it."""

    first: str
    at: datetime
    answer: str


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
    ended_at: datetime | None = None
    handing_to: str = ""
    """First name of the colleague who is asked to take over, until `handing_until`."""
    handing_until: datetime | None = None
    beside: tuple[str, ...] = ()
    """First names of those who joined."""
    owner: str = ""
    """First name of whoever holds it, when you have only joined; "" when it is yours."""
    lead_worker: str = ""


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
    offer_no: int = 0
    lead: bool = False
    """You may move it, and ask why."""
    lead_worker: str = ""


class ColleagueFacts(Struct, frozen=True):
    """Somebody on duty. `words` say how they stand; `free` is how many places they have."""

    staff: str
    first: str
    hub_name: str
    state: str
    words: str
    free: int
    away: bool = False
    lead: bool = False
    """You may set this seat away, or back."""


class HubFacts(Struct, frozen=True):
    """A hub and its queue. `paused_until` is set while it rests; `paused` says why and by whom."""

    key: str
    name: str
    central: bool = False
    paused: str = ""
    paused_until: datetime | None = None
    lead: bool = False


class HeldFacts(Struct, frozen=True):
    """A contact that a colleague holds, as a lead sees it: no words of it, only how it stands."""

    contact: str
    assignment_no: int
    channel: str
    hub_name: str
    need_words: str
    owner: str
    since: datetime
    visitor: str
    joined: bool = False


class Desk(Struct, frozen=True, tag_field="t", tag="desk"):
    """Everything a console shows beside the words themselves. Sent whenever any of it changed."""

    now: datetime
    service: ServiceFacts
    you: You
    offers: tuple[OfferFacts, ...] = ()
    with_you: tuple[WithYou, ...] = ()
    waiting: tuple[WaitingFacts, ...] = ()
    last_contact_at: datetime | None = None
    colleagues: tuple[ColleagueFacts, ...] = ()
    hubs: tuple[HubFacts, ...] = ()
    floor: tuple[HeldFacts, ...] = ()
    promises: int = 0
    promises_late: int = 0
    notices: int = 0
    helpers: Helpers = Helpers()


class Went(Struct, frozen=True, tag_field="t", tag="went"):
    """A contact that was yours is not: `to` has it, by first name; "" while it waits in line."""

    contact: str
    to: str


class Told(Struct, frozen=True):
    """One decision of the router, in its words."""

    at: datetime
    words: str


class Against(Struct, frozen=True):
    """Somebody who was not asked, and why not."""

    first: str
    hub_name: str
    why: tuple[str, ...]


class Explained(Struct, frozen=True, tag_field="t", tag="explained"):
    """Who was asked, who not and why, and what is next."""

    re: int
    contact: str
    next_words: str
    next_at: datetime | None
    told: tuple[Told, ...]
    asked: tuple[Asked, ...]
    against: tuple[Against, ...]


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
    Desk | Explained | Needed | Done | Note | Delivery | Delivered | StillHere
    | Welcome | Ack | Message | Typing | Error
)  # fmt: skip
