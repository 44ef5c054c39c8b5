"""The whole product behind a real port, and a charity's pages on another origin beside it: for the
stories of somebody who is watched. One house and one browser serve all stories of a module.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Frame, Locator, Page, async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import server
from app.auth.policy import Actor
from app.cases.model import Contact, HowEnded, State, WrapUp
from app.cases.tables import contacts as contact_table
from app.cases.tables import conversations
from app.definition import acts as definitions
from app.definition.model import Service, Site, Trackers
from app.wiring import House
from routing import acts as routing
from routing.tables import offers
from tests.browser import QUIET, chromium_path, watch
from tests.house import Furnished, Served, serving
from tests.people import CUMBRIA, SITE, TOM
from tests.processes import AS_ROOT

HOSTS = Path(__file__).parent / "hosts"
WEATHER = "<!doctype html><html lang=en><title>Weather</title><h1>Rain, then sun</h1></html>"
CANARY = "quietheron42"
"""A word that nobody says by chance."""


@dataclass
class Charity:
    """The charity's website: a page for each file of tests/widgets/hosts, and the exit's page."""

    port: int
    product: str
    heard: list[Request] = field(default_factory=list)
    """Every request that reached it, the exit among them."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def elsewhere(self) -> str:
        return f"{self.url}/elsewhere"

    async def page(self, request: Request) -> Response:
        self.heard.append(request)
        name = request.path_params["name"]
        file = HOSTS / f"{name}.html"
        if name == "elsewhere" or not file.exists():
            return HTMLResponse(WEATHER)
        html = file.read_text(encoding="utf-8")
        html = html.replace("{product}", self.product).replace("{site}", SITE.key)
        policy = f"default-src 'none'; script-src {self.product}; frame-src {self.product}"
        return HTMLResponse(
            html, headers={"Content-Security-Policy": policy} if name == "strict" else {}
        )


@dataclass
class Room:
    """The product, the charity's website and a browser; `maya` answers when she is told to."""

    house: Served
    charity: Charity
    browser: Browser
    tom: Actor
    known: list[str] = field(default_factory=list)
    """Contacts of the stories before, by id."""
    loaded: list[str] = field(default_factory=list)
    """The site of every chat page that was served, in order."""

    @property
    def product(self) -> str:
        return f"http://localhost:{self.house.port}"

    async def until(self, true: Callable[[], Awaitable[Any]]) -> Any:
        """Looks again until it is so; the test's own time limit is the end of it."""
        while True:
            if found := await true():
                return found
            await asyncio.sleep(0.02)

    async def arrival(self) -> Contact:
        """The one who has just come to the door; whoever came before is written up."""
        await self.settle()
        new = contact_table.select().where(contact_table.c.id.not_in(self.known))
        row = (await self.until(lambda: self.house.rows(new)))[0]
        self.known.append(row.id)
        return await self.house.contact(row.id)

    async def token_of(self, contact: Contact) -> bytes | None:
        """The link between a device and this conversation, as it is kept: a hash, or nothing."""
        rows = await self.house.rows(
            conversations.select().where(conversations.c.id == contact.conversation)
        )
        held: bytes | None = rows[0].visitor_token
        return held

    async def answers(self) -> Contact:
        """Tom goes on duty, takes the one who waits, and the contact is his."""
        await self.house.write(routing.go_on_duty, self.tom.staff, 35)
        open_offer = offers.select().where(offers.c.staff == self.tom.staff, offers.c.answer == "")
        row = (await self.until(lambda: self.house.rows(open_offer)))[0]
        await self.house.write(routing.accept, self.tom.staff, row.contact, row.number)
        return await self.house.contact(row.contact)

    async def settle(self) -> None:
        """Whoever came is gone, and written up: Tom's hands are free for the next story."""
        for id_ in self.known:
            contact = await self.house.write(routing.end, id_, HowEnded.LOST_SIGNAL)
            if contact.state is State.WRAPPING:
                await self.house.write(
                    routing.wrap_up, self.tom, id_, contact.assignment_no, WrapUp(type="test")
                )

    async def writes(self, contact: Contact, words: str) -> None:
        await self.house.says(contact, f"staff:{self.tom.staff}", words)

    async def site(self, trackers: Trackers) -> None:
        """Apply the definition with the charity's pages, and this choice about trackers."""
        site = replace(
            SITE,
            origins=(*SITE.origins, self.charity.url),
            exit_url=self.charity.elsewhere,
            trackers=trackers,
        )
        await self.house.write(definitions.apply, "operator", replace(CUMBRIA, sites=(site,)))
        await self.house.house.definitions.refresh()

    @asynccontextmanager
    async def page(self, *, broken: bool = False, **options: Any) -> AsyncIterator[Page]:
        """A page of its own. Leaving it asserts that nothing threw, unless the page is `broken`."""
        context = await self.browser.new_context(**options)
        page = await context.new_page()
        complaints = watch(page)
        try:
            yield page
        finally:
            await context.close()
            await self.settle()
        assert broken or complaints == []

    async def on_host(self, page: Page, name: str = "plain", *, opened: bool = True) -> Ella:
        await page.goto(f"{self.charity.url}/{name}")
        element = await page.wait_for_selector("iframe", state="attached")
        assert element is not None
        frame = await element.content_frame()
        assert frame is not None
        ella = Ella(self, page, frame)
        await ella.see("#launch")
        if opened:
            await ella.press("#launch")
            await ella.see("#begin")
        return ella

    async def on_own_page(self, page: Page) -> Ella:
        await page.goto(f"{self.product}/p/{SITE.key}")
        ella = Ella(self, page, page.main_frame)
        await ella.see("#begin")
        return ella


