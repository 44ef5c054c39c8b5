"""The console's pages: sign in, the desk, the contact log. They work without script.

The desk itself is alive and needs it. A page reads through doors that check scope and write the
audit trail (S7); a form is answered with a redirect, so that going back sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from app.auth.policy import Actor
from app.cases.access import PAGE, Filters, Page
from app.cases.marks import Mark
from app.cases.model import Contact, HowEnded, Message, Note
from app.cases.promised import Promise
from app.definition.model import Service
from app.errors import FrontdoorError, Missing, Refused
from telephony.slowing import Pace
from widgets.console import due, pace, pages, record, words
from widgets.console.filters import SHOWN_ENDINGS, WHENS, Asked

HERE = Path(__file__).parent
LONGEST_FIELD = 200


@dataclass(frozen=True)
class Log:
    """A page of contacts, and the last holder's name of each."""

    page: Page
    holders: Mapping[str, str]


@dataclass(frozen=True)
class Whole:
    """One contact with everything that stands beside it. `names` is staff id to a name."""

    contact: Contact
    lines: Sequence[Message]
    notes: Sequence[Note]
    offers: Sequence[pages.Offered]
    names: Mapping[str, str]
    holder: str = ""
    """The name of whoever held it last."""
    promises: Sequence[Promise] = ()
    """Every call-back they asked for, the first one first."""
    marks: Sequence[Mark] = ()
    """What happened on the line of a call."""
    pace: Pace | None = None
    """How often the phone of a call rings us, for a lead alone."""


@dataclass(frozen=True)
class Doors:
    """What the pages ask of the rooms below. Each may raise a FrontdoorError."""

    sign_in: Callable[[str, str, str], Awaitable[str]]
    """(e-mail, password, where from) -> session token. Refused, TooMuch."""
    sign_out: Callable[[str], Awaitable[None]]
    actor: Callable[[str], Awaitable[Actor | None]]
    ticket: Callable[[str], Awaitable[str]]
    go_on_duty: Callable[[Actor], Awaitable[None]]
    service: Callable[[str], Service]
    log: Callable[[Actor, Filters, int], Awaitable[Log]]
    contact: Callable[[Actor, str], Awaitable[Whole]]
    now: Callable[[], datetime]
    demo_sign_ins: Sequence[tuple[str, str]] = ()
    desk_allows: Mapping[str, str] = field(default_factory=dict)
    """Headers of the desk's page alone, where they differ from the surface's."""


def routes(doors: Doors, live: ASGIApp, *, secure: bool) -> list[BaseRoute]:
    """`live` is the advisor's socket. `secure` is false only for a demo on plain http."""
    console = Console(doors, secure=secure)
    return [
        WebSocketRoute("/console/live", live),
        Route("/console", console.desk, name="desk"),
        Route("/console/sign-in", console.sign_in_page, methods=["GET"]),
        Route("/console/sign-in", console.sign_in, methods=["POST"]),
        Route("/console/sign-out", console.sign_out, methods=["POST"]),
        Route("/console/ticket", console.ticket, methods=["POST"]),
        Route("/console/contacts", console.contacts),
        Route("/console/contacts/{id}", console.contact),
        Mount("/console/ui", StaticFiles(directory=HERE / "ui")),
    ]


def cookie_name(*, secure: bool) -> str:
    """A __Host- cookie cannot live on plain http."""
    return "__Host-frontdoor" if secure else "frontdoor"


def templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Console:
    """Each method is one page, or one thing that a form does."""

    def __init__(self, doors: Doors, *, secure: bool) -> None:
        self.doors = doors
        self.secure = secure
        self.cookie = cookie_name(secure=secure)
        self._templates = templates()

    # -- signing in ----------------------------------------------------------------------------

    async def sign_in_page(self, request: Request) -> Response:
        if await self.actor(request):
            return RedirectResponse("/console", HTTPStatus.SEE_OTHER)
        return self._sign_in_page(email="")

    async def sign_in(self, request: Request) -> Response:
        form = await request.form()
        email, password = (
            str(form.get(name, ""))[:LONGEST_FIELD] for name in ("email", "password")
        )
        missing = [name for name, value in (("email", email), ("password", password)) if not value]
        if missing:
            return self._sign_in_page(email=email, missing=missing)
        try:
            token = await self.doors.sign_in(email, password, _address(request))
        except FrontdoorError as refusal:
            return self._sign_in_page(email=email, refusal=refusal)
        actor = await self.doors.actor(token)
        if actor is not None and form.get("duty") == "on":
            await self.doors.go_on_duty(actor)
        answer = RedirectResponse("/console", HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            self.cookie, token, path="/", secure=self.secure, httponly=True, samesite="strict"
        )
        return answer

    async def sign_out(self, request: Request) -> Response:
        if token := self.token(request):
            await self.doors.sign_out(token)
        answer = RedirectResponse("/console/sign-in", HTTPStatus.SEE_OTHER)
        answer.delete_cookie(
            self.cookie, path="/", secure=self.secure, httponly=True, samesite="strict"
        )
        return answer

    async def ticket(self, request: Request) -> Response:
        """A ticket for one socket, for whoever is signed in. 401 when nobody is."""
        token = self.token(request)
        if token is None or await self.doors.actor(token) is None:
            return JSONResponse({"code": "signed_out"}, HTTPStatus.UNAUTHORIZED)
        try:
            return JSONResponse({"ticket": await self.doors.ticket(token)})
        except FrontdoorError as refusal:
            status = HTTPStatus.UNAUTHORIZED if isinstance(refusal, Refused) else refusal.status
            return JSONResponse({"code": refusal.code}, status)

    # -- the desk and the log --------------------------------------------------------------------

    async def desk(self, request: Request) -> Response:
        actor = await self.actor(request)
        if actor is None:
            return self.to_sign_in()
        service = self.doors.service(actor.service)
        page = self.page("desk.html", chrome=pages.chrome(actor, service, "desk"))
        page.headers.update(self.doors.desk_allows)
        return page

    async def contacts(self, request: Request) -> Response:
        actor = await self.actor(request)
        if actor is None:
            return self.to_sign_in()
        service, now = self.doors.service(actor.service), self.doors.now()
        asked = Asked.of(request)
        try:
            log = await self.doors.log(actor, asked.filters(now), asked.offset)
        except Refused as refusal:
            return self.refusal(actor, service, refusal.words)
        rows = [pages.row(contact, service, log.holders, now) for contact in log.page.contacts]
        return self.page(
            "contacts.html",
            chrome=pages.chrome(actor, service, "contacts"),
            rows=rows,
            total=log.page.total,
            asked=asked,
            whens=WHENS,
            channels=[(str(key), word) for key, (word, _) in words.CHANNELS.items()],
            hubs=[
                (hub.key, hub.name)
                for hub in service.hubs
                if actor.hubs is None or hub.key in actor.hubs
            ],
            endings=[
                (how.value, words.ENDINGS[how][0]) for how in HowEnded if how in SHOWN_ENDINGS
            ],
            first=asked.offset + 1,
            last=asked.offset + len(rows),
            newer=asked.link(max(0, asked.offset - PAGE)) if asked.offset else "",
            older=asked.link(asked.offset + PAGE) if log.page.older else "",
        )

    async def contact(self, request: Request) -> Response:
        actor = await self.actor(request)
        if actor is None:
            return self.to_sign_in()
        service, now = self.doors.service(actor.service), self.doors.now()
        try:
            whole = await self.doors.contact(actor, request.path_params["id"])
        except Missing as missing:
            return self.refusal(actor, service, missing.words, HTTPStatus.NOT_FOUND)
        contact = whole.contact
        return self.page(
            "contact.html",
            chrome=pages.chrome(actor, service, "contacts"),
            row=pages.row(contact, service, {contact.id: whole.holder}, now),
            facts=pages.facts(contact, service),
            route=pages.route(contact, service),
            times=pages.times(contact, service, now),
            said=pages.conversation(whole.lines, whole.notes, whole.names, service),
            offers=[
                (pages.clock(offer.at, service, now, seconds=True), offer) for offer in whole.offers
            ],
            wishes=[due.wish(each, service, actor, whole.names, now) for each in whole.promises],
            call=record.told(whole.marks, whole.names, service),
            pace=pace.told(whole.pace, contact, service, now),
            unknown=(words.NOT_KNOWN, words.NOT_ASKED),
        )

    # -- for every page ----------------------------------------------------------------------------

    def page(self, template: str, status: int = HTTPStatus.OK, **shown: object) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**shown), status)

    def _sign_in_page(
        self, *, email: str, missing: Sequence[str] = (), refusal: FrontdoorError | None = None
    ) -> Response:
        status = HTTPStatus.BAD_REQUEST if missing else HTTPStatus.OK
        return self.page(
            "sign_in.html",
            refusal.status if refusal else status,
            email=email,
            missing=missing,
            refusal=refusal,
            demo=self.doors.demo_sign_ins,
        )

    def refusal(
        self, actor: Actor, service: Service, said: str, status: int = HTTPStatus.FORBIDDEN
    ) -> Response:
        shown = pages.chrome(actor, service, "contacts")
        return self.page("nothing_here.html", status, chrome=shown, said=said)

    def token(self, request: Request) -> str | None:
        return request.cookies.get(self.cookie) or None

    async def actor(self, request: Request) -> Actor | None:
        token = self.token(request)
        return await self.doors.actor(token) if token else None

    def to_sign_in(self) -> Response:
        return RedirectResponse("/console/sign-in", HTTPStatus.SEE_OTHER)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
