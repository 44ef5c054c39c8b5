"""Breaks and the way back; two offers that went by; whoever was set away."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.cases.model import HowEnded, WrapUp
from app.cases.tables import notices
from app.errors import Refused, Wrong
from routing import acts, breaks, floor
from tests.house import Home
from tests.people import CUMBRIA, ELLA, HANNAH, MAYA, SAM, TOM
from tests.routing.rows import asked, facts, places_used, seat, state

OFFER = CUMBRIA.timings.offer


async def test_a_break_keeps_what_one_holds_and_brings_nothing_new(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    ringing = await home.arrives(SAM)
    assert await home.match() == 1
    await home.write(breaks.start, maya.staff, "meal")
    assert await state(home, MAYA) == "break"
    assert (await facts(home, MAYA)).break_reason == "a meal"
    assert (await home.contact(ella.id)).owner == maya.staff
    assert await asked(home, ringing) is None
    assert await places_used(home, MAYA) == (1, 2)
    assert await home.match() == 0
    await home.write(breaks.back, maya.staff, maya.staff)
    assert await home.match() == 1


async def test_a_break_wants_one_of_its_reasons_and_somebody_on_duty(home: Home) -> None:
    maya = await home.actor(MAYA)
    await home.write(acts.go_off_duty, maya.staff)
    with pytest.raises(Refused):
        await home.write(breaks.start, maya.staff, "meal")
    await home.on_duty(MAYA)
    with pytest.raises(Wrong):
        await home.write(breaks.start, maya.staff, "tired of it all")


async def test_two_offers_that_go_by_ask_whether_somebody_is_there(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    await home.arrives(ELLA)
    for _ in range(2):
        assert await home.match() == 1
        assert (await seat(home, MAYA)).checking is False
        home.clock.move(seconds=OFFER + 1)
        await home.write(acts.beat, maya.staff, 60)
        assert await home.write(acts.lapse) == 1
        home.clock.move(seconds=31)
        await home.write(acts.beat, maya.staff, 60)
        await home.pages_are_there()
    assert (await seat(home, MAYA)).checking is True
    assert await home.match() == 0, "nothing more until they say so"
    await home.write(breaks.back, maya.staff, maya.staff)
    assert await home.match() >= 1


async def test_one_answer_between_them_and_they_are_not_asked(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    await home.arrives(ELLA)
    await home.match()
    home.clock.move(seconds=OFFER + 1)
    await home.write(acts.beat, maya.staff, 60)
    await home.write(acts.lapse)
    assert (await seat(home, MAYA)).lapses == 1
    sam = await home.arrives(SAM)
    await home.match()
    await home.write(acts.decline, maya.staff, sam.id, 1)
    assert (await seat(home, MAYA)).lapses == 0


async def test_a_hard_contact_gives_a_break_and_a_lead_knows(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    await home.write(acts.end, ella.id, HowEnded.PERSON_ENDED)
    await home.write(acts.wrap_up, maya, ella.id, 1, WrapUp(type="support"), hard=True)
    assert await state(home, MAYA) == "break"
    await home.arrives(SAM)
    assert await home.match() == 0
    told = await home.rows(sa.select(notices).where(notices.c.contact == ella.id))
    assert [(row.kind, row.staff) for row in told] == [("hard_contact", maya.staff)]
    await home.write(breaks.back, maya.staff, maya.staff)
    assert await home.match() == 1


async def test_a_lead_sets_a_seat_away_and_back_and_others_may_not(home: Home) -> None:
    maya, hannah, tom = [await home.actor(each) for each in (MAYA, HANNAH, TOM)]
    await home.on_duty(MAYA)
    with pytest.raises(Refused, match="Only a lead"):
        await home.write(floor.set_away, tom, CUMBRIA, maya.staff)
    await home.write(floor.set_away, hannah, CUMBRIA, maya.staff)
    assert await state(home, MAYA) == "break"
    await home.arrives(ELLA)
    assert await home.match() == 0
    await home.write(floor.set_back, hannah, CUMBRIA, maya.staff)
    assert await home.match() == 1


async def test_going_on_duty_again_says_that_one_is_here(home: Home) -> None:
    maya, hannah = await home.on_duty(MAYA), await home.actor(HANNAH)
    await home.write(floor.set_away, hannah, CUMBRIA, maya.staff)
    await home.on_duty(MAYA)
    assert await state(home, MAYA) == "available"
