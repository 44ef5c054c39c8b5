"""Who stands beside the owner in a conversation: a supervisor who joined, seen by the visitor.

Joining gives the right to write, never the ownership: one contact has one owner (S3). Whoever
becomes the owner stands beside it no longer.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.among import among
from app.cases.tables import contacts, joinings
from app.db import Work


def join(work: Work, contact_id: str, staff: str) -> bool:
    """False when they are in it already."""
    return work.insert_once(joinings, contact=contact_id, staff=staff, at=work.now)


def leave(work: Work, contact_id: str, staff: str) -> bool:
    """False when they were not in it."""
    left = work.run(
        joinings.update()
        .where(
            joinings.c.contact == contact_id,
            joinings.c.staff == staff,
            joinings.c.left_at.is_(None),
        )
        .values(left_at=work.now)
    )
    return left.rowcount == 1


def leave_all(work: Work, contact_id: str) -> None:
    """The contact is over: nobody stands beside it any more."""
    work.run(
        joinings.update()
        .where(joinings.c.contact == contact_id, joinings.c.left_at.is_(None))
        .values(left_at=work.now)
    )


def is_in(work: Work, contact_id: str, staff: str) -> bool:
    row = work.run(
        sa.select(joinings.c.id).where(
            joinings.c.contact == contact_id,
            joinings.c.staff == staff,
            joinings.c.left_at.is_(None),
        )
    ).first()
    return row is not None


def joined_by(work: Work, staff: str) -> list[str]:
    """The living contacts this person has joined, the first first."""
    rows = work.run(
        sa.select(joinings.c.contact)
        .join(contacts, contacts.c.id == joinings.c.contact)
        .where(
            joinings.c.staff == staff,
            joinings.c.left_at.is_(None),
            contacts.c.state == "active",
        )
        .order_by(joinings.c.id)
    )
    return [row.contact for row in rows]


def beside(work: Work, contact_ids: Sequence[str]) -> dict[str, list[str]]:
    """Who has joined each of these, by staff id."""
    found: dict[str, list[str]] = {}
    if not contact_ids:
        return found
    for row in work.run(
        sa.select(joinings.c.contact, joinings.c.staff)
        .where(among(joinings.c.contact, contact_ids), joinings.c.left_at.is_(None))
        .order_by(joinings.c.id)
    ):
        found.setdefault(row.contact, []).append(row.staff)
    return found
