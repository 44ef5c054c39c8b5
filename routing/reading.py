"""From rows to a Board: one service at one moment, read without locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.among import among
from app.auth import skills
from app.auth.tables import staff
from app.cases import conflicts
from app.cases.conflicts import NOBODY
from app.cases.tables import contacts
from app.db import Work
from app.definition.model import Service
from routing import roster
from routing.model import Board, Seat, Waiting, rules_of
from routing.past import NEVER, NOT_BEFORE, past_of, rang_before
from routing.pausing import paused
from routing.placing import asked_now
from routing.presence import Phone, SeatFacts, state_of
from routing.rests import BREAKS
from routing.tables import places, seats

EVERYWHERE = frozenset({"chat", "voice", "sms"})
WITHOUT_PHONE = frozenset({"chat", "sms"})
"""A call rings the advisor's own phone, or their browser: who has neither is not offered calls."""
UNSEEN = 60
"""Seconds a waiting visitor may be away before nobody is asked for them. The place is kept."""

_WAITING = (
    sa.select(
        *(
            contacts.c[name]
            for name in (
                "id", "service", "hub", "channel", "line", "number_index", "arrived_at", "crime",
                "age", "language", "gender", "lead", "urgency", "offer_no", "visitor_seen_at",
            )
        ),
        *(
            places.c[name]
            for name in ("queued_at", "front", "rung", "rung_until", "asked_at", "weight")
        ),
        places.c.hub.label("sent_to"),
    )
    .join(places, places.c.contact == contacts.c.id)
    .where(
        places.c.service == sa.bindparam("service"),
        places.c.waits.is_(True),
        contacts.c.state == "waiting",
    )
)  # fmt: skip
"""Written once, and only what a Board asks for: it is read again at every pass."""

Named = Callable[[str], str]
"""A staff id's first name."""


def a_lead(staff_id: str) -> str:
    """Where no name is shown."""
    return "A lead"


def board_of(work: Work, service: Service) -> Board:
    rules = rules_of(service)
    present = tuple(seats_of(work, service))
    staffed = any(seat.hub == rules.central and seat.state != "offline" for seat in present)
    return Board(
        rules,
        tuple(waiting_of(work, service, central_staffed=staffed)),
        present,
        frozenset(each.hub for each in paused(work, service.key)),
    )


def waiting_of(work: Work, service: Service, *, central_staffed: bool) -> list[Waiting]:
    """Who waits, without an open offer."""
    rows = work.run(_WAITING, {"service": service.key}).all()
    rows = [row for row in rows if not _away(work, row)]
    ids = [row.id for row in rows]
    past, apart = past_of(work, ids), conflicts.barred_of(work, ids)
    again = rang_before(work, rows)
    asked: dict[tuple[str, str], str] = {}

    def asks(row: Any) -> str:
        key = (row.hub, row.channel)
        if key not in asked:
            asked[key] = asked_now(service, *key, now=work.now, central_staffed=central_staffed)
        return asked[key]

    return [
        Waiting(
            contact=row.id,
            channel=row.channel,
            hub=row.sent_to or asks(row),
            queued_at=row.queued_at,
            service=row.service,
            crime=row.crime,
            age=row.age,
            language=row.language,
            urgency=row.urgency,
            front=row.front,
            rung=row.rung,
            rung_until=row.rung_until,
            asked=past.get(row.id, NEVER).asked,
            asked_at=row.asked_at,
            weight=row.weight,
            returned_at=past.get(row.id, NEVER).returned_at,
            offer_no=row.offer_no,
            last=past.get(row.id, NEVER).last or again.get(row.id, NOT_BEFORE).last,
            barred=apart.get(row.id, NOBODY).staff | again.get(row.id, NOT_BEFORE).barred,
            barred_hubs=apart.get(row.id, NOBODY).hubs | again.get(row.id, NOT_BEFORE).barred_hubs,
            gender=row.gender,
            lead=row.lead,
        )
        for row in rows
    ]


