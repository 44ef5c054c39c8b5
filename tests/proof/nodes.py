"""Three nodes decide for the same crowd, and are killed and frozen while it arrives.

    frontdoor serve x 3, PostgreSQL, Redis.  SIGKILL and a new start, or SIGSTOP for a while.

Judged by the rows: nobody lost, nobody owned twice at a time, no place of a seat leaked (S2, S3);
and by looking: how long did somebody wait while a seat was free?
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.cases.tables import assignments
from app.cases.tables import contacts as contact_table
from app.db import Work
from app.wiring import build
from routing.tables import offers, seats
from tests.house import Apart, process_apart, settings_of
from tests.proof.crowd import LOOK, Crowd
from tests.proof.kills import wrong_lines

Tell = Callable[[str], None]
FROZEN = 3.0
"""Seconds a node is stopped for."""
AROUND = 6.0
"""Seconds after a blow that count as around it: a node that starts takes a share of the cores."""
PATIENCE = 120.0


@dataclass(frozen=True)
class Load:
    contacts: int = 2_000
    per_second: float = 20.0
    seats: int = 40
    blows: int = 16
    seed: int = 1


@dataclass(frozen=True)
class Figures:
    """`calm` and `around`: seconds each contact waited while a seat was free, by when it was."""

    seconds: float
    contacts: int
    kills: int
    freezes: int
    refused: int
    calm: Sequence[float]
    around: Sequence[float]
    faults: Sequence[str]

    @property
    def proven(self) -> bool:
        return not self.faults

    def lines(self) -> list[str]:
        return [
            f"contacts     {self.contacts:,} in {self.seconds:.0f} s",
            f"blows        {self.kills} nodes killed, {self.freezes} frozen for {FROZEN:.0f} s; "
            f"{self.refused} late accepts refused",
            f"waited while a seat was free, p99: {_at(self.calm, 99) * 1e3:.0f} ms with all up, "
            f"{_at(self.around, 99):.2f} s within {AROUND:.0f} s of a blow "
            f"(worst {_at(self.calm, 100):.2f} s and {_at(self.around, 100):.2f} s)",
            *(f"found        {each}" for each in self.faults[:20]),
            "verdict      nobody lost, nobody owned twice, no place leaked"
            if self.proven
            else f"verdict      {len(self.faults)} faults",
        ]


async def run(url: str, redis_url: str, keys: Path, load: Load, tell: Tell = print) -> Figures:
    nodes = [process_apart(url, keys, REDIS_URL=redis_url, LOG_LEVEL="WARNING") for _ in range(3)]
    house = build(settings_of(url, keys, REDIS_URL=redis_url))
    crowd = Crowd(house, random.Random(load.seed))
    blows: list[tuple[float, float, str]] = []
    await house.ground.db.start()
    await house.ground.bus.start()
    await house.definitions.refresh()
    working = None
    try:
        await asyncio.gather(*(asyncio.to_thread(node.server.start) for node in nodes))
        await crowd.takes_seats(load.seats)
        working = asyncio.create_task(crowd.works())
        begun = time.monotonic()
        lasting = load.contacts / load.per_second
        await asyncio.gather(
            crowd.arrives(load.contacts, load.per_second),
            _strike(nodes, load, lasting, blows, tell),
        )
        async with asyncio.timeout(PATIENCE):
            await crowd.settled()
        seconds = time.monotonic() - begun
        faults = await house.ground.db.read(judge, list(crowd.came))
        faults += [line for node in nodes for line in wrong_lines(node.server.folder / "log")]
    finally:
        if working is not None:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        await house.ground.bus.stop()
        await house.ground.limiter.stop()
        await house.ground.db.stop()
        await asyncio.gather(*(asyncio.to_thread(node.server.close) for node in nodes))
    calm, around = _waits(crowd, blows)
    kinds = [kind for _, _, kind in blows]
    return Figures(
        seconds, len(crowd.came), kinds.count("kill"), kinds.count("freeze"), crowd.refused,
        calm, around, faults,
    )  # fmt: skip


async def _strike(
    nodes: Sequence[Apart],
    load: Load,
    lasting: float,
    blows: list[tuple[float, float, str]],
    tell: Tell,
) -> None:
    """One node at a time, killed or frozen by turns, with calm between."""
    chance = random.Random(load.seed)
    for number in range(load.blows):
        await asyncio.sleep(lasting / load.blows * chance.uniform(0.3, 0.7))
        server, begun = chance.choice(nodes).server, time.monotonic()
        if number % 2:
            os.kill(server.pid, signal.SIGSTOP)
            await asyncio.sleep(FROZEN)
            os.kill(server.pid, signal.SIGCONT)
        else:
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
        blows.append((begun, time.monotonic() + AROUND, "freeze" if number % 2 else "kill"))
        tell(f"{number + 1} of {load.blows} blows")


def _waits(
    crowd: Crowd, blows: Iterable[tuple[float, float, str]]
) -> tuple[list[float], list[float]]:
    """Seconds for each contact, by whether it came, or waited so, within a blow's time."""
    calm: list[float] = []
    around: list[float] = []
    spans = [(begun, over) for begun, over, _ in blows]
    for contact, came in crowd.came.items():
        moments = crowd.stuck.get(contact, [])
        near = any(begun <= at <= over for at in (came, *moments) for begun, over in spans)
        (around if near else calm).append(len(moments) * LOOK)
    return sorted(calm), sorted(around)


def judge(work: Work, came: Sequence[str]) -> list[str]:
    """What is wrong with the rows after a night in which everybody was reached and written up."""
    rows = {row.id: row for row in work.run(sa.select(contact_table)).all()}
    faults = [f"{id_}: lost" for id_ in came if id_ not in rows or rows[id_].state != "closed"]
    held: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in work.run(sa.select(assignments).order_by(assignments.c.number)).all():
        held.setdefault(row.contact, []).append(row)
    for contact, spells in held.items():
        for first, second in itertools.pairwise(spells):
            if first.ended_at is None or first.ended_at > second.began_at:
                faults.append(f"{contact}: owned twice at a time")
    for contact, answers in _offers(work).items():
        for first, second in itertools.pairwise(answers):
            if first.answered_at is None or first.answered_at > second.at:
                faults.append(f"{contact}: offered twice at a time")
    for seat in work.run(sa.select(seats).where(seats.c.load != 0)).all():
        faults.append(f"seat {seat.staff}: {seat.load} places leaked")
    return faults


def _offers(work: Work) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    made: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in work.run(sa.select(offers).order_by(offers.c.contact, offers.c.number)).all():
        made.setdefault(row.contact, []).append(row)
    return made


def _at(ordered: Sequence[float], percent: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0
