"""Any night at all: people arrive, seats come and go, offers lapse, advisors are lost.

A Hypothesis state machine plays the rows around `decide`. After every look it holds R1, R2, R4, R6,
R7 and R8, and at dawn it proves that nobody was left: with people at their desks, the line empties.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from routing.decide import decide
from routing.model import Board, Channel, Climb, Offer, Overflow, Presence, Seat, Wait, Waiting
from tests.machines import played
from tests.routing.desk import CUMBRIA, NOW, seat
from tests.routing.naive import Plainly
from tests.routing.test_against_naive import plain

pytestmark = pytest.mark.machine

STAFF = {"maya": "penrith", "tom": "penrith", "sam": "kendal", "marek": "central", "jo": "central"}
OFFER = timedelta(seconds=20)
LEASE = timedelta(seconds=35)


class Night(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.seats: dict[str, Seat] = {}
        self.line: dict[str, Waiting] = {}
        self.offers: dict[str, tuple[Waiting, Offer, datetime]] = {}
        self.active: dict[str, tuple[Waiting, Offer]] = {}
        self.closed: set[str] = set()
        self.arrived = 0

    @initialize(capacity=st.lists(st.integers(1, 3), min_size=5, max_size=5))
    def evening(self, capacity: list[int]) -> None:
        for (name, hub), places in zip(STAFF.items(), capacity, strict=True):
            skills = {"maya": ["sexual-violence"], "jo": ["young-people"]}.get(name, [])
            languages = ["en", "pl"] if name == "marek" else ["en"]
            new = seat(name, hub, capacity=places, skills=skills, languages=languages)
            self.seats[name] = replace(new, state="offline")

    @rule(
        channel=st.sampled_from(["chat", "chat", "voice", "sms"]),
        hub=st.sampled_from(["penrith", "kendal", "central", ""]),
        crime=st.sampled_from(["", "sexual"]),
        age=st.sampled_from(["", "under18"]),
        language=st.sampled_from(["", "en", "pl", "ro"]),
        urgency=st.sampled_from(["", "", "danger"]),
    )
    def somebody_arrives(
        self, channel: Channel, hub: str, crime: str, age: str, language: str, urgency: str
    ) -> None:
        self.arrived += 1
        name = f"c{self.arrived:03d}"
        self.line[name] = Waiting(
            contact=name, channel=channel, hub=hub, queued_at=self.now, crime=crime, age=age,
            language=language, urgency=urgency,
        )  # fmt: skip

    @rule(
        name=st.sampled_from(list(STAFF)), state=st.sampled_from(["available", "break", "offline"])
    )
    def a_seat_changes(self, name: str, state: Presence) -> None:
        self.seats[name] = replace(self.seats[name], state=state, lease_until=self.now + LEASE)

    @rule()
    def everyone_is_seen(self) -> None:
        for name, one in self.seats.items():
            self.seats[name] = replace(one, lease_until=self.now + LEASE)

    @rule(seconds=st.sampled_from([1, 5, 19, 21, 31, 60, 130]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        for name, (_, _, until) in list(self.offers.items()):
            if until <= self.now:
                self._turned_down(name)

    @rule()
    def look(self) -> None:
        board = Board(CUMBRIA, tuple(self.line.values()), tuple(self.seats.values()))
        decisions = decide(board, self.now)
        assert [plain(each) for each in decisions] == Plainly(board, self.now).decide()
        assert sorted(each.contact for each in decisions) == sorted(self.line)
        self._check_who_came_back_is_first(decisions)
        for decision in decisions:
            each = self.line[decision.contact]
            # An offer made where the ladder ends has no time of its rung left.
            assert (
                decision.until >= self.now
                if isinstance(decision, Offer)
                else decision.until > self.now
            )
            assert decision.rung >= min(each.rung, 2)
            assert decision.reason.words()
            match decision:
                case Offer():
                    self._check_may_be_asked(decision, each)
                    self._load(decision.staff, decision.weight)
                    at = replace(each, rung=decision.rung, rung_until=decision.until)
                    self.offers[each.contact] = (at, decision, self.now + OFFER)
                    del self.line[each.contact]
                case Climb() | Overflow():
                    at = replace(each, rung=decision.rung, rung_until=decision.until)
                    self.line[each.contact] = at
                case Wait():
                    assert (decision.rung, decision.until) == (min(each.rung, 2), each.rung_until)

    @precondition(lambda self: self.offers)
    @rule(at=st.integers(0, 50))
    def an_offer_is_accepted(self, at: int) -> None:
        name = sorted(self.offers)[at % len(self.offers)]
        each, offer, _ = self.offers.pop(name)
        self.active[name] = (each, offer)

    @precondition(lambda self: self.offers)
    @rule(at=st.integers(0, 50))
    def an_offer_is_declined(self, at: int) -> None:
        self._turned_down(sorted(self.offers)[at % len(self.offers)])

    @precondition(lambda self: self.active)
    @rule(at=st.integers(0, 50))
    def a_contact_ends(self, at: int) -> None:
        self._end(sorted(self.active)[at % len(self.active)])

    @precondition(lambda self: self.active)
    @rule(at=st.integers(0, 50))
    def an_advisor_is_lost(self, at: int) -> None:
        name = sorted(self.active)[at % len(self.active)]
        each, offer = self.active.pop(name)
        self._load(offer.staff, -offer.weight)
        self.seats[offer.staff] = replace(self.seats[offer.staff], state="offline")
        self.line[name] = replace(each, front=True, rung=0, rung_until=None, asked=frozenset())

    @invariant()
    def no_seat_holds_more_than_its_places(self) -> None:
        held = dict.fromkeys(self.seats, 0)
        for _, offer, _ in self.offers.values():
            held[offer.staff] += offer.weight
        for _, offer in self.active.values():
            held[offer.staff] += offer.weight
        for name, one in self.seats.items():
            assert one.load == held[name] <= one.capacity

    @invariant()
    def nobody_is_lost_or_held_twice(self) -> None:
        places = [*self.line, *self.offers, *self.active, *self.closed]
        assert len(places) == len(set(places)) == self.arrived

    def teardown(self) -> None:
        """Dawn: everyone is at their desk and takes what is held out. Nobody may be left over."""
        if not self.seats:
            return
        for name in list(self.offers):
            self._turned_down(name)
        for _ in range(self.arrived + 5):
            for name, one in self.seats.items():
                at_desk = replace(one, state="available", lease_until=self.now + LEASE)
                self.seats[name] = at_desk
            for name in list(self.active):
                self._end(name)
            self.look()
            for name in list(self.offers):
                each, offer, _ = self.offers.pop(name)
                self.active[name] = (each, offer)
            self.now += timedelta(seconds=31)
        assert not self.line, f"left in line: {sorted(self.line)}"

    def _turned_down(self, name: str) -> None:
        each, offer, _ = self.offers.pop(name)
        self._load(offer.staff, -offer.weight)
        self.line[name] = replace(each, asked=each.asked | {offer.staff}, asked_at=self.now)

    def _end(self, name: str) -> None:
        _, offer = self.active.pop(name)
        self._load(offer.staff, -offer.weight)
        self.closed.add(name)

    def _load(self, name: str, places: int) -> None:
        one = self.seats[name]
        self.seats[name] = replace(one, load=one.load + places, idle_since=self.now)

    def _check_may_be_asked(self, offer: Offer, each: Waiting) -> None:
        one = self.seats[offer.staff]
        assert one.state == "available"
        assert one.lease_until > self.now
        assert one.load + offer.weight <= one.capacity
        assert one.hub in {each.hub or "central", "central"}
        if one.hub != (each.hub or "central"):
            assert offer.rung > 0
        if offer.staff in each.asked:
            assert offer.reason.again
            assert each.asked_at is not None
            assert each.asked_at + timedelta(seconds=CUMBRIA.ask_again) <= self.now

    def _check_who_came_back_is_first(self, decisions: tuple[object, ...]) -> None:
        """R2: nobody who stands in the line like somebody who came back is served before them."""
        passed_over: set[tuple[object, ...]] = set()
        for decision in decisions:
            assert isinstance(decision, (Offer, Wait, Climb, Overflow))
            each = self.line[decision.contact]
            if each.asked or each.language:
                continue
            alike = (each.channel, each.hub, decision.rung)
            if isinstance(decision, Offer):
                assert alike not in passed_over
            else:
                passed_over.add(alike)


TestAnyNight = Night.TestCase
TestAnyNight.settings = played()
