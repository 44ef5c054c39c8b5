"""The machine of `test_machine.py` finds what it must: a short night of each planted fault ends it.

The nights are told step by step, so that they need no luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from app.cases import claims, joining
from app.cases.model import Channel
from app.db import Work
from routing import acts, claiming, course, offering
from tests.routing.night import Caller
from tests.routing.test_machine import Night

ELLA: Caller = (Channel.CHAT, "penrith", "", "", "en", "")


@pytest.fixture
def night() -> Iterator[Night]:
    """Maya and Tom are at their desks; nobody has come yet."""
    night = Night()
    night.evening(hour=12, away={"aisha", "marek", "hannah", "jo"}, line=[])
    yield night
    night.floor.closes()


def holds(night: Night) -> None:
    night.r1_one_state_and_at_most_one_owner()
    night.r2_who_comes_back_keeps_the_first_time()
    night.r4_no_seat_holds_more_than_its_places()
    night.who_must_not_meet_does_not()
    night.nobody_talks_on_two_lines()


def declined_and_carried_out_late(night: Night) -> None:
    """Two nodes decide; one is stopped, and goes on when the answer is there."""
    night.somebody_comes(ELLA)
    night.a_node_looks_and_is_stopped()
    night.a_node_looks()
    night.an_offer_is_answered(at=0, late=0, other=None, takes=False)
    night.it_goes_on(at=0)
    holds(night)


def taken_and_lost(night: Night) -> None:
    night.somebody_comes(ELLA)
    night.a_node_looks()
    night.an_offer_is_answered(at=0, late=0, other=None, takes=True)
    night.time_passes(seconds=95, swept=True)
    holds(night)


def gone_by(night: Night) -> None:
    night.somebody_comes(ELLA)
    night.a_node_looks()
    holds(night)
    night.time_passes(seconds=21, swept=True)
    night.consoles_beat(set())
    holds(night)
    night.a_node_looks()


def joined_and_left_alone(night: Night) -> None:
    """Hannah stands beside Tom when he is lost; then she is asked herself."""
    night.somebody_comes((Channel.CHAT, "central", "", "", "en", ""))
    night.a_node_looks()
    night.an_offer_is_answered(at=0, late=0, other=None, takes=True)
    night.goes_on_duty("hannah")
    night.somebody_joins(at=0, who="hannah")
    night.is_released(at=0, late=0)
    night.goes_off_duty("tom")
    night.a_node_looks()
    night.an_offer_is_answered(at=0, late=0, other=None, takes=True)
    holds(night)


def joined_and_kept_apart(night: Night) -> None:
    """Hannah stands beside Tom, who asks her to take over; she says that they must not meet."""
    night.somebody_comes((Channel.CHAT, "central", "", "", "en", ""))
    night.a_node_looks()
    night.an_offer_is_answered(at=0, late=0, other=None, takes=True)
    night.goes_on_duty("hannah")
    night.somebody_joins(at=0, who="hannah")
    night.is_handed_to_a_colleague(at=0, late=0, other=None, to="hannah")
    night.it_is_said_at_the_door(at=0, late=0, other=None)
    holds(night)


def tied_while_a_node_was_stopped(night: Night) -> None:
    """A hub is tied to somebody she fears, between deciding and carrying out."""
    night.somebody_comes(ELLA)
    night.a_node_looks_and_is_stopped()
    night.it_is_said_of_a_hub(at=0, hub="penrith", other="hannah")
    night.it_goes_on(at=0)
    holds(night)


def handed_over_and_lost(night: Night) -> None:
    """Tom's call goes to Hannah, whose seat is smaller; then her line is gone."""
    night.somebody_comes((Channel.VOICE, "central", "", "", "en", ""))
    night.a_node_looks()
    night.an_offer_is_answered(at=0, late=0, other=None, takes=True)
    night.goes_on_duty("hannah")
    night.is_handed_to_a_colleague(at=0, late=0, other=None, to="hannah")
    night.an_offer_is_answered(at=0, late=0, other=None, takes=True)
    assert night.ledger.contacts["c000"].owner == "hannah"
    holds(night)
    night.is_released(at=0, late=0)
    night.a_node_looks()
    holds(night)


