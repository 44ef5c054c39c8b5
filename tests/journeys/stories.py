"""What people do in front of a screen, in their own words: for the journeys."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.async_api import Browser, Frame, Locator, Page, ViewportSize, expect

from app.definition.people import Person
from app.demo import PASSWORD
from tests.browser import open_page
from tests.house import clean_environment
from tests.processes import Server, free_port, scratch_folder

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Demo:
    """`frontdoor demo` in a process and a folder of its own, as a newcomer starts it."""

    server: Server
    folder: Path
    port: int

    @property
    def console(self) -> str:
        return f"http://localhost:{self.port}/console"

    @property
    def rehearsal(self) -> str:
        return f"http://localhost:{self.port}/rehearsal"

    def charity(self, service: str) -> str:
        """Another site than the product's, to a browser."""
        return f"http://127.0.0.1:{self.port}/demo-site?service={service}"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "frontdoor.db"


def demo_apart(**more: str) -> Iterator[Demo]:
    """Use it in a fixture; the process ends with the test."""
    port, folder = free_port(), scratch_folder("demo")
    environ = clean_environment(PORT=str(port), LOG_FORMAT="json", **more)
    command = [
        *("env", "-C", str(folder), "-i", *(f"{name}={value}" for name, value in environ.items())),
        *(sys.executable, "-m", "app", "demo"),
    ]
    server = Server(command, folder, lambda: _ready(port))
    try:
        server.start()
        yield Demo(server, folder, port)
    finally:
        server.close()


def _ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@dataclass
class AtTheDesk:
    """An advisor in front of the console."""

    page: Page

    @property
    def offer(self) -> Locator:
        return self.page.get_by_role("button", name="Accept")

    async def goes_on_duty(self, console: str, who: Person) -> None:
        await self.page.goto(console)
        await self.page.get_by_label("Work e-mail").fill(who.email)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in and go on duty").click()
        await expect(self.page.get_by_text("Available")).to_be_visible(timeout=40_000)

    async def takes_it(self) -> None:
        """Key A, as long as no field has the focus."""
        await expect(self.offer.first).to_be_visible(timeout=40_000)
        await self.page.keyboard.press("a")
        await expect(self.offer).to_have_count(0)

    async def writes(self, words: str) -> None:
        box = self.page.get_by_role("textbox", name="Your words")
        await box.fill(words)
        await box.press("Enter")
        await expect(box).to_have_value("")

    async def sees(self, words: str) -> None:
        await expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible(
            timeout=40_000
        )


@asynccontextmanager
async def at_the_desk(browser: Browser, **options: object) -> AsyncIterator[AtTheDesk]:
    async with open_page(browser, viewport=DESK, **options) as page:
        yield AtTheDesk(page)


@dataclass
class AtHome:
    """A visitor in front of the chat: in a frame on a charity's page, or on a page of its own."""

    page: Page
    chat: Frame

    async def presses(self, name: str) -> None:
        await self.chat.get_by_role("button", name=name, exact=True).click()

    async def finds_someone(self, *, about: str = "", near: str = "") -> None:
        """Through the questions; an empty answer is skipped."""
        await self.presses("Start writing")
        if about:
            await self.chat.get_by_text(about, exact=True).click()
        await self.presses("Next")
        if near:
            await self.chat.get_by_label("First half of the postcode").fill(near)
        await self.presses("Next")
        await self.presses("Find someone")

    async def leaves(self) -> None:
        """By the exit, to the weather; nothing is fetched from there."""
        weather = "https://www.bbc.co.uk/**"
        await self.page.route(weather, lambda route: route.fulfill(body="Sun, then rain."))
        await self.chat.get_by_role("link", name="Leave now").click()
        await self.page.wait_for_url(weather)

    async def writes(self, words: str) -> None:
        box = self.chat.locator("textarea")
        await box.fill(words)
        await box.press("Enter")

    async def sees(self, words: str, *, within: float = 40) -> None:
        await expect(self.chat.get_by_text(words).filter(visible=True).first).to_be_visible(
            timeout=within * 1000
        )

    async def said(self) -> list[str]:
        """Every line of the conversation, in order."""
        lines: list[str] = await self.chat.locator("[role=log] .said p").all_inner_texts()
        return lines


@asynccontextmanager
async def on_the_charity_page(browser: Browser, address: str) -> AsyncIterator[AtHome]:
    async with open_page(browser, viewport=DESK) as page:
        await page.goto(address)
        await page.wait_for_selector("iframe")
        frame = next(each for each in page.frames if "/w/" in each.url)
        await frame.get_by_role("button", name="Chat", exact=True).click()
        yield AtHome(page, frame)


@asynccontextmanager
async def on_a_page_of_its_own(browser: Browser, address: str) -> AsyncIterator[AtHome]:
    async with open_page(browser, viewport=PHONE) as page:
        await page.goto(address)
        yield AtHome(page, page.main_frame)


@dataclass
class PhonesOnTheTable:
    """The rehearsal page: every phone of the story lies on it."""

    page: Page

    def phone(self, whose: str) -> Locator:
        return self.page.locator("article.set").filter(
            has=self.page.get_by_role("heading", name=whose)
        )

    async def hears(self, whose: str, words: str) -> None:
        """What is spoken is shown as words."""
        spoken = self.phone(whose).get_by_role("log", name="Spoken to this phone")
        await expect(spoken.get_by_text(words).last).to_be_visible(timeout=40_000)

    async def presses(self, whose: str, key: str) -> None:
        pad = self.phone(whose).get_by_role("group", name="Keypad")
        await pad.locator(f"[data-key='{key}']").click()

    async def rings_the_line(self, whose: str, number: str) -> None:
        await self.page.get_by_label("Line", exact=True).select_option(number)
        await self.phone(whose).get_by_role("button", name="Ring").click()

    async def answers(self, whose: str) -> None:
        await self.phone(whose).get_by_role("button", name="Answer").click(timeout=40_000)

    async def texts(self, whose: str, number: str, words: str) -> None:
        phone = self.phone(whose)
        await self.page.get_by_label("Line", exact=True).select_option(number)
        if not await phone.get_by_role("button", name="Back").is_visible():
            await phone.get_by_role("button", name="Text").first.click()
        await phone.get_by_label("Text to the line").fill(words)
        await phone.get_by_role("button", name="Send").click()

    async def reads(self, whose: str, words: str) -> None:
        texts = self.phone(whose).get_by_role("log", name="Texts on this phone")
        await expect(texts.get_by_text(words).last).to_be_visible(timeout=40_000)


@asynccontextmanager
async def phones_on_the_table(browser: Browser, address: str) -> AsyncIterator[PhonesOnTheTable]:
    async with open_page(browser, viewport=DESK) as page:
        await page.goto(address)
        yield PhonesOnTheTable(page)
