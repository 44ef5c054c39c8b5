"""The doors that the console's pages go through, made from the ground and the rooms below."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app import ids
from app.among import among
from app.auth import staff
from app.auth.policy import Actor
from app.cases import access, marks, notes, promises
from app.cases.access import Filters
from app.cases.model import Message, Note
from app.cases.tables import assignments
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Refused, TooMuch
from app.ground import Ground
from routing import acts as routing
from telephony import slowing
from widgets.console import facts, record, softphone, web
from widgets.console.names import Names

TRIES = (10, 300)
"""Sign-ins of one e-mail in a time; from one network, where a whole hub may sit, ten times that."""


def doors(
    ground: Ground,
    transcript: Transcript,
    services: Callable[[], Mapping[str, Service]],
    demo_sign_ins: Sequence[tuple[str, str]] = (),
) -> web.Doors:
    rooms = Rooms(ground, transcript, services)
    return web.Doors(
        sign_in=rooms.sign_in,
        sign_out=rooms.sign_out,
        actor=rooms.actor,
        ticket=rooms.ticket,
        go_on_duty=rooms.go_on_duty,
        service=rooms.service,
        log=rooms.log,
        contact=rooms.contact,
        now=ground.clock.now,
        demo_sign_ins=demo_sign_ins,
        desk_allows=softphone.allowed(ground.settings),
    )


@dataclass(frozen=True)
class Rooms:
    ground: Ground
    transcript: Transcript
    services: Callable[[], Mapping[str, Service]]

    async def sign_in(self, email: str, password: str, address: str) -> str:
        """A session token. Refused in the same words for a wrong e-mail and a wrong password."""
        ground = self.ground
        await self._tried(email, address)
        staff_id, kept = await ground.db.read(staff.password_of, ground.keyring, email)
        if not await asyncio.to_thread(staff.matches, password, kept):
            await ground.db.write(staff.refuse_sign_in, staff_id)
            raise Refused("The e-mail and the password do not match.")
        token = ids.token()
        await ground.db.write(staff.open_session, staff_id, token)
        return token

    async def _tried(self, email: str, address: str) -> None:
        most, seconds = TRIES
        for what, who, times in (("sign-in", email.strip().casefold(), 1), ("door", address, 10)):
            blinded = self.ground.keyring.blind(what, who).hex()
            wait = await self.ground.limiter.hit(what, blinded, most * times, seconds)
            if wait is not None:
                raise TooMuch(f"Wait {wait:.0f} s, then try again.", after=wait)

    async def sign_out(self, token: str) -> None:
        await self.ground.db.write(_sign_out, token)

    async def actor(self, token: str) -> Actor | None:
        actor = await self.ground.db.read(staff.actor_of, self.ground.keyring, token)
        if actor is not None:
            await self.ground.db.write(staff.touch, token)
        return actor

    async def ticket(self, token: str) -> str:
        ticket = ids.token()
        await self.ground.db.write(staff.make_ticket, token, ticket)
        return ticket

    async def go_on_duty(self, actor: Actor) -> None:
        lease = self.service(actor.service).timings.lease
        await self.ground.db.write(routing.go_on_duty, actor.staff, lease)

    def service(self, key: str) -> Service:
        service = self.services().get(key)
        if service is None:
            raise Missing
        return service

    async def log(self, actor: Actor, filters: Filters, offset: int) -> web.Log:
        return await self.ground.db.write(_log, self.ground, actor, filters, offset)

    async def contact(self, actor: Actor, contact_id: str) -> web.Whole:
        """Absent and not-yours raise the same Missing, and both are in the trail (S7)."""
        try:
            return await self.ground.db.write(
                _contact, self.ground, self.transcript, actor, contact_id
            )
        except Missing:
            await self.ground.db.write(access.refused, actor, contact_id[:64])
            raise


# -- works ---------------------------------------------------------------------------------------


def _sign_out(work: Work, token: str) -> None:
    """Signed out is off duty: nothing may ring where nobody is signed in."""
    staff_id = staff.close_session(work, token)
    if staff_id is not None:
        routing.go_off_duty(work, staff_id)


def _log(work: Work, ground: Ground, actor: Actor, filters: Filters, offset: int) -> web.Log:
    page = access.list_contacts(work, actor, filters, offset)
    names = Names(work, ground.keyring)
    holders = _holders(work, [contact.id for contact in page.contacts])
    return web.Log(page, {id_: names.of(who).name for id_, who in holders.items()})


def _holders(work: Work, contact_ids: Sequence[str]) -> dict[str, str]:
    """Who held each of these last, by staff id."""
    if not contact_ids:
        return {}
    rows = work.run(
        sa.select(assignments.c.contact, assignments.c.staff)
        .where(among(assignments.c.contact, contact_ids))
        .order_by(assignments.c.number)
    )
    return {row.contact: row.staff for row in rows}


def _contact(
    work: Work, ground: Ground, transcript: Transcript, actor: Actor, contact_id: str
) -> web.Whole:
    contact = access.open_contact(work, actor, contact_id, "page")
    names = Names(work, ground.keyring)
    lines: list[Message] = []
    beside: list[Note] = []
    if contact.conversation is not None:
        while page := transcript.after(work, contact.conversation, lines[-1].seq if lines else 0):
            lines.extend(page)
        beside = notes.after(work, ground.keyring, contact.conversation, 0)
    writers = {line.sender.removeprefix("staff:") for line in lines if line.sender[:6] == "staff:"}
    holder = _holders(work, [contact.id]).get(contact.id)
    wishes = promises.of_contact(work, contact.id)
    known = writers | {note.author for note in beside} | ({holder} if holder else set())
    known |= {wish.owner for wish in wishes if wish.owner}
    line = marks.of_contact(work, ground.keyring, contact.id)
    known |= {mark.by for mark in line} - {"", *record.OTHERS}
    return web.Whole(
        contact,
        lines,
        beside,
        facts.offers_of(work, names, contact.id),
        {id_: names.of(id_).name for id_ in known},
        names.of(holder).name if holder else "",
        wishes,
        line,
        slowing.seen_by(work, actor, contact),
    )
