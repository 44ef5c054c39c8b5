"""The visitor's addresses: the loader, the frame, the same on a page of its own, and their files.

Nothing here sets a cookie, keeps a word or asks who is there (S5). The first HTML already holds
the emergency words, the number, the hours and the exit, so they need no script (S11).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.definition.model import Service, Site
from app.words.catalogue import choose
from app.words.files import catalogues
from app.words.message import Message
from widgets.visitor import assets, headers
from widgets.visitor.accent import stylesheet
from widgets.visitor.page import dialled, exit_of, offered, page_words, ringing
from widgets.visitor.words import WORDS

Services = Callable[[], Mapping[str, Service]]
MintFrameToken = Callable[[Service, Site, datetime], str]

BLANK_ICON = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)
FOR_EVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"
NOWHERE = "Nothing here under that reference. In danger now? Call 999."
SITES_GAP = "const sites = {};"

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def routes(
    *,
    services: Services,
    mint_frame_token: MintFrameToken,
    public_url: str,
    now: Callable[[], datetime],
    previewed_by: str = "",
    demo: bool = False,
) -> list[Route]:
    """`services` gives what is applied now, by key; `mint_frame_token` signs a way in.

    `previewed_by` is the origin whose pages may hold a preview, "" for none.
    A frame token must hold for an hour: a page that lies open renews itself after half of one.
    """
    face = Face(services, mint_frame_token, public_url, now, assets.load(), previewed_by)
    listed = [
        Route("/widget.js", face.loader),
        Route("/w/assets/blank.png", face.blank_icon),
        Route("/w/assets/{build}/{name}", face.asset),
        Route("/w/{site}", face.framed),
        Route("/w/{site}/accent.css", face.accent),
        Route("/w/{site}/door", face.door),
        Route("/w/{site}/door/{lang}", face.door),
        Route("/w/{site}/preview", face.preview),
        Route("/w/{site}/words/{lang}", face.tongue),
        Route("/w/{site}/{lang}", face.framed),
        Route("/p/{site}", face.own_page),
        Route("/p/{site}/{lang}", face.own_page),
    ]
    if demo:
        listed += [Route("/demo-site", face.demo), Route("/demo-site/look.css", face.demo_look)]
    return listed


@dataclass(frozen=True)
class Face:
    services: Services
    mint_frame_token: MintFrameToken
    public_url: str
    now: Callable[[], datetime]
    assets: assets.Assets
    previewed_by: str = ""
    known: dict[tuple[str, str], tuple[Service, dict[str, Any]]] = field(default_factory=dict)

    def found(self, key: str) -> tuple[Service, Site] | None:
        for service in self.services().values():
            site = service.site(key)
            if site is not None:
                return service, site
        return None

    async def framed(self, request: Request) -> Response:
        return self.page(request, framed=True)

    async def own_page(self, request: Request) -> Response:
        return self.page(request, framed=False)

    def page(self, request: Request, *, framed: bool) -> Response:
        found = self.found(request.path_params["site"])
        if found is None:
            return nowhere()
        service, site = found
        ancestors = site.origins if framed else ()
        html = TEMPLATES.get_template("frame.html").render(
            **self.words_of(service, site, request),
            site=site.key,
            own=not framed,
            build=self.assets.build,
            token=self.mint_frame_token(service, site, self.now()),
        )
        return pressed(request, html, "text/html", headers.page(self.public_url, ancestors))

    async def preview(self, request: Request) -> Response:
        """The same frame for a page of the console: it has no token and opens no line."""
        found = self.found(request.path_params["site"])
        if found is None:
            return nowhere()
        html = TEMPLATES.get_template("frame.html").render(
            **self.words_of(*found, request),
            site=found[1].key,
            own=False,
            preview=True,
            build=self.assets.build,
            token="",
        )
        named = headers.preview(self.public_url, found[1].key, self.previewed_by)
        return pressed(request, html, "text/html", named)

    async def door(self, request: Request) -> Response:
        """The launcher of a site with trackers: a plain link to a page of its own, in our frame."""
        found = self.found(request.path_params["site"])
        if found is None:
            return nowhere()
        html = TEMPLATES.get_template("door.html").render(
            **self.words_of(*found, request), site=found[1].key, build=self.assets.build
        )
        return pressed(request, html, "text/html", headers.page(self.public_url, found[1].origins))

    async def tongue(self, request: Request) -> Response:
        """The same page in another language, for its script to take the words from: no token."""
        found = self.found(request.path_params["site"])
        if found is None:
            return nowhere()
        html = TEMPLATES.get_template("frame.html").render(
            **self.words_of(*found, request),
            site=found[1].key,
            own=False,
            build=self.assets.build,
            token="",
        )
        named = {**headers.page(self.public_url, ()), "Access-Control-Allow-Origin": "*"}
        return pressed(request, html, "text/html", named)

    def words_of(self, service: Service, site: Site, request: Request) -> dict[str, Any]:
        """Worked out once for each definition and language: a changed one is another value."""
        spoken = offered(service, catalogues())
        language = choose(
            [each.language for each in spoken],
            request.path_params.get("lang", ""),
            request.headers.get("accept-language", ""),
        )
        held = self.known.get((site.key, language))
        if held is None or held[0] is not service:
            said = page_words(service, site, catalogues()[language], spoken)
            held = self.known[site.key, language] = (service, said)
        return held[1]

    async def loader(self, request: Request) -> Response:
        """The script with every site's exit and number in it: it must work with the frame gone."""
        known = {
            site.key: [
                exit_of(site),
                number.shown,
                dialled(number),
                spoken.say(WORDS["leave"]),
                spoken.say(WORDS["call"]),
                spoken.say(Message("Chat")),
                "own-page" if site.trackers == "own-page" else "",
                "left" if site.position == "left" else "",
            ]
            for service in self.services().values()
            for site in service.sites
            for number in [ringing(service, site)]
            for spoken in [offered(service, catalogues())[0]]
        }
        told = json.dumps(known, ensure_ascii=False)
        script = self.assets.files[assets.LOADER].plain.decode()
        filled = script.replace(SITES_GAP, f"const sites = {told};", 1)
        return pressed(request, filled, "text/javascript", headers.asset(FIVE_MINUTES))

    async def asset(self, request: Request) -> Response:
        """An old page may ask a newer server for its files: it gets ours, kept for a short time."""
        name, build = request.path_params["name"], request.path_params["build"]
        file = self.assets.files.get(name)
        if file is None or name in (assets.LOADER, assets.DEMO):
            return nowhere()
        kept = FOR_EVER if build == self.assets.build else FIVE_MINUTES
        return answer(request, file, headers.asset(kept))

    async def accent(self, request: Request) -> Response:
        found = self.found(request.path_params["site"])
        if found is None:
            return nowhere()
        return pressed(
            request, stylesheet(found[1].accent), "text/css", headers.asset(FIVE_MINUTES)
        )

    async def blank_icon(self, _: Request) -> Response:
        return Response(BLANK_ICON, media_type="image/png", headers=headers.asset(FOR_EVER))

    async def demo(self, request: Request) -> Response:
        """An invented charity's page with the chat on it; `?service=` chooses whose."""
        services = self.services()
        chosen = services.get(request.query_params.get("service", ""))
        service = chosen or next(iter(services.values()), None)
        if service is None or not service.sites:
            return nowhere()
        html = TEMPLATES.get_template("demo.html").render(
            service=service,
            county=service.key.replace("-", " ").title(),
            services=[each for each in services.values() if each.sites],
            site=service.sites[0],
            line=ringing(service, service.sites[0]),
            public_url=self.public_url,
        )
        return pressed(request, html, "text/html", headers.host(self.public_url))

    async def demo_look(self, request: Request) -> Response:
        return answer(request, self.assets.files[assets.DEMO], headers.asset(FIVE_MINUTES))


def nowhere() -> Response:
    return PlainTextResponse(NOWHERE, 404, headers=dict(headers.NEVER_KEPT))


def pressed(request: Request, text: str, type: str, named: Mapping[str, str]) -> Response:
    plain = text.encode()
    file = assets.Asset("", f"{type}; charset=utf-8", plain, assets.press(plain))
    return answer(request, file, named)


def answer(request: Request, file: assets.Asset, named: Mapping[str, str]) -> Response:
    """Pressed when the browser takes it. Nothing of the visitor's is in these answers."""
    takes = "gzip" in request.headers.get("accept-encoding", "")
    also = {"Content-Encoding": "gzip"} if takes else {}
    return Response(
        file.pressed if takes else file.plain,
        headers={**named, **also, "Vary": "Accept-Encoding", "Content-Type": file.type},
    )
