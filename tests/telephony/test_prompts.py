"""The words of the line: short, kind, emergency first, and every one of them spoken somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from telephony import documents, prompts
from telephony.texts import segments
from tests.telephony.story import ENGLISH

SOURCE = Path(prompts.__file__).with_name("en.toml").read_text("utf-8")
ALL = [*ENGLISH.spoken.items(), *ENGLISH.texted.items()]


@pytest.mark.parametrize(("key", "words"), ALL, ids=[key for key, _ in ALL])
def test_no_sentence_is_longer_than_twenty_words(key: str, words: str) -> None:
    for sentence in re.split(r"(?<=[.?!])\s+", words):
        assert len(sentence.split()) <= 20, sentence


def test_the_emergency_words_say_999_first_and_55_only_inside_it() -> None:
    words = ENGLISH.say("emergency")
    assert words.index("999") < words.index("55")
    assert "on a mobile" in words
    assert "999" in ENGLISH.say("emergency_short")
    for text in ENGLISH.texted.values():
        assert text.startswith("Emergency? Call 999.")


def test_automatic_texts_name_no_service_and_are_one_message_of_the_network() -> None:
    for text in ENGLISH.texted.values():
        assert segments(text) == 1
        for word in ("victim", "support", "abuse", "police", "helpline", "Frontdoor"):
            assert word.lower() not in text.lower()
    assert "safe" in ENGLISH.text("first_answer")


def test_the_whisper_does_not_say_who_rings() -> None:
    for key in ("whisper", "not_taken", "already_taken", "caller_left"):
        assert "victim" not in ENGLISH.say(key).lower()


def test_an_english_voice_is_named() -> None:
    assert ENGLISH.language == "en-GB"
    assert ENGLISH.voice.startswith("Polly.")


def test_every_spoken_key_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(documents.__file__).parent.glob("*.py"))
    for key in prompts.SPOKEN:
        assert f'"{key}"' in code, key


def test_a_missing_and_an_odd_prompt_are_named() -> None:
    broken = SOURCE.replace("goodbye =", "good_buy =", 1)
    with pytest.raises(ValueError) as refused:
        prompts.read(broken)
    assert "goodbye" in str(refused.value)
    assert "good_buy" in str(refused.value)
