"""Before a definition is applied, a person reads what it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.definition.difference import difference
from app.definition.files import load_examples
from app.definition.model import Service
from tests.definition.stories import GOOD, allowed, changed

OLD = allowed(GOOD)


def test_a_new_service_is_one_line() -> None:
    assert difference(None, OLD).lines == (
        "service eden: added, with 3 hubs, 2 lines, 1 site",
    )  # fmt: skip


def test_the_same_service_changes_nothing() -> None:
    same = difference(OLD, allowed(GOOD))
    assert same.nothing
    assert str(same) == "service eden: nothing changes"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (', "+441632960202"]', ', "+441632960202", "+441632960207"]',
         "line supportline: fallback added +441632960207"),
        ('areas = ["CA10-CA12", "CA16"]', 'areas = ["CA10-CA12"]',
         "hub penrith: areas removed CA16"),
        ('["CA10-CA12", "CA16"]', '["CA16", "CA10-CA12"]',
         "hub penrith: areas now in the order CA16, CA10-CA12"),
        ("offer = 20", "offer = 30", "timings: offer was 20, now 30"),
        ("[timings]", "[routing]\ndanger = 900\n\n[timings]",
         "routing: danger was 600, now 900"),
        ("[timings]", '[routing]\nvolunteers_never = ["sexual"]\n\n[timings]',
         "routing: volunteers_never added sexual"),
        ('hours = "08:00-20:00"\n', "", "hub kendal: hours was 08:00-20:00, now nothing"),
        ("ages = [0, 17]", "ages = [0, 18]", "lot sexual: ages was 0 to 17, now 0 to 18"),
        ('name = "Eden Supportline"', 'name = "Eden Line"',
         'service eden: name was "Eden Supportline", now "Eden Line"'),
        ("seconds = 90", "seconds = 60",
         "ladder: was home 60 s, central 90 s, numbers; now home 60 s, central 60 s, numbers"),
        ('greeting = "Hello. A person will be with you."', 'promise = "We write back."',
         'words: greeting was "Hello. A person will be with you.", now nothing'),
    ],
)  # fmt: skip
def test_a_change_is_said_in_one_line(old: str, new: str, said: str) -> None:
    assert said in difference(OLD, allowed(changed((old, new)))).lines


def test_what_comes_and_goes_is_named() -> None:
    hub = replace(OLD.hubs[0], key="alston")
    lines = difference(OLD, replace(OLD, hubs=(hub, *OLD.hubs[1:]))).lines
    assert lines == ("hub alston: added", "hub penrith: removed")
    assert difference(OLD, replace(OLD, hubs=OLD.hubs[::-1])).lines == (
        "hubs: now in the order central, kendal, penrith",
    )


EVERY = [OLD, *load_examples().values()]


@pytest.mark.parametrize("one", EVERY, ids=lambda service: service.key)
@pytest.mark.parametrize("other", EVERY, ids=lambda service: service.key)
def test_there_is_a_difference_exactly_when_they_differ(one: Service, other: Service) -> None:
    assert difference(one, other).nothing == (one == other)
