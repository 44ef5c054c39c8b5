"""Promises due: the call-backs of somebody's hubs, and for a lead what a lead must see.

A number stands on one page only, that of a promise its reader has taken, and only while a Permit
holds (S4). Every press is a form with a redirect, so the pages work without script; with it, the
list is fetched again whenever something moved.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from app import ids
from app.auth import staff
from app.auth.policy import Actor
from app.cases import calling, notices, promises, voicemails
from app.cases.promised import How, Promise
from app.cases.safe_contact import Refusal
from app.db import Work
from app.definition.model import Service
from app.errors import FrontdoorError, Missing, Stale, Wrong
from app.ground import Ground
from telephony import calling_back_acts as backs
from telephony.calling_back import At, Came
from widgets.console import due, pages
from widgets.console import voicemails as messages
from widgets.console.names import Names
from widgets.console.web import Console

LIST = "/console/promises"
LONGEST = 60.0
"""Seconds of one stream of news; the browser asks again, and is asked who it is."""
CALM = 0.5
"""Seconds between two pieces of news, however much moves."""
TRIED: dict[Came, str] = {
    Came.NONE: "",
    Came.SPOKE: "We rang, and somebody answered.",
    Came.NO_ANSWER: "We rang. Nobody answered.",
    Came.MACHINE: "A machine answered. We said nothing.",
    Came.NOT_RUNG: "Your phone was not taken. Theirs never rang.",
}
"""What came of each try, for whoever holds the promise."""
NEWS = b"event: moved\ndata: -\n\n"


def routes(console: Console, ground: Ground) -> list[BaseRoute]:
    shown = Promises(console, ground)
    return [
        Route(LIST, shown.list),
        Route(f"{LIST}/now", shown.now),
        Route(f"{LIST}/news", shown.news),
        Route(f"{LIST}/{{id}}", shown.one),
        Route(f"{LIST}/{{id}}/take", shown.take, methods=["POST"]),
        Route(f"{LIST}/{{id}}/give-back", shown.give_back, methods=["POST"]),
        Route(f"{LIST}/{{id}}/ring", shown.ring, methods=["POST"]),
        Route(f"{LIST}/{{id}}/done", shown.done, methods=["POST"]),
        Route("/console/notices/{id}/seen", shown.seen, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Promises:
    """Each method is one page, or one thing that a form does."""

    console: Console
    ground: Ground

    async def list(self, request: Request) -> Response:
        actor = await self.console.actor(request)
        return await self._list(actor) if actor else self.console.to_sign_in()

    async def one(self, request: Request) -> Response:
        """The promise its reader has taken, with the number or why it is not shown."""
        actor = await self.console.actor(request)
        if actor is None:
            return self.console.to_sign_in()
        service, id_ = self.console.doors.service(actor.service), request.path_params["id"]
        try:
            promise, opened, tried = await self.ground.db.write(
                _open, self.ground, actor, service, id_
            )
        except Missing as missing:
            return self.console.refusal(actor, service, missing.words, HTTPStatus.NOT_FOUND)
        except Stale as stale:
            return await self._list(actor, stale)
        now = self.ground.clock.now()
        refusal = opened if isinstance(opened, Refusal) else None
        return self.console.page(
            "promise.html",
            chrome=pages.chrome(actor, service, "promises"),
            row=due.row(promise, service, actor, {}, now),
            refusal=refusal,
            allowed=due.when(refusal.allowed_from, service, now) if refusal else "",
            call=None if isinstance(opened, Refusal) else due.call(opened, service, now),
            ends=due.ends(promise),
            tried=[TRIED[each.came] for each in tried if each.at is At.OVER],
            ringing=any(each.at is not At.OVER for each in tried),
            press=ids.new(),
        )

    async def take(self, request: Request) -> Response:
        async def act(actor: Actor, id_: str) -> str:
            await self.ground.db.write(calling.take, actor, id_)
            return f"{LIST}/{id_}"

        return await self._pressed(request, act)

    async def ring(self, request: Request) -> Response:
        """My phone is rung, and then theirs. `press` names this one press, so twice is once."""
        press = str((await request.form()).get("press", ""))

        async def act(actor: Actor, id_: str) -> str:
            if len(press) != len(ids.new()) or not press.isalnum():
                raise Wrong("Press the button on the page.")
            service = self.console.doors.service(actor.service)
            await self.ground.db.write(backs.begin, self.ground.keyring, service, actor, id_, press)
            return f"{LIST}/{id_}"

        return await self._pressed(request, act)

    async def give_back(self, request: Request) -> Response:
        async def act(actor: Actor, id_: str) -> str:
            await self.ground.db.write(calling.give_back, actor, id_)
            return LIST

        return await self._pressed(request, act)

    async def done(self, request: Request) -> Response:
        how = str((await request.form()).get("how", ""))

        async def act(actor: Actor, id_: str) -> str:
            if how not in list(How):
                raise Wrong("Choose what happened.")
            await self.ground.db.write(calling.done, actor, id_, How(how))
            return LIST

        return await self._pressed(request, act)

    async def seen(self, request: Request) -> Response:
        async def act(actor: Actor, id_: str) -> str:
            await self.ground.db.write(notices.seen, actor, id_)
            return LIST

        return await self._pressed(request, act)

    async def now(self, request: Request) -> Response:
        """The list again, for the script of a page that is open."""
        actor = await self._still_here(request)
        return await self._list(actor) if actor else Response(status_code=HTTPStatus.UNAUTHORIZED)

    async def news(self, request: Request) -> Response:
        """A stream that says "moved", and nothing more."""
        actor = await self._still_here(request)
        if actor is None:
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        return StreamingResponse(self._moves(actor.service), media_type="text/event-stream")

    # -- within --------------------------------------------------------------------------------

    async def _still_here(self, request: Request) -> Actor | None:
        """Who is signed in. What a script asks by itself keeps nobody signed in."""
        token = self.console.token(request)
        if token is None:
            return None
        return await self.ground.db.read(staff.actor_of, self.ground.keyring, token)

    async def _moves(self, service: str) -> AsyncIterator[bytes]:
        async with self.ground.bus.subscribe(("desk", service)) as hints:
            yield b": here\n\n"
            try:
                async with asyncio.timeout(LONGEST):
                    async for _ in hints:
                        yield NEWS
                        await asyncio.sleep(CALM)
            except TimeoutError:
                return

    async def _list(self, actor: Actor, problem: FrontdoorError | None = None) -> Response:
        service, now = self.console.doors.service(actor.service), self.ground.clock.now()
        try:
            listed = await self.ground.db.read(_listed, self.ground, actor)
        except FrontdoorError as refusal:
            return self.console.refusal(actor, service, refusal.words, refusal.status)
        rows = [due.row(each, service, actor, listed.names, now) for each in listed.promises]
        return self.console.page(
            "promises.html",
            problem.status if problem else HTTPStatus.OK,
            chrome=pages.chrome(actor, service, "promises"),
            problem=problem,
            rows=rows,
            late=sum(row.late != "" for row in rows),
            messages=[
                messages.row(each, service, actor, listed.names, now) for each in listed.messages
            ],
            told=[due.told(each, service, listed.names, now) for each in listed.notices],
        )

    async def _pressed(
        self, request: Request, act: Callable[[Actor, str], Awaitable[str]]
    ) -> Response:
        actor = await self.console.actor(request)
        if actor is None:
            return self.console.to_sign_in()
        try:
            onward = await act(actor, request.path_params["id"][:64])
        except FrontdoorError as problem:
            return await self._list(actor, problem)
        return RedirectResponse(onward, HTTPStatus.SEE_OTHER)


# -- works ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    promises: list[Promise]
    messages: list[voicemails.Voicemail]
    notices: list[notices.Notice]
    names: dict[str, str]
    """Staff id to a first name."""


def _listed(work: Work, ground: Ground, actor: Actor) -> Listed:
    still, told = promises.open_promises(work, actor), notices.open_notices(work, actor)
    left = voicemails.open_voicemails(work, actor)
    names = Names(work, ground.keyring)
    known = {each.owner for each in still} | {each.owner for each in left}
    known |= {each.staff for each in told}
    return Listed(still, left, told, {id_: names.of(id_).first_name for id_ in known if id_})


def _open(
    work: Work, ground: Ground, actor: Actor, service: Service, promise_id: str
) -> tuple[Promise, calling.Calling | Refusal, list[backs.Shown]]:
    opened = calling.open_number(work, ground.keyring, actor, promise_id, service.zone)
    return promises.load(work, actor, promise_id), opened, backs.of_promise(work, promise_id)
