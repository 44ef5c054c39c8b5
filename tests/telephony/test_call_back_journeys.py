"""Call backs dialled by the house, through real HTTP and a playing carrier, at noon."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app import ids
from app.auth import staff
from app.auth.policy import Actor
from app.cases import acts as contacts
from app.cases import calling, promises
from app.cases.due import When, due_at
from app.cases.model import Channel, Opening
from app.cases.promised import CallBack
from app.cases.tables import promises as promise_rows
from app.cases.tables import unsafe_numbers
from app.db import Work
from app.errors import Stale, Wrong
from telephony import calling_back_acts as backs
from telephony.calling_back import Came
from telephony.tables import call_backs
from tests.telephony.night import LINE, MAYA, RUTH, TEXTLINE, TOM, Night, a_night


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        at_noon(night)
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


def at_noon(night: Night) -> None:
    clock = night.ground.clock
    local = clock.now().astimezone(ZoneInfo(night.cumbria.zone))
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    clock.offset += (noon if noon > local else noon + timedelta(days=1)) - local


async def promised(night: Night, when: When = When.ANY) -> str:
    """Ruth asked to be called back; Maya has taken it. Returns the promise's id."""
    id_, promise = ids.new(), ids.new()
    opening = Opening(
        f"call:{id_}", id_, "cumbria", "central", Channel.VOICE, line="supportline", number=RUTH
    )

    def asks(work: Work) -> None:
        contacts.arrive(work, night.ground.keyring, opening)
        by = due_at(when, work.now, night.cumbria.zone)
        wish = CallBack(RUTH, when.value, voicemail=False)
        promises.ask(work, night.ground.keyring, promise, id_, wish, by)

    await night.ground.db.write(asks)
    await night.ground.db.write(calling.take, await actor(night, "Maya"), promise)
    return promise


async def actor(night: Night, name: str) -> Actor:
    return await night.ground.db.read(staff.actor, night.ground.keyring, night.staff[name])


async def begins(night: Night, promise: str, name: str = "Maya", try_id: str = "") -> str:
    try_id = try_id or ids.new()
    await night.ground.db.write(
        backs.begin, night.ground.keyring, night.cumbria, await actor(night, name), promise, try_id
    )
    return try_id


async def ruth_rings(night: Night, promise: str) -> str:
    before = whispers(night)
    try_id = await begins(night, promise)
    await night.rehearsal.rings(MAYA)
    assert night.rehearsal.state(RUTH) == "idle", "the advisor first"
    await night.rehearsal.answer(MAYA)
    await night.rehearsal.until(lambda: whispers(night) > before)
    await night.rehearsal.press(MAYA, "1")
    await night.rehearsal.rings(RUTH)
    return try_id


def whispers(night: Night) -> int:
    return sum("A call back. Press 1" in words for words in night.rehearsal.heard(MAYA))


async def came(night: Night, try_id: str, wanted: Came) -> None:
    def look(work: Work) -> bool | None:
        row = work.run(sa.select(call_backs).where(call_backs.c.id == try_id)).one()
        return True if row.came == wanted.value and not row.live else None

    await night.until(look)


async def the_promise(night: Night, promise: str) -> Any:
    return next(row for row in await night.rows(promise_rows) if row.id == promise)


async def test_maya_is_rung_first_and_then_ruth_and_they_talk(night: Night) -> None:
    promise = await promised(night)
    try_id = await ruth_rings(night, promise)
    call = night.rehearsal.call(RUTH)
    assert call is not None
    assert call.from_ == TEXTLINE != LINE, "a number that names nobody is shown"
    await night.rehearsal.answer(RUTH)
    await night.rehearsal.until(lambda: call.talking)
    assert [words for words in night.rehearsal.heard(RUTH) if not words.startswith("(")] == []
    await night.rehearsal.hang_up(RUTH)
    await came(night, try_id, Came.SPOKE)
    await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
    assert (await the_promise(night, promise)).done_at is None, "Maya says what came of it"


@pytest.mark.parametrize("by", ["machine_start", "unknown"])
async def test_a_machine_hears_not_one_word(night: Night, by: str) -> None:
    try_id = await ruth_rings(night, await promised(night))
    await night.rehearsal.answer(RUTH, by)
    await night.rehearsal.hears(MAYA, "A machine answered. We said nothing to it.")
    await came(night, try_id, Came.MACHINE)
    await night.rehearsal.until(lambda: night.rehearsal.state(RUTH) == "idle")
    assert [words for words in night.rehearsal.heard(RUTH) if not words.startswith("(")] == []


async def test_nobody_answers_and_it_is_due_again_after_the_gap_three_times_at_most(
    night: Night,
) -> None:
    promise = await promised(night)
    for number in (1, 2, 3):
        try_id = await ruth_rings(night, promise)
        await night.rehearsal.decline(RUTH)
        await came(night, try_id, Came.NO_ANSWER)
        await night.rehearsal.until(lambda: night.rehearsal.state(MAYA) == "idle")
        row = await the_promise(night, promise)
        if number == 3:
            assert (row.how, row.done_at is None) == ("no_answer", False)
            break
        assert row.done_at is None
        with pytest.raises(Wrong, match="You may try again in 60 min"):
            await begins(night, promise)
        night.ground.clock.move(minutes=61)
    with pytest.raises(Stale):
        await begins(night, promise)


