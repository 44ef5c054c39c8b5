"""The visitors' socket, `/chat/v1/socket`: an ASGI callable, so that nothing lies in between.

No cookie and no address opens it: a frame token or a resume token comes in the first frame,
within five seconds. Nothing a peer sends raises (S9), and every limit names the number to call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from app.cases.transcript import Transcript
from app.definition.model import Service
from app.ground import Ground
from app.log import log
from chat import frames
from chat.outgoing import Outgoing
from chat.pace import PACE, Pace
from chat.porch import Porch
from chat.switchboard import Switchboard
from chat.visit import Door, Visit

HELLO_WITHIN = 5.0
MOST_UNREAD = 256


class VisitorSocket(Door):
    """One for each process; called once for each socket."""

    def __init__(
        self,
        ground: Ground,
        transcript: Transcript,
        switchboard: Switchboard,
        services: Callable[[], Mapping[str, Service]],
        frame_key: bytes,
        pace: Pace = PACE,
    ) -> None:
        super().__init__(ground, transcript, switchboard, services, frame_key, pace)
        self.strangers = Porch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        line = VisitorLine(self, receive, send, self.network(scope))
        await self.strangers.enter(id(line), line.crowded_out)
        try:
            await send({"type": "websocket.accept"})
            if self.switchboard.closing:
                await send(
                    {"type": "websocket.close", "code": 1012, "reason": "come back in a moment"}
                )
                return
            await line.run()
        finally:
            self.strangers.leave(id(line))


class VisitorLine:
    """One visitor's socket, from accept to close."""

    def __init__(self, door: VisitorSocket, receive: Receive, send: Send, network: str) -> None:
        self._door = door
        self._receive = receive
        self._out = Outgoing(send, MOST_UNREAD)
        self._visit = Visit(door, self._out, network, self._let_in)

    async def run(self) -> None:
        hello = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._no_hello)
        try:
            await self._read()
        finally:
            hello.cancel()
            await self._visit.over()

    async def _read(self) -> None:
        clock, visit = self._door.ground.clock, self._visit
        while not self._out.closing:
            message: Any = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            raw = message.get("text")
            frame = frames.parse(raw if raw is not None else message.get("bytes") or b"")
            if isinstance(frame, frames.Problem):
                log.info("chat.bad_frame", code=frame.code)
            visit.hosted.carry(visit.session.receive(frame, clock.now()))
            await visit.hosted.room()

    def crowded_out(self) -> None:
        """Too many stand at the door without a word, and this one stood there longest."""
        self._visit.hosted.carry(self._visit.session.crowded_out(self._door.number_for()))

    def _no_hello(self) -> None:
        self._visit.hosted.carry(self._visit.session.late(self._door.number_for()))

    def _let_in(self) -> None:
        self._door.strangers.known(id(self))