@dataclass
class Ella:
    """Somebody at a browser. `chat` is the chat's own document."""

    room: Room
    page: Page
    chat: Frame

    def __getitem__(self, selector: str) -> Locator:
        return self.chat.locator(selector)

    async def press(self, selector: str) -> None:
        await self.chat.locator(selector).click()

    async def see(self, selector: str, words: str = "") -> None:
        await self.chat.locator(selector).filter(has_text=words).first.wait_for()

    async def waits(self) -> Contact:
        """Skips the questions, and stands in line."""
        await self.press("#begin")
        await self.press("[data-screen=about] [data-find]")
        await self.see("#wait-place")
        return await self.room.arrival()

    async def is_answered(self) -> Contact:
        """Skips the questions, and is with Tom."""
        await self.waits()
        contact = await self.room.answers()
        await self.see("#with-name", "Tom")
        return contact

    async def writes(self, words: str) -> None:
        await self.chat.fill("#box", words)
        await self.press("#send")
        await self.see(".me:not(.pending):not(.failed)", words)

    async def leaves(self) -> None:
        await self.press("#leave")
        await self.is_elsewhere()

    async def is_elsewhere(self) -> None:
        await self.page.wait_for_url("**/elsewhere")

    async def text(self) -> str:
        """Everything the chat's document holds, seen or not."""
        return await self.chat.content()


async def ends_as(room: Room, contact: Contact, how: str) -> Contact:
    """Until the record says how it ended."""

    async def told() -> Contact | None:
        now = await room.house.contact(contact.id)
        return now if now.how_ended == how else None

    ended: Contact = await room.until(told)
    return ended


@asynccontextmanager
async def charity(product: str) -> AsyncIterator[Charity]:
    listener = socket.create_server(("127.0.0.1", 0))
    made = Charity(listener.getsockname()[1], product)
    app = Starlette(routes=[Route("/{name}", made.page)])
    runs = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    serving_it = asyncio.create_task(runs.serve([listener]))
    try:
        yield made
    finally:
        runs.should_exit = True
        runs.force_exit = True
        await serving_it
        listener.close()


def with_windows() -> str | None:
    """The whole browser, when there is one beside its shell: sessions and memory are its own."""
    given = os.environ.get("CHROMIUM_PATH")
    whole = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return given or next(filter(None, map(shutil.which, whole)), None) or chromium_path()


SWITCHES = [*QUIET, *(["--no-sandbox"] if AS_ROOT else [])]


@pytest.fixture(scope="module")
def _house_of_module(
    _furnished: Furnished, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("watched")
    return _furnished.sqlite(folder / "frontdoor.db"), _furnished.keys


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(_house_of_module: tuple[str, Path]) -> AsyncIterator[Room]:
    """The product on SQLite, in this process, with Cumbria's site on the charity's pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "NOTICE", 0.0)
        loaded: list[str] = []
        mint = House.mint_frame_token

        def counted(house: House, service: Service, site: Site, now: datetime) -> str:
            loaded.append(site.key)
            return mint(house, service, site, now)

        patch.setattr(House, "mint_frame_token", counted)
        async with (
            serving(*_house_of_module) as house,
            charity(f"http://localhost:{house.port}") as pages,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(
                executable_path=chromium_path(), args=SWITCHES
            )
            made = Room(house, pages, browser, await house.actor(TOM), loaded=loaded)
            await made.site("tell")
            yield made
            await browser.close()
