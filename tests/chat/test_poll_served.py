"""Polls over real requests: through the guards, past a hung-up line, home when the house stops."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import sqlalchemy as sa

from app import ids, server
from app.cases.tables import messages
from chat.frames import client_id_text
from tests.chat.wire import Frame, hello
from tests.house import Served, serving


class Poster:
    """Polls one after another, as a page with an opaque origin does."""

    def __init__(self, house: Served, client: httpx.AsyncClient) -> None:
        self.url = f"{house.url}/chat/v1/poll"
        self.client = client
        self.line, self.n = "", 0

    async def polls(self, *frames: Frame) -> dict[str, Any]:
        self.n += 1
        body = json.dumps({"line": self.line, "n": self.n, "frames": list(frames)})
        answer = await self.client.post(
            self.url, content=body, headers={"Origin": "null", "Content-Type": "text/plain"}
        )
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        told: dict[str, Any] = answer.json()
        self.line = told["line"]
        return told

    async def hears(self, kind: str, *frames: Frame) -> Frame:
        told = await self.polls(*frames)
        while True:
            for frame in told["frames"]:
                if frame["t"] == kind:
                    found: Frame = frame
                    return found
            told = await self.polls()


def say(conversation: str, text: str) -> Frame:
    client_id = client_id_text(bytes.fromhex(ids.new()))
    return {"t": "say", "conversation": conversation, "client_id": client_id, "text": text}


async def test_words_by_poll_are_on_disk_when_they_are_acknowledged(
    served_on_each: Served,
) -> None:
    served = served_on_each
    async with httpx.AsyncClient(timeout=60) as client:
        ella = Poster(served, client)
        welcome = await ella.hears("welcome", hello(served.frame_token(), area="CA11"))
        acks = [
            await ella.hears("ack", say(welcome["conversation"], f"line {n}")) for n in range(3)
        ]
        assert [ack["seq"] for ack in acks] == [1, 2, 3]
        rows = await served.rows(sa.select(messages.c.seq).order_by(messages.c.seq))
        assert [row.seq for row in rows] == [1, 2, 3]


async def test_a_page_that_is_gone_is_a_lost_signal(served: Served) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        ella = Poster(served, client)
        await ella.hears("state", hello(served.frame_token()))
        held = asyncio.create_task(until_closed(ella))
        (line,) = served.house.visitor_poll.lines.values()
        while True:
            if line._n == ella.n > 1:
                break
            await asyncio.sleep(0.01)
        held.cancel()
    assert await served.lost_signal()


async def until_closed(ella: Poster) -> int:
    while True:
        told = await ella.polls()
        if "close" in told:
            return int(told["close"])


async def test_a_house_that_stops_sends_held_polls_home(
    furnished_sqlite: str,
    keys_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(server, "NOTICE", 0.0)
    async with httpx.AsyncClient(timeout=60) as client:
        async with serving(furnished_sqlite, keys_file) as house:
            ella = Poster(house, client)
            await ella.hears("state", hello(house.frame_token()))
            (line,) = house.house.visitor_poll.lines.values()
            held = asyncio.create_task(until_closed(ella))
            while True:
                if line._n == ella.n > 1:
                    break
                await asyncio.sleep(0.01)
        assert await held in (1001, 1012)
    assert [each.message for each in caplog.records if each.levelno >= logging.ERROR] == []
