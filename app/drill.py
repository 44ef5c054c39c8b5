"""`frontdoor drill`: a scripted set of calls against a definition, and where each of them ended.

A whole house is made in a folder that is thrown away, with the rehearsal as its carrier: no
account, no real phone, nothing of the service's own data. Its own staff answers, or nobody does.
A call that ends nowhere is a fault of the definition or of ours, and is told (S2).
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import ids, migrate
from app.auth.policy import Role
from app.auth.staff import Joining, join
from app.bus import LocalBus
from app.cases.tables import contacts
from app.clock import Clock
from app.crypto import write_root_keys
from app.db import Database, Work
from app.definition import acts as definitions
from app.definition.model import Line, Service
from app.main import application
from app.server import Server, config_of
from app.settings import load
from app.wiring import House, build, rehearsal
from routing import acts as routing
from routing.tables import offers
from telephony.rehearsal.acts import Rehearsal
from telephony.rehearsal.state import InQueue

SPEED = 20.0
PATIENCE = 60.0
"""Seconds until a step of a script has happened; then the call ended nowhere."""
TICK = 0.05
CLIMB = 5
"""Seconds by which the house's clock is moved on while a caller waits for nobody."""
CALLER = "+447700900231"
STAFF = "+4477009003{:02d}"


class Nowhere(Exception):
    """What did not happen."""


@dataclass(frozen=True)
class Played:
    """One call: its line, what was played, and where it ended."""

    line: str
    what: str
    ended: str
    somewhere: bool = True

    def __str__(self) -> str:
        return f"{'' if self.somewhere else 'NOWHERE  '}{self.line}: {self.what}: {self.ended}"


Script = Callable[["Drill"], Awaitable[str]]


@dataclass
class Drill:
    """One service in a house of its own, one line of it, and the people at the phones."""

    house: House
    clock: Clock
    service: Service
    line: Line
    people: int = 0
    advisor: str = ""
    phone: str = ""

    @property
    def carrier(self) -> Rehearsal:
        assert self.house.rehearsal is not None
        return self.house.rehearsal

    async def play(self, what: str, script: Script) -> Played:
        try:
            ended, somewhere = await script(self), True
        except Nowhere as problem:
            ended, somewhere = str(problem), False
        finally:
            await self._clear()
        return Played(self.line.number, what, ended, somewhere)

    # -- what people do -------------------------------------------------------------------

    async def somebody_is_on_duty(self) -> None:
        self.people += 1
        self.advisor, self.phone = ids.new(), STAFF.format(self.people % 100)
        hub = self.line.hub or self.service.central.key
        who = Joining(
            self.advisor, self.service.key, hub, Role.ADVISOR, f"{self.advisor}@drill.example",
            "Drill", "Drill", self.phone, tuple(each.key for each in self.service.crimes),
            self.service.languages, 2,
        )  # fmt: skip
        db = self.house.ground.db
        await db.write(join, self.house.ground.keyring, who, "no password")
        await db.write(routing.go_on_duty, self.advisor, 24 * 3600)

    async def rings(self, *, withheld: bool = False) -> None:
        await self.carrier.ring(CALLER, self.line.number, withheld=withheld)

    async def takes_the_offer(self) -> None:
        open_ = sa.select(offers.c.contact, offers.c.number).where(
            offers.c.staff == self.advisor, offers.c.answer == ""
        )
        row = await self.until_row("nobody was offered the call", open_)
        await self.house.ground.db.write(routing.accept, self.advisor, row.contact, row.number)

    async def answers_and_presses(self, phone: str) -> None:
        await self.until(f"{phone} never rang", lambda: self.carrier.state(phone) == "ringing")
        await self.carrier.answer(phone)
        await self.until(f"{phone} was not asked for a key", lambda: self._is_asked(phone))
        await self.carrier.press(phone, "1")
        await self.until(f"{phone} and the caller never talked", self.talks)

    async def waits_for(self, phone: str) -> None:
        """The house's clock runs on, so that the ladder is climbed, until this phone rings."""
        await self.until(
            f"{phone} was never rung",
            lambda: self.carrier.state(phone) == "ringing",
            climbing=True,
        )

    def talks(self) -> bool:
        call = self.carrier.call(CALLER)
        return call is not None and call.talking

    def is_on_the_line(self) -> bool:
        return self.carrier.call(CALLER) is not None

    def is_in_line(self) -> bool:
        call = self.carrier.call(CALLER)
        return call is not None and isinstance(call.place, InQueue)

    async def until_ended(self, how: str) -> None:
        newest = sa.select(contacts.c.id).where(contacts.c.how_ended == how)
        await self.until_row(f"the record never said {how}", newest)

    async def until(
        self, otherwise: str, seen: Callable[[], bool], *, climbing: bool = False
    ) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not seen():
                    if climbing and self.is_in_line():
                        self.clock.move(seconds=CLIMB)
                    await asyncio.sleep(TICK)
                return
        raise Nowhere(otherwise)

    async def until_row(self, otherwise: str, statement: sa.Select[Any]) -> Any:
        def first(work: Work) -> Any:
            return work.run(statement).first()

        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    row = await self.house.ground.db.read(first)
                    if row is not None:
                        return row
                    await asyncio.sleep(TICK)
        raise Nowhere(otherwise)

    # -- within ---------------------------------------------------------------------------

    def _is_asked(self, phone: str) -> bool:
        call = self.carrier.call(phone)
        scripts = (call.aside, call.main) if call is not None else ()
        return any(script is not None and script.gathering is not None for script in scripts)

    async def _clear(self) -> None:
        """Every phone is put down, and who was on duty goes home."""
        for phone in (CALLER, self.phone, *self.line.fallback):
            if phone and self.carrier.call(phone) is not None:
                await self.carrier.hang_up(phone)
        if self.advisor:
            await self.house.ground.db.write(routing.go_off_duty, self.advisor)
        self.advisor = self.phone = ""


async def drill(service: Service, scripts: Sequence[tuple[str, Script]]) -> AsyncIterator[Played]:
    """Every script on every line that can be rung, one after the other."""
    with tempfile.TemporaryDirectory(prefix="frontdoor-drill-") as folder:
        async with _house(Path(folder), service) as (house, clock):
            people = 0
            for line in (each for each in service.lines if "voice" in each.channels):
                for what, script in scripts:
                    played = Drill(house, clock, service, line, people)
                    yield await played.play(what, script)
                    people = played.people


@asynccontextmanager
async def _house(folder: Path, service: Service) -> AsyncIterator[tuple[House, Clock]]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        keys, url = folder / "root.keys", f"sqlite:///{folder / 'drill.db'}"
        write_root_keys(keys)
        migrate.migrate(url)
        await _apply(url, service)
        settings = load(
            {
                "DATABASE_URL": url,
                "FRONTDOOR_KEYS": str(keys),
                "PUBLIC_URL": base,
                "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
                "TWILIO_AUTH_TOKEN": ids.token(),
                "TWILIO_API_BASE": base,
            }
        )
        clock = Clock()
        house = build(settings, clock)
        house.rehearsal = rehearsal(settings, [service], [(CALLER, "caller")], speed=SPEED)
        app = application(house)
        server = Server(config_of(app, settings), house)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            while not server.started:
                if serving.done():
                    await serving
                await asyncio.sleep(TICK)
            yield house, clock
        finally:
            server.should_exit = True
            await serving


async def _apply(url: str, service: Service) -> None:
    db = Database(url, LocalBus(), Clock())
    await db.start()
    await db.write(definitions.apply, "drill", service)
    await db.stop()
