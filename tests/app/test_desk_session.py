"""An open desk is somebody's desk: signed out or gone, it shows nothing more (S7)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest
import sqlalchemy as sa
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app import ids
from app.audit import trail
from app.auth.tables import staff
from app.db import Work
from app.demo import PASSWORD
from tests.house import Served
from tests.people import AISHA, MAYA


@asynccontextmanager
async def signed_in(served: Served, email: str = MAYA.email) -> AsyncIterator[httpx.AsyncClient]:
    ours = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=served.url, headers=ours) as browser:
        answer = await browser.post(
            "/console/sign-in", data={"email": email, "password": PASSWORD, "duty": "on"}
        )
        assert answer.status_code == 303
        yield browser


@asynccontextmanager
async def desk(served: Served, browser: httpx.AsyncClient) -> AsyncIterator[ClientConnection]:
    ticket = (await browser.post("/console/ticket")).json()["ticket"]
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    url = f"ws://127.0.0.1:{served.port}/console/live"
    async with connect(url, compression=None, additional_headers={"Cookie": cookie}) as socket:
        await socket.send(json.dumps({"t": "hello", "v": 1, "ticket": ticket}))
        await hears(socket, "desk")
        yield socket


async def hears(socket: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(await socket.recv())
        if frame["t"] == kind:
            return frame


async def closed(socket: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed):
        await hears(socket, "nothing ever")
    return socket.close_code


async def test_a_desk_lives_while_its_person_is_signed_in(served: Served) -> None:
    async with signed_in(served) as browser, desk(served, browser) as socket:
        await socket.send(json.dumps({"t": "beat"}))
        await socket.send(json.dumps({"t": "duty", "re": 1, "on": True}))
        assert (await hears(socket, "done"))["re"] == 1


async def test_signed_out_elsewhere_the_desk_goes_dark(served: Served) -> None:
    async with signed_in(served) as browser, desk(served, browser) as socket:
        await browser.post("/console/sign-out")
        await socket.send(json.dumps({"t": "beat"}))
        assert (await hears(socket, "error"))["code"] == "signed_out"
        assert await closed(socket) == 4003


async def test_whoever_leaves_the_service_loses_the_desk(served: Served) -> None:
    def gone(work: Work) -> None:
        work.run(staff.update().values(active=False))

    async with signed_in(served) as browser, desk(served, browser) as socket:
        await served.write(gone)
        await socket.send(json.dumps({"t": "beat"}))
        assert await closed(socket) == 4003


async def test_a_conversation_of_another_hub_is_not_there_and_the_try_is_in_the_trail(
    served: Served,
) -> None:
    ella = await served.arrives()
    aisha = await served.actor(AISHA)
    async with signed_in(served, AISHA.email) as browser, desk(served, browser) as socket:
        told = []
        for conversation in (ella.conversation, ids.new()):
            ask = {"t": "open", "re": 7, "conversation": conversation, "cursor": None}
            await socket.send(json.dumps(ask))
            error = await hears(socket, "error")
            told.append((error["code"], error["words"], error["re"]))
    assert told[0] == told[1]
    rows = await served.rows(
        sa.select(trail.c.object_id).where(trail.c.actor == aisha.staff, trail.c.verb == "refused")
    )
    assert ella.conversation in {row.object_id for row in rows}
