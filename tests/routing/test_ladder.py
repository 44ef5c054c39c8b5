"""Nobody falls through: every look at the ladder leaves a rung and a deadline behind (S2)."""

from dataclasses import replace

from app.definition.model import Rung
from routing.model import Overflow, Wait
from tests.routing.desk import (
    CUMBRIA,
    after,
    decided,
    only_climb,
    only_offer,
    only_overflow,
    only_wait,
    seat,
    waiting,
)

BUSY = seat("Maya", load=2)
CENTRAL_BUSY = seat("Marek", "central", load=2)


def test_a_new_contact_steps_on_the_first_rung_and_gets_its_deadline() -> None:
    climb = only_climb(BUSY, CENTRAL_BUSY, waiting("a", left=None))
    assert (climb.rung, climb.until, climb.reason.code) == (0, after(60), "arrived")
    assert climb.reason.words() == "Penrith is asked first."


def test_a_new_contact_with_a_free_seat_is_offered_at_once() -> None:
    offer = only_offer(seat("Maya"), waiting("a", left=None))
    assert (offer.rung, offer.until) == (0, after(60))


def test_a_rung_whose_time_is_up_is_left() -> None:
    climb = only_climb(BUSY, CENTRAL_BUSY, waiting("a", left=0))
    assert (climb.rung, climb.until, climb.reason.code) == (1, after(120), "time")
    assert climb.reason.words() == "Nobody took it at Penrith in time. Carlisle is asked too."


def test_a_rung_with_nobody_on_it_is_not_waited_for() -> None:
    climb = only_climb(CENTRAL_BUSY, waiting("a", left=None))
    assert (climb.rung, climb.until, climb.reason.code) == (1, after(120), "nobody")
    assert climb.reason.words() == (
        "Nobody at Penrith is on duty for this. Carlisle is asked at once."
    )


def test_a_rung_that_empties_while_somebody_waits_on_it_is_left_at_once() -> None:
    assert only_climb(CENTRAL_BUSY, waiting("a", left=40)).rung == 1


def test_several_rungs_can_be_passed_in_one_look() -> None:
    overflow = only_overflow(waiting("a", "voice", left=None))
    assert (overflow.rung, overflow.kind, overflow.reason.code) == (2, "numbers", "numbers.nobody")


def test_a_rung_for_writers_is_empty_when_nobody_on_it_takes_chats() -> None:
    phones = seat("Maya", channels=["voice"]), seat("Marek", "central", channels=["voice"])
    assert only_overflow(*phones, waiting("a")).kind == "message"
    assert only_offer(*phones, waiting("a", "voice")).staff == "maya"


def test_everyone_on_a_break_is_still_somebody() -> None:
    resting = seat("Maya", state="break")
    assert only_wait(resting, waiting("a", left=30)).reason.words() == (
        "Everyone at Penrith is on a break."
    )


def test_the_end_of_the_ladder_answers_by_channel_whatever_it_is_called() -> None:
    for end in (Rung("numbers", 0), Rung("message", 0)):
        rules = replace(CUMBRIA, ladder=(Rung("home", 60), end))
        call = waiting("a", "voice", left=0)
        assert only_overflow(BUSY, call, rules=rules).kind == "numbers"
        assert only_overflow(BUSY, waiting("a", left=0), rules=rules).kind == "message"


def test_the_honest_message_keeps_the_place() -> None:
    overflow = only_overflow(BUSY, CENTRAL_BUSY, waiting("a", rung=1, left=0))
    assert (overflow.rung, overflow.until) == (2, after(300))
    assert overflow.reason.words() == (
        "Nobody could take it in time. They are told so, with the number to call. "
        "The place is kept."
    )
    told = waiting("a", rung=2, left=300)
    assert only_wait(BUSY, CENTRAL_BUSY, told).until == after(300)
    assert only_offer(seat("Maya", load=1), CENTRAL_BUSY, told).staff == "maya"


def test_who_goes_on_waiting_after_the_end_is_told_again() -> None:
    overflow = only_overflow(BUSY, waiting("a", rung=2, left=0))
    assert (overflow.rung, overflow.until) == (2, after(300))
    assert (overflow.reason.again, overflow.reason.code) == (True, "message.again")


def test_a_contact_without_an_area_begins_with_the_central_hub() -> None:
    lost = waiting("a", hub="", left=None)
    assert only_climb(BUSY, CENTRAL_BUSY, lost).reason.words() == "Carlisle is asked first."
    assert only_offer(BUSY, seat("Marek", "central"), lost).reason.passed == ()


def test_a_rung_number_beyond_the_ladder_is_its_end() -> None:
    """A definition may be applied with a shorter ladder while somebody waits."""
    assert isinstance(decided(BUSY, waiting("a", rung=7, left=30))["a"], Wait)
    assert isinstance(decided(BUSY, waiting("a", rung=7, left=0))["a"], Overflow)


def test_whatever_happens_there_is_a_later_deadline() -> None:
    for rung in range(3):
        for left in (None, -5, 0, 5):
            for people in ((), (BUSY,), (CENTRAL_BUSY,), (BUSY, CENTRAL_BUSY)):
                (decision,) = decided(*people, waiting("a", rung=rung, left=left)).values()
                assert decision.until > after(0)