async def test_outside_the_hours_they_chose_nobody_is_rung(night: Night) -> None:
    promise = await promised(night, When.EVENING)
    with pytest.raises(Wrong, match="They asked for the evening"):
        await begins(night, promise)
    assert await night.rows(call_backs) == []


async def test_the_permit_is_asked_for_again_as_their_phone_is_rung(night: Night) -> None:
    promise = await promised(night)
    try_id = await begins(night, promise)
    await night.rehearsal.rings(MAYA)

    def not_safe(work: Work) -> None:
        index = night.ground.keyring.blind("cumbria", RUTH)
        work.insert_once(unsafe_numbers, service="cumbria", number_index=index, at=work.now)

    await night.ground.db.write(not_safe)
    await night.rehearsal.answer(MAYA)
    await night.rehearsal.hears(MAYA, "Press 1")
    await night.rehearsal.press(MAYA, "1")
    await night.rehearsal.hears(MAYA, "They cannot be rung now.")
    await came(night, try_id, Came.NOT_RUNG)
    assert night.rehearsal.heard(RUTH) == []


async def test_maya_does_not_answer_and_ruth_s_phone_never_rings(night: Night) -> None:
    promise = await promised(night)
    try_id = await begins(night, promise)
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.no_answer(MAYA)
    await came(night, try_id, Came.NOT_RUNG)
    assert night.rehearsal.heard(RUTH) == []
    await ruth_rings(night, promise)


async def test_maya_drops_out_and_ruth_is_not_left_in_a_silent_room(night: Night) -> None:
    try_id = await ruth_rings(night, await promised(night))
    await night.rehearsal.answer(RUTH)
    await night.rehearsal.hang_up(MAYA)
    await night.rehearsal.until(lambda: night.rehearsal.state(RUTH) == "idle")
    await night.until(
        lambda work: (
            True
            if not work.run(sa.select(call_backs.c.live).where(call_backs.c.id == try_id)).scalar()
            else None
        )
    )


async def test_maya_alone_in_the_room_is_nobody_s_stranger(night: Night) -> None:
    await ruth_rings(night, await promised(night))
    night.ground.clock.move(seconds=30)
    await night.line.watch.reconcile_once()
    assert night.rehearsal.state(MAYA) == "in call"
    await night.rehearsal.answer(RUTH)
    call = night.rehearsal.call(RUTH)
    assert call is not None
    await night.rehearsal.until(lambda: call.talking)


async def test_a_lost_last_callback_is_made_good_by_asking_the_carrier(night: Night) -> None:
    try_id = await ruth_rings(night, await promised(night))
    await night.rehearsal.answer(RUTH)
    await night.rehearsal.until(lambda: night.rehearsal.state(RUTH) == "in call")
    row = next(each for each in await night.rows(call_backs) if each.id == try_id)
    assert await night.ground.db.read(backs.stuck, 90) == []
    night.ground.clock.move(seconds=91)
    assert [each.id for each in await night.ground.db.read(backs.stuck, 90)] == [row.id]
    await night.line.call_backs.reconcile_once()
    assert night.rehearsal.state(RUTH) == "in call", "it goes on, and nothing was lost"


async def test_only_who_holds_it_rings_and_one_at_a_time(night: Night) -> None:
    promise = await promised(night)
    with pytest.raises(Stale):
        await begins(night, promise, "Tom")
    once = await begins(night, promise)
    assert await begins(night, promise, try_id=once) == once, "pressed twice"
    with pytest.raises(Stale, match="is being rung already"):
        await begins(night, promise)
    await night.rehearsal.rings(MAYA)
    assert night.rehearsal.state(TOM) == "idle"


async def test_a_busy_carrier_rings_ruth_once(night: Night) -> None:
    promise = await promised(night)
    await begins(night, promise)
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.answer(MAYA)
    await night.rehearsal.hears(MAYA, "Press 1")
    await night.rehearsal.carrier_refuses(503, "POST")
    await night.rehearsal.same_callback_twice()
    await night.rehearsal.press(MAYA, "1")
    await night.rehearsal.rings(RUTH)
    made = [call for call in night.rehearsal.exchange.board.calls.values() if call.to == RUTH]
    assert len(made) == 1
    night.rehearsal.table.errors.clear()


async def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    async with a_night(tmp_path, url=postgres_url) as night:
        at_noon(night)
        try_id = await ruth_rings(night, await promised(night))
        call = night.rehearsal.call(RUTH)
        assert call is not None
        await night.rehearsal.answer(RUTH)
        await night.rehearsal.until(lambda: call.talking)
        await night.rehearsal.hang_up(RUTH)
        await came(night, try_id, Came.SPOKE)
