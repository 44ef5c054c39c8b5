"""A visitor's chat over a real socket, with an advisor on the other side of the house."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2 as httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, seed, settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.cases import signs
from app.cases.model import Contact, HowEnded, State
from app.cases.tables import contacts, messages
from routing import acts as routing
from tests.chat.test_frames import mutated
from tests.house import Apart, Home, Served, at_rest, process_apart
from tests.people import MAYA, TOM, Visitor
from tests.processes import Server

CODES = {"bad_frame", "too_long", "empty", "too_large", "version", "hello_first", "late_hello",
         "not_yours", "ended", "conflict", "slow_down"}  # fmt: skip
CLOSES = {4001, 4002, 4003, 4008, 4009, 4029}


async def taken(served: Served, contact_id: str) -> Contact:
    """Whoever was offered it presses accept."""
    while True:
        contact = await served.contact(contact_id)
        if contact.state is State.OFFERED:
            break
        await asyncio.sleep(0.02)
    offers = await served.rows(
        sa.text("SELECT staff, number FROM offer WHERE contact = :c AND answer = ''").bindparams(
            c=contact_id
        )
    )
    await served.write(routing.accept, offers[0].staff, contact_id, offers[0].number)
    return await served.contact(contact_id)


async def contact_of(served: Served, ella: Visitor) -> str:
    (row,) = await served.rows(
        sa.text("SELECT contact FROM conversation WHERE id = :c").bindparams(c=ella.conversation)
    )
    return str(row.contact)


async def test_a_visitor_is_answered_and_both_have_the_same_lines(served_on_each: Served) -> None:
    served = served_on_each
    maya = await served.on_duty(MAYA)
    async with served.visitor(crime="domestic", area="CA11").connected() as ella:
        await ella.says("hello?")
        contact = await taken(served, await contact_of(served, ella))
        told = await ella.hears("state", state="connected")
        assert told["name"] == "Maya"
        await served.says(contact, f"staff:{maya.staff}", "Hello, I am Maya. Are you safe?")
        heard = await ella.hears("message")
        assert (heard["from"], heard["name"]) == ("advisor", "Maya")
        await ella.says("yes")
        await ella.hears("ack", seq=3)
        assert ella.said == ["hello?", "Hello, I am Maya. Are you safe?", "yes"]
        assert not ella.pending


async def test_whoever_lost_the_line_comes_back_to_what_they_missed(served: Served) -> None:
    maya = await served.on_duty(MAYA)
    ella = served.visitor(area="CA11")
    async with ella.connected():
        await ella.says("hello?")
        await ella.hears("ack")
        contact = await taken(served, await contact_of(served, ella))
    for text in ("Are you there?", "I will wait."):
        await served.says(contact, f"staff:{maya.staff}", text)
    async with ella.connected():
        await ella.hears("message", seq=3)
        assert ella.said == ["hello?", "Are you there?", "I will wait."]


async def test_words_that_nobody_acknowledged_are_sent_again_and_kept_once(served: Served) -> None:
    ella = served.visitor()
    async with ella.connected():
        await ella.says("hello?")
        await ella.says("are you there?")
    assert ella.pending, "nothing was read, so nothing is known to be kept"
    async with ella.connected():
        while ella.pending:
            await ella.hears("ack")
        assert sorted(ella.pending) == []
    rows = await served.rows(sa.select(messages.c.seq).order_by(messages.c.seq))
    assert [row.seq for row in rows] == [1, 2]


async def test_the_same_id_with_other_words_is_told_as_a_conflict(served: Served) -> None:
    async with served.visitor().connected() as ella:
        id_ = await ella.says("hello?")
        await ella.hears("ack", client_id=id_)
        await ella.resends(id_, "goodbye")
        assert (await ella.hears("error"))["code"] == "conflict"
        await ella.resends(id_, "hello?")
        assert (await ella.hears("ack", client_id=id_))["seq"] == 1


async def test_whoever_quickly_left_is_known_to_have_left_quickly(served: Served) -> None:
    async with served.visitor().connected() as ella:
        await ella.leaves("exit")
        await ella.hears("state", state="ended")
    (row,) = await served.rows(sa.select(contacts))
    assert (row.how_ended, row.visitor) == (HowEnded.QUICK_EXIT, "left quickly")


async def test_a_closing_page_may_say_goodbye_by_post(served: Served) -> None:
    ella = served.visitor()
    async with ella.connected():
        pass
    async with httpx.AsyncClient() as client:
        for token in ("unknown", ella.token):
            answer = await client.post(
                f"{served.url}/chat/v1/leave", content=json.dumps({"token": token, "how": "exit"})
            )
            assert answer.status_code == 204
            assert answer.content == b""
    (row,) = await served.rows(sa.select(contacts))
    assert row.how_ended == HowEnded.QUICK_EXIT


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"token": 5, "how": "exit"}', b"\xff" * 3000])
async def test_any_goodbye_is_taken_alike(served: Served, body: bytes) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{served.url}/chat/v1/leave", content=body)
    assert (answer.status_code, answer.content) == (204, b"")


async def test_a_visitor_is_told_when_their_advisor_is_lost_and_is_first_again(
    served: Served,
) -> None:
    await served.on_duty(MAYA)
    async with served.visitor(area="CA11").connected() as ella:
        contact = await taken(served, await contact_of(served, ella))
        await ella.hears("state", state="connected")
        served.clock.move(seconds=60)
        assert (await ella.hears("state", state="away"))["name"] == "Maya"
        served.clock.move(seconds=60)
        await served.house.matcher.sweep_once()
        assert (await served.contact(contact.id)).owner is None
        await served.write(signs.here, [ella.conversation])
        await served.on_duty(TOM)
        await taken(served, contact.id)
        assert (await ella.hears("state", state="connected"))["name"] == "Tom"


# -- nonsense ------------------------------------------------------------------------------------


@asynccontextmanager
async def stranger(served: Served) -> AsyncIterator[ClientConnection]:
    url = f"ws://127.0.0.1:{served.port}/chat/v1/socket"
    async with connect(url, compression=None) as socket:
        yield socket


async def answers(socket: ClientConnection, count: int) -> list[str]:
    """The codes of so many frames that follow, or until the socket is closed by us."""
    codes = []
    with suppress(ConnectionClosed):
        for _ in range(count):
            frame = json.loads(await socket.recv())
            if frame["t"] == "error":
                assert frame["words"]
                codes.append(frame["code"])
    assert socket.close_code is None or socket.close_code in CLOSES
    return codes


async def test_bent_frames_are_answered_in_words_and_never_break_the_house(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is a typed error or a close code; nothing is logged as broken (S9)."""
    bent: list[str] = []

    @seed(20_261_122)
    @settings(max_examples=60, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(mutated())
    def gather(frame: str) -> None:
        bent.append(frame)

    gather()
    caplog.set_level(logging.WARNING)
    for n in range(0, len(bent), 6):
        async with stranger(served) as socket:
            if n % 12:
                hello = {"t": "hello", "v": 1, "token": served.frame_token()}
                await socket.send(json.dumps(hello))
                assert json.loads(await socket.recv())["t"] == "welcome"
            with suppress(ConnectionClosed):
                for frame in [*bent[n : n + 6], "?"]:
                    await socket.send(frame.encode("utf-8", "replace").decode())
            assert set(await answers(socket, 1)) <= CODES
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
    async with served.visitor().connected() as ella:
        await ella.says("still open?")
        await ella.hears("ack")


@pytest.mark.parametrize(
    ("sent", "close"), [("x" * 70_000, 4009), ("x" * 200_000, 1009), (b"binary", None)]
)
async def test_frames_of_another_kind_or_size(
    served: Served, sent: str | bytes, close: int | None
) -> None:
    async with stranger(served) as socket:
        await socket.send(sent)
        if close is None:
            assert json.loads(await socket.recv())["code"] == "bad_frame"
            return
        await answers_to_the_end(socket)
        assert socket.close_code == close


async def answers_to_the_end(socket: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass


# -- a house that falls down -----------------------------------------------------------------------


@asynccontextmanager
async def behind(apart: Apart, url: str) -> AsyncIterator[Home]:
    """The same database, looked at from here."""
    async with at_rest(url, apart.keys) as home:
        yield home


async def again(server: Server) -> None:
    await asyncio.to_thread(server.start)


async def test_a_crash_loses_nothing_that_was_acknowledged_and_keeps_nothing_twice(
    apart: Apart, furnished_sqlite: str
) -> None:
    ella = apart.visitor(area="CA11")
    async with ella.connected():
        for n in range(10):
            await ella.says(f"line {n}")
        for _ in range(5):
            await ella.hears("ack")
        await asyncio.to_thread(apart.server.kill)
        await ella.until_closed()
    acknowledged = ella.said
    assert len(acknowledged) >= 5
    await again(apart.server)
    async with ella.connected():
        while ella.pending:
            await ella.hears("ack")
    assert ella.said[: len(acknowledged)] == acknowledged
    async with behind(apart, furnished_sqlite) as home:
        rows = await home.rows(sa.select(messages.c.seq).order_by(messages.c.seq))
        assert [row.seq for row in rows] == list(range(1, 11))


async def test_nothing_a_visitor_says_or_is_reaches_the_log(
    furnished_sqlite: str, keys_file: Path
) -> None:
    """With everything logged, and with bad frames and refusals among it (S8)."""
    talkative = process_apart(furnished_sqlite, keys_file, LOG_LEVEL="DEBUG")
    try:
        await again(talkative.server)
        ella = talkative.visitor(area="CA11", crime="domestic")
        async with ella.connected():
            id_ = await ella.says("canary: he is at the door, ring 07700 900123")
            await ella.hears("ack")
            await ella.resends(id_, "canary: other words")
            await ella.hears("error")
            await ella.send({"t": "say", "text": "canary: not a frame"})
            await ella.hears("error")
            await ella.leaves("end")
            await ella.hears("state", state="ended")
        stranger = talkative.visitor("canary.token")
        async with connect(stranger.url, compression=None) as socket:
            await socket.send(json.dumps({"t": "hello", "v": 1, "token": "canary.token"}))
            await socket.send("canary" * 20_000)
            await answers_to_the_end(socket)
        await asyncio.to_thread(talkative.server.stop)
        logged = (talkative.server.folder / "log").read_text()
        assert "chat.bad_frame" in logged
        for secret in ("canary", "900123", "CA11", "domestic", ella.token):
            assert secret not in logged
    finally:
        talkative.server.close()
