"""The only doors through which a person of the staff sees contacts (S7).

The list and the single look come from the same rule, `_mine`; absent and not-yours answer alike,
and an opening is in the audit trail before the answer leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import audit
from app.auth.policy import Action, Actor
from app.cases import conflicts
from app.cases.acts import to_contact
from app.cases.model import Contact
from app.cases.tables import assignments, contacts, conversations, joinings
from app.db import Work
from app.errors import Missing, Refused

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means all."""

    since: datetime | None = None
    channel: str = ""
    hub: str = ""
    how_ended: str = ""
    state: str = ""
    without_tests: bool = True


@dataclass(frozen=True)
class Page:
    contacts: tuple[Contact, ...]
    total: int
    older: bool


def open_contact(work: Work, actor: Actor, contact_id: str, why: str = "") -> Contact:
    """One contact. Raises Missing, in the same words, whether absent or not theirs to see."""
    row = work.run(_select().where(contacts.c.id == contact_id, *_mine(actor))).first()
    if row is None:
        raise Missing
    audit.record(work, actor.staff, "opened", "contact", contact_id, service=actor.service, why=why)
    return to_contact(row)


def refused(work: Work, actor: Actor, contact_id: str) -> None:
    """A look that was refused, written in a work of its own because the refused one rolls back."""
    audit.record(work, actor.staff, "refused", "contact", contact_id, service=actor.service)


def list_contacts(work: Work, actor: Actor, filters: Filters, offset: int = 0) -> Page:
    """The contact log of their own hub, newest first."""
    if not actor.may(Action.READ_CONTACTS):
        raise Refused("Your role does not read the contact log.")
    wanted = [*_mine(actor), *_narrowed(filters)]
    total = work.run(sa.select(sa.func.count()).select_from(contacts).where(*wanted)).scalar_one()
    rows = work.run(
        _select()
        .where(*wanted)
        .order_by(contacts.c.arrived_at.desc(), contacts.c.id.desc())
        .limit(PAGE + 1)
        .offset(offset)
    ).all()
    audit.record(work, actor.staff, "listed", "contacts", "", service=actor.service)
    found = tuple(to_contact(row) for row in rows[:PAGE])
    return Page(found, total, len(rows) > PAGE)


def _mine(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Own service; own hub, or a contact they held themselves, or have joined. Nobody sees a
    person they must not meet, but while they hold them still."""
    rule: list[sa.ColumnElement[bool]] = [
        contacts.c.service == actor.service,
        sa.or_(contacts.c.owner == actor.staff, conflicts.may_meet(actor, contacts.c.id)),
    ]
    if actor.hubs is not None:
        held = sa.select(assignments.c.contact).where(assignments.c.staff == actor.staff)
        own_hub = (
            contacts.c.hub.in_(sorted(actor.hubs))
            if actor.may(Action.READ_CONTACTS)
            else sa.false()
        )
        joined = sa.select(joinings.c.contact).where(
            joinings.c.staff == actor.staff, joinings.c.left_at.is_(None)
        )
        rule.append(sa.or_(own_hub, contacts.c.id.in_(held), contacts.c.id.in_(joined)))
    return rule


def _narrowed(filters: Filters) -> list[sa.ColumnElement[bool]]:
    rule: list[sa.ColumnElement[bool]] = []
    if filters.since is not None:
        rule.append(contacts.c.arrived_at >= filters.since)
    if filters.channel:
        rule.append(contacts.c.channel == filters.channel)
    if filters.hub:
        rule.append(contacts.c.hub == filters.hub)
    if filters.how_ended:
        rule.append(contacts.c.how_ended == filters.how_ended)
    if filters.state:
        rule.append(contacts.c.state == filters.state)
    if filters.without_tests:
        rule.append(contacts.c.type != "test")
    return rule


def _select() -> sa.Select[Any]:
    return sa.select(contacts, conversations.c.id.label("conversation")).outerjoin(
        conversations, conversations.c.contact == contacts.c.id
    )
