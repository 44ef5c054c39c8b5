"""Two nodes: how soon after its ack a word reaches a reader on the other, Redis up and killed."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict

import msgspec
import uvloop

from tests.bench.line import Line, enter
from tests.bench.machine import CLIENT_CORE, SERVER_CORE, go_first, percentile, pin
from tests.bench.serving import Serving, another, serving
from tests.bench.stores import Stores, stores

CONVERSATIONS, CALM, SECONDS = 50, 50, 6.0
"""Conversations, messages a second over all of them, for how long."""
SETTLE = 3.0


class Crossing:
    """One conversation: said on one node, read on the other."""

    def __init__(self, conversation: str, writer: Line, reader: Line) -> None:
        self.conversation = conversation
        self.writer = writer
        self.said = 0
        self.kept: dict[int, float] = {}
        self.read: defaultdict[int, list[float]] = defaultdict(list)
        writer.heard = self._acked
        reader.heard = self._reached

    def say(self) -> None:
        self.said += 1
        frame = {"t": "say", "conversation": self.conversation, "text": "Can you read this?"}
        frame["client_id"] = f"{self.said:032x}"
        self.writer.say(msgspec.json.encode(frame))

    @property
    def settled(self) -> bool:
        return len(self.kept) == self.said == len(self.read)

    def late(self) -> list[float]:
        """Seconds from ack to reading. A word that was read twice is an error."""
        assert all(len(times) == 1 for times in self.read.values())
        return [max(0.0, self.read[seq][0] - at) for seq, at in self.kept.items()]

    def _acked(self, raw: bytes) -> None:
        if raw.startswith(b'{"t":"ack"'):
            self.kept[msgspec.json.decode(raw)["seq"]] = time.perf_counter()

    def _reached(self, raw: bytes) -> None:
        if raw.startswith(b'{"t":"message"'):
            self.read[msgspec.json.decode(raw)["seq"]].append(time.perf_counter())


def run() -> None:
    pin(SERVER_CORE)
    with stores() as found:
        if found is None:
            print("NOT MEASURED, PostgreSQL or Redis is not installed")
            return
        with (
            serving(
                "one",
                database_url=found.database_url,
                redis_url=found.redis_url,
                stores=found.pids,
            ) as one,
            another(one, "two") as two,
        ):
            go_first(one.pid, two.pid, *found.pids)
            pin(CLIENT_CORE)
            uvloop.run(_measure(one, two, found))


async def _measure(one: Serving, two: Serving, found: Stores) -> None:
    print(f"{CONVERSATIONS} conversations, {CALM} messages a second, said here and read there")
    await _row("Redis up", one, two)
    found.redis.kill()
    await asyncio.sleep(SETTLE)
    await _row("Redis killed", one, two)


async def _row(name: str, one: Serving, two: Serving) -> None:
    crossings = []
    for _ in range(CONVERSATIONS):
        writer, welcome = await enter(one.port, one.frame_token())
        reader, _ = await enter(two.port, welcome.token)
        crossings.append(Crossing(welcome.conversation, writer, reader))
    await asyncio.sleep(SETTLE)
    begun = time.perf_counter()
    for number in range(int(CALM * SECONDS)):
        await asyncio.sleep(max(0.0, begun + number / CALM - time.perf_counter()))
        crossings[number % CONVERSATIONS].say()
    limit = time.perf_counter() + 30
    while not all(each.settled for each in crossings):
        assert time.perf_counter() < limit, "a word did not reach the other node"
        await asyncio.sleep(0.02)
    late = [one for each in crossings for one in each.late()]
    print(
        f"{name:14} ack to the other node's reader: p50 {percentile(late, 50) * 1e3:.0f} ms, "
        f"p95 {percentile(late, 95) * 1e3:.0f} ms, worst {max(late) * 1e3:.0f} ms; "
        f"{len(late)} words, each read once"
    )
