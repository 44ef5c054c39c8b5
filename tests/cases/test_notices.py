"""What a lead must see: told once, to those who lead, until one of them has seen it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.auth.policy import Actor, Role
from app.auth.tables import staff
from app.cases.notices import Kind, count_open, open_notices, seen, settled, tell
from app.db import Work
from app.errors import Missing
from tests.house import Home
from tests.people import ELLA, HANNAH, MAYA, PEOPLE, SAM


async def kinds(home: Home, actor: Actor) -> list[Kind]:
    found = await home.read(open_notices, actor)
    assert await home.read(count_open, actor) == len(found)
    return [each.kind for each in found]


async def test_a_kind_and_a_contact_are_told_once(home: Home) -> None:
    ella, sam = await home.arrives(ELLA), await home.arrives(SAM)
    hannah = await home.actor(HANNAH)
    for contact in (ella, ella, sam):
        await home.write(
            tell, None, "cumbria", contact.hub, Kind.CHILD_ANSWERED, contact=contact.id
        )
    await home.write(tell, ids.new(), "cumbria", "penrith", Kind.CHILD_ANSWERED, ella.id)
    await home.write(tell, None, "cumbria", "penrith", Kind.HARD_CONTACT, ella.id)
    found = await home.read(open_notices, hannah)
    assert [(each.kind, each.contact) for each in found] == [
        (Kind.CHILD_ANSWERED, ella.id), (Kind.CHILD_ANSWERED, sam.id), (Kind.HARD_CONTACT, ella.id),
    ]  # fmt: skip


async def test_without_a_contact_it_is_told_again_only_once_it_was_seen(home: Home) -> None:
    hannah = await home.actor(HANNAH)
    for _ in range(2):
        await home.write(tell, None, "cumbria", "central", Kind.NO_COVER)
    (notice,) = await home.read(open_notices, hannah)
    await home.write(seen, hannah, notice.id)
    assert await kinds(home, hannah) == []
    await home.write(tell, None, "cumbria", "central", Kind.NO_COVER)
    assert await kinds(home, hannah) == [Kind.NO_COVER]


async def test_an_id_given_is_told_once(home: Home) -> None:
    hannah, tonight = await home.actor(HANNAH), ids.new()
    for _ in range(2):
        await home.write(tell, tonight, "cumbria", "central", Kind.NO_COVER)
    (notice,) = await home.read(open_notices, hannah)
    assert notice.id == tonight
    await home.write(seen, hannah, tonight)
    await home.write(tell, tonight, "cumbria", "central", Kind.NO_COVER)
    assert await kinds(home, hannah) == []


async def test_seen_is_seen_once_and_in_the_trail(home: Home) -> None:
    ella, hannah = await home.arrives(ELLA), await home.actor(HANNAH)
    await home.write(tell, None, "cumbria", ella.hub, Kind.CHILD_ANSWERED, ella.id)
    (notice,) = await home.read(open_notices, hannah)
    for _ in range(2):
        await home.write(seen, hannah, notice.id)
    assert await kinds(home, hannah) == []
    rows = await home.rows(sa.select(trail).where(trail.c.object_id == notice.id))
    assert [(row.actor, row.verb, row.kind) for row in rows] == [(hannah.staff, "saw", "notice")]
    await home.write(tell, None, "cumbria", ella.hub, Kind.CHILD_ANSWERED, ella.id)
    assert await kinds(home, hannah) == [], "the same child is not told twice"


async def test_only_those_who_lead_see_it_and_another_service_never(home: Home) -> None:
    ella = await home.arrives(ELLA.near("penrith"))
    await home.write(tell, None, "cumbria", "penrith", Kind.CHILD_ANSWERED, ella.id)
    hannah, maya = await home.actor(HANNAH), await home.actor(MAYA)
    stranger = await home.actor(
        next(each for each in PEOPLE if each.service == "durham" and each.role == "hub_lead")
    )
    (notice,) = await home.read(open_notices, hannah)
    for other in (maya, stranger):
        assert await kinds(home, other) == []
        with pytest.raises(Missing):
            await home.write(seen, other, notice.id)
    assert await kinds(home, hannah) == [Kind.CHILD_ANSWERED]


async def test_a_hub_without_a_lead_is_every_leads_concern(home: Home) -> None:
    """Hannah leads the centre. Penrith has nobody, until Maya becomes its lead."""
    ella = await home.arrives(ELLA.near("penrith"))
    await home.write(tell, None, "cumbria", "penrith", Kind.CHILD_ANSWERED, ella.id)
    hannah, maya = await home.actor(HANNAH), await home.actor(MAYA)
    assert await kinds(home, hannah) == [Kind.CHILD_ANSWERED]

    def promoted(work: Work) -> None:
        work.run(staff.update().where(staff.c.id == maya.staff).values(role="hub_lead"))

    await home.write(promoted)
    assert await kinds(home, hannah) == []
    assert await kinds(home, await home.actor(MAYA)) == [Kind.CHILD_ANSWERED]
    supervisor = replace(hannah, role=Role.SUPERVISOR)
    assert await kinds(home, supervisor) == [Kind.CHILD_ANSWERED]


async def test_what_is_no_longer_so_leaves_the_list_and_may_be_told_again(home: Home) -> None:
    ella, hannah = await home.arrives(ELLA), await home.actor(HANNAH)
    await home.write(tell, None, "cumbria", ella.hub, Kind.PROMISE_LATE, ella.id)
    await home.write(settled, Kind.PROMISE_LATE, ella.id)
    assert await kinds(home, hannah) == []
    await home.write(settled, Kind.PROMISE_LATE, ella.id)
    await home.write(tell, None, "cumbria", ella.hub, Kind.PROMISE_LATE, ella.id)
    assert await kinds(home, hannah) == [Kind.PROMISE_LATE]
