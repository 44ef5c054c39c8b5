"""Who works when: rules, dates beside them, swaps, and both nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definition.weekly import Weekly, read_weekly
from routing.bank import bank_holidays
from routing.rota import Beside, Extra, Off, Shift, Spell, Swap, Turn, span, spells, turns

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


def rule(text: str) -> Weekly:
    weekly = read_weekly(text)
    assert weekly is not None, text
    return weekly


def works(text: str, who: str = "anna") -> Shift:
    return Shift(who, "central", rule(text))


def told(
    shifts: list[Shift], beside: list[Beside], frm: str, to: str, who: str = "anna"
) -> list[str]:
    """This person's spells as a person reads them, in local time."""
    first, last = (datetime.fromisoformat(day).replace(tzinfo=LONDON) for day in (frm, to))
    years = {first.year, last.year}
    found = spells(who, shifts, beside, LONDON, first, last, bank_holidays("england", years))
    return [
        f"{each.start.astimezone(LONDON):%a %-d %b %H:%M} for {_hours(each):g} h" for each in found
    ]


def _hours(spell: Spell) -> float:
    return (spell.end - spell.start) / timedelta(hours=1)


NIGHTS = "daily 22:00-08:00"


@pytest.mark.parametrize(
    ("it", "text", "frm", "to", "expected"),
    [
        ("a day is a day", "mon 09:00-17:00", "2027-02-01", "2027-02-02",
         ["Mon 1 Feb 09:00 for 8 h"]),
        ("a night belongs to the day it begins on", "tue 22:00-08:00", "2027-02-01", "2027-02-08",
         ["Tue 2 Feb 22:00 for 10 h"]),
        ("a night in March is nine hours", NIGHTS, "2027-03-27T12:00", "2027-03-28T12:00",
         ["Sat 27 Mar 22:00 for 9 h"]),
        ("a night in October is eleven", NIGHTS, "2027-10-30T12:00", "2027-10-31T12:00",
         ["Sat 30 Oct 22:00 for 11 h"]),
        ("a shift in the hour that does not exist begins as the clocks move", "sun 01:30-09:00",
         "2027-03-28", "2027-03-29", ["Sun 28 Mar 02:00 for 7 h"]),
        ("one that ends in it ends as the clocks move", "sat 22:00-01:30",
         "2027-03-27", "2027-03-29", ["Sat 27 Mar 22:00 for 3 h"]),
        ("one wholly in it is none", "sun 01:10-01:50", "2027-03-28", "2027-03-29", []),
        ("one that begins in the hour that comes twice begins the first time", "sun 01:30-09:00",
         "2027-10-31", "2027-11-01", ["Sun 31 Oct 01:30 for 8.5 h"]),
        ("one that ends in it ends the second time", "sat 22:00-01:30",
         "2027-10-30", "2027-11-01", ["Sat 30 Oct 22:00 for 4.5 h"]),
        ("a leap day is a day", "tue 09:00-17:00", "2028-02-29", "2028-03-01",
         ["Tue 29 Feb 09:00 for 8 h"]),
        ("a night runs over a leap day's midnight", "tue 22:00-06:00", "2028-02-29", "2028-03-02",
         ["Tue 29 Feb 22:00 for 8 h"]),
        ("every second week counts from the first", "mon 09:00-17:00 every 2 weeks from 2027-02-03",
         "2027-02-01", "2027-03-02", ["Mon 15 Feb 09:00 for 8 h", "Mon 1 Mar 09:00 for 8 h"]),
        ("the last date is included", "daily 09:00-17:00 from 2027-02-02 until 2027-02-03",
         "2027-02-01", "2027-02-08", ["Tue 2 Feb 09:00 for 8 h", "Wed 3 Feb 09:00 for 8 h"]),
        ("not on Good Friday", "fri 09:00-17:00 not on bank holidays", "2027-03-26", "2027-04-03",
         ["Fri 2 Apr 09:00 for 8 h"]),
        ("on Easter Monday alone", "mon 09:00-17:00 only on bank holidays", "2027-03-22",
         "2027-04-12", ["Mon 29 Mar 09:00 for 8 h"]),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)  # fmt: skip
def test_a_rule_is_as_written(it: str, text: str, frm: str, to: str, expected: list[str]) -> None:
    assert told([works(text)], [], frm, to) == expected, it


def test_shifts_that_meet_are_one_and_nobody_stops_at_midnight() -> None:
    both = [works("tue 14:00-00:00"), works("wed 00:00-02:00")]
    assert told(both, [], "2027-02-01", "2027-02-08") == ["Tue 2 Feb 14:00 for 12 h"]
    now = datetime(2027, 2, 3, tzinfo=UTC)
    always = spells("anna", [works("always")], [], LONDON, now, now + ONE_DAY)
    assert len(always) == 1
    assert always[0].end > now + 2 * ONE_DAY


def test_two_hubs_are_two_spells_that_never_overlap() -> None:
    shifts = [works("mon 09:00-17:00"), Shift("anna", "penrith", rule("mon 16:00-20:00"))]
    found = spells(
        "anna", shifts, [], LONDON,
        datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 2, 2, tzinfo=UTC),
    )  # fmt: skip
    assert [(each.hub, each.start.hour, each.end.hour) for each in found] == [
        ("central", 9, 17),
        ("penrith", 17, 20),
    ]


