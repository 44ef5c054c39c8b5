"""The rota as it stands in the rows: who is on shift, until when, and whose phone is on call.

The rows are the truth. What they come to is worked out once for each state of them and kept
beside the engine, because a pass of the router asks it many times a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.auth.staff import phone_of
from app.auth.tables import staff
from app.db import Work
from app.definition.model import Service
from app.definition.weekly import Weekly
from app.keyring import Keyring
from routing.bank import bank_holidays
from routing.closing import closing
from routing.rota import Beside, Extra, Off, Shift, Spell, Swap, spells
from routing.tables import rotas, shift_days, shifts, swaps

STANDS = ("accepted", "set")
"""The states in which a swap counts."""
KEPT = timedelta(hours=1)
"""What was worked out serves this long, as long as no row has changed."""
LONGEST_EXTRA = timedelta(hours=10)
BACK, AHEAD = timedelta(days=1), timedelta(days=2)


@dataclass(frozen=True)
class Written:
    """Everything of one service's rota: rules, dates beside them, swaps in the order agreed."""

    shifts: tuple[Shift, ...]
    on_call: tuple[Shift, ...]
    beside: tuple[Beside, ...]

    @property
    def people(self) -> frozenset[str]:
        extra = {one.staff for one in self.beside if isinstance(one, Extra)}
        takers = {one.taker for one in self.beside if isinstance(one, Swap)}
        return frozenset({each.staff for each in self.shifts} | extra | takers)


@dataclass(frozen=True)
class OnShift:
    """What the rota says of one person now. `until` is local, as in "17:00": the end of this
    shift, or of the one that ended last; "" when none ends within a day."""

    on_shift: bool = False
    until: str = ""
    closing: frozenset[str] = field(default_factory=frozenset)
    spells: tuple[Spell, ...] = ()

    def extra(self, duty_at: datetime | None, now: datetime) -> bool:
        """Whether duty taken on at `duty_at` is beside the rota, and still holds.

        It ends after LONGEST_EXTRA, and with the next shift: no duty is forgotten for ever.
        """
        if self.on_shift or duty_at is None or now - duty_at > LONGEST_EXTRA:
            return False
        return not any(spell.start <= now and spell.end > duty_at for spell in self.spells)


@dataclass(frozen=True)
class OnCall:
    """Whose phone rings now, in this order. The number is E.164, "" when they have none."""

    tier: int
    staff: str
    phone: str


def on_shift(work: Work, service: Service, now: datetime) -> Mapping[str, Spell]:
    """Who is on shift now, by staff id. Empty where no rota is kept: see `is_kept`."""
    found = {}
    for who, theirs in _spells(work, service, now, _stamp(work, service.key)).items():
        spell = next((each for each in theirs if each.holds(now)), None)
        if spell is not None:
            found[who] = spell
    return found


def is_kept(work: Work, service: str) -> bool:
    """Whether this service keeps a rota. Where none is kept, going on duty is enough."""
    return _stamp(work, service)[0] > 0


@dataclass(frozen=True)
class Says:
    """What the rota says at one moment, of whoever is asked about."""

    spells: Mapping[str, tuple[Spell, ...]]
    kept: bool
    zone: ZoneInfo
    now: datetime

    def of(self, who: str) -> OnShift:
        """Where no rota is kept everybody is on shift: going on duty is enough."""
        if not self.kept:
            return OnShift(True)
        theirs = self.spells.get(who, ())
        spell = next((each for each in theirs if each.holds(self.now)), None)
        last = next((each for each in reversed(theirs) if each.end <= self.now), None)
        ends = spell or last
        near = ends is not None and ends.end - self.now < BACK
        until = f"{ends.end.astimezone(self.zone):%H:%M}" if ends and near else ""
        closed = closing(spell, self.now) if spell else frozenset()
        return OnShift(spell is not None, until, closed, theirs)


def says(work: Work, service: Service, now: datetime) -> Says:
    zone = ZoneInfo(service.zone)
    stamp = _stamp(work, service.key)
    if stamp[0] == 0:
        return Says({}, False, zone, now)
    return Says(_spells(work, service, now, stamp), True, zone, now)


