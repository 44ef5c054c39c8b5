"""A call back dialled by the house: the advisor first, then the person, and never a machine."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony import calling_back as flow
from telephony.calling_back import (
    AdvisorAnswered,
    AdvisorPressed,
    AdvisorTold,
    Ask,
    At,
    Came,
    Event,
    PersonAnswered,
    Progress,
    Refused,
    Try,
    step,
)
from telephony.verbs import DialRoom, Hangup, Say

BEGUN = Try("room-7f3a")
READY = Try("room-7f3a", At.PERSON)
TALKING = Try("room-7f3a", At.TALKING, Came.SPOKE)


def test_the_person_is_rung_only_once_the_advisor_pressed_1() -> None:
    assert step(BEGUN, AdvisorAnswered()).asks == ()
    for wrong in ("", "2", "#"):
        assert step(BEGUN, AdvisorPressed(wrong)).asks == ()
    turn = step(BEGUN, AdvisorPressed("1"))
    assert (turn.state.at, turn.asks) == (At.PERSON, (Ask.RING_PERSON,))
    assert isinstance(turn.verbs[0], DialRoom)


def test_an_advisor_s_own_voicemail_never_rings_the_person() -> None:
    turn = step(BEGUN, AdvisorPressed("", tries=2))
    assert (turn.state.at, turn.state.came, turn.asks) == (At.OVER, Came.NOT_RUNG, ())


def test_a_person_is_joined_and_hears_no_words_of_ours() -> None:
    turn = step(READY, PersonAnswered("human"))
    assert turn.state == TALKING
    assert [type(verb) for verb in turn.verbs] == [DialRoom]


@pytest.mark.parametrize("by", ["machine_start", "fax", "unknown", "machine_end_beep", ""])
def test_to_a_machine_or_to_nobody_knows_what_nothing_is_said(by: str) -> None:
    turn = step(READY, PersonAnswered(by))
    assert turn.verbs == (Hangup(),)
    assert (turn.state.at, turn.state.came) == (At.OVER, Came.MACHINE)
    assert turn.asks == (Ask.TELL_ADVISOR,)
    assert step(turn.state, AdvisorTold()).verbs[1] == Say("back_machine")


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "completed"])
def test_nobody_answers_and_the_advisor_hears_so(status: str) -> None:
    turn = step(READY, Progress("person", status))
    assert (turn.state.came, turn.asks) == (Came.NO_ANSWER, (Ask.TELL_ADVISOR,))
    assert step(turn.state, AdvisorTold()).verbs[1] == Say("back_no_answer")


@pytest.mark.parametrize("state", [READY, TALKING])
def test_an_advisor_who_is_gone_leaves_nobody_alone_in_a_silent_room(state: Try) -> None:
    assert step(state, Progress("advisor", "completed")).asks == (Ask.END_PERSON,)
    assert step(state, AdvisorTold()).asks == (Ask.END_PERSON,)


def test_when_they_hang_up_it_is_over_for_both() -> None:
    turn = step(TALKING, Progress("person", "completed"))
    assert (turn.state.came, turn.asks) == (Came.SPOKE, (Ask.TELL_ADVISOR,))


def test_a_permit_that_ran_out_rings_nobody() -> None:
    turn = step(READY, Refused())
    assert (turn.state.came, turn.asks) == (Came.NOT_RUNG, (Ask.TELL_ADVISOR,))
    assert step(TALKING, Refused()).state == TALKING, "too late to matter"


STATUSES = st.sampled_from(
    "queued ringing in-progress completed busy failed no-answer canceled odd".split()
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.just(AdvisorAnswered()),
    st.builds(AdvisorPressed, st.sampled_from(["", "1", "2", "#"]), st.integers(0, 3)),
    st.just(AdvisorTold()),
    st.builds(PersonAnswered, st.sampled_from(["human", "machine_start", "unknown", ""])),
    st.builds(Progress, st.sampled_from(["advisor", "person"]), STATUSES),
    st.just(Refused()),
)
RANK = list(At)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(EVENTS, st.booleans()), max_size=25))
def test_any_callbacks_in_any_order(told: list[tuple[Event, bool]]) -> None:
    state, rings = BEGUN, 0
    for event, twice in told:
        for _ in range(2 if twice else 1):
            turn = step(state, event)
            assert RANK.index(turn.state.at) >= RANK.index(state.at), "only forward"
            if isinstance(event, PersonAnswered):
                assert not any(isinstance(verb, Say) for verb in turn.verbs), "never a word"
                joined = any(isinstance(verb, DialRoom) for verb in turn.verbs)
                assert not joined or turn.state.at is At.TALKING
            if state.at is At.OVER:
                assert turn.state == state
                assert turn.asks == ()
            if turn.state.at is At.OVER and state.at in (At.PERSON, At.TALKING):
                assert turn.asks, "the other phone is let go"
            rings += turn.asks.count(Ask.RING_PERSON)
            state = turn.state
    assert rings <= 1, "one try rings them once"


def test_their_phone_is_not_rung_for_ever() -> None:
    assert flow.RING_SECONDS <= 30
    assert flow.MOST_TRIES <= 3
