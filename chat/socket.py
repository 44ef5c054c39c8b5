"""The visitors' socket, `/chat/v1/socket`: an ASGI callable, so that nothing lies in between.

No cookie and no address opens it: a frame token or a resume token comes in the first frame,
within five seconds. Nothing a peer sends raises (S9), and every limit names the number to call.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from starlette.types import Receive, Scope, Send

from app import ids
from app.cases.model import VISITOR
from app.cases.transcript import Transcript
from app.definition.model import Service
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from chat import acts, frames
from chat.hosting import Hosted
from chat.session import PACE, Close, Enter, Gone, Pace, Session
from chat.switchboard import Switchboard

HELLO_WITHIN = 5.0
MOST_STRANGERS = 500
"""Sockets that have not said hello; past it the oldest is let go."""
MOST_UNREAD = 256
NEW_CHATS = (30, 3600)
"""New chats from one network address in a time. A refuge shares one address: the number is told."""


class VisitorSocket:
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
        self.ground = ground
        self.transcript = transcript
        self.switchboard = switchboard
        self.services = services
        self.frame_key = frame_key
        self.pace = pace
        self.strangers: OrderedDict[int, VisitorLine] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        await send({"type": "websocket.accept"})
        line = VisitorLine(self, receive, send, _network(scope))
        self.strangers[id(line)] = line
        if len(self.strangers) > MOST_STRANGERS:
            _, oldest = self.strangers.popitem(last=False)
            oldest.close(Close(4001, "too many waiting at the door"))
        try:
            await line.run()
        finally:
            self.strangers.pop(id(line), None)


class VisitorLine:
    """One visitor's socket, from accept to close."""

    def __init__(self, door: VisitorSocket, receive: Receive, send: Send, network: str) -> None:
        self._door = door
        self._receive = receive
        self._send = send
        self._network = network
        self._outgoing: asyncio.Queue[Struct | Close] = asyncio.Queue(MOST_UNREAD)
        self._session = Session(VISITOR, door.pace)
        self._hosted = Hosted(door.ground, door.transcript, self._session, self)
        self._tasks: set[asyncio.Task[None]] = set()
        self._left = False
        self._closing = False

    async def run(self) -> None:
        writer = asyncio.create_task(self._write())
        hello = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._no_hello)
        try:
            await self._read()
        finally:
            hello.cancel()
            writer.cancel()
            for task in self._tasks:
                task.cancel()
            await self._over()

    async def _read(self) -> None:
        clock = self._door.ground.clock
        while not self._closing:
            message: Any = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            raw = message.get("text")
            frame = frames.parse(raw if raw is not None else message.get("bytes") or b"")
            self._hosted.carry(self._session.receive(frame, clock.now()))
            await self._hosted.room()

    async def _write(self) -> None:
        with contextlib.suppress(Exception):
            while True:
                frame = await self._outgoing.get()
                if isinstance(frame, Close):
                    await self._send(
                        {"type": "websocket.close", "code": frame.code, "reason": frame.why}
                    )
                    return
                await self._send({"type": "websocket.send", "text": frames.dump(frame)})

    def _no_hello(self) -> None:
        self._hosted.carry(self._session.late())

    async def _over(self) -> None:
        if self._session.entry is None:
            return
        last = self._door.switchboard.let_go(self._hosted)
        if last and not self._left:
            with contextlib.suppress(FrontdoorError):
                await self._door.ground.db.write(acts.gone, self._hosted.conversation)

    # -- the session's effects that are the socket's own ----------------------------------

    def tell(self, frame: Struct) -> None:
        try:
            self._outgoing.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(Close(4008, "reading too slowly"))

    def close(self, effect: Close) -> None:
        if self._closing:
            return
        self._closing = True
        if self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(effect)

    def enter(self, effect: Enter) -> None:
        self._do(self._enter(effect))

    def gone(self, effect: Gone) -> None:
        self._left = True
        self._do(self._leave(effect.how))

    async def _enter(self, effect: Enter) -> None:
        door = self._door
        entrance = acts.Entrance(effect.token, effect.need, ids.new(), ids.new(), ids.token())
        try:
            wait = await self._limited(effect.token)
            if wait is not None:
                words = "Too many chats have begun from this network. Please call."
                self._hosted.carry(
                    self._session.refused("slow_down", words, 4029, self._any_number())
                )
                return
            entry = await door.ground.db.write(
                acts.enter, door.ground.keyring, door.frame_key, door.services(), entrance
            )
        except FrontdoorError as problem:
            self._hosted.carry(
                self._session.refused(
                    problem.code, problem.words, problem.close, self._any_number()
                )
            )
            return
        except Exception:
            log.exception("chat.not_entered")
            words = "The chat cannot open just now. Please call."
            self._hosted.carry(self._session.refused("down", words, 1013, self._any_number()))
            return
        door.strangers.pop(id(self), None)
        self._hosted.carry(self._session.entered(entry))
        door.switchboard.host(self._hosted)

    async def _leave(self, how: str) -> None:
        with contextlib.suppress(FrontdoorError):
            await self._door.ground.db.write(acts.leave, self._hosted.conversation, how)

    async def _limited(self, token: str) -> float | None:
        """Only new chats are counted; coming back never is."""
        if "." not in token or not self._network:
            return None
        most, seconds = NEW_CHATS
        return await self._door.ground.limiter.hit("new chats", self._network, most, seconds)

    def _any_number(self) -> str | None:
        for service in self._door.services().values():
            return service.number_to_call(service.lines[0])
        return None

    def _do(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _network(scope: Scope) -> str:
    """Where a socket comes from, coarse and blinded; "" for this machine. Never kept (S8)."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        return ""
    if address is None or address.is_loopback:
        return ""
    coarse = ipaddress.ip_network(f"{address}/{64 if address.version == 6 else 32}", strict=False)
    return hashlib.sha256(str(coarse).encode()).hexdigest()[:16]
