"""One visitor at a door of this process, whichever way their frames travel.

What a session asks of the house beyond words and reading is done here: to let somebody in, to keep
that they left, to promise a call back. Every refusal names the number to call (S2).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from msgspec import Struct
from starlette.types import Scope

from app import ids
from app.auth import visitors
from app.cases.model import VISITOR
from app.cases.transcript import Transcript
from app.crypto import blind
from app.definition.model import Service
from app.errors import Down, FrontdoorError, Refused
from app.ground import Ground
from app.log import log
from chat import acts
from chat.effects import CallBack, Close, Enter, Gone
from chat.hosting import Hosted
from chat.pace import PACE, Pace
from chat.returns import Returns
from chat.session import Entry, Session
from chat.switchboard import Switchboard

PATIENCE = (0.2, 1.0, 3.0)
"""Seconds between trying to keep that somebody left."""
NEW_CHATS = (30, 3600)
"""New chats from one network address in a time. A refuge shares one address: the number is told."""
CANNOT_OPEN = "The chat cannot open just now. Please call."


@dataclass
class Door:
    """What every visitor's line of this process stands on."""

    ground: Ground
    transcript: Transcript
    switchboard: Switchboard
    services: Callable[[], Mapping[str, Service]]
    frame_key: bytes
    pace: Pace = PACE
    network_key: bytes = field(init=False)
    returns: Returns = field(init=False)

    def __post_init__(self) -> None:
        self.network_key = self.ground.keyring.root.purpose("network")
        self.returns = Returns(self.services)

    def network(self, scope: Scope) -> str:
        return network(scope, self.network_key)

    async def limited(self, token: str, network: str) -> float | None:
        """Seconds to wait. Only new chats are counted; coming back never is."""
        if "." not in token or not network:
            return None
        most, seconds = NEW_CHATS
        return await self.ground.limiter.hit("new chats", network, most, seconds)

    def number_for(self, token: str = "") -> str | None:
        """The number to call, where we know whose page this is."""
        services = list(self.services().values())
        site_key = ""
        with contextlib.suppress(Refused):
            passed = visitors.read(self.frame_key, token, self.ground.clock.now())
            services = [each for each in services if each.key == passed.service]
            site_key = passed.site
        if len(services) != 1:
            return None
        service = services[0]
        site = service.site(site_key) or next(iter(service.sites), None)
        line = service.line(site.line) if site else service.lines[0]
        return service.number_to_call(line)


class Out(Protocol):
    """The way out to one peer: a socket, or the answers to its polls."""

    closing: bool

    def tell(self, frame: Struct) -> None: ...

    def close(self, effect: Close) -> None: ...

    async def drained(self) -> None: ...

    async def stop(self) -> None: ...


class Visit:
    """From the first frame to the last. `let_in` is called when they are no stranger any more: as
    soon as they show a token of ours, however long the database takes to open its door."""

    def __init__(
        self, door: Door, out: Out, network: str, let_in: Callable[[], None] = lambda: None
    ) -> None:
        self.session = Session(VISITOR, door.pace)
        self.hosted = Hosted(
            door.ground, door.transcript, self.session, self, door.switchboard.signs
        )
        self._door = door
        self._out = out
        self._network = network
        self._let_in = let_in
        self._tasks: set[asyncio.Task[None]] = set()
        self._left = False

    async def settled(self) -> None:
        """An entry or a leaving under way is carried to its end."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def over(self) -> None:
        """The peer is gone: let last words leave, and keep that nobody is there."""
        await self.settled()
        await self._out.stop()
        if self.session.entry is None:
            return
        last = self._door.switchboard.let_go(self.hosted)
        if last and not self._left:
            self._door.switchboard.gone(self.hosted)

    # -- the session's effects that are the shell's own -------------------------------------

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

    def call_back(self, effect: CallBack) -> None:
        self._do(self._promise(effect))

    async def _enter(self, effect: Enter) -> None:
        door, refused = self._door, self.session.refused
        number = door.number_for(effect.token)
        if visitors.ours(door.frame_key, effect.token, door.ground.clock.now()):
            self._let_in()
        try:
            wait = await door.limited(effect.token, self._network)
            if wait is not None:
                words = "Too many chats have begun from this network. Please call."
                self.hosted.carry(refused("slow_down", words, 4029, number))
                return
            if "." in effect.token:
                entry = await self._open(effect)
            else:
                entry = await door.ground.db.append(door.returns.come_back, effect.token)
        except FrontdoorError as problem:
            self.hosted.carry(refused(problem.code, problem.words, problem.close, number))
            return
        except Exception:
            log.exception("chat.not_entered")
            self.hosted.carry(refused("down", CANNOT_OPEN, 1013, number))
            return
        self._let_in()
        self.hosted.carry(self.session.entered(entry))
        door.switchboard.host(self.hosted)

    async def _open(self, effect: Enter) -> Entry:
        door, ground = self._door, self._door.ground
        resume = visitors.resume_token(door.frame_key, ids.token())
        entrance = acts.Entrance(
            effect.token, effect.need, effect.lang, ids.new(), ids.new(), resume
        )
        return await ground.db.write(
            acts.enter, ground.keyring, door.frame_key, door.services(), entrance
        )

    async def _leave(self, how: str) -> None:
        """They pressed it once and are gone: so we try again for them."""
        for delay in PATIENCE:
            try:
                await self._door.ground.db.write(acts.leave, self.hosted.conversation, how)
                return
            except FrontdoorError as problem:
                log.warning("chat.not_left", code=problem.code)
                await asyncio.sleep(delay)
        self._left = False

    async def _promise(self, effect: CallBack) -> None:
        ground, session = self._door.ground, self.session
        try:
            promise = await ground.db.write(
                acts.call_back, ground.keyring, self._door.services(), self.hosted.conversation,
                effect,
            )  # fmt: skip
        except FrontdoorError as problem:
            self.hosted.carry(session.not_promised(effect.id, problem.code, problem.words))
        except Exception:
            log.exception("chat.not_promised")
            self.hosted.carry(session.not_promised(effect.id, Down.code, CANNOT_OPEN))
        else:
            ends, by = promise.number_ends, promise.due_at
            self.hosted.carry(session.promised(effect.id, ends, by))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def network(scope: Scope, key: bytes) -> str:
    """Where a peer comes from, coarse and blinded; "" for this machine. Never kept (S8)."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        return ""
    if address is None or address.is_loopback:
        return ""
    coarse = ipaddress.ip_network(f"{address}/{64 if address.version == 6 else 32}", strict=False)
    return blind(key, str(coarse)).hex()
