"""The edge: what every surface promises, who may change what from where, how much we read."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.guards import (
    CHANGING,
    EVERYWHERE,
    POLICY,
    BodyLimit,
    SameOrigin,
    Surface,
    SurfaceHeaders,
    surface_of,
)
from app.main import application
from tests.house import Home
from tests.people import SITE

PATHS: list[tuple[str, Surface]] = [
    ("/console", "console"),
    ("/console/contacts", "console"),
    ("/ui/tokens.css", "console"),
    ("/vendor/ui.js", "console"),
    ("/w/cumbria", "visitor"),
    ("/p/cumbria", "visitor"),
    ("/chat/v1/leave", "visitor"),
    ("/widget.js", "visitor"),
    ("/telephony/voice", "hooks"),
    ("/2010-04-01/Accounts", "hooks"),
    ("/rehearsal", "rehearsal"),
    ("/healthz", "public"),
    ("/", "public"),
]
OURS = "https://help.example"


@pytest.mark.parametrize(("path", "surface"), PATHS)
def test_every_path_lies_on_a_surface(path: str, surface: Surface) -> None:
    assert surface_of(path) == surface


def test_no_policy_lets_in_anybody_elses_script() -> None:
    for policy in POLICY.values():
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"\*|https?:", policy)


# -- by a small application that does everything wrong -----------------------------------------


async def careless(request: Request) -> Response:
    """Sets a cookie, and reads whatever it is sent."""
    body = await request.body()
    answer = PlainTextResponse(f"{request.method} {len(body)}")
    answer.set_cookie("trace", "1")
    answer.set_cookie("another", "2")
    return answer


async def cached(_: Request) -> Response:
    return PlainTextResponse("a picture", headers={"Cache-Control": "max-age=60"})


def client(**headers: str) -> httpx.AsyncClient:
    methods = ["GET", *sorted(CHANGING)]
    app = Starlette(routes=[Route("/widget.js", cached), Route("/{path:path}", careless,
                                                              methods=methods)])  # fmt: skip
    guarded = SurfaceHeaders(BodyLimit(SameOrigin(app, own=(OURS + "/console",)), most=1000))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=guarded), base_url=OURS, headers=headers
    )


@pytest.mark.parametrize(("path", "surface"), PATHS)
async def test_every_answer_carries_the_headers_of_its_surface(path: str, surface: Surface) -> None:
    async with client() as browser:
        answer = await browser.get(path)
    assert answer.headers["content-security-policy"] == POLICY[surface]
    for name, value in EVERYWHERE.items():
        assert answer.headers[name] == value or path == "/widget.js"
    framed_elsewhere = surface in ("visitor", "hooks")
    assert ("cross-origin-resource-policy" in answer.headers) is not framed_elsewhere


@pytest.mark.parametrize(("path", "surface"), PATHS)
async def test_no_cookie_ever_reaches_a_visitor_or_a_carrier(path: str, surface: Surface) -> None:
    """The device keeps nothing (S5), whatever a page of ours does by mistake."""
    async with client() as browser:
        answer = await browser.get(path)
    assert ("set-cookie" in answer.headers) is (surface not in ("visitor", "hooks"))


async def test_a_page_that_says_more_for_itself_keeps_its_words() -> None:
    async with client() as browser:
        assert (await browser.get("/widget.js")).headers["cache-control"] == "max-age=60"


@pytest.mark.parametrize("method", sorted(CHANGING))
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://help.example.evil"},
        {"Origin": "http://help.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
        {"Sec-Fetch-Site": "same-site", "Origin": OURS},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_a_change_that_comes_from_elsewhere_is_refused(
    method: str, headers: dict[str, str]
) -> None:
    async with client(**headers) as browser:
        assert (await browser.request(method, "/console/sign-in")).status_code == 403
        assert (await browser.request(method, "/rehearsal")).status_code == 403
        assert (await browser.request(method, "/unknown")).status_code == 403
        assert (await browser.get("/console/sign-in")).status_code == 200
        assert (await browser.request(method, "/chat/v1/leave")).status_code == 200
        assert (await browser.request(method, "/telephony/voice")).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": OURS}, {"Sec-Fetch-Site": "same-origin", "Origin": OURS}], ids=str
)
async def test_a_change_from_our_own_pages_is_taken(headers: dict[str, str]) -> None:
    async with client(**headers) as browser:
        assert (await browser.post("/console/sign-in")).status_code == 200


async def test_a_body_that_says_it_is_too_long_is_not_read() -> None:
    async with client() as browser:
        assert (await browser.post("/chat/v1/leave", content=b"x" * 1000)).status_code == 200
        answer = await browser.post("/chat/v1/leave", content=b"x" * 1001)
    assert answer.status_code == 413
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("length", ["-1", "1e3", "many", "", "\u00b2"])
async def test_a_length_that_is_no_length_is_refused(length: str) -> None:
    async with client() as browser:
        request = browser.build_request("POST", "/chat/v1/leave", content=b"x")
        request.headers["Content-Length"] = length.encode("latin-1").decode("latin-1")
        assert (await browser.send(request)).status_code == 413


# -- by the product itself -------------------------------------------------------------------------


@pytest.fixture
async def browser(lodge: Home) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application(lodge.house), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


async def test_a_body_that_turns_out_too_long_is_told_so(browser: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b"x" * 4096

    answer = await browser.post("/chat/v1/leave", content=endless())
    assert answer.status_code == 413
    assert json.loads(answer.text)["code"] == "too_long"


@pytest.mark.parametrize(
    "path", ["/console/sign-in", f"/w/{SITE.key}", f"/p/{SITE.key}", "/widget.js", "/healthz",
             "/readyz", "/metrics", "/nowhere", "/w/nowhere", "/console/nowhere", "/ui/nowhere"]
)  # fmt: skip
async def test_every_page_of_ours_is_guarded(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code in (200, 303, 404)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", [f"/w/{SITE.key}", f"/p/{SITE.key}", "/widget.js"])
async def test_a_visitor_gets_no_cookie(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path, headers={"Cookie": "frontdoor=1"})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


async def test_an_answer_that_broke_is_as_guarded_and_as_silent(
    browser: httpx.AsyncClient, lodge: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(lodge.db, "read", broken)
    answer = await browser.get("/readyz")
    assert answer.status_code == 500
    assert "999" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_readiness_tells_the_balancer_when_to_look_elsewhere(
    browser: httpx.AsyncClient, lodge: Home
) -> None:
    assert (await browser.get("/readyz")).status_code == 200
    lodge.house.draining = True
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "draining")
    assert (await browser.get("/healthz")).status_code == 200


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong", "Bearer \u00fcml\u00e4ut"])
async def test_metrics_are_not_there_without_the_token(
    lodge: Home, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    settings = lodge.house.ground.settings.model_copy(update={"metrics_token": "open sesame"})
    object.__setattr__(lodge.house.ground, "settings", settings)
    transport = httpx.ASGITransport(app=application(lodge.house))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        headers = [] if given is None else [(b"authorization", given.encode("latin-1"))]
        assert (await client.get("/metrics", headers=headers)).status_code == 404
        good = {"Authorization": "Bearer open sesame"}
        assert (await client.get("/metrics", headers=good)).status_code == 200
