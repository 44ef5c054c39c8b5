"""The console as one list of routes: its pages, its files, and the advisor's socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from starlette.routing import BaseRoute

from app.auth.policy import Actor
from app.cases import trackers
from app.cases.transcript import Transcript
from app.definition.model import Service
from app.errors import Refused
from app.ground import Ground
from chat.switchboard import Switchboard
from telephony import softphone as phones
from widgets.console import promises, rota, sites, slowed, softphone, voicemails, web
from widgets.console.doors import doors
from widgets.console.live import ConsoleSocket
from widgets.console.telephone import NO_TELEPHONE, Telephone


def routes(
    ground: Ground,
    transcript: Transcript,
    switchboard: Switchboard,
    services: Callable[[], Mapping[str, Service]],
    telephone: Telephone = NO_TELEPHONE,
    demo_sign_ins: Sequence[tuple[str, str]] = (),
) -> list[BaseRoute]:
    """`telephone` tells how calls and texts stand; `demo_sign_ins` stand on the sign-in page."""
    secure = ground.settings.console_url.startswith("https://")
    cookie = web.cookie_name(secure=secure)
    rooms = doors(ground, transcript, services, demo_sign_ins)
    console = web.Console(rooms, secure=secure)
    telephone = replace(
        telephone,
        browsers=phones.can_ring_browsers(ground.settings),
        rehearsed=phones.rehearsed(ground.settings),
    )
    live = ConsoleSocket(ground, transcript, switchboard, services, cookie, telephone)

    async def pass_for(actor: Actor) -> phones.Pass:
        if not telephone.browsers:
            raise Refused("This service has not set up the browser phone.", code="no_browsers")
        await ground.db.write(phones.allow, actor, rooms.service(actor.service))
        return phones.token(ground.settings, actor.staff)

    return [
        *softphone.routes(console, pass_for),
        *promises.routes(console, ground),
        *voicemails.routes(console, ground),
        *slowed.routes(console, ground),
        *rota.routes(console, ground),
        *sites.routes(
            console,
            ground.settings.public_url,
            lambda service: ground.db.read(trackers.running, service),
        ),
        *web.routes(rooms, live, secure=secure),
    ]
