"""Every way a call can go, as the people in it would tell it, with the words they hear."""

from __future__ import annotations

from dataclasses import replace

from telephony.asks import (
    Ask,
    EndContact,
    EndLeg,
    MoveCaller,
    ReleaseSeat,
    RequestSeat,
    RingAdvisor,
)
from telephony.events import (
    AdvisorAfterRoom,
    AdvisorAnswered,
    AdvisorPressed,
    AdvisorSent,
    AdvisorStatus,
    CallStatus,
    Digits,
    HoldTick,
    Moved,
    NoDigits,
    NumberAnswered,
    NumberDialEnded,
    NumberPressed,
    QueueLeft,
    Returned,
    RoomDialEnded,
    RoomEvent,
    WaitTick,
)
from telephony.states import Bridging, Ended, Goodbye, Ringing, Talking, Waiting, Why
from tests.telephony.story import CALL, MENU, NIGHT, Story

EMERGENCY = (
    "says: If you are in danger now, hang up and call 999. "
    "If you cannot speak, on a mobile, press 55 when asked."
)
DANGER = "says: If you are in danger now, hang up and call 999."
WELCOME = "says: You have reached the supportline. You are not alone."
WHISPER = (
    "one key within 6 s, to leg/1/pressed",
    "  says: Helpline call. Press 1 to take it.",
)
NOT_TAKEN = ("says: The call was not taken. Goodbye.", "hangs up")
TAKEN = ("says: The call is being looked after. Thank you. Goodbye.", "hangs up")


NOTHING: tuple[Ask, ...] = ()


def waiting() -> Story:
    ruth = Story()
    ruth.rings()
    return ruth


def ringing() -> Story:
    ruth = waiting()
    ruth.taken_by("maya", 1)
    return ruth


def bridging() -> Story:
    ruth = ringing()
    ruth.happens(AdvisorPressed(1, "1"))
    return ruth


def talking() -> Story:
    ruth = bridging()
    ruth.happens(Moved(2))
    return ruth


def overflow() -> Story:
    ruth = waiting()
    ruth.facts = replace(ruth.facts, overflow=True)
    ruth.happens(WaitTick(1, 20))
    ruth.happens(QueueLeft(1, "leave"))
    return ruth


# Arriving


def test_ruth_rings_a_line_without_a_menu_and_waits_for_a_person() -> None:
    ruth = Story()
    assert ruth.rings() == (
        EMERGENCY,
        WELCOME,
        "queues in waiting, hearing 1/wait, then 1/left",
    )
    assert ruth.asked == (RequestSeat("central"),)


def test_a_menu_comes_after_the_emergency_words_and_asks_for_one_key() -> None:
    ruth = Story(MENU)
    assert ruth.rings() == (
        EMERGENCY,
        WELCOME,
        "one key within 5 s, to 1/menu",
        "  says: For Carlisle, press 1. For Kendal, press 2.",
        "goes to 1/menu",
    )
    assert ruth.asked == NOTHING
    assert ruth.happens(Digits(1, "2")) == (
        "says: Thank you.",
        "queues in waiting, hearing 2/wait, then 2/left",
    )
    assert ruth.asked == (RequestSeat("kendal"),)


def test_no_key_is_not_silence_it_goes_to_a_human() -> None:
    ruth = Story(MENU)
    ruth.rings()
    assert ruth.happens(NoDigits(1))[-1].startswith("queues in waiting")
    assert ruth.asked == (RequestSeat("central"),)


def test_a_key_that_means_nothing_goes_to_a_human_too() -> None:
    ruth = Story(MENU)
    ruth.rings()
    ruth.happens(Digits(1, "9"))
    assert ruth.asked == (RequestSeat("central"),)


def test_a_second_arrival_of_the_same_call_asks_for_no_second_seat() -> None:
    ruth = waiting()
    assert ruth.rings()[-1] == "queues in waiting, hearing 1/wait, then 1/left"
    assert ruth.asked == NOTHING


def test_hanging_up_in_the_menu_is_in_the_record() -> None:
    ruth = Story(MENU)
    ruth.rings()
    ruth.happens(CallStatus("completed"))
    assert ruth.asked == (EndContact("hung_up_waiting"),)


# Waiting


