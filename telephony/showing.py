"""What the phone line can say of contacts to whoever shows them: calls, replies, deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from app.among import among
from app.cases.model import Channel
from app.cases.safe_contact import Permit, Purpose, Refusal, SafeContact, decide
from app.db import Work
from telephony import keeping
from telephony.states import (
    Arrived,
    Asking,
    Away,
    Bridging,
    Ended,
    Goodbye,
    Menu,
    Overflow,
    Ringing,
    Slowed,
    State,
    Talking,
    Voicemail,
    Waiting,
)
from telephony.tables import calls, threads
from telephony.text_out import deliveries

Shown = Literal["waiting", "ringing you", "talking", "ended"]
Left = Literal["waiting", "sent", "delivered", "refused"]


def calls_of(work: Work, contact_ids: Sequence[str]) -> dict[str, tuple[Shown, datetime]]:
    """How the call of each contact stands, and since when; the newest call where it has several."""
    if not contact_ids:
        return {}
    rows = work.run(
        sa.select(calls.c.contact, calls.c.state, calls.c.changed_at)
        .where(among(calls.c.contact, contact_ids))
        .order_by(calls.c.arrived_at)
    )
    return {row.contact: (_shown(keeping.opened(row.state)), row.changed_at) for row in rows}


def replies_of(work: Work, contact_ids: Sequence[str]) -> Mapping[str, Permit | Refusal]:
    """Whether a text may be answered now, for the contacts that are text threads (S4)."""
    if not contact_ids:
        return {}
    rows = work.run(sa.select(threads).where(among(threads.c.contact, contact_ids)))
    return {
        row.contact: decide(
            Purpose.REPLY,
            Channel.SMS,
            SafeContact(last_word_at=row.last_word_at, opted_out=row.opted_out),
            work.now,
        )
        for row in rows
    }


def left(work: Work, conversation: str) -> list[tuple[int, Left]]:
    """For each line that left as a text: its seq, and how far it got."""
    return [(seq, _left(state)) for seq, state in deliveries(work, conversation).items()]


def _shown(state: State) -> Shown:
    match state:
        case Ringing() | Bridging():
            return "ringing you"
        case Talking() | Asking() | Away():
            return "talking"
        case Goodbye() | Ended():
            return "ended"
        case Arrived() | Slowed() | Menu() | Waiting() | Overflow() | Voicemail():
            return "waiting"


def _left(state: str) -> Left:
    if state in ("failed", "undelivered", "refused", "moot"):
        return "refused"
    if state == "delivered":
        return "delivered"
    return "sent" if state in ("accepted", "queued", "sending", "sent") else "waiting"
