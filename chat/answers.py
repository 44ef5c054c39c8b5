"""What goes out to a peer that polls: it waits for the next answer, as much as a socket may hold.

Whoever does not fetch it is let go (4008) and comes back by its cursor, like a slow socket.
"""

from __future__ import annotations

import asyncio

from msgspec import Struct

from chat.effects import Close


class Answers:
    """`news` is set while there is something to answer with."""

    def __init__(self, most: int) -> None:
        self.closing = False
        self.news = asyncio.Event()
        self._most = most
        self._waiting: list[Struct] = []
        self._taken = asyncio.Event()
        self._close: int | None = None

    def tell(self, frame: Struct) -> None:
        if self.closing:
            return
        if len(self._waiting) >= self._most:
            self._waiting.clear()
            self.close(Close(4008, "reading too slowly"))
            return
        self._waiting.append(frame)
        self.news.set()

    def close(self, effect: Close) -> None:
        if self.closing:
            return
        self.closing = True
        self._close = effect.code
        self.news.set()
        self._taken.set()

    async def drained(self) -> None:
        while len(self._waiting) > self._most // 4 and not self.closing:
            self._taken.clear()
            await self._taken.wait()

    async def stop(self) -> None:
        """Nobody fetches anything any more."""
        self.close(Close(1001, "gone"))

    def take(self) -> tuple[list[Struct], int | None]:
        """Everything that waits, and the close code after it when this is the end."""
        taken, self._waiting = self._waiting, []
        self._taken.set()
        if not self.closing:
            self.news.clear()
        return taken, self._close
