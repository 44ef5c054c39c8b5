"""Leaving a message: two questions first, the place kept, silence is no message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from telephony.asks import EndContact, KeepMessage, MoveCaller, RingAdvisor
from telephony.events import (
    CallStatus,
    Chosen,
    MessageEnded,
    MessageKey,
    MessageReady,
    QueueLeft,
    WaitTick,
)
from telephony.states import Choice, Ended, Goodbye, Part, Ringing, Voicemail, Waiting
from tests.telephony.story import NIGHT, Story

OFFERED = replace(NIGHT, choices=(Choice.CALL_BACK, Choice.VOICEMAIL))
DANGER = "says: If you are in danger now, hang up and call 999."
SAFE = (
    "  says: Is it safe to leave a message now, where you are? "
    "For yes, press 1. For no, press nothing."
)
CALL = "  says: Is it safe for us to ring this phone? For yes, press 1. For no, press nothing."
SPEAK = (
    "says: We record only this message, and a person here will hear it. Speak after the tone. "
    "Then press the hash key, or hang up."
)
READY = MessageReady(4, "RE1", 12, call_safe=True)


def asked() -> Story:
    """Ruth waits, and presses 2."""
    story = Story(OFFERED)
    story.rings()
    assert "says: To leave a message, press 2." in "".join(story.happens(WaitTick(1, 20)))
    assert story.happens(Chosen(1, "2")) == ("leaves",)
    assert story.happens(QueueLeft(1, "leave")) == (
        DANGER, "one key within 8 s, to 2/message", SAFE, "goes to 2/message",
    )  # fmt: skip
    return story


def speaking(*, call_safe: bool = True) -> Story:
    story = asked()
    assert story.happens(MessageKey(2, "1")) == (
        "one key within 8 s, to 3/message", CALL, "goes to 3/message",
    )  # fmt: skip
    story.happens(MessageKey(3, "1" if call_safe else ""))
    return story


def test_it_is_asked_first_whether_a_message_and_a_call_are_safe() -> None:
    story = speaking()
    assert story.heard == (
        SPEAK, "records at most 180 s for 4/recording-call, then 4/recorded", "goes to 4/recorded",
    )  # fmt: skip
    assert story.state == Voicemail(4, Part.RECORD, call_safe=True)


def test_no_key_is_no_and_nobody_is_asked_to_call_them() -> None:
    story = speaking(call_safe=False)
    assert "records at most 180 s for 4/recording, then 4/recorded" in story.heard


@pytest.mark.parametrize("digits", ["", "2", "#"])
def test_where_a_message_is_not_safe_they_are_back_in_the_line(digits: str) -> None:
    story = asked()
    assert story.happens(MessageKey(2, digits)) == (
        DANGER, "says: You keep your place. Stay with us.",
        "queues in waiting, hearing 3/wait, then 3/left",
    )  # fmt: skip
    assert isinstance(story.state, Waiting)
    assert story.asked == ()


def test_a_withheld_number_is_not_asked_whether_we_may_ring_it() -> None:
    story = asked()
    story.facts = replace(story.facts, number_known=False)
    story.happens(MessageKey(2, "1"))
    assert story.heard[0].startswith("says: We cannot see your number.")
    assert story.state == Voicemail(3, Part.RECORD)


def test_a_message_is_thanked_for_and_ends_the_call() -> None:
    story = speaking()
    story.happens(MessageEnded(4, 12, up=True))
    assert story.heard[1].startswith("says: Thank you. We have your message.")
    assert story.asked == (EndContact("voicemail"),)
    assert isinstance(story.state, Goodbye)


def test_hanging_up_after_speaking_leaves_it_all_the_same() -> None:
    story = speaking()
    story.happens(MessageEnded(4, 9, up=False))
    assert (story.state, story.asked) == (Ended(4, "voicemail"), (EndContact("voicemail"),))


@pytest.mark.parametrize("seconds", [None, 0, 1])
def test_a_message_without_a_word_leads_back_to_the_line(seconds: int | None) -> None:
    story = speaking()
    story.happens(MessageEnded(4, seconds, up=True))
    assert story.heard[-1] == "queues in waiting, hearing 5/wait, then 5/left"
    assert story.asked == ()


def test_the_recording_is_kept_whenever_the_carrier_tells_of_it() -> None:
    story = speaking()
    story.happens(CallStatus("completed"))
    assert isinstance(story.state, Ended)
    story.happens(READY)
    assert story.asked == (KeepMessage("RE1", 12, call_safe=True),)
    assert isinstance(story.state, Ended)


def test_an_advisor_who_is_free_comes_before_the_machine() -> None:
    story = speaking()
    asks = story.taken_by("maya", 1)
    assert asks == (MoveCaller("again", 5), RingAdvisor(1, "maya"))
    assert isinstance(story.state, Ringing)
    story.happens(MessageEnded(4, 5, up=True))
    assert isinstance(story.state, Ringing), "what comes late changes nothing"


def test_an_answer_that_comes_late_or_twice_changes_nothing() -> None:
    story = speaking()
    for late in (MessageKey(2, "1"), MessageKey(3, ""), MessageKey(2, "")):
        story.happens(late)
        assert story.state == Voicemail(4, Part.RECORD, call_safe=True)
        assert SPEAK in story.heard
