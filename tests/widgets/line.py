"""A chat line that speaks protocol v1 and does as the test says: it drops, doubles, holds back."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.definition.model import WEATHER, Crime, Hub, Line, Position, Rung, Service, Site
from widgets.visitor.web import routes

NOW = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
NUMBER = "08081 570 142"
Frame = dict[str, Any]


def fellside(
    *origins: str, accent: str = "#6d2f55", exit_url: str = WEATHER, position: Position = "right"
) -> Service:
    """A small service with one site, which may be embedded from these origins."""
    return Service(
        key="fellside",
        name="Fellside Victim Care",
        force="Cumbria",
        hubs=(
            Hub("penrith", "Penrith", areas=("CA7", "CA10-CA11"), towns=("Penrith", "Wigton")),
            Hub("kendal", "Kendal", areas=("LA9",), towns=("Kendal",)),
            Hub("west", "The west", areas=("CA7",), towns=("Aspatria",)),
            Hub("central", "Central", central=True),
        ),
        lines=(
            Line(
                "free",
                "+448081570142",
                NUMBER,
                ("voice",),
                ("+441632960201", "+441632960202"),
            ),
            Line("text", "+447700900142", "07700 900 142", ("sms",), ("+441632960201",)),
        ),
        sites=(
            Site(
                "fellside", "Fellside Trust", origins, "free", accent, exit_url, position=position
            ),
        ),
        languages=("en", "cy", "pl", "ur"),
        words={
            "code_phrase": "When are you open?",
            "harmless": "The office is open from Monday to Friday.",
        },
        video_relay="https://bsl.fellside.example/",
        ladder=(Rung("home", 60), Rung("central", 120), Rung("message")),
        crimes=(
            Crime("domestic", "Domestic abuse", "Someone close to me"),
            Crime("sexual", "Sexual violence", "Something sexual"),
            Crime("hate", "Hate crime", "Because of who I am"),
            Crime("theft", "Theft or fraud", "Theft, damage or fraud"),
            Crime("asb", "Antisocial behaviour", "Neighbours or the street"),
            Crime("other", "Other", "Something else"),
        ),
    )


@dataclass
class ChatLine:
    """One conversation, kept in a list. `heard` is every frame a visitor sent, in order."""

    port: int
    heard: list[Frame] = field(default_factory=list)
    left: list[Frame] = field(default_factory=list)
    kept: list[Frame] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)
    epoch: str = "e1"
    acks: bool = True
    shut: bool = False
    turns_away: str = ""
    refuses: Callable[[Frame], Frame | None] = lambda frame: None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def host(self) -> str:
        """The same server under another name: another site, to a browser."""
        return f"http://127.0.0.1:{self.port}"

    async def until(self, true: Callable[[], Any]) -> None:
        async with asyncio.timeout(15):
            while not true():
                self.changed.clear()
                await self.changed.wait()

    def said(self) -> list[str]:
        return [line["text"] for line in self.kept]

    def of(self, kind: str) -> list[Frame]:
        return [frame for frame in self.heard if frame["t"] == kind]

    async def tell(self, frame: Frame) -> None:
        for each in list(self.sockets):
            await each.send_text(json.dumps({"conversation": "c1", **frame}))

    async def state(self, state: str, **also: Any) -> None:
        await self.tell({"t": "state", "state": state, "number": NUMBER, **also})

    def keep(self, sender: str, text: str, **also: Any) -> Frame:
        line = {
            "t": "message",
            "epoch": self.epoch,
            "seq": len(self.kept) + 1,
            "from": sender,
            "text": text,
            "at": NOW.isoformat(),
            **also,
        }
        self.kept.append(line)
        return line

    async def advisor(self, text: str, name: str = "Maya") -> None:
        await self.tell(self.keep("advisor", text, name=name))

    async def drop(self) -> None:
        for each in list(self.sockets):
            await each.close(1012)

    async def socket(self, peer: WebSocket) -> None:
        if self.shut:
            await peer.close(1013)
            return
        await peer.accept()
        try:
            hello = json.loads(await peer.receive_text())
            self.note(hello)
            if self.turns_away:
                problem = {"t": "error", "code": "slow_down", "words": self.turns_away}
                await peer.send_text(json.dumps(problem))
                await peer.close(4029)
                return
            await self.welcome(peer, hello)
            while True:
                frame = json.loads(await peer.receive_text())
                self.note(frame)
                await self.answer(frame)
        except WebSocketDisconnect:
            pass
        finally:
            if peer in self.sockets:
                self.sockets.remove(peer)
            self.changed.set()

    def note(self, frame: Frame) -> None:
        self.heard.append(frame)
        self.changed.set()

    async def welcome(self, peer: WebSocket, hello: Frame) -> None:
        cursor = hello.get("cursor")
        reset = cursor is not None and cursor["epoch"] != self.epoch
        after = 0 if cursor is None or reset else cursor["seq"]
        self.sockets.append(peer)
        await self.tell(
            {
                "t": "welcome",
                "v": 1,
                "token": f"resume-{len(self.of('hello'))}",
                "epoch": self.epoch,
                "seq": len(self.kept),
                "reset": reset,
            }
        )
        for line in self.kept[after:]:
            await self.tell(line)
        self.changed.set()

    async def answer(self, frame: Frame) -> None:
        match frame["t"]:
            case "say":
                await self.take(frame)
            case "since":
                for line in self.kept[frame["cursor"]["seq"] :]:
                    await self.tell(line)
            case _:
                pass

    async def take(self, frame: Frame) -> None:
        refusal = self.refuses(frame)
        if refusal is not None:
            await self.tell({"t": "error", "client_id": frame["client_id"], **refusal})
            return
        known = [line for line in self.kept if line.get("client_id") == frame["client_id"]]
        line = known[0] if known else self.keep("you", frame["text"], client_id=frame["client_id"])
        if self.acks:
            await self.tell({**line, "t": "ack"})
        self.changed.set()

    async def leave(self, request: Request) -> Response:
        self.left.append(json.loads(await request.body()))
        self.changed.set()
        return Response(status_code=204)


HOST_PAGE = """<!doctype html><html lang="en"><head><title>Fellside Trust</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Fellside Trust</h1><p>Help for everyone.</p><label>Search <input></label></main>
<script async src="{url}/widget.js" data-site="fellside"></script></body></html>"""


@asynccontextmanager
async def chat_line(
    accent: str = "#6d2f55", position: Position = "right"
) -> AsyncIterator[ChatLine]:
    """The visitor's real pages over a line that the test holds in its hand."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    line = ChatLine(listener.getsockname()[1])
    service = fellside(
        line.host, line.url, accent=accent, exit_url=f"{line.host}/elsewhere", position=position
    )

    async def plain(_: Request) -> Response:
        return HTMLResponse(HOST_PAGE.replace("{url}", line.url))

    async def welsh(_: Request) -> Response:
        return HTMLResponse(
            HOST_PAGE.replace("{url}", line.url).replace("data-site", 'data-lang="cy" data-site')
        )

    async def strict(_: Request) -> Response:
        policy = f"default-src 'none'; script-src {line.url}; frame-src {line.url}"
        return HTMLResponse(
            HOST_PAGE.replace("{url}", line.url), headers={"Content-Security-Policy": policy}
        )

    async def elsewhere(_: Request) -> Response:
        return HTMLResponse("<!doctype html><html lang=en><title>Weather</title><h1>Rain</h1>")

    app = Starlette(
        routes=[
            *routes(
                services=lambda: {service.key: service},
                mint_frame_token=lambda service, site, now: f"frame-{site.key}-{now:%H%M}",
                public_url=line.url,
                now=lambda: NOW,
                demo=True,
            ),
            Route("/plain", plain),
            Route("/strict", strict),
            Route("/welsh", welsh),
            Route("/elsewhere", elsewhere),
            Route("/chat/v1/leave", line.leave, methods=["POST"]),
            WebSocketRoute("/chat/v1/socket", line.socket),
        ]
    )
    config = uvicorn.Config(app, log_level="error", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield line
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving
        listener.close()
