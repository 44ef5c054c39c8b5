"""A desk whose line has died without a word: noticed by the server's silence, and replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser import open_page
from tests.widgets import fake_desk as fake
from tests.widgets.fake_desk import TOKEN, FakeDesk, served
from widgets.console import asking, frames


@asynccontextmanager
async def at_a_desk_with_a_clock(browser: Browser) -> AsyncIterator[tuple[Page, FakeDesk]]:
    async with served(fake.busy_night()) as desk, open_page(browser) as page:
        cookie: Any = {"name": "frontdoor", "value": TOKEN, "url": desk.url}
        await page.context.add_cookies([cookie])
        await page.clock.install()
        await page.goto(desk.url + "/console")
        await expect(page.locator(".tabs")).to_be_attached()
        while not desk.sockets:
            await page.clock.run_for(100)
        yield page, desk


def greetings(desk: FakeDesk) -> int:
    return len([frame for frame in desk.heard if isinstance(frame, asking.Hello)])


async def test_a_desk_that_hears_nothing_at_all_opens_another_line(browser: Browser) -> None:
    async with at_a_desk_with_a_clock(browser) as (page, desk):
        assert greetings(desk) == 1
        (swallowed,) = desk.sockets
        await page.clock.run_for(45_000)
        while greetings(desk) < 2:
            await page.clock.run_for(500)
        await expect(page.locator(".gone")).to_have_count(0)
        assert desk.sockets - {swallowed}


async def test_a_desk_that_hears_the_servers_beat_keeps_its_line(browser: Browser) -> None:
    async with at_a_desk_with_a_clock(browser) as (page, desk):
        for _ in range(8):
            await page.clock.run_for(14_000)
            asked = len(desk.heard)
            await desk.tell(frames.StillHere())
            while len(desk.heard) == asked:  # a beat is answered by a beat: it was heard
                await page.clock.run_for(500)
        assert greetings(desk) == 1
