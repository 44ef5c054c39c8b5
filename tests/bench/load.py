"""Pairs of lines into the same conversation: one says, another reads. Closed loop and open loop."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.line import Line, enter
from tests.bench.machine import cpu_seconds, family_cpu_seconds
from tests.bench.serving import Serving

WORDS = (
    "I am not sure this is the right place, but he has been reading my phone. "
    "I would like to talk to somebody."
)


@dataclass
class Pair:
    """One conversation: the visitor's own line, and the line that reads along."""

    conversation: str
    serial: int
    writer: Line
    reader: Line
    in_flight: int = 0
    said: int = 0
    acked: int = 0
    read: int = 0
    due: deque[float] = field(default_factory=deque)
    late: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._head = (
            f'{{"t":"say","conversation":"{self.conversation}","client_id":"{self.serial:08x}'
        ).encode()
        self._tail = f'","text":"{WORDS}"}}'.encode()
        self.writer.heard = self._answered
        self.reader.heard = self._overheard

    def say(self) -> None:
        self.said += 1
        self.writer.say(b"%b%024x%b" % (self._head, self.said, self._tail))

    def _answered(self, raw: bytes) -> None:
        if raw.startswith(b'{"t":"ack"'):
            self.acked += 1
            if self.due:
                self.late.append(time.perf_counter() - self.due.popleft())
            if self.said - self.acked < self.in_flight:
                self.say()
        elif raw.startswith(b'{"t":"error"'):
            raise AssertionError(raw.decode())

    def _overheard(self, raw: bytes) -> None:
        if raw.startswith(b'{"t":"message"'):
            self.read += 1


@dataclass(frozen=True)
class Saturated:
    """What a closed loop gave: messages a second, microseconds of CPU a message."""

    per_second: float
    server_us: float
    store_us: float
    client_busy: float
    server_busy: float

    @property
    def cpu_us(self) -> float:
        """Server and stores together."""
        return self.server_us + self.store_us


async def pairs(serving: Serving, count: int, first: int = 0) -> list[Pair]:
    opened = []
    for number in range(count):
        writer, welcome = await enter(serving.port, serving.frame_token())
        reader, _ = await enter(serving.port, welcome.token)
        opened.append(Pair(welcome.conversation, first + number, writer, reader))
    return opened


async def saturate(
    serving: Serving, each: Sequence[Pair], in_flight: int, warm_up: float, seconds: float
) -> Saturated:
    """Every pair keeps `in_flight` messages under way. Raises when a line closed or lost a word."""
    for pair in each:
        pair.in_flight = in_flight
        for _ in range(in_flight):
            pair.say()
    await asyncio.sleep(warm_up)
    begun, acked = time.perf_counter(), sum(pair.acked for pair in each)
    server, store, client = cpu_seconds(serving.pid), _stores(serving), time.process_time()
    await asyncio.sleep(seconds)
    lasted = time.perf_counter() - begun
    messages = sum(pair.acked for pair in each) - acked
    server = cpu_seconds(serving.pid) - server
    store = _stores(serving) - store
    client = time.process_time() - client
    for pair in each:
        pair.in_flight = 0
    await settled(each)
    return Saturated(
        messages / lasted,
        server / messages * 1e6,
        store / messages * 1e6,
        client / lasted,
        server / lasted,
    )


async def steady(each: Sequence[Pair], per_second: float, seconds: float) -> list[float]:
    """Open loop: how long after the moment it was due each message was acked, in seconds."""
    for pair in each:
        pair.late.clear()
    begun = time.perf_counter() + 0.05
    for number in range(int(per_second * seconds)):
        due = begun + number / per_second
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        pair = each[number % len(each)]
        pair.due.append(due)
        pair.say()
    await settled(each)
    return [late for pair in each for late in pair.late]


async def settled(each: Sequence[Pair]) -> None:
    """Until every word said is acked and read. Raises when that does not come."""
    limit = time.perf_counter() + 15
    while any(pair.acked < pair.said or pair.read < pair.said for pair in each):
        if time.perf_counter() > limit:
            said, acked, read = (
                sum(getattr(pair, name) for pair in each) for name in ("said", "acked", "read")
            )
            closed = sum(pair.writer.closed + pair.reader.closed for pair in each)
            raise AssertionError(f"{said} said, {acked} acked, {read} read, {closed} lines closed")
        await asyncio.sleep(0.01)


def _stores(serving: Serving) -> float:
    return sum(family_cpu_seconds(pid) for pid in serving.stores)
