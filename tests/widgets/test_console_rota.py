"""The rota on the console: leads write it by keyboard, two at once lose nothing, others may ask."""

from __future__ import annotations

import os
from datetime import date, time, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from app.cases import notices
from tests.browser import axe
from tests.house import Served
from tests.people import CUMBRIA, HANNAH, person
from tests.routing.test_roster import writes
from tests.widgets.at_console import at_the_page, signed_in
from widgets.console import due
from widgets.console.rota import PLACE

PICTURES = os.environ.get("CONSOLE_PICTURES", "")
SUNIL = person("sunil@cumbria.example")
JEAN = person("jean@cumbria.example")
SIZES: dict[str, Any] = {
    "desk": {"width": 1440, "height": 1000},
    "phone": {"width": 390, "height": 844},
    "small": {"width": 320, "height": 640},
}


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_lead_sees_the_week_and_nothing_is_in_the_way(
    served: Served, browser: Browser, scheme: Any, size: str
) -> None:
    async with at_the_page(
        browser, served, HANNAH, PLACE, color_scheme=scheme, viewport=SIZES[size]
    ) as page:
        await expect(page.get_by_role("grid")).to_be_visible(timeout=40_000)
        await expect(page.get_by_role("heading", name="Tonight")).to_be_visible()
        await page.get_by_role("gridcell", name="Sunil Rao, Tuesday").click()
        assert await axe(page) == []
        await picture(page, f"rota-{size}-{scheme}")


# -- without script ------------------------------------------------------------------------------


async def test_a_lead_reads_the_week_and_tonight_without_script(served: Served) -> None:
    async with signed_in(served, HANNAH) as hannah:
        shown = (await hannah.get(PLACE)).text
    assert "Sunil Rao" in shown
    assert "22:00–08:00" in shown
    assert "Hindi" in shown, "only Sunil speaks it, and only at night"


async def test_an_advisor_sees_their_own_shifts_alone(served: Served) -> None:
    async with signed_in(served, SUNIL) as sunil:
        shown = (await sunil.get(PLACE)).text
        week = (await sunil.get(f"{PLACE}/week")).json()
    table = shown[shown.index("<table") : shown.index("</table>")]
    assert "Sunil Rao" in table
    assert "Maya Okafor" not in table
    assert [row["name"] for hub in week["hubs"] for row in hub["rows"]] == ["Sunil Rao"]
    assert week["tonight"] == week["holes"] == []


async def test_nobody_is_let_in_who_is_not_signed_in(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.url) as nobody:
        assert (await nobody.get(PLACE)).status_code == HTTPStatus.SEE_OTHER
        assert (await nobody.get(f"{PLACE}/week")).status_code == HTTPStatus.UNAUTHORIZED


UNREADABLE: tuple[Any, ...] = (
    [],
    {},
    {"staff": "x"},
    {"staff": "x", "version": 1, "day": "2027-02-30", "hours": [], "every": 0},
    {"staff": "x", "version": 1, "day": "2027-02-02", "hours": [["9", "17"]], "every": 0},
    {"staff": "x", "version": 1, "day": "2027-02-02", "hours": [["09:00"]], "every": 0},
    {"staff": "x", "version": True, "day": "2027-02-02", "hours": [], "every": 0},
    {"staff": "x", "version": 1, "day": "2027-02-02", "hours": [], "every": 3},
)


async def test_what_cannot_be_read_is_refused_in_words(served: Served) -> None:
    async with signed_in(served, HANNAH) as hannah:
        for sent in UNREADABLE:
            answer = await hannah.post(f"{PLACE}/day", json=sent)
            assert answer.status_code == HTTPStatus.BAD_REQUEST, sent
            assert answer.json()["words"]
        nothing = await hannah.post(f"{PLACE}/day", content=b"{")
        assert nothing.status_code == HTTPStatus.BAD_REQUEST


