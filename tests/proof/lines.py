"""Correspondents on real sockets: a visitor's page, and a console with several conversations.

Both come back by themselves, as often as the line drops, until they are cancelled.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.proof.correspondent import PASSING, Correspondent, Frame

BACK_WITHIN = (0.05, 0.3)
"""Seconds before a line is tried again."""
OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Pulse:
    """How often a client asks whether the line still lives, and how long it waits; in seconds."""

    interval: float | None = None
    timeout: float = 5.0


NONE = Pulse()


@dataclass
class VisitorLine:
    """`address` is HOST:PORT; `token` a frame token, then the resume token."""

    address: str
    token: str
    side: Correspondent
    pulse: Pulse = NONE
    closes: list[int] = field(default_factory=list)
    """The close code of each line that ended, 1006 when it simply went dead."""
    tries: int = 0
    _socket: ClientConnection | None = None

    def begin(self) -> asyncio.Task[None]:
        """Open it and keep it, until the task is cancelled."""
        return asyncio.create_task(_again_and_again(self._once))

    async def say(self) -> None:
        """New words. They are sent at once when there is a line, else by the next one."""
        await _send(self._socket, self.side.says())

    async def _once(self) -> None:
        self.tries += 1
        self.side.dialled(time.perf_counter())
        async with _opened(f"ws://{self.address}/chat/v1/socket", self.pulse) as socket:
            self._socket = socket
            try:
                hello = {"t": "hello", "v": 1, "token": self.token, "cursor": self.side.cursor}
                await _send(socket, hello)
                async for raw in socket:
                    frame: Frame = json.loads(raw)
                    if frame["t"] == "welcome":
                        self.token = frame["token"]
                    await _exchange(socket, self.side, frame)
            finally:
                self._socket = None
                self.side.welcomed = False
        self.closes.append(socket.close_code or 1006)


@dataclass
class ConsoleLine:
    """An advisor's one socket, signed in by the form; `sides` by conversation."""

    address: str
    email: str
    password: str
    sides: Mapping[str, Correspondent]
    pulse: Pulse = NONE
    tries: int = 0
    signed_in: bool = False
    seen: float = 0.0
    """When it was last told how the desk stands, by the monotonic clock."""
    _cookies: httpx2.Cookies = field(default_factory=httpx2.Cookies)
    _socket: ClientConnection | None = None

    def begin(self) -> asyncio.Task[None]:
        """Open it and keep it, until the task is cancelled."""
        return asyncio.create_task(_again_and_again(self._once))

    async def say(self, conversation: str) -> None:
        await _send(self._socket, self.sides[conversation].says())

    async def _once(self) -> None:
        self.tries += 1
        for side in self.sides.values():
            side.dialled(time.perf_counter())
        ticket = await self.ticket()
        async with _opened(f"ws://{self.address}/console/live", self.pulse) as socket:
            self._socket = socket
            try:
                await _send(socket, {"t": "hello", "v": 1, "ticket": ticket})
                for re, (conversation, side) in enumerate(self.sides.items()):
                    ask = {"t": "open", "re": re, "conversation": conversation}
                    await _send(socket, {**ask, "cursor": side.cursor})
                async for raw in socket:
                    await self._hear(socket, json.loads(raw))
            finally:
                self._socket = None
                for side in self.sides.values():
                    side.welcomed = False

    async def _hear(self, socket: ClientConnection, frame: Frame) -> None:
        if frame["t"] == "beat":
            await _send(socket, {"t": "beat"})
        if frame["t"] == "desk":
            self.seen = time.monotonic()
            mine = {each["conversation"] for each in frame["with_you"]}
            for conversation in self.sides.keys() - mine:
                self.sides[conversation].hand_on()
        side = self.sides.get(frame.get("conversation", ""))
        if side is not None:
            await _exchange(socket, side, frame)

    async def ticket(self) -> str:
        """A new one, by the session of whoever signed in."""
        client = httpx2.AsyncClient(
            base_url=f"http://{self.address}",
            headers=OWN,
            cookies=self._cookies,
            trust_env=False,
            verify=False,  # there is no https here, and to prepare for it takes 30 ms each time
            timeout=30,
        )
        async with client:
            if not self.signed_in:
                form = {"email": self.email, "password": self.password}
                answer = await client.post("/console/sign-in", data=form)
                self.signed_in = answer.status_code == 303
                self._cookies = client.cookies
            answer = await client.post("/console/ticket")
            answer.raise_for_status()
            ticket: str = answer.json()["ticket"]
            return ticket


@asynccontextmanager
async def _opened(url: str, pulse: Pulse) -> AsyncIterator[ClientConnection]:
    async with connect(
        url,
        compression=None,
        open_timeout=10,
        close_timeout=0.5,
        ping_interval=pulse.interval,
        ping_timeout=pulse.timeout,
        proxy=None,
    ) as socket:
        yield socket


async def _exchange(socket: ClientConnection, side: Correspondent, frame: Frame) -> None:
    for answer in [*side.takes(frame, time.perf_counter()), *side.goes_on()]:
        await _send(socket, answer)
    if frame["t"] == "error" and frame.get("client_id") and frame["code"] in PASSING:
        client_id = frame["client_id"].replace("-", "")
        await asyncio.sleep(min(frame.get("after") or 0.2, 10))
        for again in side.says_again(client_id):
            await _send(socket, again)


async def _send(socket: ClientConnection | None, frame: Frame | None) -> None:
    if socket is not None and frame is not None:
        await socket.send(json.dumps(frame))


async def _again_and_again(once: Callable[[], Awaitable[None]]) -> None:
    while True:
        with suppress(OSError, WebSocketException, httpx2.HTTPError, EOFError):
            await once()
        await asyncio.sleep(random.uniform(*BACK_WITHIN))
