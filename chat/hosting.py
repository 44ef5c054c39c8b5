"""A session's effects, carried out: words to the hot door, looks to the readers, frames to a peer.

A peer's socket reads on while its words commit, 16 at the most; a peer that does not read what we
send is let go after 256 frames and comes back by its cursor (close 4008).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Protocol

from msgspec import Struct

from app.auth import staff
from app.bus import Hint
from app.cases.model import Message
from app.cases.tail import Tail
from app.cases.transcript import Post, Posted, Transcript
from app.db import Work
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
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
from chat.session import Session
from chat.signs import Signs

MOST_LINES = 32
"""Lines read and told at a time: the longest of them, each letter escaped, are within what may
wait for a peer (MOST_LETTERS)."""
TYPING = {("visitor", True): 1, ("visitor", False): 0, ("staff", True): 3, ("staff", False): 2}
"""A typing hint's number: who, and whether. No text, no name."""


class Shell(Protocol):
    """What a socket does for the effects that are its own."""

    def tell(self, frame: Struct) -> None: ...

    def enter(self, effect: Enter) -> None: ...

    def gone(self, effect: Gone) -> None: ...

    def call_back(self, effect: CallBack) -> None: ...

    def close(self, effect: Close) -> None: ...

    async def drained(self) -> None:
        """Wait until the peer has taken most of what it was sent."""


class Hosted:
    """One peer in one conversation, held by this process."""

    def __init__(
        self,
        ground: Ground,
        transcript: Transcript,
        session: Session,
        shell: Shell,
        signs: Signs | None = None,
    ) -> None:
        """`signs` is where a visitor's are gathered; staff give none."""
        self.session = session
        self._signs = signs
        self._ground = ground
        self._transcript = transcript
        self._shell = shell
        self._held_tail: Tail | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._room: asyncio.Event | None = None
        self._stopped = False

    @property
    def conversation(self) -> str:
        return self.session.entry.conversation if self.session.entry else ""

    @property
    def is_staff(self) -> bool:
        return self.session.me.startswith("staff:")

    def carry(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Tell(frame):
                    self._shell.tell(frame)
                case Store():
                    self._store(effect)
                    self._sign(effect)
                case Fetch(seq):
                    self._look(seq)
                case Type(on):
                    who = "staff" if self.is_staff else "visitor"
                    hint = Hint("typing", self.conversation, TYPING[who, on])
                    self._ground.bus.publish([hint])
                    self._sign(effect)
                case Got() | Here() | Speak():
                    self._sign(effect)
                case Enter():
                    self._shell.enter(effect)
                case CallBack():
                    self._shell.call_back(effect)
                case Gone():
                    self._shell.gone(effect)
                case Close():
                    self._shell.close(effect)

    async def room(self) -> None:
        """Wait until the peer may be read on."""
        if self.session.full:
            self._room = asyncio.Event()
            await self._room.wait()

    def hinted(self, seq: int) -> None:
        self.carry(self.session.hinted(seq))

    def glanced(self, head: int, got: int) -> None:
        """How far the conversation has come, and how far the visitor's device has it."""
        self.carry([*self.session.hinted(head), *self.session.delivered(got)])

    def typed(self, number: int, name: str | None) -> None:
        if (number >= 2) != self.is_staff:
            self.carry(self.session.typing(name, bool(number % 2)))

    def move(self, after: float) -> None:
        """Ask the peer to come back elsewhere, by its cursor."""
        self._shell.tell(frames.Move(after))

    def down(self) -> None:
        self.carry(self.session.down())

    def beat(self) -> None:
        """The line still carries."""
        self._shell.tell(frames.Beat())

    def situation(self, state: frames.State) -> None:
        self.carry(self.session.situation(state))

    def stop(self) -> None:
        """The peer is gone. What it said is still kept; nothing more is read for it."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()

    def _sign(self, effect: Store | Type | Got | Here | Speak) -> None:
        """Only gathered here: nothing is written for it now."""
        signs = self._signs
        if signs is None:
            return
        match effect:
            case Got(seq):
                signs.got[self.conversation] = max(seq, signs.got.get(self.conversation, 0))
            case Speak(lang):
                signs.speaks[self.conversation] = lang
            case Here(covered, paused):
                screen = "paused" if paused else "covered" if covered else "here"
                signs.screen[self.conversation] = screen
                if not covered:
                    signs.signed.add(self.conversation)
            case Store() | Type():
                signs.signed.add(self.conversation)

    @property
    def _tail(self) -> Tail:
        if self._held_tail is None:
            self._held_tail = self._transcript.tail(self.conversation)
        return self._held_tail

    def _store(self, effect: Store) -> None:
        post = Post(self.conversation, self.session.me, effect.client_id, effect.text)
        future = self._ground.db.append(self._transcript.append, post)
        future.add_done_callback(self._kept(post))

    def _kept(self, post: Post) -> Callable[[asyncio.Future[Posted]], None]:
        client_id = post.client_id

        def settle(future: asyncio.Future[Posted]) -> None:
            if future.cancelled():
                return
            problem = future.exception()
            if problem is None:
                kept = future.result()
                self._tail.add(
                    Message(kept.seq, post.sender, post.kind, post.text, kept.at, client_id)
                )
                effects = self.session.stored(client_id, kept.epoch, kept.seq, kept.at)
            elif isinstance(problem, FrontdoorError):
                effects = self.session.not_stored(client_id, problem.code, problem.words)
            else:
                log.error("chat.not_stored", exc_info=problem)
                effects = self.session.not_stored(
                    client_id, "down", "Not sent. Try again, or call."
                )
            self.carry(effects)
            if self._room is not None and not self.session.full:
                self._room.set()

        return settle

    def _look(self, seq: int) -> None:
        """From memory where everything is there, else from the transcript."""
        lines = self._tail.after(seq)
        if lines is not None and all(self.session.knows(line.sender) for line in lines):
            self.carry(self.session.page(lines, {}))
        else:
            self._do(self._fetch(seq))

    async def _fetch(self, seq: int) -> None:
        delay = 0.1
        while True:
            try:
                await self._shell.drained()
                lines, names = await self._ground.db.read(self._page, seq)
            except Exception as problem:
                if not isinstance(problem, FrontdoorError):
                    log.exception("chat.not_read")
                await asyncio.sleep(delay)
                delay = min(2.0, delay * 2)
            else:
                self.carry(self.session.page(lines, names))
                return

    def _page(self, work: Work, seq: int) -> tuple[list[Message], dict[str, str]]:
        lines = self._transcript.after(work, self.conversation, seq, MOST_LINES)
        writers = {line.sender for line in lines if line.sender.startswith("staff:")}
        names = {
            id_: staff.colleague(work, self._ground.keyring, id_).first_name
            for id_ in (writer.removeprefix("staff:") for writer in writers)
        }
        return lines, names

    def _do(self, work: Coroutine[None, None, None]) -> None:
        if self._stopped:
            work.close()
            return
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
