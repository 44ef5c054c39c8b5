"""A preview is the real frame without a way in; and the chat stands in the corner its site says."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.definition.model import Position
from tests.browser import open_page
from tests.widgets.line import NOW, chat_line, fellside
from tests.widgets.visitor import on_host
from widgets.visitor import headers
from widgets.visitor.web import routes

PUBLIC, CONSOLE = "https://chat.example", "https://console.example"
WIDE = 1440


def app(previewed_by: str = CONSOLE, position: Position = "right") -> TestClient:
    service = fellside("https://www.fellside.example", position=position)
    listed = routes(
        services=lambda: {service.key: service},
        mint_frame_token=lambda service, site, now: "a way in",
        public_url=PUBLIC,
        now=lambda: NOW,
        previewed_by=previewed_by,
    )
    return TestClient(Starlette(routes=listed), base_url=PUBLIC)


def test_a_preview_has_no_way_in_and_may_open_no_line() -> None:
    client = app()
    assert 'data-token="a way in"' in client.get("/w/fellside").text, "else it has one"
    answer = client.get("/w/fellside/preview")
    assert 'data-token=""' in answer.text
    assert "This is a preview." in answer.text
    policy = answer.headers["content-security-policy"]
    assert f"connect-src {PUBLIC}/w/fellside/words/;" in policy
    assert "wss:" not in policy
    assert policy.endswith("sandbox allow-scripts")
    assert "set-cookie" not in answer.headers
    assert client.get("/w/nobody/preview").status_code == 404


def test_only_the_console_may_hold_a_preview_and_only_a_preview() -> None:
    preview = app().get("/w/fellside/preview").headers["content-security-policy"]
    assert f"frame-ancestors {CONSOLE};" in preview
    for path in ("/w/fellside", "/p/fellside"):
        assert CONSOLE not in app().get(path).headers["content-security-policy"]


@pytest.mark.parametrize("by", ["", "https://console.example; script-src *", "*", "'self'"])
def test_what_is_no_origin_may_hold_nothing(by: str) -> None:
    policy = headers.preview(PUBLIC, "fellside", by)["Content-Security-Policy"]
    assert "frame-ancestors 'none';" in policy
    assert policy.count("script-src") == 1


def test_nobody_but_the_preview_is_called_one() -> None:
    for path in ("/w/fellside", "/p/fellside"):
        assert "preview" not in app().get(path).text


@pytest.mark.parametrize("position", ["right", "left"])
def test_the_loader_knows_the_corner(position: Position) -> None:
    loader = app(position=position).get("/widget.js").text
    assert loader.split("const sites = ")[1].split(";\n")[0].count('"left"') == (position == "left")


@pytest.mark.parametrize("position", ["right", "left"])
async def test_the_chat_stands_in_the_corner_its_site_says(
    browser: Browser, position: Position
) -> None:
    async with (
        chat_line(position=position) as line,
        open_page(browser, viewport={"width": WIDE, "height": 900}) as page,
    ):
        for opened in (False, True):
            await on_host(page, line, opened=opened)
            box = await page.locator("iframe").bounding_box()
            assert box is not None
            middle = box["x"] + box["width"] / 2
            assert (middle < WIDE / 2) == (position == "left")
