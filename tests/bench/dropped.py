"""Every line of a full house dropped at once: how soon is everybody back, and is anything lost?

Each visitor has one word acked and one under way when the lines are cut. Each comes back as the
widget does: full jitter between nothing and a pause that grows from 0.2 to 5 s, by its resume token
and cursor, with the word it never heard of under the same id.
"""

from __future__ import annotations

import asyncio
import random
import resource
import time
from dataclasses import dataclass

import msgspec
import uvloop

from chat.frames import Welcome
from tests.bench.line import Line, enter
from tests.bench.machine import CLIENT_CORE, SERVER_CORE, go_first, percentile, pin
from tests.bench.serving import Serving, serving

VISITORS, AT_ONCE = 5_000, 25
SPARE_FILES = 200
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
PAGE_WAITS = 10.0
"""Seconds from opening a line to its welcome, after which the page tries anew."""
PATIENCE = 120.0


@dataclass
class Visitor:
    """What the page of one visitor remembers, and when all of it was made good again."""

    serial: int
    line: Line
    welcome: Welcome
    back_at: float = 0.0
    tries: int = 0

    def say(self, number: int) -> asyncio.Future[int]:
        """Send word `number`; what comes is the seq it was acked with, or that the line is gone."""
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def listen(raw: bytes) -> None:
            if raw.startswith(b'{"t":"ack"') and not heard.done():
                heard.set_result(msgspec.json.decode(raw)["seq"])

        def cut() -> None:
            if not heard.done():
                heard.set_exception(ConnectionError("the line is gone"))

        self.line.heard, self.line.cut = listen, cut
        said = {"t": "say", "conversation": self.welcome.conversation, "text": "Are you there?"}
        said["client_id"] = f"{self.serial:08x}{number:024x}"
        self.line.say(msgspec.json.encode(said))
        return heard

    async def keep(self, number: int) -> None:
        """Say word `number` and wait until it is kept. Raises when it was lost or doubled."""
        seq = await asyncio.wait_for(self.say(number), 20)
        if seq != number:
            raise AssertionError(f"visitor {self.serial}: word {number} has seq {seq}")

    async def come_back(self, server: Serving) -> None:
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(random.uniform(0, pause))
            pause = min(LONGEST_PAUSE, pause * 2)
            self.tries += 1
            try:
                cursor = {"epoch": self.welcome.epoch, "seq": 1}
                async with asyncio.timeout(PAGE_WAITS):
                    self.line, welcome = await enter(server.port, self.welcome.token, cursor)
                if welcome.reset:
                    raise AssertionError(f"visitor {self.serial}: reset")
                await self.keep(2)
            except (OSError, TimeoutError):
                self.line.close()
            else:
                self.back_at = time.perf_counter()
                return


def run() -> None:
    pin(SERVER_CORE)
    with serving("SQLite") as server:
        go_first(server.pid)
        pin(CLIENT_CORE)
        uvloop.run(_measure(server))


async def _measure(server: Serving) -> None:
    most_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    visitors = await _enter(server, min(VISITORS, most_files - SPARE_FILES))
    for visitor in visitors:  # under way when the line goes: kept or not, nobody was told
        visitor.say(2).cancel()
        visitor.line.abort()
    cut = time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(visitor.come_back(server) for visitor in visitors))
    took = [visitor.back_at - cut for visitor in visitors]
    tries = sum(visitor.tries for visitor in visitors) / len(visitors)
    print(
        f"{len(visitors)} lines dropped at once: all back after {max(took):.1f} s, "
        f"p50 {percentile(took, 50):.1f} s, p95 {percentile(took, 95):.1f} s, "
        f"{tries:.1f} tries each; every word there once and in order"
    )


async def _enter(server: Serving, count: int) -> list[Visitor]:
    visitors: list[Visitor] = []
    while len(visitors) < count:
        group = [
            Visitor(len(visitors) + place, line, welcome)
            for place, (line, welcome) in enumerate(
                await asyncio.gather(
                    *(enter(server.port, server.frame_token()) for _ in range(AT_ONCE))
                )
            )
        ]
        await asyncio.gather(*(visitor.keep(1) for visitor in group))
        visitors += group
    return visitors
