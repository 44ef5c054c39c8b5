"""A number that rings very often: counted, told to a lead, slowed down by their decision alone.

Counting and deciding use the blind index; no number is opened (S8). A withheld number is no
number: it is never counted and never slowed down (S6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import audit
from app.among import among
from app.auth.policy import Action, Actor
from app.bus import Hint
from app.cases import access, notices
from app.cases.model import Channel, Contact
from app.cases.tables import contacts
from app.db import Work
from app.errors import Refused, Wrong
from telephony import nuisance
from telephony.tables import slowed_numbers

ONLY_LEADS = "Only a lead may do that."
NO_NUMBER = "Their number is withheld, so it cannot be slowed down."

# Built once: every call that arrives runs them, and making a statement costs more than running it.
_HELD = sa.select(slowed_numbers.c.until).where(
    slowed_numbers.c.service == sa.bindparam("service"),
    slowed_numbers.c.number_index == sa.bindparam("index"),
    slowed_numbers.c.until > sa.bindparam("now", type_=slowed_numbers.c.until.type),
)
_COUNTED = (
    sa.select(sa.func.count())
    .select_from(contacts)
    .where(
        contacts.c.service == sa.bindparam("service"),
        contacts.c.number_index == sa.bindparam("index"),
        contacts.c.channel == Channel.VOICE.value,
        contacts.c.arrived_at > sa.bindparam("since", type_=contacts.c.arrived_at.type),
    )
)


def slow_down(work: Work, actor: Actor, contact_id: str, hours: int) -> datetime:
    """The phone of this contact hears the emergency words and waits a moment, until the answer.

    Deciding again replaces the decision before. Raises Refused for who leads nobody, Missing for
    a contact that is not theirs, Wrong for a withheld number and for more than 24 hours.
    """
    contact, index = _number_of(work, actor, contact_id)
    until = nuisance.ends_at(hours, work.now)
    decided = {"until": until, "by": actor.staff, "at": work.now}
    if not work.insert_once(slowed_numbers, service=contact.service, number_index=index, **decided):
        work.run(slowed_numbers.update().where(*_this(contact.service, index)).values(**decided))
    audit.record(
        work, actor.staff, "slowed", "contact", contact.id, service=contact.service,
        why=f"{hours} h",
    )  # fmt: skip
    work.announce(Hint("contact", contact.id))
    return until


def lift(work: Work, actor: Actor, contact_id: str) -> None:
    """The decision ends now. Twice is once."""
    contact, index = _number_of(work, actor, contact_id)
    work.run(slowed_numbers.delete().where(*_this(contact.service, index)))
    audit.record(work, actor.staff, "lifted", "contact", contact.id, service=contact.service)
    work.announce(Hint("contact", contact.id))


@dataclass(frozen=True)
class Pace:
    """What a lead decides by: `calls` within the hour before this one, itself included; `until`
    when a decision holds now."""

    calls: int
    until: datetime | None


def seen_by(work: Work, actor: Actor, contact: Contact) -> Pace | None:
    """For a lead, of a call with a number; None for everybody and everything else."""
    if not actor.may(Action.LEAD) or contact.channel is not Channel.VOICE:
        return None
    calls = pace_of(work, [contact.id]).get(contact.id)
    if calls is None:
        return None
    index = work.run(sa.select(contacts.c.number_index).where(contacts.c.id == contact.id)).scalar()
    return Pace(calls, until_of(work, contact.service, index))


def until_of(work: Work, service: str, index: bytes | None) -> datetime | None:
    """Until when a decision holds now; None when there is none."""
    if index is None:
        return None
    asked = {"service": service, "index": index, "now": work.now}
    found: datetime | None = work.run(_HELD, asked).scalar()
    return found


def pace_of(work: Work, contact_ids: Sequence[str]) -> Mapping[str, int]:
    """For each contact with a number: calls from it within the hour before it, itself included."""
    mine, others = contacts.alias("mine"), contacts.alias("others")
    rows = work.run(
        sa.select(mine.c.id, mine.c.arrived_at, others.c.arrived_at.label("other"))
        .join(
            others,
            sa.and_(
                others.c.service == mine.c.service,
                others.c.number_index == mine.c.number_index,
                others.c.channel == Channel.VOICE.value,
                others.c.arrived_at <= mine.c.arrived_at,
            ),
        )
        .where(among(mine.c.id, contact_ids), mine.c.number_index.is_not(None))
    )
    pace: dict[str, int] = {}
    for row in rows:
        if row.other > row.arrived_at - nuisance.WITHIN:
            pace[row.id] = pace.get(row.id, 0) + 1
    return pace


def note_pace(work: Work, contact: Contact, index: bytes | None) -> None:
    """A lead is told once of a phone that rings often; nothing else happens by itself."""
    if index is None:
        return
    asked = {"service": contact.service, "index": index, "since": work.now - nuisance.WITHIN}
    counted = work.run(_COUNTED, asked).scalar_one()
    if nuisance.is_often(int(counted)):
        notices.tell(work, None, contact.service, contact.hub, notices.Kind.CALLS_OFTEN, contact.id)


def _number_of(work: Work, actor: Actor, contact_id: str) -> tuple[Contact, bytes]:
    if not actor.may(Action.LEAD):
        raise Refused(ONLY_LEADS)
    contact = access.open_contact(work, actor, contact_id)
    index = work.run(sa.select(contacts.c.number_index).where(contacts.c.id == contact.id)).scalar()
    if index is None:
        raise Wrong(NO_NUMBER)
    return contact, index


def _this(service: str, index: bytes) -> tuple[sa.ColumnElement[bool], ...]:
    return slowed_numbers.c.service == service, slowed_numbers.c.number_index == index
