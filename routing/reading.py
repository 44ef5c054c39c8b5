"""From rows to a Board: one service at one moment, read without locks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from app.among import among
from app.auth.tables import staff
from app.cases.tables import contacts
from app.db import Work
from app.definition.model import Service
from routing.model import Board, Seat, Waiting, rules_of
from routing.placing import asked_now
from routing.presence import SeatFacts, state_of
from routing.tables import offers, places, seats

EVERYWHERE = frozenset({"chat", "voice", "sms"})
WITHOUT_PHONE = frozenset({"chat", "sms"})
"""A call rings the advisor's own phone: whoever has none is not offered calls."""
UNSEEN = 60
"""Seconds a waiting visitor may be away before nobody is asked for them. The place is kept."""


def board_of(work: Work, service: Service) -> Board:
    rules = rules_of(service)
    present = tuple(seats_of(work, service.key))
    staffed = any(seat.hub == rules.central and seat.state != "offline" for seat in present)
    return Board(rules, tuple(waiting_of(work, service, central_staffed=staffed)), present)


def waiting_of(work: Work, service: Service, *, central_staffed: bool) -> list[Waiting]:
    """Who waits, without an open offer."""
    rows = work.run(
        sa.select(contacts, places)
        .join(places, places.c.contact == contacts.c.id)
        .where(
            places.c.service == service.key,
            places.c.waits.is_(True),
            contacts.c.state == "waiting",
        )
    ).all()
    asked = _asked(work, [row.id for row in rows])
    return [
        Waiting(
            contact=row.id,
            channel=row.channel,
            hub=asked_now(service, row.hub, work.now, central_staffed=central_staffed),
            queued_at=row.queued_at_1,
            service=row.service,
            crime=row.crime,
            age=row.age,
            language=row.language,
            urgency=row.urgency,
            front=row.front,
            rung=row.rung,
            rung_until=row.rung_until,
            asked=asked.get(row.id, frozenset()),
            asked_at=row.asked_at,
            weight=row.weight,
        )
        for row in rows
        if not _away(work, row)
    ]


def facts_of(work: Work, staff_id: str) -> SeatFacts:
    """What the rows know of one seat, for its own console."""
    row = work.run(_seats().where(seats.c.staff == staff_id)).first()
    if row is None:
        return SeatFacts(False, True, None, None, capacity=0, load=0)
    return _facts(row, _held(work, [staff_id]))


def seats_of(work: Work, service: str) -> list[Seat]:
    rows = work.run(_seats().where(seats.c.service == service, seats.c.on_duty.is_(True))).all()
    held = _held(work, [row.staff for row in rows])
    made = []
    for row in rows:
        facts = _facts(row, held)
        state, because = state_of(facts, work.now)
        made.append(
            Seat(
                staff=row.staff,
                first_name="",
                hub=row.hub,
                idle_since=row.idle_since,
                lease_until=row.lease_until,
                service=row.service,
                role=row.role,
                skills=frozenset(row.skills.split()),
                languages=frozenset(row.languages.split()),
                capacity=row.capacity,
                load=row.load,
                state=state,
                because=because,
                on_call=facts.on_call,
                channels=EVERYWHERE if row.has_phone else WITHOUT_PHONE,
            )
        )
    return made


def _away(work: Work, row: Any) -> bool:
    """A visitor whose page is not there: nobody is offered someone who cannot answer."""
    if row.channel != "chat" or row.visitor_seen_at is None:
        return False
    return bool((work.now - row.visitor_seen_at).total_seconds() > UNSEEN)


def _asked(work: Work, contact_ids: list[str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    if contact_ids:
        for row in work.run(
            sa.select(offers.c.contact, offers.c.staff).where(
                among(offers.c.contact, contact_ids), offers.c.answer.in_(("declined", "lapsed"))
            )
        ):
            found[row.contact].add(row.staff)
    return {contact: frozenset(who) for contact, who in found.items()}


def _seats() -> sa.Select[Any]:
    return sa.select(
        seats,
        staff.c.role,
        staff.c.skills,
        staff.c.languages,
        staff.c.phone.is_not(None).label("has_phone"),
    ).join(staff, staff.c.id == seats.c.staff)


def _held(work: Work, staff_ids: list[str]) -> dict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    if staff_ids:
        for row in work.run(
            sa.select(contacts.c.owner, contacts.c.state, contacts.c.channel).where(
                among(contacts.c.owner, staff_ids)
            )
        ):
            found[row.owner].append(row)
    return found


def _facts(row: Any, held: dict[str, list[Any]]) -> SeatFacts:
    mine = held.get(row.staff, [])
    return SeatFacts(
        on_duty=row.on_duty,
        signed_in=True,
        seen_at=row.seen_at,
        lease_until=row.lease_until,
        capacity=row.capacity,
        load=row.load,
        wrapping=sum(1 for contact in mine if contact.state == "wrapping"),
        on_call=any(c.channel == "voice" and c.state == "active" for c in mine),
    )
