"""The roof: the list of routes, and what stands between them and the world."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from app.db import Work
from app.errors import FrontdoorError
from app.guards import BodyLimit, SameOrigin, SurfaceHeaders, promised, surface_of
from app.log import log
from app.migrate import is_current
from app.wiring import TELEPHONE, House
from chat import web as chat
from widgets.console import room as console
from widgets.visitor import alarm
from widgets.visitor import web as visitor

WIDGETS = Path(__file__).parent.parent / "widgets"


SignIns = Sequence[tuple[str, str]]
"""(e-mail, who that is), shown on the demo's sign-in page."""


class Roof(Starlette):
    """Visitors' sockets go straight to their door: what guards a request does nothing for a socket,
    and every layer in between would be kept in memory for each of them."""

    visitor_socket: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == chat.SOCKET:
            await self.visitor_socket(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def application(house: House, demo: SignIns | None = None) -> Starlette:
    """The whole product as one ASGI application; app.server starts and stops the house.

    `demo` adds the demo charity page, and says on the sign-in page who may sign in.
    """
    settings = house.ground.settings

    roof = Roof(
        routes=_routes(house, demo),
        middleware=[
            Middleware(SurfaceHeaders),
            Middleware(BodyLimit),
            Middleware(SameOrigin, own=(settings.console_url, settings.public_url)),
        ],
        exception_handlers={FrontdoorError: _refusal, 404: _nothing, Exception: _broken},
    )
    roof.visitor_socket = house.visitor_socket
    return roof


def _routes(house: House, demo: SignIns | None) -> list[BaseRoute]:
    ground = house.ground
    return [
        *_health(house),
        *chat.routes(ground, house.visitor_poll),
        *visitor.routes(
            services=house.services,
            mint_frame_token=house.mint_frame_token,
            public_url=ground.settings.public_url,
            now=ground.clock.now,
            previewed_by=ground.settings.console_url,
            demo=demo is not None,
        ),
        *alarm.routes(ground, house.services),
        *console.routes(
            ground,
            house.transcript,
            house.switchboard,
            house.services,
            replace(TELEPHONE, house=house.phone_line.house),
            demo or (),
        ),
        *house.phone_line.routes(),
        *(house.rehearsal.routes if house.rehearsal else ()),
        Mount("/ui", StaticFiles(directory=WIDGETS / "ui")),
        Mount("/vendor", StaticFiles(directory=WIDGETS / "vendor")),
    ]


def _health(house: House) -> list[BaseRoute]:
    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive")

    async def readyz(_: Request) -> Response:
        if house.draining:
            return PlainTextResponse("draining", 503)
        try:
            current = await house.ground.db.read(_is_current)
        except FrontdoorError:
            return PlainTextResponse("no database", 503)
        return PlainTextResponse("ready" if current else "not migrated", 200 if current else 503)

    async def metrics(request: Request) -> Response:
        token = house.ground.settings.metrics_token
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token or not hmac.compare_digest(token.encode(), given.encode()):
            return PlainTextResponse("Nothing here under that reference.", 404)
        return Response(generate_latest(), media_type="text/plain; version=0.0.4")

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


def _is_current(work: Work) -> bool:
    return is_current(work)


async def _refusal(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, FrontdoorError)
    told = {"code": problem.code, "words": problem.words}
    headers = {"Retry-After": f"{problem.after:.0f}"} if problem.after else None
    return JSONResponse(told, problem.status, headers)


async def _nothing(_: Request, __: Exception) -> Response:
    return PlainTextResponse("Nothing here under that reference.", 404)


async def _broken(request: Request, problem: Exception) -> Response:
    log.error("web.broken", path=request.scope.get("path", ""), exc_info=problem)
    words = "Something broke on our side. In danger now? Call 999."
    # This answer passes no middleware: it is made where nothing else could answer.
    return PlainTextResponse(words, 500, headers=promised(surface_of(request.scope["path"])))
