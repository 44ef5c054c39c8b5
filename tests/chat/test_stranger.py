"""A client that a stranger wrote from chat/PROTOCOL.md alone: the document keeps its promises.

It knows `websockets` and the twelve rules of the document, and nothing of the product's code.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.cases.model import SYSTEM, Contact
from tests.house import Served

Frame = dict[str, Any]
NEWER = {"t": "weather", "rain": True, "conversation": "?"}


class Stranger:
    """Rules by number, as the document has them."""

    def __init__(self, address: str, frame_token: str) -> None:
        self.address = address
        self.token = frame_token
        self.conversation = ""
        self.cursor: Frame | None = None
        self.lines: dict[int, str] = {}
        self.aside: dict[int, Frame] = {}
        self.pending: dict[str, str] = {}
        self.sent: dict[str, int] = {}
        self.told: list[Frame] = []
        self.news = asyncio.Event()
        self.line: ClientConnection | None = None

    async def opens(self) -> None:
        """Rules 1, 2 and 10."""
        self.line = await connect(self.address, compression=None)
        await self.puts(
            {"t": "hello", "v": 1, "token": self.token, "cursor": self.cursor, "need": None}
        )
        self.hears(json.loads(await self.line.recv()))
        for client_id in list(self.pending):
            await self.sends(client_id)
        self.listening = asyncio.create_task(self.listens(self.line))

    async def drops(self) -> None:
        """The line goes dead without a goodbye."""
        assert self.line is not None
        self.listening.cancel()
        self.line.transport.abort()
        await self.line.wait_closed()

    async def listens(self, line: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for raw in line:
                self.hears(json.loads(raw))
                self.news.set()

    async def puts(self, frame: Frame) -> None:
        assert self.line is not None
        await self.line.send(json.dumps(frame))

    async def says(self, text: str) -> str:
        """Rule 4."""
        client_id = str(uuid.uuid4())
        self.pending[client_id] = text
        await self.sends(client_id)
        return client_id

    async def sends(self, client_id: str) -> None:
        await self.puts(
            {
                "t": "say",
                "conversation": self.conversation,
                "client_id": client_id,
                "text": self.pending[client_id],
            }
        )

    def hears(self, frame: Frame) -> None:
        """Rules 2, 3, 5, 6 and 7."""
        self.told.append(frame)
        if frame["t"] == "welcome":
            self.conversation, self.token = frame["conversation"], frame["token"]
            if self.cursor is None or frame["reset"]:
                self.cursor = {"epoch": frame["epoch"], "seq": 0}
                self.lines.clear()
        elif frame.get("conversation") != self.conversation:
            return
        elif frame["t"] in ("message", "ack"):
            text = self.pending.pop(frame.get("client_id", ""), frame.get("text", ""))
            if "client_id" in frame:
                self.sent.setdefault(frame["client_id"], frame["seq"])
            self.places({**frame, "text": text})

    def places(self, line: Frame) -> None:
        assert self.cursor is not None
        seq = line["seq"]
        if seq > self.cursor["seq"] + 1 and line["t"] == "message":
            self.aside[seq] = line
        if seq != self.cursor["seq"] + 1:
            return
        self.lines[seq] = line["text"]
        self.cursor = {**self.cursor, "seq": seq}
        following = self.aside.pop(seq + 1, None)
        if following is not None:
            self.places(following)

    async def until(self, true: Any) -> None:
        async with asyncio.timeout(60):
            while not true():
                self.news.clear()
                await self.news.wait()

    def of(self, kind: str) -> list[Frame]:
        return [frame for frame in self.told if frame["t"] == kind]


def stranger(served: Served) -> Stranger:
    return Stranger(f"ws://127.0.0.1:{served.port}/chat/v1/socket", served.frame_token())


async def the_contact(served: Served) -> Contact:
    (row,) = await served.rows(sa.text("SELECT id FROM contact"))
    return await served.contact(row.id)


async def test_it_opens_speaks_drops_and_resumes_with_nothing_lost_or_doubled(
    served: Served,
) -> None:
    ella = stranger(served)
    await ella.opens()
    first = await ella.says("hello?")
    await ella.until(lambda: not ella.pending)
    assert ella.sent[first] == 1
    for n in range(5):
        await ella.says(f"before the drop {n}")
    await ella.drops()
    contact = await the_contact(served)
    await served.says(contact, SYSTEM, "We are here.")
    await ella.opens()
    await ella.until(lambda: not ella.pending and len(ella.lines) == 7)
    await ella.says("after it")
    await ella.until(lambda: not ella.pending)
    kept = await served.read(served.house.transcript.after, ella.conversation, 0)
    assert [line.text for line in kept] == [ella.lines[seq] for seq in range(1, 9)]
    assert sorted(ella.lines.values()) == sorted(
        ["hello?", *(f"before the drop {n}" for n in range(5)), "We are here.", "after it"]
    )
    assert [frame["reset"] for frame in ella.of("welcome")] == [False, False]
    await ella.drops()


async def test_the_same_id_gets_the_first_ack_and_other_words_are_a_conflict(
    served: Served,
) -> None:
    ella = stranger(served)
    await ella.opens()
    id_ = await ella.says("hello?")
    await ella.until(lambda: not ella.pending)
    for text in ("hello?", "other words"):
        ella.pending[id_] = text
        await ella.sends(id_)
    await ella.until(lambda: ella.of("error") and len(ella.of("ack")) == 2)
    assert [ack["seq"] for ack in ella.of("ack")] == [1, 1]
    (error,) = ella.of("error")
    assert (error["code"], error["client_id"]) == ("conflict", id_)
    await ella.drops()


async def test_a_cursor_of_another_log_starts_again_from_the_first_line(served: Served) -> None:
    ella = stranger(served)
    await ella.opens()
    await ella.says("hello?")
    await ella.until(lambda: not ella.pending)
    await ella.drops()
    assert ella.cursor is not None
    ella.cursor = {**ella.cursor, "epoch": "before the restore"}
    await ella.opens()
    await ella.until(lambda: ella.lines == {1: "hello?"})
    assert [frame["reset"] for frame in ella.of("welcome")] == [False, True]
    await ella.drops()


async def test_since_tells_again_what_a_client_has_dropped(served: Served) -> None:
    ella = stranger(served)
    await ella.opens()
    contact = await the_contact(served)
    for n in range(3):
        await served.says(contact, SYSTEM, f"line {n}")
    await ella.until(lambda: len(ella.lines) == 3)
    assert ella.cursor is not None
    ella.cursor = {**ella.cursor, "seq": 1}
    del ella.lines[2], ella.lines[3]
    await ella.puts({"t": "since", "conversation": ella.conversation, "cursor": ella.cursor})
    await ella.until(lambda: len(ella.lines) == 3)
    await ella.drops()


async def test_a_frame_of_next_year_ends_nothing(served: Served) -> None:
    ella = stranger(served)
    await ella.opens()
    await ella.puts(NEWER)
    await ella.until(lambda: ella.of("error"))
    assert ella.of("error")[0]["code"] == "bad_frame"
    await ella.says("still here")
    await ella.until(lambda: not ella.pending)
    assert all(state["number"] for state in ella.of("state")), "the number is always there"
    await ella.drops()
