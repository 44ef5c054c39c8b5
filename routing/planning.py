"""Writing the rota: one date, every week from a date on, turns on call.

Each edit names the number it was made upon and moves it on: of two leads who edit one person's
rota at once, the second is told, and nothing is lost. Every edit is in the trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

import sqlalchemy as sa

from app import audit
from app.auth.policy import Action, Actor
from app.auth.tables import staff
from app.bus import Hint
from app.db import Work
from app.definition.model import Service
from app.definition.weekly import Weekly
from app.errors import Conflict, Missing, Refused, Wrong
from routing.roster import holidays_of, written
from routing.rota import Shift, begins
from routing.tables import rotas, shift_days, shifts

ONE_DAY = timedelta(days=1)
MOST = 3
"""Shifts that may begin on one date."""

Hours = tuple[time, time]


@dataclass(frozen=True)
class Edit:
    """What a lead has just written: whose rota, its number as they saw it, which date, which hours.

    No hours is no shift. `every` 0: this date alone; 1 or 2: each week or every second, from it on.
    """

    staff: str
    version: int
    day: date
    hours: tuple[Hours, ...]
    every: int = 0


def plans(actor: Actor, service: Service) -> frozenset[str]:
    """The hubs whose rota they write: a lead's own; for the lead of the central hub, which answers
    at night for all, those of no other provider; for a supervisor every hub."""
    if not actor.may(Action.LEAD) or actor.service != service.key:
        return frozenset()
    if actor.hubs is None:
        return frozenset(hub.key for hub in service.hubs)
    own = service.hub(actor.hub)
    if not own.central:
        return frozenset({own.key})
    return frozenset(hub.key for hub in service.hubs if hub.provider in ("", own.provider))


def write_day(
    work: Work, actor: Actor, service: Service, edit: Edit, new_ids: Sequence[str]
) -> int:
    """Keep an edit; returns the new number. `new_ids` has MOST ids and one more.

    Refused for who leads nobody, Missing for somebody who is not theirs, Conflict when another
    edit came first.
    """
    check_hours(edit.hours)
    who = may_plan(work, actor, service, edit.staff)
    version = move_on(work, edit.staff, actor.service, edit.version)
    work.run(
        shift_days.delete().where(
            shift_days.c.staff == edit.staff, shift_days.c.day == edit.day
        )
    )  # fmt: skip
    if edit.every:
        _end_rules(work, edit.staff, edit.day)
        weekday = frozenset({edit.day.weekday()})
        for id_, (start, end) in zip(new_ids, edit.hours, strict=False):
            rule = Weekly(weekday, start, end, edit.day, None, edit.every)
            plant(work, id_, Shift(edit.staff, who.hub, rule), actor.service)
    else:
        _write_date(work, edit, who, service, new_ids)
    audit.record(
        work, actor.staff, "planned", "rota", edit.staff, service=actor.service,
        why=f"{edit.day.isoformat()}{' on' if edit.every else ''}",
    )  # fmt: skip
    return version


def write_on_call(
    work: Work, actor: Actor, service: Service, staff_id: str, version: int, tier: int,
    rules: Sequence[Weekly], new_ids: Sequence[str],
) -> int:  # fmt: skip
    """These are from now on all the turns of this person in this tier; returns the new number."""
    if not 1 <= tier <= 9:
        raise Wrong("The order on call runs from 1 to 9.")
    who = may_plan(work, actor, service, staff_id)
    number = move_on(work, staff_id, actor.service, version)
    work.run(shifts.delete().where(shifts.c.staff == staff_id, shifts.c.tier == tier))
    plant_rules(work, Whose(staff_id, who.hub), rules, actor.service, new_ids, tier)
    audit.record(
        work, actor.staff, "planned", "on call", staff_id, service=actor.service, why=str(tier)
    )
    return number


@dataclass(frozen=True)
class Whose:
    """Whom an edit is about."""

    staff: str
    hub: str


def may_plan(work: Work, actor: Actor, service: Service, staff_id: str) -> Whose:
    """Refused for who leads nobody; Missing for somebody of another service or hub (S7)."""
    hubs = plans(actor, service)
    if not actor.may(Action.LEAD):
        raise Refused("Only a lead writes the rota.")
    row = work.run(
        sa.select(staff.c.id, staff.c.hub).where(
            staff.c.id == staff_id, staff.c.service == actor.service, staff.c.active.is_(True)
        )
    ).first()
    if row is None or row.hub not in hubs:
        raise Missing
    return Whose(row.id, row.hub)


def move_on(work: Work, staff_id: str, service: str, seen: int) -> int:
    """The next number of this person's rota. Conflict when `seen` is no longer the last."""
    if seen == 0:
        moved = work.insert_once(
            rotas, staff=staff_id, service=service, version=1, edited_at=work.now
        )
    else:
        moved = (
            work.run(
                rotas.update()
                .where(rotas.c.staff == staff_id, rotas.c.version == seen)
                .values(version=seen + 1, edited_at=work.now)
            ).rowcount
            == 1
        )
    if not moved:
        raise Conflict("Somebody else has just changed this. Look again; yours is still here.")
    work.announce(Hint("match", service))
    work.announce(Hint("rota", service))
    return seen + 1


