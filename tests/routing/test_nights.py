"""Any night at all: people arrive, seats come and go, offers lapse, advisors are lost; queues are
paused, shifts close, supervisors leave, and it is said who must not meet whom.

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
from tests.routing import fair
from tests.routing.desk import CUMBRIA, NOW, seat
from tests.routing.naive import Plainly
from tests.routing.test_against_naive import plain

pytestmark = pytest.mark.machine

STAFF = {"maya": "penrith", "tom": "penrith", "sam": "kendal", "marek": "central", "jo": "central"}
VOLUNTEER, SUPERVISOR = "marek", "jo"
CHANNELS = ("chat", "voice", "sms")
GENDER = {"maya": "woman", "tom": "man", "jo": "woman"}
RULES = replace(CUMBRIA, volunteers_never=frozenset({"sexual"}), gender_after=60)
WHO = st.sampled_from(list(STAFF))
HUBS = st.sampled_from(["penrith", "kendal", "central"])
NONE_OR_WHO = st.one_of(st.just(""), st.just(""), WHO)
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
        self.paused: frozenset[str] = frozenset()

    @initialize(capacity=st.lists(st.integers(1, 3), min_size=5, max_size=5))
    def evening(self, capacity: list[int]) -> None:
        for (name, hub), places in zip(STAFF.items(), capacity, strict=True):
            skills = {"maya": ["sexual-violence"], "jo": ["young-people"]}.get(name, [])
            languages = ["en", "pl"] if name == "marek" else ["en"]
            new = seat(
                name, hub, capacity=places, skills=skills, languages=languages,
                gender=GENDER.get(name, ""),
                role="volunteer" if name == VOLUNTEER else "advisor",
                supervisor=SUPERVISOR if name == VOLUNTEER else "",
            )  # fmt: skip
            self.seats[name] = replace(new, state="offline")

    @rule(
        channel=st.sampled_from(["chat", "chat", "voice", "sms"]),
        hub=st.sampled_from(["penrith", "kendal", "central", ""]),
        crime=st.sampled_from(["", "sexual"]),
        age=st.sampled_from(["", "under18"]),
        language=st.sampled_from(["", "en", "pl", "ro"]),
        urgency=st.sampled_from(["", "", "danger"]),
        gender=st.sampled_from(["", "", "woman", "man"]),
        lead=NONE_OR_WHO,
        last=NONE_OR_WHO,
    )
    def somebody_arrives(
        self,
        channel: Channel,
        hub: str,
        crime: str,
        age: str,
        language: str,
        urgency: str,
        gender: str,
        lead: str,
        last: str,
    ) -> None:
        self.arrived += 1
        name = f"c{self.arrived:03d}"
        self.line[name] = Waiting(
            contact=name, channel=channel, hub=hub, queued_at=self.now, crime=crime, age=age,
            language=language, urgency=urgency, gender=gender, lead=lead, last=last,
        )  # fmt: skip

    @rule(
        name=st.sampled_from(list(STAFF)), state=st.sampled_from(["available", "break", "offline"])
    )
    def a_seat_changes(self, name: str, state: Presence) -> None:
        self.seats[name] = replace(self.seats[name], state=state, lease_until=self.now + LEASE)

    @rule(
        name=WHO,
        closing=st.sampled_from([frozenset(), frozenset({"chat"}), frozenset(CHANNELS)]),
    )
    def a_shift_nears_its_end(self, name: str, closing: frozenset[str]) -> None:
        self.seats[name] = replace(self.seats[name], closing=closing)

    @rule(name=WHO, checking=st.booleans())
    def a_seat_is_silent_or_answers(self, name: str, checking: bool) -> None:
        self.seats[name] = replace(self.seats[name], checking=checking)

    @rule(name=WHO, vetted=st.booleans())
    def vetting_runs_out_or_is_renewed(self, name: str, vetted: bool) -> None:
        self.seats[name] = replace(self.seats[name], vetted=vetted)

    @rule(hubs=st.sets(HUBS, max_size=2))
    def queues_are_paused(self, hubs: set[str]) -> None:
        self.paused = frozenset(hubs)

    @rule(at=st.integers(0, 50), who=NONE_OR_WHO, hub=HUBS)
    def it_is_said_who_must_not_meet(self, at: int, who: str, hub: str) -> None:
        """Of one of the staff, or of a whole hub. What rings there then is withdrawn."""
        names = sorted([*self.line, *self.offers])
        if not names:
            return
        name = names[at % len(names)]
        people, hubs = ({who}, set[str]()) if who else (set[str](), {hub})
        if name in self.line:
            self.line[name] = _kept_apart(self.line[name], people, hubs)
            return
        each, offer, until = self.offers[name]
        each = _kept_apart(each, people, hubs)
        self.offers[name] = each, offer, until
        if not fair.may_meet(each, self.seats[offer.staff]):
            del self.offers[name]
            self._load(offer.staff, -offer.weight)
            self.line[name] = replace(each, asked_at=self.now)

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
        board = Board(RULES, tuple(self.line.values()), tuple(self.seats.values()), self.paused)
        decisions = decide(board, self.now)
        assert [plain(each) for each in decisions] == Plainly(board, self.now).decide()
        assert sorted(each.contact for each in decisions) == sorted(self.line)
        fair.who_came_back_is_first(decisions, self.line)
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
                    fair.may_be_asked(decision, each, self.seats, board, self.now)
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
        self.line[name] = replace(
            each, front=True, rung=0, rung_until=None, asked=frozenset(), last=offer.staff,
            returned_at=self.now,
        )  # fmt: skip

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
        self.paused = frozenset()
        for _ in range(self.arrived + 5):
            for name, one in self.seats.items():
                self.seats[name] = replace(
                    one, state="available", lease_until=self.now + LEASE, closing=frozenset(),
                    checking=False, vetted=True,
                )  # fmt: skip
            for name in list(self.active):
                self._end(name)
            self.look()
            for name in list(self.offers):
                each, offer, _ = self.offers.pop(name)
                self.active[name] = (each, offer)
            self.now += timedelta(seconds=31)
        left = [
            name for name, each in self.line.items() if fair.has_anyone(each, self.seats, RULES)
        ]
        assert not left, f"left in line: {sorted(left)}"

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


def _kept_apart(each: Waiting, people: set[str], hubs: set[str]) -> Waiting:
    return replace(each, barred=each.barred | people, barred_hubs=each.barred_hubs | hubs)


TestAnyNight = Night.TestCase
TestAnyNight.settings = played()
