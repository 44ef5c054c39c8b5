"""What a browser is given before any script runs, and what it is told about keeping it."""

from __future__ import annotations

import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.definition.files import load_examples
from app.definition.words import too_long
from tests.widgets.line import NOW, NUMBER, fellside
from widgets.visitor import assets
from widgets.visitor.bundle import bundled
from widgets.visitor.web import routes

CHARITY = "https://www.fellside.example"
PUBLIC = "https://chat.example"
SERVICE = fellside(CHARITY)


def app(*, demo: bool = False) -> TestClient:
    listed = routes(
        services=lambda: {SERVICE.key: SERVICE},
        mint_frame_token=lambda service, site, now: f"{service.key}.{site.key}.{now:%H%M}",
        public_url=PUBLIC,
        now=lambda: NOW,
        demo=demo,
    )
    return TestClient(Starlette(routes=listed), base_url=PUBLIC)


def test_the_first_html_holds_emergency_words_number_hours_and_exit() -> None:
    html = app().get("/w/fellside").text
    assert 'Call <bdi class="ltr">999</bdi>' in html
    assert "999 BSL" in html
    assert "18000" in html
    assert html.index("999") < html.index("Talk with someone")
    assert NUMBER in html
    assert "day and night" in html
    assert 'href="https://www.bbc.co.uk/weather" target="_top"' in html
    assert 'data-token="fellside.fellside.0310"' in html


def test_the_frame_is_opaque_and_only_its_site_may_hold_it() -> None:
    answer = app().get("/w/fellside")
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self' wss://chat.example; base-uri 'none'; "
        "object-src 'none'; form-action 'none'; frame-ancestors https://www.fellside.example; "
        "require-trusted-types-for 'script'; sandbox allow-scripts allow-forms "
        "allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "microphone=()" in answer.headers["permissions-policy"]
    assert "set-cookie" not in answer.headers


def test_its_own_page_is_nobodys_frame_and_says_nothing_in_its_title() -> None:
    answer = app().get("/p/fellside")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "<title>Page</title>" in answer.text
    assert "Fellside" not in answer.text.replace("fellside", "")


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    html = app().get("/w/fellside").text
    assert not re.search(r"<style|style=|\son\w+=|<script(?! type=\"module\" src=)", html)
    assert not re.search(r"(?:src|<link[^>]*href)=\"(?:https?:)?//", html)


def test_a_site_that_is_not_ours_is_nowhere() -> None:
    for path in ("/w/nobody", "/p/nobody", "/w/nobody/accent.css", "/w/assets/x/nothing.js"):
        answer = app().get(path)
        assert answer.status_code == 404
        assert answer.text == "Nothing here under that reference. In danger now? Call 999."


def test_the_demo_page_is_served_only_in_the_demo() -> None:
    assert app().get("/demo-site").status_code == 404
    answer = app(demo=True).get("/demo-site?service=fellside")
    assert f'src="{PUBLIC}/widget.js" data-site="fellside"' in answer.text
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]


def test_an_exit_that_is_no_web_address_becomes_the_weather() -> None:
    bad = fellside(CHARITY, exit_url="javascript:alert(1)")
    listed = routes(
        services=lambda: {bad.key: bad},
        mint_frame_token=lambda *_: "t",
        public_url=PUBLIC,
        now=lambda: NOW,
    )
    client = TestClient(Starlette(routes=listed), base_url=PUBLIC)
    for path in ("/w/fellside", "/widget.js"):
        assert "javascript:" not in client.get(path).text
        assert "https://www.bbc.co.uk/weather" in client.get(path).text


def test_an_origin_cannot_add_to_the_policy() -> None:
    sly = fellside("https://a.example; script-src *", CHARITY)
    listed = routes(
        services=lambda: {sly.key: sly},
        mint_frame_token=lambda *_: "t",
        public_url=PUBLIC,
        now=lambda: NOW,
    )
    client = TestClient(Starlette(routes=listed), base_url=PUBLIC)
    policy = client.get("/w/fellside").headers["content-security-policy"]
    assert f"frame-ancestors {CHARITY};" in policy
    assert "script-src *" not in policy


