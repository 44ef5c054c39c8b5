"""A lead slows a phone down, or lets it ring as before. It reaches a person either way (S2)."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.errors import FrontdoorError, Wrong
from app.ground import Ground
from telephony import slowing
from widgets.console.web import Console


def routes(console: Console, ground: Ground) -> list[BaseRoute]:
    async def decide(request: Request) -> Response:
        """`hours` from 1 to 24, or 0 to lift the decision."""
        actor = await console.actor(request)
        if actor is None:
            return console.to_sign_in()
        contact = request.path_params["id"][:64]
        said = str((await request.form()).get("hours", ""))
        try:
            if not (said.isascii() and said.isdigit() and len(said) < 4):
                raise Wrong("Choose for how long.")
            if int(said) == 0:
                await ground.db.write(slowing.lift, actor, contact)
            else:
                await ground.db.write(slowing.slow_down, actor, contact, int(said))
        except FrontdoorError as problem:
            service = console.doors.service(actor.service)
            return console.refusal(actor, service, problem.words, problem.status)
        return RedirectResponse(f"/console/contacts/{contact}", HTTPStatus.SEE_OTHER)

    return [Route("/console/contacts/{id}/pace", decide, methods=["POST"])]
