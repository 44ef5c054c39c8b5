"""A crowd at the door of three nodes, and advisors who answer, through the product's own acts.

It holds no socket: it asks for seats, accepts, declines and writes up as rows, and looks at the
rows many times a second for somebody who waits while a seat is free.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa

from app import ids
from app.auth import staff
from app.auth.policy import Actor, Role
from app.auth.staff import Joining
from app.cases import acts as contacts
from app.cases import signs
from app.cases.model import Channel, HowEnded, Opening, WrapUp
from app.cases.tables import contacts as contact_table
from app.db import Work
from app.errors import FrontdoorError, Stale
from app.wiring import House
from routing import acts as routing
from routing import breaks
from routing.tables import offers, places, seats
from tests.people import CUMBRIA

LOOK = 0.02
"""Seconds between two looks at the rows."""
BEAT = 10.0
LEASE = 120
"""Seconds; the proof is about nodes that die, and its advisors are always there."""
DECLINES = 0.05
WRITTEN_UP = WrapUp(type="support", outcome="Listened")


@dataclass
class Crowd:
    """`stuck`: contact to the looks at which it waited, as at the one before, while a seat was
    free: the moment (monotonic), and the seconds since the look before."""

    house: House
    chance: random.Random
    advisors: dict[str, Actor] = field(default_factory=dict)
    came: dict[str, float] = field(default_factory=dict)
    """Contact to the moment it came (monotonic)."""
    reached: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Contact to the numbers of the assignments that a person pressed accept for."""
    pages: dict[str, str] = field(default_factory=dict)
    """Contact to its conversation."""
    refused: int = 0
    stuck: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    _answering: set[tuple[str, int]] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def takes_seats(self, count: int) -> None:
        db, keyring = self.house.ground.db, self.house.ground.keyring
        for number in range(count):
            who = Joining(
                id=ids.new(), service=CUMBRIA.key, hub=CUMBRIA.central.key, role=Role.ADVISOR,
                email=f"crowd{number}@cumbria.example", first_name=f"Advisor {number}",
                name=f"Advisor {number}", phone=None, skills=(), languages=("en",), capacity=2,
            )  # fmt: skip
            await db.write(staff.join, keyring, who, "nobody signs in")
            await db.write(routing.go_on_duty, who.id, LEASE)
            self.advisors[who.id] = await db.read(staff.actor, keyring, who.id)

    async def arrives(self, count: int, per_second: float) -> None:
        begun = time.monotonic()
        for number in range(count):
            await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
            self._do(self._arrive())

    async def works(self) -> None:
        """Answers whatever is offered, until cancelled."""
        db, beaten = self.house.ground.db, time.monotonic()
        before: tuple[set[str], bool, float] = (set(), False, beaten)
        while True:
            with contextlib.suppress(FrontdoorError):
                for row in await db.read(_open_offers):
                    if row.staff in self.advisors and (row.contact, row.number) not in (
                        self._answering
                    ):
                        self._answering.add((row.contact, row.number))
                        self._do(self._answer(row.staff, row.contact, row.number))
                waits, free = await db.read(_waits_and_free)
                waited, was_free, then = before
                before = waits, free, time.monotonic()
                if free and was_free:
                    for contact in waits & waited:
                        self.stuck[contact].append((before[2], before[2] - then))
                if time.monotonic() - beaten > BEAT:
                    beaten = time.monotonic()
                    for who in self.advisors:
                        await db.write(routing.beat, who, LEASE)
                    await self._everybody_is_there()
            await asyncio.sleep(LOOK)

    async def _everybody_is_there(self) -> None:
        """Pages are open while somebody waits, and whoever is asked "are you there?" says yes:
        a machine that is too busy for either is no fault of the nodes."""
        db = self.house.ground.db
        await db.write(
            signs.here, [self.pages[one] for one in self.came if one not in self.reached]
        )
        for who in await db.read(_checking):
            await db.write(breaks.back, who, who)

    async def settled(self) -> None:
        while len(self.reached) < len(self.came) or self._tasks:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=0.2)
            await asyncio.sleep(LOOK)

    async def _arrive(self) -> None:
        ground = self.house.ground
        opening = Opening(
            key=f"chat:{ids.new()}", id=ids.new(), service=CUMBRIA.key,
            hub=CUMBRIA.central.key, channel=Channel.CHAT, conversation=ids.new(),
        )  # fmt: skip
        assert opening.conversation is not None
        self.pages[opening.id] = opening.conversation
        self.came[opening.id] = time.monotonic()
        await self._until_done(contacts.arrive, ground.keyring, opening)
        await self._until_done(routing.request_seat, opening.id)

    async def _answer(self, who: str, contact: str, number: int) -> None:
        await asyncio.sleep(self.chance.uniform(0, 0.05))
        db = self.house.ground.db
        try:
            if self.chance.random() < DECLINES:
                await db.write(routing.decline, who, contact, number)
                return
            taken = await db.write(routing.accept, who, contact, number)
        except Stale:
            self.refused += 1
            return
        except FrontdoorError:
            self._answering.discard((contact, number))
            return
        self.reached[contact].append(taken.assignment_no)
        await asyncio.sleep(self.chance.uniform(0.05, 0.3))
        ended = HowEnded.ADVISOR_ENDED
        await self._until_done(routing.end, contact, ended, assignment_no=taken.assignment_no)
        await self._until_done(
            routing.wrap_up, self.advisors[who], contact, taken.assignment_no, WRITTEN_UP
        )

    async def _until_done(self, act: object, *args: object, **more: object) -> None:
        """As a client does: again with the same id while the outcome is unknown."""
        while True:
            try:
                await self.house.ground.db.write(act, *args, **more)  # type: ignore[arg-type]  # any act
                return
            except FrontdoorError:
                await asyncio.sleep(0.1)

    def _do(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)  # type: ignore[arg-type]  # a coroutine
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()


def _open_offers(work: Work) -> list[sa.Row[tuple[str, int, str]]]:
    chosen = sa.select(offers.c.contact, offers.c.number, offers.c.staff)
    return list(work.run(chosen.where(offers.c.answer == "")).all())


def _checking(work: Work) -> list[str]:
    return list(work.run(sa.select(seats.c.staff).where(seats.c.checking.is_(True))).scalars())


def _waits_and_free(work: Work) -> tuple[set[str], bool]:
    """Who waits without an offer, and whether a seat could take them."""
    waits = work.run(
        sa.select(contact_table.c.id)
        .join(places, places.c.contact == contact_table.c.id)
        .where(contact_table.c.state == "waiting", places.c.waits.is_(True))
    ).scalars()
    wrapping = sa.select(contact_table.c.owner).where(contact_table.c.state == "wrapping")
    free = work.run(
        sa.select(seats.c.staff)
        .where(
            seats.c.on_duty.is_(True),
            seats.c.checking.is_(False),
            seats.c.load < seats.c.capacity,
            seats.c.staff.not_in(wrapping),
        )
        .limit(1)
    ).first()
    return set(waits), free is not None
