"""Whoever picks up the device afterwards finds nothing: not in the browser's own folder, after a
chat that was left and after a browser that was killed; nor by back, forward, reload or reopening.
"""

from __future__ import annotations

import os
import re
import signal
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright

from app.cases.model import Contact
from tests.people import SITE
from tests.widgets.watched import SWITCHES, Ella, Room, ends_as, with_windows

pytestmark = pytest.mark.asyncio(loop_scope="module")
SENT, UNSENT, ANSWERED, TOWN = "quietheron42", "greyotter17", "slowbadger88", "MossyLedge5"
WHOLE = ["--headless=new", *SWITCHES]


@asynccontextmanager
async def browser_with(folder: Path) -> AsyncIterator[BrowserContext]:
    """A whole browser that keeps its things in this folder, as on anybody's device."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder,
            executable_path=with_windows(),
            args=WHOLE,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        context.set_default_timeout(20_000)
        yield context
        with suppress(Exception):  # it may have been killed in the story
            await context.close()


async def whole_session(ella: Ella) -> tuple[Contact, list[str]]:
    """Questions, words sent and not sent, an answer, the cover. Returns what must not be found."""
    await ella.press("#begin")
    await ella.press("[data-screen=about] [data-go=where]")
    await ella.chat.fill("#area", TOWN)
    await ella.press("#placed")
    await ella.press("[data-screen=age] [data-find]")
    contact = await ella.room.arrival()
    await ella.room.answers()
    await ella.see("#with-name", "Tom")
    await ella.writes(f"he has found me {SENT}")
    await ella.room.writes(contact, f"Stay where you are {ANSWERED}")
    await ella.see(".them", ANSWERED)
    await ella.chat.fill("#box", f"he is at the {UNSENT}")
    await ella.press("#hide")
    await ella.press("#uncover")
    assert contact.conversation is not None
    return contact, [SENT, UNSENT, ANSWERED, TOWN, contact.id, contact.conversation]


async def moves(page: Page, by: int, to: str) -> None:
    """Back or forward. A page that the browser kept in memory comes back without loading."""
    await page.evaluate("by => { history.go(by) }", by)
    await page.wait_for_url(to, wait_until="commit")


def found(folder: Path, words: list[str]) -> list[str]:
    """Every word that lies in a file of the folder: as it is, in UTF-16, or pressed by zlib."""
    wanted = {
        form
        for word in words
        for form in (word.encode(), word.lower().encode(), word.encode("utf-16-le"))
    }
    hits: list[str] = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        held = path.read_bytes()
        for text in (held, *unpressed(held)):
            hits += [f"{path.relative_to(folder)}: {form!r}" for form in wanted if form in text]
    return hits


def unpressed(held: bytes) -> list[bytes]:
    opened: list[bytes] = []
    for start in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", held):
        reader = zlib.decompressobj(wbits=47)
        with suppress(zlib.error):
            opened.append(reader.decompress(held[start.start() :]))
    return opened


def process_of(folder: Path) -> int:
    """The browser's own process: its lock in the folder names it."""
    return int(os.readlink(folder / "SingletonLock").rpartition("-")[2])


async def test_the_folder_is_searched_well_enough_to_find_something(
    room: Room, tmp_path: Path
) -> None:
    """The premise: what a page does keep, this search finds."""
    async with browser_with(tmp_path / "profile") as context:
        page = await context.new_page()
        await page.goto(f"{room.charity.url}/plain")
        await page.evaluate("localStorage.setItem('k', 'loudgoose99')")
        await page.goto(f"{room.charity.url}/plain?loudgoose99")
    hits = found(tmp_path / "profile", ["loudgoose99"])
    assert any("Local Storage" in hit for hit in hits)
    assert any("History" in hit for hit in hits)


@pytest.mark.parametrize("where", ["on the charity's page", "on its own page"])
async def test_after_a_chat_was_left_the_folder_holds_no_word_of_it(
    room: Room, tmp_path: Path, where: str
) -> None:
    async with browser_with(tmp_path / "profile") as context:
        page = await context.new_page()
        own = where == "on its own page"
        ella = await (room.on_own_page(page) if own else room.on_host(page))
        contact, words = await whole_session(ella)
        await ella.leaves()
        await ends_as(room, contact, "quick_exit")
    assert (tmp_path / "profile" / "Default" / "History").exists()
    assert found(tmp_path / "profile", words) == []
    await room.settle()


async def test_after_the_browser_was_killed_the_folder_holds_no_word_and_nothing_comes_back(
    room: Room, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    async with browser_with(profile) as context:
        page = await context.new_page()
        ella = await room.on_own_page(page)
        _, words = await whole_session(ella)
        os.kill(process_of(profile), signal.SIGKILL)
        await context.wait_for_event("close")
    assert found(profile, words) == []
    async with browser_with(profile) as context:
        page = context.pages[0] if context.pages else await context.new_page()
        ella = await room.on_own_page(page)
        assert SENT not in await ella.text()
        await ella.see("#begin")
    assert found(profile, words) == []
    await room.settle()


async def test_back_forward_reload_and_reopening_show_an_empty_start(
    room: Room, tmp_path: Path
) -> None:
    async with browser_with(tmp_path / "profile") as context:
        page = await context.new_page()
        await page.goto(f"{room.charity.url}/plain?before")
        ella = await room.on_own_page(page)
        await whole_session(ella)
        await page.reload()
        await ella.see("#begin")
        assert SENT not in await ella.text()
        await room.settle()
        await whole_session(ella)
        await page.goto(f"{room.charity.url}/other")
        await moves(page, -1, f"**/p/{SITE.key}")
        await ella.see("#begin")
        assert SENT not in await ella.text()
        await moves(page, 1, "**/other")
        await moves(page, -1, f"**/p/{SITE.key}")
        await ella.see("#begin")
        assert SENT not in await ella.text()
        other = await context.new_page()
        again = await room.on_own_page(other)
        assert await again["[name=about]:checked, [name=age]:checked"].count() == 0
        assert await again["#area"].input_value() == ""
    await room.settle()


async def test_a_page_held_in_memory_comes_back_empty(room: Room, tmp_path: Path) -> None:
    """The charity's page is kept whole by the browser when one leaves it, the frame with it."""
    async with browser_with(tmp_path / "profile") as context:
        page = await context.new_page()
        await page.add_init_script(
            "addEventListener('pageshow', e => { window.back = e.persisted })"
        )
        ella = await room.on_host(page)
        await page.evaluate(
            "addEventListener('pageshow', at => { window.came = at.persisted && 'from memory' })"
        )
        await whole_session(ella)
        await page.goto(f"{room.charity.url}/other")
        before = len(room.loaded)
        await moves(page, -1, "**/plain")
        assert await page.evaluate("window.came") == "from memory"
        # The frame wiped itself when it was put away, and asks for a fresh page of its own.
        await room.until(lambda: loaded_since(room, before))
    await room.settle()


async def loaded_since(room: Room, before: int) -> bool:
    return len(room.loaded) > before
