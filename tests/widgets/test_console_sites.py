"""Sites: one line to paste, a plain link, how it is set, and a preview that opens nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, Page, expect

from app.cases.tables import contacts
from app.definition.model import Position, Trackers
from tests.browser import axe
from tests.house import Served
from tests.people import CUMBRIA, HANNAH, MAYA, SITE
from tests.widgets.at_console import at_the_page, signed_in
from widgets.console import sites, words

PAGE = "/console/sites"
PICTURES = os.environ.get("CONSOLE_PICTURES", "")
SIZES: dict[str, Any] = {
    "desk": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
    "small": {"width": 320, "height": 640},
}
PUBLIC = "https://help.example"


def test_every_choice_of_a_site_has_its_words() -> None:
    assert set(sites.POSITIONS) == set(get_args(Position))
    assert set(sites.TRACKERS) == set(get_args(Trackers))
    assert set(CUMBRIA.languages) <= set(words.LANGUAGES)


def test_the_snippets_are_one_line_each() -> None:
    shown = sites.shown(SITE, CUMBRIA, PUBLIC)
    assert shown.script == (
        '<script async src="https://help.example/widget.js" data-site="cumbria"></script>'
    )
    assert shown.link == (
        '<a href="https://help.example/p/cumbria" rel="noreferrer">Chat with someone</a>'
    )
    assert "\n" not in shown.script + shown.link


def test_a_colour_is_shown_as_it_can_be_read_with_its_contrast() -> None:
    house = sites.shown(SITE, CUMBRIA, PUBLIC)
    assert (house.used, house.ratios) == (house.asked, "7.8 on white, 6.9 on paper")
    pale = sites.shown(replace(SITE, accent="#5d9b97"), CUMBRIA, PUBLIC)
    assert pale.used != pale.asked
    assert all(float(part.split()[0]) >= 4.5 for part in pale.ratios.split(", "))


async def test_a_lead_reads_how_each_site_is_set(served: Served) -> None:
    public = served.house.ground.settings.public_url
    async with signed_in(served, HANNAH) as hannah:
        answer = await hannah.get(PAGE)
    assert answer.status_code == HTTPStatus.OK
    for shown in (
        f"src=&#34;{public}/widget.js&#34; data-site=&#34;cumbria&#34;",
        f"{public}/p/cumbria",
        SITE.origins[0],
        SITE.exit_url,
        "Lower right corner",
        "7.8 on white",
        "We recommend this link for sites about domestic abuse.",
        "This is a preview",
    ):
        assert shown in answer.text
    policy = answer.headers["content-security-policy"]
    assert f"frame-src {public}/w/" in policy
    assert "require-trusted-types-for 'script'" in policy


async def test_it_is_for_those_who_lead(served: Served) -> None:
    async with signed_in(served, MAYA) as maya:
        refused = await maya.get(PAGE)
        assert refused.status_code == HTTPStatus.FORBIDDEN
        assert "widget.js" not in refused.text
        assert PAGE not in (await maya.get("/console/contacts")).text
    async with signed_in(served, HANNAH) as hannah:
        assert f'href="{PAGE}"' in (await hannah.get("/console/contacts")).text
        hannah.cookies.clear()
        assert (await hannah.get(PAGE)).url.path == "/console/sign-in"


async def preview_of(page: Page) -> Any:
    frame = page.frame_locator("iframe[data-preview]")
    await expect(frame.get_by_role("heading", name="Talk with someone")).to_be_visible()
    return frame


async def test_a_line_is_copied_and_the_preview_is_seen(served: Served, browser: Browser) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    async with at_the_page(browser, served, HANNAH, PAGE, permissions=allowed) as page:
        await page.get_by_role("button", name="Copy one line, for every page").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#news")).to_have_text("Copied.")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == await page.locator("#script-cumbria").input_value()
        assert copied.startswith("<script async src=")

        frame = await preview_of(page)
        await expect(frame.get_by_text("This is a preview. It opens no line.")).to_be_visible()


async def test_without_leave_to_the_clipboard_it_is_still_copied(
    served: Served, browser: Browser
) -> None:
    async with at_the_page(browser, served, HANNAH, PAGE) as page:
        await page.evaluate("delete Object.getPrototypeOf(navigator).clipboard")
        await page.get_by_role("button", name="Copy a plain link").click()
        await expect(page.locator("#news")).to_have_text("Copied.")


async def test_the_preview_opens_no_contact_whatever_is_pressed(
    served: Served, browser: Browser
) -> None:
    sockets: list[str] = []
    async with at_the_page(browser, served, HANNAH, PAGE) as page:
        frame = await preview_of(page)
        page.on("websocket", lambda socket: sockets.append(socket.url))
        await frame.locator("#begin").click()
        await frame.locator("[data-screen]:not([hidden]) [data-find]").first.click()
        await expect(frame.get_by_text("This is a preview. Nobody is asked.")).to_be_visible()
        await frame.locator("#box").fill("He is downstairs.")
        await frame.locator("#send").click()
        await expect(frame.locator("#box")).to_have_value("He is downstairs.")
        await frame.locator("#leave").click()
        await expect(page.get_by_text("“Leave now” works.")).to_be_visible()
        await preview_of(page)
        assert page.url.endswith(PAGE), "the console stays where it is"
    assert sockets == []
    assert await served.rows(sa.select(contacts)) == []


@pytest.mark.parametrize("size", SIZES)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    served: Served, browser: Browser, size: str
) -> None:
    async with at_the_page(browser, served, HANNAH, PAGE, viewport=SIZES[size]) as page:
        await preview_of(page)
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if PICTURES:
                picture = Path(PICTURES) / f"sites-{size}-{scheme}.png"
                await page.screenshot(path=picture, full_page=True)
            assert await axe(page) == []
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"scrolls sideways by {wide} px"
