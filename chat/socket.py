"""The visitors' socket, `/chat/v1/socket`: an ASGI callable, so that nothing lies in between.

No cookie and no address opens it: a frame token or a resume token comes in the first frame,
within five seconds. Nothing a peer sends raises (S9), and every limit names the number to call.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from starlette.types import Receive, Scope, Send

from app import ids
from app.auth import visitors
from app.cases.model import VISITOR
from app.cases.transcript import Transcript
from app.crypto import blind
from app.definition.model import Service
from app.errors import FrontdoorError, Refused
from app.ground import Ground
from app.log import log
from chat import acts, frames
from chat.hosting import Hosted
from chat.outgoing import Outgoing
from chat.session import PACE, Close, Enter, Gone, Pace, Session
from chat.switchboard import Switchboard

HELLO_WITHIN = 5.0
MOST_STRANGERS = 500
"""Sockets that have not said hello; past it the oldest is let go."""
MOST_UNREAD = 256
PATIENCE = (0.2, 1.0, 3.0)
"""Seconds between trying to keep that somebody left."""
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
        self._network_key = ground.keyring.root.purpose("network")
        self.strangers: OrderedDict[int, VisitorLine] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        await send({"type": "websocket.accept"})
        if self.switchboard.closing:
            await send({"type": "websocket.close", "code": 1012, "reason": "come back in a moment"})
            return
        line = VisitorLine(self, receive, send, _network(scope, self._network_key))
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
        self._network = network
        self._out = Outgoing(send, MOST_UNREAD)
        self._session = Session(VISITOR, door.pace)
        self._hosted = Hosted(
            door.ground, door.transcript, self._session, self, door.switchboard.signs
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._left = False

    async def run(self) -> None:
        hello = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._no_hello)
        try:
            await self._read()
        finally:
            hello.cancel()
            if self._tasks:  # an entry or a leaving under way is carried to its end
                await asyncio.wait(self._tasks)
            await self._out.stop()
            await self._over()

    async def _read(self) -> None:
        clock = self._door.ground.clock
        while not self._out.closing:
            message: Any = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            raw = message.get("text")
            frame = frames.parse(raw if raw is not None else message.get("bytes") or b"")
            if isinstance(frame, frames.Problem):
                log.info("chat.bad_frame", code=frame.code)
            self._hosted.carry(self._session.receive(frame, clock.now()))
            await self._hosted.room()

    def _no_hello(self) -> None:
        self._hosted.carry(self._session.late())

    async def _over(self) -> None:
        if self._session.entry is None:
            return
        last = self._door.switchboard.let_go(self._hosted)
        if last and not self._left:
            try:
                await self._door.ground.db.write(acts.gone, self._hosted.conversation)
            except FrontdoorError as problem:
                log.warning("chat.not_gone", code=problem.code)

    # -- the session's effects that are the socket's own ----------------------------------

    def tell(self, frame: Struct) -> None:
        self._out.tell(frame)

    def close(self, effect: Close) -> None:
        self._out.close(effect)

    async def drained(self) -> None:
        await self._out.drained()

    def enter(self, effect: Enter) -> None:
        self._do(self._enter(effect))

    def gone(self, effect: Gone) -> None:
        if not self._left:
            self._left = True
            self._do(self._leave(effect.how))

    async def _enter(self, effect: Enter) -> None:
        door = self._door
        number = self._number_for(effect.token)
        entrance = acts.Entrance(
            effect.token, effect.need, effect.lang, ids.new(), ids.new(), ids.token()
        )
        try:
            wait = await self._limited(effect.token)
            if wait is not None:
                words = "Too many chats have begun from this network. Please call."
                self._hosted.carry(self._session.refused("slow_down", words, 4029, number))
                return
            entry = await door.ground.db.write(
                acts.enter, door.ground.keyring, door.frame_key, door.services(), entrance
            )
        except FrontdoorError as problem:
            self._hosted.carry(
                self._session.refused(problem.code, problem.words, problem.close, number)
            )
            return
        except Exception:
            log.exception("chat.not_entered")
            words = "The chat cannot open just now. Please call."
            self._hosted.carry(self._session.refused("down", words, 1013, number))
            return
        door.strangers.pop(id(self), None)
        self._hosted.carry(self._session.entered(entry))
        door.switchboard.host(self._hosted)

    async def _leave(self, how: str) -> None:
        """They pressed it once and are gone: so we try again for them."""
        for delay in PATIENCE:
            try:
                await self._door.ground.db.write(acts.leave, self._hosted.conversation, how)
                return
            except FrontdoorError as problem:
                log.warning("chat.not_left", code=problem.code)
                await asyncio.sleep(delay)
        self._left = False

    async def _limited(self, token: str) -> float | None:
        """Only new chats are counted; coming back never is."""
        if "." not in token or not self._network:
            return None
        most, seconds = NEW_CHATS
        return await self._door.ground.limiter.hit("new chats", self._network, most, seconds)

    def _number_for(self, token: str) -> str | None:
        """The number to call, where we know whose page this is."""
        door = self._door
        services = list(door.services().values())
        with contextlib.suppress(Refused):
            passed = visitors.read(door.frame_key, token, door.ground.clock.now())
            services = [each for each in services if each.key == passed.service]
        if len(services) != 1:
            return None
        site = services[0].sites[0] if services[0].sites else None
        line = services[0].line(site.line) if site else services[0].lines[0]
        return services[0].number_to_call(line)

    def _do(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _network(scope: Scope, key: bytes) -> str:
    """Where a socket comes from, coarse and blinded; "" for this machine. Never kept (S8)."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        return ""
    if address is None or address.is_loopback:
        return ""
    coarse = ipaddress.ip_network(f"{address}/{64 if address.version == 6 else 32}", strict=False)
    return blind(key, str(coarse)).hex()
