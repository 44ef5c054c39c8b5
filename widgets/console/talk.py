"""One open conversation of an advisor's socket: its session, and the notes beside its lines.

Opening it passes the door that checks scope and writes the trail, before anything is told (S7).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from app.auth.policy import Actor
from app.cases import acts as contacts
from app.cases import notes
from app.cases.access import open_contact, refused
from app.cases.model import Channel, Note
from app.cases.signs import got_of
from app.cases.transcript import Transcript, epoch_of, heads_of
from app.db import Work
from app.errors import FrontdoorError, Missing
from app.ground import Ground
from chat import frames as chat
from chat.hosting import Hosted
from chat.session import CallBack, Close, Enter, Entry, Gone, Session
from chat.switchboard import Switchboard
from widgets.console import asking, frames
from widgets.console.names import Names
from widgets.console.telephone import Delivered, Telephone


@dataclass(frozen=True)
class Beside:
    notes: list[tuple[Note, str]]
    deliveries: list[Delivered]


@dataclass(frozen=True)
class Room:
    """What a talk stands on, and the socket it speaks through."""

    ground: Ground
    transcript: Transcript
    switchboard: Switchboard
    telephone: Telephone
    tell: Callable[[Struct], None]
    close: Callable[[Close], None]
    drained: Callable[[], Awaitable[None]]
    do: Callable[[Coroutine[Any, Any, None]], None]


class Talk:
    def __init__(self, room: Room, actor: Actor, frame: asking.Open) -> None:
        self.stale = False
        """Whether notes or deliveries may have come that were not told."""
        self.opened = asyncio.Event()
        """Set once the conversation is open, or cannot be."""
        self.session = Session(f"staff:{actor.staff}")
        self.hosted = Hosted(room.ground, room.transcript, self.session, self)
        self._room = room
        self._actor = actor
        self._frame = frame
        self._notes = frame.notes
        self._delivered: dict[int, Delivered] = {}
        self._over = False
        self._texts = False
        hello = chat.Hello(chat.VERSION, frame.conversation, frame.cursor)
        self.hosted.carry(self.session.receive(hello, room.ground.clock.now()))

    def stop(self) -> None:
        self._over = True
        self.opened.set()
        self._room.switchboard.let_go(self.hosted)

    async def look(self) -> None:
        """Tell the notes and deliveries that are new. Of texts no hint comes: each look asks."""
        if self.session.entry is None or not (self.stale or self._texts):
            return
        self.stale = False
        ground, conversation = self._room.ground, self._frame.conversation
        try:
            fresh = await ground.db.read(
                _beside, ground, self._room.telephone, conversation, self._notes
            )
        except FrontdoorError:
            self.stale = True
            return
        for note, name in fresh.notes:
            if note.number > self._notes:
                self._notes = note.number
                self.tell(told(conversation, note, name))
        for one in fresh.deliveries:
            if self._delivered.get(one.seq) != one:
                self._delivered[one.seq] = one
                self.tell(frames.Delivery(conversation, one.seq, one.state, one.words))

    # -- the session's effects that are the socket's own ------------------------------------------

    def tell(self, frame: Struct) -> None:
        self._room.tell(frame)

    def enter(self, effect: Enter) -> None:
        self._room.do(self._enter(effect.token))

    def gone(self, effect: Gone) -> None:
        """An advisor ends a contact by an ask with its number, never by leaving."""

    def call_back(self, effect: CallBack) -> None:
        """Only a visitor asks for it; a desk has no such frame."""

    def close(self, effect: Close) -> None:
        self._room.close(effect)

    async def drained(self) -> None:
        await self._room.drained()

    async def _enter(self, conversation: str) -> None:
        try:
            entry, channel = await self._room.ground.db.write(_enter, self._actor, conversation)
        except FrontdoorError as problem:
            if isinstance(problem, Missing):
                with contextlib.suppress(FrontdoorError):
                    await self._room.ground.db.write(refused, self._actor, conversation)
            self.tell(chat.Error(problem.code, problem.words, conversation, re=self._frame.re))
            self.opened.set()
            return
        if self._over:
            self.opened.set()
            return
        self._texts = channel is Channel.SMS
        self.hosted.carry(self.session.entered(entry))
        self.opened.set()
        self._room.switchboard.host(self.hosted)
        self.stale = True
        await self.look()


def told(conversation: str, note: Note, name: str, client_id: str | None = None) -> frames.Note:
    """A note as the socket tells it. With the writer's client_id it is their receipt."""
    return frames.Note(
        conversation, note.number, note.after_seq, name, note.text, note.at, client_id
    )


def _enter(work: Work, actor: Actor, conversation: str) -> tuple[Entry, Channel]:
    contact = contacts.of_conversation(work, conversation)
    open_contact(work, actor, contact.id, "desk")
    head = heads_of(work, [conversation]).get(conversation, 0)
    got = got_of(work, conversation)
    return Entry(conversation, "", epoch_of(work), head, "", got), contact.channel


def _beside(
    work: Work, ground: Ground, telephone: Telephone, conversation: str, after: int
) -> Beside:
    names = Names(work, ground.keyring)
    found = notes.after(work, ground.keyring, conversation, after)
    return Beside(
        [(note, names.of(note.author).first_name) for note in found],
        list(telephone.deliveries(work, conversation)),
    )
