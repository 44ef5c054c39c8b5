"""The places of seats as acts take and free them, and the word to the matcher."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.bus import Hint
from app.db import Work
from routing.tables import offers, seats


def free(work: Work, staff_id: str, weight: int, *, idle: bool = True) -> None:
    values: dict[str, Any] = {
        "load": sa.case((seats.c.load >= weight, seats.c.load - weight), else_=0)
    }
    if idle:
        values["idle_since"] = work.now
    work.run(seats.update().where(seats.c.staff == staff_id).values(**values))
    work.announce(Hint("seat", staff_id))


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
