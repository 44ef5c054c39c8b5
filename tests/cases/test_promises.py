"""A call-back asked for is open work: kept once, held by one, its number seen only by permit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.auth.policy import Action, Role
from app.cases import acts as contacts
from app.cases.calling import Calling, done, give_back, open_number, take
from app.cases.due import When, due_at
from app.cases.model import Contact, HowEnded
from app.cases.notices import Kind, open_notices
from app.cases.number import CANNOT_RING
from app.cases.promised import How, Promise
from app.cases.promises import CallBack, ask, count, of_contact, open_promises, tell_late
from app.cases.safe_contact import Purpose, Refusal
from app.cases.tables import promises
from app.db import Work
from app.definition.people import Person
from app.errors import Conflict, FrontdoorError, Missing, Refused, Stale, Wrong
from tests.house import Home
from tests.people import AISHA, CUMBRIA, ELLA, HANNAH, MAREK, MAYA, PEOPLE, SAM, TOM

WISH = CallBack(
    "+447700900123", "evening", False, "Say it is the dentist.", "Only me.", "We call at 17 to 21."
)


async def wishes(
    home: Home, contact: Contact, wish: CallBack = WISH, promise_id: str = ""
) -> Promise:
    due = due_at(When(wish.when), home.clock.now(), CUMBRIA.zone)
    return await home.write(ask, home.keyring, promise_id or ids.new(), contact.id, wish, due)


async def asked(home: Home, wish: CallBack = WISH) -> Promise:
    """Ella, near Penrith, at noon."""
    return await wishes(home, await home.arrives(ELLA.near("penrith")), wish)


async def opening(home: Home, who: Person, promise: Promise) -> Calling | Refusal:
    actor = await home.actor(who)
    return await home.write(open_number, home.keyring, actor, promise.id, CUMBRIA.zone)


def to(home: Home, hour: int, minute: int = 0) -> None:
    """Move on to this local time of the same day, or of the next."""
    here = home.clock.now().astimezone(ZoneInfo(CUMBRIA.zone))
    there = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    home.clock.offset += (there if there > here else there + timedelta(days=1)) - here


async def ids_seen(home: Home, who: Person) -> list[str]:
    return [each.id for each in await home.read(open_promises, await home.actor(who))]


# -- asking ------------------------------------------------------------------------------------


async def test_a_wish_is_kept_with_its_time_and_the_place_in_the_queue_stays(home: Home) -> None:
    ella = await home.arrives(ELLA)
    promise = await wishes(home, ella)
    assert promise.number_ends == "123"
    assert promise.due_at.astimezone(ZoneInfo(CUMBRIA.zone)).hour == 21
    assert (promise.owner, promise.done_at, promise.hub) == (None, None, ella.hub)
    assert (await home.contact(ella.id)).state is ella.state
    assert [each.id for each in await home.read(of_contact, ella.id)] == [promise.id]


async def test_no_word_of_it_lies_open_in_the_database(home: Home) -> None:
    await asked(home)
    (row,) = await home.rows(sa.select(promises))
    kept = b"".join(value for value in row if isinstance(value, bytes))
    for word in (b"7700900123", b"dentist", b"Only me", b"17 to 21"):
        assert word not in kept
    assert "7700900123" not in str([value for value in row if isinstance(value, str)])


async def test_the_same_id_is_the_same_promise_and_never_another_wish(home: Home) -> None:
    ella, once = await home.arrives(ELLA), ids.new()
    first = await wishes(home, ella, promise_id=once)
    home.clock.move(minutes=5)
    assert await wishes(home, ella, promise_id=once) == first
    with pytest.raises(Conflict):
        await wishes(home, ella, replace(WISH, voicemail=True), once)
    with pytest.raises(Conflict):
        await wishes(home, await home.arrives(SAM), WISH, once)
    assert len(await home.rows(sa.select(promises))) == 1


async def test_a_second_wish_replaces_the_first_and_the_first_is_kept(home: Home) -> None:
    ella = await home.arrives(ELLA)
    first = await wishes(home, ella)
    await home.write(take, await home.actor(HANNAH), first.id)
    second = await wishes(home, ella, replace(WISH, number="+447700900456", when="morning"))
    assert (second.changed, second.owner, second.number_ends) == (True, None, "456")
    hannah = await home.actor(HANNAH)
    assert [each.id for each in await home.read(open_promises, hannah)] == [second.id]
    wished = await home.read(of_contact, ella.id)
    assert [(each.id, each.replaced_at is None) for each in wished] == [
        (first.id, False), (second.id, True),
    ]  # fmt: skip
    with pytest.raises(Stale):
        await opening(home, HANNAH, first)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (replace(WISH, number="+12025550123"), CANNOT_RING),
        (replace(WISH, number="withheld"), CANNOT_RING),
        (replace(WISH, number="07700900123"), CANNOT_RING),
        (replace(WISH, when="midnight"), "Choose a part of the day."),
        (replace(WISH, say="x" * 501), "Keep it to 500 letters."),
    ],
)
async def test_what_cannot_be_kept_is_refused_in_a_plain_sentence(
    lodge: Home, wish: CallBack, words: str
) -> None:
    ella = await lodge.arrives(ELLA)
    with pytest.raises(Wrong, match=words):
        await lodge.write(ask, lodge.keyring, ids.new(), ella.id, wish, lodge.clock.now())
    assert await lodge.rows(sa.select(promises)) == []


async def test_a_promise_stands_though_they_left_quickly(home: Home) -> None:
    promise = await asked(home)
    await home.write(contacts.visitor_is, promise.contact, "left quickly")
    await home.write(contacts.end, promise.contact, HowEnded.QUICK_EXIT)
    (shown,) = await home.read(open_promises, await home.actor(MAYA))
    assert (shown.id, shown.visitor) == (promise.id, "left quickly")


# -- who sees it, who holds it -----------------------------------------------------------------


async def test_a_hub_sees_its_own_and_whoever_held_the_contact_sees_theirs(home: Home) -> None:
    other = await wishes(home, await home.taken_by(TOM, ELLA.near("carlisle")))
    promise = await asked(home)
    assert await ids_seen(home, MAYA) == [promise.id]
    assert await ids_seen(home, AISHA) == [other.id]
    assert await ids_seen(home, TOM) == [other.id], "he answered her"
    assert await ids_seen(home, HANNAH) == [other.id, promise.id], "no lead but her"
    assert await ids_seen(home, MAREK) == []


async def test_absent_and_not_yours_answer_alike(home: Home) -> None:
    promise = await asked(home)
    stranger = await home.actor(next(each for each in PEOPLE if each.service == "durham"))
    answers: list[FrontdoorError] = []
    for who in (await home.actor(AISHA), stranger):
        for id_ in (promise.id, ids.new(), ""):
            with pytest.raises(Missing) as told:
                await home.write(take, who, id_)
            answers.append(told.value)
    assert len({(each.code, each.words) for each in answers}) == 1


async def test_a_role_that_takes_nobody_calls_nobody_back(home: Home) -> None:
    promise = await asked(home)
    admin = replace(await home.actor(MAYA), role=Role.ADMIN)
    assert not admin.may(Action.TAKE_CONTACTS)
    with pytest.raises(Refused):
        await home.read(open_promises, admin)
    with pytest.raises(Missing):
        await home.write(take, admin, promise.id)
    assert await home.read(count, admin, home.clock.now()) == (0, 0)


async def test_one_person_takes_it_and_may_give_it_back(home: Home) -> None:
    promise = await asked(home)
    maya, hannah = await home.actor(MAYA), await home.actor(HANNAH)
    for _ in range(2):
        await home.write(take, maya, promise.id)
    with pytest.raises(Stale):
        await home.write(take, hannah, promise.id)
    with pytest.raises(Stale):
        await home.write(give_back, hannah, promise.id)
    for _ in range(2):
        await home.write(give_back, maya, promise.id)
    await home.write(take, hannah, promise.id)
    (shown,) = await home.read(open_promises, maya)
    assert shown.owner == hannah.staff


# -- the number --------------------------------------------------------------------------------


async def test_the_number_is_shown_to_who_took_it_within_the_hours_asked_for(home: Home) -> None:
    promise = await asked(home)
    maya = await home.actor(MAYA)
    with pytest.raises(Stale):
        await opening(home, MAYA, promise)
    await home.write(take, maya, promise.id)
    refusal = await opening(home, MAYA, promise)
    assert isinstance(refusal, Refusal)
    assert refusal.why == "Not now. They asked for the evening, 17:00 to 21:00."
    assert refusal.allowed_from is not None
    assert refusal.allowed_from.astimezone(ZoneInfo(CUMBRIA.zone)).hour == 17
    to(home, 17)
    calling = await opening(home, MAYA, promise)
    assert isinstance(calling, Calling)
    assert (calling.number, calling.say, calling.who) == (WISH.number, WISH.say, WISH.who)
    assert calling.permit.purpose is Purpose.ASKED_FOR
    assert calling.permit.until == promise.due_at
    with pytest.raises(Stale):
        await opening(home, HANNAH, promise)
    to(home, 21)
    assert isinstance(await opening(home, MAYA, promise), Refusal)


async def test_every_opening_and_every_refusal_is_in_the_trail(home: Home) -> None:
    promise = await asked(home)
    maya = await home.actor(MAYA)
    await home.write(take, maya, promise.id)
    await opening(home, MAYA, promise)
    to(home, 18)
    await opening(home, MAYA, promise)
    await home.write(done, maya, promise.id, How.SPOKE)
    rows = await home.rows(sa.select(trail).where(trail.c.object_id == promise.id))
    assert [(row.actor, row.verb, row.kind, row.why) for row in rows] == [
        ("visitor", "asked", "promise", ""),
        (maya.staff, "took", "promise", ""),
        (maya.staff, "refused", "promised number", ""),
        (maya.staff, "opened", "promised number", ""),
        (maya.staff, "kept", "promise", "spoke"),
    ]


@pytest.mark.parametrize("how", [how for how in How if how is not How.LEFT_MESSAGE])
async def test_once_done_it_leaves_the_list_and_its_number_is_closed(lodge: Home, how: How) -> None:
    promise = await asked(lodge)
    maya = await lodge.actor(MAYA)
    with pytest.raises(Stale):
        await lodge.write(done, maya, promise.id, how)
    await lodge.write(take, maya, promise.id)
    for _ in range(2):
        await lodge.write(done, maya, promise.id, how)
    assert await ids_seen(lodge, MAYA) == []
    for act in (take, give_back):
        with pytest.raises(Stale):
            await lodge.write(act, maya, promise.id)
    to(lodge, 18)
    with pytest.raises(Stale):
        await opening(lodge, MAYA, promise)


async def test_a_message_is_left_only_where_it_was_agreed_to(home: Home) -> None:
    no, yes = await asked(home), await asked(home, replace(WISH, voicemail=True))
    maya = await home.actor(MAYA)
    for promise in (no, yes):
        await home.write(take, maya, promise.id)
    with pytest.raises(Wrong, match="no message"):
        await home.write(done, maya, no.id, How.LEFT_MESSAGE)
    await home.write(done, maya, yes.id, How.LEFT_MESSAGE)
    assert await ids_seen(home, MAYA) == [no.id]


async def test_a_number_somebody_else_answered_is_never_offered_again(home: Home) -> None:
    first, second = await asked(home), await asked(home)
    maya = await home.actor(MAYA)
    for promise in (first, second):
        await home.write(take, maya, promise.id)
    to(home, 18)
    assert isinstance(await opening(home, MAYA, second), Calling), "else allowed"
    await home.write(done, maya, first.id, How.SOMEONE_ELSE)
    refusal = await opening(home, MAYA, second)
    assert isinstance(refusal, Refusal)
    assert "somebody else answered" in refusal.why
    assert refusal.allowed_from is None
    with pytest.raises(Wrong, match=CANNOT_RING):
        await asked(home)
    await asked(home, replace(WISH, number="+447700900456"))


# -- late --------------------------------------------------------------------------------------


async def sweep(home: Home) -> list[Kind]:
    """What the lead is told of promises, once a second has passed on any node."""
    await home.house.matcher.sweep_once()
    told = await home.read(open_notices, await home.actor(HANNAH))
    return [each.kind for each in told if each.kind is Kind.PROMISE_LATE]


async def test_a_late_one_that_nobody_holds_is_told_to_the_lead_once(home: Home) -> None:
    promise = await asked(home)
    assert await sweep(home) == []
    to(home, 20, 59)
    assert await sweep(home) == []
    to(home, 21)
    for _ in range(2):
        assert await sweep(home) == [Kind.PROMISE_LATE]
    (shown,) = await home.read(open_promises, await home.actor(MAYA))
    assert shown.late(home.clock.now())
    assert await home.read(count, await home.actor(MAYA), home.clock.now()) == (1, 1)
    await home.write(tell_late, promise.id)
    assert await sweep(home) == [Kind.PROMISE_LATE]


async def test_who_holds_it_has_half_an_hour_more_and_then_the_lead_is_told(home: Home) -> None:
    promise = await asked(home)
    to(home, 20, 50)
    await home.write(take, await home.actor(MAYA), promise.id)
    to(home, 21, 29)
    assert await sweep(home) == []
    home.clock.move(minutes=1)
    assert await sweep(home) == [Kind.PROMISE_LATE]


async def test_what_is_done_or_replaced_is_never_late(home: Home) -> None:
    kept, changed = await asked(home), await asked(home)
    maya = await home.actor(MAYA)
    await home.write(take, maya, kept.id)
    await home.write(done, maya, kept.id, How.NO_ANSWER)
    to(home, 21)
    assert await sweep(home) == [Kind.PROMISE_LATE]
    contact = await home.contact(changed.contact)
    again = await wishes(home, contact)
    assert await sweep(home) == [], "the new wish is not late"
    to(home, 21)
    assert again.due_at <= home.clock.now() + timedelta(seconds=1)
    assert await sweep(home) == [Kind.PROMISE_LATE]


async def test_late_ones_come_first(home: Home) -> None:
    evening = await asked(home)
    soon = await asked(home, replace(WISH, when="any"))
    assert await ids_seen(home, MAYA) == [soon.id, evening.id]
    now: datetime = home.clock.now()
    assert await home.read(count, await home.actor(MAYA), now) == (2, 0)


# -- constraints -------------------------------------------------------------------------------


async def test_a_contact_has_one_open_wish_even_when_the_code_is_wrong(home: Home) -> None:
    await asked(home)
    (row,) = await home.rows(sa.select(promises))

    def break_it(work: Work) -> None:
        work.run(promises.insert().values(**dict(row._mapping) | {"id": ids.new()}))

    with pytest.raises(sa.exc.IntegrityError):
        await home.write(break_it)
