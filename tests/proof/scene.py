"""The scene: a database in which visitors are with advisors already, whatever the hour is.

The contacts pass the product's own doors; the visitors' pages then come in by their frame tokens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app import demo, ids
from app.auth import visitors
from app.cases import acts as contacts
from app.cases.model import VISITOR, Channel, Opening
from app.cases.tables import conversations, messages
from app.clock import Clock
from app.crypto import CannotOpen
from app.db import Database, Work
from app.definition.people import Person
from app.keyring import Keyring
from app.wiring import House, build
from routing import acts as routing
from tests.house import settings_of
from tests.people import PEOPLE, SERVICES, actor_for
from tests.proof.correspondent import Correspondent
from tests.proof.lines import NONE, ConsoleLine, Pulse, VisitorLine
from tests.proof.recording import Kept, Recording, Rows

ADVISORS = tuple(each for each in PEOPLE if each.role in ("advisor", "hub_lead"))


@dataclass
class Scene:
    """`visitors[n]` is with `consoles[n % len(consoles)]`, the last ones with nobody yet."""

    visitors: list[VisitorLine]
    consoles: list[ConsoleLine]

    @property
    def sides(self) -> list[Correspondent]:
        return [line.side for line in self.visitors] + [
            side for console in self.consoles for side in console.sides.values()
        ]

    @property
    def recordings(self) -> list[Recording]:
        return [side.recording for side in self.sides]

    def begin(self) -> list[asyncio.Task[None]]:
        """Everybody opens their line, and keeps it until these are cancelled."""
        visitors = [line.begin() for line in self.visitors]
        return visitors + [line.begin() for line in self.consoles]

    def chatty(self, on: bool) -> None:
        for side in self.sides:
            side.chatty = on

    @property
    def settled(self) -> bool:
        """Nothing is pending, and both sides of each conversation have come equally far."""
        ends: dict[str, set[int]] = {}
        sides = [side for side in self.sides if not side.handed_on]
        for side in sides:
            ends.setdefault(side.recording.conversation, set()).add(side.at)
        return all(len(each) == 1 for each in ends.values()) and not any(
            side.pending or side.behind or not side.welcomed for side in sides
        )


PAGE = 100
"""Rows that are opened in one transaction."""


@dataclass(frozen=True)
class Cast:
    """How many there are: conversations with both sides, and visitors whom nobody has taken."""

    advisors: int = 8
    conversations_each: int = 5
    alone: int = 20


async def scene(
    url: str,
    keys: Path,
    address: str,
    cast: Cast,
    *,
    filler: str = "",
    visitor_pulse: Pulse = NONE,
    console_pulse: Pulse = NONE,
    clock: Clock | None = None,
) -> Scene:
    """Set it in the database at `url`, for clients that reach the product at `address`."""
    house = build(settings_of(url, keys), clock)
    await house.ground.db.start()
    made = Scene([], [])
    try:
        for person in ADVISORS[: cast.advisors]:
            sides: dict[str, Correspondent] = {}
            staff_id = await _on_duty(house, person)
            for _ in range(cast.conversations_each):
                side = Correspondent(
                    Recording(person.first + ids.new()[-6:], f"staff:{staff_id}", ""), filler=filler
                )
                visitor = await _visitor(house, address, person, staff_id, filler, visitor_pulse)
                side.recording.conversation = visitor.side.recording.conversation
                sides[side.recording.conversation] = side
                made.visitors.append(visitor)
            console = ConsoleLine(address, person.email, demo.PASSWORD, sides, console_pulse)
            made.consoles.append(console)
        for _ in range(cast.alone):
            made.visitors.append(
                await _visitor(house, address, ADVISORS[0], "", filler, visitor_pulse)
            )
    finally:
        await house.ground.db.stop()
    return made


async def _on_duty(house: House, person: Person) -> str:
    db, keyring = house.ground.db, house.ground.keyring
    staff_id = (await db.read(actor_for, keyring, person)).staff
    lease = SERVICES[person.service].timings.lease
    await db.write(routing.go_on_duty, staff_id, lease)
    return staff_id


async def _visitor(
    house: House, address: str, person: Person, staff_id: str, filler: str, pulse: Pulse
) -> VisitorLine:
    service, nonce, conversation = SERVICES[person.service], ids.token(), ids.new()
    opening = Opening(
        key=f"chat:{nonce}", id=ids.new(), service=person.service, hub=person.hub,
        channel=Channel.CHAT, site=service.sites[0].key, conversation=conversation,
    )  # fmt: skip
    await house.ground.db.write(_arrive, house.ground.keyring, opening, staff_id)
    now = house.ground.clock.now()
    token = visitors.mint(house.frame_key, person.service, opening.site, nonce, now)
    who = f"visitor {conversation[-6:]}"
    side = Correspondent(Recording(who, VISITOR, conversation), filler=filler)
    return VisitorLine(address, token, side, pulse)


def _arrive(work: Work, keyring: Keyring, opening: Opening, staff_id: str) -> None:
    contact = contacts.arrive(work, keyring, opening)
    if staff_id:
        number = contacts.offered(work, contact.id, contact.offer_no)
        assert number is not None
        contacts.assigned(work, contact.id, number, staff_id)


# -- afterwards --------------------------------------------------------------------------------


async def rows_of(db: Database, keyring: Keyring, chosen: Sequence[str]) -> Rows:
    """Every line of these conversations as the database keeps it, opened."""
    return {id_: await _rows_of(db, keyring, id_) for id_ in chosen}


async def _rows_of(db: Database, keyring: Keyring, conversation: str) -> list[Kept]:
    """By pages: a busy machine may take longer to open them all than a transaction may last."""
    rows, page = list[Kept](), await db.read(_page, keyring, conversation, 0)
    while page:
        rows += page
        page = await db.read(_page, keyring, conversation, page[-1].seq)
    return rows


async def rows_at(url: str, keys: Path, made: Scene) -> Rows:
    """The same, of a scene, from a database that nobody else need serve."""
    house = build(settings_of(url, keys))
    await house.ground.db.start()
    try:
        chosen = sorted({each.conversation for each in made.recordings})
        return await rows_of(house.ground.db, house.ground.keyring, chosen)
    finally:
        await house.ground.db.stop()


def _page(work: Work, keyring: Keyring, conversation: str, after: int) -> list[Kept]:
    found = work.run(
        sa.select(messages)
        .join(conversations, conversations.c.number == messages.c.conversation)
        .where(conversations.c.id == conversation, messages.c.seq > after)
        .order_by(messages.c.seq)
        .limit(PAGE)
    ).all()
    return [
        Kept(row.seq, row.sender, row.client_id.hex(), _opened(work, keyring, conversation, row))
        for row in found
    ]


def _opened(work: Work, keyring: Keyring, conversation: str, row: sa.Row[tuple[object, ...]]) -> (
    str | None
):  # fmt: skip
    identity = f"{conversation}:{row.client_id.hex()}"
    try:
        return keyring.open(work, row.body, "message", "body", identity)
    except CannotOpen:
        return None
