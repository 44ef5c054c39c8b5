"""A message on the console: one person takes it, hears it, and says what came of it.

The sound is played to whoever may see the message, and each playing is in the trail (S7). It is
never kept by the browser (S5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.policy import Actor
from app.cases import answering, voicemails
from app.cases.voicemails import Answered, Voicemail
from app.db import Work
from app.definition.model import Service
from app.errors import FrontdoorError, Missing, Wrong
from app.ground import Ground
from widgets.console import due, pages
from widgets.console.names import Names
from widgets.console.web import Console

LIST = "/console/promises"
ROOT = "/console/voicemails"
ENDS: dict[Answered, tuple[str, str]] = {
    Answered.REACHED: ("We reached them", "tick"),
    Answered.CALL_PROMISED: ("Their call-back is on the list", "call"),
    Answered.NO_SAFE_WAY: ("No safe way to answer", "shield"),
    Answered.NOTHING_TO_ANSWER: ("Nothing to answer", "message"),
}


@dataclass(frozen=True)
class Row:
    """One message of the list."""

    id: str
    contact: str
    due: str
    iso: str
    late: str
    """How long it is late; "" when it is not."""
    hub: str
    left: str
    length: str
    call_safe: str
    here: bool
    holder: str
    mine: bool


def row(
    found: Voicemail, service: Service, actor: Actor, names: Mapping[str, str], now: datetime
) -> Row:
    mine = found.owner == actor.staff
    return Row(
        id=found.id,
        contact=found.contact,
        due=due.when(found.due_at, service, now),
        iso=found.due_at.isoformat(),
        late=pages.length(found.due_at, now) if found.late(now) else "",
        hub=pages.hub_name(service, found.hub),
        left=pages.clock(found.left_at, service, now),
        length=f"{found.seconds // 60}:{found.seconds % 60:02d}",
        call_safe="A call back is safe" if found.call_safe else "Do not ring them back",
        here=found.here,
        holder="You" if mine else names.get(found.owner or "", ""),
        mine=mine,
    )


def routes(console: Console, ground: Ground) -> list[BaseRoute]:
    shown = Voicemails(console, ground)
    return [
        Route(f"{ROOT}/{{id}}", shown.one),
        Route(f"{ROOT}/{{id}}/sound", shown.sound),
        Route(f"{ROOT}/{{id}}/take", shown.take, methods=["POST"]),
        Route(f"{ROOT}/{{id}}/give-back", shown.give_back, methods=["POST"]),
        Route(f"{ROOT}/{{id}}/done", shown.done, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Voicemails:
    """Each method is one page, or one thing that a form does."""

    console: Console
    ground: Ground

    async def one(self, request: Request) -> Response:
        actor = await self.console.actor(request)
        if actor is None:
            return self.console.to_sign_in()
        return await self._page(actor, request.path_params["id"][:64])

    async def sound(self, request: Request) -> Response:
        """The sound itself. Each time it is asked for is in the trail before it leaves."""
        actor = await self.console.actor(request)
        if actor is None:
            return PlainTextResponse("Sign in first.", HTTPStatus.UNAUTHORIZED)
        id_ = request.path_params["id"][:64]
        try:
            wav = await self.ground.db.write(answering.listen, self.ground.keyring, actor, id_)
        except FrontdoorError as refusal:
            return PlainTextResponse(refusal.words, refusal.status)
        headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
        return Response(wav, media_type="audio/wav", headers=headers)

    async def take(self, request: Request) -> Response:
        return await self._pressed(request, answering.take)

    async def give_back(self, request: Request) -> Response:
        return await self._pressed(request, answering.give_back, LIST)

    async def done(self, request: Request) -> Response:
        how = str((await request.form()).get("how", ""))

        def act(work: Work, actor: Actor, id_: str) -> None:
            if how not in list(Answered):
                raise Wrong("Choose what happened.")
            answering.done(work, actor, id_, Answered(how))

        return await self._pressed(request, act, LIST)

    # -- within --------------------------------------------------------------------------------

    async def _page(
        self, actor: Actor, id_: str, problem: FrontdoorError | None = None
    ) -> Response:
        service, now = self.console.doors.service(actor.service), self.ground.clock.now()
        try:
            found, names = await self.ground.db.read(_shown, self.ground, actor, id_)
        except Missing as missing:
            return self.console.refusal(actor, service, missing.words, HTTPStatus.NOT_FOUND)
        return self.console.page(
            "voicemail.html",
            problem.status if problem else HTTPStatus.OK,
            chrome=pages.chrome(actor, service, "promises"),
            problem=problem,
            row=row(found, service, actor, names, now),
            open=found.done_at is None,
            ends=[(how.value, *said) for how, said in ENDS.items()],
        )

    async def _pressed(self, request: Request, act: answering.Act, onward: str = "") -> Response:
        actor = await self.console.actor(request)
        if actor is None:
            return self.console.to_sign_in()
        id_ = request.path_params["id"][:64]
        try:
            await self.ground.db.write(act, actor, id_)
        except FrontdoorError as problem:
            return await self._page(actor, id_, problem)
        return RedirectResponse(onward or f"{ROOT}/{id_}", HTTPStatus.SEE_OTHER)


def _shown(work: Work, ground: Ground, actor: Actor, id_: str) -> tuple[Voicemail, dict[str, str]]:
    found = voicemails.load(work, actor, id_)
    names = Names(work, ground.keyring)
    return found, {found.owner: names.of(found.owner).first_name} if found.owner else {}
