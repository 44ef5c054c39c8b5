"""Any night on the floor, through the real acts and rows: R1 to R8 hold after every step.

People go on and off duty, rest and fall silent; contacts come, ring, are taken, handed over, moved,
pulled, ended; nodes are slow; presses come late or from the wrong desk. A plain ledger says what
each of them should do, and at dawn it is proved that nobody was left.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.cases.model import HowEnded, WrapUp
from routing import acts, floor, handing, pausing, pulling
from tests.machines import played
from tests.routing import eight
from tests.routing.ledger import Entry
from tests.routing.meeting import Apart
from tests.routing.night import HUBS, LATE, PICK, WHO
from tests.routing.scratch import SERVICE, STAFF, actor

pytestmark = pytest.mark.machine


class Night(Apart):
    # -- answers to an offer ---

    @rule(at=PICK, late=LATE, other=st.one_of(st.none(), st.none(), WHO), takes=st.booleans())
    def an_offer_is_answered(self, at: int, late: int, other: str | None, takes: bool) -> None:
        ringing = [one for one in self.ledger.contacts.values() if one.ring] or [
            *self.ledger.contacts.values()
        ]
        if not ringing:
            return
        one = ringing[at % len(ringing)]
        who = other or (one.ring.staff if one.ring else one.owner) or "maya"
        self._answers(one, who, one.offer_no - late, takes=takes)

    def _answers(self, one: Entry, who: str, number: int, *, takes: bool) -> None:
        ledger, ring = self.ledger, one.ring
        if not takes:
            counts = ledger.may_answer(one, who, number)
            if self.r3_press(acts.decline, who, one.id, number, counts=counts):
                ledger.not_held_out(one, "declined")
            return
        counts = ledger.may_accept(one, who, number, self.floor.now)
        if ring is not None and ring.giver is not None:
            fits = counts and self._may_hold(one, who)
            args = (self.floor.transcript, actor(who), SERVICE, one.id, number, self.line_id())
            done = self.r3_press(handing.accept, *args, counts=counts, may_refuse=not fits)
            assert fits or not done, "what was asked when it was held out is asked again"
        else:
            talks = one.channel == "voice" and ledger.on_call(who)
            done = self.r3_press(acts.accept, who, one.id, number, counts=counts, may_refuse=talks)
        if done:
            ledger.accepted(one)

    @rule(who=WHO, at=PICK, late=LATE)
    def somebody_pulls(self, who: str, at: int, late: int) -> None:
        one = self.pick(at, "waiting", "offered") or self.pick(at)
        if one is None:
            return
        number, now = one.offer_no - late, self.floor.now
        if one.state == "offered":
            assert one.ring is not None
            counts = one.ring.staff == who and one.ring.until > now and late in (0, 1)
            talks = one.channel == "voice" and self.ledger.on_call(who)
            args = (actor(who), SERVICE, one.id, number)
            if self.r3_press(pulling.pull, *args, counts=counts, may_refuse=talks):
                self.ledger.accepted(one)
            return
        counts = one.state == "waiting" and late == 0
        desk = self.ledger.desks.get(who)
        there = desk is not None and self.ledger.presence(who, now) != "offline"
        fits = there and self._may_hold(one, who)
        pull = self.r3_press(
            pulling.pull, actor(who), SERVICE, one.id, number, counts=counts, may_refuse=not fits
        )
        if pull:
            assert fits, "nobody pulls what no rule lets them take"
            assert desk is not None
            self.ledger.pulled(one, who, desk.capacity if one.channel == "voice" else 1)

    def _may_hold(self, one: Entry, who: str) -> bool:
        if one.channel == "voice" and self.ledger.on_call(who):
            return False
        return eight.may_ever(self.ledger, one, who, self.floor.now)

    # -- what is held ---

    @rule(at=PICK, late=LATE, other=st.one_of(st.none(), st.none(), WHO), to=WHO)
    def is_handed_to_a_colleague(self, at: int, late: int, other: str | None, to: str) -> None:
        one = self.pick(at, "active") or self.pick(at)
        if one is None:
            return
        who, number = other or one.owner or "maya", one.assignment_no - late
        counts = self.ledger.may_act_on(one, who, number) and to != who and to in self.ledger.desks
        desk, now = self.ledger.desks.get(to), self.floor.now
        # What rings at the colleague for this very contact is withdrawn first.
        again = one.ring.weight if one.ring and one.ring.staff == to else 0
        free = self.ledger.room(to) + again >= one.weight
        if one.channel == "voice":
            free = self.ledger.load(to) == again
        fits = (
            counts
            and desk is not None
            and self.ledger.presence(to, now) in ("available", "busy")
            and free
            and not any(each.channel == "voice" for each in self.ledger.held(to))
            and eight.may_ever(self.ledger, one, to, now)
        )
        args = (actor(who), SERVICE, one.id, number, to, to.title())
        if self.r3_press(handing.ask, *args, counts=counts, may_refuse=not fits):
            assert fits, f"{to} may not be asked"
            assert desk is not None
            self.ledger.not_held_out(one, "withdrawn")
            weight = desk.capacity if one.channel == "voice" else one.weight
            until = now + timedelta(seconds=handing.SECONDS)
            self.ledger.offered(one, to, weight, until, giver=who)

    @rule(at=PICK, late=LATE)
    def is_kept_after_all(self, at: int, late: int) -> None:
        one = self.pick(at, "active")
        if one is None or one.owner is None:
            return
        number = one.assignment_no - late
        counts = self.ledger.may_act_on(one, one.owner, number)
        if self.r3_press(handing.withdraw, actor(one.owner), one.id, number, counts=counts):
            self.ledger.not_held_out(one, "withdrawn")

    @rule(at=PICK, late=LATE, other=st.one_of(st.none(), st.none(), WHO), hub=HUBS)
    def is_handed_to_a_queue(self, at: int, late: int, other: str | None, hub: str) -> None:
        one = self.pick(at, "active") or self.pick(at)
        if one is None:
            return
        who, number = other or one.owner or "maya", one.assignment_no - late
        counts = self.ledger.may_act_on(one, who, number)
        args = (self.floor.transcript, actor(who), SERVICE, one.id, number, hub, self.line_id())
        tied = hub in one.barred_hubs
        if self.r3_press(handing.to_queue, *args, counts=counts, may_refuse=tied):
            assert not tied, "nobody is sent to a hub that must not meet them"
            self.ledger.returned(one, handed=True)

    @rule(at=PICK, late=LATE)
    def is_released(self, at: int, late: int) -> None:
        one = self.pick(at, "active") or self.pick(at)
        if one is not None:
            number = one.assignment_no - late
            counts = one.state == "active" and late == 0
            if self.r3_press(acts.release, one.id, number, "console gone", counts=counts):
                self.ledger.returned(one, handed=False)

    @rule(at=PICK, late=LATE, by_advisor=st.booleans())
    def is_ended(self, at: int, late: int, by_advisor: bool) -> None:
        one = self.pick(at, "active", "waiting", "offered") if not by_advisor else self.pick(at)
        if one is None:
            return
        if not by_advisor:
            self.floor.act(acts.end, one.id, HowEnded.PERSON_ENDED)
            self.ledger.ended(one)
            return
        counts = one.state == "active" and late == 0

        def ends(work: Any) -> None:
            number = one.assignment_no - late
            acts.end(work, one.id, HowEnded.ADVISOR_ENDED, assignment_no=number)

        if self.r3_press(ends, counts=counts):
            self.ledger.ended(one)

    @rule(at=PICK, late=LATE, other=st.one_of(st.none(), st.none(), WHO), hard=st.booleans())
    def is_wrapped_up(self, at: int, late: int, other: str | None, hard: bool) -> None:
        one = self.pick(at, "wrapping") or self.pick(at)
        if one is None:
            return
        who, number = other or one.owner or "maya", one.assignment_no - late
        counts = one.state == "wrapping" and one.owner == who and late == 0

        def wraps(work: Any) -> None:
            acts.wrap_up(work, actor(who), one.id, number, WrapUp(type="support"), hard=hard)

        if self.r3_press(wraps, counts=counts):
            self.ledger.wrapped_up(one, hard=hard)

    # -- what a lead does ---

    @rule(at=PICK, late=LATE, hub=HUBS)
    def hannah_moves_one(self, at: int, late: int, hub: str) -> None:
        one = self.pick(at, "waiting", "offered") or self.pick(at)
        if one is None:
            return
        counts = one.state in ("waiting", "offered") and late == 0
        args = (actor("hannah"), SERVICE, one.id, one.offer_no - late, hub)
        apart = hub in one.barred_hubs or eight.keeps_apart(one, "hannah")
        if self.r3_press(floor.move, *args, counts=counts, may_refuse=apart):
            assert not apart, "nobody is sent to a hub that must not meet them"
            self.ledger.not_held_out(one, "withdrawn")

    @rule(at=PICK, late=LATE)
    def hannah_takes_one_over(self, at: int, late: int) -> None:
        one = self.pick(at, "active") or self.pick(at)
        if one is None:
            return
        desk, number = self.ledger.desks.get("hannah"), one.assignment_no - late
        counts = self.ledger.may_act_on(one, one.owner or "", number) and one.owner != "hannah"
        there = desk is not None and desk.on_duty and self._may_hold(one, "hannah")
        lead = actor("hannah")
        args = (self.floor.transcript, lead, SERVICE, one.id, number, self.line_id())
        if self.r3_press(floor.take_over, *args, counts=counts, may_refuse=not there):
            assert there, "whom she must not meet she does not take over"
            self.ledger.taken_over(one, "hannah")

    @rule(hub=HUBS, minutes=st.sampled_from([5, 30]))
    def hannah_pauses(self, hub: str, minutes: int) -> None:
        args = (SERVICE, self.line_id(), hub, "staff", minutes)
        self.floor.act(pausing.pause, actor("hannah"), *args)

    @rule(hub=HUBS)
    def hannah_unpauses(self, hub: str) -> None:
        self.floor.act(pausing.unpause, actor("hannah"), SERVICE, hub)

    # -- what is always true ---

    @invariant()
    def r1_one_state_and_at_most_one_owner(self) -> None:
        eight.r1_one_state_and_at_most_one_owner(self.ledger, self.floor)
        eight.r1_who_stands_beside_owns_nothing_and_is_seen(self.ledger, self.floor)

    @invariant()
    def r2_who_comes_back_keeps_the_first_time(self) -> None:
        eight.r2_who_comes_back_keeps_the_first_time_and_goes_to_the_front(self.ledger, self.floor)

    @invariant()
    def r4_no_seat_holds_more_than_its_places(self) -> None:
        eight.r4_no_seat_holds_more_than_its_places(self.ledger, self.floor)

    @invariant()
    def nobody_talks_on_two_lines(self) -> None:
        eight.nobody_talks_on_two_lines(self.ledger)

    @invariant()
    def who_must_not_meet_does_not(self) -> None:
        eight.who_must_not_meet_does_not(self.ledger)

    def teardown(self) -> None:
        try:
            self._dawn()
        finally:
            self.floor.closes()

    def _dawn(self) -> None:
        """Everyone is at their desk and takes what is held out. Nobody may be left over."""
        for hub in ("penrith", "kendal", "central"):
            self.hannah_unpauses(hub)
        for who in sorted(STAFF):
            self.goes_on_duty(who)
            self.says_i_am_here(who)
        everyone = list(self.ledger.contacts.values())
        for _ in range(len(everyone) + 5):
            if all(one.state == "closed" for one in everyone):
                break
            self.consoles_beat(set())
            for who, desk in self.ledger.desks.items():
                if desk.checking:
                    self.says_i_am_here(who)
            for one in everyone:
                one.page_there = one.page_there or one.state != "closed"
            self._pages_are_seen()
            for one in everyone:
                if one.state == "active":
                    self.floor.act(acts.end, one.id, HowEnded.PERSON_ENDED)
                    self.ledger.ended(one)
                if one.state == "wrapping" and one.owner is not None:
                    lead, number = actor(one.owner), one.assignment_no
                    self.floor.act(acts.wrap_up, lead, one.id, number, WrapUp(type="support"))
                    self.ledger.wrapped_up(one, hard=False)
            self.a_node_looks()
            for one in everyone:
                if one.ring is not None:
                    self._answers(one, one.ring.staff, one.ring.number, takes=True)
            self.floor.clock.move(seconds=31)
        left = sorted(one.id for one in everyone if one.state != "closed" and self.has_anyone(one))
        assert not left, f"left in line: {left}"


TestAnyNight = Night.TestCase
TestAnyNight.settings = played(40)
