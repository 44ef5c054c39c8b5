"""Who is asked, in sentences. Each test is one rule of the router."""

import pytest

from routing.model import Presence, Rules, Seat
from tests.routing.desk import (
    LADDER,
    after,
    decided,
    offered,
    only_climb,
    only_offer,
    only_overflow,
    only_wait,
    seat,
    waiting,
)


def test_a_contact_goes_to_the_seat_that_has_been_idle_longest() -> None:
    people = seat("Maya", idle=300), seat("Tom", idle=840), seat("Aisha", idle=20)
    offer = only_offer(*people, waiting("a"))
    assert (offer.staff, offer.runner_up, offer.weight) == ("tom", "maya", 1)
    assert offer.reason.words() == "You, because: you are free and idle longest (14 min)."


def test_two_equally_idle_seats_are_told_apart_by_id() -> None:
    assert only_offer(seat("Tom"), seat("Maya"), waiting("a")).staff == "maya"


def test_the_oldest_contact_is_first_in_line() -> None:
    one = seat("Maya", capacity=1)
    asked = offered(one, waiting("young", waited=5), waiting("old", waited=50))
    assert asked == {"old": "maya", "young": None}


def test_who_came_back_goes_before_who_waited_longer() -> None:
    one = seat("Maya", capacity=1)
    asked = offered(one, waiting("old", waited=500), waiting("back", waited=50, front=True))
    assert asked == {"back": "maya", "old": None}


def test_two_who_came_back_keep_their_first_order() -> None:
    one = seat("Maya", capacity=1)
    later, first = waiting("b", waited=50, front=True), waiting("a", waited=90, front=True)
    assert list(offered(one, later, first).items()) == [("a", "maya"), ("b", None)]


def test_danger_goes_first_but_not_for_ever() -> None:
    one = seat("Maya", capacity=1)
    danger = waiting("danger", waited=5, urgency="danger")
    assert offered(one, danger, waiting("calm", waited=500))["danger"] == "maya"
    assert offered(one, danger, waiting("calm", waited=700))["calm"] == "maya"


def test_a_seat_takes_no_more_than_its_places() -> None:
    asked = offered(seat("Maya", load=1), waiting("a", waited=3), waiting("b", waited=2))
    assert asked == {"a": "maya", "b": None}


def test_two_chats_at_once_go_to_two_seats() -> None:
    people = seat("Maya", idle=90), seat("Tom", idle=60)
    asked = offered(*people, *(waiting(each, waited=9 - i) for i, each in enumerate("abcde")))
    assert asked == {"a": "maya", "b": "tom", "c": "maya", "d": "tom", "e": None}


def test_a_call_takes_a_whole_seat() -> None:
    asked = offered(seat("Maya"), waiting("call", "voice", waited=9), waiting("chat"))
    assert asked == {"chat": "maya", "call": None}
    call = only_offer(seat("Maya", capacity=3), waiting("call", "voice"))
    assert call.weight == 3


def test_a_call_is_not_offered_to_a_seat_with_a_chat_open() -> None:
    assert only_wait(seat("Maya", load=1), waiting("c", "voice")).reason.code == "full"
    assert only_offer(seat("Maya", load=1), seat("Tom"), waiting("c", "voice")).staff == "tom"


def test_nothing_is_offered_to_somebody_on_the_phone() -> None:
    on_phone = seat("Maya", capacity=3, load=1, on_call=True)
    assert only_wait(on_phone, waiting("chat")).reason.code == "full"


def test_a_heavy_contact_takes_its_weight_or_the_whole_of_a_small_seat() -> None:
    heavy = waiting("a", weight=2)
    assert only_offer(seat("Maya", capacity=3), heavy).weight == 2
    assert only_offer(seat("Maya", capacity=1), seat("Tom", capacity=3, load=2), heavy).weight == 1
    assert only_wait(seat("Maya", capacity=3, load=2), heavy).reason.code == "full"


