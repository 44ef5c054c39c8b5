"""A call is passed on: warm, cold, by a lead, to another phone; the caller is never in nobody's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import ids
from app.errors import Refused
from telephony import talking_acts as talking_act
from tests.telephony.night import MAYA, RUTH, TOM, Night, a_night
from tests.telephony.talks import (
    PRIYA,
    a_lead,
    actor,
    at,
    does,
    legs,
    nobody_came,
    picks_up,
    record,
    talk,
    talking,
)


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


async def test_maya_speaks_with_tom_first_then_all_three_then_tom_has_ruth(night: Night) -> None:
    contact, maya = await talking(night), actor(night, "Maya")
    await night.on_duty("Tom")
    party = ids.new()
    await does(night, talking_act.transfer_begin, maya, contact, party, staff=night.staff["Tom"])
    await night.rehearsal.hears(RUTH, "You are on hold.")
    with pytest.raises(Refused, match="not answered yet"):
        await does(night, talking_act.transfer_join, maya, contact)
    await picks_up(night, TOM)
    await night.rehearsal.hears(TOM, "you can talk now")
    assert await legs(night, contact) == {
        "caller": "held", "advisor": "talking", "colleague": "talking",
    }  # fmt: skip
    await does(night, talking_act.transfer_join, maya, contact)
    await night.rehearsal.hears(RUTH, "On the line with you now: Maya and Tom.")
    await does(night, talking_act.transfer_leave, maya, contact)
    await night.rehearsal.hears(MAYA, "The call is being looked after.")
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
    held = await night.contact()
    assert (held.owner, held.assignment_no) == (night.staff["Tom"], 2)
    assert await legs(night, contact) == {"caller": "talking", "advisor": "talking"}
    assert night.rehearsal.state(RUTH) == "in call"
    await night.rehearsal.hang_up(TOM)
    await night.rehearsal.hears(RUTH, "We lost your advisor. Stay on the line. You are first.")
    assert (await record(night, contact))[:5] == [
        "on hold", "rang colleague", "joined colleague", "off hold", "handed over colleague",
    ]  # fmt: skip


async def test_a_colleague_who_does_not_answer_leaves_ruth_with_maya(night: Night) -> None:
    contact, maya = await talking(night), actor(night, "Maya")
    await night.on_duty("Tom")
    await does(
        night, talking_act.transfer_begin, maya, contact, ids.new(), staff=night.staff["Tom"]
    )
    await night.rehearsal.rings(TOM)
    await night.rehearsal.decline(TOM)
    await night.until(nobody_came)
    await does(night, talking_act.transfer_cancel, maya, contact)
    await night.rehearsal.hears(RUTH, "On the line with you now: Maya.")
    assert (await night.contact()).owner == night.staff["Maya"]


async def test_a_cold_transfer_puts_ruth_first_at_the_hub_with_what_was_noted(
    night: Night,
) -> None:
    contact, maya = await talking(night), actor(night, "Maya")
    await night.on_duty("Tom")
    await does(
        night, talking_act.transfer_cold, maya, contact, hub="central",
        tell="She has two children with her.",
    )  # fmt: skip
    await night.rehearsal.hears(RUTH, "Your advisor has passed you to a colleague.")
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
    taken = await night.accepts("Tom")
    assert taken.contact == contact
    await picks_up(night, TOM)
    await night.until(lambda work: at(work, "Talking"))
    assert await record(night, contact) == [
        "tell once She has two children with her.", "handed over hub central",
    ]  # fmt: skip


async def test_a_cold_transfer_to_a_colleague_waits_for_their_yes(night: Night) -> None:
    contact, maya = await talking(night), actor(night, "Maya")
    await night.on_duty("Tom")
    tom = night.staff["Tom"]
    await does(night, talking_act.transfer_cold, maya, contact, staff=tom, staff_name="Tom")
    assert night.rehearsal.state(RUTH) == "in call"
    assert (await night.contact()).owner == night.staff["Maya"]
    await night.takes_over("Tom")
    await night.rehearsal.hears(RUTH, "Your advisor has passed you to a colleague.")
    await picks_up(night, TOM)
    await night.until(lambda work: at(work, "Talking"))
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")


async def test_a_lead_joins_advises_quietly_and_leaves_and_ruth_knows(night: Night) -> None:
    contact, priya = await talking(night), await a_lead(night)
    await does(night, talking_act.join, priya, contact, ids.new())
    await picks_up(night, PRIYA)
    await night.rehearsal.hears(RUTH, "Priya is on the line with you now.")
    await does(night, talking_act.whisper, priya, contact, True)
    supervisor = next(leg for leg in (await talk(night, contact)).legs if leg.kind == "supervisor")
    assert supervisor.coaching
    await does(night, talking_act.whisper, priya, contact, False)
    await does(night, talking_act.leave_line, priya, contact)
    await does(night, talking_act.leave_line, priya, contact)
    await night.rehearsal.hears(RUTH, "Priya has left the line.")
    await night.rehearsal.until(lambda: night.rehearsal.state(PRIYA) == "idle")
    assert await record(night, contact) == [
        "rang supervisor", "joined supervisor", "advises quietly", "speaks to all",
        "left supervisor",
    ]  # fmt: skip
    assert night.rehearsal.state(RUTH) == "in call"


async def test_an_advisor_does_not_join_a_colleague_s_call(night: Night) -> None:
    contact = await talking(night)
    with pytest.raises(Refused, match="Only a lead"):
        await does(night, talking_act.join, actor(night, "Tom"), contact, ids.new())
    assert await legs(night, contact) == {"caller": "talking", "advisor": "talking"}


async def test_maya_changes_to_her_browser_and_ruth_stays(night: Night) -> None:
    contact, maya = await talking(night), actor(night, "Maya")
    browser = f"client:u_{night.staff['Maya']}"
    await does(night, talking_act.change_leg, maya, contact, ids.new(), "browser")
    await night.rehearsal.rings(browser)
    assert night.rehearsal.state(MAYA) == "in call"
    await night.rehearsal.answer(browser)
    await night.rehearsal.hears(browser, "you can talk now")
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
    assert night.rehearsal.state(RUTH) == "in call"
    assert (await talk(night, contact)).leg == "browser"
    assert await legs(night, contact) == {"caller": "talking", "advisor": "talking"}
    assert "We lost your advisor." not in " ".join(night.rehearsal.heard(RUTH))
    await night.rehearsal.hang_up(browser)
    await night.rehearsal.hears(RUTH, "We lost your advisor. Stay on the line. You are first.")
