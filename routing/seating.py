"""The places of seats as acts take and free them, and the word to the matcher.

0 <= load <= capacity holds in the row. Capacity grows only for a contact that somebody pulled, and
shrinks to their own again as soon as any of their places is free.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.among import among, many
from app.auth.tables import staff
from app.bus import Hint
from app.cases.model import Channel, Contact, State
from app.cases.tables import contacts
from app.db import Work
from app.errors import Refused
from routing.tables import offers, seats

_SEATS = (
    sa.select(seats.c.staff, seats.c.load, seats.c.capacity)
    .where(among(seats.c.staff, many("ids")), seats.c.on_duty.is_(True))
    .order_by(seats.c.staff)
)
_TAKE = (
    seats.update()
    .where(seats.c.staff == sa.bindparam("who"))
    .values(load=seats.c.load + sa.bindparam("more"))
)


def take(work: Work, staff_id: str, weight: int) -> bool:
    """Take this many places, if the seat is on duty and has them."""
    taken = work.run(
        seats.update()
        .where(
            seats.c.staff == staff_id,
            seats.c.on_duty.is_(True),
            seats.c.load + weight <= seats.c.capacity,
        )
        .values(load=seats.c.load + weight)
    )
    return taken.rowcount == 1


def take_each(work: Work, wanted: Sequence[tuple[str, int]]) -> list[bool]:
    """Places for each (staff, weight), in this order; False where there is none any more.

    Seats are locked by id where rows are; one that another work holds has no place just now.
    """
    if not wanted:
        return []
    chosen = _SEATS.with_for_update(skip_locked=True) if work.locks_rows else _SEATS
    found = work.run(chosen, {"ids": sorted({staff_id for staff_id, _ in wanted})})
    room = {row.staff: row.capacity - row.load for row in found}
    taken: Counter[str] = Counter()
    fitting = []
    for staff_id, weight in wanted:
        fits = room.get(staff_id, 0) - taken[staff_id] >= weight
        taken[staff_id] += weight * fits
        fitting.append(fits)
    if taken.total():
        work.run(_TAKE, [{"who": who, "more": more} for who, more in taken.items() if more])
    return fitting


def make_room(work: Work, staff_id: str, weight: int) -> int | None:
    """Take them even where there are none. Returns by how many the seat grew; None: not on duty."""
    chosen = sa.select(seats).where(seats.c.staff == staff_id, seats.c.on_duty.is_(True))
    row = work.run(chosen.with_for_update() if work.locks_rows else chosen).first()
    if row is None:
        return None
    raised = max(0, row.load + weight - row.capacity)
    work.run(
        seats.update()
        .where(seats.c.staff == staff_id)
        .values(load=row.load + weight, capacity=row.capacity + raised, idle_since=work.now)
    )
    return int(raised)


def check_one_call(work: Work, contact: Contact, staff_id: str, first: str = "") -> None:
    """Nobody talks on two lines: asked when a call is taken, whatever rang meanwhile."""
    if contact.channel is not Channel.VOICE:
        return
    row = work.run(
        sa.select(contacts.c.id)
        .where(
            contacts.c.owner == staff_id,
            contacts.c.channel == Channel.VOICE.value,
            contacts.c.state == State.ACTIVE.value,
            contacts.c.id != contact.id,
        )
        .limit(1)
    ).first()
    if row is not None:
        who = f"{first} is" if first else "You are"
        raise Refused(f"{who} on a call. One call at a time.", code="on_call")


def free(work: Work, staff_id: str, weight: int, *, idle: bool = True) -> None:
    left = sa.case((seats.c.load >= weight, seats.c.load - weight), else_=0)
    own = sa.select(staff.c.capacity).where(staff.c.id == staff_id).scalar_subquery()
    values: dict[str, Any] = {"load": left, "capacity": sa.case((own > left, own), else_=left)}
    if idle:
        values["idle_since"] = work.now
    work.run(seats.update().where(seats.c.staff == staff_id).values(**values))
    work.announce(Hint("seat", staff_id))


def answers(work: Work, staff_id: str) -> None:
    """Somebody is at this seat: what went by unanswered is forgotten."""
    work.run(seats.update().where(seats.c.staff == staff_id).values(lapses=0, checking=False))


def lapsed(work: Work, staff_id: str) -> None:
    """An offer went by. After two, nothing more is offered until somebody says they are there."""
    work.run(
        seats.update()
        .where(seats.c.staff == staff_id)
        .values(lapses=seats.c.lapses + 1, checking=seats.c.lapses + 1 >= MOST_LAPSED)
    )


MOST_LAPSED = 2


def weight_of(work: Work, contact_id: str) -> int:
    row = work.run(
        sa.select(offers.c.weight)
        .where(offers.c.contact == contact_id, offers.c.answer == "accepted")
        .order_by(offers.c.number.desc())
        .limit(1)
    ).first()
    return int(row.weight) if row else 1


def look(work: Work, service: str) -> None:
    """Something changed that may let somebody be reached: the matcher looks."""
    work.announce(Hint("match", service))
    work.announce(Hint("desk", service))
