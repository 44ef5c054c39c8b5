"""What a visitor's device tells of itself, and whether its line is there: kept for many at once
and never for each message.

Nothing of it is ever told to the visitor about whoever reads along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.among import among
from app.bus import Hint
from app.cases.model import State
from app.cases.tables import contacts, conversations
from app.db import Work

PRESENT = ("here", "covered", "paused")
"""How a visitor's screen may be while they are there."""
OPEN = (State.WAITING, State.OFFERED, State.ACTIVE)
_GOT = (
    conversations.update()
    .where(
        conversations.c.number == sa.bindparam("wanted"),
        conversations.c.got < sa.bindparam("place"),
    )
    .values(got=sa.bindparam("place"))
)


def got(work: Work, places: Mapping[str, int]) -> None:
    """These devices have the lines of these conversations so far. It never goes back."""
    if not places:
        return
    chosen = (
        sa.select(conversations.c.number, conversations.c.id, conversations.c.head)
        .where(among(conversations.c.id, list(places)))
        .order_by(conversations.c.number)
    )
    held = work.run(chosen.with_for_update(of=conversations) if work.locks_rows else chosen).all()
    moved = [{"wanted": row.number, "place": min(places[row.id], row.head)} for row in held]
    if moved:
        work.run(_GOT, moved)
    for row in held:
        work.announce(Hint("got", row.id, places[row.id]))


def here(work: Work, conversation_ids: Sequence[str]) -> None:
    """A process holds a line to each of these visitors. Whoever was lost is back."""
    if not conversation_ids:
        return
    held = _contacts(conversation_ids)
    lost = work.run(
        sa.select(contacts.c.id, contacts.c.service).where(
            contacts.c.id.in_(held), contacts.c.visitor.not_in(PRESENT), contacts.c.state.in_(OPEN)
        )
    ).all()
    work.run(contacts.update().where(contacts.c.id.in_(held)).values(visitor_seen_at=work.now))
    _are(work, lost, "here")


def lost(work: Work, gone: Mapping[str, float]) -> None:
    """The line to these was closed so many seconds ago and nothing was said: a lost signal, until
    they come back. Whoever was seen since, here or at another node, is not lost."""
    if not gone:
        return
    rows = work.run(
        sa.select(
            contacts.c.id,
            contacts.c.service,
            contacts.c.visitor_seen_at,
            conversations.c.id.label("conversation"),
        )
        .join(conversations, conversations.c.contact == contacts.c.id)
        .where(
            among(conversations.c.id, list(gone)),
            contacts.c.visitor.in_(PRESENT),
            contacts.c.state.in_(OPEN),
        )
    ).all()
    unseen = [
        row
        for row in rows
        if row.visitor_seen_at is None
        or row.visitor_seen_at <= work.now - timedelta(seconds=gone[row.conversation])
    ]
    _are(work, unseen, "lost signal")


def _contacts(conversation_ids: Sequence[str]) -> sa.Select[tuple[str]]:
    return sa.select(conversations.c.contact).where(among(conversations.c.id, conversation_ids))


def _are(work: Work, rows: Sequence[Any], where: str) -> None:
    if not rows:
        return
    work.run(
        contacts.update()
        .where(among(contacts.c.id, [row.id for row in rows]))
        .values(visitor=where, visitor_seen_at=work.now)
    )
    for row in rows:
        work.announce(Hint("contact", row.id))
    for service in sorted({row.service for row in rows}):
        work.announce(Hint("desk", service))


def signed(work: Work, conversation_ids: Sequence[str]) -> None:
    """These visitors wrote, were writing, or uncovered their screen just now."""
    if not conversation_ids:
        return
    held = _contacts(conversation_ids)
    work.run(contacts.update().where(contacts.c.id.in_(held)).values(visitor_sign_at=work.now))


def got_of(work: Work, conversation: str) -> int:
    """Up to which line the visitor's device has it; 0 when it has none."""
    chosen = sa.select(conversations.c.got).where(conversations.c.id == conversation)
    return int(work.run(chosen).scalar() or 0)
