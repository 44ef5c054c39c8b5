"""Whom a person must not meet: one of the staff, or a hub tied to somebody they fear.

Every door that could bring the two together asks here first. Who said it, and why, is no one
else's to read (S7, S8). It is never undone by time, only by a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import audit
from app.among import among
from app.auth.policy import Actor
from app.auth.tables import staff
from app.cases.tables import assignments, conflicts, contacts, promises
from app.db import Work
from app.errors import Missing, Refused
from app.keyring import Keyring

TABLE = "conflict"
LONGEST = 500
"""Letters of a reason."""
REFUSED = "You and this person must not meet. A colleague is asked."


@dataclass(frozen=True)
class Barred:
    staff: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()


NOBODY = Barred()


@dataclass(frozen=True)
class Kept:
    """One row, without its reason. Either `staff` (an id) or `hub` is set."""

    id: str
    staff: str
    hub: str
    said_by: str
    at: datetime


def bar_staff(work: Work, actor: Actor, contact_id: str, conflict_id: str, staff_id: str) -> bool:
    """They must not meet, nor ring each other. False when it was said before."""
    work.run(
        promises.update()
        .where(
            promises.c.contact == contact_id,
            promises.c.owner == staff_id,
            promises.c.done_at.is_(None),
        )
        .values(owner=None, taken_at=None)
    )
    return _say(work, actor, contact_id, conflict_id, staff=staff_id)


def bar_hub(
    work: Work,
    keyring: Keyring,
    actor: Actor,
    contact_id: str,
    conflict_id: str,
    hub: str,
    reason: str,
) -> bool:
    """Nobody of this hub is asked. False when it was said before; the first reason stays."""
    key_id = work.run(sa.select(contacts.c.key_id).where(contacts.c.id == contact_id)).scalar_one()
    words = reason.strip()[:LONGEST]
    sealed = keyring.seal(work, key_id, words, TABLE, "reason", conflict_id) if words else None
    return _say(work, actor, contact_id, conflict_id, hub=hub, reason=sealed)


def undo(work: Work, actor: Actor, conflict_id: str) -> None:
    """They may meet after all. Twice is once."""
    done = work.run(
        conflicts.update()
        .where(conflicts.c.id == conflict_id, conflicts.c.undone_at.is_(None))
        .values(undone_at=work.now, undone_by=actor.staff)
    )
    if done.rowcount == 1:
        audit.record(work, actor.staff, "undid", TABLE, conflict_id, service=actor.service)


def contact_of(work: Work, conflict_id: str) -> str:
    row = work.run(sa.select(conflicts.c.contact).where(conflicts.c.id == conflict_id)).first()
    if row is None:
        raise Missing
    return str(row.contact)


def reason_of(work: Work, keyring: Keyring, actor: Actor, conflict_id: str) -> str:
    """For whoever said it and nobody else; absent and not-yours answer alike (S7)."""
    row = work.run(sa.select(conflicts).where(conflicts.c.id == conflict_id)).first()
    if row is None or row.said_by != actor.staff:
        raise Missing
    audit.record(work, actor.staff, "opened", TABLE, conflict_id, service=actor.service)
    return "" if row.reason is None else keyring.open(work, row.reason, TABLE, "reason", row.id)


def of_contact(work: Work, contact_id: str) -> list[Kept]:
    """What stands, the first said first."""
    rows = work.run(
        sa.select(conflicts)
        .where(conflicts.c.contact == contact_id, conflicts.c.undone_at.is_(None))
        .order_by(conflicts.c.at, conflicts.c.id)
    )
    return [Kept(row.id, row.staff, row.hub, row.said_by, row.at) for row in rows]


def barred_of(work: Work, contact_ids: Sequence[str]) -> Mapping[str, Barred]:
    """For those of these contacts that must not meet somebody."""
    if not contact_ids:
        return {}
    people: dict[str, set[str]] = {}
    hubs: dict[str, set[str]] = {}
    for row in work.run(
        sa.select(conflicts.c.contact, conflicts.c.staff, conflicts.c.hub).where(
            among(conflicts.c.contact, contact_ids), conflicts.c.undone_at.is_(None)
        )
    ):
        people.setdefault(row.contact, set()).add(row.staff)
        hubs.setdefault(row.contact, set()).add(row.hub)
    return {
        contact: Barred(frozenset(people[contact] - {""}), frozenset(hubs[contact] - {""}))
        for contact in people
    }


def keeps_apart(work: Work, contact_id: str, staff_id: str) -> bool:
    """Whether these two must not meet: by name, or because of the hub they work at."""
    works_at = sa.select(staff.c.hub).where(staff.c.id == staff_id).scalar_subquery()
    row = work.run(
        sa.select(conflicts.c.id)
        .where(
            conflicts.c.contact == contact_id,
            conflicts.c.undone_at.is_(None),
            sa.or_(
                conflicts.c.staff == staff_id,
                sa.and_(conflicts.c.hub != "", conflicts.c.hub == works_at),
            ),
        )
        .limit(1)
    ).first()
    return row is not None


def kept_from(work: Work, actor: Actor, contact_ids: Sequence[str]) -> frozenset[str]:
    """Of these contacts, those that this person must not meet, nor see in a list."""
    return frozenset(
        contact
        for contact, barred in barred_of(work, contact_ids).items()
        if actor.staff in barred.staff or actor.hub in barred.hubs
    )


def check(work: Work, contact_id: str, staff_id: str) -> None:
    if keeps_apart(work, contact_id, staff_id):
        raise Refused(REFUSED, code="barred")


def may_meet(actor: Actor, contact: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """True in SQL for contacts that this person is not kept from. `contact` is the id's column.

    Whoever held one before a hub was tied to it knows it already, and keeps sight of it.
    """
    open_ones = sa.select(conflicts.c.contact).where(conflicts.c.undone_at.is_(None))
    held = sa.select(assignments.c.contact).where(assignments.c.staff == actor.staff)
    by_hub = open_ones.where(conflicts.c.hub == actor.hub, conflicts.c.hub != "")
    return sa.and_(
        contact.not_in(open_ones.where(conflicts.c.staff == actor.staff)),
        sa.or_(contact.not_in(by_hub), contact.in_(held)),
    )


def _say(
    work: Work,
    actor: Actor,
    contact_id: str,
    conflict_id: str,
    staff: str = "",
    hub: str = "",
    reason: bytes | None = None,
) -> bool:
    said = work.insert_once(
        conflicts, id=conflict_id, contact=contact_id, staff=staff, hub=hub, said_by=actor.staff,
        at=work.now, reason=reason,
    )  # fmt: skip
    if said:
        audit.record(work, actor.staff, "keeps apart", "contact", contact_id,
                     service=actor.service, why=staff or hub)  # fmt: skip
    return said
