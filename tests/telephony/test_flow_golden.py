"""Every path of a call as the carrier reads it: its documents, kept word for word in golden/.

Each is valid for the carrier: a verb, attribute or nesting it would ignore is a failure, checked
while the story is told. After a change that is meant, write them anew and read the difference:
`GOLDEN=write python -m pytest tests/telephony/test_flow_golden.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from telephony import apology
from telephony.events import (
    AdvisorAnswered,
    AdvisorPressed,
    AdvisorSent,
    AdvisorStatus,
    Agreed,
    Chosen,
    Digits,
    HoldTick,
    Look,
    Moved,
    NoDigits,
    NumberAnswered,
    NumberDialEnded,
    NumberPressed,
    Passed,
    QueueLeft,
    Returned,
    RoomDialEnded,
    WaitTick,
)
from telephony.states import Choice, Facts
from telephony.verbs import Verb, Words
from tests.telephony.story import CALL, FALLBACK, LINE, MENU, NIGHT, SPEAKER, Story, lines

GOLDEN = Path(__file__).with_name("golden")
WAITS = replace(
    NIGHT,
    choices=(Choice.CALL_BACK, Choice.TEXT),
    by_when={"any": (True, "13:40"), "morning": (False, "12:00")},
    minutes=(4, 11),
    position=3,
)
WELSH = replace(
    MENU, menu=(*MENU.menu, Words("I siarad Cymraeg, pwyswch 7.", "cy")), tongues={"7": "cy"}
)


def rung(facts: Facts = NIGHT) -> Story:
    ruth = Story(facts)
    ruth.rings()
    return ruth


def straight_into_the_line() -> Story:
    ruth = rung()
    ruth.happens(WaitTick(1, 0))
    ruth.happens(WaitTick(1, 61))
    return ruth


def a_menu_and_a_key() -> Story:
    ruth = rung(MENU)
    ruth.happens(Digits(1, "2"))
    return ruth


def a_menu_and_no_key() -> Story:
    ruth = rung(MENU)
    ruth.happens(NoDigits(1))
    return ruth


def a_menu_and_55() -> Story:
    ruth = rung(MENU)
    ruth.happens(Digits(1, "5"))
    return ruth


def a_menu_and_welsh() -> Story:
    carys = rung(WELSH)
    carys.language = "cy"
    carys.happens(Digits(1, "7"))
    carys.happens(WaitTick(2, 61))
    return carys


def through_the_relay() -> Story:
    dev = rung(replace(MENU, relay=True))
    dev.happens(WaitTick(1, 61))
    return dev


def a_number_that_was_slowed_down() -> Story:
    kim = rung(replace(NIGHT, slowed=True))
    kim.happens(Passed(1))
    return kim


def the_range_and_the_choices() -> Story:
    ruth = rung(WAITS)
    ruth.happens(WaitTick(1, 20))
    ruth.happens(WaitTick(1, 61))
    ruth.happens(Chosen(1, "9"))
    ruth.happens(Chosen(1, "5"))
    return ruth


def a_call_back_asked_for() -> Story:
    ruth = rung(WAITS)
    ruth.happens(Chosen(1, "1"))
    ruth.happens(Agreed(1, Choice.CALL_BACK, "1"))
    return ruth


def a_call_back_tomorrow() -> Story:
    ruth = rung(WAITS)
    ruth.happens(Agreed(1, Choice.CALL_BACK, "2"))
    return ruth


def a_call_back_that_cannot_be() -> Story:
    ruth = rung(replace(WAITS, choices=()))
    ruth.happens(Agreed(1, Choice.CALL_BACK, "1"))
    return ruth


def a_text_asked_for() -> Story:
    ruth = rung(WAITS)
    ruth.happens(Chosen(1, "3"))
    ruth.happens(Agreed(1, Choice.TEXT, "1"))
    return ruth


def an_advisor_who_accepts() -> Story:
    ruth = rung()
    ruth.taken_by("maya", 1)
    ruth.happens(WaitTick(1, 20))
    ruth.happens(AdvisorAnswered(1))
    ruth.happens(AdvisorPressed(1, "1"))
    ruth.happens(Moved(2))
    return ruth


def an_advisor_who_drops_out() -> Story:
    ruth = an_advisor_who_accepts()
    ruth.happens(RoomDialEnded(2, up=True))
    return ruth


def an_advisor_whose_phone_is_not_taken() -> Story:
    ruth = rung()
    ruth.taken_by("maya", 1)
    ruth.happens(AdvisorPressed(1, "5"))
    ruth.happens(AdvisorPressed(1, "5", tries=2))
    ruth.happens(AdvisorStatus(1, "no-answer"))
    ruth.happens(AdvisorAnswered(1))
    return ruth


def a_caller_who_leaves_first() -> Story:
    ruth = rung()
    ruth.taken_by("maya", 1)
    ruth.happens(QueueLeft(1, "hangup"))
    ruth.happens(AdvisorSent(1))
    return ruth


def the_carriers_queue_is_full() -> Story:
    ruth = rung()
    ruth.happens(QueueLeft(1, "queue-full"))
    ruth.happens(HoldTick(1))
    return ruth


def every_fallback_number_in_vain() -> Story:
    ruth = rung()
    ruth.facts = replace(ruth.facts, overflow=True)
    ruth.happens(WaitTick(1, 20))
    ruth.happens(QueueLeft(1, "leave"))
    ruth.happens(NumberAnswered(2))
    ruth.happens(NumberPressed(2, ""))
    ruth.happens(NumberDialEnded(2, bridged=False, up=True))
    ruth.happens(NumberDialEnded(3, bridged=False, up=True))
    return ruth


def a_person_at_a_fallback_number() -> Story:
    ruth = rung()
    ruth.facts = replace(ruth.facts, overflow=True)
    ruth.happens(WaitTick(1, 20))
    ruth.happens(QueueLeft(1, "leave"))
    ruth.happens(NumberPressed(2, "1"))
    ruth.happens(NumberDialEnded(2, bridged=True, up=True))
    return ruth


def the_advisor_ends_it() -> Story:
    ruth = an_advisor_who_accepts()
    ruth.facts = replace(ruth.facts, finished=True, assignment=None)
    ruth.happens(Look())
    ruth.happens(Returned(3))
    return ruth


def an_abusive_call_ended() -> Story:
    kim = an_advisor_who_accepts()
    kim.facts = replace(kim.facts, finished=True, abusive=True, assignment=None)
    kim.happens(Look())
    kim.happens(Returned(3))
    return kim


def after_the_apology() -> Story:
    ruth = rung()
    for verbs in (
        *(apology.ring(1, tries, FALLBACK, LINE) for tries in range(3)),
        apology.whisper(1),
        apology.pressed("2"),
        apology.hold(),
        apology.over(),
    ):
        said(ruth, verbs)
    ruth.happens(Returned(1))
    return ruth


def said(story: Story, verbs: tuple[Verb, ...]) -> None:
    lines(verbs)
    story.documents.append(SPEAKER.document(CALL, verbs))


PATHS: tuple[Callable[[], Story], ...] = (
    straight_into_the_line,
    a_menu_and_a_key,
    a_menu_and_no_key,
    a_menu_and_55,
    a_menu_and_welsh,
    through_the_relay,
    a_number_that_was_slowed_down,
    the_range_and_the_choices,
    a_call_back_asked_for,
    a_call_back_tomorrow,
    a_call_back_that_cannot_be,
    a_text_asked_for,
    an_advisor_who_accepts,
    an_advisor_who_drops_out,
    an_advisor_whose_phone_is_not_taken,
    a_caller_who_leaves_first,
    the_carriers_queue_is_full,
    every_fallback_number_in_vain,
    a_person_at_a_fallback_number,
    the_advisor_ends_it,
    an_abusive_call_ended,
    after_the_apology,
)


def told(story: Story) -> str:
    """The documents in their order, set out so that a person can read a difference."""
    said = []
    for number, document in enumerate(story.documents, 1):
        root = ElementTree.fromstring(document)
        ElementTree.indent(root)
        said.append(f"<!-- {number} -->\n{ElementTree.tostring(root, encoding='unicode')}\n")
    return "\n".join(said)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_the_documents_of_a_path_are_these(path: Callable[[], Story]) -> None:
    documents = told(path())
    golden = GOLDEN / f"{path.__name__}.xml"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(documents, "utf-8")
    assert documents == golden.read_text("utf-8")


def test_every_golden_file_is_of_a_path() -> None:
    assert {path.stem for path in GOLDEN.glob("*.xml")} == {path.__name__ for path in PATHS}
