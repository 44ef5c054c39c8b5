"""The link between a device and a conversation: a token in the page's memory, its hash in the row.

An exit ends it at once. Where the exit's call was lost with the signal, it ends after the time a
place is kept; the contact itself stays with whoever holds it (S5, S13).
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.cases.tables import contacts, conversations
from app.db import Work


def left_behind(work: Work, unseen_for: timedelta) -> list[str]:
    """Conversations whose link holds though no page has been there for this long."""
    rows = work.run(
        sa.select(conversations.c.id)
        .join(contacts, contacts.c.id == conversations.c.contact)
        .where(*_forgotten(work, unseen_for))
        .order_by(conversations.c.id)
    )
    return [row.id for row in rows]


def cut(work: Work, conversation: str, unseen_for: timedelta) -> bool:
    """End the link, unless the page came back just now. Its device comes back as a stranger."""
    forgotten = sa.select(contacts.c.id).where(
        contacts.c.id == conversations.c.contact, *_forgotten(work, unseen_for)
    )
    done = work.run(
        conversations.update()
        .where(conversations.c.id == conversation, sa.exists(forgotten))
        .values(visitor_token=None)
    )
    return done.rowcount == 1


def _forgotten(work: Work, unseen_for: timedelta) -> list[sa.ColumnElement[bool]]:
    return [
        conversations.c.visitor_token.is_not(None),
        contacts.c.visitor_seen_at < work.now - unseen_for,
    ]
