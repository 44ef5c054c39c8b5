"""A line that carries says so; what does not answer is told with the number to call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from app.cases.model import VISITOR
from app.errors import Down
from chat import frames, hosting, outgoing, switchboard
from chat.outgoing import Outgoing
from chat.session import Close, Entry, Session, Tell
from chat.socket import VisitorSocket
from tests.chat.test_session import NIGHT, state
from tests.chat.wire import hello, wired
from tests.house import Home, listening


@pytest.fixture
async def lodge(
    furnished_sqlite: str, keys_file: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Home]:
    monkeypatch.setattr(switchboard, "LOOK", 0.01)
    async with listening(furnished_sqlite, keys_file) as home:
        yield home


@pytest.fixture
def door(lodge: Home) -> VisitorSocket:
    return lodge.house.visitor_socket


def test_the_number_is_told_and_after_it_how_things_stand_again() -> None:
    ella = Session(VISITOR)
    ella.receive(frames.Hello(v=1, token="t"), NIGHT)
    ella.entered(Entry("c1", "resume", "e1", 0, "08081 570 142"))
    assert ella.situation(state("waiting")) != []
    assert ella.situation(state("waiting")) == []
    (told,) = ella.down()
    assert isinstance(told, Tell)
    assert isinstance(told.frame, frames.Error)
    assert (told.frame.code, told.frame.client_id) == ("down", None)
    assert told.frame.number == "08081 570 142"
    assert ella.situation(state("waiting")) == [Tell(state("waiting"))]


async def test_when_the_database_answers_no_more_visitors_are_told_to_call(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And when it is back, how they stand: their place was never lost."""
    monkeypatch.setattr(switchboard, "DOWN_AFTER", 0.05)
    read = lodge.db.read

    async def away(*_: Any) -> None:
        raise Down("The database does not answer just now.")

    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        before = await ella.hears("state")
        monkeypatch.setattr(lodge.db, "read", away)
        error = await ella.hears("error")
        assert (error["code"], error["number"]) == ("down", "08081 570 142")
        assert "client_id" not in error
        monkeypatch.setattr(lodge.db, "read", read)
        assert (await ella.hears("state"))["state"] == before["state"] == "waiting"


async def test_a_line_beats(lodge: Home, door: VisitorSocket) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        for _ in range(3):
            assert await ella.hears("beat") == {"t": "beat"}


# -- what waits for one peer -------------------------------------------------------------------


class Peer:
    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.got: list[Message] = []

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        self.got.append(message)


def line(text: str) -> frames.Message:
    return frames.Message("c1", "e1", 1, "advisor", text)


async def test_a_frame_that_does_not_leave_in_time_is_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    peer = Peer()
    out = Outgoing(peer.send, most=256)
    out.tell(frames.Beat())
    await asyncio.sleep(0)
    out.tell(frames.Beat())
    assert not out.closing
    monkeypatch.setattr(outgoing, "WRITE_WITHIN", -1.0)
    out.tell(frames.Beat())
    assert out.closing
    out.close(Close(4003, "too late"))
    peer.reads.set()
    await out.stop()
    assert peer.got[-1]["code"] == 4008


async def test_much_at_once_after_a_long_silence_is_no_slowness(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outgoing, "WRITE_WITHIN", 0.0)
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 1_000.0)
    peer = Peer()
    peer.reads.set()
    out = Outgoing(peer.send, most=256)
    for _ in range(5):
        out.tell(frames.Beat())
    assert not out.closing
    await out.stop()


async def test_a_peer_that_does_not_read_is_let_go_before_much_waits_for_it() -> None:
    peer = Peer()
    out = Outgoing(peer.send, most=256)
    told = 0
    while not out.closing:
        out.tell(line("x" * 4000))
        told += 1
    assert told * 4000 < outgoing.MOST_LETTERS < (told + 1) * 4200
    peer.reads.set()
    await out.stop()
    assert peer.got[-1]["code"] == 4008


async def test_a_page_of_the_longest_lines_always_fits() -> None:
    peer = Peer()
    out = Outgoing(peer.send, most=256)
    for _ in range(outgoing.MOST_LETTERS // 8 // 4200):
        out.tell(line("x" * 4000))
    for _ in range(hosting.MOST_LINES):
        out.tell(line("\x01" * 4000))
    assert not out.closing
    peer.reads.set()
    await out.drained()
    await out.stop()


async def test_a_peer_that_reads_may_be_told_any_amount() -> None:
    peer = Peer()
    peer.reads.set()
    out = Outgoing(peer.send, most=256)
    for _ in range(600):
        out.tell(line("x" * 4000))
        await asyncio.sleep(0)
    await out.drained()
    await out.stop()
    assert not out.closing
