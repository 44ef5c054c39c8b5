"""The server is killed between two messages. The browser comes back by itself; nothing is lost."""

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser

from tests.journeys.stories import Demo, at_the_desk, demo_apart, on_the_charity_page
from tests.people import MAYA


@pytest.fixture
def demo() -> Iterator[Demo]:
    yield from demo_apart()


async def test_a_killed_server_loses_nothing_and_doubles_nothing(
    browser: Browser, demo: Demo
) -> None:
    async with (
        at_the_desk(browser) as maya,
        on_the_charity_page(browser, demo.charity("cumbria")) as ella,
    ):
        await maya.goes_on_duty(demo.console, MAYA)
        await ella.finds_someone(near="CA11")
        await ella.writes("One, before it breaks.")
        await maya.takes_it()
        await maya.writes("Hello, I'm Maya. I am here.")
        await ella.sees("I am here.")

        # The power goes, in effect: no goodbye, no tidying up.
        demo.server.kill()
        await ella.sees("The line dropped")

        # Both go on writing. Their words stay on the screen until they are acknowledged.
        await ella.writes("Two, while it was down.")
        await maya.page.get_by_role("textbox", name="Your words").fill("Take your time.")
        await maya.page.keyboard.press("Enter")

        # It comes back. Nobody presses anything.
        demo.server.start()
        await maya.sees("Two, while it was down.")
        await ella.sees("Take your time.")
        await ella.writes("Three, after it.")
        await maya.sees("Three, after it.")

        said = await ella.said()
        assert sorted(said) == sorted(
            [
                "One, before it breaks.",
                "Hello, I'm Maya. I am here.",
                "Two, while it was down.",
                "Take your time.",
                "Three, after it.",
            ]
        )
        assert said[-1] == "Three, after it."

    with sqlite3.connect(demo.database) as rows:
        places = [seq for (seq,) in rows.execute("SELECT seq FROM message ORDER BY seq")]
        assert places == [1, 2, 3, 4, 5]
        assert rows.execute("SELECT count(*) FROM contact").fetchone() == (1,)
