"""The phone an advisor takes calls by: their own, or the one in their browser, heard of in beats.

A console that is open proves no phone in it: the device says itself that it is registered. Silence
lets its lease run out, and calls ring the advisor's own phone again, or are not offered (S2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from app.bus import Hint
from app.db import Work
from routing.seating import look
from routing.tables import seats

LEASE = timedelta(seconds=40)
"""A beat comes every 15 s; two may be lost."""


@dataclass(frozen=True)
class Device:
    """`chosen`: calls are to ring in the browser. `ready`: its phone was heard of in time."""

    chosen: bool = False
    ready: bool = False

    @property
    def rings(self) -> bool:
        """Whether a call rings in the browser now."""
        return self.chosen and self.ready


def device_of(work: Work, staff_id: str) -> Device:
    row = work.run(
        sa.select(seats.c.browser_leg, seats.c.device_until).where(seats.c.staff == staff_id)
    ).first()
    if row is None:
        return Device()
    return Device(row.browser_leg, row.device_until is not None and row.device_until > work.now)


def choose(work: Work, staff_id: str, *, browser: bool) -> None:
    """By what calls come from now on. The call that goes on stays where it is."""
    values: dict[str, object] = {"browser_leg": browser}
    if not browser:
        values["device_until"] = None
    _change(work, staff_id, values)


def beat(work: Work, staff_id: str, *, ready: bool) -> None:
    """The browser's phone is registered with the carrier, or is not any more."""
    before = device_of(work, staff_id)
    if not before.chosen and not ready:
        return
    until = work.now + LEASE if ready else None
    own = seats.c.staff == staff_id
    if before.ready == ready:
        work.run(seats.update().where(own).values(device_until=until))
    else:
        _change(work, staff_id, {"device_until": until})


def _change(work: Work, staff_id: str, values: dict[str, object]) -> None:
    changed = work.run(seats.update().where(seats.c.staff == staff_id).values(**values))
    if changed.rowcount != 1:
        return
    row = work.run(sa.select(seats.c.service).where(seats.c.staff == staff_id)).one()
    work.announce(Hint("seat", staff_id))
    look(work, row.service)