def facts_of(work: Work, staff_id: str, service: Service, named: Named = a_lead) -> SeatFacts:
    """What the rows know of one seat, for its own console."""
    row = work.run(_seats().where(seats.c.staff == staff_id)).first()
    if row is None:
        return SeatFacts(False, True, None, None, capacity=0, load=0)
    shift = roster.says(work, service, work.now).of(staff_id)
    return _facts(row, _held(work, [staff_id]), named, shift, work.now)


def today_in(work: Work, service: Service) -> date:
    return work.now.astimezone(ZoneInfo(service.zone)).date()


def seats_of(work: Work, service: Service) -> list[Seat]:
    today = today_in(work, service)
    rows = work.run(_seats().where(seats.c.service == service.key, seats.c.on_duty.is_(True))).all()
    held = _held(work, [row.staff for row in rows])
    said = roster.says(work, service, work.now)
    return [
        _seat(work, row, _facts(row, held, a_lead, said.of(row.staff), work.now), today)
        for row in rows
    ]


def _seat(work: Work, row: Any, facts: SeatFacts, today: date) -> Seat:
    state, because = state_of(facts, work.now)
    return Seat(
        staff=row.staff,
        first_name="",
        hub=row.hub,
        idle_since=row.idle_since,
        lease_until=row.lease_until,
        service=row.service,
        role=row.role,
        skills=skills.held(row.skills.split(), skills.read_lapses(row.lapses_of_skills), today),
        languages=frozenset(row.languages.split()),
        capacity=row.capacity,
        load=row.load,
        state=state,
        because=because,
        on_call=facts.on_call,
        channels=EVERYWHERE if row.has_phone or facts.phone == "browser" else WITHOUT_PHONE,
        gender=row.gender,
        supervisor=row.supervisor,
        vetted=skills.vetted(row.vetted_until, today),
        closing=facts.closing,
        checking=facts.checking,
    )


def _away(work: Work, row: Any) -> bool:
    """A visitor whose page is not there: nobody is offered someone who cannot answer."""
    if row.channel != "chat" or row.visitor_seen_at is None:
        return False
    return bool((work.now - row.visitor_seen_at).total_seconds() > UNSEEN)


def _seats() -> sa.Select[Any]:
    return sa.select(
        seats,
        staff.c.role,
        staff.c.skills,
        staff.c.languages,
        staff.c.gender,
        staff.c.supervisor,
        staff.c.vetted_until,
        staff.c.lapses.label("lapses_of_skills"),
        staff.c.phone.is_not(None).label("has_phone"),
    ).join(staff, staff.c.id == seats.c.staff)


def _held(work: Work, staff_ids: list[str]) -> dict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    if staff_ids:
        for row in work.run(
            sa.select(
                contacts.c.owner, contacts.c.state, contacts.c.channel, contacts.c.ended_at
            ).where(among(contacts.c.owner, staff_ids))
        ):
            found[row.owner].append(row)
    return found


def _facts(
    row: Any, held: dict[str, list[Any]], named: Named, shift: roster.OnShift, now: datetime
) -> SeatFacts:
    mine = held.get(row.staff, [])
    wrapping = [contact for contact in mine if contact.state == "wrapping"]
    ended = [contact.ended_at for contact in wrapping if contact.ended_at is not None]
    return SeatFacts(
        on_duty=row.on_duty,
        signed_in=True,
        seen_at=row.seen_at,
        lease_until=row.lease_until,
        capacity=row.capacity,
        load=row.load,
        wrapping=len(wrapping),
        on_call=any(c.channel == "voice" and c.state == "active" for c in mine),
        break_reason=None if row.break_reason is None else BREAKS.get(row.break_reason, ""),
        set_away_by=named(row.away_by) if row.away_by else "",
        checking=row.checking,
        after_hard=row.after_hard,
        wrapping_since=min(ended, default=None),
        on_shift=shift.on_shift,
        extra=shift.extra(row.duty_at, now),
        shift_until=shift.until,
        closing=shift.closing,
        phone=_phone(row, now),
    )


def _phone(row: Any, now: datetime) -> Phone:
    """By what calls ring at this seat now."""
    if row.browser_leg and row.device_until is not None and row.device_until > now:
        return "browser"
    if row.browser_leg:
        return "instead" if row.has_phone else "lost"
    return "own" if row.has_phone else "none"
