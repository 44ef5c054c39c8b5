"""The catalogue is whole: every phrase in every language, its gaps kept, its English short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from app.definition.words import too_long
from app.words.catalogue import SOURCE, choose, gaps, pieces
from app.words.extract import TEMPLATE, extracted, untranslated
from app.words.files import DRAFT, FOLDER, catalogues, open_po, po_files
from app.words.message import counted, phrase

PHRASES: list[Message] = [message for message in extracted() if message.id]
LANGUAGES = [path.stem for path in po_files()]
GUIDE = (FOLDER / "TRANSLATING.md").read_text(encoding="utf-8")
PEOPLE = counted("{n} person is before you", "{n} people are before you")


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def keys(catalog: Catalog) -> list[tuple[str | None, str]]:
    return [(message.context, texts(message.id)[0]) for message in catalog if message.id]


def opened(language: str) -> Catalog:
    return open_po(FOLDER / f"{language}.po")


def test_four_languages_are_spoken() -> None:
    assert list(catalogues()) == [SOURCE, *LANGUAGES]
    assert {"en", "cy", "pl", "ur"} <= set(catalogues())
    assert [each.own_name for each in catalogues().values()][:4] == [
        "English", "Cymraeg", "Polski", "اردو",
    ]  # fmt: skip
    assert catalogues()["ur"].direction == "rtl"


def test_the_template_is_in_step_with_the_code() -> None:
    with TEMPLATE.open("rb") as file:
        written = read_po(file)
    assert keys(written) == keys(extracted()), "run `make words`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_in_step_and_whole(language: str) -> None:
    po = opened(language)
    assert sorted(keys(po), key=str) == sorted(keys(extracted()), key=str), "run `make words`"
    assert untranslated(po) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_gap_is_kept(language: str) -> None:
    for message in opened(language):
        wanted = gaps(texts(message.id)[-1])
        for text in texts(message.string) if message.id else ():
            may_leave_out = {"n"} if len(texts(message.string)) > 1 else set()
            assert gaps(text) <= wanted, text
            assert wanted - gaps(text) <= may_leave_out, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_its_forms(language: str) -> None:
    po = opened(language)
    for message in po:
        if message.pluralizable:
            assert len(texts(message.string)) == po.num_plurals, message.id


@pytest.mark.parametrize("message", PHRASES, ids=lambda message: texts(message.id)[0][:40])
def test_no_english_sentence_is_long(message: Message) -> None:
    for text in texts(message.id):
        assert too_long(re.sub(r"\{\w+\}", "x", text)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_stay_short_too(language: str) -> None:
    """A little room more: other languages need more words for the same."""
    for message in opened(language):
        for text in texts(message.string) if message.id else ():
            for sentence in re.split(r"(?<=[.!?۔؟])\s+", text):
                assert len(sentence.split()) <= 26, sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_shouts_and_quotes_are_real(language: str) -> None:
    for message in opened(language):
        for text in texts(message.string) if message.id else ():
            assert not re.search(r"[!\"']", text), text


def test_a_draft_says_so_in_its_file_and_on_the_screen() -> None:
    for language in LANGUAGES:
        assert catalogues()[language].draft == (DRAFT in opened(language).header_comment)
    assert not catalogues()[SOURCE].draft


@pytest.mark.parametrize(
    ("language", "n", "words"),
    [
        ("en", 1, "{n} person is before you"),
        ("en", 12, "{n} people are before you"),
        ("pl", 1, "Przed Tobą jest {n} osoba"),
        ("pl", 3, "Przed Tobą są {n} osoby"),
        ("pl", 12, "Przed Tobą jest {n} osób"),
        ("pl", 22, "Przed Tobą są {n} osoby"),
        ("pl", 112, "Przed Tobą jest {n} osób"),
        ("pl", 101, "Przed Tobą jest {n} osób"),
        ("cy", 2, "Mae {n} berson o’ch blaen"),
        ("cy", 6, "Mae {n} pherson o’ch blaen"),
        ("cy", 11, "Mae {n} o bobl o’ch blaen"),
        ("ur", 1, "آپ سے پہلے {n} فرد ہے"),
    ],
)
def test_a_number_takes_its_plural(language: str, n: int, words: str) -> None:
    assert catalogues()[language].count(PEOPLE, n) == words


def test_what_is_missing_is_said_in_english() -> None:
    assert catalogues()["cy"].say(phrase("Nobody wrote this yet")) == "Nobody wrote this yet"


@given(st.text("ab{}n ", max_size=30))
def test_a_phrase_cut_at_its_gaps_is_the_same_phrase(text: str) -> None:
    whole = "".join(words + (f"{{{gap}}}" if gap else "") for words, gap in pieces(text))
    assert whole == text


@pytest.mark.parametrize(
    ("asked", "accepts", "language"),
    [
        ("", "", "en"),
        ("ur", "pl", "ur"),
        ("UR-pk", "", "ur"),
        ("xx", "pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("", "fr, ur;q=0.4, pl;q=0.5", "pl"),
        ("", "pl;q=0, ur;q=0.1", "ur"),
        ("", "pl;q=nine, ;;;, *", "en"),
        ("", "de-DE,de;q=0.9", "en"),
        ("../..", "\x00", "en"),
    ],
)
def test_a_page_speaks_what_was_asked_then_what_the_browser_likes(
    asked: str, accepts: str, language: str
) -> None:
    assert choose(["en", "pl", "ur"], asked, accepts) == language


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_page_always_has_a_language(asked: str, accepts: str) -> None:
    assert choose(["cy", "en"], asked, accepts) in ("cy", "en")


def test_the_guide_tells_of_every_language_and_of_the_mark() -> None:
    assert DRAFT in GUIDE
    assert "make words" in GUIDE
    assert Path(FOLDER / "frontdoor.pot").name in GUIDE
