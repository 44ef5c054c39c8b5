"""A call in the browser, on the rehearsal's table: answered, held, asked, moved to a phone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from playwright.async_api import Browser, Page, expect

from app.cases import marks
from telephony.tables import calls, legs
from tests.house import Served, serving
from tests.people import MAYA
from tests.widgets.at_console import at_the_page

LINE = "+448081570142"
CALLER = "+447700900231"
LONG = 40_000
"""Milliseconds within which a rehearsed phone answers on a busy machine."""


async def takes_calls_in_the_browser(page: Page) -> None:
    await page.get_by_role("button", name="Your phone").click()
    await page.get_by_role("radio", name="This browser").click()
    await expect(page.locator(".phone-state")).to_contain_text("Ready.", timeout=LONG)
    await page.keyboard.press("Escape")
    await expect(page.locator(".because")).to_contain_text("Browser phone ready")


async def marked(house: Served) -> list[tuple[str, str, str]]:
    [row] = await house.rows(sa.select(calls.c.contact))
    found = await house.read(marks.of_contact, house.keyring, row.contact)
    return [(mark.kind, mark.about, mark.said) for mark in found]


async def test_a_call_is_answered_held_and_moved_to_another_phone_and_the_caller_stays(
    browser: Browser, furnished_sqlite: str, keys_file: Path
) -> None:
    async with serving(furnished_sqlite, keys_file, rehearsed=3.0) as house:
        phones = house.house.rehearsal
        assert phones is not None
        maya = await house.on_duty(MAYA)
        here = f"client:u_{maya.staff}"
        async with at_the_page(browser, house, MAYA, "/console") as page:
            await takes_calls_in_the_browser(page)

            # Ruth rings, and chooses Penrith. It rings in the browser; a person presses Answer.
            await phones.ring(CALLER, LINE)
            await phones.hears(CALLER, "press 2", within=60)
            await phones.press(CALLER, "2")
            await expect(page.get_by_text("Call for you").first).to_be_visible(timeout=LONG)
            await page.keyboard.press("a")
            await expect(page.locator(".phone.rings")).to_be_visible(timeout=LONG)
            await page.keyboard.press("Alt+a")
            talking = page.locator(".talk .named .chip", has_text="Talking")
            await expect(talking).to_be_visible(timeout=LONG)
            assert phones.state(here) == "in call"
            [leg] = await house.rows(sa.select(legs.c.by))
            assert leg.by == "browser"

            # Hold, and back.
            await page.keyboard.press("Alt+1")
            await expect(page.locator(".band")).to_contain_text("On hold.", timeout=LONG)
            await page.keyboard.press("Alt+1")
            await expect(page.locator(".band")).to_have_count(0, timeout=LONG)

            # She cannot speak: the answer is clicked, and stands in the record.
            await page.keyboard.press("Alt+s")
            await page.keyboard.press("Alt+7")
            await expect(page.locator(".answers")).to_contain_text("Can you hear me?", timeout=LONG)
            assert ("answer", "yes", "Can you hear me?") in await marked(house)

            # The laptop's battery ends: the call goes on at Maya's own phone.
            await page.keyboard.press("Alt+5")
            await page.get_by_role("button", name="Go on with my phone").click()
            await phones.rings(MAYA.phone, within=60)
            await phones.answer(MAYA.phone)
            await phones.hears(MAYA.phone, "ress 1", within=60)
            await phones.press(MAYA.phone, "1")
            await phones.until(lambda: phones.state(here) == "idle", within=60)
            assert phones.state(CALLER) == "in call"
            await page.keyboard.press("Alt+5")
            await expect(page.get_by_text("You talk on your own phone.")).to_be_visible(
                timeout=LONG
            )
            await page.keyboard.press("Escape")
            await phones.hang_up(CALLER)
            await expect(page.locator(".wrap")).to_be_visible(timeout=LONG)

            # It all stands on the contact's own page.
            [row] = await house.rows(sa.select(calls.c.contact))
            await page.goto(
                f"{house.house.ground.settings.console_url}/console/contacts/{row.contact}"
            )
            record = page.get_by_role("region", name="On the line")
            await expect(record).to_contain_text("Heard: Yes. Asked: Can you hear me?")
            await expect(record).to_contain_text("Other phone")
