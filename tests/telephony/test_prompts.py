"""The words of the line: short, kind, emergency first, and every one of them spoken somewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.definition.language import SPOKEN
from telephony import documents, prompts
from telephony.texts import segments
from telephony.twiml import Speaker
from telephony.verbs import Say
from tests.telephony.story import ENGLISH, WELSH, WORDS

SOURCE = Path(prompts.__file__).with_name("en.toml").read_text("utf-8")
ALL = [
    (code, key, words)
    for code, each in WORDS.items()
    for key, words in (*each.spoken.items(), *each.texted.items())
]


@pytest.mark.parametrize(("code", "key", "words"), ALL, ids=[f"{a}-{b}" for a, b, _ in ALL])
def test_no_sentence_is_longer_than_twenty_words(code: str, key: str, words: str) -> None:
    for sentence in re.split(r"(?<=[.?!])\s+", words):
        assert len(sentence.split()) <= 20, sentence


def test_every_language_a_definition_may_name_has_its_file() -> None:
    assert set(WORDS) == set(SPOKEN)


@pytest.mark.parametrize(
    ("code", "mobile", "relay"),
    [("en", "on a mobile", "Relay UK"), ("cy", "ar ffôn symudol", "Relay UK")],
)
def test_the_emergency_words_say_999_first_and_55_only_inside_it(
    code: str, mobile: str, relay: str
) -> None:
    prompts_ = WORDS[code]
    words = prompts_.say("emergency")
    assert words.index("999") < words.index("55")
    assert mobile in words
    assert "999" in prompts_.say("emergency_short")
    assert "18000" in prompts_.say("emergency_relay")
    assert relay in prompts_.say("emergency_relay")
    for text in prompts_.texted.values():
        assert text.startswith("Emergency? Call 999.")


def test_55_is_said_nowhere_but_inside_the_999_words() -> None:
    for code, key, words in ALL:
        if key != "emergency":
            assert "55" not in words, f"{code} {key}"
            assert not re.search(r"\b(press|pwyswch) 5\b", words), f"{code} {key}"


@pytest.mark.parametrize("texted", [each.texted for each in WORDS.values()], ids=list(WORDS))
def test_automatic_texts_name_no_service_and_are_one_message_of_the_network(
    texted: Mapping[str, str],
) -> None:
    for text in texted.values():
        assert segments(text) == 1
        for word in ("victim", "support", "abuse", "police", "helpline", "Frontdoor"):
            assert word.lower() not in text.lower()
    assert "safe" in ENGLISH.text("first_answer")


def test_the_whisper_does_not_say_who_rings() -> None:
    for key in ("whisper", "not_taken", "already_taken", "caller_left"):
        assert "victim" not in ENGLISH.say(key).lower()


def test_a_voice_is_named_for_each_language_and_what_nobody_checked_says_so() -> None:
    assert (ENGLISH.language, ENGLISH.voice) == ("en-GB", "Polly.Amy-Neural")
    assert (WELSH.language, WELSH.voice) == ("cy-GB", "Polly.Gwyneth")
    assert ENGLISH.checked_by
    assert WELSH.checked_by == "", "a draft until a Welsh speaker has read it"


def test_a_recording_is_played_in_place_of_the_voice() -> None:
    ours = prompts.read(SOURCE + '\n[recorded]\nwelcome = "hold.wav"\n')
    document = Speaker(ours, "https://front.example").document("CA1", (Say("welcome"),))
    assert "<Play>https://front.example/telephony/sounds/hold.wav</Play>" in document
    assert "<Say" not in document


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[recorded]\nplace = "hold.wav"', "cannot be recorded"),
        ('[recorded]\nwelcom = "hold.wav"', "welcom"),
    ],
)
def test_a_recording_of_what_is_filled_in_or_not_known_is_refused(more: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        prompts.read(f"{SOURCE}\n{more}\n")


def test_a_name_that_nothing_fills_in_is_refused() -> None:
    with pytest.raises(ValueError, match="the prompt place fills in"):
        prompts.read(SOURCE.replace("{position}", "{place}", 1))
    with pytest.raises(ValueError, match="the prompt goodbye fills in"):
        prompts.read(SOURCE.replace('goodbye = "', 'goodbye = "{name} ', 1))


def test_every_spoken_key_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(documents.__file__).parent.glob("*.py"))
    for key in prompts.SPOKEN:
        assert f'"{key}"' in code or f"'{key}'" in code, key


def test_a_missing_and_an_odd_prompt_are_named() -> None:
    broken = SOURCE.replace("goodbye =", "good_buy =", 1)
    with pytest.raises(ValueError) as refused:
        prompts.read(broken)
    assert "goodbye" in str(refused.value)
    assert "good_buy" in str(refused.value)
