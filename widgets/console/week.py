"""One week of the rota as the page draws it: people, days, bars, swaps. Only words and order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from app.definition.language import LANGUAGES
from app.definition.model import Service
from app.definition.weekly import Weekly
from routing.roster import Written
from routing.rota import Shift, Swap, Turn, begins, turns
from routing.swapping import Asked

ONE_DAY = timedelta(days=1)
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
By = Literal["rule", "date", "swap"]


@dataclass(frozen=True)
class Planned:
    """Somebody whose rota is shown. `mine`: whoever looks may write it. `version` 0: none yet."""

    id: str
    name: str
    hub: str
    role: str
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    version: int
    mine: bool


@dataclass(frozen=True)
class Bar:
    """A shift as it is drawn. `day` is 0 to 6, -1 for one that runs over from the Sunday before."""

    day: int
    start: str
    end: str
    by: By
    words: str


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    marks: str
    about: str
    version: int
    mine: bool
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Hub:
    key: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Tier:
    """One person's turns on call. `rules` are as they are written."""

    tier: int
    id: str
    name: str
    version: int
    mine: bool
    rules: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class SwapShown:
    id: str
    words: str
    state: str
    may_answer: bool
    may_undo: bool


@dataclass(frozen=True)
class Day:
    date: str
    name: str
    long: str
    bank: bool
    today: bool


def days(monday: date, bank: Collection[date], today: date) -> tuple[Day, ...]:
    shown = (monday + step * ONE_DAY for step in range(7))
    return tuple(
        Day(
            day.isoformat(), f"{NAMES[day.weekday()]} {day.day}", f"{day:%A} {day.day} {day:%B}",
            day in bank, day == today,
        )
        for day in shown
    )  # fmt: skip


def hubs(
    service: Service, people: Sequence[Planned], stands: Written, monday: date,
    bank: Collection[date],
) -> tuple[Hub, ...]:  # fmt: skip
    """The people of each hub, by name; hubs with nobody are left out."""
    found = []
    for hub in service.hubs:
        theirs = sorted((one for one in people if one.hub == hub.key), key=lambda one: one.name)
        if theirs:
            rows = tuple(_row(one, stands, monday, bank) for one in theirs)
            found.append(Hub(hub.key, hub.name, rows))
    return tuple(found)


def tiers(
    people: Sequence[Planned], stands: Written, monday: date, bank: Collection[date]
) -> tuple[Tier, ...]:
    by_id = {one.id: one for one in people}
    wanted = sorted({(turn.tier, turn.staff) for turn in stands.on_call if turn.staff in by_id})
    found = []
    for tier, who in wanted:
        theirs = [turn for turn in stands.on_call if (turn.tier, turn.staff) == (tier, who)]
        written = turns(who, theirs, (), monday - ONE_DAY, monday + 6 * ONE_DAY, bank)
        found.append(
            Tier(
                tier, who, by_id[who].name, by_id[who].version, by_id[who].mine,
                "; ".join(rules(theirs)),
                tuple(
                    Bar((turn.day - monday).days, f"{turn.start:%H:%M}", f"{turn.end:%H:%M}",
                        "rule", hours(turn))
                    for turn in written if shows(turn, monday)
                ),
            )
        )  # fmt: skip
    return tuple(found)


def swaps(
    asked: Sequence[Asked], names: Mapping[str, str], viewer: str, *, lead: bool
) -> tuple[SwapShown, ...]:
    """Those the viewer has to do with; a lead sees all."""
    return tuple(
        SwapShown(
            one.id, _swap_words(one, names), one.state,
            may_answer=one.state == "asked" and one.taker == viewer,
            may_undo=lead or (one.state == "asked" and one.giver == viewer),
        )
        for one in asked
        if lead or viewer in (one.giver, one.taker)
    )  # fmt: skip


