"""An interpreter, the police, another hub: as third legs, each named, and none of them alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import ids
from app.definition.model import Interpreter, Police, Service
from app.errors import Refused, Wrong
from telephony import talking_acts as talking_act
from telephony.house import House
from telephony.line import PhoneLine
from tests.telephony.night import MAYA, RUTH, Night, a_night
from tests.telephony.talks import (
    INTERPRETER,
    KENDAL,
    POLICE,
    actor,
    at,
    does,
    legs,
    nobody_came,
    picks_up,
    record,
    talking,
)


def with_desks(service: Service) -> Service:
    return replace(
        service,
        hubs=tuple(replace(hub, phone=KENDAL) if hub.key == "kendal" else hub
                   for hub in service.hubs),
        interpreters=(Interpreter("polish", "Polish interpreters", "pl", INTERPRETER, "desk"),),
        police=(Police("cumbria", "Cumbria Constabulary", POLICE),),
    )  # fmt: skip


@pytest.fixture
async def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Night]:
    plain = PhoneLine.house

    def house(line: PhoneLine) -> House:
        found = plain(line)
        services = {key: with_desks(each) for key, each in found.services.items()}
        return replace(found, services=services, pins={"desk": "4711"})

    monkeypatch.setattr(PhoneLine, "house", house)
    async with a_night(tmp_path) as night:
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


async def adds(night: Night, contact: str, kind: str, to: str, gender: str = "") -> str:
    party = ids.new()
    await does(
        night, talking_act.add_party, actor(night, "Maya"), contact, party, kind, to,
        gender=gender, said_to_caller=True,
    )  # fmt: skip
    return party


async def test_an_interpreter_comes_with_the_pin_and_is_named(night: Night) -> None:
    contact = await talking(night)
    await adds(night, contact, "interpreter", "polish", "woman")
    await night.rehearsal.rings(INTERPRETER)
    await night.rehearsal.answer(INTERPRETER)
    await night.rehearsal.hears(RUTH, "An interpreter is on the line with you now.")
    assert await legs(night, contact) == {
        "caller": "talking", "advisor": "talking", "interpreter": "talking",
    }  # fmt: skip
    await night.rehearsal.hang_up(INTERPRETER)
    await night.rehearsal.hears(RUTH, "An interpreter has left the line.")
    assert night.rehearsal.state(RUTH) == night.rehearsal.state(MAYA) == "in call"
    assert await record(night, contact) == [
        "rang interpreter polish woman", "joined interpreter polish", "left interpreter polish",
    ]  # fmt: skip


async def test_the_police_who_do_not_answer_are_written_down_and_ruth_talks_on(
    night: Night,
) -> None:
    contact = await talking(night)
    await adds(night, contact, "police", "cumbria")
    await night.rehearsal.rings(POLICE)
    await night.rehearsal.decline(POLICE)
    await night.until(nobody_came)
    assert (await legs(night, contact))["police"] == "failed"
    assert await record(night, contact) == ["rang police cumbria", "not reached police cumbria"]
    assert night.rehearsal.state(RUTH) == "in call"


async def test_ruth_is_left_with_a_hub_and_our_advisor_goes(night: Night) -> None:
    contact, maya, party = await talking(night), actor(night, "Maya"), ids.new()
    await does(night, talking_act.transfer_begin, maya, contact, party, hub="kendal")
    await picks_up(night, KENDAL)
    await night.rehearsal.hears(KENDAL, "you can talk now")
    await does(night, talking_act.transfer_join, maya, contact)
    await night.rehearsal.hears(RUTH, "On the line with you now: Maya and someone at Kendal.")
    await does(night, talking_act.transfer_leave, maya, contact)
    await night.until(lambda work: at(work, "Away"))
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
    assert (await night.contact()).how_ended == "handed_to_number"
    assert night.rehearsal.state(RUTH) == night.rehearsal.state(KENDAL) == "in call"
    await night.rehearsal.hang_up(KENDAL)
    await night.rehearsal.hears(RUTH, "To speak to someone again, ring this number")
    await night.rehearsal.until(lambda: night.rehearsal.state(RUTH) == "idle")


async def test_what_the_definition_does_not_name_is_not_rung(night: Night) -> None:
    contact = await talking(night)
    for kind, to in (
        ("interpreter", "klingon"), ("police", "mars"), ("hub", "carlisle"), ("number", "999"),
        ("number", "+44999"),
    ):  # fmt: skip
        with pytest.raises((Wrong, Refused)):
            await adds(night, contact, kind, to)
    assert await legs(night, contact) == {"caller": "talking", "advisor": "talking"}
    assert await record(night, contact) == []
