"""Cumbria, at 22:40. Ella is 13. She writes from her room, and her father walks in."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, expect

from tests.browser import axe, open_page
from tests.house import Served
from tests.journeys.stories import PHONE, AtHome, at_the_desk
from tests.people import CUMBRIA, SITE, TOM

SECRET = "please dont tell my dad"


def at_night(house: Served) -> None:
    """22:40 by the clocks of Cumbria: every local team has gone home."""
    now = house.clock.now().astimezone(ZoneInfo(CUMBRIA.zone))
    night = now.replace(hour=22, minute=40, second=0, microsecond=0)
    house.clock.move(seconds=(night - now).total_seconds())
    assert [hub.key for hub in CUMBRIA.hubs if hub.open_at(time(22, 40))] == ["central"]


async def test_ella_at_22_40(browser: Browser, served: Served) -> None:
    at_night(served)
    weather = "https://www.bbc.co.uk/**"
    async with (
        at_the_desk(browser) as tom,
        open_page(browser, viewport=PHONE, color_scheme="dark", has_touch=True) as phone,
    ):
        await phone.route(weather, lambda route: route.fulfill(body="Sun, then rain."))
        await tom.goes_on_duty(f"{served.url}/console", TOM)
        await tom.sees("Nobody waits")

        # She opens the page she was given at school. Emergency words come first, then a person.
        await phone.goto(f"{served.url}/p/{SITE.key}")
        ella = AtHome(phone, phone.main_frame)
        await ella.sees("In danger now?")
        assert await phone.title() == "Page"
        assert await axe(phone) == []

        # Three questions, each of which she may skip. None of them is about a parent.
        await ella.presses("Start writing")
        await ella.presses("Next")
        await phone.get_by_label("First half of the postcode").fill("CA11")
        await ella.presses("Next")
        await phone.get_by_text("Yes, under 18", exact=True).click()
        await ella.sees("We never tell your parents")
        named = await phone.locator("input, select, textarea").evaluate_all(
            "fields => Array.from(new Set(fields.map(it => it.name || it.id)))"
        )
        assert not [name for name in named if "parent" in name or "name" in name]
        await ella.presses("Find someone")

        # While she waits she reads what a child is told, in a child's words.
        await ella.sees("You can talk about anything. We never ask your parents.")
        await ella.sees("We tell you first.")

        # Nobody is in Penrith at this hour. The central team is, and Tom answers.
        await tom.sees("Chat for you")
        await tom.takes_it()
        await tom.sees("Under 18")
        await ella.sees("is here with you")
        await tom.writes("Hello, I'm Tom. Is it safe for you to write just now?")
        await ella.sees("Is it safe for you to write just now?")
        await phone.locator("textarea").fill(SECRET)
        await ella.presses("Send")
        await tom.sees(SECRET)

        # The door opens. Escape, three times: the weather.
        await phone.locator("textarea").fill("he is com")
        for _ in range(3):
            await phone.keyboard.press("Escape")
        await phone.wait_for_url(weather)
        assert SECRET not in await phone.content()

        # Tom sees that she left quickly, and what was agreed: he does not ring.
        await tom.sees("Left quickly, by the exit.")
        await tom.sees("Do not ring or text")
        await tom.page.get_by_role("radio", name="Support").check()
        await tom.page.get_by_role("button", name="Keep and finish").click()
        await tom.sees("Nobody waits")

        # Later she opens the page again. Nothing of it is there, and nothing is known of her.
        await phone.goto(f"{served.url}/p/{SITE.key}")
        await ella.sees("Talk with someone")
        assert SECRET not in await phone.content()
        assert await phone.locator("[name=about]:checked, [name=age]:checked").count() == 0
        assert await phone.locator("#area").input_value() == ""
        assert await phone.context.cookies() == []
        await ella.presses("Start writing")
        await ella.presses("Next")
        await ella.presses("Next")
        await ella.presses("Find someone")

        # To Tom it is a new chat, from somebody he has not met.
        await tom.sees("Chat for you")
        await tom.takes_it()
        await ella.sees("is here with you")
        log = tom.page.get_by_role("log")
        await expect(log).to_be_visible()
        await expect(log.get_by_text(SECRET)).to_have_count(0)
        await ella.leaves()
