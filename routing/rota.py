"""Who works when: weekly rules, dates beside them and swaps become spells of real time. Pure.

Local times are as written, on both days when the clocks change: a 22:00-08:00 night is 9 hours on
28 March 2027 and 11 on 31 October. A time that does not exist is the moment the clocks move; of a
time that comes twice a shift begins at the first and ends at the second, so that no hour is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.definition.weekly import Weekly

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly rule of one person at one hub. `tier` 0 is a shift, 1 and up a turn on call."""

    staff: str
    hub: str
    weekly: Weekly
    tier: int = 0


@dataclass(frozen=True, slots=True)
class Off:
    """Nothing of the weekly rule begins on this local date."""

    staff: str
    day: date


@dataclass(frozen=True, slots=True)
class Extra:
    """A shift on one date, beside or instead of the rule."""

    staff: str
    hub: str
    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Swap:
    """The shift that `giver` would begin then, handed to `taker`. Agreed, or set by a lead."""

    giver: str
    taker: str
    hub: str
    day: date
    start: time
    end: time


Beside = Off | Extra | Swap


@dataclass(frozen=True, slots=True, order=True)
class Spell:
    """Somebody is on shift from `start`, not including `end`. Both are UTC."""

    start: datetime
    end: datetime
    hub: str = field(default="", compare=False)

    def holds(self, now: datetime) -> bool:
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """One shift as it is written: the local date it begins on, and its local times."""

    day: date
    start: time
    end: time
    hub: str


def spells(
    staff: str,
    shifts: Iterable[Shift],
    beside: Iterable[Beside],
    zone: ZoneInfo,
    frm: datetime,
    to: datetime,
    bank: Collection[date] = (),
) -> tuple[Spell, ...]:
    """This person's spells that touch [frm, to), whole, in order, never overlapping.

    Shifts that meet are one spell, as long as they are at one hub: nobody's shift ends at midnight
    because the next begins there. `bank` are the bank holidays of the nation.
    """
    first, last = frm.astimezone(zone).date(), to.astimezone(zone).date()
    # What meets is joined as far as two days before and after; more would tell nobody anything.
    written = turns(staff, shifts, beside, first - 2 * ONE_DAY, last + 2 * ONE_DAY, bank)
    return tuple(each for each in joined(written, zone) if each.end > frm and each.start < to)


def turns(
    staff: str,
    shifts: Iterable[Shift],
    beside: Iterable[Beside],
    first: date,
    last: date,
    bank: Collection[date] = (),
) -> tuple[Turn, ...]:
    """What begins on these local dates, `last` included, as it is written.

    Swaps count in the order given, that in which they were agreed: what was taken may be handed on.
    """
    beside = tuple(beside)
    mine = [each for each in shifts if each.staff == staff]
    off = {one.day for one in beside if isinstance(one, Off) and one.staff == staff}
    found: set[Turn] = set()
    for day in days(first, last):
        if day not in off:
            found |= {
                Turn(day, each.weekly.start, each.weekly.end, each.hub)
                for each in mine
                if begins(each.weekly, day, bank)
            }
    for one in beside:
        if isinstance(one, Extra) and one.staff == staff and first <= one.day <= last:
            found.add(Turn(one.day, one.start, one.end, one.hub))
    for one in beside:
        if not isinstance(one, Swap) or not first <= one.day <= last:
            continue
        if one.giver == staff:
            found = {t for t in found if (t.day, t.start) != (one.day, one.start)}
        elif one.taker == staff:
            found.add(Turn(one.day, one.start, one.end, one.hub))
    return tuple(sorted(found))


def begins(weekly: Weekly, day: date, bank: Collection[date] = ()) -> bool:
    """Whether a shift of this rule begins on this local date."""
    if day.weekday() not in weekly.days or day < weekly.first:
        return False
    if weekly.last is not None and day > weekly.last:
        return False
    if (_monday(day) - _monday(weekly.first)).days // 7 % weekly.every:
        return False
    match weekly.bank:
        case "works":
            return True
        case "off":
            return day not in bank
        case "only":
            return day in bank


def joined(written: Iterable[Turn], zone: ZoneInfo) -> Iterator[Spell]:
    """Turns as real time, in order. Where two hubs overlap, the later begins as the first ends."""
    held: Spell | None = None
    for each in sorted(span(turn, zone) for turn in written):
        if held is None:
            held = each if each.end > each.start else None
        elif each.start <= held.end and each.hub == held.hub:
            held = Spell(held.start, max(held.end, each.end), held.hub)
        else:
            start = max(each.start, held.end)
            if each.end > start:
                yield held
                held = Spell(start, each.end, each.hub)
    if held is not None:
        yield held


def span(turn: Turn, zone: ZoneInfo) -> Spell:
    """One written shift in UTC. It may be empty: one within the hour that does not exist."""
    end_day = turn.day if turn.end > turn.start else turn.day + ONE_DAY
    return Spell(
        moment(turn.day, turn.start, zone, later=False),
        moment(end_day, turn.end, zone, later=True),
        turn.hub,
    )


def moment(day: date, at: time, zone: ZoneInfo, *, later: bool) -> datetime:
    """A local time in UTC. `later` chooses the second of a time that comes twice."""
    local = datetime.combine(day, at)
    one, other = (
        local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )  # fmt: skip
    if one <= other:
        return other if later else one
    # The clocks jump over this time: fold 1 lies before the jump, fold 0 after it.
    before, after = other, one
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def days(first: date, last: date) -> Iterator[date]:
    """Each date from first to last, both included."""
    for step in range((last - first).days + 1):
        yield first + step * ONE_DAY


def _monday(day: date) -> date:
    return day - day.weekday() * ONE_DAY
