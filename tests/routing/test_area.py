"""The hub somebody belongs to, from a code, a town, or nothing at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.definition.files import load_examples
from app.definition.model import Service
from routing.area import Found, hub_for, line_hub

SERVICES = load_examples()
CUMBRIA = SERVICES["cumbria"]
LANCASHIRE = SERVICES["lancashire"]


@pytest.mark.parametrize(
    "said",
    ["CA11", "ca11", " Ca11 ", "ca11 7xx", "CA11 7XX", "CA117XX", "ca11 7", "CA1l", "CA11, thanks"],
)
def test_a_code_however_it_is_typed_finds_penrith(said: str) -> None:
    found = hub_for(CUMBRIA, said)
    assert (found.hub, found.how, found.ask_town) == ("penrith", "range", False)


def test_an_exact_code_beats_a_range_and_a_range_beats_an_area() -> None:
    preston = LANCASHIRE.hub("preston")
    assert {"PR1-PR7", "PR3"} <= {*preston.areas}
    assert hub_for(LANCASHIRE, "PR2").how == "range"
    assert hub_for(LANCASHIRE, "PR3", "Garstang").hub == "fylde"
    assert hub_for(LANCASHIRE, "BB11") == Found("east", "area", district="Burnley")
    assert hub_for(LANCASHIRE, "OL13").how == "exact"


def test_a_shared_code_asks_the_town_and_is_never_guessed() -> None:
    shared = [hub.key for hub in CUMBRIA.hubs if "CA7" in hub.areas]
    assert shared == ["carlisle", "workington"]
    assert hub_for(CUMBRIA, "CA7 9AA") == Found("central", "exact", ask_town=True)
    assert hub_for(CUMBRIA, "CA7", "wigton").hub == "carlisle"
    assert hub_for(CUMBRIA, "CA7", "Silloth").hub == "workington"
    assert hub_for(CUMBRIA, "CA7 Silloth").how == "town"


def test_a_town_that_does_not_settle_a_shared_code_goes_to_the_central_hub() -> None:
    assert hub_for(CUMBRIA, "CA7", "Penrith") == Found("central", "unknown")
    assert hub_for(CUMBRIA, "CA7", "a farm") == Found("central", "unknown")


@pytest.mark.parametrize(
    ("said", "hub"),
    [
        ("Barrow-in-Furness", "barrow"),
        ("barrow in furness", "barrow"),
        ("BARROW", "barrow"),
        ("near Kirkby Lonsdale", "kendal"),
        ("Appleby in Westmorland, Cumbria", "penrith"),
        ("dalton in furness", "barrow"),
        ("Dalston", "carlisle"),
    ],
)
def test_a_town_is_known_as_it_is_said(said: str, hub: str) -> None:
    found = hub_for(CUMBRIA, said)
    assert (found.hub, found.how) == (hub, "town")


@pytest.mark.parametrize("said", ["", "   ", "-", ".", "🏠"])
def test_saying_nothing_is_an_answer_and_leads_to_the_central_hub(said: str) -> None:
    assert hub_for(CUMBRIA, said) == Found("central", "not said")


@pytest.mark.parametrize("said", ["EH1", "QQ9", "Paris", "CA99", "999", "12", "ca", "Poole"])
def test_what_cannot_be_placed_leads_to_the_central_hub(said: str) -> None:
    assert hub_for(CUMBRIA, said) == Found("central", "unknown")


def test_the_district_is_kept_where_the_code_tells_it() -> None:
    assert hub_for(CUMBRIA, "LA18").district == "Cumberland"
    assert hub_for(CUMBRIA, "LA13").district == "Westmorland and Furness"
    assert hub_for(CUMBRIA, "Barrow").district == ""
    assert hub_for(CUMBRIA, "Penrith").district == "Westmorland and Furness"


def test_a_menu_key_leads_to_its_hub() -> None:
    assert line_hub(CUMBRIA, "kendal") == Found("kendal", "line")
    assert line_hub(CUMBRIA, "") == Found("central", "not said")
    assert line_hub(CUMBRIA, "gone") == Found("central", "unknown")


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_town_of_every_example_leads_home(service: Service) -> None:
    for hub in service.hubs:
        for town in hub.towns:
            assert hub_for(service, town).hub == hub.key


@settings(deadline=None)
@given(said=st.text(max_size=60), town=st.text(max_size=20))
def test_whatever_is_typed_ends_at_a_hub_and_nothing_of_it_is_kept(said: str, town: str) -> None:
    found = hub_for(CUMBRIA, said, town)
    assert CUMBRIA.hub(found.hub)
    assert found.district in {"", "Cumberland", "Westmorland and Furness"}
    assert found.hub == "central" or not found.ask_town