def test_the_loader_knows_each_sites_exit_and_number() -> None:
    answer = app().get("/widget.js")
    assert (
        f'const sites = {{"fellside": ["https://www.bbc.co.uk/weather", "{NUMBER}"' in answer.text
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_door_of_a_tracked_site_speaks_the_language_of_the_page() -> None:
    for path, lang, word in (("/door", "en-GB", "Chat"), ("/door/cy", "cy", "Sgwrs")):
        html = app().get(f"/w/fellside{path}").text
        assert f'<html lang="{lang}"' in html
        assert f"{word}</a>" in html
    assert 'href="/p/fellside/cy"' in app().get("/w/fellside/door/cy").text


def test_assets_are_for_every_origin_and_kept_under_their_own_name() -> None:
    client = app()
    build = assets.load().build
    assert f"/w/assets/{build}/frame.js" in client.get("/w/fellside").text
    answer = client.get(f"/w/assets/{build}/frame.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "immutable" in answer.headers["cache-control"]
    old = client.get("/w/assets/0123456789/frame.js")
    assert old.text == answer.text
    assert "immutable" not in old.headers["cache-control"]


def test_it_is_light_enough_for_an_old_phone() -> None:
    client = app()
    loaded = assets.load()
    loader = len(gzip.compress(client.get("/widget.js").content, 9))
    frame_app = len(loaded.files[assets.ENTRY].pressed)
    pages = sum(
        len(gzip.compress(client.get(path).content, 9))
        for path in ("/w/fellside", "/w/fellside/accent.css")
    )
    everything = loader + frame_app + pages + len(loaded.files["frame.css"].pressed)
    assert loader <= 3_000
    assert frame_app <= 15_000
    assert everything <= 60_000


@pytest.mark.parametrize("name", sorted(path.name for path in assets.FOLDER.glob("*.js")))
def test_scripts_stay_within_es2017(name: str) -> None:
    text = assets.lighter((assets.FOLDER / name).read_text(encoding="utf-8"))
    for newer in ("?.", "??", "{...", "{ ...", "catch {", " ** ", "||=", "#private", "BigInt"):
        assert newer not in text, newer


def test_the_whole_script_is_one_file_that_asks_for_no_other() -> None:
    client = app()
    build = assets.load().build
    script = client.get(f"/w/assets/{build}/frame.js").text
    assert not re.search(r"^(?:import|export)\b", script, flags=re.MULTILINE)
    assert client.get("/w/fellside").text.count("/w/assets/" + build) == 2
    for path in sorted(assets.FOLDER.glob("*.js")):
        if path.name not in assets.ALONE:
            assert client.get(f"/w/assets/{build}/{path.name}").status_code == 404


def test_what_cannot_be_bundled_stops_the_start() -> None:
    circle = {
        "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = 2;\n',
    }
    with pytest.raises(ValueError, match="import each other"):
        bundled(circle, "a.js")
    for unknown in ("export default 1;\n", 'import a from "./a.js";\n', "export let a = 1;\n"):
        with pytest.raises(ValueError, match="cannot be bundled"):
            bundled({"a.js": unknown}, "a.js")


def test_dropping_comments_drops_nothing_else() -> None:
    for path in sorted(assets.FOLDER.glob("*.js")):
        kept = [
            re.sub(r"/\*\* @[a-z]+ [^*]*\*/ ?", "", line).strip()
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip() and not re.match(r"\s*(?:/\*\*(?! @[a-z]+ [^*]*\*/ ?\S)|\*|//)", line)
        ]
        served = assets.lighter(path.read_text(encoding="utf-8")).splitlines()
        assert [line for line in served if line] == kept, path.name


def test_every_sentence_of_the_page_is_short() -> None:
    html = app().get("/w/fellside").text
    body = re.sub(
        r"<svg.*?</svg>|<head>.*?</head>|</?(?:bdi|b|kbd|span|a)\b[^>]*>", "", html, flags=re.S
    )
    for block in re.split(r"<[^>]*>", body):
        assert too_long(" ".join(block.split())) is None, block


@pytest.mark.parametrize("key", ["lancashire", "cumbria", "warwickshire", "durham"])
def test_every_example_service_has_its_page(key: str) -> None:
    service = load_examples()[key]
    listed = routes(
        services=lambda: {service.key: service},
        mint_frame_token=lambda *_: "t",
        public_url=PUBLIC,
        now=lambda: NOW,
        demo=True,
    )
    client = TestClient(Starlette(routes=listed), base_url=PUBLIC)
    for site in service.sites:
        html = client.get(f"/w/{site.key}").text
        assert service.line(site.line).shown in html
        for crime in service.crimes:
            assert f'value="{crime.key}"' in html
        assert client.get(f"/w/{site.key}/accent.css").status_code == 200
    assert service.name in client.get("/demo-site").text
