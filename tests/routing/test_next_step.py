"""There is always a next step (S2): paused, full, closed or empty, every contact gets an answer."""

from dataclasses import replace

import pytest

from app.definition.model import Rung
from routing.explain import explain
from routing.model import Channel
from tests.routing.desk import (
    CUMBRIA,
    NOW,
    after,
    board,
    decided,
    offered,
    only_climb,
    only_offer,
    only_overflow,
    only_wait,
    seat,
    waiting,
)

LANCASHIRE = replace(
    CUMBRIA,
    ladder=(Rung("home", 45), Rung("neighbours", 30), Rung("central", 90), Rung("promise")),
    hub_names={"penrith": "Penrith", "kendal": "Kendal", "barrow": "Barrow", "central": "Carlisle"},
    neighbours={"penrith": ("kendal", "barrow")},
)


def test_a_paused_hub_is_passed_at_once() -> None:
    home, central = seat("Maya"), seat("Marek", "central")
    offer = only_offer(home, central, waiting("a", left=40), paused=["penrith"])
    assert (offer.staff, offer.rung) == ("marek", 1)
    assert offer.reason.words() == (
        "You, because: the queue of Penrith is paused; you are the only one free."
    )
    busy = seat("Marek", "central", load=2)
    climb = only_climb(home, busy, waiting("a"), paused=["penrith"])
    assert climb.reason.words() == "The queue of Penrith is paused. Carlisle is asked at once."
    told = explain(board(home, central, waiting("a"), paused=["penrith"]), "a", NOW)
    assert [reason.code for reason in told[0].reasons] == ["paused"]


def test_with_every_queue_paused_there_is_still_an_answer() -> None:
    both = ["penrith", "central"]
    people = seat("Maya"), seat("Marek", "central")
    overflow = only_overflow(*people, waiting("a"), paused=both)
    assert overflow.reason.code == "message.paused"
    assert overflow.reason.words().startswith("The queue is paused. They are told so")
    told = only_wait(*people, waiting("a", rung=2, left=100), paused=both)
    assert told.reason.words() == (
        "The queue of Penrith and Carlisle is paused. They are asked as soon as it opens."
    )


def test_a_queue_that_opens_again_asks_who_still_waits() -> None:
    assert only_offer(seat("Maya"), waiting("a", rung=2, left=100)).staff == "maya"


def test_the_neighbours_are_asked_before_the_central_hub_and_the_nearest_first() -> None:
    home, central = seat("Maya", load=2), seat("Marek", "central", idle=999)
    kendal, barrow = seat("Sam", "kendal", idle=1), seat("Ewa", "barrow", idle=900)
    need = waiting("a", rung=1)
    assert only_offer(home, central, barrow, kendal, need, rules=LANCASHIRE).staff == "sam"
    assert only_offer(home, central, barrow, need, rules=LANCASHIRE).staff == "ewa"
    late = replace(need, rung=2)
    offer = only_offer(home, central, late, rules=LANCASHIRE)
    assert offer.reason.words() == (
        "You, because: you are the only one free. Penrith is full. "
        "Nobody at Kendal and Barrow is on duty."
    )


def test_climbing_to_the_neighbours_names_them_all() -> None:
    busy = [seat("Maya", load=2), seat("Sam", "kendal", load=2), seat("Ewa", "barrow", load=2)]
    climb = only_climb(*busy, waiting("a", left=0), rules=LANCASHIRE)
    assert (climb.rung, climb.until) == (1, after(30))
    assert climb.reason.words() == (
        "Nobody took it at Penrith in time. Kendal and Barrow are asked too."
    )


def test_a_hub_without_neighbours_passes_that_rung() -> None:
    central = seat("Marek", "central", load=2)
    climb = only_climb(central, waiting("a", hub="kendal", left=None), rules=LANCASHIRE)
    assert (climb.rung, climb.reason.words()) == (2, "Carlisle is asked at once.")


@pytest.mark.parametrize(
    ("channel", "kind", "said"),
    [
        ("chat", "promise", "They are told so, and may ask for a safe call back."),
        ("sms", "promise", "They are told so, and may ask for a safe call back."),
        ("voice", "numbers", "The line's own numbers are rung."),
    ],
)
def test_a_ladder_that_ends_on_a_promise_answers_by_channel(
    channel: Channel, kind: str, said: str
) -> None:
    overflow = only_overflow(waiting("a", channel, left=None), rules=LANCASHIRE)
    assert (overflow.kind, overflow.reason.code) == (kind, f"{kind}.nobody")
    assert said in overflow.reason.words()


def test_when_the_line_is_full_the_next_is_answered_at_once() -> None:
    full = replace(CUMBRIA, queue_most=2)
    busy = seat("Maya", load=2)
    line = [waiting(f"c{at}", waited=90 - at, left=None) for at in range(3)]
    verbs = {each: type(one).__name__ for each, one in decided(busy, *line, rules=full).items()}
    assert verbs == {"c0": "Climb", "c1": "Climb", "c2": "Overflow"}
    last = decided(busy, *line, rules=full)["c2"]
    assert last.reason.words() == (
        "As many wait as the line can hold. They are told so, with the number to call. "
        "The place is kept."
    )


def test_a_full_line_neither_drops_who_waits_nor_who_came_back() -> None:
    full = replace(CUMBRIA, queue_most=1)
    busy = seat("Maya", load=2)
    line = waiting("old", waited=90), waiting("older", waited=95)
    assert {type(each).__name__ for each in decided(busy, *line, rules=full).values()} == {"Wait"}
    back = waiting("back", waited=5, front=True, left=None)
    assert type(decided(busy, *line, back, rules=full)["back"]).__name__ == "Climb"


def test_who_finds_a_seat_is_not_one_too_many() -> None:
    full = replace(CUMBRIA, queue_most=1)
    line = [waiting(f"c{at}", waited=90 - at, left=None) for at in range(3)]
    assert offered(seat("Maya", capacity=3), *line, rules=full) == {
        "c0": "maya",
        "c1": "maya",
        "c2": "maya",
    }


def test_three_hundred_in_one_minute_each_get_a_step_and_a_deadline() -> None:
    line = [waiting(f"c{at:03d}", waited=at / 5, left=None) for at in range(300)]
    decisions = decided(seat("Maya"), seat("Marek", "central"), *line)
    assert len(decisions) == 300
    assert all(each.until > NOW for each in decisions.values())
    assert sum(1 for each in decisions.values() if type(each).__name__ == "Offer") == 2
