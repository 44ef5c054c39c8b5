"""A night at the line: the phone line and the rehearsal carrier over real HTTP, one database.

Ruth rings and texts; Maya and Tom are on duty at Cumbria's central hub. Everyone is invented.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import uvicorn
from sqlmodel import SQLModel
from starlette.applications import Starlette

from app import ids
from app.auth.policy import Actor, Role
from app.auth.staff import Joining, join
from app.bus import LocalBus
from app.cases import acts as contacts
from app.cases.model import Contact, HowEnded, WrapUp
from app.cases.tables import contacts as contact_table
from app.cases.transcript import Post, Transcript, begin_epoch
from app.clock import Clock
from app.crypto import RootKeys, new_secret
from app.db import Database, Work
from app.definition import files
from app.definition.acts import Definitions, apply
from app.definition.model import Service
from app.engine import make_engine
from app.errors import FrontdoorError
from app.ground import Ground
from app.keyring import Keyring
from app.limits import LocalLimiter
from app.settings import load
from routing import acts as routing
from routing import handing
from routing.matcher import Matcher
from routing.tables import offers
from telephony.line import PhoneLine
from telephony.rehearsal.acts import Rehearsal
from telephony.rehearsal.values import Line as RehearsalLine

SID = "AC" + "0" * 32
TOKEN = "a token for tests"
LINE = "+448081570142"
TEXTLINE = "+447700900142"
RUTH = "+447700900231"
MAYA = "+447700900184"
TOM = "+447700900185"
PATIENCE = 60.0
"""Seconds a slow machine may take for what is usually done in one."""
ON_CALL = "+441632960211"
ON_CALL_TOO = "+441632960212"

T = TypeVar("T")


class Patient(Rehearsal):
    """The same carrier, for a machine that has much else to do."""

    async def until(self, condition: Callable[[], T], within: float = PATIENCE) -> T:
        return await super().until(condition, max(within, PATIENCE))


@dataclass
class Night:
    ground: Ground
    definitions: Definitions
    transcript: Transcript
    line: PhoneLine
    matcher: Matcher
    rehearsal: Rehearsal
    base: str
    staff: dict[str, str]

    @property
    def cumbria(self) -> Service:
        return self.definitions.service("cumbria")

    async def on_duty(self, *names: str, seconds: int = 3600) -> None:
        for name in names:
            await self.ground.db.write(routing.go_on_duty, self.staff[name], seconds)

    async def accepts(self, name: str) -> routing.Assigned:
        """Waits for an offer to this advisor, and takes it on the console."""
        contact, number = await self.until(lambda work: _offer_to(work, self.staff[name]))
        return await self.ground.db.write(routing.accept, self.staff[name], contact, number)

    async def takes_over(self, name: str) -> routing.Assigned:
        """Waits until a colleague holds a contact out to this advisor, and takes it over."""
        contact, number = await self.until(lambda work: _offer_to(work, self.staff[name]))
        actor = Actor(self.staff[name], name, name, Role.ADVISOR, "cumbria", "central")
        return await self.ground.db.write(
            handing.accept, self.transcript, actor, self.cumbria, contact, number, ids.new()
        )

    async def wraps_up(self, name: str, contact: str) -> None:
        """The advisor has written it up, and is free again."""
        actor = Actor(self.staff[name], name, name, Role.ADVISOR, "cumbria", "central")
        number = (await self.contact()).assignment_no
        wrap = WrapUp(type="support", outcome="advice given")
        await self.ground.db.write(routing.wrap_up, actor, contact, number, wrap)

    async def says(self, name: str, conversation: str, words: str) -> None:
        """An advisor writes in a conversation."""
        post = Post(conversation, f"staff:{self.staff[name]}", secrets.token_bytes(16), words)
        kept = await self.ground.db.append(self.transcript.append, post)
        assert not isinstance(kept, FrontdoorError)

    async def ends(self, contact: str) -> None:
        """The advisor ends it on the console."""
        await self.ground.db.write(routing.end, contact, HowEnded.ADVISOR_ENDED)

    async def contact(self) -> Contact:
        """The newest contact."""
        return await self.ground.db.read(_newest)

    async def rows(self, table: sa.Table) -> list[Any]:
        return await self.ground.db.read(lambda work: list(work.run(sa.select(table)).all()))

    async def until(self, look: Callable[[Work], T | None], within: float = PATIENCE) -> T:
        """Waits for something in the rows, woken by every hint and every second."""
        async with asyncio.timeout(within):
            keys: Any = [(topic, None) for topic in ("contact", "desk", "seat", "conversation")]
            async with self.ground.bus.subscribe(*keys) as hints:
                while (found := await self.ground.db.read(look)) is None:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(1):
                            await anext(hints)
        return found

    async def ended(self, how: str, within: float = PATIENCE) -> Contact:
        return await self.until(
            lambda work: found if (found := _newest(work)).how_ended == how else None, within
        )


def _offer_to(work: Work, staff: str) -> tuple[str, int] | None:
    row = work.run(
        sa.select(offers.c.contact, offers.c.number).where(
            offers.c.staff == staff, offers.c.answer == ""
        )
    ).first()
    return (row.contact, row.number) if row is not None else None


def _newest(work: Work) -> Contact:
    id_ = work.run(
        sa.select(contact_table.c.id).order_by(contact_table.c.arrived_at.desc()).limit(1)
    ).scalar_one()
    return contacts.load(work, id_)


@contextlib.asynccontextmanager
async def a_night(
    tmp_path: Path,
    *,
    url: str = "",
    speed: float = 20.0,
    carrier: bool = True,
    matching: bool = True,
    running: bool = True,
) -> AsyncIterator[Night]:
    """`speed` is that of the carrier's own time: hold sound, ring time, spoken words.

    Without `matching` nobody is offered anything, so that only webhooks change rows; without
    `running` nothing looks or sends by itself either.
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        environ = {
            "DATABASE_URL": url or f"sqlite:///{tmp_path / 'night.db'}",
            "PUBLIC_URL": base,
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE": base,
        }
        if not carrier:
            del environ["TWILIO_AUTH_TOKEN"]
        settings = load(environ)
        engine = make_engine(settings.database_url)
        with engine.begin() as connection:
            SQLModel.metadata.create_all(connection)
            begin_epoch(Work(connection, Clock()))
        engine.dispose()
        bus, clock = LocalBus(), Clock()
        db = Database(settings.database_url, bus, clock)
        keyring = Keyring(RootKeys(((secrets.token_bytes(16), new_secret()),)))
        ground = Ground(settings, clock, bus, db, keyring, LocalLimiter())
        definitions, transcript = Definitions(db), Transcript(keyring)
        await db.start()
        services = files.load_examples()
        staff = {}
        for service in services.values():
            await db.write(apply, "operator", service)
        for name, phone in (("Maya", MAYA), ("Tom", TOM)):
            staff[name] = ids.new()
            who = Joining(
                staff[name], "cumbria", "central", Role.ADVISOR, f"{name}@cumbria.example",
                name, name, phone, (), ("en",), 2,
            )  # fmt: skip
            await db.write(join, keyring, who, "no password")
        await definitions.refresh()
        line = PhoneLine(ground, definitions, transcript)
        matcher = Matcher(ground, definitions.services)
        rehearsal = Patient(
            account_sid=SID,
            auth_token=TOKEN,
            lines=[
                RehearsalLine(
                    LINE,
                    "Cumbria",
                    f"{base}/telephony/voice",
                    None,
                    None,
                    f"{base}/telephony/voice/status",
                ),
                RehearsalLine(
                    TEXTLINE, "Cumbria texts", f"{base}/telephony/voice", f"{base}/telephony/sms"
                ),
            ],
            phones=[(RUTH, "Ruth"), (MAYA, "Maya"), (TOM, "Tom")],
            speed=speed,
        )
        app = Starlette(routes=[*line.routes(), *rehearsal.routes])
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        await rehearsal.start()
        if running:
            await line.start()
        if matching:
            await matcher.start()
        try:
            yield Night(ground, definitions, transcript, line, matcher, rehearsal, base, staff)
        finally:
            await matcher.stop()
            await rehearsal.stop()
            await line.stop()
            server.should_exit = True
            await serving
            await db.stop()
