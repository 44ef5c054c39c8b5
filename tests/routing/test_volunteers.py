"""Volunteers help, and are never alone with it; what lapsed, closes or is silent is not asked."""

from dataclasses import replace

import pytest

from routing.explain import explain
from routing.model import Rules, Seat, Waiting
from tests.routing.desk import (
    CUMBRIA,
    NOW,
    board,
    offered,
    only_offer,
    only_overflow,
    only_wait,
    seat,
    waiting,
)

HANNAH = seat("Hannah", "central", role="hub_lead", load=2)
NEVER = replace(CUMBRIA, volunteers_never=frozenset({"sexual"}))


def marek(idle: float = 60) -> Seat:
    return seat("Marek", role="volunteer", supervisor="hannah", idle=idle)


def codes(*people: Seat | Waiting, staff: str, rules: Rules = CUMBRIA) -> list[str]:
    night = board(*people, rules=rules)
    return [
        reason.code
        for each in explain(night, "a", NOW)
        if each.staff == staff
        for reason in each.reasons
    ]


def test_a_volunteer_is_asked_while_the_supervisor_is_at_a_desk() -> None:
    assert only_offer(marek(), HANNAH, waiting("a")).staff == "marek"


@pytest.mark.parametrize(
    "supervisor",
    [
        None,
        seat("Hannah", "central", state="offline"),
        seat("Hannah", "central", lease=0),
        seat("Hannah", "central", state="break"),
        seat("Hannah", "central", checking=True),
        seat("Hannah", "central", vetted=False),
        seat("Hannah", "central", role="volunteer"),
    ],
    ids=["not named", "off line", "not seen", "on a break", "silent", "lapsed", "a volunteer"],
)
def test_a_volunteer_is_never_alone(supervisor: Seat | None) -> None:
    people = [marek(idle=900), *([supervisor] if supervisor else [])]
    assert only_offer(*people, seat("Tom"), waiting("a")).staff == "tom"
    assert only_offer(*people, seat("Tom"), waiting("a")).runner_up is None
    assert codes(*people, seat("Tom"), waiting("a"), staff="marek") == ["alone"]


def test_a_hub_of_unsupervised_volunteers_is_not_waited_for() -> None:
    assert only_overflow(seat("Marek", role="volunteer"), waiting("a")).reason.why == "nobody"


def test_no_volunteer_takes_what_the_service_keeps_from_them() -> None:
    need = waiting("a", crime="sexual")
    tom = seat("Tom", idle=1)
    assert only_offer(marek(idle=900), HANNAH, tom, need, rules=NEVER).staff == "tom"
    assert only_offer(marek(idle=900), HANNAH, tom, waiting("a"), rules=NEVER).staff == "marek"
    assert codes(marek(), HANNAH, tom, need, staff="marek", rules=NEVER) == ["volunteer"]
    assert only_wait(marek(), HANNAH, replace(need, rung=1), rules=NEVER).reason.why == "full"


def test_no_volunteer_takes_a_child() -> None:
    young = seat("Marek", role="volunteer", supervisor="hannah", skills=["young-people"])
    child = waiting("a", age="under18")
    assert only_offer(young, HANNAH, seat("Tom", idle=1), child).staff == "tom"
    assert codes(young, HANNAH, seat("Tom"), child, staff="marek") == ["volunteer"]


def test_a_child_with_an_adults_advisor_is_told_to_the_safeguarding_lead() -> None:
    child = waiting("a", age="under18")
    worker = only_offer(seat("Aisha", skills=["young-people"]), child)
    assert not worker.reason.tell_lead
    adult = only_offer(seat("Tom"), child)
    assert adult.reason.tell_lead
    assert adult.reason.words() == (
        "You, because: you are the only one free. "
        "They are under 18, so the safeguarding lead is told."
    )
    assert only_offer(seat("Tom"), replace(child, lead="tom")).reason.tell_lead
    nobody_trained = replace(CUMBRIA, skill_for_age={})
    assert only_offer(seat("Tom"), child, rules=nobody_trained).reason.tell_lead
    assert not only_offer(seat("Tom"), waiting("a", age="adult")).reason.tell_lead


def test_a_worker_for_children_further_off_comes_before_an_adults_advisor_here() -> None:
    young = seat("Aisha", "central", idle=1, skills=["young-people"])
    child = waiting("a", age="under18", rung=1)
    offer = only_offer(seat("Tom", idle=900), young, child)
    assert (offer.staff, offer.runner_up) == ("aisha", "tom")
    assert "nobody free at Penrith works with children" in offer.reason.words()
    assert codes(seat("Tom"), young, child, staff="tom") == ["child"]


def test_whose_vetting_has_lapsed_gets_nothing() -> None:
    lapsed = seat("Ben", idle=900, vetted=False)
    assert only_offer(lapsed, seat("Tom"), waiting("a")).staff == "tom"
    assert only_overflow(lapsed, waiting("a")).reason.why == "nobody"
    assert codes(lapsed, seat("Tom"), waiting("a"), staff="ben") == ["unvetted"]


def test_two_lapsed_offers_make_a_seat_silent_until_it_answers() -> None:
    silent = seat("Ben", idle=900, checking=True)
    assert only_offer(silent, seat("Tom"), waiting("a")).staff == "tom"
    wait = only_wait(silent, waiting("a"))
    assert (wait.reason.code, wait.reason.words()) == (
        "checking",
        "Everyone at Penrith is being asked whether they are there.",
    )
    assert codes(silent, seat("Tom"), waiting("a"), staff="ben") == ["checking"]


def test_a_silent_seat_does_not_count_as_somebody_else_to_ask() -> None:
    again = waiting("a", asked=["tom"], asked_ago=40)
    assert only_offer(seat("Tom"), seat("Ben", checking=True), again).reason.again


def test_before_the_shift_ends_no_new_chat_begins_and_calls_still_do() -> None:
    ending = seat("Ben", idle=900, closing=["chat"])
    assert only_offer(ending, seat("Tom"), waiting("a")).staff == "tom"
    assert only_offer(ending, seat("Tom"), waiting("a", "voice")).staff == "ben"
    assert only_overflow(ending, waiting("a")).reason.why == "nobody"
    assert codes(ending, seat("Tom"), waiting("a"), staff="ben") == ["closing"]


def test_a_volunteer_and_an_advisor_share_the_work_fairly() -> None:
    people = marek(idle=300), HANNAH, seat("Tom", idle=60)
    line = [waiting(each, waited=9 - at) for at, each in enumerate("abc")]
    assert offered(*people, *line) == {"a": "marek", "b": "tom", "c": "marek"}
