"""The pictures of the README, taken from the running product: `make pictures`.

A chat and a call are played through real browsers against `frontdoor demo`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.browser import QUIET, chromium_path
from tests.journeys.stories import (
    DESK,
    PHONE,
    AtHome,
    AtTheDesk,
    Demo,
    PhonesOnTheTable,
    demo_apart,
)
from tests.people import CUMBRIA, MAYA

TO = Path(__file__).parents[1] / "widgets" / "pictures"


async def main() -> None:
    for demo in demo_apart():
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium_path(), args=[*QUIET, "--no-sandbox"]
            )
            await play(browser, demo)
            await browser.close()


async def play(browser: Browser, demo: Demo) -> None:
    desk = AtTheDesk(await browser.new_page(viewport=DESK))
    await desk.goes_on_duty(demo.console, MAYA)
    chat = await browser.new_page(viewport=PHONE)
    await chat.goto(f"http://localhost:{demo.port}/p/cumbria")
    visitor = AtHome(chat, chat.main_frame)
    await visitor.finds_someone(about="Someone at home, or someone close to me", near="CA11")
    await visitor.writes("hello is anyone there")
    await desk.takes_it()
    await desk.writes("Hello, I'm Maya. Is it safe for you to write just now?")
    await visitor.sees("Is it safe")
    await visitor.writes("yes. kids asleep, doors locked")
    await desk.sees("doors locked")
    await desk.writes("Good. Take your time. You need not tell me everything.")
    await visitor.sees("Take your time")

    second = await browser.new_page(viewport=PHONE)
    await second.goto(f"http://localhost:{demo.port}/p/cumbria")
    await AtHome(second, second.main_frame).finds_someone(
        about="Someone who will not leave me alone", near="CA10"
    )
    await desk.page.locator(".rail .offer").wait_for()
    await picture(desk.page, "desk")
    await picture(chat, "widget-phone")
    await desk.page.set_viewport_size(PHONE)
    await picture(desk.page, "desk-phone")

    table = PhonesOnTheTable(await browser.new_page(viewport=DESK))
    await table.page.goto(demo.rehearsal)
    await table.rings_the_line("Caller", CUMBRIA.lines[0].number)
    await table.hears("Caller", "For Penrith and Eden, press 2.")
    await picture(table.page, "rehearsal")


async def picture(page: Page, name: str) -> None:
    await page.wait_for_timeout(600)
    TO.mkdir(exist_ok=True)
    await page.screenshot(path=TO / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
