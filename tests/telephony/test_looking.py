"""The second's look leaves alone who waits in the queue and is nobody's: that is why the query of
`acts.unsettled` may pass over them, hundreds at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from telephony import acts, flow, keeping
from telephony.events import Look
from telephony.states import Menu, Talking, Turn, Waiting, Why
from tests.telephony.story import MENU, NIGHT

ROUNDS = st.one_of(st.none(), st.just(NIGHT.now), st.just(NIGHT.now - timedelta(hours=3)))


@given(number=st.integers(1, 99), why=st.sampled_from(Why), rung_at=ROUNDS, overflow=st.booleans())
def test_a_look_changes_nothing_for_whoever_waits_and_is_nobody_s(
    number: int, why: Why, rung_at: None, overflow: bool
) -> None:
    waiting = Waiting(number, why, rung_at)
    for facts in (NIGHT, MENU):
        waits = replace(facts, overflow=overflow, assignment=None, staff="", finished=False)
        assert flow.step(waiting, Look(), waits) == Turn(waiting)
        taken = replace(waits, assignment=1, staff="maya")
        assert flow.step(waiting, Look(), taken) != Turn(waiting), "a look is what has them rung"


@given(overflow=st.booleans(), taken=st.none() | st.integers(1, 3))
def test_a_look_changes_nothing_for_whoever_hears_the_menu(
    overflow: bool, taken: int | None
) -> None:
    facts = replace(MENU, overflow=overflow, assignment=taken)
    assert flow.step(Menu(1), Look(), facts) == Turn(Menu(1))


def test_calls_at_rest_are_kept_as_the_query_expects() -> None:
    kept = [keeping.kept(each) for each in (Waiting(3), Menu(1))]
    assert [line.startswith(acts._AT_REST) for line in kept] == [True, True]
    assert not keeping.kept(Talking(3, 1, "room")).startswith(acts._AT_REST)
