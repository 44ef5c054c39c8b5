"""No refusal is a dead end: whoever is turned away is told the number to call (S2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chat import socket, visit
from chat.pace import PACE
from chat.porch import Porch
from chat.session import MOST_BAD
from chat.socket import VisitorSocket
from tests.chat.test_socket import say
from tests.chat.wire import Frame, Wire, hello, wired
from tests.house import Home, at_rest
from tests.people import CUMBRIA

NUMBER = "08081 570 142"


@pytest.fixture
async def lodge(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Home]:
    async with at_rest(furnished_sqlite, keys_file) as home:
        yield home


@pytest.fixture
def door(lodge: Home) -> VisitorSocket:
    return lodge.house.visitor_socket


@pytest.fixture
def own_door(door: VisitorSocket, monkeypatch: pytest.MonkeyPatch) -> VisitorSocket:
    """A house of one service: even a stranger's number is known."""
    monkeypatch.setattr(door, "services", lambda: {CUMBRIA.key: CUMBRIA})
    return door


async def last_error(wire: Wire) -> Frame:
    return [frame for frame in await wire.rest() if frame["t"] == "error"][-1]


async def test_a_chat_that_is_no_longer_there(own_door: VisitorSocket) -> None:
    async with wired(own_door) as ella:
        ella.says(hello("a-resume-token-of-last-week"))
        assert (await last_error(ella))["number"] == NUMBER


async def test_no_hello_in_time(own_door: VisitorSocket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "HELLO_WITHIN", 0.0)
    async with wired(own_door) as ella:
        assert (await last_error(ella))["number"] == NUMBER
        assert ella.closed == 4001


async def test_too_many_at_the_door(
    lodge: Home, own_door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_door, "strangers", Porch(2, 0.0))
    async with wired(own_door) as ella, wired(own_door) as other:
        other.says(hello(lodge.frame_token()))
        await other.hears("welcome")
        async with wired(own_door), wired(own_door):
            error = await last_error(ella)
        assert (error["code"], error["number"]) == ("slow_down", NUMBER)


async def test_too_many_chats_of_one_network(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "NEW_CHATS", (0, 3600))
    async with wired(door, "203.0.113.9") as ella:
        ella.says(hello(lodge.frame_token()))
        assert (await last_error(ella))["number"] == NUMBER
        assert ella.closed == 4029


async def test_whatever_is_refused_in_an_open_chat(lodge: Home, door: VisitorSocket) -> None:
    for refused, close in (
        ("x" * 70_000, 4009),
        ("?", 4002),
        (say("c"), 4029),
    ):
        async with wired(door) as ella:
            ella.says(hello(lodge.frame_token()))
            conversation = (await ella.hears("welcome"))["conversation"]
            many = {4009: 1, 4002: MOST_BAD, 4029: 3 * PACE[0][0] + 1}[close]
            for _ in range(many):
                ella.says(refused if isinstance(refused, str) else say(conversation))
            assert (await last_error(ella))["number"] == NUMBER
            assert ella.closed == close


@pytest.mark.parametrize("text", ["x" * 4001, "  ", "nul \0"])
async def test_words_that_cannot_be_kept(lodge: Home, door: VisitorSocket, text: str) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        conversation = (await ella.hears("welcome"))["conversation"]
        ella.says(say(conversation, text))
        error = await ella.hears("error")
        assert (error["number"], ella.closed) == (NUMBER, None)