def on_call(work: Work, service: Service, now: datetime, keyring: Keyring) -> tuple[OnCall, ...]:
    """Whose phone is on call now: by tier, then by staff id."""
    turns = written(work, service.key).on_call
    zone = ZoneInfo(service.zone)
    found = {
        (turn.tier, turn.staff)
        for turn in turns
        for spell in spells(turn.staff, [turn], (), zone, now, now + timedelta(seconds=1),
                            holidays_of(service, now.date()))
        if spell.holds(now)
    }  # fmt: skip
    return tuple(
        OnCall(tier, who, phone_of(work, keyring, who) or "") for tier, who in sorted(found)
    )


def spells_between(
    work: Work, service: Service, frm: datetime, to: datetime
) -> dict[str, tuple[Spell, ...]]:
    """Everybody's spells that touch [frm, to), by staff id."""
    stands, zone = written(work, service.key), ZoneInfo(service.zone)
    bank = holidays_of(service, frm.date()) | holidays_of(service, to.date())
    return {
        who: spells(who, stands.shifts, stands.beside, zone, frm, to, bank)
        for who in sorted(stands.people)
    }


def holidays_of(service: Service, day: date) -> frozenset[date]:
    """The bank holidays around this day, in the nation of this service."""
    return frozenset(bank_holidays(service.nation, (day.year - 1, day.year, day.year + 1)))


def written(work: Work, service: str) -> Written:
    """The rows of one service's rota, of everybody who has not left."""
    here = sa.select(staff.c.id).where(staff.c.service == service, staff.c.active.is_(True))
    rules = [
        _to_shift(row)
        for row in work.run(
            sa.select(shifts)
            .where(shifts.c.service == service, shifts.c.staff.in_(here))
            .order_by(shifts.c.id)
        )
    ]
    dates: list[Beside] = [
        Off(row.staff, row.day)
        if row.start is None
        else Extra(row.staff, row.hub, row.day, row.start, row.end)
        for row in work.run(
            sa.select(shift_days)
            .where(shift_days.c.service == service, shift_days.c.staff.in_(here))
            .order_by(shift_days.c.id)
        )
    ]
    agreed = [
        Swap(row.giver, row.taker, row.hub, row.day, row.start, row.end)
        for row in work.run(
            sa.select(swaps, staff.c.hub)
            .join(staff, staff.c.id == swaps.c.taker)
            .where(swaps.c.service == service, swaps.c.state.in_(STANDS))
            .order_by(swaps.c.answered_at, swaps.c.id)
        )
    ]
    return Written(
        tuple(each for each in rules if each.tier == 0),
        tuple(each for each in rules if each.tier > 0),
        (*dates, *agreed),
    )


def _to_shift(row: Any) -> Shift:
    weekly = Weekly(
        frozenset({row.weekday}), row.start, row.end, row.first, row.last, row.every, row.bank
    )
    return Shift(row.staff, row.hub, weekly, row.tier)


Stamp = tuple[int, int, datetime | None]
Worked = tuple[Stamp, datetime, tuple[str, str], dict[str, tuple[Spell, ...]]]
_worked: WeakKeyDictionary[sa.Engine, dict[str, Worked]] = WeakKeyDictionary()


def _spells(
    work: Work, service: Service, now: datetime, stamp: Stamp
) -> dict[str, tuple[Spell, ...]]:
    where = (service.zone, service.nation)
    kept = _worked.setdefault(work.connection.engine, {})
    known = kept.get(service.key)
    if known and (known[0], known[2]) == (stamp, where) and abs(now - known[1]) < KEPT:
        return known[3]
    found = spells_between(work, service, now - BACK, now + AHEAD)
    kept[service.key] = (stamp, now, where, found)
    return found


def _stamp(work: Work, service: str) -> Stamp:
    """How many people have a rota, how often it was edited, and when last: one for each state."""
    count, edits, last = (
        sa.func.count(rotas.c.staff).label("people"),
        sa.func.coalesce(sa.func.sum(rotas.c.version), 0).label("edits"),
        sa.func.max(rotas.c.edited_at).label("last"),
    )
    row = work.run(sa.select(count, edits, last).where(rotas.c.service == service)).one()
    return int(row.people), int(row.edits), row.last
