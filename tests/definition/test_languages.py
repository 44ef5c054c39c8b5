"""A definition may say its own words in each of its languages, and never mixes two."""

from __future__ import annotations

import pytest

from app.definition.difference import difference
from tests.definition.stories import GOOD, allowed, changed, only_problem

TWO = ('force = "Cumbria Constabulary"', 'force = "Cumbria Constabulary"\nlanguages = ["en", "cy"]')
SAID = 'greeting = "Hello. A person will be with you."'
ASKED = 'asks = "Something sexual"'
WELSH = changed(
    TWO,
    (SAID, f'{SAID}\nwelcome = "Come in."\n[words.cy]\ngreeting = "Helo."'),
    (ASKED, f'{ASKED}\nasks_in = {{ cy = "Rhywbeth rhywiol" }}'),
)


def test_words_are_said_in_the_language_or_not_at_all() -> None:
    service = allowed(WELSH)
    assert service.say("greeting", "en") == "Hello. A person will be with you."
    assert service.say("greeting", "cy") == "Helo."
    assert service.say("welcome", "en") == "Come in."
    assert service.say("welcome", "cy") == ""
    assert service.say("greeting", "pl") == ""
    assert service.crimes[0].asks_in == {"cy": "Rhywbeth rhywiol"}


def test_what_changes_is_told_by_language() -> None:
    assert difference(allowed(changed(TWO)), allowed(WELSH)).lines == (
        'crime sexual: asks_in: cy was nothing, now "Rhywbeth rhywiol"',
        'words: welcome was nothing, now "Come in."',
        "words.cy: greeting was nothing, now Helo.",
    )


@pytest.mark.parametrize(
    ("swaps", "at", "what"),
    [
        ([TWO, (SAID, f'{SAID}\n[words.pl]\ngreeting = "A"')], "words.pl", '"pl" is not one of'),
        ([TWO, (SAID, f'{SAID}\n[words.en]\ngreeting = "A"')], "words.en", "usual language"),
        ([TWO, (SAID, f'{SAID}\n[words.cy]\ngreting = "A"')], "greting", "is not known here"),
        ([TWO, (SAID, f'{SAID}\n[words.xx]\ngreeting = "A"')], "words.xx", "is not known here"),
        ([TWO, (SAID, f'{SAID}\n[words.cy]\ngreeting = "{"a " * 21}"')], "a a a", "more than 20"),
        ([(ASKED, f'{ASKED}\nasks_in = {{ pl = "Coś" }}')], "asks_in", '"pl" is not one of'),
    ],
)  # fmt: skip
def test_words_in_a_wrong_place_are_refused(
    swaps: list[tuple[str, str]], at: str, what: str
) -> None:
    assert what in only_problem(*swaps, at=at).what


def test_a_video_relay_is_a_whole_https_address() -> None:
    assert allowed(GOOD).video_relay == ""
    name = 'name = "Eden Supportline"'
    right = changed((name, f'{name}\nvideo_relay = "https://relay.example/eden"'))
    assert allowed(right).video_relay == "https://relay.example/eden"
    for wrong in ("http://relay.example", "relay.example", "javascript:alert(1)"):
        only_problem((name, f'{name}\nvideo_relay = "{wrong}"'), at="video_relay")
