"""Hold, mute, a third leg, keys: whoever is on the line is named, and nobody is left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import ids
from app.errors import Missing, Refused
from telephony import talking_acts as talking_act
from tests.telephony.night import MAYA, RUTH, Night, a_night
from tests.telephony.talks import actor, at, does, legs, record, talk, talking


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[Night]:
    """Ten seconds for a key are long enough for a busy machine."""
    async with a_night(tmp_path, speed=2.0) as night:
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


async def test_ruth_on_hold_hears_music_and_is_told_who_is_there_when_she_is_back(
    night: Night,
) -> None:
    contact, maya = await talking(night), actor(night, "Maya")
    await does(night, talking_act.hold, maya, contact, True)
    await night.rehearsal.hears(RUTH, "You are on hold. Nobody can hear you now.")
    await night.rehearsal.hears(RUTH, "(hold)")
    assert (await talk(night, contact)).hold
    assert (await legs(night, contact))["caller"] == "held"
    await does(night, talking_act.hold, maya, contact, True)
    await does(night, talking_act.hold, maya, contact, False)
    await night.rehearsal.hears(RUTH, "(connected again)")
    await night.rehearsal.hears(RUTH, "On the line with you now: Maya.")
    assert await record(night, contact) == ["on hold", "off hold"]


async def test_a_held_ruth_who_hangs_up_is_gone_for_everyone(night: Night) -> None:
    contact = await talking(night)
    await does(night, talking_act.hold, actor(night, "Maya"), contact, True)
    await night.rehearsal.hears(RUTH, "(on hold)")
    await night.rehearsal.hang_up(RUTH)
    await night.ended("person_ended")
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")


async def test_maya_mutes_her_own_phone_and_hears_on(night: Night) -> None:
    contact, maya = await talking(night), actor(night, "Maya")
    await does(night, talking_act.mute, maya, contact, True)
    await night.rehearsal.hears(MAYA, "(muted)")
    assert (await talk(night, contact)).muted
    await does(night, talking_act.mute, maya, contact, False)
    await night.rehearsal.hears(MAYA, "(no longer muted)")


async def test_nobody_else_may_touch_the_call(night: Night) -> None:
    contact, tom = await talking(night), actor(night, "Tom")
    for act, more in (
        (talking_act.hold, (True,)),
        (talking_act.mute, (True,)),
        (talking_act.silent_keys, ()),
        (talking_act.end_call, ()),
        (talking_act.transfer_leave, ()),
    ):
        with pytest.raises(Missing):
            await does(night, act, tom, contact, *more)
    other = replace(actor(night, "Maya"), service="northumbria")
    with pytest.raises(Missing):
        await does(night, talking_act.hold, other, contact, True)
    assert await record(night, contact) == []


async def test_a_silent_ruth_answers_by_keys_and_is_back_with_maya(slow: Night) -> None:
    night = slow
    contact, maya = await talking(night), actor(night, "Maya")
    await does(night, talking_act.silent_keys, maya, contact)
    await night.rehearsal.hears(RUTH, "Press your answer now.")
    assert (await talk(night, contact)).keys == "asking"
    await night.rehearsal.press(RUTH, "1")
    await night.until(lambda work: at(work, "Talking"))
    assert (await talk(night, contact)).keys == "1"
    await does(night, talking_act.silent_answer, maya, contact, "Are you safe?", "no")
    assert await record(night, contact) == [
        "asked for keys", "keys 1", "answer no Are you safe?",
    ]  # fmt: skip
    assert night.rehearsal.state(MAYA) == "in call"
    await night.rehearsal.hang_up(MAYA)
    await night.rehearsal.hears(RUTH, "We lost your advisor.")


async def test_no_key_brings_ruth_back_all_the_same(night: Night) -> None:
    contact = await talking(night)
    await does(night, talking_act.silent_keys, actor(night, "Maya"), contact)
    await night.rehearsal.hears(RUTH, "Press your answer now.")
    await night.until(lambda work: at(work, "Talking"))
    assert (await talk(night, contact)).keys == ""


async def test_an_advisor_who_drops_out_while_ruth_answers_by_keys(slow: Night) -> None:
    night = slow
    contact = await talking(night)
    await does(night, talking_act.silent_keys, actor(night, "Maya"), contact)
    await night.rehearsal.hears(RUTH, "Press your answer now.")
    await night.rehearsal.hang_up(MAYA)
    await night.rehearsal.hears(RUTH, "We lost your advisor. Stay on the line. You are first.")


async def test_an_abusive_call_ends_with_set_words_and_999_first(night: Night) -> None:
    contact = await talking(night)
    await does(night, talking_act.end_call, actor(night, "Maya"), contact, "abusive")
    await night.rehearsal.hears(RUTH, "We are ending this call")
    words = [heard for heard in night.rehearsal.heard(RUTH) if not heard.startswith("(")]
    assert words[-2] == "If you are in danger now, hang up and call 999."
    assert (await night.ended("advisor_ended")).id == contact
    assert await record(night, contact) == ["ended abusive"]


async def test_a_number_typed_in_is_sealed_and_rung_only_once_the_caller_knows(
    night: Night,
) -> None:
    contact, maya, party = await talking(night), actor(night, "Maya"), ids.new()
    number = "+447700900377"
    with pytest.raises(Refused, match="Tell the caller first"):
        await does(night, talking_act.add_party, maya, contact, party, "number", number)
    for _ in range(2):
        await does(
            night, talking_act.add_party, maya, contact, party, "number", number,
            said_to_caller=True,
        )  # fmt: skip
    await night.rehearsal.rings(number)
    await night.rehearsal.answer(number)
    await night.rehearsal.hears(RUTH, "The person you were told of is on the line with you now.")
    assert (await legs(night, contact))["number"] == "talking"
    await does(night, talking_act.drop_party, maya, contact, party)
    await night.rehearsal.until(lambda: night.rehearsal.state(number) == "idle")
    await night.rehearsal.hears(RUTH, "The person you were told of has left the line.")
    assert await record(night, contact) == ["rang number", "joined number", "left number"]
    assert (await legs(night, contact))["number"] == "left"
    assert night.rehearsal.state(RUTH) == "in call"
