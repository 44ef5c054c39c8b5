"""Ella and Maya in a served house, one of them behind a bad network; at the end, the judge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.house import Served
from tests.proof.judge import Found, judge
from tests.proof.lines import NONE, ConsoleLine, Pulse, VisitorLine
from tests.proof.proxy import Proxy, proxy_to
from tests.proof.scene import Cast, Scene, rows_of, scene

PATIENCE = 60.0
"""Seconds after which a story gives up; nothing here is measured."""
PAIR = Cast(advisors=1, conversations_each=1, alone=0)


async def until(
    true: Callable[[], bool],
    tasks: Sequence[asyncio.Task[None]],
    *,
    patience: float | None = PATIENCE,
) -> None:
    """Until it is so. Raises what broke a client, and TimeoutError when it never becomes so."""
    async with asyncio.timeout(patience):
        while not true():
            for task in tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)


@dataclass
class Storm:
    home: Served
    made: Scene
    proxy: Proxy
    whose: str
    """Whose line goes through the proxy: visitor or advisor."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def ella(self) -> VisitorLine:
        return self.made.visitors[0]

    @property
    def maya(self) -> ConsoleLine:
        return self.made.consoles[0]

    @property
    def conversation(self) -> str:
        return self.ella.side.recording.conversation

    @property
    def tries(self) -> int:
        """Lines that were tried through the proxy."""
        return self.ella.tries if self.whose == "visitor" else self.maya.tries

    async def both_say(self, times: int) -> None:
        for _ in range(times):
            await self.ella.say()
            await self.maya.say(self.conversation)

    async def settled(self) -> None:
        """Nothing is pending and both have every line."""
        await self.until(lambda: self.made.settled)

    async def until(self, true: Callable[[], bool]) -> None:
        await until(true, self.tasks)

    async def faults(self) -> list[Found]:
        rows = await rows_of(self.home.db, self.home.keyring, [self.conversation])
        assert len(rows[self.conversation]) == self.ella.side.at, "both have every row"
        return judge(self.made.recordings, rows)


@asynccontextmanager
async def storm(
    home: Served, keys: Path, whose: str, *, pulse: Pulse = NONE, filler: str = ""
) -> AsyncIterator[Storm]:
    """Both are in the conversation, and nothing has happened yet."""
    url = home.house.ground.settings.database_url
    address = f"127.0.0.1:{home.port}"
    async with proxy_to(home.port) as proxy:
        made = await scene(
            url, keys, address, PAIR, clock=home.clock, filler=filler,
            visitor_pulse=pulse, console_pulse=pulse,
        )  # fmt: skip
        faulty = made.visitors[0] if whose == "visitor" else made.consoles[0]
        faulty.address = proxy.address
        here = Storm(home, made, proxy, whose)
        here.tasks = made.begin()
        try:
            await here.both_say(1)
            await here.settled()
            yield here
        finally:
            for task in here.tasks:
                task.cancel()
            await asyncio.gather(*here.tasks, return_exceptions=True)
