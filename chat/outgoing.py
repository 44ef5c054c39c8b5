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

WRITE_WITHIN = 10.0
"""Seconds one frame may take to leave; a peer that is slower is let go when the next one comes."""
LAST_WORDS = 5.0
"""Seconds a peer has to take them."""
MOST_LETTERS = 1 << 20
"""Letters of all frames that wait for one peer, beside their number."""


class Outgoing:
    """Nothing runs while there is nothing to say: an idle peer costs a few hundred bytes here."""

    def __init__(self, send: Send, most: int) -> None:
        self.closing = False
        self._send = send
        self._most = most
        self._waiting: list[str | Close] = []
        self._letters = 0
        self._sending: asyncio.Task[None] | None = None
        self._taken: asyncio.Event | None = None
        self._gone = False
        self._began = 0.0

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
        said = frames.dump(frame)
        too_much = self._letters + len(said) > MOST_LETTERS
        if len(self._waiting) >= self._most or too_much or self._slow():
            self._waiting.clear()
            self.close(Close(4008, "reading too slowly"))
            return
        self._letters += len(said)
        self._say(said)

    def _slow(self) -> bool:
        """Cheap enough for every frame: the clock is looked at only while something waits."""
        if not self._waiting:
            return False
        return asyncio.get_running_loop().time() - self._began > WRITE_WITHIN

    def close(self, effect: Close) -> None:
        if self.closing:
            return
        self.closing = True
        self._say(effect)
        self._make_room()

    async def drained(self) -> None:
        """Wait until there is room for a page of lines."""
        while self._full() and not self.closing:
            if self._taken is None:
                self._taken = asyncio.Event()
            self._taken.clear()
            await self._taken.wait()

    def _full(self) -> bool:
        return len(self._waiting) > self._most // 4 or self._letters > MOST_LETTERS // 8

    def _say(self, frame: str | Close) -> None:
        if self._gone:
            return
        self._waiting.append(frame)
        if self._sending is None:
            self._began = asyncio.get_running_loop().time()
            self._sending = asyncio.create_task(self._run())

    def _make_room(self) -> None:
        if self._taken is not None:
            self._taken.set()

    async def _run(self) -> None:
        try:
            loop = asyncio.get_running_loop()
            while self._waiting:
                frame = self._waiting.pop(0)
                self._began = loop.time()
                if isinstance(frame, Close):
                    await self._send(
                        {"type": "websocket.close", "code": frame.code, "reason": frame.why}
                    )
                    return
                self._letters -= len(frame)
                self._make_room()
                await self._send({"type": "websocket.send", "text": frame})
        except Exception:
            self._gone = True  # the peer is gone: its reader will say so
            self._waiting.clear()
            self._make_room()
        finally:
            self._sending = None
