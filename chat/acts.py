"""What a visitor can do: enter, leave, and be told how things stand. Each is one work."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from app.among import among
from app.auth import staff, visitors
from app.cases import acts as contacts
from app.cases import promises
from app.cases.due import When, due_at
from app.cases.model import Channel, Contact, HowEnded, Need, Opening, State
from app.cases.number import read as read_number
from app.cases.promised import Promise
from app.cases.signs import PRESENT
from app.cases.tables import assignments, conversations
from app.cases.tables import contacts as contact_table
from app.cases.transcript import epoch_of
from app.db import Work
from app.definition.model import Service
from app.errors import Refused
from app.keyring import Keyring
from chat import frames
from chat.effects import CallBack
from chat.session import Entry
from routing import acts as routing
from routing.area import hub_for
from routing.desk import TOLD_LOST, Standing, standings
from routing.placing import place
from routing.tables import places, seats

LEFT: dict[str, tuple[HowEnded, str]] = {
    "exit": (HowEnded.QUICK_EXIT, "left quickly"),
    "end": (HowEnded.PERSON_ENDED, "ended"),
    "closed": (HowEnded.CLOSED_PAGE, "closed the page"),
}


@dataclass(frozen=True)
class Entrance:
    """A hello as the shell hands it on: ids and secrets are made outside the work."""

    token: str
    need: frames.Need | None
    lang: str
    contact_id: str
    conversation_id: str
    resume_token: str


def enter(
    work: Work,
    keyring: Keyring,
    frame_key: bytes,
    services: Mapping[str, Service],
    entrance: Entrance,
) -> Entry:
    """Open a contact from a frame. Raises Refused.

    The same frame token twice is the same contact: the one whose welcome was lost.
    """
    contact = _open(work, keyring, frame_key, services, entrance)
    work.run(
        conversations.update()
        .where(conversations.c.contact == contact.id)
        .values(visitor_token=visitors.hashed(entrance.resume_token))
    )
    contacts.visitor_is(work, contact.id, contact.visitor if contact.visitor in PRESENT else "here")
    head = work.run(
        sa.select(conversations.c.head).where(conversations.c.id == contact.conversation)
    ).scalar_one()
    service = services.get(contact.service)
    assert contact.conversation is not None
    number = number_to_call(service, contact.site) if service else ""
    return Entry(contact.conversation, entrance.resume_token, epoch_of(work), head, number)


def leave(work: Work, conversation: str, how: str) -> None:
    """The visitor left and said how. The token is dead at once; nobody rings them for it."""
    contact = contacts.of_conversation(work, conversation)
    ended, where = LEFT[how]
    if contact.state in (State.WRAPPING, State.CLOSED):
        return
    routing.end(work, contact.id, ended)
    contacts.visitor_is(work, contact.id, where)


def leave_with(work: Work, token: str, how: str) -> None:
    """The same, from a page that is closing: by its resume token. Unknown tokens are ignored."""
    row = work.run(
        sa.select(conversations.c.id).where(conversations.c.visitor_token == visitors.hashed(token))
    ).first()
    if row is not None:
        leave(work, row.id, how)


def call_back(
    work: Work,
    keyring: Keyring,
    services: Mapping[str, Service],
    conversation: str,
    wish: CallBack,
) -> Promise:
    """The visitor wishes to be rung. Their place in the queue is kept. Raises Wrong, Refused."""
    contact = contacts.of_conversation(work, conversation)
    service = services.get(contact.service)
    if service is None or contact.state in (State.WRAPPING, State.CLOSED):
        raise Refused("This chat has ended.", code="ended")
    due = due_at(When(wish.when), work.now, service.zone)
    rung = promises.CallBack(
        read_number(wish.number), wish.when, wish.voicemail, wish.say, wish.who
    )
    return promises.ask(work, keyring, wish.id.hex(), contact.id, rung, due)


class Glance(NamedTuple):
    """How far a conversation has come, and what moves when its contact does."""

    head: int
    got: int
    stands: tuple[str, int, int, str]


def glances(work: Work, conversation_ids: list[str]) -> dict[str, Glance]:
    """One small query for everything a process holds: is there anything new to look at?"""
    rows = work.run(
        sa.select(
            conversations.c.id,
            conversations.c.head,
            conversations.c.got,
            contact_table.c.state,
            contact_table.c.offer_no,
            contact_table.c.assignment_no,
            places.c.overflow,
        )
        .join(contact_table, contact_table.c.id == conversations.c.contact)
        .outerjoin(places, places.c.contact == conversations.c.contact)
        .where(among(conversations.c.id, conversation_ids))
    )
    return {
        row.id: Glance(
            row.head, row.got, (row.state, row.offer_no, row.assignment_no, row.overflow or "")
        )
        for row in rows
    }


def situations(
    work: Work,
    keyring: Keyring,
    services: Mapping[str, Service],
    conversation_ids: list[str],
) -> dict[str, frames.State]:
    """How each of these stands, as its visitor is told: one look for all a process holds."""
    if not conversation_ids:
        return {}
    rows = work.run(
        sa.select(contact_table, conversations.c.id.label("conversation"), seats.c.seen_at)
        .join(conversations, conversations.c.contact == contact_table.c.id)
        .outerjoin(seats, seats.c.staff == contact_table.c.owner)
        .where(among(conversations.c.id, conversation_ids))
    ).all()
    line: dict[str, dict[str, Standing]] = {}
    told: dict[str, frames.State] = {}
    for row in rows:
        contact = contacts.to_contact(row)
        service = services.get(contact.service)
        if service is None:
            continue
        if contact.state in (State.WAITING, State.OFFERED) and service.key not in line:
            line[service.key] = standings(work, service)
        standing = line.get(service.key, {}).get(contact.id)
        told[row.conversation] = _told(work, keyring, service, contact, row.seen_at, standing)
    return told


def number_to_call(service: Service, site_key: str) -> str:
    """The number to call instead, as it is shown (S2)."""
    site = service.site(site_key)
    line = service.line(site.line) if site else service.lines[0]
    return service.number_to_call(line)


def _told(
    work: Work,
    keyring: Keyring,
    service: Service,
    contact: Contact,
    seen_at: datetime | None,
    standing: Standing | None,
) -> frames.State:
    assert contact.conversation is not None
    told = functools.partial(
        frames.State, contact.conversation, number=number_to_call(service, contact.site)
    )
    if contact.state in (State.WRAPPING, State.CLOSED):
        return told(state="ended", how=contact.how_ended)
    if contact.state is State.ACTIVE and contact.owner is not None:
        name = staff.colleague(work, keyring, contact.owner).first_name
        lost = seen_at is None or seen_at < work.now - TOLD_LOST
        return told(state="away" if lost else "connected", name=name)
    waits = told
    if standing is not None:
        waits = functools.partial(
            told,
            place=standing.place,
            minutes=standing.minutes,
            rung=standing.rung,
            rungs=standing.rungs,
        )
    if contact.assignment_no > 0 and (gone_from := _lost_advisor(work, contact.id)):
        return waits(state="away", name=staff.colleague(work, keyring, gone_from).first_name)
    return waits(state="nobody" if standing is not None and standing.overflow else "waiting")


def _lost_advisor(work: Work, contact_id: str) -> str | None:
    """Whose line was lost (staff id). Whoever handed it over is not lost: that was agreed."""
    row = work.run(
        sa.select(assignments.c.staff, assignments.c.how)
        .where(assignments.c.contact == contact_id)
        .order_by(assignments.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None or row.how == "handed over" else row.staff


def _open(
    work: Work,
    keyring: Keyring,
    frame_key: bytes,
    services: Mapping[str, Service],
    entrance: Entrance,
) -> Contact:
    passed = visitors.read(frame_key, entrance.token, work.now)
    service = services.get(passed.service)
    if service is None or service.site(passed.site) is None:
        raise Refused("This chat is not open any more. Please call instead.", code="not_yours")
    asked = entrance.need or frames.Need()
    found = hub_for(service, asked.area)
    crime = asked.crime if service.crime(asked.crime) is not None else ""
    placed = place(service, found, crime, asked.age, work.now)
    language = entrance.lang if entrance.lang in service.languages else service.languages[0]
    contact = contacts.arrive(
        work,
        keyring,
        Opening(
            key=f"chat:{passed.nonce}",
            id=entrance.contact_id,
            service=service.key,
            hub=placed.hub,
            lot=placed.lot,
            channel=Channel.CHAT,
            site=passed.site,
            need=Need(crime, asked.age, language, area=found.district),
            area_found=found.how,
            conversation=entrance.conversation_id,
        ),
    )
    if contact.state in (State.WRAPPING, State.CLOSED):
        raise Refused("This chat has ended.", code="ended")
    routing.request_seat(work, contact.id)
    return contact
