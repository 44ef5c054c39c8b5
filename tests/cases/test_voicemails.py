"""A message somebody left is open work: sealed, heard by who may, answered in its time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.cases import acts as contacts
from app.cases import voicemails
from app.cases.answering import done, give_back, listen, take
from app.cases.model import Channel, Contact, HowEnded, Opening
from app.cases.notices import Kind, open_notices
from app.cases.promises import open_promises
from app.cases.tables import promises, voicemail_sounds
from app.cases.tables import voicemails as rows
from app.cases.voicemails import Answered, erased, fetching, keep, left, open_voicemails, to_fetch
from app.errors import Missing, Stale
from tests.house import Home
from tests.people import AISHA, CUMBRIA, HANNAH, MAYA

RUTH = "+447700900231"
SOUND = b"RIFF the sound of a voice" * 100


async def rang(home: Home, number: str | None = RUTH) -> Contact:
    id_ = ids.new()
    opening = Opening(
        f"call:{id_}", id_, "cumbria", "penrith", Channel.VOICE, line="supportline", number=number
    )
    return await home.write(contacts.arrive, home.keyring, opening)


async def message(
    home: Home, contact: Contact, seconds: int = 12, *, call_safe: bool = False, sid: str = ""
) -> str:
    sid = sid or f"RE{ids.new()}"
    return await home.write(left, home.keyring, contact.id, sid, seconds, call_safe, CUMBRIA.zone)


async def test_a_message_is_work_with_a_time_for_the_hub_that_was_rung(home: Home) -> None:
    id_ = await message(home, await rang(home))
    (shown,) = await home.read(open_voicemails, await home.actor(MAYA))
    assert (shown.id, shown.hub, shown.seconds, shown.here) == (id_, "penrith", 12, False)
    assert shown.due_at - shown.left_at == voicemails.ANSWER_WITHIN
    assert await home.read(open_voicemails, await home.actor(AISHA)) == [], "not her hub"


async def test_the_same_recording_told_twice_is_one_message(home: Home) -> None:
    contact = await rang(home)
    once = await message(home, contact, sid="RE1", call_safe=True)
    assert await message(home, contact, sid="RE1", call_safe=True) == once
    assert len(await home.rows(sa.select(rows))) == 1
    assert len(await home.rows(sa.select(promises))) == 1


async def test_a_silent_one_is_nobody_s_work_and_is_still_erased(home: Home) -> None:
    id_ = await message(home, await rang(home), seconds=1, sid="RE1", call_safe=True)
    assert await home.read(open_voicemails, await home.actor(MAYA)) == []
    assert await home.rows(sa.select(promises)) == []
    assert await home.read(to_fetch, 5) == [id_]
    assert await home.write(fetching, id_) == ("RE1", False), "erased, not fetched"
    with pytest.raises(Missing):
        await home.read(voicemails.load, await home.actor(MAYA), id_)


async def test_where_a_call_is_safe_it_is_promised_and_without_a_message(home: Home) -> None:
    await message(home, await rang(home), call_safe=True)
    (promise,) = await home.read(open_promises, await home.actor(MAYA))
    assert (promise.when, promise.voicemail) == ("any", False)


@pytest.mark.parametrize("number", [None, "+12025550123"])
async def test_a_number_we_cannot_ring_is_promised_nothing(home: Home, number: str | None) -> None:
    await message(home, await rang(home, number), call_safe=True)
    assert await home.rows(sa.select(promises)) == []
    assert len(await home.read(open_voicemails, await home.actor(MAYA))) == 1


async def test_who_hung_up_on_the_machine_has_left_a_message_all_the_same(home: Home) -> None:
    contact = await rang(home)
    await home.write(contacts.end, contact.id, HowEnded.HUNG_UP_WAITING)
    await message(home, contact)
    assert (await home.contact(contact.id)).how_ended == HowEnded.VOICEMAIL


async def test_its_sound_is_sealed_and_each_playing_is_in_the_trail(home: Home) -> None:
    id_ = await message(home, await rang(home))
    maya = await home.actor(MAYA)
    with pytest.raises(Missing):
        await home.write(listen, home.keyring, maya, id_)
    for _ in range(2):
        await home.write(keep, home.keyring, id_, SOUND)
    (kept,) = await home.rows(sa.select(voicemail_sounds))
    assert b"voice" not in kept.sound
    assert await home.write(listen, home.keyring, maya, id_) == SOUND
    with pytest.raises(Missing):
        await home.write(listen, home.keyring, await home.actor(AISHA), id_)
    told = await home.rows(sa.select(trail).where(trail.c.verb == "played"))
    assert [(row.actor, row.object_id) for row in told] == [(maya.staff, id_)]


async def test_fetched_and_erased_it_is_looked_at_no_more(home: Home) -> None:
    id_ = await message(home, await rang(home), sid="RE1")
    assert await home.write(fetching, id_) == ("RE1", True)
    assert await home.write(fetching, id_) is None, "another process waits for this one"
    home.clock.move(seconds=6)
    assert await home.write(fetching, id_) == ("RE1", True)
    await home.write(keep, home.keyring, id_, SOUND)
    assert await home.write(fetching, id_) == ("RE1", False), "only to be erased there"
    await home.write(erased, id_)
    home.clock.move(hours=1)
    assert await home.read(to_fetch, 5) == []


async def test_one_person_takes_it_and_says_what_came_of_it(home: Home) -> None:
    id_ = await message(home, await rang(home))
    maya, hannah = await home.actor(MAYA), await home.actor(HANNAH)
    with pytest.raises(Stale):
        await home.write(done, maya, id_, Answered.REACHED)
    for _ in range(2):
        await home.write(take, maya, id_)
    with pytest.raises(Stale):
        await home.write(take, hannah, id_)
    await home.write(give_back, maya, id_)
    await home.write(take, hannah, id_)
    for _ in range(2):
        await home.write(done, hannah, id_, Answered.NO_SAFE_WAY)
    assert await home.read(open_voicemails, maya) == []
    with pytest.raises(Stale):
        await home.write(take, maya, id_)


async def test_the_desk_counts_what_is_open_and_what_is_late(home: Home) -> None:
    await message(home, await rang(home))
    await message(home, await rang(home), seconds=0)
    maya = await home.actor(MAYA)
    assert await home.read(voicemails.count, maya, home.clock.now()) == (1, 0)
    home.clock.move(minutes=61)
    assert await home.read(voicemails.count, maya, home.clock.now()) == (1, 1)
    assert await home.read(voicemails.count, await home.actor(AISHA), home.clock.now()) == (0, 0)


async def test_past_its_time_the_lead_is_told_once(home: Home) -> None:
    id_ = await message(home, await rang(home))

    async def told() -> int:
        await home.house.matcher.sweep_once()
        seen = await home.read(open_notices, await home.actor(HANNAH))
        return sum(each.kind is Kind.VOICEMAIL_LATE for each in seen)

    assert await told() == 0
    home.clock.move(minutes=61)
    assert [await told(), await told()] == [1, 1]
    hannah = await home.actor(HANNAH)
    await home.write(take, hannah, id_)
    await home.write(done, hannah, id_, Answered.REACHED)
    assert await told() == 0
