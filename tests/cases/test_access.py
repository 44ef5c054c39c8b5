"""Who sees which contacts: own hub, or held themselves; absent and not-yours alike (S7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.cases import acts as contacts
from app.cases.access import Filters, list_contacts, open_contact, refused
from app.cases.model import Channel, HowEnded, WrapUp
from app.errors import FrontdoorError, Missing, Refused
from routing import acts as routing
from tests.house import Home
from tests.people import AISHA, ELLA, HANNAH, MAREK, MAYA, PEOPLE, SAM


async def test_an_advisor_opens_what_came_to_their_hub(home: Home) -> None:
    ella = await home.arrives(ELLA.near("penrith"))
    maya = await home.actor(MAYA)
    assert await home.write(open_contact, maya, ella.id) == ella


async def test_absent_and_not_yours_answer_alike(home: Home) -> None:
    ella = await home.arrives(ELLA.near("penrith"))
    aisha = await home.actor(AISHA)
    assert aisha.hub != "penrith"
    answers: list[FrontdoorError] = []
    for id_ in (ella.id, ids.new(), "", "'; DROP TABLE contact"):
        with pytest.raises(Missing) as told:
            await home.write(open_contact, aisha, id_)
        answers.append(told.value)
    assert len({(each.code, each.words, each.status, each.close) for each in answers}) == 1


async def test_another_service_is_another_world(home: Home) -> None:
    ella = await home.arrives(ELLA)
    stranger = await home.actor(next(each for each in PEOPLE if each.service == "durham"))
    with pytest.raises(Missing):
        await home.write(open_contact, stranger, ella.id)


async def test_whoever_held_it_keeps_sight_of_it(home: Home) -> None:
    """Marek volunteers in Workington, with Hannah at her desk in Carlisle. Whom he took turned
    out to live in Kendal."""
    await home.on_duty(HANNAH)
    marek = await home.actor(MAREK)
    ella = await home.taken_by(MAREK, ELLA.near(marek.hub))
    await home.write(contacts.set_need, ella.id, "kendal", ella.need, "asked")
    assert (await home.write(open_contact, marek, ella.id)).id == ella.id
    other = await home.arrives(SAM.near(marek.hub))
    with pytest.raises(Missing):
        await home.write(open_contact, marek, other.id)


async def test_a_volunteer_does_not_read_the_log(home: Home) -> None:
    with pytest.raises(Refused):
        await home.write(list_contacts, await home.actor(MAREK), Filters())


async def test_the_list_and_the_look_follow_one_rule(home: Home) -> None:
    came = [await home.arrives(ELLA.near(hub)) for hub in ("penrith", "kendal", "central")]
    for person in (MAYA, HANNAH, AISHA):
        actor = await home.actor(person)
        listed = {c.id for c in (await home.write(list_contacts, actor, Filters())).contacts}
        opened = set()
        for contact in came:
            try:
                opened.add((await home.write(open_contact, actor, contact.id)).id)
            except Missing:
                continue
        assert listed == opened == {c.id for c in came if c.hub == actor.hub}


async def test_every_opening_is_in_the_trail_and_a_refusal_too(home: Home) -> None:
    ella = await home.arrives(ELLA)
    maya, aisha = await home.actor(MAYA), await home.actor(AISHA)
    await home.write(open_contact, maya, ella.id, "she rang again")
    with pytest.raises(Missing):
        await home.write(open_contact, aisha, ella.id)
    await home.write(refused, aisha, ella.id)
    await home.write(list_contacts, maya, Filters())
    rows = await home.rows(
        sa.select(trail).where(trail.c.verb.in_(["opened", "refused", "listed"]))
        .order_by(trail.c.id)
    )  # fmt: skip
    assert [(row.actor, row.verb, row.object_id, row.why) for row in rows] == [
        (maya.staff, "opened", ella.id, "she rang again"),
        (aisha.staff, "refused", ella.id, ""),
        (maya.staff, "listed", "", ""),
    ]


async def test_the_log_is_narrowed_as_asked(home: Home) -> None:
    maya = await home.actor(MAYA)
    chat = await home.arrives(ELLA)
    call = await home.arrives(SAM, Channel.VOICE)
    left = await home.arrives(ELLA)
    await home.write(routing.end, left.id, HowEnded.QUICK_EXIT)

    async def found(filters: Filters) -> set[str]:
        return {c.id for c in (await home.write(list_contacts, maya, filters)).contacts}

    assert await found(Filters()) == {chat.id, call.id, left.id}
    assert await found(Filters(channel="voice")) == {call.id}
    assert await found(Filters(how_ended="quick_exit")) == {left.id}
    assert await found(Filters(state="waiting")) == {chat.id, call.id}
    assert await found(Filters(hub="kendal")) == set()
    assert await found(Filters(since=home.clock.now() + timedelta(hours=1))) == set()


async def test_a_test_is_left_out_unless_asked_for(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    await home.write(routing.end, ella.id, HowEnded.PERSON_ENDED)
    wrap = WrapUp(type="test")
    await home.write(routing.wrap_up, maya, ella.id, ella.assignment_no, wrap)
    assert (await home.write(list_contacts, maya, Filters())).total == 0
    assert (await home.write(list_contacts, maya, Filters(without_tests=False))).total == 1
