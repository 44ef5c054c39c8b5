"""Left quickly, closed the page, lost signal, ended: four different things to an advisor, each with
what was agreed to do next. Being covered is none of them.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.widgets import fake_desk as fake
from tests.widgets.test_console_journey import at_the_desk

WAYS = {
    "left quickly": ("Left quickly, by the exit.", "Do not ring or text"),
    "closed the page": ("Closed the page.", "Someone else may have closed it."),
    "lost signal": ("Lost signal.", "The place is kept for ten minutes."),
    "ended": ("The chat has ended.", "Ring or text only as safe contact says."),
}


async def test_each_way_of_being_gone_has_its_words_and_its_next_step(browser: Browser) -> None:
    night = fake.busy_night()
    async with at_the_desk(browser, night) as (page, desk):
        said: set[str] = set()
        for visitor, (head, next_step) in WAYS.items():
            night.with_you[0] = fake.with_you(visitor=visitor)
            await desk.tell()
            told = page.locator(".stream .ev").last
            await expect(told).to_contain_text(head)
            await expect(told).to_contain_text(next_step)
            said.add(await told.inner_text())
        assert len(said) == len(WAYS)


@pytest.mark.parametrize("visitor", ["here", "covered"])
async def test_somebody_who_is_there_is_not_told_as_gone(browser: Browser, visitor: str) -> None:
    night = fake.busy_night()
    night.with_you[0] = fake.with_you(visitor=visitor)
    async with at_the_desk(browser, night) as (page, _):
        await expect(page.locator(".stream")).to_be_visible()
        for head, _next in WAYS.values():
            await expect(page.locator(".stream", has_text=head)).to_have_count(0)


async def test_a_chat_paused_by_the_code_phrase_asks_for_no_words(browser: Browser) -> None:
    night = fake.busy_night()
    night.with_you[0] = fake.with_you(visitor="paused")
    async with at_the_desk(browser, night) as (page, _):
        told = page.locator(".stream .ev").last
        await expect(told).to_contain_text("Paused by the code phrase: someone may be there.")
        await expect(told).to_contain_text("Write nothing until they are back.")


async def test_the_first_words_are_asked_to_be_whether_it_is_safe(browser: Browser) -> None:
    """A reminder in the empty box; it is never sent by itself."""
    asks = "First ask: is it safe for you to write just now?"
    async with at_the_desk(browser, fake.busy_night()) as (page, _):
        box = page.locator("#words")
        await expect(box).to_be_visible()
        assert not await box.get_attribute("placeholder")
        await page.keyboard.press("a")
        await expect(page.locator("h2", has_text="Visitor from Penrith")).to_be_visible()
        await expect(box).to_have_attribute("placeholder", asks)
        await box.fill("Hello. Is it safe for you to write just now?")
        await box.press("Enter")
        await expect(page.locator(".m.a small")).to_contain_text("Sent")
        await expect(box).not_to_have_attribute("placeholder", asks)


async def test_a_number_in_words_from_right_to_left_reads_from_left_to_right(
    browser: Browser,
) -> None:
    night = fake.busy_night()
    async with at_the_desk(browser, night) as (page, desk):
        await desk.tell(desk.line("c-hannah", "میرا نمبر 07700 900123 ہے"))
        number = page.locator(".stream .m.v bdi", has_text="07700 900123")
        await expect(number).to_have_attribute("dir", "ltr")
