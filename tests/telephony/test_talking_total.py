"""Hold, keys, parties and transfers in any order, with every other callback between: no illegal
state, nobody left in a room by the flow, and the state only moves forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony import flow, keeping
from telephony.asks import ReleaseSeat
from telephony.events import CallStatus, Event, Look
from telephony.states import Asking, Away, Ended, Facts, Goodbye, Party, State, Talking, Waiting
from telephony.talk_events import (
    HandedInRoom,
    HeldTick,
    HoldAsked,
    KeysAsked,
    KeysHeard,
    LeftToParty,
    MuteAsked,
    PartyAfterRoom,
    PartyAnswered,
    PartyAsked,
    PartyDropped,
    PartyPressed,
    PartyStatus,
    PartyTold,
    PresentAsked,
    RoomAsked,
    RoomSeen,
)
from telephony.verbs import DialRoom, Hangup
from tests.telephony.story import CALL, NIGHT, lines
from tests.telephony.test_flow_total import EVENTS, KEYS, NUMBERS, STATUSES

LEG, THEIRS = "CA-maya", "CA-party"
TALK = Talking(3, 1, "room-7f3a")
PARTIES = st.sampled_from(["p1", "p2"])
KINDS = st.sampled_from("advisor colleague supervisor hub interpreter police number".split())

TALKS: st.SearchStrategy[Event] = st.one_of(
    st.builds(HoldAsked, st.booleans()),
    st.builds(MuteAsked, st.booleans()),
    st.just(KeysAsked()),
    st.builds(KeysHeard, NUMBERS, KEYS),
    st.builds(HeldTick, NUMBERS),
    st.builds(PresentAsked, NUMBERS),
    st.just(RoomAsked()),
    st.builds(
        RoomSeen,
        st.sampled_from([TALK.room, "another room"]),
        st.frozensets(st.sampled_from([CALL, LEG, THEIRS])),
    ),
    st.builds(PartyAsked, PARTIES, st.booleans()),
    st.builds(PartyDropped, PARTIES),
    st.builds(PartyAnswered, PARTIES),
    st.builds(PartyPressed, PARTIES, KEYS, st.integers(0, 2)),
    st.builds(PartyAfterRoom, PARTIES),
    st.builds(PartyTold, PARTIES, st.sampled_from(["joined", "left"])),
    st.builds(PartyStatus, PARTIES, STATUSES),
    st.builds(HandedInRoom, PARTIES, st.integers(1, 4)),
    st.builds(LeftToParty, PARTIES),
)
FACTS: st.SearchStrategy[Facts] = st.builds(
    lambda party, leg, assignment, names, finished, queued: replace(
        NIGHT, party=party, leg=leg, assignment=assignment, staff="maya" if assignment else "",
        names=names, finished=finished, queued=queued, others=frozenset({THEIRS}),
    ),
    st.none() | st.builds(
        Party, PARTIES, KINDS, st.sampled_from(["", THEIRS, LEG]),
        st.sampled_from("asked ringing talking left failed".split()), st.integers(0, 2),
        st.sampled_from(["", LEG]), st.booleans(),
    ),
    st.sampled_from(["", LEG]),
    st.none() | st.integers(1, 3),
    st.sampled_from(["", "Maya and Tom"]),
    st.booleans(),
    st.booleans(),
)  # fmt: skip
RUNS = st.lists(st.tuples(st.one_of(TALKS, EVENTS), FACTS, st.integers(0, 30)), max_size=30)


def judge(before: State, event: Event, after: State, said: tuple[str, ...]) -> None:
    assert after.number >= before.number, "only forward"
    assert keeping.opened(keeping.kept(after)) == after, "it can be kept and opened again"
    if isinstance(before, Ended):
        assert after == before
    if isinstance(before, Goodbye):
        assert isinstance(after, Goodbye | Ended)
    if isinstance(event, KeysHeard):
        assert said, "a caller who comes back from the keys always has a next step"
    if isinstance(after, Talking) and isinstance(before, Asking):
        assert after.room == before.talk.room, "back to the same room"
        assert after.number > before.number
    if isinstance(after, Away):
        assert isinstance(before, Talking | Away)


@settings(max_examples=150, deadline=None)
@given(RUNS)
def test_any_talk_in_any_order(run: list[tuple[Event, Facts, int]]) -> None:
    state: State = TALK
    now = NIGHT.now
    for event, facts, seconds in run:
        now += timedelta(seconds=seconds)
        turn = flow.step(state, event, replace(facts, now=now))
        judge(state, event, turn.state, lines(turn.verbs))
        state = turn.state


@settings(max_examples=80, deadline=None)
@given(RUNS, st.sampled_from(["completed", "failed"]))
def test_whatever_was_before_the_end_of_the_call_is_the_end(
    run: list[tuple[Event, Facts, int]], status: str
) -> None:
    state: State = TALK
    for event, facts, _ in run:
        state = flow.step(state, event, facts).state
    assert isinstance(flow.step(state, CallStatus(status), NIGHT).state, Ended)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(TALKS, FACTS), max_size=12))
def test_an_advisor_who_is_gone_gives_the_caller_back_within_ten_seconds(
    run: list[tuple[Event, Facts]],
) -> None:
    """Two looks: the sweeper's own, and the flow's five seconds later."""
    state: State = TALK
    for event, facts in run:
        state = flow.step(state, event, facts).state
    if not isinstance(state, Talking):
        return
    alone = replace(NIGHT, leg=LEG, assignment=state.assignment, staff="maya")
    state = flow.step(state, RoomSeen(state.room, frozenset({CALL})), alone).state
    later = replace(alone, now=alone.now + timedelta(seconds=5))
    turn = flow.step(state, Look(), later)
    assert isinstance(turn.state, Waiting)
    assert any(isinstance(ask, ReleaseSeat) for ask in turn.asks)


def test_keys_lead_into_the_room_again_under_a_new_number() -> None:
    asking = flow.step(TALK, KeysAsked(), NIGHT).state
    assert isinstance(asking, Asking)
    turn = flow.step(asking, KeysHeard(asking.number, "2"), NIGHT)
    assert isinstance(turn.verbs[-1], DialRoom)
    again = flow.step(turn.state, KeysHeard(asking.number, "2"), NIGHT)
    assert (again.state, again.verbs) == (turn.state, turn.verbs)


def test_a_party_who_presses_nothing_is_never_in_the_room() -> None:
    facts = replace(NIGHT, party=Party("p1", "colleague", THEIRS))
    for tries in range(3):
        turn = flow.step(TALK, PartyPressed("p1", "", tries), facts)
        assert turn.state == TALK
        assert isinstance(turn.verbs[-1], Hangup)
        assert not any(isinstance(verb, DialRoom) for verb in turn.verbs)
