"""The need of a person and who must not meet them, at the desk: by keyboard, for everyone."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace as changed
from playwright.async_api import Browser, Page, expect

from tests.browser import axe, open_page
from tests.widgets import fake_desk as fake
from tests.widgets.fake_desk import TOKEN, FakeDesk, Night, served
from tests.widgets.test_console_journey import at_the_desk, of_kind
from widgets.console import wishing


def quiet_door() -> Night:
    night = fake.busy_night()
    night.offers = []
    return night


async def test_a_wish_for_a_woman_is_kept_by_keyboard(browser: Browser) -> None:
    async with at_the_desk(browser, quiet_door()) as (page, desk):
        await page.fill("#words", "One moment, please.")
        await page.keyboard.press("Alt+n")
        await expect(page.locator("#need-crime")).to_be_focused()
        await expect(page.locator("#need-language")).to_have_value("pl")
        keep = page.get_by_role("button", name="Keep")
        await expect(keep).to_be_disabled()
        await page.get_by_role("radio", name="A woman, please").focus()
        await page.keyboard.press("ArrowDown")
        await page.get_by_role("radio", name="In danger").check()
        await keep.press("Enter")
        await expect(page.locator("dialog")).to_have_count(0)
        [wish] = of_kind(desk, wishing.Wish)
        assert (wish.gender, wish.urgency) == ("man", "danger")
        assert (wish.crime, wish.age, wish.language, wish.lead) == (None, None, None, None)
        await expect(page.locator("#words")).to_have_value("One moment, please.")


async def test_whoever_knows_the_person_at_the_door_passes_them_on(browser: Browser) -> None:
    night = fake.busy_night()
    number = night.offers[0].offer_no
    async with at_the_desk(browser, night) as (page, desk):
        await page.keyboard.press("Alt+m")
        await expect(page.get_by_role("button", name="Back to the offer")).to_be_focused()
        await page.keyboard.press("Enter")
        assert of_kind(desk, wishing.Apart) == [], "the first press says no"
        await page.get_by_role("button", name="I know this person").press("Enter")
        await page.get_by_role("button", name="I know them: pass it on").click()
        await expect(page.locator(".offer")).to_have_count(0)
        [said] = of_kind(desk, wishing.Apart)
        assert (said.offer_no, said.assignment_no) == (number, 0)
        await expect(page.locator(".notice").first).to_contain_text("You are not asked for them")


async def test_whoever_holds_them_steps_back(browser: Browser) -> None:
    night = quiet_door()
    first = night.with_you[0]
    async with at_the_desk(browser, night) as (page, desk):
        await page.keyboard.press("Alt+m")
        await page.get_by_role("button", name="I must not meet them").click()
        await expect(page.get_by_role("button", name="Stay with them")).to_be_focused()
        await page.get_by_role("button", name="Pass them on").click()
        await expect(page.locator("dialog")).to_have_count(0)
        [said] = of_kind(desk, wishing.Apart)
        assert (said.contact, said.offer_no, said.assignment_no) == (
            first.contact, 0, first.assignment_no,
        )  # fmt: skip


async def test_a_hub_is_kept_away_and_let_back(browser: Browser) -> None:
    async with at_the_desk(browser, quiet_door()) as (page, desk):
        await page.keyboard.press("Alt+m")
        await expect(page.locator("dialog")).to_contain_text("said by Hannah")
        away = page.get_by_role("button", name="Keep this hub away")
        await expect(away).to_be_disabled()
        await page.select_option("#apart-hub", "barrow")
        await page.fill("#apart-why", "His sister works there.")
        await away.click()
        await expect(page.locator("#apart-why")).to_have_value("")
        [barred] = of_kind(desk, wishing.ApartHub)
        assert (barred.hub, barred.why) == ("barrow", "His sister works there.")
        await page.get_by_role("button", name="Let them meet: Kendal").click()
        await expect(page.locator("#polite")).to_contain_text("Kendal may be asked again.")
        assert [each.conflict for each in of_kind(desk, wishing.Together)] == ["k1"]


async def test_who_waits_shows_the_lead_worker_and_a_lead_opens_the_need(browser: Browser) -> None:
    night = quiet_door()
    night.waiting = [changed(one, lead=True, lead_worker="Tom") for one in night.waiting]
    async with at_the_desk(browser, night) as (page, _):
        await page.keyboard.press("Alt+u")
        await expect(page.locator("dialog")).to_contain_text("Lead worker")
        await page.get_by_role("button", name="Change the need").click()
        await expect(page.locator("#need-lead")).to_have_value("tom")
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [1440, 390, 320])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, scheme: Any, wide: int
) -> None:
    night = quiet_door()
    view: Any = {"width": wide, "height": 900}
    async with (
        served(night) as desk,
        open_page(browser, viewport=view, color_scheme=scheme) as page,
    ):
        await at_desk(page, desk)
        for key in ("n", "m"):
            await page.keyboard.press(f"Alt+{key}")
            await expect(page.locator("dialog select").first).to_be_visible()
            assert await axe(page) == []
            assert await page.evaluate(
                "document.documentElement.scrollWidth <= innerWidth"
                " && document.querySelector('dialog').scrollWidth"
                " <= document.querySelector('dialog').clientWidth"
            )
            await page.keyboard.press("Escape")


async def at_desk(page: Page, desk: FakeDesk) -> None:
    cookie: Any = {"name": "frontdoor", "value": TOKEN, "url": desk.url}
    await page.context.add_cookies([cookie])
    await page.goto(desk.url + "/console")
    await page.wait_for_selector(".app:not(.alone)")