@pytest.mark.parametrize(
    "absent",
    [
        seat("Maya", state="offline"),
        seat("Maya", lease=0),
        seat("Maya", channels=("voice",)),
    ],
    ids=["off line", "not seen", "takes no chats"],
)
def test_nobody_is_asked_who_could_not_take_it(absent: Seat) -> None:
    assert only_offer(absent, seat("Tom", idle=1), waiting("a")).staff == "tom"
    assert only_overflow(absent, waiting("a")).kind == "message"


@pytest.mark.parametrize(("state", "why"), [("busy", "full"), ("wrap", "full"), ("break", "break")])
def test_who_is_here_but_not_free_is_waited_for(state: Presence, why: str) -> None:
    resting = seat("Maya", state=state)
    assert only_offer(resting, seat("Tom", idle=1), waiting("a")).staff == "tom"
    assert only_wait(resting, waiting("a")).reason.code == why


def test_training_is_preferred_and_never_demanded() -> None:
    trained = seat("Tom", idle=1, skills=["sexual-violence"])
    need = waiting("a", crime="sexual")
    offer = only_offer(seat("Maya", idle=900), trained, need)
    assert (offer.staff, offer.runner_up) == ("tom", "maya")
    assert offer.reason.trained == ("sexual-violence",)
    assert only_offer(seat("Maya", idle=900), need).staff == "maya"


def test_a_child_goes_to_a_young_people_worker_first() -> None:
    young = seat("Tom", idle=1, skills=["young-people"])
    harm = seat("Aisha", idle=5, skills=["sexual-violence"])
    both = seat("Maya", idle=0, skills=["young-people", "sexual-violence"])
    need = waiting("a", crime="sexual", age="under18")
    assert only_offer(young, harm, both, need).staff == "maya"
    assert only_offer(young, harm, need).staff == "tom"
    assert only_offer(harm, seat("Ben", idle=900), need).staff == "aisha"


def test_a_speaker_is_asked_before_an_interpreter_is() -> None:
    polish, english = seat("Ola", idle=1, languages=["pl", "en"]), seat("Maya", idle=900)
    need = waiting("a", language="pl")
    assert only_offer(polish, english, need).staff == "ola"
    assert only_wait(seat("Ola", languages=["pl"], load=2), english, need).reason.why == "language"


def test_after_half_a_minute_anyone_may_take_it_with_an_interpreter() -> None:
    busy, english = seat("Ola", languages=["pl"], load=2), seat("Maya")
    offer = only_offer(busy, english, waiting("a", language="pl", waited=30))
    assert (offer.staff, offer.reason.interpreter) == ("maya", "pl")
    assert "with an interpreter" in offer.reason.words()
    free = seat("Ola", languages=["pl"], idle=1)
    late = waiting("a", language="pl", waited=90)
    both = only_offer(free, english, late)
    assert (both.staff, both.runner_up, both.reason.interpreter) == ("ola", "maya", "")
    assert only_offer(free, late).runner_up is None


def test_nobody_waits_for_a_speaker_who_is_not_there() -> None:
    assert only_offer(seat("Maya"), waiting("a", language="pl", waited=0)).staff == "maya"


def test_the_central_hub_is_not_asked_while_the_home_hub_has_its_time() -> None:
    busy, central = seat("Maya", load=2), seat("Marek", "central")
    wait = only_wait(busy, central, waiting("a", left=12))
    assert (wait.rung, wait.until) == (0, after(12))
    assert wait.reason.words() == "Everyone at Penrith is with someone."


def test_on_the_central_rung_the_home_hub_still_comes_first() -> None:
    home, central = seat("Maya", idle=1), seat("Marek", "central", idle=840)
    need = waiting("a", rung=1)
    assert only_offer(home, central, need).staff == "maya"
    offer = only_offer(seat("Maya", load=2), central, need)
    assert offer.staff == "marek"
    assert offer.reason.words() == ("You, because: Penrith is full; you are the only one free.")
    two = only_offer(seat("Maya", load=2), central, seat("Jo", "central"), need)
    assert two.reason.words() == (
        "You, because: Penrith is full; you are free and idle longest (14 min)."
    )