def move_all_on(work: Work, service: str, staff_ids: Sequence[str]) -> None:
    """The same for an act that looks at no number: an agreed swap moves two people's rotas on."""
    for staff_id in sorted(staff_ids):
        moved = work.run(
            rotas.update()
            .where(rotas.c.staff == staff_id)
            .values(version=rotas.c.version + 1, edited_at=work.now)
        ).rowcount
        if not moved:
            work.insert_once(
                rotas, staff=staff_id, service=service, version=1, edited_at=work.now
            )  # fmt: skip
    work.announce(Hint("match", service))
    work.announce(Hint("rota", service))


def plant(work: Work, id_: str, shift: Shift, service: str) -> None:
    """One row for a rule of one weekday."""
    (weekday,) = shift.weekly.days
    work.run(
        shifts.insert().values(
            id=id_, staff=shift.staff, service=service, hub=shift.hub, tier=shift.tier,
            weekday=weekday, start=shift.weekly.start, end=shift.weekly.end,
            first=shift.weekly.first, last=shift.weekly.last, every=shift.weekly.every,
            bank=shift.weekly.bank,
        )
    )  # fmt: skip


def plant_rules(
    work: Work, whose: Whose, rules: Sequence[Weekly], service: str, new_ids: Sequence[str],
    tier: int = 0,
) -> None:  # fmt: skip
    """Rules as rows, one for each weekday. `new_ids` holds seven for each rule."""
    rows = [(rule, weekday) for rule in rules for weekday in sorted(rule.days)]
    for id_, (rule, weekday) in zip(new_ids, rows, strict=False):
        one = Weekly(
            frozenset({weekday}), rule.start, rule.end, rule.first, rule.last, rule.every, rule.bank
        )
        plant(work, id_, Shift(whose.staff, whose.hub, one, tier), service)


def check_hours(hours: Sequence[Hours]) -> None:
    """Raises Wrong, with what to do."""
    if len(hours) > MOST:
        raise Wrong(f"{MOST} shifts a day at most.")
    free = 0
    for start, end in sorted(hours):
        begins_at, ends_at = minutes(start), minutes(end)
        if begins_at < free:
            raise Wrong("These shifts overlap. Write each hour once.")
        free = ends_at if ends_at > begins_at else ends_at + 24 * 60


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _write_date(
    work: Work, edit: Edit, who: Whose, service: Service, new_ids: Sequence[str]
) -> None:
    """What stands beside the rule on this date; nothing when the rule says the same."""
    bank = holidays_of(service, edit.day)
    ruled = sorted(
        (each.weekly.start, each.weekly.end)
        for each in written(work, service.key).shifts
        if each.staff == edit.staff and begins(each.weekly, edit.day, bank)
    )
    if ruled == sorted(edit.hours):
        return
    rows: list[Hours | None] = [*(h for h in edit.hours if h not in ruled)]
    if any(hours not in edit.hours for hours in ruled):
        rows = [None, *edit.hours]
    for id_, hours in zip(new_ids, rows, strict=False):
        work.run(
            shift_days.insert().values(
                id=id_, staff=edit.staff, service=service.key, hub=who.hub, day=edit.day,
                start=hours[0] if hours else None, end=hours[1] if hours else None,
            )
        )  # fmt: skip


def _end_rules(work: Work, staff_id: str, day: date) -> None:
    """No rule of this weekday runs on from this date."""
    mine = (
        shifts.c.staff == staff_id,
        shifts.c.tier == 0,
        shifts.c.weekday == day.weekday(),
        sa.or_(shifts.c.last.is_(None), shifts.c.last >= day),
    )
    work.run(shifts.delete().where(*mine, shifts.c.first >= day))
    work.run(shifts.update().where(*mine).values(last=day - ONE_DAY))
