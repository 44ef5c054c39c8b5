"""Every callback at random: interleaved, late, twice, reordered, beside everything people do.

A model of the carrier plays the caller's phone from our own documents. After every step: no
illegal state, nothing goes back, the caller has a next step. At the end of every run an advisor
comes, and whoever is still on the line reaches them (S2, S3).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from telephony import flow, keeping
from telephony.asks import (
    AskCallBack,
    EndContact,
    MoveCaller,
    ReleaseSeat,
    RequestSeat,
    RingAdvisor,
    TextMe,
)
from telephony.events import (
    AdvisorAfterRoom,
    AdvisorAnswered,
    AdvisorPressed,
    AdvisorStatus,
    CallArrived,
    CallerGone,
    CallStatus,
    Event,
    Look,
    MessageReady,
    RoomEvent,
)
from telephony.states import (
    Arrived,
    Away,
    Bridging,
    Choice,
    Ended,
    Facts,
    Goodbye,
    Overflow,
    State,
    Talking,
    Turn,
)
from telephony.talk_events import HoldAsked, KeysAsked
from telephony.verbs import Step
from tests.machines import played
from tests.telephony.handset import KEYS, Handset, said_by
from tests.telephony.story import CALL, MENU, NIGHT, lines

pytestmark = pytest.mark.machine

BY_WHEN = dict.fromkeys(("any", "morning", "afternoon", "evening"), (True, "17:00"))
ALL = replace(MENU, choices=tuple(Choice), by_when=BY_WHEN, minutes=(2, 9))
STATUSES = ("queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "odd")
SETTLED = 14
"""Steps in which whoever is on the line must have reached an advisor who is there."""


class Callbacks(RuleBasedStateMachine):
    """Ruth's call, the advisors who take it, the numbers that are rung, and a careless network."""

    @initialize(facts=st.sampled_from([NIGHT, MENU, ALL, replace(ALL, relay=True)]),
                slowed=st.booleans())  # fmt: skip
    def ruth_rings(self, facts: Facts, slowed: bool) -> None:
        self.facts = replace(facts, slowed=slowed)
        self.state: State = Arrived()
        self.phone = Handset()
        self.moves: list[MoveCaller] = []
        self.past: list[Event] = []
        self.latest = 0
        self.seats = self.ends = 0
        self._brought(CallArrived("+447700900123", self.facts.line))

    # What the caller's own phone brings.

    @precondition(lambda self: not self.phone.over)
    @rule(which=st.integers(0, 3))
    def the_call_goes_on(self, which: int) -> None:
        following = self.phone.next()
        if self._at_a_fallback_number():
            following = following[:2]
        self._brought(following[which % len(following)])

    @precondition(lambda self: not self.phone.over)
    @rule(key=st.sampled_from(KEYS))
    def ruth_presses_a_key(self, key: str) -> None:
        self._brought(self.phone.next(key)[0])

    @precondition(lambda self: not self.phone.over)
    @rule(steps=st.integers(2, 5), asks=st.sampled_from("123"), answers=st.sampled_from(KEYS))
    def ruth_waits_and_asks_for_something(self, steps: int, asks: str, answers: str) -> None:
        """Undisturbed for a moment, so that runs come deep into the waiting."""
        for key in ("",) * steps + (asks, answers):
            if not self.phone.over:
                self._brought(self.phone.next(key)[0])

    @precondition(lambda self: not self.phone.over and not self.facts.finished)
    @rule()
    def maya_takes_it(self) -> None:
        """All the way into the room, where the network lets her."""
        self.maya_accepts()
        self._told(Look())
        self._told(AdvisorPressed(self.latest, "1"))
        self._moves_arrive()

    @precondition(lambda self: not self.phone.over and self.moves)
    @rule(which=st.integers(0, 5), once_more=st.booleans())
    def ruth_is_moved(self, which: int, once_more: bool) -> None:
        """Requests to the carrier may pass each other, and be made again."""
        move = self.moves[which % len(self.moves)]
        if not once_more:
            self.moves.remove(move)
        if move.number == self.state.number:  # the outbox drops what the call has left behind
            self._move(move)

    @precondition(lambda self: not self.phone.over)
    @rule(word=st.sampled_from(["completed", "no-answer", "failed", ""]), luck=st.integers(0, 7))
    def ruth_hangs_up(self, word: str, luck: int) -> None:
        """Seldom: most of a run is about callers who stay."""
        if luck != 5:
            return
        self.phone.over = True
        self._told(CallStatus(word) if word else CallerGone())

    # What everybody else brings, in any order.

    @rule(late=st.integers(0, 200))
    def a_callback_comes_again(self, late: int) -> None:
        """Its answer reaches nobody: the call is elsewhere by now."""
        self._told(self.past[late % len(self.past)])

    @rule()
    def maya_accepts(self) -> None:
        if self.facts.assignment is None and not self.facts.finished:
            self.latest += 1
            self.facts = replace(self.facts, assignment=self.latest, staff="maya")

    @rule()
    def she_loses_it(self) -> None:
        self.facts = replace(self.facts, assignment=None, staff="")

    @rule(back=st.integers(0, 1), digits=st.sampled_from(["1", "", "9"]), tries=st.integers(0, 2))
    def an_advisor_s_phone_is_pressed(self, back: int, digits: str, tries: int) -> None:
        leg = max(self.latest - back, 0)
        self._told(AdvisorAnswered(leg))
        self._told(AdvisorPressed(leg, digits, tries))

    @rule(back=st.integers(0, 1), status=st.sampled_from(STATUSES))
    def an_advisor_s_phone_tells(self, back: int, status: str) -> None:
        self._told(AdvisorStatus(max(self.latest - back, 0), status))

    @rule(kind=st.sampled_from(["join", "leave", "end", "start"]), back=st.integers(0, 2),
          who=st.sampled_from(["", CALL, "CA-maya"]))  # fmt: skip
    def the_room_tells(self, kind: str, back: int, who: str) -> None:
        self._told(RoomEvent(max(self.state.number - back, 0), kind, who))
        self._told(AdvisorAfterRoom(self.latest))

    @precondition(lambda self: self.phone.rung)
    @rule(which=st.integers(0, 9), digits=st.sampled_from(["", "1", "2"]))
    def somebody_answers_a_fallback_number(self, which: int, digits: str) -> None:
        whisper = self.phone.rung[which % len(self.phone.rung)]
        self._told(said_by(whisper))
        self._told(said_by(Step("pressed", whisper.number), Digits=digits))

    @rule(on=st.booleans(), keys=st.booleans())
    def the_advisor_does_something(self, on: bool, keys: bool) -> None:
        self._told(KeysAsked() if keys else HoldAsked(on))

    @rule(seconds=st.integers(0, 30))
    def a_message_is_ready(self, seconds: int) -> None:
        self._told(MessageReady(self.state.number, "RE" + "0" * 32, seconds, True))

    # The world.

    @rule(seconds=st.integers(1, 70))
    def time_passes_and_we_look(self, seconds: int) -> None:
        self.facts = replace(self.facts, now=self.facts.now + timedelta(seconds=seconds))
        self._told(Look())

    @rule(place=st.none() | st.integers(1, 300))
    def the_line_moves(self, place: int | None) -> None:
        self.facts = replace(self.facts, position=place)

    @rule()
    def the_ladder_comes_to_its_end_or_begins_again(self) -> None:
        self.facts = replace(self.facts, overflow=not self.facts.overflow)

    @precondition(lambda self: self.facts.assignment is not None)
    @rule(abusive=st.booleans())
    def the_advisor_ends_it(self, abusive: bool) -> None:
        self.facts = replace(self.facts, finished=True, assignment=None, abusive=abusive)

    # What must hold.

    @invariant()
    def the_caller_has_a_next_step(self) -> None:
        if not self.phone.over:
            waits = self.phone.next() or self.moves
            assert waits, f"silence after {self.phone.document} in {self.state}"

    @invariant()
    def the_state_is_one_that_can_be_kept(self) -> None:
        assert keeping.opened(keeping.kept(self.state)) == self.state
        assert self.seats <= 1, "one call asks for one seat"
        assert self.ends <= 1, "one call ends once"
        if isinstance(self.state, Overflow):
            assert self.state.index < len(self.facts.numbers)

    def teardown(self) -> None:
        """A calm end: an advisor is there, the network carries, and Ruth says nothing."""
        if hasattr(self, "phone") and not self.phone.over and not self.facts.finished:
            self._settle()

    # Within.

    def _settle(self) -> None:
        for _ in range(SETTLED):
            if self.phone.over or self._reached():
                return
            self.maya_accepts()
            self.facts = replace(self.facts, now=self.facts.now + timedelta(seconds=31))
            self._told(Look())
            self._told(AdvisorPressed(self.latest, "1"))
            self._moves_arrive()
            if not self.phone.over and not self._reached() and not self.phone.room:
                self._brought(self.phone.next()[0])  # a silent room brings nothing by itself
        raise AssertionError(f"nobody was reached: {self.state}, {self.phone}")

    def _moves_arrive(self) -> None:
        while self.moves:
            move = self.moves.pop(0)
            if move.number == self.state.number and not self.phone.over:
                self._move(move)

    def _reached(self) -> bool:
        """In the room of the advisor who holds the call, or with whoever took it elsewhere."""
        match self.state:
            case Talking(room=room, alone_since=None):
                return self.phone.room == room
            case Overflow(accepted=True) | Away():
                return True
            case _:
                return False

    def _at_a_fallback_number(self) -> bool:
        """While a number rings, "bridged" is only true of one where somebody pressed."""
        return isinstance(self.state, Overflow) and not self.state.accepted

    def _move(self, move: MoveCaller) -> None:
        for event in self.phone.moved():
            self._told(event)
        self._brought(said_by(Step(move.step, move.number)))

    def _brought(self, event: Event) -> None:
        """A webhook of the caller's phone, that plays the answer."""
        turn = self._told(event)
        lines(turn.verbs)  # valid for the carrier, and nothing records but a message
        assert turn.verbs, f"no answer to {event} in {self.state}"
        self.phone.hears(turn.verbs, event)
        if self.phone.over:
            assert isinstance(self.state, Goodbye | Ended), "nobody is hung up on"
            self._told(CallStatus("completed"))

    def _told(self, event: Event) -> Turn:
        before = self.state
        turn = flow.step(before, event, self.facts)
        self.state = turn.state
        self.past.append(event)
        assert self.state.number >= before.number, "only forward"
        if isinstance(before, Ended):
            assert self.state == before, "the end is the end"
        if isinstance(before, Goodbye):
            assert isinstance(self.state, Goodbye | Ended)
        for ask in turn.asks:
            self._asked(ask, event, before)
        return turn

    def _asked(self, ask: object, event: Event, before: State) -> None:
        match ask:
            case RequestSeat():
                self.seats += 1
            case EndContact() if not isinstance(event, Look):
                self.ends += 1
                self.facts = replace(self.facts, assignment=None)
            case ReleaseSeat(assignment):
                if assignment == self.facts.assignment:
                    self.facts = replace(self.facts, assignment=None, staff="")
            case RingAdvisor(assignment):
                assert assignment == self.facts.assignment, "only the owner is rung"
            case MoveCaller():
                assert not isinstance(before, Ended), "nobody is there to be moved"
                self.moves.append(ask)
            case AskCallBack() | TextMe():
                assert not isinstance(before, Talking | Bridging)
            case _:
                pass


TestCallbacks = Callbacks.TestCase
TestCallbacks.settings = played()
