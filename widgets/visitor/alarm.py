"""The tracker alarm: a host page's loader saw a pixel, and its frame says which kind.

Whoever posts learns nothing: the answer is always the same (S7). A kind we do not know, or one
told within the hour, costs nothing; what is kept is a site and a kind, and nobody's page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.cases import trackers
from app.definition.model import Service, Site
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log

EVERY = 3600
"""Seconds: one kind on one site is written down once in this time."""
LONGEST = 20


def routes(ground: Ground, services: Callable[[], Mapping[str, Service]]) -> list[Route]:
    def found(key: str) -> tuple[Service, Site] | None:
        return next(
            ((service, site) for service in services().values() if (site := service.site(key))),
            None,
        )

    async def seen(request: Request) -> Response:
        """POST the kind alone, as text. Always answers 204."""
        kind = (await request.body())[:LONGEST].decode("ascii", "replace")
        at = found(request.path_params["site"])
        if at is not None and kind in trackers.KINDS:
            await keep(*at, kind)
        return Response(status_code=204)

    async def keep(service: Service, site: Site, kind: str) -> None:
        if await ground.limiter.hit("trackers", f"{site.key} {kind}", 1, EVERY) is not None:
            return
        try:
            await ground.db.write(trackers.seen, service, site, kind)
        except FrontdoorError as problem:
            log.warning("tracker.not_kept", code=problem.code)

    return [Route("/w/{site}/seen", seen, methods=["POST"])]
