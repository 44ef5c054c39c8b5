"""The kill loop: `frontdoor serve` is killed and started again while people write.

Nothing is tidied up: SIGKILL, at a random moment, sometimes while everyone is coming back. The
recordings of all sides are then judged against the rows (S1).
"""

from __future__ import annotations

import asyncio
import functools
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.house import process_apart
from tests.processes import Server
from tests.proof.judge import Found, judge
from tests.proof.recording import (
    Acked,
    HandedOn,
    Recording,
    Refused,
    Resumed,
    Rows,
    SaidAgain,
    Welcomed,
)
from tests.proof.scene import Cast, Scene, rows_at, scene

Tell = Callable[[str], None]
EARLY = 0.15
"""The share of kills that come while everyone is coming back."""
UNSEEN = 30.0
"""Seconds an advisor may have been away when the next kill comes."""
PATIENCE = 180.0
"""Seconds to wait for a quota or for the end; past it what is missing is told as a fault."""
FILLER = " … and he has been reading my phone, so I may have to stop at any moment."


MANY = Cast()


@dataclass(frozen=True)
class Load:
    kills: int = 200
    acks: int = 100_000
    cast: Cast = MANY
    seed: int = 1


@dataclass(frozen=True)
class Figures:
    """Times are seconds from the try that succeeded to the last line that had been missed."""

    seconds: float
    kills: int
    acks: int
    rows: int
    refused: int
    handed_on: int
    """Chats whose advisor was away for so long that a colleague was asked."""
    said_again: int
    recognised: int
    """Said again though kept already: found by id, and acknowledged with the first place."""
    resumes: Sequence[float]
    found: Sequence[Found]
    logged: Sequence[str]
    """What the server's log calls an error."""

    @property
    def proven(self) -> bool:
        return not self.found and not self.logged

    def lines(self) -> list[str]:
        return [
            f"kills        {self.kills}, in {self.seconds:.0f} s",
            f"acks         {self.acks:,}, {self.rows:,} rows, {self.refused:,} told to wait, "
            f"{self.handed_on} chats handed on",
            f"resumes      {len(self.resumes):,}: p50 {_at(self.resumes, 50):.2f} s, "
            f"p95 {_at(self.resumes, 95):.2f} s, worst {_at(self.resumes, 100):.2f} s",
            f"said again   {self.said_again:,}, of them {self.recognised:,} kept before the kill "
            "and recognised by id",
            *(f"logged       {line}" for line in self.logged[:10]),
            *(f"found        {each}" for each in self.found[:20]),
            "verdict      nothing lost, doubled, reordered or crossed; each ack has its row, "
            "each row its words"
            if self.proven
            else f"verdict      {len(self.found)} faults, {len(self.logged)} errors in the log",
        ]


def silent(_: str) -> None:
    """For a run whose progress nobody watches."""


async def run(
    url: str, keys: Path, load: Load, *, tell: Tell = silent
) -> tuple[Figures, list[Recording]]:
    """Kill it `load.kills` times, and go on until there were at least `load.acks` acks."""
    apart = process_apart(url, keys, LOG_LEVEL="WARNING")
    made = await scene(url, keys, f"127.0.0.1:{apart.port}", load.cast, filler=FILLER)
    begun = time.perf_counter()
    made.chatty(True)
    tasks = made.begin()
    try:
        await _kills(apart.server, made, load, tasks, tell)
        made.chatty(False)
        await _until(functools.partial(_settled, made), tasks)
        lasted = time.perf_counter() - begun
        tell("everybody has every line" if made.settled else "some have not every line")
        logged = wrong_lines(apart.server.folder / "log")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(apart.server.close)
    rows = await rows_at(url, keys, made)
    return _figures(lasted, load.kills, made.recordings, rows, logged), made.recordings


async def _kills(
    server: Server, made: Scene, load: Load, tasks: Sequence[asyncio.Task[None]], tell: Tell
) -> None:
    chance = random.Random(load.seed)
    await asyncio.to_thread(server.start)
    for kill in range(load.kills):
        before, left = _acks(made), load.kills - kill
        if chance.random() < EARLY and left > 1:
            await asyncio.sleep(chance.uniform(0, 0.4))
        else:
            quota = max(1, load.acks - before) / left * chance.uniform(0.6, 1.6)
            quota = max(1, load.acks - before) if left == 1 else quota
            wanted = before + min(quota, _most(made))
            await _until(functools.partial(_reached, made, wanted), tasks)
        await _until(functools.partial(_all_at_their_desks, made), tasks)
        await asyncio.to_thread(server.kill)
        if kill % 10 == 9:
            tell(f"{kill + 1} kills, {_acks(made):,} acks")
        await asyncio.to_thread(server.start)


def _most(made: Scene) -> int:
    """Acks that one life of the server can give within everybody's pace."""
    return 10 * len(made.sides)


def _acks(made: Scene) -> int:
    return sum(side.acks for side in made.sides)


def _all_at_their_desks(made: Scene) -> bool:
    """Seen not long ago: whoever is unseen for 90 s has their chats handed on, and rightly."""
    return all(time.monotonic() - each.seen < UNSEEN for each in made.consoles)


def _reached(made: Scene, wanted: float) -> bool:
    return _acks(made) >= wanted


def _settled(made: Scene) -> bool:
    return made.settled


async def _until(true: Callable[[], bool], tasks: Sequence[asyncio.Task[None]]) -> None:
    """Until it is so, or nobody can wait any longer. Raises what broke a client."""
    limit = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < limit:
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(0.02)


def wrong_lines(log: Path) -> list[str]:
    """Lines of the server's log that are no line of ours, or that say something broke."""
    wrong = []
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        try:
            level = json.loads(line)["level"]
        except (ValueError, KeyError, TypeError):
            level = "unreadable"
        if level not in ("debug", "info", "warning"):
            wrong.append(line)
    return wrong


def _figures(
    lasted: float,
    kills: int,
    recordings: Sequence[Recording],
    rows: Rows,
    logged: Sequence[str],
) -> Figures:
    events = [event for each in recordings for event in each.events]
    return Figures(
        seconds=lasted,
        kills=kills,
        acks=sum(isinstance(event, Acked) for event in events),
        rows=sum(len(each) for each in rows.values()),
        handed_on=sum(isinstance(event, HandedOn) for event in events),
        refused=sum(isinstance(event, Refused) for event in events),
        said_again=sum(isinstance(event, SaidAgain) for event in events),
        recognised=sum(_recognised(each) for each in recordings),
        resumes=sorted(event.seconds for event in events if isinstance(event, Resumed)),
        found=judge(recordings, rows),
        logged=logged,
    )


def _recognised(recording: Recording) -> int:
    """Words said again on a line whose welcome already counted them."""
    head, again, count = 0, set[str](), 0
    for event in recording.events:
        match event:
            case Welcomed():
                head, again = event.head, set()
            case SaidAgain(client_id):
                again.add(client_id)
            case Acked(client_id, seq) if client_id in again and seq <= head:
                count += 1
            case _:
                pass
    return count


def _at(ordered: Sequence[float], percent: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0
