"""The advisor's one socket, `/console/live`: the desk, and a chat session for each conversation.

It opens with a single-use ticket in its first frame. It holds no rule: what an advisor asks goes to
the room that decides, and the answer goes back under the ask's number. Nothing a peer sends raises
(S9); every look at a conversation passes the door that checks scope and writes the trail (S7).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from app.auth import staff
from app.auth.policy import Actor
from app.bus import Hint, Lagged
from app.cases.transcript import Transcript
from app.definition.model import Service
from app.errors import FrontdoorError, Missing
from app.ground import Ground
from app.log import log
from chat import frames as chat
from chat.outgoing import Outgoing
from chat.session import Close
from chat.switchboard import Switchboard
from widgets.console import acts, asking, changes, facts, frames
from widgets.console.asks import Asks, Desk
from widgets.console.talk import Room, Talk
from widgets.console.telephone import NO_TELEPHONE, Telephone

HELLO_WITHIN = 5.0
MOST_UNREAD = 512
BEAT = 15.0
LOOK = 1.0
"""Seconds between two looks at the desk when no hint came: a lost hint costs a second."""
NOTES_LOOK = 5
"""Every so many looks, notes and deliveries are looked for without a hint too."""
GATHER = 0.02
"""Seconds in which several hints become one look."""


@dataclass(frozen=True)
class ConsoleSocket:
    """One for each process; called once for each socket. `cookie` is the session cookie's name."""

    ground: Ground
    transcript: Transcript
    switchboard: Switchboard
    services: Callable[[], Mapping[str, Service]]
    cookie: str
    telephone: Telephone = NO_TELEPHONE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        await send({"type": "websocket.accept"})
        await ConsoleLine(self, receive, send, self._token(scope)).run()

    def _token(self, scope: Scope) -> str:
        try:
            cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
        except CookieError:
            return ""
        return cookies[self.cookie].value if self.cookie in cookies else ""


