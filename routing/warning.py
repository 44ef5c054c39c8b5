"""What a lead is told of the rota: a night with gaps, once at 18:00; a contact left at closing.

Any node may tell it; the notice's own id keeps it from being told twice. Nothing here ends a
contact or takes it from its advisor (S13).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.among import among
from app.auth import skills
from app.auth.tables import staff
from app.cases import notices
from app.cases.notices import Kind
from app.cases.tables import contacts
from app.cases.tables import notices as notice_table
from app.db import Work
from app.definition.model import Service
from app.ground import Ground
from routing import roster
from routing.cover import Gap, gaps
from routing.model import Seat
from routing.reading import EVERYWHERE, WITHOUT_PHONE
from routing.tables import seats
from routing.tonight import night, warns


class Warner:
    """Looks each second whether a lead must be told something. `_nights` only saves questions."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._nights: set[tuple[str, datetime]] = set()

    async def look(self, services: Mapping[str, Service]) -> None:
        db = self._ground.db
        now = self._ground.clock.now()
        for service in services.values():
            evening, _ = night(now, ZoneInfo(service.zone))
            if warns(now, ZoneInfo(service.zone)) and (service.key, evening) not in self._nights:
                if await db.read(tonight_has_gaps, service):
                    await db.write(warn_of_tonight, service)
                self._nights.add((service.key, evening))
            left, settled = await db.read(left_at_closing, service)
            if left or settled:
                await db.write(tell_left, service, left, settled)


def tonight_has_gaps(work: Work, service: Service) -> bool:
    """Whether what is left of tonight has a gap that somebody could close.

    A language that no member of staff speaks is no gap of the rota: an interpreter always helps.
    A reader asks, because it may take a while.
    """
    if not roster.is_kept(work, service.key):
        return False
    frm, to = night(work.now, ZoneInfo(service.zone))
    staffed = seats_on_paper(work, service, frm).values()
    spoken = {language for seat in staffed for language in seat.languages}
    served = spoken & set(service.languages)
    return bool(gaps_between(work, service, max(frm, work.now), to, served))


def warn_of_tonight(work: Work, service: Service) -> None:
    """Tell the leads, once a night whoever asks."""
    frm, _ = night(work.now, ZoneInfo(service.zone))
    evening = frm.astimezone(ZoneInfo(service.zone)).strftime("%y%m%d")
    id_ = f"{evening}{service.key}"[:32]
    notices.tell(work, id_, service.key, service.central.key, Kind.NO_COVER)


def gaps_between(
    work: Work, service: Service, frm: datetime, to: datetime, languages: Collection[str]
) -> tuple[Gap, ...]:
    """What the rota leaves open in [frm, to), for these languages beside the service's own."""
    people = seats_on_paper(work, service, frm)
    spells = roster.spells_between(work, service, frm, to)
    return gaps(service, people, spells, languages, frm, to)


def seats_on_paper(work: Work, service: Service, at: datetime) -> dict[str, Seat]:
    """Everybody of the service as they would be on shift then: free, and at their desk."""
    day = at.astimezone(ZoneInfo(service.zone)).date()
    rows = work.run(
        sa.select(staff).where(staff.c.service == service.key, staff.c.active.is_(True))
    )
    return {
        row.id: Seat(
            staff=row.id,
            first_name="",
            hub=row.hub,
            idle_since=at,
            lease_until=at,
            service=row.service,
            role=row.role,
            skills=skills.held(row.skills.split(), skills.read_lapses(row.lapses), day),
            languages=frozenset(row.languages.split()),
            capacity=row.capacity,
            channels=WITHOUT_PHONE if row.phone is None else EVERYWHERE,
            gender=row.gender,
            supervisor=row.supervisor,
            vetted=skills.vetted(row.vetted_until, day),
        )
        for row in rows
    }


def left_at_closing(work: Work, service: Service) -> tuple[list[Any], list[str]]:
    """(contacts still with somebody whose shift is over, contacts told of that no longer are)."""
    rows = work.run(
        sa.select(contacts.c.id, contacts.c.hub, contacts.c.owner, seats.c.duty_at)
        .join(seats, seats.c.staff == contacts.c.owner)
        .where(contacts.c.service == service.key, contacts.c.state == "active")
    ).all()
    kind = Kind.UNACCEPTED_AT_CLOSING.value
    told = {
        row.contact: row.seen_at is None
        for row in work.run(
            sa.select(notice_table.c.contact, notice_table.c.seen_at).where(
                notice_table.c.service == service.key,
                notice_table.c.kind == kind,
                notice_table.c.once == sa.literal(f"{kind}:") + notice_table.c.contact,
            )
        )
    }
    if not rows and not told:
        return [], []
    said = roster.says(work, service, work.now)
    over = []
    for row in rows:
        shift = said.of(row.owner)
        if not shift.on_shift and not shift.extra(row.duty_at, work.now):
            over.append(row)
    here = {row.id for row in over}
    settled = sorted(one for one, unseen in told.items() if unseen and one not in here)
    return [row for row in over if row.id not in told], settled


def tell_left(work: Work, service: Service, left: list[Any], settled: list[str]) -> None:
    """Page the lead of each such contact, and take back what has been seen to."""
    still = {
        row.id
        for row in work.run(
            sa.select(contacts.c.id).where(
                among(contacts.c.id, [row.id for row in left]), contacts.c.state == "active"
            )
        )
    }
    for row in left:
        if row.id in still:
            notices.tell(
                work, None, service.key, row.hub, Kind.UNACCEPTED_AT_CLOSING, row.id, row.owner
            )
    for contact in settled:
        notices.settled(work, Kind.UNACCEPTED_AT_CLOSING, contact)
