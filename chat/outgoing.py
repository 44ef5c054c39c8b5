"""What goes out to one peer, in order. A peer that does not read is let go, and comes back (4008).

Whoever is let go misses nothing: it comes back by its cursor, and sends again what nobody
acknowledged. Last words, an error and a close code, leave before the socket does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from msgspec import Struct
from starlette.types import Send

from chat import frames
from chat.session import Close

LAST_WORDS = 5.0
"""Seconds a peer has to take them."""


class Outgoing:
    def __init__(self, send: Send, most: int) -> None:
        self.closing = False
        self._send = send
        self._most = most
        self._waiting: deque[Struct | Close] = deque()
        self._news = asyncio.Event()
        self._taken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Let last words leave when there are any; whatever else waits is dropped."""
        if self._task is None:
            return
        if self.closing:
            await asyncio.wait({self._task}, timeout=LAST_WORDS)
        self._task.cancel()
        await asyncio.wait({self._task})

    def tell(self, frame: Struct) -> None:
        if self.closing:
            return
        if len(self._waiting) >= self._most:
            self._waiting.clear()
            self.close(Close(4008, "reading too slowly"))
            return
        self._waiting.append(frame)
        self._news.set()

    def close(self, effect: Close) -> None:
        if self.closing:
            return
        self.closing = True
        self._waiting.append(effect)
        self._news.set()
        self._taken.set()

    async def drained(self) -> None:
        """Wait until there is room for a page of lines."""
        while len(self._waiting) > self._most // 4 and not self.closing:
            self._taken.clear()
            await self._taken.wait()

    async def _run(self) -> None:
        with contextlib.suppress(Exception):  # the peer is gone: its reader will say so
            while True:
                while not self._waiting:
                    self._news.clear()
                    await self._news.wait()
                frame = self._waiting.popleft()
                self._taken.set()
                if isinstance(frame, Close):
                    await self._send(
                        {"type": "websocket.close", "code": frame.code, "reason": frame.why}
                    )
                    return
                await self._send({"type": "websocket.send", "text": frames.dump(frame)})
