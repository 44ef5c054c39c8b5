"""Somebody is gone: a phone, a callback. The caller hears so, and is first in the order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import ids
from app.cases.tables import contacts as contact_rows
from app.db import Work
from telephony import talking_acts as talking_act
from telephony.tables import legs as leg_rows
from tests.telephony.night import LINE, MAYA, RUTH, TOM, Night, a_night
from tests.telephony.talks import PRIYA, a_lead, actor, at, does, legs, picks_up, talking


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


async def test_the_sweeper_finds_ruth_alone_when_the_callback_was_lost(night: Night) -> None:
    await talking(night)

    def nobody_told_us(work: Work) -> None:
        """The rows speak of a phone that is in no room."""
        work.run(leg_rows.update().values(sid="CA" + "f" * 32))

    await night.ground.db.write(nobody_told_us)
    await night.rehearsal.hears(RUTH, "We lost your advisor. Stay on the line. You are first.")
    assert (await night.contact()).owner is None
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")


async def test_the_sweeper_leaves_a_talk_alone(night: Night) -> None:
    contact = await talking(night)
    for _ in range(3):
        await night.line.watch.sweeper.sweep_once()
    assert await legs(night, contact) == {"caller": "talking", "advisor": "talking"}
    assert "We lost" not in " ".join(night.rehearsal.heard(RUTH))


async def test_a_lead_on_the_line_does_not_keep_a_lost_ruth_waiting(night: Night) -> None:
    contact, priya = await talking(night), await a_lead(night)
    await does(night, talking_act.join, priya, contact, ids.new())
    await picks_up(night, PRIYA)
    await night.rehearsal.hears(RUTH, "Priya is on the line with you now.")
    await night.rehearsal.hang_up(MAYA)
    await night.rehearsal.hears(RUTH, "We lost your advisor. Stay on the line. You are first.")
    await night.rehearsal.until(lambda: night.rehearsal.state(PRIYA) == "idle")


async def test_ruth_is_cut_off_rings_again_and_is_offered_to_maya(night: Night) -> None:
    first = await talking(night)
    await night.on_duty("Tom")
    await night.rehearsal.lose_signal(RUTH)
    ended = await night.ended("person_ended")
    assert ended.id == first
    await night.wraps_up("Maya", first)
    await night.rehearsal.ring(RUTH, LINE)
    again = await night.accepts("Maya")
    assert again.contact != first
    rows = await night.rows(contact_rows)
    assert [row.case_id for row in rows] == [None, None], "a hint, never an identity"
    await picks_up(night, MAYA)
    await night.until(lambda work: at(work, "Talking"))
    assert night.rehearsal.state(TOM) == "idle"


async def test_the_caller_hangs_up_during_a_warm_transfer_and_every_phone_is_free(
    night: Night,
) -> None:
    contact = await talking(night)
    await night.on_duty("Tom")
    await does(
        night, talking_act.transfer_begin, actor(night, "Maya"), contact, ids.new(),
        staff=night.staff["Tom"],
    )  # fmt: skip
    await picks_up(night, TOM)
    await night.rehearsal.hears(TOM, "you can talk now")
    await night.rehearsal.hang_up(RUTH)
    await night.ended("person_ended")
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
    await night.rehearsal.until(lambda: night.rehearsal.state(TOM) == "idle")
