"""The web server: uvicorn, taught to leave gently.

On the first SIGTERM the process says it is not ready, lets those who look elsewhere go first, and
then stops; a second signal stops it at once.
"""

from __future__ import annotations

import asyncio
import gc
import socket

import uvicorn
from starlette.applications import Starlette

from app.errors import Misconfigured
from app.settings import Settings
from app.wiring import House
from chat import frames

LONGEST_FRAME = 2 * frames.LONGEST_FRAME
"""Past our own limit, so that it is we who say so (close 4009); past this the socket is cut."""
NOTICE = 1.0
"""Seconds between /readyz saying no and the first socket closing."""


class Server(uvicorn.Server):
    """Starts and stops the house itself, so that what the operator must change is raised."""

    def __init__(self, config: uvicorn.Config, house: House) -> None:
        super().__init__(config)
        self._house = house

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self._house.start()
        gc.collect()
        gc.freeze()  # what stands before the first visitor stays: no collection walks it again
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._house.draining = True
        if not self.force_exit:
            await asyncio.sleep(NOTICE)
        await super().shutdown(sockets)
        if not self.force_exit:
            await self._house.stop()


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
        ws="websockets-sansio",
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
