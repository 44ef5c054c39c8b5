"""The server is killed under a call: the talk goes on, and who waits still reaches a person.

The carrier is apart from us and lives on; the server is a process of its own, killed outright.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.auth.staff import password_of, phone_of
from app.db import Work
from app.wiring import House, build
from routing import acts as routing
from routing.tables import offers
from telephony import static_documents
from telephony.line import OURS, read_prompts
from telephony.rehearsal.acts import Rehearsal
from telephony.rehearsal.values import Line
from telephony.tables import calls
from tests.house import Apart, process_apart, settings_of
from tests.people import CUMBRIA, TOM

SID, TOKEN = "AC" + "0" * 32, "a token for tests"
LINE = CUMBRIA.lines[0]
RUTH = "+447700900231"
PATIENCE = 90.0

T = TypeVar("T")


class Patient(Rehearsal):
    async def until(self, condition: Callable[[], T], within: float = PATIENCE) -> T:
        return await super().until(condition, max(within, PATIENCE))


@dataclass
class Night:
    """`rows` are read and written from here, beside the server and when it is gone."""

    apart: Apart
    carrier: Rehearsal
    house: House
    staff: str
    tom: str

    async def until(self, look: Callable[[Work], T | None]) -> T:
        async with asyncio.timeout(PATIENCE):
            # Another process writes the rows, so there is no event here to wait for.
            while (found := await self.house.ground.db.read(look)) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        return found

    async def tom_takes_it(self) -> None:
        """Tom's phone rings, he presses 1, and they talk."""
        contact, number = await self.until(lambda work: offered(work, self.staff))
        await self.house.ground.db.write(routing.accept, self.staff, contact, number)
        carrier, ruth = self.carrier, len(self.carrier.heard(RUTH))
        await carrier.rings(self.tom)
        before = len(carrier.heard(self.tom))
        await carrier.answer(self.tom)
        await carrier.until(lambda: "Press 1" in " ".join(carrier.heard(self.tom)[before:]))
        await carrier.press(self.tom, "1")
        await self.until(lambda work: at(work, "Talking"))
        await carrier.until(lambda: "can talk now" in " ".join(carrier.heard(RUTH)[ruth:]))


def offered(work: Work, staff: str) -> tuple[str, int] | None:
    row = work.run(
        sa.select(offers.c.contact, offers.c.number).where(
            offers.c.staff == staff, offers.c.answer == ""
        )
    ).first()
    return (row.contact, row.number) if row is not None else None


def at(work: Work, state: str) -> bool | None:
    rows = work.run(sa.select(calls.c.state)).all()
    return any(f'"at":"{state}"' in row.state for row in rows) or None


@pytest.fixture
async def night(furnished_postgres: str, keys_file: Path) -> AsyncIterator[Night]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        carrier_at = f"http://127.0.0.1:{door.getsockname()[1]}"
        apart = process_apart(
            furnished_postgres, keys_file, TWILIO_ACCOUNT_SID=SID, TWILIO_AUTH_TOKEN=TOKEN,
            TWILIO_API_BASE=carrier_at,
        )  # fmt: skip
        ours = f"http://localhost:{apart.port}/telephony/voice"
        made = static_documents.documents([CUMBRIA], read_prompts(), OURS, carrier_at)
        fallback = dict(static_documents.addresses(made, carrier_at))[LINE.number]
        house = build(settings_of(furnished_postgres, keys_file))
        await house.ground.db.start()
        keyring = house.ground.keyring
        staff, _ = await house.ground.db.read(password_of, keyring, TOM.email)
        tom = await house.ground.db.read(phone_of, keyring, staff)
        assert tom is not None
        carrier = Patient(
            account_sid=SID, auth_token=TOKEN, speed=20.0, phones=[(RUTH, "Ruth"), (tom, "Tom")],
            lines=[Line(LINE.number, "Cumbria", ours, None, fallback, f"{ours}/status")],
        )  # fmt: skip
        hosted = [Route(f"/{one.path}", hosting(one.text), methods=["GET", "POST"]) for one in made]
        web = Starlette(routes=[*hosted, *carrier.routes])
        server = uvicorn.Server(uvicorn.Config(web, lifespan="off", log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        await carrier.start()
        try:
            await asyncio.to_thread(apart.server.start)
            yield Night(apart, carrier, house, staff, tom)
        finally:
            await carrier.stop()
            server.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            await asyncio.to_thread(apart.server.close)
            await house.ground.db.stop()


def hosting(text: str) -> Callable[[Request], Response]:
    """A plain file, on a host that has nothing to do with us."""
    return lambda request: PlainTextResponse(text, media_type="text/xml")


async def test_the_server_is_killed_while_they_talk_and_the_talk_goes_on(night: Night) -> None:
    await night.house.ground.db.write(routing.go_on_duty, night.staff, 3600)
    await night.carrier.ring(RUTH, LINE.number)
    await night.tom_takes_it()

    night.apart.server.kill()
    assert night.carrier.state(RUTH) == night.carrier.state(night.tom) == "in call"

    # It comes back. The room was the carrier's all the time; then Tom's phone dies.
    await asyncio.to_thread(night.apart.server.start)
    assert night.carrier.state(RUTH) == night.carrier.state(night.tom) == "in call"
    await night.carrier.lose_signal(night.tom)
    await night.carrier.hears(RUTH, "We lost your advisor. Stay on the line. You are first.")
    await night.tom_takes_it()
    rows = await night.house.ground.db.read(lambda work: work.run(sa.select(calls)).all())
    assert len(rows) == 1


async def test_tom_s_phone_dies_while_the_server_is_down_and_ruth_reaches_a_person(
    night: Night,
) -> None:
    await night.house.ground.db.write(routing.go_on_duty, night.staff, 3600)
    await night.carrier.ring(RUTH, LINE.number)
    await night.tom_takes_it()
    night.apart.server.kill()
    before = len(night.carrier.heard(RUTH))
    await night.carrier.lose_signal(night.tom)
    await a_fallback_number_takes_her(night, before)


async def test_the_server_is_killed_while_ruth_waits_and_she_reaches_a_person(
    night: Night,
) -> None:
    await night.carrier.ring(RUTH, LINE.number)
    await night.carrier.hears(RUTH, "in the line")
    night.apart.server.kill()
    await a_fallback_number_takes_her(night, len(night.carrier.heard(RUTH)))

    # The server comes back, asks the carrier, and learns of it in time when she hangs up.
    await asyncio.to_thread(night.apart.server.start)
    await night.carrier.hang_up(RUTH)
    await night.until(lambda work: at(work, "Ended"))


async def a_fallback_number_takes_her(night: Night, before: int) -> None:
    """`before`: how much Ruth had heard when the server was gone."""
    first = LINE.fallback[0]
    await night.carrier.rings(first)
    assert "hang up and call 999" in " ".join(night.carrier.heard(RUTH)[before:])
    await night.carrier.answer(first)
    await night.carrier.hears(first, "Press 1")
    await night.carrier.press(first, "1")
    await night.carrier.until(
        lambda: "can talk now" in " ".join(night.carrier.heard(RUTH)[before:])
    )
    assert night.carrier.state(RUTH) == night.carrier.state(first) == "in call"
