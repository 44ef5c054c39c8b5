"""Sites: what a lead gives to whoever edits a website, and the chat as it will look there.

The preview is the real frame without a token and without a line, so that it opens no contact and
counts as no visitor. This page alone may hold it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.auth.policy import Action
from app.cases import trackers
from app.definition.colour import NEEDED, PAPER, WHITE, contrast, readable
from app.definition.model import Service, Site
from app.guards import STRICT
from widgets.console import pages, words
from widgets.console.web import Console

POSITIONS = {"right": "Lower right corner", "left": "Lower left corner"}
TRACKERS = {
    "tell": "Leads are told when one runs beside the chat",
    "own-page": "Where one runs, the chat opens on its own page alone",
}


@dataclass(frozen=True)
class Shown:
    """One site of the service, as its lead reads it."""

    key: str
    name: str
    script: str
    link: str
    address: str
    preview: str
    origins: tuple[str, ...]
    number: str
    exit_url: str
    hours: str
    languages: str
    position: str
    trackers: str
    seen: tuple[str, ...]
    """The pixels and replay scripts that ran on it within the month."""
    asked: str
    used: str
    ratios: str


Seen = Callable[[str], Awaitable[Sequence[trackers.Tracker]]]


async def nothing_seen(_: str) -> Sequence[trackers.Tracker]:
    return ()


def routes(console: Console, public_url: str, seen: Seen = nothing_seen) -> list[BaseRoute]:
    """`seen` tells the trackers that ran on the sites of a service, by its key."""

    async def sites(request: Request) -> Response:
        actor = await console.actor(request)
        if actor is None:
            return console.to_sign_in()
        service = console.doors.service(actor.service)
        if not actor.may(Action.LEAD):
            refused = "This page is for those who lead a hub."
            return console.refusal(actor, service, refused, HTTPStatus.FORBIDDEN)
        running = await seen(service.key)
        answer = console.page(
            "sites.html",
            chrome=pages.chrome(actor, service, "sites"),
            sites=[shown(site, service, public_url, running) for site in service.sites],
            needed=f"{NEEDED:.1f}",
        )
        answer.headers["Content-Security-Policy"] = f"{STRICT}; frame-src {public_url}/w/"
        return answer

    return [Route("/console/sites", sites)]


def shown(
    site: Site, service: Service, public_url: str, running: Sequence[trackers.Tracker] = ()
) -> Shown:
    address, used = f"{public_url}/p/{site.key}", readable(site.accent)
    return Shown(
        key=site.key,
        name=site.name,
        script=f'<script async src="{public_url}/widget.js" data-site="{site.key}"></script>',
        link=f'<a href="{address}" rel="noreferrer">Chat with someone</a>',
        address=address,
        preview=f"{public_url}/w/{site.key}/preview",
        origins=site.origins,
        number=service.number_to_call(service.line(site.line)),
        exit_url=site.exit_url,
        hours=site.hours,
        languages=", ".join(words.word(words.LANGUAGES, each) for each in service.languages),
        position=POSITIONS[site.position],
        trackers=TRACKERS[site.trackers],
        seen=tuple(sorted(one.words for one in running if one.site == site.key)),
        asked=site.accent,
        used=used,
        ratios=f"{contrast(used, WHITE):.1f} on white, {contrast(used, PAPER):.1f} on paper",
    )
