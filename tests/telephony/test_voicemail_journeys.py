"""A message from the tone to our own store, through real HTTP and a playing carrier."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.auth import staff
from app.cases import answering, voicemails
from app.cases.tables import promises
from app.cases.tables import voicemails as rows
from app.db import Work
from telephony.tables import calls
from tests.telephony.night import LINE, MAYA, RUTH, Night, a_night

WORDS = "It is Ruth. Please do not ring the house."


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


async def asked(night: Night) -> None:
    """Ruth waits, presses 2, and says that it is safe."""
    await night.rehearsal.ring(RUTH, LINE)
    await night.rehearsal.hears(RUTH, "in the line")
    await night.rehearsal.press(RUTH, "2")
    await night.rehearsal.hears(RUTH, "Is it safe to leave a message now")
    await night.rehearsal.press(RUTH, "1")
    await night.rehearsal.hears(RUTH, "Is it safe for us to ring this phone?")


async def home_and_erased(night: Night) -> list[bool]:
    """Waits until our store has the sound and the carrier has nothing; call_safe of each."""

    def look(work: Work) -> list[bool] | None:
        found = work.run(sa.select(rows)).all()
        done = found and all(row.erased_at is not None for row in found)
        return [row.call_safe for row in found] if done else None

    return await night.until(look)


async def test_ruth_leaves_a_message_and_the_carrier_keeps_nothing(night: Night) -> None:
    await asked(night)
    await night.rehearsal.press(RUTH, "1")
    await night.rehearsal.hears(RUTH, "(beep)")
    await night.rehearsal.speak(RUTH, WORDS)
    await night.rehearsal.hears(RUTH, "We have your message.")
    assert await home_and_erased(night) == [True]
    assert night.rehearsal.exchange.board.recordings == {}
    contact = await night.ended("voicemail")
    assert contact.state == "closed"
    maya = await night.ground.db.read(staff.actor, night.ground.keyring, night.staff["Maya"])
    (shown,) = await night.ground.db.read(voicemails.open_voicemails, maya)
    sound = await night.ground.db.write(answering.listen, night.ground.keyring, maya, shown.id)
    assert sound.startswith(b"RIFF")
    (promise,) = await night.rows(promises)
    assert (promise.contact, promise.voicemail) == (contact.id, False)


async def test_ruth_hangs_up_on_the_tone_after_speaking_and_nobody_may_ring_her(
    night: Night,
) -> None:
    await asked(night)
    await night.rehearsal.hears(RUTH, "(beep)")
    await night.rehearsal.speak(RUTH, WORDS)
    began = night.rehearsal.now()
    await night.until(lambda _: True if night.rehearsal.now() > began + 3 else None)
    await night.rehearsal.hang_up(RUTH)
    assert await home_and_erased(night) == [False]
    assert (await night.ended("voicemail")).state == "closed"
    assert await night.rows(promises) == []


async def test_a_silent_message_is_dropped_and_ruth_is_in_the_line_again(night: Night) -> None:
    await asked(night)
    await night.rehearsal.hears(RUTH, "(beep)")
    await night.rehearsal.press(RUTH, "#")
    await night.rehearsal.hears(RUTH, "You keep your place.")
    await home_and_erased(night)
    assert night.rehearsal.exchange.board.recordings == {}
    assert [row.how for row in await night.rows(rows)] == ["silent"]
    assert (await night.contact()).state == "waiting"


async def test_maya_comes_free_while_ruth_speaks_and_is_put_through(night: Night) -> None:
    await asked(night)
    await night.rehearsal.hears(RUTH, "(beep)")
    await night.on_duty("Maya")
    await night.accepts("Maya")
    await night.rehearsal.rings(MAYA)
    await night.rehearsal.answer(MAYA)
    await night.rehearsal.hears(MAYA, "Press 1")
    await night.rehearsal.press(MAYA, "1")
    await night.until(
        lambda work: True if "Talking" in work.run(sa.select(calls.c.state)).scalar_one() else None
    )


async def test_a_message_whose_callback_was_lost_is_found_within_the_minute(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked(night)
    await night.rehearsal.press(RUTH, "1")
    await night.rehearsal.hears(RUTH, "(beep)")
    await night.rehearsal.speak(RUTH, WORDS)
    with monkeypatch.context() as lost:
        lost.setattr(voicemails, "left", lambda *_: "")
        await night.rehearsal.hears(RUTH, "We have your message.")
        await night.ended("voicemail")
        assert await night.rows(rows) == []
    await night.line.voicemail_post.reconcile_once()
    assert await home_and_erased(night) == [False], "nobody told us that a call is safe"
