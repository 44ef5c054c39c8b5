"""Everything of ours is gone, and a caller still reaches a person: played by the exchange."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.__main__ import spoken as spoken_words
from app.definition import files
from telephony import static_documents
from telephony.rehearsal.twiml import Document, parse
from telephony.rehearsal.values import Reply
from tests.telephony.rehearsal.stage import ANNA, BASE, Answer, Stage

WORDS = spoken_words()
SERVICES = list(files.load_examples().values())
HOST = f"{BASE}/elsewhere"
MADE = static_documents.documents(SERVICES, WORDS, "en", HOST)
CUMBRIA = next(each for each in SERVICES if each.key == "cumbria")
LINE = next(each for each in CUMBRIA.lines if "voice" in each.channels)
FIRST, SECOND = LINE.fallback[:2]


def spoken(key: str) -> str:
    return WORDS["en"].say(key)


def reaches(stage: Stage, phone: str) -> None:
    """Until this phone rings."""
    while stage.idle(phone):
        assert stage.alarms, "it never rings"
        stage.wait(1)


@pytest.fixture
def stage() -> Stage:
    """Our own address answers 500, as a broken house does; the carrier knows the other host."""
    files_there: dict[str, Answer] = {
        f"/elsewhere/{each.path}": Reply(200, "application/xml", each.text.encode())
        for each in MADE
    }
    stage = Stage(files_there | {"/voice": Reply(500)})
    line = next(iter(stage.exchange.board.lines.values()))
    stage.exchange.board.lines[line.number] = type(line)(
        line.number, line.label, line.voice_url, None, f"{HOST}/cumbria/{LINE.key}.xml"
    )
    return stage


def test_the_emergency_words_come_first_and_a_person_who_presses_a_key_talks(
    stage: Stage,
) -> None:
    stage.ring()
    assert stage.heard()[0] == spoken("emergency")
    reaches(stage, FIRST)
    stage.answer(FIRST)
    assert spoken("whisper") in stage.heard(FIRST)
    assert stage.exchange.board.on_call(FIRST) is not None
    stage.press("1", FIRST)
    assert stage.exchange._is_advisor(stage.call(FIRST)), "they talk"


def test_a_machine_that_answers_has_not_taken_the_call(stage: Stage) -> None:
    stage.ring()
    reaches(stage, FIRST)
    stage.answer(FIRST)
    stage.wait(20)
    assert spoken("not_taken") in stage.heard(FIRST)
    assert stage.idle(FIRST)
    reaches(stage, SECOND)
    assert spoken("spoken_or_not") in stage.heard()
    stage.answer(SECOND)
    stage.press("1", SECOND)
    assert stage.exchange._is_advisor(stage.call(SECOND))


def test_with_nobody_there_it_goes_round_and_never_hangs_up(stage: Stage) -> None:
    stage.ring()
    stage.wait(600)
    assert not stage.idle(ANNA)
    assert stage.heard().count(spoken("emergency")) >= 3
    assert stage.heard().count(spoken("emergency")) <= 12, "and it never races"


def test_every_document_is_one_that_the_carrier_reads_whole() -> None:
    voices = sum("voice" in line.channels for each in SERVICES for line in each.lines)
    assert len(MADE) == 3 * voices
    assert len({each.path for each in MADE}) == len(MADE)
    for each in MADE:
        read = parse(each.text.encode())
        assert isinstance(read, Document), each.path
        assert read.faults == (), each.path
        assert "Record" not in each.text
        assert not re.search(r'method="POST"', each.text), "plain files answer nothing but GET"


def test_every_line_is_told_with_its_own_address() -> None:
    told = dict(static_documents.addresses(MADE, HOST))
    assert told[LINE.number] == f"{HOST}/cumbria/{LINE.key}.xml"
    lines = [line for each in SERVICES for line in each.lines if "voice" in line.channels]
    assert set(told) == {line.number for line in lines}


def test_a_line_is_spoken_in_its_own_language_where_there_is_one() -> None:
    other = replace(WORDS["en"], language="cy-GB")
    welsh = replace(CUMBRIA, languages=("cy", *CUMBRIA.languages))
    words = {"en": WORDS["en"], "cy": other}
    made = static_documents.documents([welsh], words, "en", HOST)
    assert 'language="cy-GB"' in made[0].text
