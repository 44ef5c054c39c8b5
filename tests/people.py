"""The people every story is about: who is on duty, and who comes to the door. All invented.

Staff are those of the example services. Visitors write over the real protocol, see `Visitor`.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app import ids
from app.auth import staff
from app.auth.policy import Actor
from app.auth.tables import staff as staff_table
from app.cases.model import Channel, Need, Opening
from app.db import Work
from app.definition import files
from app.definition.people import Person
from app.keyring import Keyring

SERVICES = files.load_examples()
CUMBRIA = SERVICES["cumbria"]
SITE = CUMBRIA.sites[0]
_people = {
    person.email: person for person in files.load_people(files.EXAMPLES / "people.toml", SERVICES)
}


def person(email: str) -> Person:
    return _people[email]


MAYA = person("maya@cumbria.example")
"""An advisor in Penrith."""
TOM = person("tom@cumbria.example")
"""An advisor in the central hub."""
AISHA = person("aisha@cumbria.example")
"""An advisor in Carlisle."""
MAREK = person("marek@cumbria.example")
"""A volunteer in Workington, one at a time."""
HANNAH = person("hannah@cumbria.example")
"""The lead of the central hub."""
PEOPLE = tuple(_people.values())


def actor_for(work: Work, keyring: Keyring, who: Person) -> Actor:
    """This person as the rooms know them, once they have joined."""
    index = keyring.blind(staff.STAFF_INDEX, who.email)
    id_ = work.run(sa.select(staff_table.c.id).where(staff_table.c.email_index == index)).scalar()
    assert id_ is not None, f"{who.first} has not joined this house"
    return staff.actor(work, keyring, id_)


@dataclass(frozen=True)
class Caller:
    """Somebody who comes to the door, before they have said a word."""

    name: str
    need: Need = field(default_factory=Need)
    hub: str = "penrith"
    number: str | None = None

    def opening(self, channel: Channel = Channel.CHAT, *, key: str = "") -> Opening:
        """A contact as it arrives; another each time, unless `key` says it is the same."""
        return Opening(
            key=key or f"{channel}:{ids.new()}",
            id=ids.new(),
            service=CUMBRIA.key,
            hub=self.hub,
            channel=channel,
            line="" if channel is Channel.CHAT else CUMBRIA.lines[0].key,
            site=SITE.key if channel is Channel.CHAT else "",
            need=self.need,
            number=self.number,
            conversation=None if channel is Channel.VOICE else ids.new(),
        )

    def near(self, hub: str) -> Caller:
        return replace(self, hub=hub)


ELLA = Caller("Ella", Need(crime="domestic", age="adult", area="Westmorland and Furness"))
SAM = Caller("Sam", number="+447700900123")
"""Rings and texts."""


Frame = dict[str, Any]


@dataclass
class Visitor:
    """A chat as its page would hold it: the resume token, the place, the lines, what is pending.

    Speaks protocol v1 to a served house and keeps its rules (chat/PROTOCOL.md).
    """

    url: str
    """ws://HOST:PORT/chat/v1/socket"""
    token: str
    """A frame token at first; the resume token after the first welcome."""
    need: Frame = field(default_factory=dict)
    conversation: str = ""
    cursor: Frame | None = None
    lines: list[Frame] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    """Everything that was heard, in order."""
    pending: dict[str, str] = field(default_factory=dict)
    """Words not acknowledged yet, by client_id."""
    _unread: deque[Frame] = field(default_factory=deque)
    _socket: ClientConnection | None = None

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None, "not connected"
        return self._socket

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Visitor]:
        """Open the socket, say hello, hear the welcome, and send again what nobody acknowledged."""
        async with connect(self.url, compression=None, open_timeout=30) as socket:
            self._socket = socket
            self._unread.clear()
            await self.send(
                {"t": "hello", "v": 1, "token": self.token, "cursor": self.cursor,
                 "need": self.need, "lang": "en"}
            )  # fmt: skip
            await self.hears("welcome")
            for client_id, text in list(self.pending.items()):
                await self.resends(client_id, text)
            yield self
        self._socket = None

    async def says(self, text: str) -> str:
        """Send words under a new id, which is returned. They are pending until acknowledged."""
        client_id = ids.new()
        client_id = "-".join(
            (client_id[:8], client_id[8:12], client_id[12:16], client_id[16:20], client_id[20:])
        )
        self.pending[client_id] = text
        await self.resends(client_id, text)
        return client_id

    async def resends(self, client_id: str, text: str) -> None:
        await self.send(
            {"t": "say", "conversation": self.conversation, "client_id": client_id, "text": text}
        )

    async def leaves(self, how: str = "exit") -> None:
        await self.send({"t": "leave", "conversation": self.conversation, "how": how})

    async def send(self, frame: Frame) -> None:
        await self.socket.send(json.dumps(frame))

    async def hears(self, kind: str, **wanted: Any) -> Frame:
        """Read on until a frame of this kind with these values; what lies before it is kept."""
        while True:
            frame: Frame = json.loads(await self.socket.recv())
            self._take(frame)
            if frame["t"] == kind and all(frame.get(key) == value for key, value in wanted.items()):
                return frame

    async def until_closed(self) -> int | None:
        """Read on to the end. Returns the close code, 1006 when the line simply went dead."""
        with suppress(ConnectionClosed):
            await self.hears("nothing ever")
        return self.socket.close_code

    def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        match frame["t"]:
            case "welcome":
                self.token, self.conversation = frame["token"], frame["conversation"]
                if frame["reset"] or self.cursor is None:
                    self.cursor = {"epoch": frame["epoch"], "seq": 0}
                    self.lines.clear()
            case "message":
                self._place(frame["seq"], frame)
                if "client_id" in frame:
                    self.pending.pop(frame["client_id"], None)
            case "ack":
                text = self.pending.pop(frame["client_id"], None)
                self._place(frame["seq"], {**frame, "from": "you", "text": text})
            case _:
                pass

    def _place(self, seq: int, line: Frame) -> None:
        assert self.cursor is not None
        if seq == self.cursor["seq"] + 1:
            self.lines.append(line)
            self.cursor = {**self.cursor, "seq": seq}

    @property
    def said(self) -> list[str]:
        return [line["text"] for line in self.lines]
