"""What a lead is told of the rota: tonight's gaps at 18:00, and contacts left at closing."""

from __future__ import annotations

from datetime import time

import pytest

from app.cases import notices
from app.cases.notices import Kind
from app.definition.people import Person
from routing import acts, duty
from routing.warning import Warner
from tests.house import Home
from tests.people import CUMBRIA, HANNAH, MAYA, PEOPLE, TOM, person
from tests.routing.test_roster import writes

SUNIL = person("sunil@cumbria.example")
DAY = (time(9), time(17))


@pytest.fixture
def warner(home: Home) -> Warner:
    return Warner(home.house.ground)


async def told(home: Home, lead: Person = HANNAH) -> list[notices.Notice]:
    return await home.read(notices.open_notices, await home.actor(lead))


async def looks(home: Home, warner: Warner) -> list[Kind]:
    await warner.look({"cumbria": CUMBRIA})
    return [notice.kind for notice in await told(home)]


async def nobody_is_on_shift_tonight(home: Home) -> None:
    """Everybody of Cumbria keeps the hours of a day, today and tomorrow."""
    today = home.clock.now().date()
    for who in PEOPLE:
        if who.service == "cumbria":
            await writes(home, HANNAH, who, today, DAY)


class TestTonight:
    async def test_a_covered_night_warns_nobody(self, home: Home, warner: Warner) -> None:
        home.clock.move(hours=6, minutes=5)
        assert await looks(home, warner) == []

    async def test_a_gap_is_told_at_six_and_not_before(self, home: Home, warner: Warner) -> None:
        await nobody_is_on_shift_tonight(home)
        home.clock.move(hours=5, minutes=55)
        assert await looks(home, warner) == []
        home.clock.move(minutes=6)
        assert await looks(home, warner) == [Kind.NO_COVER]

    async def test_once_a_night_whoever_looks(self, home: Home, warner: Warner) -> None:
        await nobody_is_on_shift_tonight(home)
        home.clock.move(hours=6, minutes=5)
        assert await looks(home, warner) == [Kind.NO_COVER]
        assert await looks(home, Warner(home.house.ground)) == [Kind.NO_COVER]
        (notice,) = await told(home)
        await home.write(notices.seen, await home.actor(HANNAH), notice.id)
        assert await looks(home, Warner(home.house.ground)) == []


class TestAtClosing:
    """17:00, a chat is open, and its advisor's shift is over."""

    async def chats_until_five(self, home: Home) -> str:
        await writes(home, HANNAH, MAYA, home.clock.now().date(), DAY)
        contact = await home.taken_by(MAYA)
        home.clock.move(hours=5, minutes=1)
        await home.pages_are_there()
        maya = await home.actor(MAYA)
        await home.write(duty.beat, maya.staff, 60)
        return contact.id

    async def test_the_lead_is_paged_and_nothing_is_ended(self, home: Home, warner: Warner) -> None:
        contact = await self.chats_until_five(home)
        await warner.look({"cumbria": CUMBRIA})
        (notice,) = await told(home)
        assert (notice.kind, notice.contact) == (Kind.UNACCEPTED_AT_CLOSING, contact)
        held = await home.contact(contact)
        assert (held.state.value, held.owner) == ("active", (await home.actor(MAYA)).staff)
        await warner.look({"cumbria": CUMBRIA})
        assert len(await told(home)) == 1

    async def test_before_the_end_nobody_is_paged(self, home: Home, warner: Warner) -> None:
        await writes(home, HANNAH, MAYA, home.clock.now().date(), DAY)
        await home.taken_by(MAYA)
        home.clock.move(hours=4, minutes=59)
        assert await looks(home, warner) == []

    async def test_who_stays_on_is_on_extra_duty(self, home: Home, warner: Warner) -> None:
        await self.chats_until_five(home)
        assert await looks(home, warner) == [Kind.UNACCEPTED_AT_CLOSING]
        await home.on_duty(MAYA)
        assert await looks(home, warner) == []

    async def test_the_page_goes_when_somebody_has_it(self, home: Home, warner: Warner) -> None:
        contact = await self.chats_until_five(home)
        assert await looks(home, warner) == [Kind.UNACCEPTED_AT_CLOSING]
        number = (await home.contact(contact)).assignment_no
        await home.write(acts.release, contact, number, "advisor lost")
        assert await looks(home, warner) == []
        await home.on_duty(TOM)


@pytest.fixture
def home(lodge: Home) -> Home:
    """One database is enough: the notices are held on both elsewhere."""
    return lodge
