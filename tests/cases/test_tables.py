"""Constraints hold the promises even when the code is wrong: each is broken here by plain SQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.cases.model import HowEnded
from app.cases.tables import assignments, contacts, conversations
from app.db import Work
from routing import acts as routing
from routing.tables import offers, places, seats
from tests.house import Home
from tests.people import ELLA, MAYA, TOM


async def refused(home: Home, statement: sa.Executable) -> None:
    def break_it(work: Work) -> None:
        work.run(statement)

    with pytest.raises(sa.exc.IntegrityError):
        await home.write(break_it)


async def test_nobody_owns_what_waits_and_somebody_owns_what_is_active(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    one = contacts.update().where(contacts.c.id == ella.id)
    await refused(home, one.values(owner=None))
    await refused(home, one.values(state="waiting"))
    await refused(home, one.values(state="closed"))


async def test_a_contact_has_one_open_assignment(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    tom = await home.actor(TOM)
    second = {"contact": ella.id, "staff": tom.staff, "began_at": home.clock.now(), "how": ""}
    await refused(home, assignments.insert().values(number=2, **second))
    await home.write(routing.release, ella.id, ella.assignment_no, "advisor lost")
    await refused(home, assignments.insert().values(number=1, **second))


async def test_a_contact_has_one_open_offer(home: Home) -> None:
    await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    (row,) = await home.rows(sa.select(offers))
    values = {key: value for key, value in row._mapping.items() if key != "id"}
    await refused(home, offers.insert().values(**values | {"number": 2}))
    assert (await home.contact(ella.id)).offer_no == 1


@pytest.mark.parametrize("load", [-1, 3])
async def test_a_seat_is_never_over_its_capacity_nor_under_nothing(home: Home, load: int) -> None:
    maya = await home.on_duty(MAYA)
    (seat,) = await home.rows(sa.select(seats).where(seats.c.staff == maya.staff))
    assert seat.capacity == 2
    await refused(home, seats.update().values(load=load))


async def test_an_opening_opens_once(home: Home) -> None:
    ella = await home.arrives(ELLA)
    (row,) = await home.rows(sa.select(contacts).where(contacts.c.id == ella.id))
    values = dict(row._mapping) | {"id": "another"}
    await refused(home, contacts.insert().values(**values))


async def test_a_token_leads_to_one_conversation(home: Home) -> None:
    await home.arrives(ELLA), await home.arrives(ELLA)
    await refused(home, conversations.update().values(visitor_token=b"the same"))


@pytest.mark.parametrize("table", [assignments, offers, places, conversations])
async def test_nothing_hangs_from_a_contact_that_is_not_there(home: Home, table: sa.Table) -> None:
    ella = await home.taken_by(MAYA)
    (row,) = await home.rows(sa.select(table).where(table.c.contact == ella.id))
    await refused(home, table.update().values(contact="nobody"))
    await refused(home, contacts.delete().where(contacts.c.id == row.contact))
    await home.write(routing.end, ella.id, HowEnded.PERSON_ENDED)
