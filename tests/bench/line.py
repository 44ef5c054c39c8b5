"""A websocket client that costs next to nothing, so that the server is what is measured.

Text frames only, RFC 6455. It masks with a key of zeros, which is allowed and leaves the bytes as
they are. Nothing is checked that a test of the product checks.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Mapping
from typing import cast

import msgspec

from chat.frames import Welcome

HANDSHAKE = (
    b"GET /chat/v1/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: null\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
TEXT, PING, PONG = 0x81, 0x89, 0x8A
UNMASKED = bytes(4)


class Line(asyncio.Protocol):
    """`heard` is called with each text frame, as bytes; `cut` when the line is gone."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self.heard = heard
        self.cut: Callable[[], None] | None = None
        self.closed = False
        self._transport: asyncio.Transport | None = None
        self._kept = b""
        self._open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(HANDSHAKE)

    def connection_lost(self, problem: Exception | None) -> None:
        self.closed = True
        if not self._open.done():
            self._open.set_exception(ConnectionError("the server closed the line"))
        elif self.cut is not None:
            self.cut()

    def data_received(self, data: bytes) -> None:
        data = self._kept + data if self._kept else data
        if not self._open.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._kept = head
                return
            if b" 101 " not in head[:16]:
                raise ConnectionError(head[:80].decode(errors="replace"))
            self._open.set_result(None)
        at, size = 0, len(data)
        while size - at >= 2:
            length, body = data[at + 1], at + 2
            if length == 126:
                length, body = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, body = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if size < body + length:
                break
            if data[at] == TEXT:
                self.heard(data[body : body + length])
            elif data[at] == PING:
                self._send(PONG, data[body : body + length])
            at = body + length
        self._kept = data[at:]

    async def opened(self) -> None:
        await asyncio.wait_for(self._open, 20)

    def say(self, frame: bytes) -> None:
        self._send(TEXT, frame)

    def abort(self) -> None:
        """Cut, with nothing said and nothing more sent."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _send(self, kind: int, body: bytes) -> None:
        assert self._transport is not None
        size = len(body)
        head = bytes((kind, 0x80 | size)) if size < 126 else struct.pack("!BBH", kind, 0xFE, size)
        self._transport.write(head + UNMASKED + body)


async def enter(
    port: int, token: str, cursor: Mapping[str, object] | None = None
) -> tuple[Line, Welcome]:
    """Open a line and say hello: a frame token begins a chat, a resume token comes back to one."""
    welcomed: asyncio.Future[Welcome] = asyncio.get_running_loop().create_future()

    def heard(raw: bytes) -> None:
        if welcomed.done():
            return
        if raw.startswith(b'{"t":"welcome"'):
            welcomed.set_result(msgspec.json.decode(raw, type=Welcome))
        elif raw.startswith(b'{"t":"error"'):
            welcomed.set_exception(ConnectionError(raw.decode()))

    def cut() -> None:
        if not welcomed.done():
            welcomed.set_exception(ConnectionError("the server closed the line"))

    _, line = await asyncio.get_running_loop().create_connection(
        lambda: Line(heard), "127.0.0.1", port
    )
    await line.opened()
    line.cut = cut
    line.say(msgspec.json.encode({"t": "hello", "v": 1, "token": token, "cursor": cursor}))
    return line, await asyncio.wait_for(welcomed, 20)