def test_the_place_is_told_honestly_and_there_is_always_sound() -> None:
    ruth = waiting()
    assert ruth.happens(WaitTick(1, 0)) == (
        "says: You are first in the line. Someone will be with you as soon as they can.",
        "plays hold.wav",
    )
    ruth.facts = replace(ruth.facts, position=4)
    assert ruth.happens(WaitTick(1, 40)) == (
        "says: You are number 4 in the line. You keep your place. Stay with us.",
        "plays hold.wav",
    )
    ruth.facts = replace(ruth.facts, position=None)
    assert ruth.happens(WaitTick(1, 40))[0].startswith("says: You are in the line.")


def test_the_emergency_words_come_back_every_minute_of_waiting() -> None:
    ruth = waiting()
    said = [ruth.happens(WaitTick(1, second))[0] == DANGER for second in range(0, 200, 14)]
    assert said.count(True) >= 3
    assert not said[0]


def test_hanging_up_while_waiting_ends_the_contact_so() -> None:
    for event in (QueueLeft(1, "hangup"), CallStatus("completed"), CallStatus("no-answer")):
        ruth = waiting()
        ruth.happens(event)
        assert ruth.state == Ended(1, "hung_up_waiting")
        assert ruth.asked == (EndContact("hung_up_waiting"),)
        assert ruth.happens(event) == ()
        assert ruth.asked == NOTHING


def test_a_full_or_broken_queue_of_the_carrier_loses_nobody() -> None:
    for result in ("queue-full", "error", "system-error", ""):
        ruth = waiting()
        assert ruth.happens(QueueLeft(1, result)) == (
            DANGER,
            "says: You are first in the line. Someone will be with you as soon as they can.",
            "plays hold.wav",
            "goes to 1/hold",
        )
        assert ruth.happens(HoldTick(1))[-1] == "goes to 1/hold"
        ruth.facts = replace(ruth.facts, overflow=True)
        assert ruth.happens(HoldTick(1))[-1].startswith("rings +441632960201")


def test_a_caller_who_was_moved_elsewhere_gets_an_empty_answer_from_the_queue() -> None:
    ruth = talking()
    assert ruth.happens(QueueLeft(1, "redirected")) == ()
    assert isinstance(ruth.state, Talking)


# The advisor's phone


def test_an_advisor_accepts_presses_1_and_the_caller_is_moved_to_the_same_room() -> None:
    ruth = waiting()
    assert ruth.taken_by("maya", 1) == (RingAdvisor(1, "maya"),)
    assert ruth.looks() == NOTHING, "accepted once is rung once"
    assert ruth.happens(WaitTick(1, 20))[0].startswith("says: An advisor has taken your call.")
    assert ruth.happens(AdvisorAnswered(1)) == (*WHISPER, *WHISPER, *NOT_TAKEN)
    assert ruth.happens(AdvisorPressed(1, "1")) == ("joins room-7f3a, then leg/1/after-room",)
    assert ruth.asked == (MoveCaller("join", 2),)
    assert ruth.happens(Moved(2)) == ("joins room-7f3a, then 2/after-room",)
    assert ruth.state == Talking(2, 1, "room-7f3a")


def test_a_wrong_key_is_asked_again_twice_and_then_let_go() -> None:
    maya = ringing()
    assert maya.happens(AdvisorPressed(1, "5"))[0] == (
        "one key within 6 s, to leg/1/pressed?tries=1"
    )
    assert maya.happens(AdvisorPressed(1, "5", tries=2)) == NOT_TAKEN
    assert isinstance(maya.state, Ringing)


def test_a_phone_that_nobody_takes_gives_the_caller_back_to_the_front() -> None:
    for status in ("busy", "no-answer", "failed", "canceled", "completed"):
        ruth = ringing()
        ruth.happens(AdvisorStatus(1, status))
        assert ruth.state == Waiting(1, Why.MISSED)
        assert ruth.asked == (ReleaseSeat(1, f"phone {status}"),)


def test_ringing_and_answered_are_no_news() -> None:
    ruth = ringing()
    for status in ("initiated", "ringing", "in-progress", "nonsense"):
        ruth.happens(AdvisorStatus(1, status))
        assert isinstance(ruth.state, Ringing)


def test_a_lost_callback_of_the_phone_is_found_by_looking() -> None:
    ruth = ringing()
    ruth.later(61)
    assert ruth.looks() == (ReleaseSeat(1, "phone not answered"), EndLeg(1))


def test_the_older_phone_is_refused_by_its_number() -> None:
    ruth = ringing()
    assert ruth.taken_by("tom", 2) == (EndLeg(1), RingAdvisor(2, "tom"))
    assert ruth.happens(AdvisorAnswered(1)) == TAKEN
    assert ruth.happens(AdvisorPressed(1, "1")) == TAKEN
    assert ruth.happens(AdvisorPressed(2, "1"))[0].startswith("joins")


