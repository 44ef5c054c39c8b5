"""What a visitor's device tells of itself, kept for many at once and never for each message.

Nothing of it is ever told to the visitor about whoever reads along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.among import among
from app.bus import Hint
from app.cases.tables import contacts, conversations
from app.db import Work

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


def signed(work: Work, conversation_ids: Sequence[str]) -> None:
    """These visitors wrote, were writing, or uncovered their screen just now."""
    if not conversation_ids:
        return
    held = sa.select(conversations.c.contact).where(among(conversations.c.id, conversation_ids))
    work.run(contacts.update().where(contacts.c.id.in_(held)).values(visitor_sign_at=work.now))


def got_of(work: Work, conversation: str) -> int:
    """Up to which line the visitor's device has it; 0 when it has none."""
    chosen = sa.select(conversations.c.got).where(conversations.c.id == conversation)
    return int(work.run(chosen).scalar() or 0)
