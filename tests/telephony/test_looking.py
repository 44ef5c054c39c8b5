"""The second's look leaves alone who waits in the queue and is nobody's: that is why the query of
`acts.unsettled` may pass over them, hundreds at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from telephony import flow, keeping
from telephony.events import Look
from telephony.states import Turn, Waiting, Why
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


def test_a_waiting_call_is_kept_as_the_query_expects() -> None:
    assert keeping.kept(Waiting(3)).startswith('{"at":"Waiting",')
