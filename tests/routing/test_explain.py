"""Why not the others: every seat that was passed over says what stood against it."""

import pytest

from routing.decide import decide
from routing.explain import explain
from routing.model import Seat, Waiting
from tests.routing.desk import NOW, board, seat, waiting


def against(*people: Seat | Waiting, contact: str = "a") -> dict[str, list[str]]:
    return {
        each.staff: [reason.code for reason in each.reasons]
        for each in explain(board(*people), contact, NOW)
    }


def words(*people: Seat | Waiting) -> dict[str, str]:
    return {
        each.staff: " ".join(reason.words() for reason in each.reasons)
        for each in explain(board(*people), "a", NOW)
    }


def test_every_seat_but_the_chosen_one_says_why_not() -> None:
    people = [
        seat("Maya", idle=900),
        seat("Tom", idle=30),
        seat("Aisha", load=2),
        seat("Ben", state="break"),
        seat("Cleo", state="offline"),
        seat("Dan", lease=-125),
        seat("Eve", channels=["voice"]),
        seat("Finn", on_call=True),
        seat("Gus", "central"),
    ]
    assert against(*people, waiting("a")) == {
        "tom": ["idle"],
        "aisha": ["places"],
        "ben": ["break"],
        "cleo": ["offline"],
        "dan": ["unseen"],
        "eve": ["channel"],
        "finn": ["call"],
        "gus": ["hub"],
    }
    said = words(*people, waiting("a"))
    assert said["tom"] == "Idle less long than Maya."
    assert said["aisha"] == "2 of 2 places used."
    assert said["gus"] == "Works at Carlisle, which is not asked now."
    assert said["dan"] == "Not seen for 2 min longer than allowed."


def test_all_that_stands_against_a_seat_is_told() -> None:
    tired = seat("Ben", "kendal", state="break", load=2)
    assert against(tired, waiting("a"))["ben"] == ["break", "hub", "places"]


def test_training_and_distance_and_language_are_named() -> None:
    trained = seat("Tom", idle=1, skills=["domestic-abuse"])
    need = waiting("a", crime="domestic", rung=1)
    assert against(trained, seat("Maya"), seat("Marek", "central"), need) == {
        "maya": ["untrained"],
        "marek": ["farther"],
    }
    polish = seat("Ola", languages=["pl"], idle=1)
    assert against(polish, seat("Maya"), waiting("a", language="pl")) == {"maya": ["language"]}


def test_a_seat_taken_by_somebody_ahead_says_so() -> None:
    one, ahead = seat("Maya", capacity=1), waiting("b", waited=90)
    assert against(one, ahead, waiting("a")) == {"maya": ["ahead"]}
    two = seat("Maya", idle=9), seat("Tom", idle=5)
    assert against(*two, ahead, waiting("a")) == {"maya": ["idle"]}


def test_who_was_asked_or_must_never_meet_them_says_so() -> None:
    need = waiting("a", asked=["tom"], barred=["ben"])
    assert against(seat("Tom"), seat("Ben"), seat("Maya"), need) == {
        "tom": ["asked"],
        "ben": ["barred"],
    }


def test_decisions_at_hand_need_not_be_made_again() -> None:
    night = board(seat("Maya"), seat("Tom", idle=1), waiting("a"))
    assert explain(night, "a", NOW, decide(night, NOW)) == explain(night, "a", NOW)


def test_a_contact_that_does_not_wait_has_nothing_to_explain() -> None:
    with pytest.raises(KeyError):
        explain(board(seat("Maya")), "a", NOW)
