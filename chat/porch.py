"""Whoever has not shown a token of ours stands on the porch: a bounded number, the oldest out.

Only who was silent while somebody newer was heard makes room: a network that dropped everyone
brings thousands before we have read one word, and they would push each other out for ever. Who
finds it full waits outside, and the newest goes first: the others may have given up by now.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST = 500
CHANCE = 1.0
"""Seconds."""

Out = Callable[[], None]


class Porch:
    def __init__(self, most: int = MOST, chance: float = CHANCE) -> None:
        self._most = most
        self._chance = chance
        self._here: OrderedDict[Hashable, tuple[float, Out]] = OrderedDict()
        self._outside: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._heard = 0.0

    def __len__(self) -> int:
        return len(self._here)

    async def enter(self, who: Hashable, out: Out) -> None:
        """Returns once there is a place. `out` is called when it goes to somebody newer."""
        loop = asyncio.get_running_loop()
        while len(self._here) >= self._most and not self._send_out():
            turn = loop.create_future()
            self._outside.append(turn)
            self._wait_for_the_oldest()
            try:
                await turn
            except asyncio.CancelledError:
                self._next()  # whose turn it may have been
                raise
        self._here[who] = (loop.time(), out)
        self._wait_for_the_oldest()

    def known(self, who: Hashable) -> None:
        """They showed a token of ours. Twice is once."""
        if who in self._here:
            self._heard = max(self._heard, self._here[who][0])
        self.leave(who)

    def leave(self, who: Hashable) -> None:
        """They are known, or gone. Twice is once."""
        if self._here.pop(who, None) is not None:
            self._next()

    def _send_out(self) -> bool:
        who, (since, out) = next(iter(self._here.items()))
        if self._heard <= since or asyncio.get_running_loop().time() < since + self._chance:
            return False
        del self._here[who]
        out()
        return True

    def _wait_for_the_oldest(self) -> None:
        if self._timer is None and self._outside and self._here:
            since, _ = next(iter(self._here.values()))
            if since < self._heard:
                self._timer = asyncio.get_running_loop().call_at(since + self._chance, self._next)

    def _next(self) -> None:
        """A place is free, or the oldest has had its chance."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._outside:
            turn = self._outside.pop()
            if not turn.done():
                turn.set_result(None)
                return