def rules(shifts: Sequence[Shift]) -> Iterator[str]:
    """Weekday rows with the same hours as one rule, as a person would write it."""
    alike: dict[Weekly, set[int]] = {}
    for shift in shifts:
        whenever = replace(shift.weekly, days=frozenset())
        alike.setdefault(whenever, set()).update(shift.weekly.days)
    for weekly, each in alike.items():
        which = sorted(each)
        text = "daily" if len(which) == 7 else ",".join(NAMES[day].lower() for day in which)
        text += f" {weekly.start:%H:%M}-{weekly.end:%H:%M}"
        text += " every 2 weeks" if weekly.every == 2 else ""
        text += f" from {weekly.first}" if weekly.first.year > 2000 else ""
        text += f" until {weekly.last}" if weekly.last else ""
        text += {"works": "", "off": " not on bank holidays", "only": " only on bank holidays"}[
            weekly.bank
        ]
        yield text


def hours(turn: Turn) -> str:
    """ "22:00 to 08:00", "all day"."""
    if turn.start == turn.end:
        return "all day" if turn.start.hour == 0 else f"{turn.start:%H:%M}, a whole day"
    return f"{turn.start:%H:%M} to {turn.end:%H:%M}"


def shows(turn: Turn, monday: date) -> bool:
    """From this week, or from the Sunday before when it runs over midnight into it."""
    return turn.day >= monday or (turn.end <= turn.start and turn.end.hour + turn.end.minute > 0)


def _row(one: Planned, stands: Written, monday: date, bank: Collection[date]) -> Row:
    first, last = monday - ONE_DAY, monday + 6 * ONE_DAY
    written = turns(one.id, stands.shifts, stands.beside, first, last, bank)
    taken = {
        (each.day, each.start)
        for each in stands.beside
        if isinstance(each, Swap) and each.taker == one.id
    }
    bars = tuple(
        Bar(
            (turn.day - monday).days, f"{turn.start:%H:%M}", f"{turn.end:%H:%M}",
            *_by(one.id, turn, stands.shifts, taken, bank),
        )
        for turn in written if shows(turn, monday)
    )  # fmt: skip
    return Row(one.id, one.name, _marks(one), _about(one), one.version, one.mine, bars)


def _by(
    who: str, turn: Turn, shifts: Sequence[Shift], taken: Collection[object],
    bank: Collection[date],
) -> tuple[By, str]:  # fmt: skip
    """Where a shift comes from, and in words."""
    if (turn.day, turn.start) in taken:
        return "swap", "Taken over from a colleague."
    for shift in shifts:
        weekly = shift.weekly
        same = shift.staff == who and (weekly.start, weekly.end) == (turn.start, turn.end)
        if same and begins(weekly, turn.day, bank):
            every = "Every second week" if weekly.every == 2 else "Each week"
            until = f" until {weekly.last.day} {weekly.last:%B %Y}" if weekly.last else ""
            return "rule", f"{every}{until}."
    return "date", "On this date alone."


def _marks(one: Planned) -> str:
    """A few letters beside the name: vol., lead, the languages beside English."""
    role = {"volunteer": ["vol."], "hub_lead": ["lead"]}.get(one.role, [])
    return ", ".join([*role, *(code.upper() for code in one.languages if code != "en")])


def _about(one: Planned) -> str:
    spoken = [LANGUAGES.get(code, code) for code in one.languages if code != "en"]
    trained = [skill.replace("-", " ") for skill in one.skills if "." not in skill]
    return ", ".join([*spoken, *trained]).capitalize()


def _swap_words(one: Asked, names: Mapping[str, str]) -> str:
    giver, taker = names.get(one.giver, "Somebody"), names.get(one.taker, "somebody")
    when = f"{one.day:%A} {one.day.day} {one.day:%b}, {one.start:%H:%M} to {one.end:%H:%M}"
    match one.state:
        case "asked":
            return f"{giver} asks {taker} to take {when}."
        case "set":
            return f"{taker} covers for {giver}: {when}. Set by a lead."
        case _:
            return f"{taker} has taken {giver}’s shift: {when}."
