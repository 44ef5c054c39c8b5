"""By when a call-back is due, and in which hours it may be made, in the service's own zone. Pure.

The hours are local and lie far from the hour in which clocks change, so each names one instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class When(StrEnum):
    """The part of the day somebody chose."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


HOURS = {
    When.ANY: (time(8), time(21)),
    When.MORNING: (time(9), time(12)),
    When.AFTERNOON: (time(12), time(17)),
    When.EVENING: (time(17), time(21)),
}
"""Opening and closing, local. Nobody is rung at night: a phone that lights up is seen."""
ENOUGH = timedelta(hours=1)
"""With less of the hours left than this, we promise for the next day."""
SOON = timedelta(hours=4)
"""Who may be rung at any time of day is rung within this."""


@dataclass(frozen=True)
class Window:
    """Hours in which they may be reached; `words` say which, as the end of a sentence."""

    opens: datetime
    closes: datetime
    words: str = ""


def window(when: When, now: datetime, zone: str) -> Window:
    """The hours that are open now, else the next ones. Times in UTC."""
    today = now.astimezone(ZoneInfo(zone)).date()
    hours = _hours_on(when, today, zone)
    return hours if now < hours.closes else _hours_on(when, today + timedelta(days=1), zone)


def due_at(when: When, asked_at: datetime, zone: str) -> datetime:
    """By when they are called: the end of the hours they chose, today if enough of them is left.

    "Any" is due four hours on, within the day's hours. In UTC.
    """
    hours = window(when, asked_at, zone)
    if hours.closes - asked_at < ENOUGH:
        hours = window(when, hours.closes, zone)
    if when is not When.ANY:
        return hours.closes
    return min(max(asked_at.astimezone(UTC), hours.opens) + SOON, hours.closes)


def _hours_on(when: When, day: date, zone: str) -> Window:
    opens, closes = HOURS[when]
    first, last = (
        datetime.combine(day, each, ZoneInfo(zone)).astimezone(UTC) for each in (opens, closes)
    )
    part = "any time" if when is When.ANY else f"the {when.value}"
    return Window(first, last, f"{part}, {opens:%H:%M} to {closes:%H:%M}")