async def test_a_lead_who_is_warned_of_tonight_opens_the_rota(served: Served) -> None:
    hannah = await served.actor(HANNAH)
    await served.write(notices.tell, None, "cumbria", "central", notices.Kind.NO_COVER)
    (told,) = await served.read(notices.open_notices, hannah)
    shown = due.told(told, CUMBRIA, {}, served.clock.now())
    assert (shown.link, shown.opens) == (PLACE, "the rota")


# -- by keyboard ---------------------------------------------------------------------------------


async def test_a_lead_writes_a_shift_by_keyboard(served: Served, browser: Browser) -> None:
    async with at_the_page(browser, served, HANNAH, PLACE, viewport=SIZES["desk"]) as page:
        await cell(page, "Jean Pattinson, Monday").click()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowRight")
        await expect(cell(page, "Jean Pattinson, Wednesday")).to_be_focused()
        await page.keyboard.type("22-8")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Kept", exact=False).first).to_be_visible()
        written = page.get_by_role("gridcell", name="22:00 to 08:00")
        await expect(written.and_(cell(page, "Jean Pattinson, Wednesday"))).to_be_focused()
        await page.keyboard.press("Delete")
        await expect(
            page.get_by_role("gridcell", name="no shift").and_(
                cell(page, "Jean Pattinson, Wednesday")
            )
        ).to_be_visible()


async def test_escape_puts_back_and_nonsense_is_told(served: Served, browser: Browser) -> None:
    async with at_the_page(browser, served, HANNAH, PLACE, viewport=SIZES["desk"]) as page:
        await cell(page, "Sunil Rao, Tuesday").click()
        await page.keyboard.press("Enter")
        box = page.get_by_role("textbox", name="Hours of Sunil Rao")
        await expect(box).to_have_value("22:00-08:00")
        await box.fill("late")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Write the hours as in 22:00-08:00").first).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(box).to_have_count(0)
        await expect(cell(page, "Sunil Rao, Tuesday")).to_be_focused()
        assert await cell(page, "Sunil Rao, Tuesday").get_attribute("aria-label") == (
            await cell(page, "22:00 to 08:00").and_(cell(page, "Sunil Rao, Tuesday"))
            .get_attribute("aria-label")
        )  # fmt: skip


async def test_two_leads_at_once_lose_nothing(served: Served, browser: Browser) -> None:
    async with at_the_page(browser, served, HANNAH, PLACE, viewport=SIZES["desk"]) as page:
        await cell(page, "Sunil Rao, Tuesday").click()
        tuesday = await page.evaluate("document.querySelector('#rota').dataset.monday")
        day = date.fromisoformat(tuesday) + timedelta(days=1)
        await writes(served, HANNAH, SUNIL, day, (time(7), time(15)))
        await page.keyboard.type("18-23")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert").filter(has_text="Two of you wrote")).to_be_visible()
        await expect(cell(page, "07:00 to 15:00").first).to_be_visible()
        assert await axe(page) == []
        await picture(page, "rota-clash")
        await page.get_by_role("button", name="Write mine over it").click()
        await expect(cell(page, "18:00 to 23:00").first).to_be_visible()
        await expect(page.get_by_text("Two of you wrote")).to_have_count(0)


async def test_an_advisor_asks_and_the_other_takes_the_shift(
    served: Served, browser: Browser
) -> None:
    async with at_the_page(browser, served, SUNIL, PLACE, viewport=SIZES["phone"]) as page:
        await cell(page, "Sunil Rao, Thursday").click()
        await page.get_by_label("Ask somebody to take").select_option(label="Jean Pattinson")
        await page.get_by_role("button", name="Ask to swap").click()
        await expect(
            page.get_by_text("Sunil Rao asks Jean Pattinson to take").first
        ).to_be_visible()
        assert await axe(page) == []
        await picture(page, "rota-own-phone")
    async with at_the_page(browser, served, JEAN, PLACE, viewport=SIZES["desk"]) as page:
        await page.get_by_role("button", name="I take it").click()
        taken = cell(page, "22:00 to 08:00").and_(cell(page, "Jean Pattinson, Thursday"))
        await expect(taken).to_be_visible()


def cell(page: Page, name: str) -> Locator:
    return page.get_by_role("gridcell", name=name)
