"""Texts from the first word to the delivered answer, through real HTTP and a playing carrier."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.cases import acts as contacts
from app.cases.model import HowEnded
from app.cases.tables import contacts as contact_table
from app.cases.tables import messages
from app.db import Work
from app.errors import Down
from telephony import text_out, texting
from telephony.tables import outbox, texts, threads
from telephony.texts import WHY, TextStatus
from tests.telephony.night import MAYA, RUTH, TEXTLINE, Night, a_night

FIRST_ANSWER = (
    "Emergency? Call 999. Your message has arrived. A person will answer. "
    "Is it safe to text you here?"
)


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with a_night(tmp_path) as night:
        await night.on_duty("Maya")
        yield night
        assert [error.title for error in night.rehearsal.errors] == []


async def states(night: Night) -> list[str]:
    rows = await night.rows(texts)
    return [row.state for row in rows if row.way == "out"]


async def lines(night: Night, conversation: str) -> list[tuple[str, str]]:
    told = await night.ground.db.read(night.transcript.after, conversation, 0)
    return [(line.sender.partition(":")[0], line.text) for line in told]


async def one_state(night: Night, wanted: str) -> None:
    def look(work: Work) -> bool | None:
        found = work.run(sa.select(texts.c.state).where(texts.c.way == "out")).scalars().all()
        return found == [wanted] or None

    await night.until(look)


async def test_ruth_texts_and_maya_answers(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Can I talk to someone?")
    first = await night.rehearsal.receives(RUTH, "999")
    assert first.words == FIRST_ANSWER
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    await night.says("Maya", taken.conversation, "Yes. I am Maya. What has happened?")
    await night.rehearsal.receives(RUTH, "I am Maya")
    await one_state(night, "delivered")
    await night.rehearsal.text(RUTH, TEXTLINE, "He is out now")
    await night.until(lambda work: True if work.run(sa.select(messages)).all()[2:] else None)
    assert await lines(night, taken.conversation) == [
        ("visitor", "Can I talk to someone?"),
        ("staff", "Yes. I am Maya. What has happened?"),
        ("visitor", "He is out now"),
    ]
    mine = [text for text in night.rehearsal.texts(RUTH) if not text.mine]
    assert len(mine) == 2, "one automatic answer, and Maya's"
    told = await night.ground.db.read(text_out.deliveries, taken.conversation)
    assert told == {2: "delivered"}


async def test_a_text_after_the_end_is_a_new_contact(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    await night.ends(taken.contact)
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello again")
    await night.until(lambda work: True if len(work.run(sa.select(threads)).all()) == 2 else None)
    assert len(await night.rows(contact_table)) == 2


async def test_the_number_is_sealed_wherever_it_lies(night: Night, tmp_path: Path) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Please do not ring me")
    await night.rehearsal.receives(RUTH, "999")
    contact = await night.contact()

    def number(work: Work) -> str | None:
        return contacts.number_of(work, night.ground.keyring, contact.id)

    assert await night.ground.db.read(number) == RUTH, "it is kept"
    for name, kept in on_disk(tmp_path).items():
        assert RUTH[1:].encode() not in kept, name
        assert b"do not ring" not in kept, name


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("night.db*")}


async def test_nothing_goes_out_when_their_last_word_is_half_an_hour_old(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    night.ground.clock.move(minutes=31)
    await night.says("Maya", taken.conversation, "Are you still there?")
    await one_state(night, "refused")
    assert (await lines(night, taken.conversation))[-1] == (
        "system",
        "Not sent. Their last message is more than 30 minutes old. It may not be safe now.",
    )
    assert [row.outcome for row in await night.rows(outbox)] == ["no permit"]


async def test_stop_is_shown_to_maya_and_start_lets_her_answer_again(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    await night.ground.db.write(_stop, taken.conversation, True)
    await night.says("Maya", taken.conversation, "I am here")
    await one_state(night, "refused")
    words = (await lines(night, taken.conversation))[-1][1]
    assert words == "Not sent. They texted STOP. They must text START before we can answer."


def _stop(work: Work, conversation: str, stopped: bool) -> None:
    work.run(
        threads.update().where(threads.c.conversation == conversation).values(opted_out=stopped)
    )


async def test_what_maya_writes_after_the_carrier_refused_once_is_sent_once(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    await night.rehearsal.carrier_refuses(503, "POST")
    await night.says("Maya", taken.conversation, "I am here")
    await night.rehearsal.receives(RUTH, "I am here")
    await one_state(night, "delivered")
    heard = [text.words for text in night.rehearsal.texts(RUTH) if text.words == "I am here"]
    assert len(heard) == 1
    night.rehearsal.table.errors.clear()


async def test_a_long_answer_goes_in_pieces_and_keeps_its_words(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    words = "It is not your fault. " * 100
    await night.says("Maya", taken.conversation, words)

    def all_out(work: Work) -> list[Any] | None:
        found = work.run(sa.select(texts.c.state).where(texts.c.way == "out")).scalars().all()
        return list(found) if found and set(found) == {"delivered"} else None

    assert len(await night.until(all_out)) == 2
    got = [text.words for text in night.rehearsal.texts(RUTH) if "fault" in text.words]
    assert " ".join(" ".join(got).split()) == words.strip()


async def test_two_texts_at_once_are_one_contact(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    await night.rehearsal.text(RUTH, TEXTLINE, "Is anyone there?")
    await night.until(lambda work: True if work.run(sa.select(messages)).all()[1:] else None)
    assert len(await night.rows(contact_table)) == 1


async def test_a_text_to_a_phone_of_the_staff_is_never_made(night: Night) -> None:
    """Only words of an advisor in a text conversation go out, and only to who wrote there."""
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    await night.ground.db.write(contacts.end, taken.contact, HowEnded.ADVISOR_ENDED)
    assert night.rehearsal.texts(MAYA) == []
    assert await states(night) == []


async def test_help_is_shown_to_maya_and_no_marketing_answer_is_ours(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "HELP")
    await night.rehearsal.receives(RUTH, "999")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    assert (await lines(night, taken.conversation))[1:] == [("system", texting.HELPED)]
    night.rehearsal.table.errors.clear()


async def test_a_stop_is_remembered_when_they_text_again_another_day(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "STOP")
    first = await night.accepts("Maya")
    await night.ends(first.contact)
    await night.rehearsal.text(RUTH, TEXTLINE, "Can you help me now?")
    await night.until(lambda work: True if len(work.run(sa.select(threads)).all()) == 2 else None)
    assert [thread.opted_out for thread in await night.rows(threads)] == [True, True]
    mine = [text.words for text in night.rehearsal.texts(RUTH) if not text.mine]
    assert len(mine) == 1, "the carrier's own answer to STOP, and not one of ours"
    night.rehearsal.table.errors.clear()


async def test_a_landline_is_never_texted_for_it_may_read_it_aloud(night: Night) -> None:
    await night.rehearsal.text("+441632960777", TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    await night.says("Maya", taken.conversation, "I am here")
    await one_state(night, "refused")
    assert (await lines(night, taken.conversation))[-1][1] == (
        "Not sent. Not safe on this channel: it is a landline, which may read a text aloud."
    )
    assert [text for text in night.rehearsal.texts("+441632960777") if not text.mine] == []


async def test_what_the_carrier_says_of_a_landline_stops_the_next_text(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    await night.says("Maya", taken.conversation, "I am here")
    await one_state(night, "delivered")

    await night.ground.db.write(only_sent)
    (row,) = [row for row in await night.rows(texts) if row.way == "out"]
    told = TextStatus(str(row.message), "undelivered", "30006")
    for _ in range(2):
        await night.ground.db.write(text_out.status_came, night.transcript, row.id, told)
    said = [words for _, words in await lines(night, taken.conversation)]
    assert said.count(f"{text_out.NOT_DELIVERED} {WHY['30006']}") == 1
    await night.says("Maya", taken.conversation, "Are you there?")
    await night.until(
        lambda work: True if "refused" in states_of(work, taken.conversation) else None
    )


def only_sent(work: Work) -> None:
    work.run(texts.update().where(texts.c.way == "out").values(state="sent"))


def states_of(work: Work, conversation: str | None) -> list[str]:
    found = sa.select(texts.c.state).where(texts.c.conversation == conversation)
    return list(work.run(found).scalars())


async def test_a_stop_that_only_the_delivery_news_tells_of_is_known(night: Night) -> None:
    await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
    taken = await night.accepts("Maya")
    assert taken.conversation is not None
    await night.says("Maya", taken.conversation, "I am here")
    await night.until(lambda work: True if states_of(work, taken.conversation)[1:] else None)
    (row,) = [row for row in await night.rows(texts) if row.way == "out"]
    await night.ground.db.write(only_sent)
    told = TextStatus("SMx", "failed", "21610")
    await night.ground.db.write(text_out.status_came, night.transcript, row.id, told)
    assert [thread.opted_out for thread in await night.rows(threads)] == [True]


async def test_a_text_that_no_webhook_brought_is_found_within_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_night(tmp_path) as night:
        with monkeypatch.context() as broken:
            broken.setattr(texting, "text_came", _down)
            await night.rehearsal.text(RUTH, TEXTLINE, "He took my keys")
            await night.rehearsal.receives(RUTH, "Please send it again")
            assert await night.rows(threads) == []
        assert await night.line.catching_up.pass_once() == 0, "it may still come by itself"
        night.ground.clock.move(seconds=60)
        assert await night.line.catching_up.pass_once() == 1
        assert await night.line.catching_up.pass_once() == 0, "once is enough"
        (thread,) = await night.rows(threads)
        (told, late) = (await lines(night, thread.conversation))[:2]
        assert told == ("visitor", "He took my keys") or late == ("visitor", "He took my keys")
        await night.rehearsal.receives(RUTH, "Your message has arrived")


async def test_a_text_found_hours_later_is_kept_and_gets_no_answer_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_night(tmp_path) as night:
        with monkeypatch.context() as broken:
            broken.setattr(texting, "text_came", _down)
            await night.rehearsal.text(RUTH, TEXTLINE, "Please ring me")
            await night.rehearsal.receives(RUTH, "Please send it again")
        night.ground.clock.move(hours=23)
        assert await night.line.catching_up.pass_once() == 1
        (thread,) = await night.rows(threads)
        said = await lines(night, thread.conversation)
        assert [sender for sender, _ in said][:2] == ["system", "visitor"]
        assert said[0][1].startswith("This text was sent at ")
        heard = [text.words for text in night.rehearsal.texts(RUTH) if not text.mine]
        assert len(heard) == 1, "their word is a day old: it may not be safe now"
        assert (await night.contact()).state == "waiting", "and somebody is asked for"


async def test_a_carrier_that_cannot_tell_is_asked_for_the_same_day_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_night(tmp_path) as night:
        with monkeypatch.context() as broken:
            broken.setattr(texting, "text_came", _down)
            await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
            await night.rehearsal.receives(RUTH, "Please send it again")
        night.ground.clock.move(hours=2)
        await night.rehearsal.carrier_refuses(503, "Messages")
        assert await night.line.catching_up.pass_once() == 0
        assert await night.line.catching_up.pass_once() == 1


def _down(*_: object) -> None:
    raise Down("The database is away.")


async def test_nobody_takes_it_and_ruth_is_told_the_number_once(tmp_path: Path) -> None:
    async with a_night(tmp_path) as night:
        await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
        await night.rehearsal.receives(RUTH, "999")
        night.ground.clock.move(minutes=4)
        told = await night.rehearsal.receives(RUTH, "Nobody is free just now.")
        assert told.words.startswith("Emergency? Call 999.")
        assert told.words.endswith("ring 08081 570 142.")
        await night.on_duty("Maya")
        taken = await night.accepts("Maya")
        assert taken.conversation is not None
        await night.says("Maya", taken.conversation, "I am here now")
        await night.rehearsal.receives(RUTH, "I am here now")
        mine = [text for text in night.rehearsal.texts(RUTH) if not text.mine]
        assert len(mine) == 3, "the first answer, the honest line once, and Maya's"


async def test_a_text_and_its_answer_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    async with a_night(tmp_path, url=postgres_url) as night:
        await night.on_duty("Maya")
        await night.rehearsal.text(RUTH, TEXTLINE, "Hello")
        taken = await night.accepts("Maya")
        assert taken.conversation is not None
        await night.says("Maya", taken.conversation, "I am Maya")
        await night.rehearsal.receives(RUTH, "I am Maya")
        await one_state(night, "delivered")
