"""Every state of the console, in light and dark, on a desk and on a phone, judged by axe."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import axe, open_page
from tests.widgets.desk_states import DRAWN, Drawn
from tests.widgets.fake_desk import TOKEN, served

SIZES: dict[str, Any] = {
    "desk": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
}
SMALL: Any = {"width": 320, "height": 640}
PICTURES = os.environ.get("CONSOLE_PICTURES", "")
"""A folder for a picture of every state, for whoever wants to look."""
EVERY_WIDTH = bool(os.environ.get("EVERY_WIDTH"))
"""Judge each state at both widths (`make states`)."""
PARTS = {f"part {n + 1} of 6": tuple(DRAWN)[n::6] for n in range(6)}
"""One browser shows many states: starting it takes longer than a few of them."""


@asynccontextmanager
async def showing(browser: Browser, drawn: Drawn, **options: Any) -> AsyncIterator[Page]:
    async with (
        served(drawn.night()) as desk,
        open_page(browser, reduced_motion="reduce", **options) as page,
    ):
        if drawn.signed_in:
            cookie: Any = {"name": "frontdoor", "value": TOKEN, "url": desk.url}
            await page.context.add_cookies([cookie])
        await page.goto(desk.url + drawn.path)
        if drawn.path == "/console":
            await page.wait_for_selector(".tabs", state="attached")
        await drawn.steps(page, desk)
        await expect(page.locator(f"text={drawn.shows} >> visible=true").first).to_be_visible()
        yield page


def judged(part: str, size: str) -> tuple[str, ...]:
    """Every state at one of the two widths; at both when that is asked for."""
    every = PARTS[part]
    return every if PICTURES or EVERY_WIDTH else every[list(SIZES).index(size) :: len(SIZES)]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("size", SIZES)
async def test_axe_finds_nothing_on_any_state(browser: Browser, size: str, part: str) -> None:
    found: dict[str, list[str]] = {}
    for name in judged(part, size):
        async with showing(browser, DRAWN[name], viewport=SIZES[size]) as page:
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                if PICTURES:
                    await page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{scheme}.png")
                found[f"{name}, {scheme}"] = await axe(page)
    assert {where: said for where, said in found.items() if said} == {}


@pytest.mark.parametrize("part", PARTS)
async def test_nothing_scrolls_sideways_at_320_px(browser: Browser, part: str) -> None:
    wider: dict[str, int] = {}
    for name in PARTS[part]:
        async with showing(browser, DRAWN[name], viewport=SMALL) as page:
            wider[name] = await page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
    assert {name: by for name, by in wider.items() if by > 0} == {}
