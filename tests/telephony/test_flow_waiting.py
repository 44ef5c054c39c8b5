"""Waiting on the phone: the honest range, choices that keep the place, languages, slow numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from telephony.asks import (
    Ask,
    AskCallBack,
    EndContact,
    MoveCaller,
    RequestSeat,
    RingAdvisor,
    TextMe,
)
from telephony.events import (
    Agreed,
    CallStatus,
    Chosen,
    Digits,
    Look,
    NoDigits,
    Passed,
    QueueLeft,
    WaitTick,
)
from telephony.states import Choice, Ended, Goodbye, Slowed, Waiting
from telephony.verbs import Words
from tests.telephony.story import MENU, NIGHT, WELSH, Story

EMERGENCY = (
    "says: If you are in danger now, hang up and call 999. "
    "If you cannot speak, on a mobile, press 55 when asked."
)
DANGER = "says: If you are in danger now, hang up and call 999."
RELAY = "says: If you are in danger now, end this call and contact 18000 through Relay UK."
FIRST = "says: You are first in the line. Someone will be with you as soon as they can."
STAY = ("says: You keep your place. Stay with us.", "goes to 1/wait")
NOTHING: tuple[Ask, ...] = ()
BOTH = replace(NIGHT, choices=(Choice.CALL_BACK, Choice.TEXT))
BY_WHEN = {
    "any": (True, "13:40"),
    "morning": (False, "12:00"),
    "afternoon": (True, "17:00"),
    "evening": (True, "21:00"),
}


def waiting() -> Story:
    ruth = Story(replace(BOTH, by_when=BY_WHEN))
    ruth.rings()
    return ruth


# The range


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ((4, 11), "says: The wait may be 4 to 11 minutes. We cannot be sure."),
        ((0, 6), "says: The wait may be up to 6 minutes. We cannot be sure."),
        ((6, 6), "says: The wait may be up to 6 minutes. We cannot be sure."),
        ((0, 1), "says: It may be about a minute. We cannot be sure."),
    ],
)
def test_the_honest_range_is_told_once_a_minute(minutes: tuple[int, int], told: str) -> None:
    ruth = Story(replace(NIGHT, position=3, minutes=minutes))
    ruth.rings()
    place = "says: You are number 3 in the line. You keep your place. Stay with us."
    assert ruth.happens(WaitTick(1, 61)) == (DANGER, place, told, "plays hold.wav")
    assert ruth.happens(WaitTick(1, 80)) == (place, "plays hold.wav")


def test_what_nobody_can_know_is_not_told() -> None:
    ruth = Story(replace(NIGHT, position=3, minutes=None))
    ruth.rings()
    assert not any("minute" in line for line in ruth.happens(WaitTick(1, 61)))


def test_the_line_chooses_its_own_hold_sound() -> None:
    ruth = Story(replace(NIGHT, hold_sound="sea.wav"))
    ruth.rings()
    assert ruth.happens(WaitTick(1, 0))[-1] == "plays sea.wav"


# Choices


def test_the_choices_are_read_out_over_the_hold_sound_and_a_key_always_counts() -> None:
    ruth = waiting()
    assert ruth.happens(WaitTick(1, 20)) == (
        "one key within 1 s, to 1/choice",
        f"  {FIRST}",
        "  says: You can stay on the line, and press nothing.",
        "  says: For a call back, press 1.",
        "  says: To go on by text, press 3.",
        "  plays hold.wav",
    )
    assert ruth.happens(WaitTick(1, 40)) == (
        "one key within 1 s, to 1/choice",
        f"  {FIRST}",
        "  plays hold.wav",
    )


def test_a_call_back_is_asked_for_asked_whether_it_is_safe_and_promised() -> None:
    ruth = waiting()
    before = ruth.state
    heard = ruth.happens(Chosen(1, "1"))
    assert heard[0] == "one key within 8 s, to 1/call-back"
    assert heard[1].startswith("  says: Is it safe for us to ring this phone?")
    assert heard[2:] == STAY, "nothing pressed is no yes"
    assert ruth.state == before
    assert ruth.asked == NOTHING
    assert ruth.happens(Agreed(1, Choice.CALL_BACK, "1")) == (
        "says: Thank you. A person will ring this phone today, before 13:40. We leave no message. "
        "You keep your place too. You can stay, or hang up.",
        "goes to 1/wait",
    )
    assert ruth.asked == (AskCallBack("any"),)
    assert isinstance(ruth.state, Waiting), "and the place is kept"
    assert ruth.happens(Agreed(1, Choice.CALL_BACK, "1")) == STAY
    assert ruth.asked == NOTHING, "once"


def test_a_part_of_the_day_may_be_tomorrow() -> None:
    ruth = waiting()
    heard = ruth.happens(Agreed(1, Choice.CALL_BACK, "2"))
    assert heard[0].startswith(
        "says: Thank you. A person will ring this phone tomorrow, before 12:00."
    )
    assert ruth.asked == (AskCallBack("morning"),)


@pytest.mark.parametrize("digits", ["", "5", "9", "*", "55"])
def test_only_a_key_that_says_yes_is_a_yes(digits: str) -> None:
    for choice in Choice:
        ruth = waiting()
        assert ruth.happens(Agreed(1, choice, digits)) == STAY
        assert ruth.asked == NOTHING


def test_a_text_is_asked_for_and_the_place_kept_too() -> None:
    ruth = waiting()
    heard = ruth.happens(Chosen(1, "3"))
    assert heard[1].startswith("  says: Is it safe for us to text this phone?")
    assert ruth.happens(Agreed(1, Choice.TEXT, "1"))[0].startswith("says: Thank you. We are send")
    assert ruth.asked == (TextMe(),)
    assert ruth.happens(WaitTick(1, 20))[2:4] == (
        "  says: You can stay on the line, and press nothing.",
        "  says: For a call back, press 1.",
    ), "what was asked for is not offered again"


def test_who_withholds_their_number_is_offered_nothing_and_waits_as_well() -> None:
    ruth = Story(NIGHT)
    ruth.rings()
    assert ruth.happens(WaitTick(1, 20)) == (FIRST, "plays hold.wav")
    for digits in ("1", "3"):
        assert ruth.happens(Chosen(1, digits)) == STAY
    assert ruth.happens(Agreed(1, Choice.TEXT, "1"))[0].startswith("says: We are sorry.")
    assert ruth.happens(Agreed(1, Choice.CALL_BACK, "1"))[0].startswith("says: We are sorry.")
    assert ruth.asked == NOTHING


def test_55_pressed_at_us_says_the_emergency_words_again_and_keeps_the_place() -> None:
    ruth = waiting()
    assert ruth.happens(Chosen(1, "5")) == (EMERGENCY, *STAY)
    ruth = Story(MENU)
    ruth.rings()
    assert ruth.happens(Digits(1, "5"))[0] == EMERGENCY
    assert ruth.asked == (RequestSeat("central"),), "and a human follows"


def test_a_choice_that_comes_late_finds_the_advisor_coming() -> None:
    ruth = waiting()
    assert ruth.taken_by("maya", 1) == (RingAdvisor(1, "maya"),)
    for event in (Chosen(1, "1"), Agreed(1, Choice.CALL_BACK, "1"), Agreed(1, Choice.TEXT, "1")):
        assert "says: An advisor has taken your call. We are connecting them now." in (
            ruth.happens(event)
        )
        assert ruth.asked == NOTHING


def test_a_choice_at_the_end_of_the_ladder_leaves_for_the_fallback_numbers() -> None:
    ruth = waiting()
    ruth.facts = replace(ruth.facts, overflow=True)
    ruth.happens(WaitTick(1, 120))
    assert ruth.happens(Chosen(1, "1")) == ("leaves",)
    assert ruth.happens(QueueLeft(1, "leave"))[-1].startswith("rings +441632960201")


# Languages, relay


def test_a_key_of_the_menu_chooses_the_language_and_the_words_are_said_in_it() -> None:
    menu = replace(
        MENU,
        menu=(*MENU.menu, Words("I siarad Cymraeg, pwyswch 7.", "cy")),
        tongues={"7": "cy"},
    )
    carys = Story(menu)
    assert carys.rings()[3:5] == (
        "  says: For Carlisle, press 1. For Kendal, press 2.",
        "  says in cy-GB: I siarad Cymraeg, pwyswch 7.",
    )
    carys.language = "cy"
    heard = carys.happens(Digits(1, "7"))
    assert heard[0] == f"says in cy-GB: {WELSH.say('emergency')}", "heard in English alone so far"
    assert carys.asked == (RequestSeat("central", "cy"),)


def test_no_key_keeps_the_usual_language() -> None:
    carys = Story(replace(MENU, tongues={"7": "cy"}))
    carys.rings()
    carys.happens(NoDigits(1))
    assert carys.asked == (RequestSeat("central"),)


def test_a_relay_call_skips_the_menu_and_hears_18000() -> None:
    dev = Story(replace(MENU, relay=True))
    assert dev.rings() == (
        RELAY,
        "says: You have reached the supportline. You are not alone.",
        "queues in waiting, hearing 1/wait, then 1/left",
    )
    assert dev.asked == (RequestSeat("central"),)
    assert dev.happens(WaitTick(1, 61))[0] == RELAY


# Numbers that ring very often, and words that end a call


def test_a_number_that_was_slowed_down_hears_999_and_reaches_a_person() -> None:
    for way in ("by a key", "by waiting"):
        kim = Story(replace(NIGHT, slowed=True))
        assert kim.rings() == (
            EMERGENCY,
            "one key within 5 s, to 1/passed",
            "  says: We have had many calls from this phone. To speak to a person now, press 1. "
            "Or stay on the line.",
            "  plays hold.wav",
            "  plays hold.wav",
            "goes to 1/passed",
        )
        assert kim.asked == NOTHING
        assert kim.happens(Passed(1))[-1].startswith("queues in waiting"), way
        assert kim.asked == (RequestSeat("central"),)
        assert kim.happens(Passed(1))[-1].startswith("queues in waiting"), "twice is once"
        assert kim.asked == NOTHING


def test_a_decision_that_ends_meanwhile_changes_nothing_for_who_was_let_in() -> None:
    kim = Story(replace(NIGHT, slowed=True))
    kim.rings()
    kim.facts = replace(kim.facts, slowed=False)
    assert kim.state == Slowed(1)
    kim.happens(Passed(1))
    assert isinstance(kim.state, Waiting)


def test_hanging_up_while_slowed_down_is_in_the_record() -> None:
    kim = Story(replace(NIGHT, slowed=True))
    kim.rings()
    kim.happens(CallStatus("completed"))
    assert kim.state == Ended(1, "hung_up_waiting")
    assert kim.asked == (EndContact("hung_up_waiting"),)


def test_an_abusive_call_ends_with_set_words_and_the_door_stays_open() -> None:
    kim = Story(NIGHT)
    kim.rings()
    kim.facts = replace(kim.facts, finished=True, abusive=True)
    kim.happens(Look())
    assert kim.asked == (MoveCaller("again", 2),)
    assert isinstance(kim.state, Goodbye)
    assert kim.happens(QueueLeft(1, "leave")) == (
        DANGER,
        "says: We are ending this call because of the words used. "
        "You can ring us again when you need help. Goodbye.",
        "hangs up",
    )
