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

import jinja2
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.definition.model import WEATHER, Line, Service, Site
from widgets.visitor import assets, headers, where, words
from widgets.visitor.accent import stylesheet

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
    demo: bool = False,
) -> list[Route]:
    """`services` gives what is applied now, by key; `mint_frame_token` signs a way in.

    A frame token must hold for an hour: a page that lies open renews itself after half of one.
    """
    face = Face(services, mint_frame_token, public_url, now, assets.load())
    listed = [
        Route("/widget.js", face.loader),
        Route("/w/assets/blank.png", face.blank_icon),
        Route("/w/assets/{build}/{name}", face.asset),
        Route("/w/{site}", face.framed),
        Route("/w/{site}/accent.css", face.accent),
        Route("/p/{site}", face.own_page),
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
    known: dict[str, tuple[Service, dict[str, object]]] = field(default_factory=dict)

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
            **self.words_of(service, site),
            site=site.key,
            own=not framed,
            build=self.assets.build,
            modules=self.assets.modules,
            token=self.mint_frame_token(service, site, self.now()),
        )
        return pressed(request, html, "text/html", headers.page(self.public_url, ancestors))

    def words_of(self, service: Service, site: Site) -> dict[str, object]:
        """Worked out once for each definition: a changed one is another value."""
        held = self.known.get(site.key)
        if held is None or held[0] is not service:
            held = self.known[site.key] = (service, page_words(service, site))
        return held[1]

    async def loader(self, request: Request) -> Response:
        """The script with every site's exit and number in it: it must work with the frame gone."""
        known = {
            site.key: [
                exit_of(site),
                number.shown,
                dialled(number),
                words.ENGLISH["leave"],
                words.ENGLISH["call"],
            ]
            for service in self.services().values()
            for site in service.sites
            for number in [ringing(service, site)]
        }
        script = self.assets.files[assets.LOADER].plain.decode()
        filled = script.replace(SITES_GAP, f"const sites = {json.dumps(known)};", 1)
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


def page_words(service: Service, site: Site) -> dict[str, object]:
    """What the template says of this service and site."""
    number = ringing(service, site)
    texts = next((line for line in service.lines if texts_reach(line)), None)
    return {
        "number": number.shown,
        "dial": dialled(number),
        "text_number": texts.shown if texts else "",
        "text_dial": dialled(texts) if texts else "",
        "hours": site.hours,
        "exit_url": exit_of(site),
        "exit_name": "the weather" if "weather" in exit_of(site) else "a plain page",
        "crimes": service.crimes,
        "welcome": service.words.get("welcome", ""),
        "towns": where.towns(service),
        "such_as": where.such_as(service),
        "words": json.dumps(words.for_script(service), ensure_ascii=False),
    }


def ringing(service: Service, site: Site) -> Line:
    """The line to tell: the site's own, else the first that rings."""
    own = service.line(site.line)
    return next((line for line in (own, *service.lines) if "voice" in line.channels), own)


def texts_reach(line: Line) -> bool:
    """A freephone number is not offered for texts: few networks carry them."""
    return "sms" in line.channels and not line.number.startswith("+44808")


def dialled(line: Line) -> str:
    return line.shown.replace(" ", "")


def exit_of(site: Site) -> str:
    """Only a web address can be an exit: the loader goes there without asking."""
    return site.exit_url if site.exit_url.startswith(("https://", "http://")) else WEATHER


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
