"""On duty and off, the beat of an open console, and who has been silent too long.

Presence is a lease. What somebody holds stays with them until ended or handed over (S13).
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app import audit
from app.auth.tables import sessions
from app.auth.tables import staff as staff_table
from app.cases.model import State
from app.cases.tables import contacts as contact_table
from app.cases.tables import joinings
from app.db import Work
from app.errors import Missing
from routing.offering import give_back
from routing.seating import look
from routing.tables import seats


def go_on_duty(work: Work, staff_id: str, lease_seconds: int) -> None:
    row = work.run(sa.select(staff_table).where(staff_table.c.id == staff_id)).first()
    if row is None:
        raise Missing
    until = work.now + timedelta(seconds=lease_seconds)
    work.insert_once(
        seats, staff=staff_id, service=row.service, hub=row.hub, on_duty=True, load=0,
        capacity=row.capacity, idle_since=work.now, seen_at=work.now, lease_until=until,
    )  # fmt: skip
    work.run(
        seats.update()
        .where(seats.c.staff == staff_id)
        .values(on_duty=True, hub=row.hub, service=row.service, seen_at=work.now,
                lease_until=until, duty_at=work.now, lapses=0, checking=False,
                break_reason=None, break_at=None, away_by=None)
    )  # fmt: skip
    audit.record(work, staff_id, "on duty", "seat", staff_id, service=row.service)
    look(work, row.service)


def go_off_duty(work: Work, staff_id: str) -> None:
    """No new offers. What they hold stays with them until ended or handed over (S13)."""
    row = work.run(sa.select(seats.c.service).where(seats.c.staff == staff_id)).first()
    if row is None:
        return
    work.run(seats.update().where(seats.c.staff == staff_id).values(on_duty=False))
    give_back(work, staff_id)
    audit.record(work, staff_id, "off duty", "seat", staff_id, service=row.service)
    look(work, row.service)


def beat(work: Work, staff_id: str, lease_seconds: int) -> None:
    """The console is alive: the lease runs on. A seat that had lapsed is looked at again."""
    row = work.run(
        sa.select(seats.c.service, seats.c.lease_until).where(seats.c.staff == staff_id)
    ).first()
    if row is None:
        return
    work.run(
        seats.update()
        .where(seats.c.staff == staff_id)
        .values(seen_at=work.now, lease_until=work.now + timedelta(seconds=lease_seconds))
    )
    if row.lease_until is None or row.lease_until <= work.now:
        look(work, row.service)


def strays(work: Work, unseen_for: timedelta) -> list[tuple[str, int]]:
    """Chats and texts whose advisor's console has been silent this long: (contact, assignment)."""
    rows = work.run(
        sa.select(contact_table.c.id, contact_table.c.assignment_no)
        .join(seats, seats.c.staff == contact_table.c.owner)
        .where(
            contact_table.c.state == State.ACTIVE.value,
            contact_table.c.channel.in_(("chat", "sms")),
            seats.c.seen_at < work.now - unseen_for,
        )
        .order_by(contact_table.c.id)
    )
    return [(row.id, row.assignment_no) for row in rows]


def left_beside(work: Work, unseen_for: timedelta) -> list[tuple[str, str]]:
    """Whoever joined a chat and whose console has been silent this long: (contact, staff)."""
    since = work.now - unseen_for
    sits = sa.select(seats.c.staff).where(seats.c.seen_at >= since)
    looks = sa.select(sessions.c.staff).where(sessions.c.seen_at >= since)
    rows = work.run(
        sa.select(joinings.c.contact, joinings.c.staff)
        .where(
            joinings.c.left_at.is_(None),
            joinings.c.at < since,
            joinings.c.staff.not_in(sits),
            joinings.c.staff.not_in(looks),
        )
        .order_by(joinings.c.id)
    )
    return [(row.contact, row.staff) for row in rows]


def lost_visitors(work: Work, unseen_for: timedelta) -> list[str]:
    """Waiting chats whose page nobody has held for this long."""
    rows = work.run(
        sa.select(contact_table.c.id).where(
            contact_table.c.state.in_((State.WAITING.value, State.OFFERED.value)),
            contact_table.c.channel == "chat",
            contact_table.c.visitor_seen_at < work.now - unseen_for,
        )
    )
    return [row.id for row in rows]
