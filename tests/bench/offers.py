"""From a contact that asks for a seat to its offer in the database, with the product's matcher.

Within a node: `python -m tests.bench.offers NUMBER`. It waits for a word on its standard input
before each of its two runs, so that several nodes begin together, and answers with one line each.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import msgspec
import sqlalchemy as sa
import uvloop

from app import ids, settings
from app.among import among
from app.auth import staff
from app.auth.policy import Role
from app.auth.staff import Joining
from app.bus import Hint
from app.cases import acts as contacts
from app.cases.model import Channel, Need, Opening
from app.db import Work
from app.log import configure
from app.wiring import House, build
from routing import acts as routing
from routing.tables import offers
from tests.bench.machine import SERVER_CORE, go_first, percentile, pin
from tests.bench.serving import SERVICE, Serving, serving
from tests.bench.stores import stores

SEATS, PLACES = 100, 40
"""Seats on duty in all, and places in each: nobody waits for want of a seat."""
CONTACTS, AT_ONCE = 2_000, 64
CALM_SHARE, CALM_SECONDS = 10, 5.0
LEASE = 3_600
PASSWORD_HASH = "nobody signs in"


class Ran(msgspec.Struct):
    """What one node did: how many offers, in how many seconds, and how long each took."""

    offers: int
    seconds: float
    late: list[float]


def run() -> None:
    pin(SERVER_CORE)
    print(f"{'':24}{'offers a second':>16}{'p50 ms':>9}{'p99 ms':>8}   at a tenth of that")
    with serving("SQLite", only_prepared=True) as one:
        _row("SQLite, one node", [one])
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with stores() as found:
        if found is None:
            print("PostgreSQL: NOT MEASURED, its programs are not installed")
            return
        with serving(
            "PostgreSQL",
            database_url=found.database_url,
            redis_url=found.redis_url,
            only_prepared=True,
        ) as one:
            _row("PostgreSQL, three nodes", [one] * 3)
    print(f"{CONTACTS} contacts, {SEATS} seats; each asked for, decided, claimed and committed")


def _row(name: str, served: Sequence[Serving]) -> None:
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(_node(each.environ, number, len(served)))
            for number, each in enumerate(served)
        ]
        go_first(*(node.pid for node in nodes))
        busy = _together(nodes, 0.0)
        rate = sum(ran.offers for ran in busy) / max(ran.seconds for ran in busy)
        calm = _together(nodes, rate / CALM_SHARE / len(nodes))
        late = [one for ran in calm for one in ran.late]
        print(
            f"{name:24}{rate:16.0f}{percentile(late, 50) * 1e3:9.1f}"
            f"{percentile(late, 99) * 1e3:8.1f}",
            flush=True,
        )


@contextmanager
def _node(environ: Mapping[str, str], number: int, of: int) -> Iterator[subprocess.Popen[str]]:
    node = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.offers", str(number), str(of)],
        env={**os.environ, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert node.stdout is not None
        assert node.stdout.readline() == "ready\n"
        yield node
    finally:
        node.kill()
        node.communicate()


def _together(nodes: Sequence[subprocess.Popen[str]], rate: float) -> list[Ran]:
    for node in nodes:
        assert node.stdin is not None
        node.stdin.write(f"{rate}\n")
        node.stdin.flush()
    return [msgspec.json.decode(node.stdout.readline(), type=Ran) for node in nodes if node.stdout]


# -- within a node --------------------------------------------------------------------------------


class Asking:
    """Asks for seats, and hears of each contact once its offer is committed."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.db = house.ground.db
        self._offered: dict[str, asyncio.Future[float]] = {}

    async def listen(self) -> None:
        async with self.house.ground.bus.subscribe(("contact", None)) as hints:
            async for hint in hints:
                if isinstance(hint, Hint):
                    self._told(hint.id)

    async def look(self) -> None:
        """Once a second: a lost hint costs a second, here as in the product."""
        while True:
            await asyncio.sleep(1)
            pending = [id_ for id_, told in self._offered.items() if not told.done()]
            for contact in await self.db.read(_offered_of, pending):
                self._told(contact)

    def _told(self, contact: str) -> None:
        told = self._offered.get(contact)
        if told is not None and not told.done():
            told.set_result(time.perf_counter())

    async def arrivals(self, many: int) -> list[str]:
        """Contacts that nobody has asked a seat for yet."""
        keyring, arrived = self.house.ground.keyring, []
        for _ in range(many):
            opening = Opening(
                key=f"chat:{ids.new()}",
                id=ids.new(),
                service=SERVICE,
                hub=self.house.services()[SERVICE].central.key,
                channel=Channel.SMS,  # nobody whose page must be there
                need=Need(),
                conversation=ids.new(),
            )
            await self.db.write(contacts.arrive, keyring, opening)
            arrived.append(opening.id)
        return arrived

    async def ask(self, contact: str) -> float:
        """Seconds from asking to the offer."""
        told = self._offered[contact] = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        await self.db.write(routing.request_seat, contact)
        return float(await asyncio.wait_for(told, 60)) - begun

    async def flood(self, waiting: Sequence[str]) -> Ran:
        left, late = iter(waiting), []

        async def one_after_another() -> None:
            for contact in left:
                late.append(await self.ask(contact))

        begun = time.perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
        return Ran(len(late), time.perf_counter() - begun, late)

    async def steady(self, waiting: Sequence[str], rate: float) -> Ran:
        asked, begun = [], time.perf_counter()
        for number, contact in enumerate(waiting):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            asked.append(asyncio.create_task(self.ask(contact)))
        late = list(await asyncio.gather(*asked))
        return Ran(len(late), time.perf_counter() - begun, late)


def _offered_of(work: Work, contact_ids: list[str]) -> list[str]:
    chosen = sa.select(offers.c.contact).where(among(offers.c.contact, contact_ids))
    return list(work.run(chosen).scalars())


async def _serve(number: int, of: int) -> None:
    chosen = settings.load(os.environ)
    configure(chosen.log_level, chosen.log_format)
    house = build(chosen)
    await house.start()
    asking = Asking(house)
    listening = [asyncio.create_task(each) for each in (asking.listen(), asking.look())]
    for seat in range(number, SEATS, of):
        await _on_duty(house, seat)
    busy = await asking.arrivals(CONTACTS // of)
    calm = await asking.arrivals(CONTACTS // of)
    print("ready", flush=True)
    for waiting in (busy, calm):
        rate = float(await asyncio.to_thread(sys.stdin.readline))
        if rate:
            waiting = waiting[: max(1, int(rate * CALM_SECONDS))]
        ran = await (asking.steady(waiting, rate) if rate else asking.flood(waiting))
        print(json.dumps(msgspec.to_builtins(ran)), flush=True)
    for task in listening:
        task.cancel()
    await house.stop()


async def _on_duty(house: House, seat: int) -> None:
    service = house.services()[SERVICE]
    joining = Joining(
        id=ids.new(),
        service=SERVICE,
        hub=service.hubs[seat % len(service.hubs)].key,
        role=Role.ADVISOR,
        email=f"seat{seat}@lancashire.example",
        first_name=f"Seat {seat}",
        name=f"Seat {seat}",
        phone=None,
        skills=(),
        languages=("en",),
        capacity=PLACES,
    )
    await house.ground.db.write(staff.join, house.ground.keyring, joining, PASSWORD_HASH)
    await house.ground.db.write(routing.go_on_duty, joining.id, LEASE)


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
