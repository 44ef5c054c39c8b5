"""One conversation as one reader and writer sees it, without I/O.

Frames, hints and answers go in; effects come out, in order, for a shell to carry out. It is
total: nothing a peer sends raises (S9). An ack leaves only when `stored` says it is committed
(S1); lines leave in order of seq, each once, and a lost hint is made good by the next look.

    receive(frame) / hinted(seq) / delivered(seq) / stored() / not_stored() / page() / situation()
        ->  effects (chat/effects.py)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cases.model import PAGE, VISITOR, Message
from chat import frames
from chat.effects import (
    CallBack,
    Close,
    Effect,
    Enter,
    Fetch,
    Gone,
    Got,
    Here,
    Speak,
    Store,
    Tell,
    Type,
)  # fmt: skip
from chat.frames import Cursor, client_id_of, client_id_text, key_of
from chat.pace import PACE, Pace, Pacer
from chat.telling import staff_of
from chat.telling import told as line_told

__all__ = [
    "PACE", "CallBack", "Close", "Effect", "Enter", "Entry", "Fetch", "Gone", "Got", "Here",
    "Pace", "Session", "Speak", "Store", "Tell", "Type",
]  # fmt: skip

MOST_IN_FLIGHT = 16
MOST_BAD = 20
"""Frames we could not read, of one socket; past it the socket is closed."""


@dataclass(frozen=True)
class Entry:
    """The conversation a peer has entered. `token` is what lets them come back."""

    conversation: str
    token: str
    epoch: str
    head: int
    number: str
    """The number to call instead, as people write it."""
    got: int = 0
    """How far the visitor's device has the lines: told to staff alone."""


