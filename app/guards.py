"""The edge: headers for each surface, who may post from where, how much we read.

A visitor's frame is opaque: it sends `Origin: null`, keeps nothing, and gets no cookie (S5).
The console has cookies, so whatever changes something there must come from its own origin.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TooLarge

Surface = Literal["console", "visitor", "hooks", "rehearsal", "public"]

PREFIXES: tuple[tuple[str, Surface], ...] = (
    ("/console", "console"),
    ("/ui/", "console"),
    ("/vendor/", "console"),
    ("/w/", "visitor"),
    ("/p/", "visitor"),
    ("/chat/", "visitor"),
    ("/widget.js", "visitor"),
    ("/telephony/", "hooks"),
    ("/2010-04-01/", "hooks"),
    ("/rehearsal", "rehearsal"),
)
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; base-uri 'none'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
SEALED = "default-src 'none'; frame-ancestors 'none'; sandbox"
POLICY: dict[Surface, str] = {
    "console": STRICT,
    "rehearsal": STRICT,
    "public": STRICT,
    "visitor": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "hooks": SEALED,
}
EVERYWHERE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Strict-Transport-Security": "max-age=31536000",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
    ),
}
TOO_LONG = "That is longer than we read."
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def surface_of(path: str) -> Surface:
    for prefix, surface in PREFIXES:
        if path.startswith(prefix):
            return surface
    return "public"


def promised(surface: Surface) -> dict[str, str]:
    """The headers of every answer on this surface, a broken one included."""
    own = {"Content-Security-Policy": POLICY[surface]}
    if surface in ("console", "rehearsal", "public"):
        own["Cross-Origin-Opener-Policy"] = own["Cross-Origin-Resource-Policy"] = "same-origin"
    return EVERYWHERE | own


class SurfaceHeaders:
    """Adds what each surface promises; a page that says more for itself keeps its own words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        surface = surface_of(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in promised(surface).items():
                    headers.setdefault(name, value)
                if surface in ("visitor", "hooks"):
                    del headers["Set-Cookie"]
            await send(message)

        await self.app(scope, receive, with_headers)


class SameOrigin:
    """On surfaces with cookies, a change must come from our own pages."""

    def __init__(self, app: ASGIApp, *, own: tuple[str, ...]) -> None:
        self.app = app
        self.own = {_origin(url) for url in own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        guarded = scope["type"] == "http" and surface_of(scope["path"]) in (
            "console", "rehearsal", "public",
        )  # fmt: skip
        if guarded and scope["method"] in CHANGING and not self.ours(Headers(scope=scope)):
            answer = PlainTextResponse("This must be sent from our own pages.", 403)
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def ours(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        return headers.get("origin", "") in self.own


class BodyLimit:
    """Refuses a body that says, or turns out, to be larger than we read."""

    def __init__(self, app: ASGIApp, *, most: int = 256 * 1024) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or int(said) > self.most:
            await PlainTextResponse(TOO_LONG, 413)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > self.most:
                    raise TooLarge(TOO_LONG)
            return message

        await self.app(scope, counted, send)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
