"""Two processes' worth of house on one PostgreSQL and one Redis: people meet across them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import server
from app.cases.model import HowEnded
from app.cases.tables import contacts, messages
from routing import acts as routing
from routing.tables import offers
from tests.house import Served, serving
from tests.people import MAYA, Visitor
from tests.redis_server import Redis


@pytest.fixture
async def two(
    furnished_postgres: str,
    redis_here: Redis,
    keys_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[tuple[Served, Served]]:
    monkeypatch.setattr(server, "NOTICE", 0.0)
    redis_url = redis_here.url
    async with (
        serving(furnished_postgres, keys_file, REDIS_URL=redis_url) as here,
        serving(furnished_postgres, keys_file, REDIS_URL=redis_url) as there,
    ):
        yield here, there


async def two_pages(here: Served, there: Served) -> tuple[Visitor, Visitor]:
    """One chat, held open at both houses: the same token and nothing said yet."""
    ella = here.visitor(crime="domestic", area="CA11")
    async with ella.connected():
        pass
    return ella, there.visitor(ella.token)


async def test_words_said_at_one_house_are_heard_at_the_other(two: tuple[Served, Served]) -> None:
    ella, again = await two_pages(*two)
    async with ella.connected(), again.connected():
        await ella.says("hello?")
        heard = await again.hears("message", seq=1)
        assert (heard["from"], heard["text"]) == ("you", "hello?")
        await again.says("it is me")
        assert (await ella.hears("message", seq=2))["text"] == "it is me"


async def test_without_redis_they_are_heard_a_little_later(
    two: tuple[Served, Served], redis_here: Redis
) -> None:
    """The truth is in the database; Redis only wakes people up."""
    ella, again = await two_pages(*two)
    async with ella.connected(), again.connected():
        redis_here.server.stop()
        await ella.says("hello?")
        assert (await ella.hears("ack"))["seq"] == 1
        assert (await again.hears("message"))["text"] == "hello?"
        redis_here.server.start()
        await again.says("still here")
        assert (await ella.hears("message"))["text"] == "still here"


async def test_both_speak_at_once_and_the_numbers_have_no_gap(
    two: tuple[Served, Served],
) -> None:
    ella, again = await two_pages(*two)
    async with ella.connected(), again.connected():

        async def speak(page: Visitor) -> None:
            for n in range(10):
                await page.says(f"line {n}")
            while page.pending:
                await page.hears("ack")

        await asyncio.gather(speak(ella), speak(again))
        for page in (ella, again):
            assert page.cursor is not None
            while page.cursor["seq"] < 20:
                await page.hears("message")
        assert ella.said == again.said
    rows = await two[0].rows(sa.select(messages.c.seq).order_by(messages.c.seq))
    assert [row.seq for row in rows] == list(range(1, 21))


async def test_two_matchers_hold_a_contact_out_once(two: tuple[Served, Served]) -> None:
    here, there = two
    await here.on_duty(MAYA)
    came = await asyncio.gather(*(house.arrives() for house in two for _ in range(3)))
    assert len({contact.id for contact in came}) == 6
    for _ in range(5):
        await asyncio.gather(here.match(), there.match())
    rows = await here.rows(sa.select(offers.c.contact).where(offers.c.answer == ""))
    assert len(rows) == len({row.contact for row in rows}) == MAYA.capacity


async def test_a_state_that_changes_at_one_house_is_told_at_the_other(
    two: tuple[Served, Served],
) -> None:
    here, there = two
    async with here.visitor().connected() as ella:
        contact = (await here.rows(sa.select(contacts)))[0].id
        await there.write(routing.end, contact, HowEnded.NUMBER_GIVEN)
        assert (await ella.hears("state", state="ended"))["how"] == "number_given"
