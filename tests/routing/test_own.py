"""Nobody tells their story twice when their own worker is there; nobody waits long for it."""

import pytest

from routing.explain import explain
from tests.routing.desk import (
    NOW,
    after,
    board,
    offered,
    only_climb,
    only_offer,
    only_wait,
    seat,
    waiting,
)

MAYA, TOM = seat("Maya", idle=1), seat("Tom", idle=900)
MAYA_BUSY = seat("Maya", load=2)


def test_the_lead_worker_is_asked_before_whoever_is_idle_longest() -> None:
    offer = only_offer(MAYA, TOM, waiting("a", lead="maya"))
    assert (offer.staff, offer.runner_up, offer.reason.own) == ("maya", "tom", "lead")
    assert offer.reason.words() == "You, because: you are their lead worker."


def test_else_it_is_the_advisor_they_spoke_to_last() -> None:
    offer = only_offer(MAYA, TOM, waiting("a", last="maya"))
    assert (offer.staff, offer.reason.own) == ("maya", "last")
    assert offer.reason.words() == "You, because: you are the one they spoke to last."
    both = waiting("a", lead="ben", last="maya")
    assert only_offer(MAYA, TOM, both).staff == "maya"


def test_the_lead_worker_is_found_at_whatever_hub() -> None:
    away = seat("Maya", "kendal", idle=1)
    offer = only_offer(away, TOM, waiting("a", lead="maya"))
    assert (offer.staff, offer.reason.hub, offer.reason.passed) == ("maya", "Kendal", ())


def test_they_are_held_some_seconds_for_a_lead_worker_who_is_with_someone() -> None:
    wait = only_wait(MAYA_BUSY, TOM, waiting("a", lead="maya", waited=19))
    assert (wait.reason.code, wait.until) == ("own", after(50))
    assert wait.reason.words() == (
        "Their own advisor is with someone. Others are asked in a few seconds."
    )
    late = only_offer(MAYA_BUSY, TOM, waiting("a", lead="maya", waited=20))
    assert (late.staff, late.reason.own) == ("tom", "")


def test_they_are_held_again_when_they_come_back() -> None:
    back = waiting("a", last="maya", front=True, waited=600, returned=5)
    assert only_wait(MAYA_BUSY, TOM, back).reason.code == "own"
    later = waiting("a", last="maya", front=True, waited=600, returned=21)
    assert only_offer(MAYA_BUSY, TOM, later).staff == "tom"


def test_nobody_in_danger_is_held_for_anyone() -> None:
    danger = waiting("a", lead="maya", urgency="danger")
    assert only_offer(MAYA_BUSY, TOM, danger).staff == "tom"
    assert only_offer(MAYA, TOM, danger).staff == "maya"


@pytest.mark.parametrize(
    "gone",
    [
        seat("Maya", state="offline"),
        seat("Maya", lease=0),
        seat("Maya", state="break"),
        seat("Maya", checking=True),
        seat("Maya", closing=["chat"]),
        seat("Maya", vetted=False),
        seat("Maya", channels=["voice"]),
    ],
    ids=["off line", "not seen", "on a break", "silent", "closing", "lapsed", "takes no chats"],
)
def test_nobody_waits_for_a_lead_worker_who_is_not_there(gone: object) -> None:
    assert isinstance(gone, type(MAYA))
    assert only_offer(gone, TOM, waiting("a", lead="maya", waited=0)).staff == "tom"


def test_a_lead_worker_who_did_not_take_it_is_not_waited_for() -> None:
    need = waiting("a", lead="maya", asked=["maya"])
    assert only_offer(MAYA, TOM, need).staff == "tom"
    last = waiting("a", lead="maya", last="tom", asked=["maya"])
    assert only_offer(MAYA, seat("Ben", idle=999), TOM, last).reason.own == "last"


def test_a_lead_worker_who_must_not_meet_them_is_nobodys_own() -> None:
    assert only_offer(MAYA, TOM, waiting("a", lead="maya", barred=["maya"])).staff == "tom"
    kendal = seat("Maya", "kendal")
    assert only_offer(kendal, TOM, waiting("a", lead="maya", barred_hubs=["kendal"])).staff == (
        "tom"
    )


def test_their_own_worker_comes_with_an_interpreter_if_need_be() -> None:
    polish = seat("Ola", idle=900, languages=["pl"])
    offer = only_offer(MAYA, polish, waiting("a", lead="maya", language="pl"))
    assert (offer.staff, offer.reason.interpreter) == ("maya", "pl")


def test_a_gender_asked_for_weighs_more_than_the_last_advisor() -> None:
    woman, man = seat("Maya", gender="woman"), seat("Tom", gender="man", idle=900)
    assert only_offer(woman, man, waiting("a", last="tom", gender="woman")).staff == "maya"
    assert only_offer(man, waiting("a", last="tom", gender="woman")).reason.own == "last"


def test_being_held_does_not_stop_the_ladder() -> None:
    """Nobody else is at home, so the next rung begins; meanwhile the lead worker may come free."""
    lead, central = seat("Maya", "kendal", load=2), seat("Marek", "central")
    new = waiting("a", lead="maya", waited=0, left=None)
    climb = only_climb(lead, central, new)
    assert (climb.rung, climb.reason.code) == (1, "nobody")
    assert only_offer(lead, central, waiting("a", lead="maya", rung=1, waited=20)).staff == "marek"


def test_who_is_held_does_not_keep_others_from_a_free_seat() -> None:
    held, other = waiting("a", lead="maya", waited=15), waiting("b", waited=5)
    assert offered(MAYA_BUSY, TOM, held, other) == {"a": None, "b": "tom"}


def test_the_others_are_told_why_not() -> None:
    told = explain(board(MAYA, TOM, waiting("a", lead="maya")), "a", NOW)
    assert [(each.staff, each.reasons[0].words()) for each in told] == [
        ("tom", "Maya is their lead worker.")
    ]
    told = explain(board(MAYA, TOM, waiting("a", last="maya")), "a", NOW)
    assert told[0].reasons[0].words() == "Maya spoke to them last."
    held = explain(board(MAYA_BUSY, TOM, waiting("a", lead="maya")), "a", NOW)
    assert {each.staff: [r.code for r in each.reasons] for each in held} == {
        "maya": ["places"],
        "tom": ["own"],
    }
