"""By when a call-back is due, and when it may be made: local hours, on both days clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.due import HOURS, SOON, When, due_at, window

ZONE = "Europe/London"
HERE = ZoneInfo(ZONE)
START = datetime(2026, 1, 1, tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("when", "asked", "due"),
    [
        # an ordinary winter day
        ("morning", "2027-01-12 08:00", "2027-01-12 12:00"),
        ("morning", "2027-01-12 10:59", "2027-01-12 12:00"),
        ("morning", "2027-01-12 11:01", "2027-01-13 12:00"),
        ("afternoon", "2027-01-12 03:00", "2027-01-12 17:00"),
        ("afternoon", "2027-01-12 16:30", "2027-01-13 17:00"),
        ("evening", "2027-01-12 18:00", "2027-01-12 21:00"),
        ("evening", "2027-01-12 23:30", "2027-01-13 21:00"),
        ("any", "2027-01-12 09:00", "2027-01-12 13:00"),
        ("any", "2027-01-12 19:00", "2027-01-12 21:00"),
        ("any", "2027-01-12 20:30", "2027-01-13 12:00"),
        ("any", "2027-01-12 23:30", "2027-01-13 12:00"),
        ("any", "2027-01-12 03:00", "2027-01-12 12:00"),
        # the last evening of a month, a year, a leap day's eve
        ("evening", "2027-12-31 23:30", "2028-01-01 21:00"),
        ("morning", "2028-02-28 23:30", "2028-02-29 12:00"),
        # spring forward, 28 March 2027 at 01:00: that night is an hour short
        ("morning", "2027-03-27 23:30", "2027-03-28 12:00"),
        ("evening", "2027-03-27 23:30", "2027-03-28 21:00"),
        ("any", "2027-03-28 00:30", "2027-03-28 12:00"),
        ("morning", "2027-03-28 02:30", "2027-03-28 12:00"),
        # fall back, 31 October 2027 at 02:00: that night is an hour long
        ("evening", "2027-10-30 23:30", "2027-10-31 21:00"),
        ("morning", "2027-10-31 01:30", "2027-10-31 12:00"),
        ("any", "2027-10-31 01:30", "2027-10-31 12:00"),
        ("any", "2027-10-30 20:30", "2027-10-31 12:00"),
    ],
)
def test_a_part_of_the_day_becomes_a_time(when: str, asked: str, due: str) -> None:
    assert due_at(When(when), local(asked), ZONE) == local(due)


def test_the_night_the_clocks_change_is_an_hour_shorter_or_longer() -> None:
    """The same local times lie 12.5 hours apart on an ordinary night."""
    apart = [
        due_at(When.MORNING, local(asked), ZONE) - local(asked).astimezone(UTC)
        for asked in ("2027-01-12 23:30", "2027-03-27 23:30", "2027-10-30 23:30")
    ]
    assert apart == [timedelta(hours=hours) for hours in (12.5, 11.5, 13.5)]


@pytest.mark.parametrize(
    ("when", "now", "opens", "closes"),
    [
        ("evening", "2027-01-12 10:00", "2027-01-12 17:00", "2027-01-12 21:00"),
        ("evening", "2027-01-12 17:00", "2027-01-12 17:00", "2027-01-12 21:00"),
        ("evening", "2027-01-12 20:59", "2027-01-12 17:00", "2027-01-12 21:00"),
        ("evening", "2027-01-12 21:00", "2027-01-13 17:00", "2027-01-13 21:00"),
        ("any", "2027-01-12 23:30", "2027-01-13 08:00", "2027-01-13 21:00"),
        ("morning", "2027-03-28 00:30", "2027-03-28 09:00", "2027-03-28 12:00"),
        ("morning", "2027-10-31 00:30", "2027-10-31 09:00", "2027-10-31 12:00"),
    ],
)
def test_the_hours_are_those_open_now_else_the_next(
    when: str, now: str, opens: str, closes: str
) -> None:
    hours = window(When(when), local(now), ZONE)
    assert (hours.opens, hours.closes) == (local(opens), local(closes))


def test_the_hours_are_said_as_the_end_of_a_sentence() -> None:
    noon = local("2027-06-01 12:00")
    assert window(When.EVENING, noon, ZONE).words == "the evening, 17:00 to 21:00"
    assert window(When.ANY, noon, ZONE).words == "any time, 08:00 to 21:00"


@given(
    st.sampled_from(When),
    st.integers(0, 60 * 24 * 1096).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.sampled_from(("Europe/London", "Asia/Karachi", "America/New_York")),
)
def test_it_is_never_due_at_night_nor_more_than_two_days_on(
    when: When, asked: datetime, zone: str
) -> None:
    due = due_at(when, asked, zone)
    opens, closes = HOURS[when]
    assert asked < due <= asked + timedelta(days=2)
    assert opens <= due.astimezone(ZoneInfo(zone)).time() <= closes
    hours = window(when, asked, zone)
    assert hours.closes > asked
    assert hours.closes - hours.opens == timedelta(hours=closes.hour - opens.hour)
    if when is When.ANY and hours.opens <= asked and hours.closes - asked >= timedelta(hours=1):
        assert due == min(asked + SOON, hours.closes)
