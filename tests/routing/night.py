"""A night on the floor as a machine plays it: people at desks, who comes, time, and the matcher.

The other half, what is done with offers and with what is held, is in `test_machine.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.cases import acts as contacts
from app.cases import signs
from app.cases.model import Channel, HowEnded, Need, Opening
from app.errors import FrontdoorError, Refused
from routing import acts, breaks, floor
from routing.decide import decide
from routing.matcher import GONE, STRAY
from routing.model import Board, Decision, Offer, Wait
from routing.reading import board_of
from tests.routing import eight
from tests.routing.ledger import Desk, Entry, Ledger
from tests.routing.naive import Plainly
from tests.routing.scratch import SERVICE, STAFF, Scratch, actor
from tests.routing.test_against_naive import plain

LEASE = SERVICE.timings.lease
WHO = st.sampled_from(sorted(STAFF))
HUBS = st.sampled_from(["penrith", "kendal", "central"])
LATE = st.sampled_from([0, 0, 0, 1, -1])
"""By how much a press misses the number of now."""
PICK = st.integers(0, 30)
Caller = tuple[Channel, str, str, str, str, str]
CALLER = st.tuples(
    st.sampled_from([*[Channel.CHAT] * 3, Channel.VOICE, Channel.SMS]),
    HUBS,
    st.sampled_from(["", "", "domestic", "sexual"]),
    st.sampled_from(["", "", "under18"]),
    st.sampled_from(["en", "en", "pl", "ro"]),
    st.sampled_from(["", "", "danger"]),
)
"""How somebody comes: channel, hub, crime, age, language, urgency."""


class Shift(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.floor = Scratch()
        self.ledger = Ledger()
        self.slow: list[tuple[Sequence[Decision], dict[str, int]]] = []
        self.lines = 0

    @initialize(
        hour=st.sampled_from([12, 19.4, 3]),
        away=st.sets(WHO, max_size=4),
        line=st.lists(CALLER, max_size=6),
    )
    def evening(self, hour: float, away: set[str], line: list[Caller]) -> None:
        self.floor.clock.move(hours=hour - 12)
        for who in sorted(STAFF.keys() - away):
            self.goes_on_duty(who)
        for caller in line:
            self.somebody_comes(caller)

    # -- presses ---

    def r3_press(self, act: Any, *args: Any, counts: bool, may_refuse: bool = False) -> bool:
        """R3: a press counts when its numbers do; one that does not changes nothing at all."""
        before = None if counts else self.floor.all_that_is_kept()
        try:
            self.floor.act(act, *args)
        except FrontdoorError as problem:
            if counts and not (may_refuse and isinstance(problem, Refused)):
                raise AssertionError(f"{act.__name__} was refused") from problem
            return False
        if before is not None:
            assert self.floor.all_that_is_kept() == before, f"a late {act.__name__} counted"
        return counts

    def line_id(self) -> str:
        self.lines += 1
        return f"{self.lines:032x}"

    def pick(self, at: int, *states: str) -> Entry | None:
        found = [one for one in self.ledger.contacts.values() if one.state in states or not states]
        return found[at % len(found)] if found else None

    # -- people at desks ---

    @rule(who=WHO)
    def goes_on_duty(self, who: str) -> None:
        self.floor.act(acts.go_on_duty, who, LEASE)
        own = STAFF[who].capacity
        desk = self.ledger.desks.setdefault(who, Desk(who, own, own))
        hard = desk.after_hard
        desk.came_back()
        desk.on_duty, desk.after_hard = True, hard
        self._seen(desk)

    @rule(who=WHO)
    def goes_off_duty(self, who: str) -> None:
        self.floor.act(acts.go_off_duty, who)
        if who in self.ledger.desks:
            self.ledger.desks[who].on_duty = False
            self.ledger.gives_back(who)

    @rule(silent=st.sets(WHO, max_size=3))
    def consoles_beat(self, silent: set[str]) -> None:
        for who, desk in self.ledger.desks.items():
            if who not in silent:
                self.floor.act(acts.beat, who, LEASE)
                self._seen(desk)

    def _seen(self, desk: Desk) -> None:
        desk.seen_at = self.floor.now
        desk.lease_until = self.floor.now + timedelta(seconds=LEASE)

    @rule(who=WHO)
    def takes_a_break(self, who: str) -> None:
        desk = self.ledger.desks.get(who)
        there = desk is not None and desk.on_duty
        if self.r3_press(breaks.start, who, "rest", counts=there) and desk is not None:
            desk.resting, desk.after_hard = True, False
            self.ledger.gives_back(who)

    @rule(who=WHO)
    def is_set_away(self, who: str) -> None:
        desk = self.ledger.desks.get(who)
        there = desk is not None and desk.on_duty
        if self.r3_press(floor.set_away, actor("hannah"), SERVICE, who, counts=there) and desk:
            desk.set_away = True
            self.ledger.gives_back(who)

    @rule(who=WHO)
    def says_i_am_here(self, who: str) -> None:
        desk = self.ledger.desks.get(who)
        if self.r3_press(breaks.back, who, who, counts=desk is not None) and desk:
            desk.came_back()

    # -- contacts come, and time goes by ---

    @rule(caller=CALLER)
    def somebody_comes(self, caller: Caller) -> None:
        channel, hub, crime, age, language, urgency = caller
        name = f"c{len(self.ledger.contacts):03d}"
        need = Need(crime=crime, age=age, language=language, urgency=urgency)
        conversation = None if channel is Channel.VOICE else f"v{name}"
        opening = Opening(
            name, name, SERVICE.key, hub, channel, need=need, conversation=conversation
        )
        self.floor.act(contacts.arrive, self.floor.keyring, opening)
        self.floor.act(acts.request_seat, name)
        now = self.floor.now
        entry = Entry(name, channel.value, crime, age, queued_at=now, page_seen_at=now)
        self.ledger.contacts[name] = entry

    @rule(at=PICK)
    def a_page_comes_or_goes(self, at: int) -> None:
        one = self.pick(at, "waiting", "offered", "active")
        if one is not None:
            one.page_there = not one.page_there
            self._pages_are_seen()

    def _pages_are_seen(self) -> None:
        there = [one for one in self.ledger.contacts.values() if one.page_there]
        held = [f"v{one.id}" for one in there if one.channel != "voice"]
        self.floor.act(signs.here, held)
        for one in there:
            one.page_seen_at = self.floor.now

    @rule(seconds=st.sampled_from([1, 5, 19, 21, 31, 61, 95, 130, 700]), swept=st.booleans())
    def time_passes(self, seconds: int, swept: bool) -> None:
        self.floor.clock.move(seconds=seconds)
        self._pages_are_seen()
        if swept:
            self.the_sweep()

    @rule()
    def the_sweep(self) -> None:
        """What only time changes: offers lapse, silent consoles lose chats, pages are gone."""
        now, ledger = self.floor.now, self.ledger
        self.floor.act(acts.lapse)
        for one in ledger.contacts.values():
            if one.ring is not None and one.ring.until <= now:
                ledger.not_held_out(one, "lapsed")
        strays = dict(self.floor.act(acts.strays, STRAY))
        for one in list(ledger.contacts.values()):
            if one.state != "active" or one.owner is None or one.channel == "voice":
                assert one.id not in strays
                continue
            seen = ledger.desks[one.owner].seen_at
            silent = seen is not None and seen < now - STRAY
            assert (one.id in strays) == silent
            if silent:
                assert self.floor.act(acts.release, one.id, strays[one.id], "advisor lost")
                ledger.returned(one, handed=False)
        self._who_joined_and_is_silent_is_lost()
        for contact in self.floor.act(acts.lost_visitors, GONE):
            self.floor.act(acts.end, contact, HowEnded.LOST_SIGNAL)
            assert not ledger.contacts[contact].page_there
            ledger.ended(ledger.contacts[contact])

    def _who_joined_and_is_silent_is_lost(self) -> None:
        since, desks = self.floor.now - STRAY, self.ledger.desks
        silent = {
            who for who, desk in desks.items() if desk.seen_at is None or desk.seen_at < since
        }
        lost = {
            (one.id, who)
            for one in self.ledger.contacts.values()
            for who, at in one.beside.items()
            if at < since and (who in silent or who not in desks)
        }
        assert set(self.floor.act(acts.left_beside, STRAY)) == lost
        for contact, who in sorted(lost):
            args = (self.floor.transcript, self.floor.keyring, contact, who, self.line_id())
            self.floor.act(floor.lose, *args)
            del self.ledger.contacts[contact].beside[who]

    # -- the matcher, on a node that may be slow ---

    def decides(self) -> tuple[Board, tuple[Decision, ...]]:
        board, now = self.floor.act(board_of, SERVICE), self.floor.now
        eight.the_board_says_what_is_so(self.ledger, board, now)
        decided = decide(board, now)
        assert [plain(each) for each in decided] == Plainly(board, now).decide()
        eight.only_who_may_take_it_is_asked(self.ledger, board, decided, now)
        eight.r7_urgency_first_then_who_waits_longest(board, decided)
        eight.r8_who_declined_is_not_asked_again_unless_alone(self.ledger, board, decided, now)
        return board, decided

    def carries_out(self, news: Sequence[Decision], seen: dict[str, int]) -> int:
        """Each decision if it is still so: the ledger knows which are. Returns how many missed."""
        room = {who: self.ledger.room(who) for who in self.ledger.desks}
        made = []
        for one in news:
            entry = self.ledger.contacts[one.contact]
            fits = entry.state == "waiting" and entry.offer_no == seen[one.contact]
            if not isinstance(one, Offer) or eight.keeps_apart(entry, one.staff):
                continue
            if fits and room[one.staff] >= one.weight:
                room[one.staff] -= one.weight
                made.append(one)
        done = self.floor.act(acts.carry_out, news, seen, SERVICE.timings.offer)
        assert done.made == len(made)
        until = self.floor.now + timedelta(seconds=SERVICE.timings.offer)
        for one in made:
            self.ledger.offered(self.ledger.contacts[one.contact], one.staff, one.weight, until)
        return done.missed

    def _news(self) -> tuple[Sequence[Decision], dict[str, int]]:
        board, decided = self.decides()
        new = {each.contact for each in board.waiting if each.rung_until is None}
        news = [one for one in decided if not isinstance(one, Wait) or one.contact in new]
        return news, {one.contact: self.ledger.contacts[one.contact].offer_no for one in news}

    @rule()
    def a_node_looks(self) -> None:
        self.the_sweep()
        assert self.carries_out(*self._news()) == 0, "nobody else was at work"
        eight.r5_nobody_waits_while_a_seat_that_may_take_them_is_free(self.floor)
        eight.r6_everyone_who_waits_has_a_next_step_with_a_deadline(self.ledger, self.floor)

    @rule()
    def a_node_looks_and_is_stopped(self) -> None:
        self.slow.append(self._news())

    @precondition(lambda self: self.slow)
    @rule(at=PICK)
    def it_goes_on(self, at: int) -> None:
        self.carries_out(*self.slow.pop(at % len(self.slow)))