class TestDatesBesideTheRule:
    TUESDAY = date(2027, 2, 2)

    def week(self, *beside: Beside, who: str = "anna") -> list[str]:
        shifts = [works("tue,wed 22:00-08:00"), works("fri 09:00-17:00", "ben")]
        return told(shifts, list(beside), "2027-02-01", "2027-02-08", who)

    def test_off_takes_the_shift_of_that_date_alone(self) -> None:
        assert self.week(Off("anna", self.TUESDAY)) == ["Wed 3 Feb 22:00 for 10 h"]

    def test_extra_adds_one(self) -> None:
        extra = Extra("anna", "central", date(2027, 2, 6), time(9), time(12))
        assert self.week(extra)[-1] == "Sat 6 Feb 09:00 for 3 h"

    def test_off_and_extra_are_other_times_on_a_date(self) -> None:
        extra = Extra("anna", "central", self.TUESDAY, time(18), time(2))
        assert self.week(Off("anna", self.TUESDAY), extra)[0] == "Tue 2 Feb 18:00 for 8 h"

    def test_anna_gives_tuesday_night_to_ben(self) -> None:
        swap = Swap("anna", "ben", "central", self.TUESDAY, time(22), time(8))
        assert self.week(swap) == ["Wed 3 Feb 22:00 for 10 h"]
        assert self.week(swap, who="ben") == [
            "Tue 2 Feb 22:00 for 10 h",
            "Fri 5 Feb 09:00 for 8 h",
        ]

    def test_what_was_taken_may_be_handed_on(self) -> None:
        first = Swap("anna", "ben", "central", self.TUESDAY, time(22), time(8))
        again = Swap("ben", "cleo", "central", self.TUESDAY, time(22), time(8))
        assert self.week(first, again, who="ben") == ["Fri 5 Feb 09:00 for 8 h"]
        assert self.week(first, again, who="cleo") == ["Tue 2 Feb 22:00 for 10 h"]

    def test_nobody_else_is_moved(self) -> None:
        assert self.week(Off("ben", self.TUESDAY)) == self.week()


def test_the_nations_keep_their_own_days() -> None:
    st_andrews, new_years_second = date(2027, 11, 30), date(2028, 1, 3)
    assert st_andrews in bank_holidays("scotland", [2027])
    for nation in ("england", "wales"):
        days = bank_holidays(nation, [2027, 2028])
        assert st_andrews not in days
        assert date(2027, 12, 28) in days, "Boxing Day in lieu"
        assert new_years_second in days, "New Year's Day in lieu"


quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
dates = st.dates(date(2027, 3, 20), date(2027, 4, 6)) | st.dates(
    date(2027, 10, 23), date(2027, 11, 6)
)
weeklies = st.builds(
    Weekly,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    start=quarters,
    end=quarters,
    first=st.dates(date(2027, 1, 1), date(2027, 10, 31)),
    every=st.sampled_from([1, 2]),
)
hubs = st.sampled_from(["central", "penrith"])
shifts_of_anna = st.lists(st.builds(Shift, st.just("anna"), hubs, weeklies), max_size=5)
besides = st.lists(
    st.one_of(
        st.builds(Off, st.just("anna"), dates),
        st.builds(Extra, st.just("anna"), hubs, dates, quarters, quarters),
        st.builds(Swap, st.just("anna"), st.just("ben"), hubs, dates, quarters, quarters),
        st.builds(Swap, st.just("ben"), st.just("anna"), hubs, dates, quarters, quarters),
    ),
    max_size=5,
)


@given(shifts_of_anna, besides, dates)
def test_spells_never_overlap_are_in_order_and_hold_all_that_is_written(
    shifts: list[Shift], beside: list[Beside], day: date
) -> None:
    frm = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    to = frm + 4 * ONE_DAY
    found = spells("anna", shifts, beside, LONDON, frm, to)
    assert list(found) == sorted(found)
    assert all(one.end <= next_.start for one, next_ in pairwise(found))
    assert all(one.start < one.end for one in found)
    for turn in turns("anna", shifts, beside, day, day + 3 * ONE_DAY):
        spell = span(turn, LONDON)
        middle = spell.start + (spell.end - spell.start) / 2
        if spell.end > spell.start and frm <= middle < to:
            assert any(one.holds(middle) for one in found), turn


@given(dates, quarters, quarters)
def test_local_times_are_as_written_wherever_they_exist(day: date, start: time, end: time) -> None:
    spell = span(Turn(day, start, end, ""), LONDON)
    for moment, written in ((spell.start, start), (spell.end, end)):
        local = moment.astimezone(LONDON)
        jumped = local.date() == date(2027, 3, 28) and time(1) <= written < time(2)
        assert local.time() == (time(2) if jumped else written)
        assert local.date() in (day, day + ONE_DAY)


@given(st.lists(quarters, min_size=1, max_size=6, unique=True), dates)
def test_shifts_that_follow_each_other_leave_no_hole(marks: list[time], day: date) -> None:
    ordered = sorted(marks)
    pairs = list(zip(ordered, ordered[1:] + ordered[:1], strict=True))
    shifts = [Shift("anna", "x", Weekly(frozenset(range(7)), one, two)) for one, two in pairs]
    frm = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    found = spells("anna", shifts, [], LONDON, frm, frm + 3 * ONE_DAY)
    assert len(found) == 1
    assert found[0].start <= frm
    assert found[0].end >= frm + 3 * ONE_DAY
