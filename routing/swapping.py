"""Swap and cover: Anna asks Ben to take Tuesday night; Ben agrees, or a lead sets it.

Nothing moves until the other has agreed. Once it stands, the shift is Ben's in every respect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app import audit
from app.auth.policy import Action, Actor
from app.auth.tables import staff
from app.bus import Hint
from app.db import Work
from app.definition.model import Service
from app.errors import Conflict, Missing, Refused, Stale, Wrong
from routing.planning import may_plan, move_all_on
from routing.roster import STANDS, holidays_of, written
from routing.rota import Turn, span, spells, turns
from routing.tables import swaps


@dataclass(frozen=True)
class Asked:
    """A swap as it stands: asked, accepted, declined, set or undone."""

    id: str
    giver: str
    taker: str
    day: date
    start: time
    end: time
    state: str


def ask(
    work: Work, actor: Actor, service: Service, swap_id: str, taker: str, day: date, start: time
) -> Asked:
    """Ask `taker` to take the own shift that begins then. The same id twice is one asking."""
    if (known := _row(work, swap_id)) is not None:
        if (known.asked_by, known.taker, known.day) != (actor.staff, taker, day):
            raise Conflict("This swap was asked with other words already.")
        return _to_asked(known)
    return _make(work, actor, service, swap_id, actor.staff, taker, day, start, "asked")


def cover(
    work: Work, actor: Actor, service: Service, swap_id: str, giver: str, taker: str,
    day: date, start: time,
) -> Asked:  # fmt: skip
    """A lead sets it: it stands at once."""
    if not actor.may(Action.LEAD):
        raise Refused("Only a lead sets who covers. Ask for a swap.")
    for each in (giver, taker):
        may_plan(work, actor, service, each)
    if (known := _row(work, swap_id)) is not None:
        return _to_asked(known)
    asked = _make(work, actor, service, swap_id, giver, taker, day, start, "set")
    move_all_on(work, service.key, [giver, taker])
    return asked


def answer(work: Work, actor: Actor, service: Service, swap_id: str, *, yes: bool) -> Asked:
    """The one who was asked agrees or not. Twice the same is once; late is Stale."""
    row = _row(work, swap_id)
    if row is None or row.taker != actor.staff or row.service != service.key:
        raise Missing
    state = "accepted" if yes else "declined"
    if row.state == state:
        return _to_asked(row)
    if yes:
        _check_taker(work, service, row.taker, Turn(row.day, row.start, row.end, ""))
        _check_gives(work, service, row.giver, row.day, row.start)
    _set(work, row, state, "asked")
    if yes:
        move_all_on(work, service.key, [row.giver, row.taker])
    audit.record(work, actor.staff, f"swap {state}", "swap", swap_id, service=service.key)
    return _to_asked(_must(work, swap_id))


def undo(work: Work, actor: Actor, service: Service, swap_id: str) -> Asked:
    """Whoever asked takes it back while nobody has answered; a lead at any time."""
    row = _row(work, swap_id)
    lead = actor.may(Action.LEAD)
    if row is None or row.service != service.key or not (lead or row.asked_by == actor.staff):
        raise Missing
    if row.state in STANDS and not lead:
        raise Refused("It is agreed. Ask your lead to undo it.")
    if row.state != "undone":
        _set(work, row, "undone", row.state)
        if row.state in STANDS:
            move_all_on(work, service.key, [row.giver, row.taker])
        audit.record(work, actor.staff, "swap undone", "swap", swap_id, service=service.key)
    return _to_asked(_must(work, swap_id))


def open_swaps(work: Work, service: str, first: date, last: date) -> list[Asked]:
    """Those that are asked or stand, on these dates, in order."""
    rows = work.run(
        sa.select(swaps)
        .where(
            swaps.c.service == service,
            swaps.c.day.between(first, last),
            swaps.c.state.in_(("asked", *STANDS)),
        )
        .order_by(swaps.c.day, swaps.c.start, swaps.c.id)
    )
    return [_to_asked(row) for row in rows]


def _make(
    work: Work, actor: Actor, service: Service, swap_id: str, giver: str, taker: str,
    day: date, start: time, state: str,
) -> Asked:  # fmt: skip
    if giver == taker:
        raise Wrong("Choose somebody else to take it.")
    there = work.run(
        sa.select(staff.c.id).where(
            staff.c.id.in_((giver, taker)),
            staff.c.service == service.key,
            staff.c.active.is_(True),
        )
    ).all()
    if len(there) != 2:
        raise Missing
    turn = _check_gives(work, service, giver, day, start)
    _check_taker(work, service, taker, turn)
    work.run(
        swaps.insert().values(
            id=swap_id, service=service.key, giver=giver, taker=taker, day=day, start=start,
            end=turn.end, state=state, asked_by=actor.staff, asked_at=work.now,
            answered_at=work.now if state in STANDS else None,
        )
    )  # fmt: skip
    audit.record(work, actor.staff, f"swap {state}", "swap", swap_id, service=service.key)
    work.announce(Hint("rota", service.key))
    return _to_asked(_must(work, swap_id))


def _check_gives(work: Work, service: Service, giver: str, day: date, start: time) -> Turn:
    stands = written(work, service.key)
    bank = holidays_of(service, day)
    for turn in turns(giver, stands.shifts, stands.beside, day, day, bank):
        if turn.start == start:
            return turn
    raise Stale("That shift is no longer there to give.")


def _check_taker(work: Work, service: Service, taker: str, turn: Turn) -> None:
    stands, zone = written(work, service.key), ZoneInfo(service.zone)
    wanted, bank = span(turn, zone), holidays_of(service, turn.day)
    if spells(taker, stands.shifts, stands.beside, zone, wanted.start, wanted.end, bank):
        raise Refused("They are on shift at that time already. Choose somebody else.")


def _set(work: Work, row: Any, state: str, was: str) -> None:
    moved = work.run(
        swaps.update()
        .where(swaps.c.id == row.id, swaps.c.state == was)
        .values(state=state, answered_at=work.now)
    )
    if moved.rowcount != 1:
        raise Stale("That has been answered already.")
    work.announce(Hint("rota", row.service))


def _row(work: Work, swap_id: str) -> Any:
    return work.run(sa.select(swaps).where(swaps.c.id == swap_id)).first()


def _must(work: Work, swap_id: str) -> Any:
    row = _row(work, swap_id)
    if row is None:
        raise Missing
    return row


def _to_asked(row: Any) -> Asked:
    return Asked(row.id, row.giver, row.taker, row.day, row.start, row.end, row.state)
