"""Three nodes decide for the same crowd, and are killed and frozen while it arrives.

    frontdoor serve x 3, PostgreSQL, Redis.  SIGKILL and a new start, or SIGSTOP for a while.

Judged by the rows: nobody lost, nobody owned twice at a time, no place of a seat leaked (S2, S3);
and by looking: how long did somebody wait while a seat was free?
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import sqlalchemy as sa

from app.cases.tables import assignments
from app.cases.tables import contacts as contact_table
from app.db import Work
from app.wiring import build
from routing.tables import offers, seats
from tests.house import Apart, process_apart, settings_of
from tests.proof.crowd import Crowd
from tests.proof.kills import wrong_lines

Tell = Callable[[str], None]
When = Literal["calm", "kill", "freeze"]
WHENS: tuple[When, ...] = get_args(When)
_WHEN = {"calm": "all up", "kill": "around a kill", "freeze": "around a freeze"}
Blow = tuple[float, float, Literal["kill", "freeze"]]
"""From when to when (monotonic) it was felt, and what it was."""
LOST, TWICE = "lost", "owned twice at a time"
FROZEN = 3.0
"""Seconds a node is stopped for."""
AROUND = 6.0
"""Seconds after a blow that count as around it: a node that starts takes a share of the cores."""
PATIENCE = 120.0


@dataclass(frozen=True)
class Load:
    contacts: int = 2_000
    per_second: float = 10.0
    seats: int = 40
    blows: int = 14
    seed: int = 1


@dataclass(frozen=True)
class Figures:
    """`waits`: seconds each contact waited while a seat was free, in order, by when that was."""

    seconds: float
    contacts: int
    kills: int
    freezes: int
    refused: int
    waits: Mapping[When, Sequence[float]]
    lost: int
    twice: int
    faults: Sequence[str]

    @property
    def proven(self) -> bool:
        return not self.faults

    def lines(self) -> list[str]:
        return [
            f"contacts     {self.contacts:,} in {self.seconds:.0f} s",
            f"blows        {self.kills} nodes killed, {self.freezes} frozen for {FROZEN:.0f} s; "
            f"{self.refused} late accepts refused",
            f"rows         {self.lost} lost, {self.twice} doubly owned",
            "waited while somebody was free, p99 and worst:",
            *(f"  {_WHEN[when]:19}{_spoken(self.waits[when])}" for when in WHENS),
            *(f"found        {each}" for each in self.faults[:20]),
            "verdict      nobody lost, nobody owned twice, no place leaked"
            if self.proven
            else f"verdict      {len(self.faults)} faults",
        ]


async def run(url: str, redis_url: str, keys: Path, load: Load, tell: Tell = print) -> Figures:
    nodes = [process_apart(url, keys, REDIS_URL=redis_url, LOG_LEVEL="WARNING") for _ in range(3)]
    house = build(settings_of(url, keys, REDIS_URL=redis_url))
    crowd = Crowd(house, random.Random(load.seed))
    blows: list[Blow] = []
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
        with contextlib.suppress(TimeoutError):  # whoever was not reached then is judged as lost
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
    kinds = [kind for _, _, kind in blows]
    return Figures(
        seconds, len(crowd.came), kinds.count("kill"), kinds.count("freeze"), crowd.refused,
        _waits(crowd, blows), sum(each.endswith(LOST) for each in faults),
        sum(each.endswith(TWICE) for each in faults), faults,
    )  # fmt: skip


async def _strike(
    nodes: Sequence[Apart],
    load: Load,
    lasting: float,
    blows: list[Blow],
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
        kind: Literal["kill", "freeze"] = "freeze" if number % 2 else "kill"
        blows.append((begun, time.monotonic() + AROUND, kind))
        tell(f"{number + 1} of {load.blows} blows")


def _waits(crowd: Crowd, blows: Iterable[Blow]) -> dict[When, list[float]]:
    """Seconds for each contact, by whether it came, or waited so, within a blow's time."""
    waits: dict[When, list[float]] = {when: [] for when in WHENS}
    for contact, came in crowd.came.items():
        stuck = crowd.stuck.get(contact, [])
        near = {
            kind
            for begun, over, kind in blows
            if any(begun <= at <= over for at in (came, *(at for at, _ in stuck)))
        }
        when: When = "kill" if "kill" in near else "freeze" if near else "calm"
        waits[when].append(sum(seconds for _, seconds in stuck))
    return {when: sorted(each) for when, each in waits.items()}


def judge(work: Work, came: Sequence[str]) -> list[str]:
    """What is wrong with the rows after a night in which everybody was reached and written up."""
    rows = {row.id: row for row in work.run(sa.select(contact_table)).all()}
    faults = [f"{id_}: {LOST}" for id_ in came if id_ not in rows or rows[id_].state != "closed"]
    held: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in work.run(sa.select(assignments).order_by(assignments.c.number)).all():
        held.setdefault(row.contact, []).append(row)
    for contact, spells in held.items():
        for first, second in itertools.pairwise(spells):
            if first.ended_at is None or first.ended_at > second.began_at:
                faults.append(f"{contact}: {TWICE}")
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


def _spoken(ordered: Sequence[float]) -> str:
    return f"{_at(ordered, 99):5.2f} s {_at(ordered, 100):6.2f} s   {len(ordered):,} contacts"


def _at(ordered: Sequence[float], percent: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0
