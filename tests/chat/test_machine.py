"""Ella and Maya through two sessions, while everything between them goes wrong.

Frames wait in lists, lines go dead, hints are lost, doubled and late, reads are answered in any
order, the server crashes, a backup is restored. Whatever happens, each sees a beginning of the one
log, in order, and once all is quiet, all of it; and every word said is in it once (S1).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chat import frames
from chat.frames import Cursor, client_id_of
from chat.session import Effect, Enter, Entry, Fetch, Got, Here, Session, Store, Tell
from tests.chat.night import ELLA, MAYA, C, Client, Log, Side, Signs
from tests.machines import played

pytestmark = pytest.mark.machine
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WHO = st.sampled_from([ELLA, MAYA])


class Night(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.log = Log()
        self.signs = Signs()
        self.now = NIGHT
        self.clients = {who: Client(who) for who in (ELLA, MAYA)}
        self.sides: dict[str, Side | None] = {ELLA: None, MAYA: None}
        self.hints: list[tuple[str, int]] = []
        self.lost_by_restore: set[str] = set()
        for who in (ELLA, MAYA):
            self.open(who)

    # -- the wiring --------------------------------------------------------------------------

    def open(self, who: str) -> None:
        client = self.clients[who]
        client.connect()
        self.sides[who] = Side(Session(who), client)

    def carry(self, side: Side, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Tell(frame):
                    side.client.down.append(frame)
                case Enter():
                    side.entering += 1
                case Store():
                    side.stores.append(effect)
                case Fetch(seq):
                    side.fetches.append(seq)
                case Got(seq):
                    self.signs.got = max(seq, self.signs.got)
                case Here(covered, _):
                    self.signs.covered = covered
                case _:
                    raise AssertionError(f"nobody asked for {effect}")

    def live(self, who: str) -> Side | None:
        side = self.sides[who]
        return side if side is not None and side.session.entry is not None else None

    # -- what people do ----------------------------------------------------------------------

    @rule(who=WHO)
    def says(self, who: str) -> None:
        self.clients[who].say()

    @rule(who=WHO)
    def sends_again(self, who: str) -> None:
        client = self.clients[who]
        if client.welcomed:
            for client_id in client.pending:
                client.push(client_id)

    @rule(who=WHO)
    def lost_its_place(self, who: str) -> None:
        """A page may ask to be told again, whenever it likes."""
        client = self.clients[who]
        if client.welcomed and client.cursor is not None:
            client.up.append(frames.Since(C, client.cursor))

    @rule(who=WHO, epoch=st.sampled_from(["0", "1", "2", "e"]), seq=st.integers(0, 2**63))
    def names_a_place_that_cannot_be(self, who: str, epoch: str, seq: int) -> None:
        """A page that is mistaken about its place is told all from the start."""
        client = self.clients[who]
        known = client.cursor is not None and client.cursor.epoch == epoch
        if client.welcomed and not known:
            client.up.append(frames.Since(C, Cursor(epoch, seq)))

    @rule(again=st.booleans())
    def ella_has_it_on_her_screen(self, again: bool) -> None:
        """Told as often as a page likes, and of a place that is no more."""
        ella = self.clients[ELLA]
        ella.has_it()
        if again and ella.welcomed:
            ella.up.append(frames.Got(C, Cursor("e", 2**40)))
            ella.has_it()

    @rule()
    def maya_says_that_she_has_it(self) -> None:
        """Nobody is told of it."""
        self.clients[MAYA].has_it()

    @rule(covered=st.booleans())
    def ella_covers_her_screen(self, covered: bool) -> None:
        self.clients[ELLA].covers(covered)

    # -- what the net and the server do -------------------------------------------------------

    @rule(who=WHO, many=st.integers(1, 4))
    def goes_up(self, who: str, many: int) -> None:
        side = self.sides[who]
        for _ in range(many):
            if side is None or not side.client.up or side.session.full:
                return
            if side.session.entry is None and isinstance(side.client.up[0], frames.Say):
                return
            self.now += timedelta(seconds=60)
            self.carry(side, side.session.receive(side.client.up.popleft(), self.now))

    @rule(who=WHO)
    def enters(self, who: str) -> None:
        side = self.sides[who]
        if side is not None and side.entering:
            side.entering -= 1
            entry = Entry(
                C, "resume", str(self.log.epoch), len(self.log.lines), "08081 570 142",
                got=self.log.got,
            )  # fmt: skip
            self.carry(side, side.session.entered(entry))

    @rule(who=WHO, outcome=st.sampled_from(["kept", "kept", "kept", "unknown, kept", "lost"]))
    def commits(self, who: str, outcome: str) -> None:
        side = self.sides[who]
        if side is None or not side.stores:
            return
        store = side.stores.popleft()
        if outcome == "lost":
            self.carry(side, side.session.not_stored(store.client_id, "down", "Not sent."))
            return
        line = self.log.append(who, store.client_id, store.text, self.now)
        self.hints += [(ELLA, line.seq), (MAYA, line.seq)]
        if outcome == "kept":
            answer = side.session.stored(store.client_id, str(self.log.epoch), line.seq, line.at)
        else:
            answer = side.session.not_stored(store.client_id, "unknown", "We cannot tell.")
        self.carry(side, answer)

    @precondition(lambda self: self.hints)
    @rule(data=st.data(), fate=st.sampled_from(["told", "told", "told twice", "lost"]))
    def a_hint(self, data: st.DataObject, fate: str) -> None:
        at = data.draw(st.integers(0, len(self.hints) - 1))
        who, seq = self.hints[at]
        if fate != "told twice":
            self.hints.pop(at)
        side = self.live(who)
        if side is not None and fate != "lost":
            self.carry(side, side.session.hinted(seq))

    @rule(who=WHO)
    def the_look_each_second(self, who: str) -> None:
        self.the_signs_are_kept()
        side = self.live(who)
        if side is not None:
            self.carry(side, side.session.hinted(len(self.log.lines)))
            self.carry(side, side.session.delivered(self.log.got))

    @rule()
    def the_signs_are_kept(self) -> None:
        self.log.got = max(self.log.got, self.signs.got)
        if self.signs.covered is not None:
            self.log.covered = self.signs.covered
        self.signs = Signs()

    @rule(who=WHO, many=st.integers(1, 3))
    def is_read(self, who: str, many: int) -> None:
        side = self.live(who)
        if side is not None and side.fetches:
            seq = side.fetches.pop(0)
            side.pages.append(self.log.lines[seq : seq + many])

    @rule(who=WHO, last=st.booleans())
    def has_been_read(self, who: str, last: bool) -> None:
        side = self.live(who)
        if side is not None and side.pages:
            page = side.pages.pop(-1 if last else 0)
            self.carry(side, side.session.page(page, {"m": "Maya"}))

    @rule(who=WHO, many=st.integers(1, 4))
    def comes_down(self, who: str, many: int) -> None:
        client = self.clients[who]
        for _ in range(many):
            if client.down:
                client.hear(client.down.popleft())

    @rule(who=WHO)
    def all_is_well_for_a_moment(self, who: str) -> None:
        for _ in range(3):
            self.goes_up(who, 100)
            self.enters(who)
            side = self.sides[who]
            while side is not None and side.stores:
                self.commits(who, "kept")
            self.the_look_each_second(who)
            self.is_read(who, 3)
            self.has_been_read(who, False)
            self.comes_down(who, 1000)

    # -- what goes wrong -----------------------------------------------------------------------

    @rule(who=WHO, words_arrive=st.booleans())
    def the_line_goes_dead(self, who: str, words_arrive: bool) -> None:
        """What was on its way to disk may still get there; nobody hears of it."""
        side = self.sides[who]
        if side is not None and words_arrive:
            for store in side.stores:
                line = self.log.append(who, store.client_id, store.text, self.now)
                self.hints += [(ELLA, line.seq), (MAYA, line.seq)]
        self.open(who)

    @rule()
    def the_server_crashes(self) -> None:
        self.hints.clear()
        self.signs = Signs()
        for who in (ELLA, MAYA):
            self.open(who)

    @rule(back=st.integers(0, 3))
    def a_backup_is_restored(self, back: int) -> None:
        self.lost_by_restore |= {line.text for line in self.log.restored(back)}
        self.the_server_crashes()

    # -- what is always true -------------------------------------------------------------------

    @invariant()
    def each_sees_a_beginning_of_the_log(self) -> None:
        for client in self.clients.values():
            if client.cursor is None:
                continue
            assert client.cursor.seq == len(client.lines)
            if client.cursor.epoch == str(self.log.epoch):
                texts = [line.text for line in self.log.lines]
                assert client.lines == texts[: len(client.lines)]

    @invariant()
    def what_was_acknowledged_is_on_disk(self) -> None:
        for client in self.clients.values():
            for epoch, client_id, seq in client.acked:
                if epoch == str(self.log.epoch):
                    line = self.log.lines[seq - 1]
                    key = client_id_of(frames.Say(C, client_id, "x"))
                    assert (line.sender, line.client_id) == (client.me, key)

    @invariant()
    def what_is_told_as_delivered_is_there(self) -> None:
        """On her device, in this log: never more than she had, however often it was said."""
        epoch, seq = self.clients[MAYA].delivered
        had = self.clients[ELLA].most
        assert seq <= max(had.get(epoch, 0), had.get(str(self.log.epoch - 1), 0))

    @invariant()
    def nothing_is_kept_twice(self) -> None:
        keys = [(line.sender, line.client_id) for line in self.log.lines]
        assert len(keys) == len(set(keys))

    def teardown(self) -> None:
        """The night is over: lines hold, hints come, everybody reads on until all is quiet."""
        for who in (ELLA, MAYA):
            self.open(who)
        for _ in range(2 + len(self.log.lines) + sum(c.said for c in self.clients.values())):
            for who in (ELLA, MAYA):
                self.all_is_well_for_a_moment(who)
        self.clients[ELLA].has_it()
        for _ in range(2):
            for who in (ELLA, MAYA):
                self.all_is_well_for_a_moment(who)
        assert self.clients[MAYA].delivered[1] == len(self.log.lines)
        assert self.log.covered == bool(self.clients[ELLA].covered), "as her screen is"
        texts = [line.text for line in self.log.lines]
        for client in self.clients.values():
            assert not client.pending, "every word said was acknowledged"
            assert client.lines == texts, "and everybody has every line"
            said = {f"{client.me} says {n}" for n in range(1, client.said + 1)}
            assert said <= set(texts) | self.lost_by_restore
        assert len(texts) == len(set(texts))


TestNight = Night.TestCase
TestNight.settings = played()