class Session:
    """`me` is the sender this peer writes as: visitor, or staff:ID."""

    def __init__(self, me: str, pace: Pace = PACE) -> None:
        self.me = me
        self.entry: Entry | None = None
        self.at = 0
        """How far the peer has been told, or told us it has read."""
        self._head = 0
        self._fetching = False
        self._asked = False
        self._ended = False
        self._cursor: Cursor | None = None
        self._in_flight = 0
        self._pacer = Pacer(pace)
        self._got = 0
        self._screen: Here | None = None
        """None: not said on this line yet. It may be otherwise than on the last one."""
        self._last_state: frames.State | None = None
        self._names: dict[str, str] = {}
        self._bad = 0

    # -- from the peer -------------------------------------------------------------------

    def receive(self, frame: frames.FromVisitor | frames.Problem, now: datetime) -> list[Effect]:
        match frame:
            case frames.Problem():
                return self._problem(frame)
            case frames.Hello():
                return self._hello(frame)
            case _ if self.entry is None:
                return [
                    Tell(frames.Error("hello_first", "Say hello first.")),
                    Close(4002, "hello first"),
                ]
            case _ if frame.conversation != self.entry.conversation:
                return [Tell(self._error("not_yours", "That is not this conversation."))]
            case frames.Say():
                return self._say(frame, now)
            case frames.Typing():
                return [] if self._ended else [Type(frame.on)]
            case frames.Since():
                return self._since(frame.cursor)
            case frames.Got():
                return self._has(frame.cursor)
            case frames.Here():
                return self._seen(frame.covered, frame.paused)
            case frames.Speak():
                return [] if self._ended else [Speak(frame.lang)]
            case frames.CallBack():
                return self._wish(frame, now)
            case frames.Leave():
                return [] if self._ended else [Gone(frame.how)]

    def late(self, number: str | None = None) -> list[Effect]:
        """No hello in time."""
        if self._asked:
            return []
        return self.refused("late_hello", "The chat did not open in time.", 4001, number)

    def crowded_out(self, number: str | None) -> list[Effect]:
        """Too many wait at the door without a word."""
        return self.refused("slow_down", "Too many are opening a chat. Please call.", 4001, number)

    def _hello(self, frame: frames.Hello) -> list[Effect]:
        if self._asked:
            return [Tell(self._error("bad_frame", "Hello comes once."))]
        self._asked = True
        if frame.v != frames.VERSION:
            return [
                Tell(frames.Error("version", f"This server speaks version {frames.VERSION}.")),
                Close(4002, "version"),
            ]
        self._cursor = frame.cursor
        return [Enter(frame.token, frame.need, frame.lang)]

    def _say(self, frame: frames.Say, now: datetime) -> list[Effect]:
        client_id = client_id_of(frame)
        if client_id is None:
            return [Tell(self._error("bad_frame", "client_id must be a UUID."))]
        hasty = self._hasty(frame.client_id, now)
        if hasty is not None:
            return hasty
        self._in_flight += 1
        return [Store(client_id, frame.text)]

    def _since(self, cursor: Cursor) -> list[Effect]:
        assert self.entry is not None
        if cursor.epoch != self.entry.epoch or cursor.seq > self._head:
            self.at = 0
            return [Tell(self._welcome(reset=True)), *self._look()]
        self.at = cursor.seq
        self._fetching = False
        return self._look(again=True)

    def _has(self, cursor: Cursor) -> list[Effect]:
        """A place that cannot be is no fault: the log may have begun anew a moment ago."""
        assert self.entry is not None
        known = cursor.epoch == self.entry.epoch and self._got < cursor.seq <= self._head
        if self.me != VISITOR or not known:
            return []
        self._got = cursor.seq
        return [Got(cursor.seq)]

    def _seen(self, covered: bool, paused: bool) -> list[Effect]:
        seen = Here(covered, covered and paused)
        if self._ended or seen == self._screen:
            return []
        self._screen = seen
        return [seen]

    def _wish(self, frame: frames.CallBack, now: datetime) -> list[Effect]:
        key = key_of(frame.id)
        if key is None:
            return [Tell(self._error("bad_frame", "id must be a UUID."))]
        if self.me != VISITOR or self._ended:
            return [Tell(self._error("ended", "This chat has ended.", client_id=frame.id))]
        hasty = self._hasty(frame.id, now)
        if hasty is not None:
            return hasty
        return [CallBack(key, frame.number, frame.when, frame.voicemail, frame.say, frame.who)]

    def _hasty(self, client_id: str, now: datetime) -> list[Effect] | None:
        """What to answer when this came too soon after the rest; None when it did not."""
        wait, flooding = self._pacer.hurry(now)
        if flooding:
            words = f"That is far too much at once. Please call {self._number()}."
            return [Tell(self._error("slow_down", words, after=30)), Close(4029, "slow down")]
        if wait is None:
            return None
        words = f"That was a lot at once. Wait {wait:.0f} s, or call {self._number()}."
        return [Tell(self._error("slow_down", words, client_id=client_id, after=wait))]

    def _problem(self, problem: frames.Problem) -> list[Effect]:
        told: list[Effect] = [Tell(self._error(problem.code, problem.words))]
        self._bad += 1
        if problem.close is not None:
            told.append(Close(problem.close, problem.code))
        elif self._bad >= MOST_BAD:
            told.append(Close(4002, "too many bad frames"))
        return told

    # -- from the shell --------------------------------------------------------------------

    def entered(self, entry: Entry) -> list[Effect]:
        self.entry = entry
        self._head = entry.head
        reset = False
        if self._cursor is not None:
            reset = self._cursor.epoch != entry.epoch or self._cursor.seq > entry.head
            self.at = 0 if reset else self._cursor.seq
        return [Tell(self._welcome(reset=reset)), *self.delivered(entry.got), *self._look()]

    def refused(self, code: str, words: str, close: int, number: str | None = None) -> list[Effect]:
        return [Tell(frames.Error(code, words, number=number)), Close(close, code)]

    def stored(self, client_id: bytes, epoch: str, seq: int, at: datetime) -> list[Effect]:
        assert self.entry is not None
        self._in_flight -= 1
        ack = frames.Ack(
            self.entry.conversation, client_id_text(client_id), epoch, seq, at.isoformat()
        )
        if seq == self.at + 1 and not self._fetching:
            self.at = seq  # the ack stands for the line: the peer has its own words already
        return [Tell(ack), *self.hinted(seq)]

    def not_stored(
        self, client_id: bytes, code: str, words: str, after: float | None = None
    ) -> list[Effect]:
        self._in_flight -= 1
        return [Tell(self._error(code, words, client_id=client_id_text(client_id), after=after))]

    def promised(self, id_: bytes, number_ends: str, by: datetime) -> list[Effect]:
        assert self.entry is not None
        told = frames.Promised(
            self.entry.conversation, client_id_text(id_), number_ends, by.isoformat()
        )
        return [Tell(told)]

    def not_promised(self, id_: bytes, code: str, words: str) -> list[Effect]:
        return [Tell(self._error(code, words, client_id=client_id_text(id_)))]

    @property
    def full(self) -> bool:
        """True when the peer must wait for its own commits before it is read on."""
        return self._in_flight >= MOST_IN_FLIGHT

    def hinted(self, seq: int) -> list[Effect]:
        """Someone says there may be more, up to `seq`."""
        self._head = max(self._head, seq)
        return self._look()

    def delivered(self, seq: int) -> list[Effect]:
        """The visitor's device has the lines up to `seq`. Nobody but staff is ever told."""
        if self.entry is None or self.me == VISITOR or seq <= self._got:
            return []
        self._got = seq
        return [Tell(frames.Delivered(self.entry.conversation, seq))]

    def page(self, lines: Sequence[Message], names: dict[str, str]) -> list[Effect]:
        """The lines that were asked for. `names` is staff id to first name."""
        assert self.entry is not None
        self._fetching = False
        self._names.update(names)
        conversation, epoch = self.entry.conversation, self.entry.epoch
        told: list[Effect] = []
        for line in lines:
            if line.seq == self.at + 1:
                told.append(Tell(line_told(line, self.me, conversation, epoch, self._names)))
                self.at = line.seq
        if len(lines) >= PAGE:
            self._head = max(self._head, self.at + 1)
        elif not lines:
            self._head = min(self._head, self.at)
        return [*told, *self._look()]

    def knows(self, sender: str) -> bool:
        """Whether a line of this sender can be told without asking for a name."""
        return not sender.startswith("staff:") or staff_of(sender) in self._names

    def situation(self, state: frames.State) -> list[Effect]:
        """How the contact stands. Told when it changed."""
        if state == self._last_state:
            return []
        self._last_state = state
        self._ended = state.state == "ended"
        return [Tell(state)]

    def down(self) -> list[Effect]:
        """Nothing can be kept or read just now. How it stands is told again when it can."""
        self._last_state = None
        words = f"The chat does not answer just now. Please call {self._number()}."
        return [Tell(self._error("down", words))]

    def typing(self, name: str | None, on: bool) -> list[Effect]:
        if self.entry is None or self._ended:
            return []
        if name is None and self._last_state is not None:
            name = self._last_state.name
        return [Tell(frames.Typing(self.entry.conversation, on, name))]

    # -- within ------------------------------------------------------------------------------

    def _look(self, *, again: bool = False) -> list[Effect]:
        if self._fetching or (self._head <= self.at and not again):
            return []
        self._fetching = True
        return [Fetch(self.at)]

    def _welcome(self, *, reset: bool) -> frames.Welcome:
        assert self.entry is not None
        return frames.Welcome(
            frames.VERSION,
            self.entry.conversation,
            self.entry.token,
            self.entry.epoch,
            self._head,
            reset,
        )

    def _number(self) -> str:
        return self.entry.number if self.entry else ""

    def _error(
        self, code: str, words: str, *, client_id: str | None = None, after: float | None = None
    ) -> frames.Error:
        return frames.Error(
            code,
            words,
            conversation=self.entry.conversation if self.entry else None,
            client_id=client_id,
            after=after,
            number=self._number() or None,
        )
