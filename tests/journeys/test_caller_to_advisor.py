"""Cumbria, at two in the night: the hubs are closed, and a caller reaches the central hub."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, expect

from app.cases.tables import contacts
from tests.browser import axe
from tests.house import Served, serving
from tests.journeys.stories import at_the_desk, phones_on_the_table
from tests.people import CUMBRIA, MAYA, TOM

LINE = CUMBRIA.lines[0].number


@pytest.fixture
async def night(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Served]:
    async with serving(furnished_sqlite, keys_file, rehearsed=8.0) as house:
        local = house.clock.now().astimezone(ZoneInfo(CUMBRIA.zone))
        house.clock.move(hours=(26 - local.hour) % 24)
        yield house


async def test_a_caller_at_night_reaches_the_central_hub(browser: Browser, night: Served) -> None:
    console = f"{night.url}/console"
    async with (
        at_the_desk(browser) as maya,
        at_the_desk(browser) as tom,
        phones_on_the_table(browser, f"{night.url}/rehearsal") as phones,
    ):
        # Maya of Penrith is still signed in, but her hub's day is over. Tom is at the central hub.
        await maya.goes_on_duty(console, MAYA)
        await tom.goes_on_duty(console, TOM)

        # Ruth rings. She hears about 999 before anything else, and presses the key for Penrith.
        await phones.rings_the_line("Caller", LINE)
        await phones.hears("Caller", "If you are in danger now, hang up and call 999.")
        await phones.hears("Caller", "For Penrith and Eden, press 2.")
        await phones.presses("Caller", "2")

        # It rings at Tom's desk, not at Maya's. He takes it with a key; then his phone rings.
        await tom.sees("Call for you")
        await expect(maya.offer).to_have_count(0)
        await tom.takes_it()
        await phones.answers("Tom’s phone")
        await phones.hears("Tom’s phone", "Press 1")
        await phones.presses("Tom’s phone", "1")

        # They talk.
        await tom.sees("Talking")
        assert await axe(tom.page) == []
        assert await axe(phones.page) == []

        # His phone dies. Ruth is told, is first again, and Tom takes her back.
        await phones.phone("Tom’s phone").get_by_role("button", name="Lose the signal").click()
        await phones.hears("Caller", "We lost your advisor")
        await tom.takes_it()
        await phones.answers("Tom’s phone")
        await phones.presses("Tom’s phone", "1")
        await tom.sees("Talking")

        # He ends the call. She hears goodbye, and he writes it up.
        await tom.page.get_by_role("button", name="End call").click()
        await tom.page.get_by_role("button", name="End the call").click()
        await phones.hears("Caller", "Goodbye")
        await tom.page.get_by_role("radio", name="Support").check()
        await tom.page.get_by_role("button", name="Keep and finish").click()
        await tom.sees("Nobody waits")

    # The record: Penrith's contact, found by the line's menu, answered, ended by the advisor.
    (contact,) = await night.rows(contacts.select())
    assert (contact.channel, contact.hub, contact.area_found) == ("voice", "penrith", "line")
    assert local_hour(contact.arrived_at) == 2
    assert (contact.state, contact.how_ended, contact.type) == (
        "closed",
        "advisor_ended",
        "support",
    )
    assert contact.answered_at is not None
    assert contact.number is not None
    assert LINE.encode() not in contact.number


def local_hour(at: datetime) -> int:
    return at.astimezone(ZoneInfo(CUMBRIA.zone)).hour
