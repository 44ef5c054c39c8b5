"""What people ask for: a language, a woman or a man, the right training; and whom never to meet."""

from dataclasses import replace

from routing.need import levels_of
from tests.routing.desk import (
    CUMBRIA,
    only_climb,
    only_offer,
    only_overflow,
    only_wait,
    seat,
    waiting,
)

WOMAN, MAN = seat("Maya", idle=1, gender="woman"), seat("Tom", idle=900, gender="man")
HIGH_RISK = replace(CUMBRIA, skill_for_crime={"domestic": "domestic-abuse.2"})


def test_who_asks_for_a_woman_is_answered_by_one() -> None:
    asked_for = waiting("a", gender="woman")
    assert only_offer(WOMAN, MAN, asked_for).staff == "maya"
    assert only_offer(WOMAN, MAN, asked_for).runner_up is None
    assert only_offer(WOMAN, MAN, waiting("a")).staff == "tom"
    wait = only_wait(seat("Maya", gender="woman", load=2), MAN, asked_for)
    assert wait.reason.words() == (
        "Nobody free at Penrith is of the gender asked for. Others are asked soon."
    )


def test_after_two_minutes_anyone_is_asked_who_says_so_first() -> None:
    busy, late = seat("Maya", gender="woman", load=2), waiting("a", gender="woman", waited=120)
    offer = only_offer(busy, MAN, late)
    assert (offer.staff, offer.reason.gender) == ("tom", "woman")
    assert offer.reason.words() == (
        "You, because: you are the only one free. They asked for a woman. "
        "None is free now, so say so first and offer to wait."
    )
    both = only_offer(WOMAN, MAN, late)
    assert (both.staff, both.runner_up, both.reason.gender) == ("maya", "tom", "")


def test_nobody_waits_for_a_woman_who_is_not_there() -> None:
    assert only_offer(MAN, waiting("a", gender="woman", waited=0)).reason.gender == "woman"
    far = seat("Sam", "kendal", gender="woman")
    assert only_offer(MAN, far, waiting("a", gender="woman", waited=0)).staff == "tom"
    declined = waiting("a", gender="woman", waited=1, asked=["maya"])
    assert only_offer(WOMAN, MAN, declined).staff == "tom"


def test_nobody_waits_for_a_speaker_who_did_not_take_it() -> None:
    ola, maya = seat("Ola", languages=["pl"]), seat("Maya")
    need = waiting("a", language="pl", waited=1, asked=["ola"])
    assert only_offer(ola, maya, need).reason.interpreter == "pl"


def test_the_language_weighs_more_than_the_gender_when_both_are_late() -> None:
    polish, woman = seat("Ola", languages=["pl"], gender="man"), seat("Maya", gender="woman")
    late = waiting("a", language="pl", gender="woman", waited=300)
    offer = only_offer(polish, woman, late)
    assert (offer.staff, offer.reason.gender, offer.runner_up) == ("ola", "woman", "maya")


def test_a_level_of_training_is_preferred_and_a_lower_one_comes_next() -> None:
    second = seat("Aisha", idle=1, skills=["domestic-abuse", "domestic-abuse.2"])
    first, none = seat("Tom", idle=5, skills=["domestic-abuse"]), seat("Maya", idle=900)
    need = waiting("a", crime="domestic")
    offer = only_offer(second, first, none, need, rules=HIGH_RISK)
    assert (offer.staff, offer.runner_up) == ("aisha", "tom")
    assert offer.reason.trained == ("domestic-abuse.2",)
    assert "You are trained for domestic abuse (level 2)." in offer.reason.words()
    assert only_offer(first, none, need, rules=HIGH_RISK).reason.trained == ("domestic-abuse",)
    assert only_offer(none, need, rules=HIGH_RISK).reason.trained == ()


def test_a_level_holds_the_levels_below_it() -> None:
    assert levels_of("domestic-abuse.3") == (
        "domestic-abuse.3",
        "domestic-abuse.2",
        "domestic-abuse",
    )
    assert (levels_of("restorative"), levels_of("")) == (("restorative",), ())


def test_a_hub_tied_to_somebody_they_must_not_meet_is_passed_at_once() -> None:
    home, central = seat("Maya"), seat("Marek", "central")
    need = waiting("a", barred_hubs=["penrith"], waited=0)
    offer = only_offer(home, central, need)
    assert (offer.staff, offer.rung) == ("marek", 1)
    assert offer.reason.words() == (
        "You, because: Penrith is not asked for this person; you are the only one free."
    )
    assert only_climb(home, seat("Marek", "central", load=2), need).reason.code == "nobody"
    assert only_overflow(home, need).reason.code == "message.nobody"


def test_who_must_not_meet_them_is_not_counted_as_somebody_to_wait_for() -> None:
    assert only_overflow(seat("Tom", load=2), waiting("a", barred=["tom"])).kind == "message"