def test_another_area_is_never_asked() -> None:
    climb = only_climb(seat("Sam", "kendal"), seat("Marek", "central", load=2), waiting("a"))
    assert climb.rung == 1


def test_who_declined_is_not_asked_again() -> None:
    need = waiting("a", asked=["tom"])
    assert only_offer(seat("Tom", idle=900), seat("Maya"), need).staff == "maya"
    assert only_wait(seat("Tom"), seat("Maya", load=2), need).reason.code == "full"


def test_who_declined_one_contact_is_asked_for_the_next() -> None:
    people = seat("Tom"), seat("Maya", load=2)
    asked = offered(*people, waiting("a", waited=90, asked=["tom"]), waiting("b"))
    assert asked == {"a": None, "b": "tom"}


def test_who_declined_is_asked_again_when_alone() -> None:
    need = waiting("a", asked=["tom"], asked_ago=40)
    offer = only_offer(seat("Tom"), need)
    assert (offer.staff, offer.reason.again) == ("tom", True)
    assert only_offer(seat("Tom"), seat("Maya", state="break"), need).staff == "tom"
    soon = waiting("a", asked=["tom"], asked_ago=10)
    assert only_wait(seat("Tom"), soon).reason.code == "asked"


def test_who_declined_at_home_is_not_alone_while_the_central_hub_is_there() -> None:
    climb = only_climb(seat("Tom"), seat("Marek", "central", load=2), waiting("a", asked=["tom"]))
    assert (climb.rung, climb.reason.code) == (1, "asked")


def test_who_must_never_meet_this_person_is_not_asked_even_alone() -> None:
    assert only_overflow(seat("Tom"), waiting("a", barred=["tom"], asked=["tom"])).kind == "message"
    assert only_offer(seat("Tom", idle=900), seat("Maya"), waiting("a", barred=["tom"])).staff == (
        "maya"
    )


def test_a_free_seat_is_asked_even_when_the_ladder_has_ended() -> None:
    told = waiting("a", rung=2, left=100)
    assert only_offer(seat("Maya"), told).staff == "maya"
    assert only_wait(seat("Maya", load=2), told).rung == 2


def test_a_free_seat_is_better_than_an_answering_number() -> None:
    assert only_offer(seat("Maya"), waiting("a", "voice", rung=1, left=0)).staff == "maya"


def test_an_offer_that_comes_back_at_the_end_of_the_ladder_is_answered_at_once() -> None:
    """Whoever was offered there was told nothing yet: the number must not wait (S2)."""
    offer = only_offer(seat("Maya"), waiting("a", "voice", rung=1, left=0))
    assert offer.rung == 1
    back = waiting("a", "voice", rung=offer.rung, left=0, asked=["maya"])
    assert only_overflow(seat("Maya", load=2), back).kind == "numbers"


def test_every_contact_gets_one_decision_in_the_order_of_the_line() -> None:
    needs = [waiting(f"c{i}", waited=i) for i in range(5)]
    assert list(decided(seat("Maya"), *needs)) == ["c4", "c3", "c2", "c1", "c0"]


def test_with_nobody_at_all_a_caller_is_put_through_and_a_writer_is_told() -> None:
    assert only_overflow(waiting("a", "voice", left=None)).kind == "numbers"
    assert only_overflow(waiting("a", "chat", left=None)).kind == "message"
    assert only_overflow(waiting("a", "sms", left=None)).kind == "message"


def test_a_ladder_that_ends_with_a_hub_is_refused() -> None:
    with pytest.raises(ValueError):
        Rules(service="cumbria", central="central", ladder=LADDER[:2])
