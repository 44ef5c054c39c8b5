"""The model that the machine in test_machine.py plays against: one log, two pages, their server.

As simple as it can be told. A page keeps the rules of chat/PROTOCOL.md, and no more.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.cases.model import VISITOR, Kind, Message
from chat import frames
from chat.frames import Cursor
from chat.session import Session, Store

C = "c1"
ELLA, MAYA = VISITOR, "staff:m"


@dataclass
class Log:
    """The truth, as simple as it can be told."""

    epoch: int = 1
    lines: list[Message] = field(default_factory=list)
    got: int = 0
    """How far the visitor's device has it."""
    covered: bool = False

    def restored(self, back: int) -> list[Message]:
        """A backup of `back` lines ago is put in place. Returns what is gone."""
        kept = max(0, len(self.lines) - back)
        gone, self.lines = self.lines[kept:], self.lines[:kept]
        self.got = min(self.got, kept)
        self.epoch += 1
        return gone

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
    down: deque[frames.ToVisitor | frames.Delivered] = field(default_factory=deque)
    said: int = 0
    welcomed: bool = False
    covered: bool | None = None
    """Whether the screen is covered; None as long as it never was."""
    most: dict[str, int] = field(default_factory=dict)
    """The furthest it ever was, by epoch."""
    delivered: tuple[str, int] = ("", 0)
    """What staff were told last of the visitor's device."""

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

    def has_it(self) -> None:
        """Everything so far is on the screen."""
        if self.welcomed and self.cursor is not None:
            self.up.append(frames.Got(C, self.cursor))

    def covers(self, covered: bool) -> None:
        self.covered = covered
        if self.welcomed:
            self.up.append(frames.Here(C, covered))

    def hear(self, frame: frames.ToVisitor | frames.Delivered) -> None:
        match frame:
            case frames.Welcome():
                self.welcomed = True
                if frame.reset or self.cursor is None:
                    self.cursor = Cursor(frame.epoch, 0)
                    self.lines.clear()
                self.delivered = (frame.epoch, 0)
                for client_id in list(self.pending):
                    self.push(client_id)
                if self.covered is not None:
                    self.up.append(frames.Here(C, self.covered))
            case frames.Delivered(seq=seq):
                assert self.me != ELLA, "nobody tells a visitor who has read what"
                assert seq > self.delivered[1], "told twice, or backwards"
                self.delivered = (self.delivered[0], seq)
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
            self.most[self.cursor.epoch] = max(seq, self.most.get(self.cursor.epoch, 0))
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


@dataclass
class Signs:
    """What a process was told of the visitor's device, and has not kept yet. A crash loses it."""

    got: int = 0
    covered: bool | None = None