def test_an_advisor_released_elsewhere_cannot_press_1_any_more() -> None:
    ruth = ringing()
    ruth.untaken()
    assert ruth.happens(AdvisorPressed(1, "1")) == TAKEN
    assert ruth.looks() == (EndLeg(1),)
    assert isinstance(ruth.state, Waiting)


def test_the_caller_hangs_up_before_the_advisor_presses_1() -> None:
    ruth = ringing()
    ruth.happens(CallStatus("completed"))
    assert ruth.asked == (EndContact("hung_up_waiting", 1), EndLeg(1))
    gone = ("says: The caller has left. Thank you. Goodbye.", "hangs up")
    assert ruth.happens(AdvisorPressed(1, "1")) == gone
    assert ruth.happens(AdvisorSent(1)) == gone


def test_a_caller_who_cannot_be_moved_goes_back_to_the_front() -> None:
    ruth = bridging()
    ruth.later(31)
    assert ruth.looks() == (ReleaseSeat(1, "caller not moved"), EndLeg(1))
    assert ruth.happens(Moved(2))[-1] == "queues in waiting, hearing 3/wait, then 3/left"


# Talking


def test_the_advisor_drops_out_and_the_caller_is_told_and_is_first() -> None:
    ruth = talking()
    assert ruth.happens(RoomDialEnded(2, up=True)) == (
        DANGER,
        "says: We lost your advisor. Stay on the line. You are first.",
        "queues in waiting, hearing 3/wait, then 3/left",
    )
    assert ruth.asked == (ReleaseSeat(1, "advisor dropped out"), EndLeg(1))


def test_the_phone_s_end_alone_does_not_say_who_left_first() -> None:
    ruth = talking()
    ruth.happens(AdvisorStatus(1, "completed"))
    assert ruth.asked == NOTHING
    ruth.happens(CallStatus("completed"))
    assert ruth.asked == (EndContact("person_ended", 1), EndLeg(1))


def test_a_caller_left_alone_without_any_word_from_the_carrier_is_fetched_back() -> None:
    for news in (AdvisorStatus(1, "completed"), RoomEvent(2, "leave", "CA-of-maya")):
        ruth = talking()
        ruth.happens(news)
        assert ruth.looks() == NOTHING
        ruth.later(5)
        assert ruth.looks() == (
            ReleaseSeat(1, "advisor dropped out"),
            MoveCaller("again", 3),
        )
        assert "says: We lost your advisor. Stay on the line. You are first." in ruth.happens(
            Returned(3)
        )


def test_an_advisor_who_drops_before_the_caller_arrives_gives_them_back() -> None:
    ruth = bridging()
    ruth.happens(AdvisorStatus(1, "completed"))
    assert ruth.asked == (ReleaseSeat(1, "dropped"),)
    assert "says: We lost your advisor. Stay on the line. You are first." in ruth.happens(Moved(2))


def test_the_caller_leaving_the_room_is_no_drop_out() -> None:
    ruth = talking()
    ruth.happens(RoomEvent(2, "leave", CALL))
    ruth.happens(RoomEvent(2, "end", CALL))
    assert ruth.state == Talking(2, 1, "room-7f3a")


def test_the_caller_hangs_up_and_the_contact_ends_so() -> None:
    for event in (CallStatus("completed"), RoomDialEnded(2, up=False)):
        ruth = talking()
        ruth.happens(event)
        assert ruth.state == Ended(2, "person_ended")
        assert ruth.asked == (EndContact("person_ended", 1), EndLeg(1))
        assert ruth.happens(AdvisorAfterRoom(1))[0].startswith("says: The caller has left.")


def test_the_advisor_ends_the_call_on_the_console_and_the_caller_hears_goodbye() -> None:
    ruth = talking()
    ruth.facts = replace(ruth.facts, finished=True, assignment=None)
    assert ruth.looks() == (MoveCaller("again", 3),)
    words = (
        DANGER,
        "says: Your call has ended. You can ring us again at any time. Goodbye.",
        "hangs up",
    )
    assert ruth.happens(Returned(3)) == words
    assert ruth.happens(RoomDialEnded(2, up=True)) == words, "the room may end first"
    ruth.happens(CallStatus("completed"))
    assert ruth.state == Ended(3, "advisor_ended")
    assert ruth.asked == NOTHING


