"""A socket without a network: frames are handed to the visitors' socket by hand, in any order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import Message, Scope

from chat.socket import VisitorSocket

PATIENCE = 30.0
"""Seconds after which a test gives up; nothing here is measured."""
Frame = dict[str, Any]


class Wire:
    """`blocked` is a peer that does not read: what is sent to it never leaves."""

    def __init__(self, client: str = "127.0.0.1") -> None:
        self.scope: Scope = {"type": "websocket", "path": "/", "client": (client, 5), "headers": []}
        self.blocked = asyncio.Event()
        self.blocked.set()
        self.closed: int | None = None
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self._out: asyncio.Queue[Message] = asyncio.Queue()
        self._in.put_nowait({"type": "websocket.connect"})

    async def receive(self) -> Message:
        return await self._in.get()

    async def send(self, message: Message) -> None:
        await self.blocked.wait()
        self._out.put_nowait(message)

    def says(self, frame: Frame | str) -> None:
        text = frame if isinstance(frame, str) else json.dumps(frame)
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    def hangs_up(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def hears(self, kind: str) -> Frame:
        """Read on until a frame of this kind; AssertionError when the socket is closed before."""
        while True:
            frame = await self.next()
            assert frame is not None, f"closed with {self.closed} before any {kind}"
            if frame["t"] == kind:
                return frame

    async def next(self) -> Frame | None:
        """The next frame, None at the close; the close code is then in `closed`."""
        while True:
            async with asyncio.timeout(PATIENCE):
                message = await self._out.get()
            match message["type"]:
                case "websocket.send":
                    frame: Frame = json.loads(message["text"])
                    return frame
                case "websocket.close":
                    self.closed = message["code"]
                    self.hangs_up()
                    return None
                case _:
                    pass

    async def rest(self) -> list[Frame]:
        """Everything until the close."""
        frames = []
        while (frame := await self.next()) is not None:
            frames.append(frame)
        return frames


@asynccontextmanager
async def wired(door: VisitorSocket, client: str = "127.0.0.1") -> AsyncIterator[Wire]:
    """A socket, accepted; it hangs up at the end, and everything it began is carried to its end."""
    wire = Wire(client)
    task = asyncio.create_task(door(wire.scope, wire.receive, wire.send))
    try:
        yield wire
    finally:
        wire.hangs_up()
        wire.blocked.set()
        async with asyncio.timeout(PATIENCE):
            await task


def hello(token: str, cursor: Frame | None = None, **need: str) -> Frame:
    return {"t": "hello", "v": 1, "token": token, "cursor": cursor, "need": need, "lang": "en"}