class ConsoleLine:
    """One advisor's socket, from accept to close."""

    def __init__(self, door: ConsoleSocket, receive: Receive, send: Send, token: str) -> None:
        self.door = door
        self._receive = receive
        self._token = token
        self._out = Outgoing(send, MOST_UNREAD)
        self._actor: Actor | None = None
        self._talks: dict[str, Talk] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = Room(
            door.ground, door.transcript, door.switchboard, door.telephone,
            self.tell, self.close, self._out.drained, self._do,
        )  # fmt: skip
        self._told: frames.Desk | None = None
        self._beside: set[str | None] = set()  # conversations that this advisor has joined
        self._looking = asyncio.Lock()
        self._due = asyncio.Event()
        self._asks: Asks | None = None

    async def run(self) -> None:
        hello = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._no_hello)
        try:
            await self._read()
        finally:
            hello.cancel()
            if self._asks:
                await self._asks.settled()
            await self._out.stop()
            for task in self._tasks:
                task.cancel()
            for talk in self._talks.values():
                talk.stop()

    # -- in ------------------------------------------------------------------------------------

    async def _read(self) -> None:
        while not self._out.closing:
            message: Any = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            raw = message.get("text")
            frame = asking.parse(raw if raw is not None else message.get("bytes") or b"")
            await self._take(frame)

    async def _take(self, frame: asking.Asking | chat.Problem) -> None:
        match frame:
            case chat.Problem(code, said, close):
                self.tell(chat.Error(code, said))
                if close is not None:
                    self.close(Close(close, code))
            case asking.Hello():
                await self._hello(frame)
            case _ if self._asks is None:
                self.tell(chat.Error("hello_first", "Say hello first."))
                self.close(Close(4002, "hello first"))
            case asking.Beat():
                self._do(self._beat())
            case asking.Open():
                self._open(frame)
            case chat.Say() | chat.Typing() | chat.Since():
                await self._pass_on(frame)
            case _:
                self._asks.take(frame)

    async def _hello(self, frame: asking.Hello) -> None:
        if self._actor is not None or frame.v != chat.VERSION:
            self.tell(chat.Error("bad_frame", "That is not how a desk says hello."))
            return
        ground = self.door.ground
        try:
            actor = await ground.db.write(staff.use_ticket, ground.keyring, frame.ticket)
        except FrontdoorError as problem:
            self.tell(chat.Error(problem.code, problem.words))
            self.close(Close(problem.close, problem.code))
            return
        self._actor = actor
        self._asks = Asks(
            Desk(
                ground, self.door.transcript, actor, lambda: self._service(actor),
                self.tell, lambda: self._look(at_once=True), self._due.set,
                self.door.telephone.house,
            )
        )  # fmt: skip
        await self._beat()
        await self._look(at_once=True)
        self._do(self._listen(actor))
        self._do(self._watch())
        self._do(self._still_here())

    def _no_hello(self) -> None:
        if self._actor is None:
            self.tell(chat.Error("late_hello", "The desk did not open in time."))
            self.close(Close(4001, "late hello"))

    async def _beat(self) -> None:
        if self._actor is None:
            return
        lease = self._service(self._actor).timings.lease
        try:
            here = await self.door.ground.db.write(acts.beat, self._actor.staff, lease, self._token)
        except FrontdoorError:
            return
        if not here:
            self.tell(chat.Error("signed_out", "You are signed out. Sign in again."))
            self.close(Close(4003, "signed out"))

    # -- conversations ---------------------------------------------------------------------------

    def _open(self, frame: asking.Open) -> None:
        assert self._actor is not None
        before = self._talks.pop(frame.conversation, None)
        if before is not None:
            before.stop()
        self._talks[frame.conversation] = Talk(self._room, self._actor, frame)

    async def _pass_on(self, frame: chat.Say | chat.Typing | chat.Since) -> None:
        talk = self._talks.get(frame.conversation)
        if talk is not None:
            await talk.opened.wait()
        if talk is None or talk.session.entry is None:
            client_id = frame.client_id if isinstance(frame, chat.Say) else None
            said = "Open the conversation first."
            self.tell(chat.Error("not_open", said, frame.conversation, client_id, after=1))
            return
        if isinstance(frame, chat.Typing) and frame.conversation in self._beside:
            return  # a visitor reads "is writing" of whoever holds it, and of nobody else
        talk.hosted.carry(talk.session.receive(frame, self.door.ground.clock.now()))
        await talk.hosted.room()

    # -- the desk --------------------------------------------------------------------------------

    async def _look(self, *, at_once: bool = False) -> None:
        """Read the desk; tell it when it changed, or when somebody waits for it."""
        assert self._actor is not None
        ground, actor = self.door.ground, self._actor
        async with self._looking:
            try:
                desk = await ground.db.read(
                    facts.look, ground.keyring, self.door.telephone, actor, self._service(actor)
                )
            except FrontdoorError:
                return
            self._let_go(desk)
            for went in await self._went(desk):
                self.tell(went)
            if at_once or not changes.same(self._told, desk):
                self._told = desk
                self.tell(desk)

    def _let_go(self, desk: frames.Desk) -> None:
        """What is with a colleague now is read here no more."""
        mine = {contact.conversation for contact in desk.with_you}
        self._beside = {contact.conversation for contact in desk.with_you if contact.owner}
        for conversation in self._talks.keys() - mine:
            self._talks.pop(conversation).stop()

    async def _went(self, desk: frames.Desk) -> Sequence[frames.Went]:
        """Where contacts are that were with this advisor until now."""
        gone = changes.gone(self._told, desk)
        if not gone:
            return ()
        ground = self.door.ground
        try:
            return await ground.db.read(changes.went, ground.keyring, gone)
        except FrontdoorError:
            return ()

    async def _watch(self) -> None:
        """Look when something changed, and each second all the same."""
        looks = 0
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), LOOK)
                await asyncio.sleep(GATHER)
            self._due.clear()
            looks += 1
            try:
                await self._look()
                for talk in list(self._talks.values()) if looks % NOTES_LOOK == 0 else ():
                    talk.stale = True
                for talk in list(self._talks.values()):
                    await talk.look()
            except Exception:
                log.exception("console.no_look")

    async def _listen(self, actor: Actor) -> None:
        keys = [("desk", actor.service), ("seat", actor.staff), ("note", None), ("delivery", None)]
        async with self.door.ground.bus.subscribe(*keys) as hints:
            async for hint in hints:
                self._wake(hint)

    def _wake(self, hint: Hint | Lagged) -> None:
        if isinstance(hint, Lagged):
            for talk in self._talks.values():
                talk.stale = True
        elif hint.topic in ("note", "delivery"):
            here = self._talks.get(hint.id)
            if here is None:
                return
            here.stale = True
        self._due.set()

    async def _still_here(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self.tell(frames.StillHere())

    # -- out -------------------------------------------------------------------------------------

    def tell(self, frame: Struct) -> None:
        self._out.tell(frame)

    def close(self, effect: Close) -> None:
        self._out.close(effect)

    def _service(self, actor: Actor) -> Service:
        service = self.door.services().get(actor.service)
        if service is None:
            raise Missing
        return service

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