def test_a_console_that_loses_its_lease_does_not_end_a_live_talk() -> None:
    ruth = talking()
    ruth.untaken()
    assert ruth.looks() == NOTHING
    assert isinstance(ruth.state, Talking)


# The line's fallback numbers


def test_the_fallback_numbers_are_rung_one_after_the_other() -> None:
    ruth = waiting()
    ruth.facts = replace(ruth.facts, overflow=True)
    assert ruth.happens(WaitTick(1, 20)) == ("leaves",)
    assert ruth.happens(WaitTick(1, 40)) == ("leaves",), "until the carrier lets go"
    assert ruth.happens(QueueLeft(1, "leave")) == (
        DANGER,
        "says: Nobody here is free right now. We are ringing someone who can help. "
        "Stay on the line.",
        "rings +441632960201, who hears 2/whisper, then 2/rung",
    )
    assert ruth.happens(NumberDialEnded(2, bridged=None, up=True)) == (
        DANGER,
        "says: They could not answer. We are ringing someone else. Stay on the line.",
        "rings +441632960202, who hears 3/whisper, then 3/rung",
    )
    assert ruth.happens(NumberDialEnded(3, bridged=False, up=True)) == (
        DANGER,
        "says: Nobody could answer just now. You keep your place. We will ring round again soon.",
        "queues in waiting, hearing 4/wait, then 4/left",
    )


def test_after_a_round_in_vain_the_caller_waits_a_minute_before_the_next() -> None:
    ruth = overflow()
    ruth.happens(NumberDialEnded(2, bridged=False, up=True))
    ruth.happens(NumberDialEnded(3, bridged=False, up=True))
    ruth.later(59)
    assert ruth.happens(WaitTick(4, 59))[-1] == "plays hold.wav"
    ruth.later(1)
    assert ruth.happens(WaitTick(4, 80)) == ("leaves",)


def test_only_a_person_pressing_1_counts_as_reached() -> None:
    ruth = overflow()
    ruth.happens(NumberAnswered(2))
    assert ruth.asked == NOTHING, "a voicemail answers too"
    assert ruth.happens(NumberPressed(2, "1")) == ()
    assert ruth.asked == (EndContact("handed_to_number"),)
    assert ruth.happens(NumberPressed(2, "1")) == ()
    assert ruth.asked == NOTHING, "once"
    assert ruth.happens(NumberDialEnded(2, bridged=True, up=True)) == (
        DANGER,
        "says: Your call has ended. To speak to someone again, ring this number at any time. "
        "Goodbye.",
        "hangs up",
    )
    ruth.happens(CallStatus("completed"))
    assert ruth.state == Ended(3, "handed_to_number")


def test_a_volunteer_who_presses_another_key_lets_the_next_number_ring() -> None:
    ruth = overflow()
    assert ruth.happens(NumberPressed(2, "2")) == NOT_TAKEN
    assert ruth.happens(NumberDialEnded(2, bridged=False, up=True))[-1].startswith(
        "rings +441632960202"
    )


def test_an_advisor_may_still_take_the_call_while_a_fallback_number_rings() -> None:
    ruth = overflow()
    assert ruth.taken_by("maya", 1) == (RingAdvisor(1, "maya"),)
    assert ruth.happens(NumberPressed(2, "1")) == TAKEN
    assert ruth.happens(NumberDialEnded(2, bridged=False, up=True))[-1].startswith("queues")
    ruth.happens(AdvisorPressed(1, "1"))
    assert isinstance(ruth.state, Bridging)


def test_hanging_up_while_a_fallback_number_rings_is_hanging_up_waiting() -> None:
    ruth = overflow()
    ruth.happens(NumberDialEnded(2, bridged=False, up=False))
    assert ruth.asked == (EndContact("hung_up_waiting"),)


# After the apology


def test_a_person_reached_by_the_apology_ends_the_contact_as_handed_over() -> None:
    ruth = waiting()
    ruth.happens(Returned(1, reached=True))
    assert isinstance(ruth.state, Goodbye)
    assert ruth.asked == (EndContact("handed_to_number"),)


def test_a_caller_whom_the_apology_helped_to_nobody_comes_back_to_their_place() -> None:
    assert waiting().happens(Returned(0))[-1] == "queues in waiting, hearing 1/wait, then 1/left"
    assert Story(NIGHT).happens(Returned(0))[-1].startswith("queues")
    assert talking().happens(Returned(0)) == ("joins room-7f3a, then 2/after-room",)
