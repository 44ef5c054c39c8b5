"""What the rows say, for stories of routing on a real database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.audit import trail
from app.cases.model import Contact
from app.db import Work
from app.definition.model import Service
from app.definition.people import Person
from routing import acts
from routing.presence import SeatFacts, state_of
from routing.reading import facts_of
from routing.tables import offers, places, seats
from tests.house import Home
from tests.people import CUMBRIA, ELLA, Caller


async def seat(home: Home, who: Person) -> Any:
    actor = await home.actor(who)
    (row,) = await home.rows(sa.select(seats).where(seats.c.staff == actor.staff))
    return row


async def places_used(home: Home, who: Person) -> tuple[int, int]:
    """(load, capacity)"""
    row = await seat(home, who)
    return row.load, row.capacity


async def place(home: Home, contact: Contact) -> Any:
    (row,) = await home.rows(sa.select(places).where(places.c.contact == contact.id))
    return row


async def asked(home: Home, contact: Contact) -> str | None:
    """Whose offer is open, by staff id."""
    rows = await home.rows(
        sa.select(offers.c.staff).where(offers.c.contact == contact.id, offers.c.answer == "")
    )
    return rows[0].staff if rows else None


async def facts(home: Home, who: Person, service: Service = CUMBRIA) -> SeatFacts:
    actor = await home.actor(who)
    return await home.read(facts_of, actor.staff, service)


async def state(home: Home, who: Person) -> str:
    actor = await home.actor(who)

    def look(work: Work) -> str:
        return state_of(facts_of(work, actor.staff, CUMBRIA), work.now)[0]

    return await home.read(look)


async def takes(home: Home, who: Person, caller: Caller = ELLA) -> Contact:
    """Another contact, offered to this person and accepted."""
    actor = await home.actor(who)
    contact = await home.arrives(caller)
    await home.match()
    contact = await home.contact(contact.id)
    await home.write(acts.accept, actor.staff, contact.id, contact.offer_no)
    return await home.contact(contact.id)


async def lines(home: Home, contact: Contact) -> list[str]:
    """The conversation as it stands, in order."""
    assert contact.conversation is not None
    found = await home.read(home.house.transcript.after, contact.conversation, 0)
    return [line.text for line in found]


async def verbs(home: Home, contact: Contact) -> list[str]:
    """What the trail says was done to a contact."""
    rows = await home.rows(
        sa.select(trail.c.verb).where(trail.c.object_id == contact.id).order_by(trail.c.id)
    )
    return [row.verb for row in rows]
