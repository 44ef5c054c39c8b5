"""Whole calls, through real HTTP and a carrier that plays what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import ids
from app.db import Work
from app.definition.weekly import read_weekly
from routing.planning import Whose, plant_rules
from telephony.tables import calls, legs, outbox
from tests.telephony.night import LINE, MAYA, ON_CALL, ON_CALL_TOO, RUTH, TOM, Night, a_night


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


async def talking(night: Night) -> str:
    """Ruth rings, stays on the line, and Maya takes her call. Returns the contact."""
    await night.on_duty("Maya")
    await night.rehearsal.ring(RUTH, LINE)
    taken = await night.accepts("Maya")
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.answer(MAYA)
    await night.rehearsal.hears(MAYA, "Press 1 to take it.")
    await night.rehearsal.press(MAYA, "1")
    await night.until(someone_talks)
    return taken.contact


def someone_talks(work: Work) -> bool | None:
    return any("Talking" in row.state for row in work.run(sa.select(calls))) or None


async def test_ruth_rings_at_night_and_talks_with_maya(night: Night) -> None:
    contact = await talking(night)
    said = [words for words in night.rehearsal.heard(RUTH) if not words.startswith("(")]
    assert said[0].startswith("If you are in danger now, hang up and call 999.")
    await night.rehearsal.hang_up(RUTH)
    ended = await night.ended("person_ended")
    assert ended.id == contact
    assert ended.channel == "voice"
    assert ended.hub == "central"
    assert ended.state == "wrapping"
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")


async def test_ruth_presses_a_key_for_her_own_hub(night: Night) -> None:
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "For Kendal and the lakes, press 4.")
    await night.rehearsal.press(RUTH, "4")
    await night.rehearsal.hears(RUTH, "in the line")
    contact = await night.contact()
    assert (contact.hub, contact.area_found) == ("kendal", "line")


async def test_ruth_hangs_up_while_she_waits(night: Night) -> None:
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "in the line")
    await night.rehearsal.hang_up(RUTH)
    assert (await night.ended("hung_up_waiting")).state == "closed"


async def test_ruth_hangs_up_in_the_menu_and_is_in_the_record(night: Night) -> None:
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "press 1")
    await night.rehearsal.hang_up(RUTH)
    assert (await night.ended("hung_up_waiting")).queued_at is None


async def test_a_phone_that_nobody_answers_gives_ruth_back_to_the_front(night: Night) -> None:
    await night.on_duty("Maya")
    await night.rehearsal.ring(RUTH, LINE)
    first = await night.accepts("Maya")
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.decline(MAYA)
    second = await night.accepts("Maya")
    assert second.contact == first.contact
    assert second.assignment_no == first.assignment_no + 1
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.answer(MAYA)
    await night.rehearsal.hears(MAYA, "Press 1")
    await night.rehearsal.press(MAYA, "1")
    await night.until(someone_talks)


async def test_maya_drops_out_and_ruth_is_told_and_goes_to_tom(night: Night) -> None:
    await talking(night)
    await night.on_duty("Tom")
    await night.rehearsal.advisor_drops_out(MAYA)
    await night.rehearsal.hears(RUTH, "We lost your advisor. Stay on the line. You are first.")
    await night.accepts("Tom")
    await night.rehearsal.rings(TOM)
    await night.rehearsal.answer(TOM)
    await night.rehearsal.hears(TOM, "Press 1")
    await night.rehearsal.press(TOM, "1")
    await night.until(someone_talks)
    assert len(await night.rows(calls)) == 1
    assert len(await night.rows(legs)) == 2


async def test_maya_ends_the_call_on_the_console_and_ruth_hears_goodbye(night: Night) -> None:
    contact = await talking(night)
    await night.ends(contact)
    await night.rehearsal.hears(RUTH, "Your call has ended. You can ring us again at any time.")
    await night.rehearsal.until(lambda: night.rehearsal.state(RUTH) == "idle")
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
    assert (await night.contact()).how_ended == "advisor_ended"


async def test_ruth_hangs_up_while_maya_s_phone_rings(night: Night) -> None:
    await night.on_duty("Maya")
    await night.rehearsal.ring(RUTH, LINE)
    await night.accepts("Maya")
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.hang_up(RUTH)
    await night.ended("hung_up_waiting")
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")


async def test_nobody_is_on_duty_and_the_second_fallback_number_answers(night: Night) -> None:
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "in the line")
    night.ground.clock.move(minutes=4)
    await night.rehearsal.rings(ON_CALL)
    await night.rehearsal.hears(RUTH, "We are ringing someone who can help.")
    await night.rehearsal.decline(ON_CALL)
    await night.rehearsal.rings(ON_CALL_TOO)
    await night.rehearsal.answer(ON_CALL_TOO)
    await night.rehearsal.hears(ON_CALL_TOO, "Press 1 to take it.")
    assert (await night.contact()).state == "waiting", "picked up is not reached"
    await night.rehearsal.press(ON_CALL_TOO, "1")
    await night.ended("handed_to_number")
    await night.rehearsal.hang_up(ON_CALL_TOO)
    await night.rehearsal.hears(RUTH, "ring this number at any time")


async def test_the_phone_on_call_is_rung_before_the_fallback_numbers(night: Night) -> None:
    tom, rule, rows = night.staff["Tom"], read_weekly("always"), [ids.new() for _ in range(7)]
    assert rule is not None

    def on_call(work: Work) -> None:
        plant_rules(work, Whose(tom, "central"), [rule], "cumbria", rows, tier=1)

    await night.ground.db.write(on_call)
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "in the line")
    night.ground.clock.move(minutes=4)
    await night.rehearsal.rings(TOM)
    await night.rehearsal.decline(TOM)
    await night.rehearsal.rings(ON_CALL)


async def test_a_fallback_voicemail_is_nobody_and_ruth_keeps_her_place(night: Night) -> None:
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "in the line")
    night.ground.clock.move(minutes=4)
    for number in (ON_CALL, ON_CALL_TOO):
        await night.rehearsal.rings(number)
        await night.rehearsal.answer(number)
        await night.rehearsal.hears(number, "The call was not taken.")
    await night.rehearsal.hears(RUTH, "Nobody could answer just now. You keep your place.")
    await night.on_duty("Maya")
    await night.accepts("Maya")
    await night.rehearsal.rings(MAYA)


async def test_a_callback_that_comes_twice_or_late_changes_nothing(night: Night) -> None:
    await night.on_duty("Maya")
    await night.rehearsal.same_callback_twice()
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "in the line")
    await night.rehearsal.same_callback_twice()
    await night.accepts("Maya")
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.same_callback_twice()
    await night.rehearsal.answer(MAYA)
    await night.rehearsal.hears(MAYA, "Press 1")
    await night.rehearsal.same_callback_twice()
    await night.rehearsal.press(MAYA, "1")
    await night.until(someone_talks)
    assert len(await night.rows(calls)) == 1
    assert [row.kind for row in await night.rows(outbox)] == ["ring", "move"]


async def test_a_busy_carrier_is_asked_again(night: Night) -> None:
    await night.on_duty("Maya")
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.carrier_refuses(503, "POST")
    await night.accepts("Maya")
    await night.rehearsal.rings(MAYA)
    tries = [row.tries for row in await night.rows(outbox)]
    assert tries == [2]
    night.rehearsal.table.errors.clear()


async def test_the_same_night_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    async with a_night(tmp_path, url=postgres_url) as night:
        await talking(night)
        await night.on_duty("Tom")
        await night.rehearsal.advisor_drops_out(MAYA)
        await night.rehearsal.hears(RUTH, "You are first.")
        await night.accepts("Tom")
        await night.rehearsal.rings(TOM)
        await night.rehearsal.hang_up(RUTH)
        await night.ended("hung_up_waiting")
        assert [error.title for error in night.rehearsal.errors] == []
