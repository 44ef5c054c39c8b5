"""Waiting on the phone, in the rows: promises, texts, languages, marks, and a lead's decision."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.auth.policy import Actor, Role
from app.cases import acts as contacts
from app.cases.model import Contact, HowEnded
from app.cases.notices import Kind
from app.cases.tables import contacts as contact_table
from app.cases.tables import notices, promises
from app.db import Work
from app.errors import Refused, Wrong
from routing import acts as routing
from telephony import slowing
from telephony.tables import calls, slowed_numbers, texts, threads
from tests.telephony.night import LINE, RUTH, SID, Night, a_night
from tests.telephony.test_webhooks import Door

LANDLINE = "+441632960301"
LEAD = Actor("jo", "Jo", "Jo Hale", Role.HUB_LEAD, "cumbria", "central")
MAYA = Actor("maya", "Maya", "Maya Hart", Role.ADVISOR, "cumbria", "central")


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with a_night(tmp_path, matching=False, running=False) as night:
        door = Door(night)
        yield door
        await door.client.aclose()


class Caller:
    """One call to the line, told by its webhooks."""

    def __init__(self, door: Door, number: str, name: str = "1") -> None:
        self.door = door
        self.sid = "CA" + name * 32
        self.form = {
            "AccountSid": SID, "CallSid": self.sid, "From": number, "To": LINE,
            "CallStatus": "in-progress", "ApiVersion": "2010-04-01",
        }  # fmt: skip

    async def rings(self) -> str:
        return await self._post("/telephony/voice", {"CallStatus": "ringing"})

    async def presses(self, step: str, digits: str) -> str:
        return await self._post(f"/telephony/voice/{self.sid}/{step}", {"Digits": digits})

    async def waits(self, step: str, seconds: int) -> str:
        told = {"QueueTime": str(seconds), "QueuePosition": "1"}
        return await self._post(f"/telephony/voice/{self.sid}/{step}", told)

    async def hangs_up(self) -> str:
        return await self._post("/telephony/voice/status", {"CallStatus": "completed"})

    async def queues(self, digits: str = "") -> None:
        await self.rings()
        assert "<Enqueue" in await self.presses("1/menu", digits)

    async def _post(self, path: str, more: dict[str, str]) -> str:
        answer = await self.door.post(path, self.form | more)
        assert answer.status_code == 200
        return str(answer.text)


async def row(night: Night, call: str) -> tuple[Contact, str]:
    def read(work: Work) -> tuple[Contact, str]:
        found = work.run(sa.select(calls).where(calls.c.sid == call)).one()
        return contacts.load(work, found.contact), found.reach

    return await night.ground.db.read(read)


async def test_ruth_asks_for_a_call_back_hangs_up_and_somebody_owes_it(door: Door) -> None:
    ruth = Caller(door, RUTH)
    await ruth.queues()
    assert "For a call back, press 1." in await ruth.waits("2/wait", 20)
    assert "Is it safe" in await ruth.presses("2/choice", "1")
    assert "A person will ring this phone" in await ruth.presses("2/call-back", "1")
    (promise,) = await door.night.rows(promises)
    assert (promise.part, promise.voicemail, promise.done_at) == ("any", False, None)
    assert promise.due_at > promise.asked_at
    assert RUTH.encode() not in promise.number
    await ruth.hangs_up()
    contact, _ = await row(door.night, ruth.sid)
    assert contact.how_ended == HowEnded.CALL_BACK


async def test_pressing_nothing_promises_nothing_and_hanging_up_is_only_that(door: Door) -> None:
    ruth = Caller(door, RUTH)
    await ruth.queues()
    await ruth.presses("2/call-back", "")
    assert await door.night.rows(promises) == []
    await ruth.hangs_up()
    contact, _ = await row(door.night, ruth.sid)
    assert contact.how_ended == HowEnded.HUNG_UP_WAITING


async def test_a_text_asked_for_is_one_conversation_and_one_text(door: Door) -> None:
    night, ruth = door.night, Caller(door, RUTH)
    await ruth.queues()
    assert "To go on by text, press 3." in await ruth.waits("2/wait", 20)
    await ruth.presses("2/choice", "3")
    assert "We are sending one text." in await ruth.presses("2/text", "1")
    assert await night.rows(threads) == []
    for _ in range(2):
        await night.line.watch.look_once()
    (thread,) = await night.rows(threads)
    (text,) = await night.rows(texts)
    assert (text.conversation, text.way, text.state) == (thread.conversation, "out", "due")
    kept = await night.ground.db.read(night.transcript.after, thread.conversation, 0)
    assert [line.text for line in kept] == [
        "Emergency? Call 999. You asked for this text. Is it safe to text you here? "
        "You can answer this message."
    ]
    contact = await night.ground.db.read(contacts.load, thread.contact)
    assert contact.channel == "sms"
    assert contact.queued_at is not None, "it has a place of its own"


@pytest.mark.parametrize(
    ("number", "reach"),
    [
        (RUTH, "ring text"),
        (LANDLINE, "ring"),
        ("anonymous", ""),
        ("", ""),
        ("+266696687", ""),
        ("+7378742833", ""),
        ("+464", ""),
        ("client:u_maya", ""),
        ("+33123456789", ""),
    ],
)
async def test_only_a_number_that_is_one_is_offered_anything(
    door: Door, number: str, reach: str
) -> None:
    caller = Caller(door, number)
    await caller.queues()
    heard = await caller.waits("2/wait", 20)
    assert ("For a call back" in heard) is ("ring" in reach)
    assert ("To go on by text" in heard) is ("text" in reach)
    contact, kept = await row(door.night, caller.sid)
    assert kept == reach
    for step in ("2/call-back", "2/text"):
        await caller.presses(step, "1")
    await door.night.line.watch.look_once()
    assert len(await door.night.rows(promises)) == (1 if "ring" in reach else 0)
    assert len(await door.night.rows(threads)) == (1 if "text" in reach else 0)
    (stored,) = [each for each in await door.night.rows(contact_table) if each.id == contact.id]
    withheld = reach == "" and not number.startswith("+33")
    assert (stored.number is None) is withheld, "no number is never stored, never matched"


async def test_a_key_of_the_menu_makes_it_a_welsh_call(door: Door) -> None:
    carys = Caller(door, RUTH)
    heard = await carys.rings()
    assert "I siarad Cymraeg, pwyswch 7." in heard
    assert 'voice="Polly.Gwyneth"' in heard
    assert "Os ydych mewn perygl nawr" in await carys.presses("1/menu", "7")
    contact, _ = await row(door.night, carys.sid)
    assert contact.need.language == "cy"
    heard = await carys.waits("2/wait", 0)
    assert 'language="cy-GB"' in heard
    assert 'language="en-GB"' not in heard


async def test_a_relay_call_skips_the_menu_and_is_marked(door: Door) -> None:
    dev = Caller(door, "+4418001632960301")
    heard = await dev.rings()
    assert "18000" in heard
    assert "<Enqueue" in heard
    contact, reach = await row(door.night, dev.sid)
    assert contact.need.access == "text relay"
    assert reach == ""


async def test_a_lead_slows_a_number_down_and_the_decision_ends_by_itself(door: Door) -> None:
    night = door.night
    first = Caller(door, RUTH)
    assert "We have had many calls" not in await first.rings()
    contact, _ = await row(night, first.sid)
    until = await night.ground.db.write(slowing.slow_down, LEAD, contact.id, 2)
    second = Caller(door, RUTH, "2")
    heard = await second.rings()
    assert heard.index("call 999") < heard.index("We have had many calls")
    assert "<Enqueue" in await second.presses("1/passed", ""), "and then a person"
    other = Caller(door, LANDLINE, "3")
    assert "We have had many calls" not in await other.rings(), "this number alone"
    night.ground.clock.move(hours=2)
    assert until <= night.ground.clock.now()
    assert "We have had many calls" not in await Caller(door, RUTH, "4").rings()


async def test_a_decision_is_a_leads_lasts_a_day_at_most_and_can_be_lifted(door: Door) -> None:
    db = door.night.ground.db
    ruth = Caller(door, RUTH)
    await ruth.rings()
    contact, _ = await row(door.night, ruth.sid)
    with pytest.raises(Refused):
        await db.write(slowing.slow_down, MAYA, contact.id, 2)
    for hours in (0, 25):
        with pytest.raises(Wrong):
            await db.write(slowing.slow_down, LEAD, contact.id, hours)
    assert await door.night.rows(slowed_numbers) == []
    for hours in (1, 24):
        await db.write(slowing.slow_down, LEAD, contact.id, hours)
    assert len(await door.night.rows(slowed_numbers)) == 1
    for _ in range(2):
        await db.write(slowing.lift, LEAD, contact.id)
    assert "We have had many calls" not in await Caller(door, RUTH, "2").rings()


async def test_a_withheld_number_is_never_slowed_down_or_counted(door: Door) -> None:
    night = door.night
    callers = [Caller(door, "+266696687", name) for name in "123456789"]
    for caller in callers:
        await caller.rings()
    contact, _ = await row(night, callers[-1].sid)
    with pytest.raises(Wrong):
        await night.ground.db.write(slowing.slow_down, LEAD, contact.id, 2)
    assert await night.ground.db.read(slowing.pace_of, [contact.id]) == {}
    assert await night.rows(notices) == []


async def test_a_lead_is_told_of_a_phone_that_rings_often_and_nothing_else_happens(
    door: Door,
) -> None:
    night = door.night
    callers = [Caller(door, RUTH, name) for name in "123456"]
    for caller in callers:
        assert await night.rows(notices) == []
        assert "We have had many calls" not in await caller.rings()
    (told,) = await night.rows(notices)
    contact, _ = await row(night, callers[-1].sid)
    assert (told.kind, told.contact) == (Kind.CALLS_OFTEN.value, contact.id)
    assert await night.ground.db.read(slowing.pace_of, [contact.id]) == {contact.id: 6}


async def test_an_abusive_call_is_ended_with_set_words(door: Door) -> None:
    night, kim = door.night, Caller(door, RUTH)
    await kim.queues()
    contact, _ = await row(night, kim.sid)

    def ended(work: Work) -> None:
        flagged = contact_table.update().where(contact_table.c.id == contact.id)
        work.run(flagged.values(abusive=True))
        routing.end(work, contact.id, HowEnded.ADVISOR_ENDED)

    await night.ground.db.write(ended)
    await night.line.watch.look_once()
    heard = await kim.waits("3/again", 20)
    assert heard.index("call 999") < heard.index("because of the words used")
    assert "You can ring us again when you need help." in heard
