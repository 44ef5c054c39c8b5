"""A product small enough to read: it answers webhooks from a script and keeps what it was told.

It checks every signature with the carrier's own library, as a real product must.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from twilio.request_validator import (
    RequestValidator,
)

SID = "AC" + "0" * 32
TOKEN = "a token for tests"
LINE = "+448081570142"
CALLER = "+447700900231"
ADVISOR = "+447700900184"


@dataclass(frozen=True)
class Told:
    """One webhook as it arrived: path with query, parameters, headers."""

    path: str
    params: dict[str, str]
    token: str
    method: str


Answer = str | Response | Callable[[Told], str]


@dataclass
class Product:
    """`answers` maps a path to TwiML inside `<Response>`, to a Response, or to a function."""

    base: str
    answers: dict[str, Answer] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def at(self, path: str) -> list[Told]:
        return [one for one in self.told if one.path.split("?")[0] == path]

    async def hears(self, path: str, many: int = 1, within: float = 15.0, **params: str) -> Told:
        """Waits until this path was told these parameters so many times; answers the last."""

        def found() -> list[Told]:
            return [one for one in self.at(path) if params.items() <= one.params.items()]

        async with asyncio.timeout(within), self.news:
            await self.news.wait_for(lambda: len(found()) >= many)
        return found()[many - 1]

    async def answer(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        query = request.scope["query_string"].decode()
        path = request.scope["raw_path"].decode() + (f"?{query}" if query else "")
        signature = request.headers.get("x-twilio-signature", "")
        if not RequestValidator(TOKEN).validate(self.base + path, form, signature):
            return Response("The signature is wrong", 403)
        params = form if request.method == "POST" else dict(request.query_params)
        token = request.headers.get("i-twilio-idempotency-token", "")
        told = Told(path, params, token, request.method)
        async with self.news:
            self.told.append(told)
            self.news.notify_all()
        answer = self.answers.get(request.url.path, "")
        if callable(answer) and not isinstance(answer, Response):
            answer = answer(told)
        if isinstance(answer, Response):
            return answer
        return Response(f"<Response>{answer}</Response>", media_type="text/xml")

    @property
    def routes(self) -> list[BaseRoute]:
        return [Route("/{path:path}", self.answer, methods=["GET", "POST"])]


@contextlib.contextmanager
def free_socket(port: int = 0) -> Iterator[socket.socket]:
    """A port of this computer: any free one, or one that was ours a moment ago."""
    with socket.socket() as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", port))
        yield found


class Server(uvicorn.Server):
    """Says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextlib.asynccontextmanager
async def served(app: Starlette, sock: socket.socket) -> AsyncIterator[None]:
    """Serves an application on this socket until the block is left."""
    config = uvicorn.Config(app, log_level="error", lifespan="on", ws="websockets-sansio")
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        await server.up.wait()
        yield
    finally:
        server.should_exit = True
        await serving
