"""A charity's colour, wherever it starts, ends where everybody can read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definition.colour import contrast
from widgets.visitor.accent import HOUSE, Roles, derive, stylesheet
from widgets.visitor.colour import from_hex, to_hex

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
DAY = ("#ffffff", "#f3f1ec")
NIGHT = ("#11171a", "#0a0d0f")


def reads(roles: Roles, grounds: tuple[str, ...]) -> bool:
    return (
        all(contrast(roles.accent, ground) >= 4.5 for ground in grounds)
        and contrast(roles.ink, roles.accent) >= 4.5
        and contrast(roles.on_soft, roles.soft) >= 7
    )


@given(colours)
def test_any_colour_can_be_read_by_day_and_at_night(colour: str) -> None:
    accent = derive(colour)
    assert reads(accent.light, DAY)
    assert reads(accent.night, NIGHT)


@given(colours)
def test_body_words_stay_readable_on_the_soft_ground(colour: str) -> None:
    accent = derive(colour)
    assert contrast("#1c2326", accent.light.soft) >= 7
    assert contrast("#b9b4a9", accent.night.soft) >= 5.5


@given(colours)
def test_a_colour_survives_the_way_there_and_back(colour: str) -> None:
    assert to_hex(from_hex(colour)) == colour


def test_plum_keeps_its_own_colour_by_day() -> None:
    assert derive("#6d2f55").light.accent == "#6d2f55"


def test_the_night_is_never_glaring() -> None:
    for bright in ("#ffffff", "#ffe000", "#00ffcc"):
        assert contrast(derive(bright).night.accent, "#0a0d0f") < 10


def test_the_house_colour_needs_no_lines_of_its_own() -> None:
    assert stylesheet(HOUSE) == ""
    assert "--accent:#6d2f55" in stylesheet("#6d2f55")


@pytest.mark.parametrize("wrong", ["", "plum", "#fff", "#12345g", "red;}body{display:none"])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="A colour is written like"):
        from_hex(wrong)
