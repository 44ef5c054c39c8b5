"""Durham, in the evening: a chat that nobody takes climbs its ladder, and says so honestly."""

import asyncio
from collections.abc import Awaitable, Callable

from playwright.async_api import Browser

from app.cases import signs
from app.cases.tables import contacts, conversations
from routing.tables import decisions, offers
from tests.browser import axe
from tests.house import Served
from tests.journeys.stories import on_a_page_of_its_own
from tests.people import SERVICES, person

DURHAM = SERVICES["durham"]
CALLUM = person("callum@durham.example")
MEGAN = person("megan@durham.example")


async def test_a_chat_that_nobody_takes_climbs_and_ends_with_a_number(
    browser: Browser, served: Served
) -> None:
    # Callum is on duty in Durham city and Megan at the front door; neither looks at the screen.
    callum = await served.on_duty(CALLUM)
    megan = await served.on_duty(MEGAN)
    async with on_a_page_of_its_own(browser, f"{served.url}/p/durham") as ella:
        await ella.finds_someone(near="DH1")
        await ella.sees("You are next")

        # It rings at Callum's desk, lapses, and is held out to Megan when its rung is over.
        await until(lambda: offered_to(served, callum.staff))
        await time_passes(served, DURHAM.timings.offer + 1)
        await time_passes(served, DURHAM.ladder[0].seconds)
        await until(lambda: offered_to(served, megan.staff))

        # The last rung is an honest message with the number. The place is kept.
        await time_passes(served, DURHAM.ladder[1].seconds)
        await until(lambda: offers_made(served, 3))
        await time_passes(served, DURHAM.timings.offer + 1)
        await ella.sees("Nobody is free yet, and we are sorry.")
        await ella.sees(DURHAM.number_to_call(DURHAM.lines[0]))
        assert await axe(ella.page) == []

        # Every decision stands in the record with its reason, and so does every offer.
        told = await served.rows(decisions.select().order_by(decisions.c.id))
        assert {row.kind for row in told} >= {"offer", "overflow"}
        assert all(row.reason for row in told)
        answers = await served.rows(offers.select().order_by(offers.c.id))
        assert [row.staff for row in answers[:2]] == [callum.staff, megan.staff]
        assert {row.answer for row in answers} <= {"lapsed", ""}

        # She leaves by the exit, and the record says so: not an overflow, not a lost signal.
        await ella.leaves()
        await until(lambda: ended_as(served, "quick_exit"))


async def time_passes(house: Served, seconds: float) -> None:
    """Everybody's page stays open meanwhile: the advisors' and hers."""
    house.clock.move(seconds=seconds)
    await house.on_duty(CALLUM, MEGAN)
    open_pages = [row.id for row in await house.rows(conversations.select())]
    await house.write(signs.here, open_pages)


async def offered_to(house: Served, staff: str) -> bool:
    return bool(await house.rows(offers.select().where(offers.c.staff == staff)))


async def offers_made(house: Served, count: int) -> bool:
    return len(await house.rows(offers.select())) >= count


async def ended_as(house: Served, how: str) -> bool:
    return [row.how_ended for row in await house.rows(contacts.select())] == [how]


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again until it holds; a second's sweep is the slowest thing we wait for."""
    for _ in range(800):
        if await holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to pass")
