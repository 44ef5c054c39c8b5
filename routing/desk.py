"""What one advisor's console shows: facts read from rows, in the words of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.among import among
from app.auth.policy import Actor
from app.cases import conflicts, joining
from app.cases.acts import to_contact
from app.cases.model import Contact, Need
from app.cases.tables import contacts, conversations
from app.db import Work
from app.definition.model import Service
from routing.presence import Because, SeatFacts, because, state_of
from routing.reading import Named, a_lead, board_of, facts_of
from routing.tables import offers, places
from routing.wait import honest_waits

HANDLING = 25 * 60
"""Seconds an advisor usually holds a chat, until the service's own figures are known."""
TOLD_LOST = timedelta(seconds=45)
"""An advisor's console silent this long: the visitor is told."""


@dataclass(frozen=True)
class You:
    on_duty: bool
    state: str
    because: tuple[Because, ...]
    load: int
    capacity: int


@dataclass(frozen=True)
class OpenOffer:
    contact: Contact
    offer_no: int
    until: datetime
    reason: str
    giver: str | None = None
    """Staff id of the colleague who hands it over; None when the matcher offers it."""


@dataclass(frozen=True)
class Handing:
    """A contact of yours that a colleague is asked to take over. `to` is a staff id."""

    to: str
    until: datetime


@dataclass(frozen=True)
class Queued:
    contact: Contact
    rung: int
    rung_until: datetime | None
    front: bool
    offered_to: str | None
    """Staff id."""
    overflow: str


@dataclass(frozen=True)
class Desk:
    you: You
    offers: tuple[OpenOffer, ...]
    with_you: tuple[Contact, ...]
    joined: tuple[Contact, ...]
    """Contacts of colleagues that you stand beside."""
    handing: Mapping[str, Handing]
    """By contact."""
    facts: SeatFacts
    waiting: tuple[Queued, ...]
    last_contact_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """How a waiting contact stands, as its person may be told. `minutes` None: nobody can know."""

    place: int
    minutes: tuple[int, int] | None
    rung: int
    rungs: int
    overflow: str


def desk(work: Work, actor: Actor, service: Service, named: Named = a_lead) -> Desk:
    facts = facts_of(work, actor.staff, service, named)
    state, _ = state_of(facts, work.now)
    mine = work.run(
        _select().where(contacts.c.owner == actor.staff).order_by(contacts.c.answered_at)
    ).all()
    ringing = work.run(
        _select(offers)
        .join(offers, offers.c.contact == contacts.c.id)
        .where(offers.c.staff == actor.staff, offers.c.answer == "")
        .order_by(offers.c.at)
    ).all()
    last = work.run(
        sa.select(sa.func.max(contacts.c.arrived_at)).where(contacts.c.service == actor.service)
    ).scalar()
    return Desk(
        You(facts.on_duty, state, because(facts, work.now), facts.load, facts.capacity),
        tuple(
            OpenOffer(to_contact(row), row.number_1, row.until, row.reason, row.giver)
            for row in ringing
        ),
        tuple(to_contact(row) for row in mine),
        tuple(_joined(work, actor.staff)),
        _handing(work, actor.staff),
        facts,
        tuple(_may_see(work, actor, waiting(work, service))),
        last,
    )


def waiting(work: Work, service: Service) -> list[Queued]:
    """Everyone in the queue, those with an open offer included, in order of the line."""
    rows = work.run(
        _select(places.c.rung, places.c.rung_until, places.c.front, places.c.overflow,
                offers.c.staff.label("offered_to"))
        .join(places, places.c.contact == contacts.c.id)
        .outerjoin(offers, sa.and_(offers.c.contact == contacts.c.id, offers.c.answer == ""))
        .where(
            places.c.service == service.key,
            places.c.waits.is_(True),
            contacts.c.state.in_(("waiting", "offered")),
        )
        .order_by(places.c.front.desc(), places.c.queued_at, contacts.c.id)
    ).all()  # fmt: skip
    return [
        Queued(to_contact(row), row.rung, row.rung_until, row.front, row.offered_to, row.overflow)
        for row in rows
    ]


def _may_see(work: Work, actor: Actor, queued: list[Queued]) -> list[Queued]:
    """Without those whom this person must not meet."""
    hidden = conflicts.kept_from(work, actor, [one.contact.id for one in queued])
    return [one for one in queued if one.contact.id not in hidden]


def standings(work: Work, service: Service) -> dict[str, Standing]:
    """For everyone waiting in a service: place, honest range, rung. Whoever is held out to
    somebody just now is next."""
    rungs = len(service.ladder)
    waits = honest_waits(board_of(work, service), work.now, HANDLING)
    rows = work.run(
        sa.select(places.c.contact, places.c.overflow, places.c.rung, contacts.c.state)
        .join(contacts, contacts.c.id == places.c.contact)
        .where(places.c.service == service.key, places.c.waits.is_(True))
    )
    found: dict[str, Standing] = {}
    for row in rows:
        rung = min(row.rung, rungs - 1) + 1
        if row.state == "offered":
            found[row.contact] = Standing(1, None, rung, rungs, row.overflow)
        elif row.contact in waits:
            wait = waits[row.contact]
            found[row.contact] = Standing(wait.place, wait.minutes, rung, rungs, row.overflow)
    return found


def _joined(work: Work, staff_id: str) -> list[Contact]:
    beside = joining.joined_by(work, staff_id)
    if not beside:
        return []
    rows = work.run(_select().where(among(contacts.c.id, beside)).order_by(contacts.c.id))
    return [to_contact(row) for row in rows]


def _handing(work: Work, staff_id: str) -> dict[str, Handing]:
    rows = work.run(
        sa.select(offers.c.contact, offers.c.staff, offers.c.until).where(
            offers.c.giver == staff_id, offers.c.answer == ""
        )
    )
    return {row.contact: Handing(row.staff, row.until) for row in rows}


def need_words(service: Service, need: Need) -> str:
    """A need in a few plain words. Unknown is said as "Not asked yet"."""
    parts = []
    crime = service.crime(need.crime)
    if crime is not None:
        parts.append(crime.label)
    if need.age:
        parts.append({"adult": "adult", "under18": "under 18"}.get(need.age, need.age))
    if need.language and need.language != service.languages[0]:
        parts.append(need.language)
    return ", ".join(parts) if parts else "Not asked yet"


def _select(*more: Any) -> sa.Select[Any]:
    return (
        sa.select(contacts, conversations.c.id.label("conversation"), *more)
        .select_from(contacts)
        .outerjoin(conversations, conversations.c.contact == contacts.c.id)
    )