def pulled_while_another_rings(night: Night) -> None:
    """A call rings at Tom, and he pulls another: he is not put on two lines."""
    for _ in range(2):
        night.somebody_comes((Channel.VOICE, "central", "", "", "en", ""))
    night.a_node_looks()
    night.somebody_pulls("tom", at=1, late=0)
    assert night.ledger.contacts["c001"].owner == "tom"
    night.an_offer_is_answered(at=0, late=0, other=None, takes=True)
    holds(night)


STORIES = [
    handed_over_and_lost,
    pulled_while_another_rings,
    declined_and_carried_out_late,
    taken_and_lost,
    gone_by,
    joined_and_left_alone,
    joined_and_kept_apart,
    tied_while_a_node_was_stopped,
]


@pytest.mark.parametrize("story", STORIES)
def test_without_a_fault_each_story_holds(night: Night, story: Any) -> None:
    story(night)


def test_it_finds_a_seat_that_always_says_yes(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def yes(work: Work, wanted: Sequence[tuple[str, int]]) -> list[bool]:
        return [True for _ in wanted]

    monkeypatch.setattr(claiming, "take_each", yes)
    with pytest.raises(AssertionError, match="the load is what is held"):
        gone_by(night)


def test_it_finds_an_old_decision_that_counts(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = acts.carry_out

    def carried_out(work: Work, decided: Any, seen: Any, seconds: int) -> Any:
        now = claims.still_waiting(work, list(seen))
        return real(work, decided, {each: row.offer_no for each, row in now.items()}, seconds)

    monkeypatch.setattr(acts, "carry_out", carried_out)
    with pytest.raises(AssertionError):
        declined_and_carried_out_late(night)


def test_it_finds_a_place_that_is_never_given_back(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "free", lambda *args, **kwargs: None)
    with pytest.raises(AssertionError, match="the load is what is held"):
        taken_and_lost(night)


def test_it_finds_that_nobody_remembers_who_let_it_go_by(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "lapsed", lambda work, staff: None)
    real = offering.settle

    def as_withdrawn(work: Work, contact: str, number: int, answer: Any) -> bool:
        return real(work, contact, number, "withdrawn" if answer == "lapsed" else answer)

    monkeypatch.setattr(offering, "settle", as_withdrawn)
    with pytest.raises(AssertionError):
        gone_by(night)


def test_it_finds_a_number_that_is_not_compared(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late decline counts for whatever rings now."""
    real = acts.decline

    def declines(work: Work, staff: str, contact: str, number: int) -> None:
        real(work, staff, contact, night.ledger.contacts[contact].offer_no)

    monkeypatch.setattr(acts, "decline", declines)
    night.somebody_comes(ELLA)
    night.a_node_looks()
    with pytest.raises(AssertionError, match="counted"):
        night.an_offer_is_answered(at=0, late=1, other=None, takes=False)


def test_it_finds_an_owner_who_stands_beside_too(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "leave", lambda *args: False)
    with pytest.raises(AssertionError, match="who is beside"):
        joined_and_left_alone(night)


def test_it_finds_who_must_not_meet_and_stays_beside(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "leave", lambda *args: False)
    with pytest.raises(AssertionError, match="who is beside"):
        joined_and_kept_apart(night)


def test_it_finds_an_offer_to_whom_they_must_not_meet(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "_that_may_meet", lambda work, wanted: list(wanted))
    with pytest.raises(AssertionError):
        tied_while_a_node_was_stopped(night)


def test_it_finds_somebody_on_two_lines(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offering, "check_one_call", lambda *args: None)
    with pytest.raises(AssertionError):
        pulled_while_another_rings(night)
