"""The console of a served house, for a person of the staff who is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from playwright.async_api import Browser, Page

from app import ids
from app.auth import staff
from app.definition.people import Person
from tests.browser import open_page
from tests.house import Home, Served
from widgets.console.web import cookie_name

COOKIE = cookie_name(secure=False)


async def session_of(house: Home, who: Person) -> str:
    """A session of theirs, as signing in would have made it."""
    actor, token = await house.actor(who), ids.token()
    await house.write(staff.open_session, actor.staff, token)
    return token


@asynccontextmanager
async def signed_in(house: Served, who: Person) -> AsyncIterator[httpx2.AsyncClient]:
    """Their browser without script: it follows redirects and posts from our own pages."""
    cookies = {COOKIE: await session_of(house, who)}
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(
        base_url=house.url, cookies=cookies, headers=headers, follow_redirects=True
    ) as client:
        yield client


@asynccontextmanager
async def at_the_page(
    browser: Browser, house: Served, who: Person, path: str, **options: Any
) -> AsyncIterator[Page]:
    """On the console's own address, which the preview of a chat asks for."""
    console = house.house.ground.settings.console_url
    async with open_page(browser, **options) as page:
        cookie: Any = {"name": COOKIE, "value": await session_of(house, who), "url": console}
        await page.context.add_cookies([cookie])
        await page.goto(console + path)
        yield page
