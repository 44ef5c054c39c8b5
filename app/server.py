"""The web server: uvicorn, taught to leave gently.

On the first SIGTERM the process says it is not ready, asks everyone to come back elsewhere over
twenty seconds, and then stops. A second signal, or Ctrl C, stops it at once.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Coroutine
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from app.errors import Misconfigured
from app.settings import Settings
from app.wiring import House
from chat import frames

LONGEST_FRAME = 2 * frames.LONGEST_FRAME
"""Past our own limit, so that it is we who say so (close 4009); past this the socket is cut."""
NOTICE = 1.0
"""Seconds between /readyz saying no and the first visitor being asked to move."""
MOVE_OVER = 20.0
"""Seconds over which they are asked to come back elsewhere."""


class Socket(WebSocketsSansIOProtocol):
    """A peer that ends its line and sends broken text behind it is let go, and no more."""

    def data_received(self, data: bytes) -> None:
        try:
            super().data_received(data)
        except InvalidState:  # it answers such text with a second close
            self.transport.close()


class Server(uvicorn.Server):
    """Starts and stops the house itself, so that what the operator must change is raised."""

    def __init__(self, config: uvicorn.Config, house: House) -> None:
        super().__init__(config)
        self._house = house
        self._gently = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self._house.start()
        gc.collect()
        gc.freeze()  # what stands before the first visitor stays: no collection walks it again
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._gently = sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._house.draining = True
        if self._gently and not self.force_exit:
            await asyncio.sleep(NOTICE)
            await self._first(self._house.switchboard.empty(MOVE_OVER))
        self._house.switchboard.closing = True
        await self._house.visitor_poll.stop()  # no poll is held while the last requests end
        await super().shutdown(sockets)
        if not self.force_exit:
            await self._house.stop()

    async def _first(self, leaving: Coroutine[None, None, None]) -> None:
        """Let everyone leave; a second signal ends the waiting."""
        task = asyncio.create_task(leaving)
        while not task.done() and not self.force_exit:
            await asyncio.wait({task}, timeout=0.2)
        task.cancel()


def serve(app: Starlette, house: House, settings: Settings) -> None:
    """Serve until told to stop. Raises Misconfigured when the port is taken."""
    with _listen(settings) as listening:
        Server(config_of(app, settings), house).run(sockets=[listening])


def config_of(app: Starlette, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        host=settings.host,
        port=settings.port,
        ws=Socket,
        http="httptools",
        loop="uvloop",
        ws_max_size=LONGEST_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=15,
        ws_ping_timeout=20,
        backlog=2048,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        forwarded_allow_ips="127.0.0.1,::1",
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError:
        listening.close()
        raise Misconfigured(
            f"Port {settings.port} is taken, or not ours to use. Set PORT to another one."
        ) from None
    return listening
