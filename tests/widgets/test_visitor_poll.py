"""A network that lets no websocket through: the chat goes by polls, and back to a socket after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.async_api import Page, Request, WebSocketRoute

from app.cases.model import SYSTEM, State
from app.cases.tables import contacts, messages
from tests.house import Served, serving
from tests.people import SITE

SOCKET = "**/chat/v1/socket"


@pytest.fixture
async def house(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Served]:
    async with serving(furnished_sqlite, keys_file, rehearsed=50.0) as served:
        yield served


class Ella:
    """The real page of the real product, over a proxy that does as the test says."""

    def __init__(self, page: Page, house: Served) -> None:
        self.page = page
        self.house = house
        self.polls: list[Request] = []
        page.on("request", self._noted)

    def _noted(self, request: Request) -> None:
        if request.url.endswith("/chat/v1/poll"):
            self.polls.append(request)

    async def opens(self) -> None:
        await self.page.goto(f"{self.house.url}/p/{SITE.key}")
        await self.page.click("#begin")
        await self.page.click("[data-screen=about] [data-find]")
        await self.page.locator("#box").wait_for()

    async def writes(self, words: str) -> None:
        await self.page.fill("#box", words)
        await self.page.click("#send")

    async def sent(self, words: str) -> None:
        sent = self.page.locator(".me:not(.pending):not(.failed)").filter(has_text=words)
        await sent.first.wait_for()

    async def log(self) -> list[str]:
        return await self.page.locator(".said p").all_inner_texts()

    async def contact(self) -> Any:
        (row,) = await self.house.rows(sa.select(contacts))
        return await self.house.contact(row.id)

    async def kept(self) -> list[int]:
        rows = await self.house.rows(sa.select(messages.c.seq).order_by(messages.c.seq))
        return [row.seq for row in rows]


async def refuse(socket: WebSocketRoute) -> None:
    """As a proxy that cuts every upgrade."""
    await socket.close()


async def swallow(socket: WebSocketRoute) -> None:
    """As a proxy that accepts it and lets nothing through."""
    socket.on_message(lambda _: None)


@pytest.mark.parametrize("proxy", [refuse, swallow])
async def test_the_chat_opens_and_both_are_heard(page: Page, house: Served, proxy: Any) -> None:
    await page.route_web_socket(SOCKET, proxy)
    ella = Ella(page, house)
    await ella.opens()
    await ella.writes("hello? is anyone there?")
    await ella.sent("hello?")
    contact = await ella.contact()
    await house.says(contact, SYSTEM, "Somebody will be with you soon.")
    await page.locator("#log", has_text="Somebody will be with you soon.").wait_for()
    for n in range(3):
        await ella.writes(f"line {n}")
    await ella.sent("line 2")
    assert await ella.log() == ["hello? is anyone there?", "line 0", "line 1", "line 2"]
    assert await ella.kept() == [1, 2, 3, 4, 5]
    assert ella.polls
    headers = await ella.polls[0].all_headers()
    assert headers["origin"] == "null"
    assert "cookie" not in headers
    assert all(ella.house.url + "/chat/v1/poll" == poll.url for poll in ella.polls), (
        "no token in it"
    )


async def test_it_goes_back_to_a_socket_when_one_works_again(page: Page, house: Served) -> None:
    blocked, welcomed = [True], asyncio.Event()

    async def proxy(socket: WebSocketRoute) -> None:
        if blocked:
            await refuse(socket)
            return

        def told(message: str | bytes) -> None:
            socket.send(message)
            if '"welcome"' in str(message):
                welcomed.set()

        socket.connect_to_server().on_message(told)

    await page.clock.install()
    await page.route_web_socket(SOCKET, proxy)
    ella = Ella(page, house)
    await ella.opens()
    await ella.writes("by post")
    await ella.sent("by post")
    blocked.clear()
    await page.clock.fast_forward(21_000)
    await welcomed.wait()
    await ella.writes("by wire")
    await ella.sent("by wire")
    assert await ella.kept() == [1, 2]
    assert await ella.log() == ["by post", "by wire"]
    assert not any("by wire" in (poll.post_data or "") for poll in ella.polls)


async def test_leaving_quickly_is_known_at_once(page: Page, house: Served) -> None:
    await page.route_web_socket(SOCKET, refuse)
    ella = Ella(page, house)
    await ella.opens()
    await ella.writes("he is here")
    await ella.sent("he is here")
    await page.route(
        lambda url: not url.startswith(house.url), lambda route: route.fulfill(body="Rain")
    )
    async with page.expect_navigation(wait_until="commit"):
        await page.click("#leave")
    contact = await ella.contact()
    while contact.state is not State.CLOSED:
        contact = await ella.contact()
    assert contact.visitor == "left quickly"
