"""Lancashire, on a weekday: someone writes, and the person on duty near them answers."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser import axe
from tests.journeys.stories import Demo, at_the_desk, demo_apart, on_the_charity_page
from tests.people import person

JOE = person("joe@lancashire.example")


@pytest.fixture
def demo() -> Iterator[Demo]:
    yield from demo_apart()


async def test_a_visitor_reaches_the_advisor_of_their_own_team(
    browser: Browser, demo: Demo
) -> None:
    async with (
        at_the_desk(browser) as joe,
        on_the_charity_page(browser, demo.charity("lancashire")) as ella,
    ):
        # Joe comes on duty in Preston. Nobody waits.
        await joe.goes_on_duty(demo.console, JOE)
        await joe.sees("Nobody waits")

        # Ella opens the chat on a charity's page. She says where, and nothing else.
        await ella.finds_someone(near="PR1")
        await ella.writes("Is anybody there?")
        await ella.sees("Sent")

        # It rings at Joe's desk, with the reason. He presses A.
        await joe.sees("Chat for you")
        await joe.sees("You, because:")
        assert await axe(joe.page) == []
        await joe.takes_it()

        # She reads his first name, and he reads what she wrote before he came.
        await ella.sees("is here with you")
        await joe.sees("Is anybody there?")
        await joe.writes("Hello, I'm Joe. Is it safe for you to write just now?")
        await ella.sees("Is it safe for you to write just now?")
        await ella.writes("Yes. For an hour.")
        await joe.sees("Yes. For an hour.")
        assert await axe(ella.page) == []

        # What was said stands in the same order on both sides.
        assert await ella.said() == [
            "Is anybody there?",
            "Hello, I'm Joe. Is it safe for you to write just now?",
            "Yes. For an hour.",
        ]

        # She leaves by the exit. The page is somewhere else, and Back finds nothing.
        await ella.leaves()

        # Joe sees that she left quickly, which is not the same as a lost signal.
        await joe.sees("Left quickly")
        await joe.page.get_by_role("radio", name="Support").check()
        await joe.page.get_by_role("button", name="Keep and finish").click()
        await joe.sees("Nobody waits")

        # The log of his hub tells it.
        await joe.page.goto(f"{demo.console}/contacts")
        await expect(joe.page.get_by_role("row").filter(has_text="left quickly")).to_have_count(1)
        assert await axe(joe.page) == []
