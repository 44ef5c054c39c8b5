"""What can happen to a contact, on both databases: once, told apart, refused when late (S3)."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from app import ids
from app.cases import acts as contacts
from app.cases import notes
from app.cases.model import Channel, HowEnded, Need, State, WrapUp
from app.cases.tables import assignments, conversations
from app.cases.tables import contacts as contact_table
from app.errors import Conflict, Missing, Refused, Stale
from app.keyring import data_keys
from routing import acts as routing
from tests.house import Home
from tests.people import ELLA, MAYA, SAM, TOM

# -- arriving --------------------------------------------------------------------------------


async def test_the_same_opening_is_the_same_contact(home: Home) -> None:
    """The carrier sends its webhook again; a page says hello twice."""
    opening = ELLA.opening(key="chat:once")
    first = await home.write(contacts.arrive, home.keyring, opening)
    again = await home.write(contacts.arrive, home.keyring, ELLA.opening(key="chat:once"))
    assert first == again
    assert first.conversation == opening.conversation
    assert len(await home.rows(sa.select(conversations))) == 1


async def test_the_same_opening_at_the_same_moment_is_one_contact(home: Home) -> None:
    arrived = await asyncio.gather(
        *(
            home.write(contacts.arrive, home.keyring, ELLA.opening(key="chat:once"))
            for _ in range(8)
        )
    )
    assert len({contact.id for contact in arrived}) == 1
    assert len({contact.conversation for contact in arrived}) == 1
    assert len(await home.rows(sa.select(contact_table))) == 1


async def test_what_was_said_before_the_first_word_is_kept_with_it(home: Home) -> None:
    ella = await home.arrives(ELLA)
    assert (ella.state, ella.hub, ella.need) == (State.WAITING, "penrith", ELLA.need)
    assert (ella.owner, ella.offer_no, ella.assignment_no) == (None, 0, 0)
    assert ella.queued_at is not None


async def test_a_number_is_sealed_and_found_again_only_by_its_blind_index(home: Home) -> None:
    sam = await home.arrives(SAM, Channel.VOICE)
    (row,) = await home.rows(sa.select(contact_table))
    assert SAM.number is not None
    assert SAM.number.encode() not in bytes(row.number)
    assert row.number_index == home.keyring.blind("cumbria", SAM.number)
    assert row.number_index != home.keyring.blind("lancashire", SAM.number)
    assert await home.read(contacts.number_of, home.keyring, sam.id) == SAM.number


async def test_a_withheld_number_is_no_number(home: Home) -> None:
    ella = await home.arrives(ELLA, Channel.VOICE)
    assert await home.read(contacts.number_of, home.keyring, ella.id) is None


async def test_every_contact_has_a_key_of_its_own(home: Home) -> None:
    ella, sam = await home.arrives(ELLA), await home.arrives(SAM)
    keys = await home.rows(
        sa.select(data_keys.c.owner).where(data_keys.c.owner.in_([ella.id, sam.id]))
    )
    assert {key.owner for key in keys} == {ella.id, sam.id}


async def test_what_is_learned_later_is_kept(home: Home) -> None:
    ella = await home.arrives(ELLA)
    await home.write(contacts.set_need, ella.id, "kendal", Need(crime="hate"), "menu")
    ella = await home.contact(ella.id)
    assert (ella.hub, ella.need.crime, ella.area_found) == ("kendal", "hate", "menu")


async def test_nobody_is_there_under_an_unknown_id(home: Home) -> None:
    with pytest.raises(Missing):
        await home.contact(ids.new())


# -- ending ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (HowEnded.QUICK_EXIT, HowEnded.QUICK_EXIT),
        (HowEnded.CLOSED_PAGE, HowEnded.CLOSED_PAGE),
        (HowEnded.LOST_SIGNAL, HowEnded.LOST_SIGNAL),
        (HowEnded.PERSON_ENDED, HowEnded.HUNG_UP_WAITING),
        (HowEnded.HANDED_TO_NUMBER, HowEnded.HANDED_TO_NUMBER),
        (HowEnded.NUMBER_GIVEN, HowEnded.NUMBER_GIVEN),
    ],
)
async def test_endings_before_anyone_answered_are_told_apart(
    home: Home, how: HowEnded, told: HowEnded
) -> None:
    ella = await home.arrives(ELLA)
    ended = await home.write(routing.end, ella.id, how)
    assert (ended.state, ended.how_ended, ended.owner) == (State.CLOSED, told, None)
    assert ended.ended_at == ended.closed_at is not None


@pytest.mark.parametrize(
    "how",
    [HowEnded.QUICK_EXIT, HowEnded.PERSON_ENDED, HowEnded.ADVISOR_ENDED, HowEnded.LOST_SIGNAL],
)
async def test_whoever_held_it_writes_it_up(home: Home, how: HowEnded) -> None:
    ella = await home.taken_by(MAYA)
    ended = await home.write(routing.end, ella.id, how)
    assert (ended.state, ended.how_ended, ended.owner) == (State.WRAPPING, how, ella.owner)
    maya = await home.actor(MAYA)
    wrap = WrapUp(type="support", outcome="safety plan", crime="domestic", silent=True)
    done = await home.write(routing.wrap_up, maya, ella.id, ella.assignment_no, wrap)
    assert (done.state, done.owner, done.how_ended) == (State.CLOSED, None, how)
    assert (done.type, done.outcome, done.silent) == ("support", "safety plan", True)


async def test_the_first_ending_stands(home: Home) -> None:
    """She pressed Exit; a moment later the closing page said goodbye too."""
    ella = await home.arrives(ELLA)
    first = await home.write(routing.end, ella.id, HowEnded.QUICK_EXIT)
    again = await home.write(routing.end, ella.id, HowEnded.CLOSED_PAGE)
    assert again == first


async def test_an_ending_ends_the_way_back_in(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    await home.write(
        lambda work: work.run(conversations.update().values(visitor_token=b"hash")).rowcount
    )
    await home.write(routing.end, ella.id, HowEnded.ADVISOR_ENDED)
    (row,) = await home.rows(sa.select(conversations.c.visitor_token))
    assert row.visitor_token is None


async def test_an_advisor_who_lost_it_cannot_end_it(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    await home.write(routing.release, ella.id, ella.assignment_no, "advisor lost")
    with pytest.raises(Stale):
        await home.write(
            routing.end, ella.id, HowEnded.ADVISOR_ENDED, assignment_no=ella.assignment_no
        )
    assert (await home.contact(ella.id)).state is State.WAITING


async def test_wrapping_up_twice_is_once_and_anybody_elses_is_stale(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.actor(TOM)
    await home.write(routing.end, ella.id, HowEnded.PERSON_ENDED)
    with pytest.raises(Stale):
        await home.write(routing.wrap_up, tom, ella.id, ella.assignment_no, WrapUp(type="test"))
    with pytest.raises(Stale):
        await home.write(routing.wrap_up, maya, ella.id, 7, WrapUp(type="test"))
    first = await home.write(
        routing.wrap_up, maya, ella.id, ella.assignment_no, WrapUp(type="support")
    )
    again = await home.write(
        routing.wrap_up, maya, ella.id, ella.assignment_no, WrapUp(type="information")
    )
    assert again == first


async def test_what_is_still_going_on_cannot_be_wrapped_up(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    with pytest.raises(Stale):
        await home.write(
            routing.wrap_up, await home.actor(MAYA), ella.id, ella.assignment_no, WrapUp()
        )


async def test_who_held_it_and_how_that_ended_is_kept(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    await home.write(routing.release, ella.id, ella.assignment_no, "advisor lost")
    (row,) = await home.rows(sa.select(assignments))
    assert (row.staff, row.number, row.how) == (ella.owner, 1, "advisor lost")
    assert row.ended_at is not None


# -- notes ---------------------------------------------------------------------------------------


async def test_a_private_note_is_kept_once_and_is_no_line(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    assert ella.conversation is not None
    assert ella.owner is not None
    await home.says(ella, "visitor", "hello?")
    note = (ella.conversation, ella.owner, bytes(16))
    first = await home.write(notes.keep, home.keyring, *note, "Sounds afraid.")
    assert await home.write(notes.keep, home.keyring, *note, "Sounds afraid.") == first
    with pytest.raises(Conflict):
        await home.write(notes.keep, home.keyring, *note, "Other words.")
    lines = await home.read(home.house.transcript.after, ella.conversation, 0)
    assert [line.text for line in lines] == ["hello?"]
    (kept,) = await home.read(notes.after, home.keyring, ella.conversation, 0)
    assert (kept.text, kept.after_seq, kept.number) == ("Sounds afraid.", 1, 1)


async def test_only_whoever_holds_it_writes_a_note(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    tom = await home.actor(TOM)
    with pytest.raises(Refused):
        await home.write(
            notes.keep, home.keyring, ella.conversation or "", tom.staff, bytes(16), "Mine."
        )
    with pytest.raises(Missing):
        await home.write(notes.keep, home.keyring, ids.new(), tom.staff, bytes(16), "Where?")
