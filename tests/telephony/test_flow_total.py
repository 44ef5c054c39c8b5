"""Whatever the carrier sends, in whatever order and however often: no illegal state, no caller
without a next step, and the state only moves forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony import flow
from telephony.asks import EndContact, RequestSeat, RingAdvisor
from telephony.events import (
    AdvisorAfterRoom,
    AdvisorAnswered,
    AdvisorPressed,
    AdvisorSent,
    AdvisorStatus,
    CallArrived,
    CallerGone,
    CallStatus,
    Chosen,
    Digits,
    Event,
    HoldTick,
    Look,
    MessageEnded,
    MessageKey,
    MessageReady,
    Moved,
    NoDigits,
    NumberAnswered,
    NumberDialEnded,
    NumberPressed,
    QueueLeft,
    Returned,
    RoomDialEnded,
    RoomEvent,
    WaitTick,
)
from telephony.states import Arrived, Choice, Ended, Facts, Goodbye, Overflow, State, Turn
from telephony.verbs import DialNumber, DialRoom, Enqueue, Gather, Hangup, Leave, Play, Redirect
from tests.telephony.story import CALL, MENU, NIGHT, lines

VOICEMAIL = replace(NIGHT, choices=(Choice.VOICEMAIL,))
NUMBERS = st.integers(0, 9)
LEGS = st.integers(0, 3)
KEYS = st.sampled_from(["", "1", "2", "9", "55", "*", "#"])
STATUSES = st.sampled_from(
    "queued ringing in-progress completed busy failed no-answer canceled odd".split()
)
RESULTS = st.sampled_from(
    "bridged bridging-in-process error hangup leave redirected redirected-from-bridged "
    "queue-full system-error odd".split()
)

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.just(CallArrived(None, "+448081570142")),
    st.builds(Digits, NUMBERS, KEYS),
    st.builds(NoDigits, NUMBERS),
    st.builds(Chosen, NUMBERS, KEYS),
    st.builds(MessageKey, NUMBERS, KEYS),
    st.builds(MessageEnded, NUMBERS, st.none() | st.integers(0, 180), st.booleans()),
    st.builds(MessageReady, NUMBERS, st.just("RE1"), st.integers(0, 180), st.booleans()),
    st.builds(WaitTick, NUMBERS, st.none() | st.integers(0, 900)),
    st.builds(HoldTick, NUMBERS),
    st.builds(QueueLeft, NUMBERS, RESULTS),
    st.builds(Moved, NUMBERS),
    st.builds(Returned, NUMBERS, st.booleans(), st.booleans()),
    st.builds(RoomDialEnded, NUMBERS, st.booleans()),
    st.builds(NumberDialEnded, NUMBERS, st.none() | st.booleans(), st.booleans()),
    st.builds(NumberAnswered, NUMBERS),
    st.builds(NumberPressed, NUMBERS, KEYS),
    st.builds(AdvisorAnswered, LEGS),
    st.builds(AdvisorPressed, LEGS, KEYS, st.integers(0, 2)),
    st.builds(AdvisorAfterRoom, LEGS),
    st.builds(AdvisorSent, LEGS),
    st.builds(AdvisorStatus, LEGS, STATUSES),
    st.builds(
        RoomEvent,
        NUMBERS,
        st.sampled_from(["join", "leave", "end", "start", "other"]),
        st.sampled_from(["", CALL, "CA-else"]),
    ),
    st.builds(CallStatus, STATUSES),
    st.just(CallerGone()),
    st.just(Look()),
)


@st.composite
def worlds(draw: st.DrawFn) -> list[tuple[Event, Facts]]:
    """A run of callbacks, some twice, with the facts of the moment moving on their own."""
    facts = draw(st.sampled_from([NIGHT, MENU, VOICEMAIL]))
    told: list[tuple[Event, Facts]] = []
    assignment = 0
    for _ in range(draw(st.integers(1, 40))):
        facts = replace(facts, now=facts.now + timedelta(seconds=draw(st.integers(0, 40))))
        change = draw(st.integers(0, 9))
        if change == 0:
            assignment += 1
            facts = replace(facts, assignment=assignment, staff="maya")
        elif change == 1:
            facts = replace(facts, assignment=None, staff="")
        elif change == 2:
            facts = replace(facts, overflow=not facts.overflow)
        elif change == 3:
            facts = replace(facts, position=draw(st.none() | st.integers(1, 300)))
        elif change == 4 and draw(st.integers(0, 4)) == 0:
            facts = replace(facts, finished=True, assignment=None)
        told += [(draw(EVENTS), facts)] * draw(st.sampled_from([1, 1, 1, 2]))
    return told


ASKS_WHAT_NEXT = (
    CallArrived | Digits | NoDigits | WaitTick | HoldTick | Moved | QueueLeft | RoomDialEnded
    | NumberDialEnded | Returned | MessageKey | MessageEnded
)  # fmt: skip
ELSEWHERE = {"redirected", "redirected-from-bridged", "bridged", "bridging-in-process", "hangup"}


def on_the_line(event: Event) -> bool:
    """The caller is listening for this very answer."""
    match event:
        case QueueLeft(_, result):
            return result not in ELSEWHERE
        case Returned(up=up) | RoomDialEnded(up=up) | NumberDialEnded(up=up) | MessageEnded(up=up):
            return up
        case _:
            return isinstance(event, ASKS_WHAT_NEXT)


def judge(before: State, event: Event, facts: Facts, turn: Turn) -> None:
    after = turn.state
    lines(turn.verbs)  # valid for the carrier, and no recording
    assert after.number >= before.number, "only forward"
    if isinstance(before, Ended):
        assert after == before, "the end is the end"
    if isinstance(before, Goodbye):
        assert isinstance(after, Goodbye | Ended)
    if on_the_line(event):
        assert turn.verbs, "a caller always hears what is next"
        last = turn.verbs[-1]
        if isinstance(event, WaitTick):
            assert isinstance(last, Play | Leave | Gather), "sound, or out of the queue"
        else:
            assert isinstance(last, Enqueue | Redirect | DialNumber | DialRoom | Hangup)
        if isinstance(last, Hangup):
            assert isinstance(after, Goodbye | Ended), "nobody is hung up on"
    rings = [ask for ask in turn.asks if isinstance(ask, RingAdvisor)]
    assert all(ask.assignment == facts.assignment for ask in rings), "only the owner is rung"
    if isinstance(after, Overflow):
        assert after.index < len(facts.numbers)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_any_callbacks_in_any_order(told: list[tuple[Event, Facts]]) -> None:
    state: State = Arrived()
    seats = ends = 0
    for event, facts in told:
        turn = flow.step(state, event, facts)
        judge(state, event, facts, turn)
        seats += sum(isinstance(ask, RequestSeat) for ask in turn.asks)
        ends += sum(
            isinstance(ask, EndContact) and not isinstance(event, Look) for ask in turn.asks
        )
        state = turn.state
    assert seats <= 1, "one call asks for one seat"
    assert ends <= 1, "one call ends once"


@settings(max_examples=80, deadline=None)
@given(worlds(), st.sampled_from(["completed", "no-answer", "failed"]))
def test_after_the_carrier_s_last_word_the_call_is_over(
    told: list[tuple[Event, Facts]], status: str
) -> None:
    state: State = Arrived()
    for event, facts in told:
        state = flow.step(state, event, facts).state
    facts = told[-1][1]
    state = flow.step(state, CallStatus(status), facts).state
    assert isinstance(state, Ended)
    assert flow.step(state, CallStatus(status), facts).asks == ()


@settings(max_examples=80, deadline=None)
@given(worlds())
def test_the_same_event_twice_in_a_row_asks_for_nothing_new(
    told: list[tuple[Event, Facts]],
) -> None:
    state: State = Arrived()
    for event, facts in told:
        once = flow.step(state, event, facts)
        twice = flow.step(once.state, event, facts)
        done = {RequestSeat, EndContact, RingAdvisor}
        again = [ask for ask in twice.asks if type(ask) in done and not isinstance(event, Look)]
        assert again == []
        state = once.state
