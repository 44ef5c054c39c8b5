"""The hot door on both databases: an acknowledged message is on disk, once, in order (S1)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app import ids
from app.bus import Hint
from app.cases import acts as contacts
from app.cases.model import SYSTEM, VISITOR, Contact, HowEnded, Kind, Message
from app.cases.tables import conversations, messages
from app.cases.transcript import Answer, Post, Posted, heads_of
from app.crypto import CannotOpen
from app.db import Work
from app.errors import Conflict, FrontdoorError, Missing, Refused
from app.keyring import data_keys
from routing import acts as routing
from tests.house import Home
from tests.people import ELLA, MAYA, SAM


def post(contact: Contact, text: str, client_id: bytes = b"", sender: str = VISITOR) -> Post:
    assert contact.conversation is not None
    return Post(contact.conversation, sender, client_id or bytes.fromhex(ids.new()), text)


async def lines(home: Home, contact: Contact, after: int = 0) -> list[Message]:
    assert contact.conversation is not None
    return await home.read(home.house.transcript.after, contact.conversation, after)


async def append(home: Home, *batch: Post) -> list[Answer]:
    """One batch, as the hot door gets it."""

    def door(work: Work) -> list[Answer]:
        return list(home.house.transcript.append(work, batch))

    return await home.write(door)


async def test_words_are_kept_in_the_order_they_came(home: Home) -> None:
    ella = await home.arrives(ELLA)
    for text in ("hello?", "is anyone there?"):
        await home.says(ella, VISITOR, text)
    kept = await lines(home, ella)
    assert [(line.seq, line.sender, line.text) for line in kept] == [
        (1, VISITOR, "hello?"),
        (2, VISITOR, "is anyone there?"),
    ]
    assert [line.text for line in await lines(home, ella, after=1)] == ["is anyone there?"]


async def test_an_acknowledgement_says_what_is_on_disk(home: Home) -> None:
    ella = await home.arrives(ELLA)
    posted = await home.says(ella, VISITOR, "hello?")
    (line,) = await lines(home, ella)
    assert (posted.seq, posted.at, posted.client_id) == (line.seq, line.at, line.client_id)
    assert await home.read(heads_of, [posted.conversation]) == {posted.conversation: 1}


async def test_the_same_id_with_the_same_words_gets_the_first_answer_again(home: Home) -> None:
    ella = await home.arrives(ELLA)
    first = await home.says(ella, VISITOR, "hello?", id_ := ids.new())
    await home.says(ella, VISITOR, "are you there?")
    again = await home.says(ella, VISITOR, "hello?", id_)
    assert again == replace(first, again=True)
    assert [line.text for line in await lines(home, ella)] == ["hello?", "are you there?"]


async def test_the_same_id_with_other_words_is_a_conflict(home: Home) -> None:
    ella = await home.arrives(ELLA)
    await home.says(ella, VISITOR, "hello?", id_ := ids.new())
    with pytest.raises(Conflict):
        await home.says(ella, VISITOR, "goodbye", id_)
    assert [line.text for line in await lines(home, ella)] == ["hello?"]


async def test_it_is_the_same_within_one_batch(home: Home) -> None:
    """Sent twice before the first was acknowledged, with a neighbour in between."""
    ella, sam = await home.arrives(ELLA), await home.arrives(ELLA)
    id_ = bytes.fromhex(ids.new())
    first, other, again, conflict, last = await append(
        home,
        post(ella, "hello?", id_),
        post(sam, "it's me"),
        post(ella, "hello?", id_),
        post(ella, "goodbye", id_),
        post(ella, "is anyone there?"),
    )
    assert isinstance(first, Posted)
    assert again == replace(first, again=True)
    assert isinstance(conflict, Conflict)
    assert isinstance(other, Posted)
    assert isinstance(last, Posted)
    assert (first.seq, last.seq, other.seq) == (1, 2, 1)
    assert [line.text for line in await lines(home, ella)] == ["hello?", "is anyone there?"]
    assert [line.text for line in await lines(home, sam)] == ["it's me"]


async def test_two_people_may_choose_the_same_id(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    id_ = ids.new()
    await home.says(ella, VISITOR, "hello?", id_)
    await home.says(ella, f"staff:{ella.owner}", "Hello, I am Maya.", id_)
    assert [line.seq for line in await lines(home, ella)] == [1, 2]


async def test_twenty_writers_leave_no_gap(home: Home) -> None:
    ella, sam = await home.arrives(ELLA), await home.arrives(ELLA)

    async def writer(name: int) -> list[int]:
        whose = ella if name % 2 else sam
        return [(await home.says(whose, VISITOR, f"{name}:{n}")).seq for n in range(5)]

    heard = await asyncio.gather(*(writer(name) for name in range(20)))
    assert all(seqs == sorted(seqs) for seqs in heard), "a writer's own words stay in order"
    for contact in (ella, sam):
        kept = await lines(home, contact)
        assert [line.seq for line in kept] == list(range(1, 51))
    told = sorted(seq for seqs in heard for seq in seqs)
    assert told == sorted([*range(1, 51)] * 2)


async def test_whoever_listens_is_told_how_far_it_has_come(home: Home) -> None:
    ella = await home.arrives(ELLA)
    assert ella.conversation is not None
    async with home.house.ground.bus.subscribe(("conversation", ella.conversation)) as hints:
        await home.says(ella, VISITOR, "hello?")
        assert await anext(hints) == Hint("conversation", ella.conversation, 1)


async def test_a_page_is_no_longer_than_was_asked(home: Home) -> None:
    ella = await home.arrives(ELLA)
    assert ella.conversation is not None
    await append(home, *(post(ella, f"{n}") for n in range(1, 8)))
    page = await home.read(home.house.transcript.after, ella.conversation, 2, 3)
    assert [line.text for line in page] == ["3", "4", "5"]


# -- who may write ------------------------------------------------------------------------------


async def answer(home: Home, one: Post) -> Answer:
    (told,) = await append(home, one)
    return told


async def test_only_whoever_holds_it_writes_as_staff(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    assert isinstance(await answer(home, post(ella, "Hi", sender=f"staff:{ella.owner}")), Posted)
    refused = await answer(home, post(ella, "Hi", sender=f"staff:{ids.new()}"))
    assert isinstance(refused, Refused)
    assert refused.code == "not_yours"


async def test_after_the_end_nobody_writes_but_the_line_itself(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = f"staff:{ella.owner}"
    assert isinstance(await answer(home, post(ella, "before")), Posted)
    await home.write(routing.end, ella.id, HowEnded.ADVISOR_ENDED)
    for sender in (VISITOR, maya):
        told = await answer(home, post(ella, "after", sender=sender))
        assert isinstance(told, Refused)
        assert told.code == "ended"
    said = Post(ella.conversation or "", SYSTEM, bytes(16), "They left.", Kind.EVENT)
    assert isinstance(await answer(home, said), Posted)


async def test_what_came_before_the_end_is_still_acknowledged_after_it(home: Home) -> None:
    """The ack was lost, the chat ended, the client sends again: the first answer again."""
    ella = await home.arrives(ELLA)
    words = post(ella, "hello?")
    first = await answer(home, words)
    await home.write(routing.end, ella.id, HowEnded.PERSON_ENDED)
    again = await answer(home, words)
    assert isinstance(first, Posted)
    assert again == replace(first, again=True)


async def test_a_conversation_that_is_not_there_is_missing(home: Home) -> None:
    ella = await home.arrives(ELLA)
    nowhere = Post(ids.new(), VISITOR, bytes(16), "hello?")
    told, kept = await append(home, nowhere, post(ella, "hello?"))
    assert isinstance(told, Missing)
    assert isinstance(kept, Posted)


# -- what lies on disk -------------------------------------------------------------------------


async def test_no_word_lies_readable_in_the_database(home: Home) -> None:
    ella = await home.arrives(SAM, queued=False)
    await home.says(await home.arrives(ELLA), VISITOR, "he is in the next room")
    assert ella.id
    for row in await home.rows(sa.select(messages)):
        assert b"next room" not in bytes(row.body)


async def test_words_moved_to_another_place_do_not_open(home: Home) -> None:
    ella, sam = await home.arrives(ELLA), await home.arrives(ELLA)
    await home.says(ella, VISITOR, "hello?")
    await home.says(sam, VISITOR, "it's me")

    def swap(work: Work) -> None:
        of_ella = sa.select(conversations.c.number).where(conversations.c.id == ella.conversation)
        body = sa.select(messages.c.body).where(
            messages.c.conversation == of_ella.scalar_subquery()
        )
        work.run(messages.update().values(body=body.scalar_subquery()))

    await home.write(swap)
    assert [line.text for line in await lines(home, ella)] == ["hello?"]
    with pytest.raises(CannotOpen):
        await lines(home, sam)


async def test_without_its_key_a_contact_cannot_be_read(home: Home) -> None:
    """Erasing is deleting a key: what a process still holds open goes with it."""
    ella = await home.arrives(ELLA)
    await home.says(ella, VISITOR, "hello?")

    def wipe(work: Work) -> None:
        work.run(data_keys.update().where(data_keys.c.owner == ella.id).values(wrapped=bytes(100)))

    await home.write(wipe)
    home.keyring._open.clear()
    with pytest.raises(CannotOpen):
        await lines(home, ella)


# -- promises held by the tables -----------------------------------------------------------------


@pytest.mark.parametrize("clash", ["seq", "client_id"])
async def test_the_tables_refuse_a_second_line_in_the_same_place(home: Home, clash: str) -> None:
    ella = await home.arrives(ELLA)
    await home.says(ella, VISITOR, "hello?")
    (row,) = await home.rows(sa.select(messages))

    def wrong(work: Work) -> None:
        values = dict(row._mapping) | {"id": None, "seq": 2, "client_id": bytes(16)}
        values[clash] = getattr(row, clash)
        del values["id"]
        work.run(messages.insert().values(**values))

    with pytest.raises(sa.exc.IntegrityError):
        await home.write(wrong)


async def test_the_careful_path_answers_each_by_itself(home: Home) -> None:
    """A batch with everything in it: kept before, new, other words, refused, absent."""
    ella, gone = await home.arrives(ELLA), await home.arrives(ELLA)
    known = post(ella, "hello?")
    await answer(home, known)
    await home.write(contacts.end, gone.id, HowEnded.QUICK_EXIT)
    told = await append(
        home,
        known,
        post(ella, "still here"),
        replace(known, text="goodbye"),
        post(gone, "wait"),
        Post(ids.new(), VISITOR, bytes(16), "who?"),
    )
    assert [type(each) for each in told] == [Posted, Posted, Conflict, Refused, Missing]
    assert all(isinstance(each, Posted | FrontdoorError) for each in told)
    assert [line.text for line in await lines(home, ella)] == ["hello?", "still here"]
