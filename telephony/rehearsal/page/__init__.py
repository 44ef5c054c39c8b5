"""The page with phones on a table: server text first, its own small acts, one live socket (S9).

No inline script, no inline style; scripts write text only, never markup.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from telephony.rehearsal.table import shown
from telephony.rehearsal.values import CannotDo

if TYPE_CHECKING:
    from telephony.rehearsal.acts import Rehearsal

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
FILES = {
    "rehearsal.css": "text/css",
    "rehearsal.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
MOST_ACT = 16 * 1024
KEYS = (("1", ""), ("2", "ABC"), ("3", "DEF"), ("4", "GHI"), ("5", "JKL"), ("6", "MNO"),
        ("7", "PQRS"), ("8", "TUV"), ("9", "WXYZ"), ("*", ""), ("0", "+"), ("#", ""))  # fmt: skip


class Act(msgspec.Struct, frozen=True):
    """What the page sends with an act; each act reads the fields it needs."""

    phone: str = ""
    line: str = ""
    keys: str = ""
    words: str = ""
    label: str = ""
    status: int = 429
    withheld: bool = False
    by: str = "human"
    """Who picks up, as machine detection would tell it."""


def routes(rehearsal: Rehearsal) -> list[BaseRoute]:
    jinja = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    jinja.filters["shown"] = shown
    template = jinja.get_template("rehearsal.html")

    async def show(_: Request) -> Response:
        html = template.render(lines=rehearsal.lines, keys=KEYS, picture=rehearsal.picture())
        return HTMLResponse(html, headers=_headers())

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FILES:
            return Response("Nothing here under that name.", 404)
        content = await asyncio.to_thread((HERE / name).read_bytes)
        return Response(content, media_type=FILES[name], headers=_headers())

    async def act(request: Request) -> Response:
        if not _same_origin(request.headers):
            return JSONResponse({"words": "This must come from the page itself."}, 403)
        body = await _limited(request)
        try:
            asked = msgspec.json.decode(body, type=Act)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return JSONResponse({"words": "The page sent something unreadable."}, 400)
        known = await _perform(rehearsal, request.path_params["act"], asked)
        if known is None:
            return JSONResponse({"words": "There is no such act."}, 404)
        return JSONResponse({"words": known}, 409 if known else 200)

    async def live(socket: WebSocket) -> None:
        if not _same_origin(socket.headers):
            await socket.close(1008)
            return
        await socket.accept()
        reading = asyncio.ensure_future(_read_away(socket))
        try:
            while not reading.done():
                changed = rehearsal.next_change()
                await socket.send_json(rehearsal.picture())
                change = asyncio.ensure_future(changed.wait())
                await asyncio.wait({change, reading}, return_when=asyncio.FIRST_COMPLETED)
                change.cancel()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            reading.cancel()

    return [
        Route("/rehearsal", show),
        Route("/rehearsal/acts/{act}", act, methods=["POST"]),
        WebSocketRoute("/rehearsal/live", live),
        Route("/rehearsal/{name}", file),
    ]


async def _perform(rehearsal: Rehearsal, name: str, asked: Act) -> str | None:
    """Does the act; answers "" when done, the reason when it cannot be, None when unknown."""
    r, phone = rehearsal, asked.phone
    try:
        match name:
            case "ring":
                await r.ring(phone, asked.line, withheld=asked.withheld)
            case "press":
                await r.press(phone, asked.keys[:40])
            case "speak":
                await r.speak(phone, asked.words)
            case "hang-up":
                await r.hang_up(phone)
            case "lose-signal":
                await r.lose_signal(phone)
            case "answer":
                await r.answer(phone, asked.by[:20])
            case "decline":
                await r.decline(phone)
            case "no-answer":
                await r.no_answer(phone)
            case "text":
                await r.text(phone, asked.line, asked.words)
            case "add-phone":
                await r.add_phone(label=asked.label[:40])
            case "twice":
                await r.same_callback_twice()
            case "late":
                await r.late_callback()
            case "lost":
                await r.callback_lost()
            case "refuse":
                await r.carrier_refuses(asked.status)
            case "withhold":
                await r.withhold_next()
            case "drop-advisor":
                await r.advisor_drops_out(phone or None)
            case _:
                return None
    except CannotDo as cannot:
        return str(cannot)
    return ""


async def _read_away(socket: WebSocket) -> None:
    """The page says nothing on its socket; reading only tells that it has gone."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return


async def _limited(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_ACT:
            return b""
    return body


def _same_origin(headers: Headers) -> bool:
    """Only our own page may act: its Origin is the host that was asked."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def _headers() -> dict[str, str]:
    return {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
