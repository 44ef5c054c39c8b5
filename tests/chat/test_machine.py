"""Ella and Maya through two sessions, while everything between them goes wrong.

Frames wait in lists, lines go dead, hints are lost, doubled and late, reads are answered in any
order, the server crashes, a backup is restored. Whatever happens, each sees a beginning of the one
log, in order, and once all is quiet, all of it; and every word said is in it once (S1).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.cases.model import VISITOR, Kind, Message
from chat import frames
from chat.frames import Cursor, client_id_of
from chat.session import Effect, Enter, Entry, Fetch, Session, Store, Tell

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
C = "c1"
ELLA, MAYA = VISITOR, "staff:m"
WHO = st.sampled_from([ELLA, MAYA])


@dataclass
class Log:
    """The truth, as simple as it can be told."""

    epoch: int = 1
    lines: list[Message] = field(default_factory=list)

    def append(self, sender: str, client_id: bytes, text: str, now: datetime) -> Message:
        for line in self.lines:
            if (line.sender, line.client_id) == (sender, client_id):
                assert line.text == text, "no client makes one id for two texts"
                return line
        line = Message(len(self.lines) + 1, sender, Kind.SAID, text, now, client_id)
        self.lines.append(line)
        return line


@dataclass
class Client:
    """A page that keeps the rules of chat/PROTOCOL.md, and no more."""

    me: str
    cursor: Cursor | None = None
    lines: list[str] = field(default_factory=list)
    pending: dict[str, str] = field(default_factory=dict)
    acked: list[tuple[str, str, int]] = field(default_factory=list)
    up: deque[frames.FromVisitor] = field(default_factory=deque)
    down: deque[frames.ToVisitor] = field(default_factory=deque)
    said: int = 0
    welcomed: bool = False

    def connect(self) -> None:
        self.up.clear()
        self.down.clear()
        self.welcomed = False
        self.up.append(frames.Hello(v=1, token="t", cursor=self.cursor))

    def say(self) -> None:
        self.said += 1
        number = self.said + (0 if self.me == ELLA else 1_000_000)
        client_id = str(UUID(int=number))
        self.pending[client_id] = f"{self.me} says {self.said}"
        if self.welcomed:
            self.push(client_id)

    def push(self, client_id: str) -> None:
        self.up.append(frames.Say(C, client_id, self.pending[client_id]))

    def hear(self, frame: frames.ToVisitor) -> None:
        match frame:
            case frames.Welcome():
                self.welcomed = True
                if frame.reset or self.cursor is None:
                    self.cursor = Cursor(frame.epoch, 0)
                    self.lines.clear()
                for client_id in list(self.pending):
                    self.push(client_id)
            case frames.Ack():
                self.acked.append((frame.epoch, frame.client_id, frame.seq))
                text = self.pending.pop(frame.client_id, None)
                self.place(frame.seq, text, gap=False)
            case frames.Message():
                if frame.client_id is not None:
                    self.pending.pop(frame.client_id, None)
                self.place(frame.seq, frame.text, gap=True)
            case frames.Error():
                assert frame.code in ("unknown", "down"), frame
            case _:
                pass

    def place(self, seq: int, text: str | None, *, gap: bool) -> None:
        assert self.cursor is not None
        if seq == self.cursor.seq + 1:
            if text is None:
                self.up.append(frames.Since(C, self.cursor))
                return
            self.lines.append(text)
            self.cursor = Cursor(self.cursor.epoch, seq)
        elif gap and seq > self.cursor.seq:
            self.up.append(frames.Since(C, self.cursor))


@dataclass
class Side:
    """One socket's server half: its session and what it waits for."""

    session: Session
    client: Client
    entering: int = 0
    stores: deque[Store] = field(default_factory=deque)
    fetches: list[int] = field(default_factory=list)
    pages: list[list[Message]] = field(default_factory=list)


class Night(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.log = Log()
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
            entry = Entry(C, "resume", str(self.log.epoch), len(self.log.lines), "08081 570 142")
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
        side = self.live(who)
        if side is not None:
            self.carry(side, side.session.hinted(len(self.log.lines)))

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
        for who in (ELLA, MAYA):
            self.open(who)

    @rule(back=st.integers(0, 3))
    def a_backup_is_restored(self, back: int) -> None:
        kept = max(0, len(self.log.lines) - back)
        self.lost_by_restore |= {line.text for line in self.log.lines[kept:]}
        self.log.lines = self.log.lines[:kept]
        self.log.epoch += 1
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
        texts = [line.text for line in self.log.lines]
        for client in self.clients.values():
            assert not client.pending, "every word said was acknowledged"
            assert client.lines == texts, "and everybody has every line"
            said = {f"{client.me} says {n}" for n in range(1, client.said + 1)}
            assert said <= set(texts) | self.lost_by_restore
        assert len(texts) == len(set(texts))


TestNight = Night.TestCase
TestNight.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
