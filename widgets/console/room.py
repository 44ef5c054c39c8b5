"""The console as one list of routes: its pages, its files, and the advisor's socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.routing import BaseRoute

from app.cases import trackers
from app.cases.transcript import Transcript
from app.definition.model import Service
from app.ground import Ground
from chat.switchboard import Switchboard
from widgets.console import promises, rota, sites, web
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
    live = ConsoleSocket(ground, transcript, switchboard, services, cookie, telephone)
    rooms = doors(ground, transcript, services, demo_sign_ins)
    console = web.Console(rooms, secure=secure)
    return [
        *promises.routes(console, ground),
        *rota.routes(console, ground),
        *sites.routes(
            console,
            ground.settings.public_url,
            lambda service: ground.db.read(trackers.running, service),
        ),
        *web.routes(rooms, live, secure=secure),
    ]
