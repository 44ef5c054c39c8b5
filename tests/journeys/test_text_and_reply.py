"""Warwickshire: somebody texts, the advisor on duty answers, and the permit runs out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser

from app.cases.tables import contacts
from app.db import Work
from telephony.tables import threads
from tests.browser import axe
from tests.house import Served, serving
from tests.journeys.stories import at_the_desk, phones_on_the_table
from tests.people import SERVICES, person

WARWICKSHIRE = SERVICES["warwickshire"]
TEXTLINE = next(line for line in WARWICKSHIRE.lines if "sms" in line.channels).number
HELEN = person("helen@warwickshire.example")


@pytest.fixture
async def day(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Served]:
    async with serving(furnished_sqlite, keys_file, rehearsed=8.0) as house:
        yield house


async def test_a_text_is_answered_while_it_may_be(browser: Browser, day: Served) -> None:
    async with (
        at_the_desk(browser) as helen,
        phones_on_the_table(browser, f"{day.url}/rehearsal") as phones,
    ):
        await helen.goes_on_duty(f"{day.url}/console", HELEN)

        # Dean texts. The first answer is one neutral line, with the emergency words.
        await phones.texts("Caller", TEXTLINE, "can i text you about something")
        await phones.reads("Caller", "Call 999")

        # Helen takes it, and answers in the same conversation.
        await helen.sees("Text for you")
        await helen.takes_it()
        await helen.sees("can i text you about something")
        await helen.writes("Yes. I'm Helen. Is it safe to text now?")
        await phones.reads("Caller", "Yes. I'm Helen. Is it safe to text now?")
        await phones.texts("Caller", TEXTLINE, "yes. she is asleep")
        await helen.sees("yes. she is asleep")
        assert await axe(helen.page) == []

        # Half an hour after his last word, nothing may go out any more (S4).
        await day.write(_half_an_hour_ago)
        await helen.page.get_by_role("textbox", name="Your words").fill("Are you still there?")
        await helen.page.keyboard.press("Enter")
        await helen.sees("Not sent")

    texted = day.house.rehearsal
    assert texted is not None
    assert not any("still there" in text.words for text in texted.texts("+447700900231"))
    (contact,) = await day.rows(contacts.select())
    assert (contact.channel, contact.service) == ("sms", "warwickshire")


def _half_an_hour_ago(work: Work) -> None:
    work.run(threads.update().values(last_word_at=work.now - timedelta(minutes=31)))
