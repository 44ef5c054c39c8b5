"""What one advisor asked on their socket: carried to its end, then answered under its number.

What was asked is not dropped when they go. No rule lives here: `acts` hands each ask to the rooms
that decide.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from msgspec import Struct

from app import ids
from app.auth.policy import Actor
from app.cases import notes
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.model import Service
from app.errors import FrontdoorError
from app.ground import Ground
from app.keyring import Keyring
from app.log import log
from chat import frames as chat
from routing import device
from telephony.house import House
from widgets.console import acts, asking, explained, frames, phoning, wished, wishing
from widgets.console.talk import told

F = TypeVar("F", bound=Struct)


@dataclass(frozen=True)
class Desk:
    """What an ask stands on: whose desk it is, and how it is told, shown anew, or looked at."""

    ground: Ground
    transcript: Transcript
    actor: Actor
    service: Callable[[], Service]
    tell: Callable[[Struct], None]
    show: Callable[[], Coroutine[Any, Any, None]]
    look_soon: Callable[[], None]
    house: Callable[[], House] | None = None


class Asks:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open: set[asyncio.Task[None]] = set()

    def take(
        self,
        frame: asking.Ask | asking.Keep | asking.Explain | wishing.Needs | phoning.Device,
    ) -> None:
        match frame:
            case asking.Keep():
                self._begin(self._keep(frame))
            case asking.Explain():
                self._begin(self._answer(frame.re, explained.explain, frame))
            case phoning.Device():
                self._begin(self._device(frame))
            case wishing.Needs():
                self._begin(self._answer(frame.re, wished.needs, frame))
            case _:
                self._begin(self._ask(frame))

    async def settled(self) -> None:
        """Wait until everything that was asked is done."""
        if self._open:
            await asyncio.wait(self._open)

    async def _ask(self, frame: asking.Ask) -> None:
        """Do it, show how things stand now, and say that it is done."""
        desk = self._desk
        try:
            means = acts.Means(
                desk.ground.keyring, desk.transcript, desk.service(), ids.new(),
                desk.house() if desk.house else None,
            )  # fmt: skip
            await desk.ground.db.write(acts.do, frame, desk.actor, means)
        except FrontdoorError as problem:
            desk.look_soon()
            desk.tell(chat.Error(problem.code, problem.words, after=problem.after, re=frame.re))
        except Exception:
            log.exception("console.not_done", ask=type(frame).__name__.lower())
            desk.tell(chat.Error("down", "Something broke on our side. Try again.", re=frame.re))
        else:
            await desk.show()
            desk.tell(frames.Done(frame.re))

    async def _answer(
        self, re: int, look: Callable[[Work, Keyring, Actor, Service, F], Struct], frame: F
    ) -> None:
        """What was asked to be shown, as a frame of its own."""
        desk = self._desk
        try:
            answer = await desk.ground.db.read(
                look, desk.ground.keyring, desk.actor, desk.service(), frame
            )
        except FrontdoorError as problem:
            desk.tell(chat.Error(problem.code, problem.words, re=re))
            return
        desk.tell(answer)
        desk.tell(frames.Done(re))

    async def _device(self, frame: phoning.Device) -> None:
        """The browser's phone beats, or has gone. A lost beat is made good by the next."""
        desk = self._desk
        with contextlib.suppress(FrontdoorError):
            await desk.ground.db.write(device.beat, desk.actor.staff, ready=frame.ready)

    async def _keep(self, frame: asking.Keep) -> None:
        desk, client_id = self._desk, bytes.fromhex(frame.client_id.replace("-", ""))
        about = (frame.conversation, frame.client_id)
        try:
            note = await desk.ground.db.write(
                notes.keep, desk.ground.keyring, frame.conversation, desk.actor.staff, client_id,
                frame.text,
            )  # fmt: skip
        except FrontdoorError as problem:
            desk.tell(chat.Error(problem.code, problem.words, *about, problem.after))
            return
        desk.tell(told(frame.conversation, note, desk.actor.first_name, frame.client_id))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._open.add(task)
        task.add_done_callback(self._open.discard)
