"""A bad network in a box: a TCP proxy on the loopback address that does to a line what nets do.

Weather (`delay`, `pace`, `freeze`) holds for every line; a blow (`reset`, `half_open`, `cut`) for
the lines there are at that moment. What a frozen line was given leaves at once when it thaws.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum

CHUNK = 16_384
SMALL = 4_096
"""Kernel buffers of a paced line, so that a slow reader is felt at the other end."""
RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Way(StrEnum):
    UP = "up"
    DOWN = "down"


class Crossing:
    """One line through the proxy: a socket to the client, a socket to the server."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.passed = dict.fromkeys(Way, 0)
        """Bytes handed on."""
        self.swallowing = False
        self._proxy = proxy
        self._ends = client, server
        self._left: dict[Way, int | None] = dict.fromkeys(Way)
        self._pumps = [
            asyncio.create_task(self._pump(client, server, Way.UP)),
            asyncio.create_task(self._pump(server, client, Way.DOWN)),
        ]

    def cut_after(self, way: Way, count: int) -> None:
        self._left[way] = count

    async def over(self) -> None:
        """Until the line has ended, for whatever reason."""
        try:
            await asyncio.wait(self._pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in self._pumps:
                pump.cancel()
            for end in self._ends:
                end.close()

    def reset(self) -> None:
        """Both ends are told that the line is gone, and not politely."""
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        for pump in self._pumps:
            pump.cancel()

    async def _pump(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while data := await loop.sock_recv(source, self._proxy.chunk):
                await self._proxy.weathered(len(data))
                if self.swallowing:
                    continue
                left = self._left[way]
                data = data if left is None else data[:left]
                await loop.sock_sendall(target, data)
                self.passed[way] += len(data)
                if left is not None:
                    self._left[way] = left - len(data)
                    if self._left[way] == 0:
                        self.reset()
        # A swallowed line does not hear of the other end's close either.
        if self.swallowing:
            await asyncio.Event().wait()


class Proxy:
    def __init__(self, port: int) -> None:
        self.lines: list[Crossing] = []
        """Those open now, oldest first."""
        self.opened = 0
        self.delay = 0.0
        self.port = 0
        self._to = port
        self._pace: int | None = None
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    # -- weather -------------------------------------------------------------------------------

    def pace(self, bytes_a_second: int | None) -> None:
        """For lines that are opened from now on, both ways; None is as fast as it goes."""
        self._pace = bytes_a_second

    def freeze(self) -> None:
        """The device sleeps: nothing moves either way, and nothing is closed."""
        self._thawed.clear()

    def thaw(self) -> None:
        self._thawed.set()

    # -- blows ---------------------------------------------------------------------------------

    def reset(self) -> None:
        for line in self.lines:
            line.reset()

    def half_open(self) -> None:
        """Both ends believe in the line; whatever they send is swallowed."""
        for line in self.lines:
            line.swallowing = True

    def cut(self, way: Way, count: int) -> None:
        """So many bytes more in this direction, then a reset: in the middle of a frame."""
        for line in self.lines:
            line.cut_after(way, count)

    # -- within --------------------------------------------------------------------------------

    @property
    def chunk(self) -> int:
        return CHUNK if self._pace is None else max(1, self._pace // 20)

    async def weathered(self, count: int) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        if self._pace is not None:
            await asyncio.sleep(count / self._pace)
        await self._thawed.wait()

    async def accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(listening)
            task = asyncio.create_task(self._cross(client))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _cross(self, client: socket.socket) -> None:
        server = socket.socket()
        for end in (client, server):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._pace is not None:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        try:
            await asyncio.get_running_loop().sock_connect(server, ("127.0.0.1", self._to))
        except OSError:
            client.close()
            server.close()
            return
        line = Crossing(self, client, server)
        self.lines.append(line)
        self.opened += 1
        try:
            await line.over()
        finally:
            self.lines.remove(line)

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[Proxy]:
    """A proxy on a free port, in front of a server on `port` of this machine."""
    proxy = Proxy(port)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        proxy.port = listening.getsockname()[1]
        accepting = asyncio.create_task(proxy.accept(listening))
        try:
            yield proxy
        finally:
            accepting.cancel()
            await asyncio.gather(accepting, return_exceptions=True)
            await proxy.close()
