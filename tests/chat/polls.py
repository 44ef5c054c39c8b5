"""A visitor who polls, by hand: each poll is one request, and may be hung up on."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Scope

from chat.poll import VisitorPoll
from tests.chat.wire import PATIENCE, Frame


class Request:
    """One poll under way."""

    def __init__(self, door: VisitorPoll, body: bytes, client: str) -> None:
        self.scope: Scope = {
            "type": "http", "method": "POST", "path": "/", "client": (client, 5), "headers": [],
        }  # fmt: skip
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self._in.put_nowait({"type": "http.request", "body": body, "more_body": False})
        self.sent: list[Message] = []
        self.task = asyncio.ensure_future(door(self.scope, self._in.get, self._send))

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    def hangs_up(self) -> None:
        self._in.put_nowait({"type": "http.disconnect"})

    async def over(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.task

    async def answer(self) -> dict[str, Any]:
        await self.over()
        told: dict[str, Any] = json.loads(self.sent[1]["body"])
        assert self.sent[0]["status"] == 200
        assert (b"access-control-allow-origin", b"*") in self.sent[0]["headers"]
        return told


@dataclass
class Poller:
    """A client that polls one after another. `heard` is every frame, in order."""

    door: VisitorPoll
    client: str = "127.0.0.1"
    line: str = ""
    n: int = 0
    close: int | None = None
    heard: list[Frame] = field(default_factory=list)

    def posts(self, *frames: Frame, n: int | None = None) -> Request:
        self.n += 1
        said = {"line": self.line, "n": n or self.n, "frames": list(frames)}
        return Request(self.door, json.dumps(said).encode(), self.client)

    async def takes(self, request: Request) -> list[Frame]:
        told = await request.answer()
        self.line, self.close = told["line"], told.get("close")
        self.heard += told["frames"]
        return list(told["frames"])

    async def polls(self, *frames: Frame) -> list[Frame]:
        return await self.takes(self.posts(*frames))

    async def hears(self, kind: str, *frames: Frame) -> Frame:
        """Poll on until a frame of this kind."""
        told = await self.polls(*frames)
        while True:
            for frame in told:
                if frame["t"] == kind:
                    return frame
            assert self.close is None, f"closed with {self.close} before any {kind}"
            told = await self.polls()
