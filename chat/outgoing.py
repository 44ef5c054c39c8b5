"""What goes out to one peer, in order. A peer that does not read is let go, and comes back (4008).

Whoever is let go misses nothing: it comes back by its cursor, and sends again what nobody
acknowledged. Last words, an error and a close code, leave before the socket does.
"""

from __future__ import annotations

import asyncio

from msgspec import Struct
from starlette.types import Send

from chat import frames
from chat.session import Close

LAST_WORDS = 5.0
"""Seconds a peer has to take them."""


class Outgoing:
    """Nothing runs while there is nothing to say: an idle peer costs a few hundred bytes here."""

    def __init__(self, send: Send, most: int) -> None:
        self.closing = False
        self._send = send
        self._most = most
        self._waiting: list[Struct | Close] = []
        self._sending: asyncio.Task[None] | None = None
        self._taken: asyncio.Event | None = None
        self._gone = False

    async def stop(self) -> None:
        """Let last words leave when there are any; whatever else waits is dropped."""
        task = self._sending
        if task is not None and self.closing:
            await asyncio.wait({task}, timeout=LAST_WORDS)
        self._gone = True
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task})

    def tell(self, frame: Struct) -> None:
        if self.closing:
            return
        if len(self._waiting) >= self._most:
            self._waiting.clear()
            self.close(Close(4008, "reading too slowly"))
            return
        self._say(frame)

    def close(self, effect: Close) -> None:
        if self.closing:
            return
        self.closing = True
        self._say(effect)
        self._make_room()

    async def drained(self) -> None:
        """Wait until there is room for a page of lines."""
        while len(self._waiting) > self._most // 4 and not self.closing:
            if self._taken is None:
                self._taken = asyncio.Event()
            self._taken.clear()
            await self._taken.wait()

    def _say(self, frame: Struct | Close) -> None:
        if self._gone:
            return
        self._waiting.append(frame)
        if self._sending is None:
            self._sending = asyncio.create_task(self._run())

    def _make_room(self) -> None:
        if self._taken is not None:
            self._taken.set()

    async def _run(self) -> None:
        try:
            while self._waiting:
                frame = self._waiting.pop(0)
                self._make_room()
                if isinstance(frame, Close):
                    await self._send(
                        {"type": "websocket.close", "code": frame.code, "reason": frame.why}
                    )
                    return
                await self._send({"type": "websocket.send", "text": frames.dump(frame)})
        except Exception:
            self._gone = True  # the peer is gone: its reader will say so
            self._waiting.clear()
            self._make_room()
        finally:
            self._sending = None
