"""The small hearts: codes, colours, towns, opening hours, contracts on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.definition.colour import NEEDED, PAPER, WHITE, contrast, moved, readable
from app.definition.files import load_examples
from app.definition.lots import lot_on, taking_hub
from app.definition.model import Hub, with_demo_origin
from app.definition.number import shown, why_not
from app.definition.outward import Pattern, outward, outward_in, pattern
from app.definition.town import spoken
from app.definition.words import too_long
from tests.definition.stories import GOOD, allowed

WARWICKSHIRE = load_examples()["warwickshire"]
IN_FORCE = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("CA1 7AB", "CA1"),
        ("CA17AB", "CA1"),
        ("CA117AB", "CA11"),
        ("sw1a1aa", "SW1A"),
        ("EC1A 1BB", "EC1A"),
        ("m1 1ae", "M1"),
        ("PR0 1AA", "PR0"),
        ("la1O", "LA10"),
        ("LAI0", "LA10"),
    ],
)
def test_an_outward_code_is_the_first_half_of_a_postcode(said: str, code: str) -> None:
    assert str(outward_in(said)) == code


@settings(deadline=None)
@given(
    st.sampled_from(["CA", "LA", "B", "SR"]),
    st.integers(0, 99),
    st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True),
)
def test_nothing_of_the_second_half_is_ever_read(area: str, district: int, inward: str) -> None:
    assert str(outward_in(f"{area}{district} {inward}")) == f"{area}{district}"


def test_a_range_covers_both_its_ends() -> None:
    read = pattern("ca10-ca12")
    assert isinstance(read, Pattern)
    assert [str(code) for code in read.codes()] == ["CA10", "CA11", "CA12"]
    outside = outward("CA13")
    assert outside is not None
    assert not read.covers(outside)


@settings(deadline=None)
@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_every_colour_has_a_readable_neighbour_of_its_hue(colour: str) -> None:
    near = readable(colour)
    assert min(contrast(near, WHITE), contrast(near, PAPER)) >= NEEDED
    assert moved(colour) >= 0
    assert readable(near) == near


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


def test_a_town_is_compared_as_it_is_said() -> None:
    assert spoken("Lytham St. Anne’s") == spoken("lytham saint annes") == "lytham st annes"


def test_numbers_are_shown_as_people_here_write_them() -> None:
    assert shown("+448081570142") == "08081 570 142"
    assert shown("+441632960201") == "01632 960 201"
    assert why_not("+447700900142") is None


def test_a_sentence_ends_at_a_stop_and_not_at_a_comma() -> None:
    ten = "one two three four five six seven eight nine ten"
    assert too_long(f"{ten} {ten}. {ten} {ten}.") is None
    assert too_long(f"{ten}, {ten}, more.") == f"{ten}, {ten}, more."


def test_a_hub_with_hours_is_open_in_them_and_past_midnight() -> None:
    day = Hub("a", "A", hours=(time(8), time(20)))
    night = replace(day, hours=(time(20), time(8)))
    assert day.open_at(time(8))
    assert not day.open_at(time(20))
    assert night.open_at(time(3))
    assert not night.open_at(time(12))
    assert replace(day, hours=None).open_at(time(3))


def test_the_demo_may_embed_every_site_and_only_once() -> None:
    service = allowed(GOOD)
    origin = "http://127.0.0.1:8000"
    assert all(origin not in site.origins for site in service.sites)
    once = with_demo_origin(service, origin)
    assert all(site.origins[-1] == origin for site in once.sites)
    assert with_demo_origin(once, origin) == once


@pytest.mark.parametrize(
    ("crime", "age", "lot", "hub"),
    [
        ("theft", "", "general", "rugby"),
        ("sexual", "adult", "sexual-violence", "safeline"),
        ("exploitation", "under18", "child-exploitation", "barnardos"),
        ("exploitation", "", "child-exploitation", "barnardos"),
        ("slavery", "adult", "modern-slavery", "wmasn"),
        ("restorative", "adult", "restorative", "rugby"),
    ],
)
def test_a_need_belongs_to_one_contract(crime: str, age: str, lot: str, hub: str) -> None:
    found = lot_on(WARWICKSHIRE, IN_FORCE, crime, age, "rugby")
    assert found is not None
    assert found.key == lot
    assert taking_hub(found, "rugby") == hub


def test_no_contract_leaves_it_to_the_home_hub() -> None:
    assert lot_on(WARWICKSHIRE, IN_FORCE, "exploitation", "adult", "rugby") is None
    assert lot_on(WARWICKSHIRE, date(2028, 4, 1), "sexual", "adult", "rugby") is None
    assert taking_hub(None, "rugby") == "rugby"


def test_a_change_of_provider_takes_new_contacts_on_its_date() -> None:
    old = next(lot for lot in WARWICKSHIRE.lots if lot.key == "modern-slavery")
    new = replace(
        old, key="next", provider="safeline", hubs=("safeline",),
        starts=date(2028, 4, 1), ends=date(2031, 3, 31),
    )  # fmt: skip
    service = replace(WARWICKSHIRE, lots=(*WARWICKSHIRE.lots, new))
    for day, provider in ((date(2028, 3, 31), "wmasn"), (date(2028, 4, 1), "safeline")):
        found = lot_on(service, day, "slavery", "", "rugby")
        assert found is not None
        assert found.provider == provider


def test_an_unknown_age_between_two_contracts_is_left_to_a_person() -> None:
    child = next(lot for lot in WARWICKSHIRE.lots if lot.key == "child-exploitation")
    adult = replace(child, key="adult", ages=(18, 130), hubs=("safeline",))
    service = replace(WARWICKSHIRE, lots=(child, adult))
    assert lot_on(service, IN_FORCE, "exploitation", "", "rugby") is None
    for age, lot in (("under18", child), ("adult", adult)):
        assert lot_on(service, IN_FORCE, "exploitation", age, "rugby") == lot
