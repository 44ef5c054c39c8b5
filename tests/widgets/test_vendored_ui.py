"""The vendored ui.js works under the console's strict policy, with Trusted Types required."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, Route

UI = Path(__file__).parents[2] / "widgets" / "vendor" / "ui.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html><html lang=en><title>Desk</title>
<main></main><script type=module src=/a.js></script>"""
SCRIPT = """
import {
  batch, computed, html, render, signal, useEffect, useRef, useSignal, useState,
} from "/ui.js";
const waiting = signal(20);
const double = computed(() => waiting.value * 2);
function Row({ name }) {
  const element = useRef(null);
  const [greeting, greet] = useState("Hello");
  const pressed = useSignal(0);
  useEffect(() => greet("Welcome"), []);
  return html`<li ref=${element} style=${{ color: "navy" }}>
    <button onClick=${() => pressed.value++}>${greeting} ${name}, ${pressed}</button></li>`;
}
render(html`<ul>${["Maya", "Tom"].map((name) => html`<${Row} key=${name} name=${name} />`)}</ul>
  <p>${double}</p>`, document.querySelector("main"));
batch(() => { waiting.value = 21; });
"""


async def serve(route: Route) -> None:
    name = route.request.url.rsplit("/", 1)[1]
    kind = "text/javascript" if name else "text/html"
    body = {"": PAGE, "a.js": SCRIPT, "ui.js": UI.read_text()}[name]
    headers = {"Content-Security-Policy": POLICY}
    await route.fulfill(body=body, content_type=kind, headers=headers)


async def test_components_signals_and_effects_run_under_a_strict_policy(page: Page) -> None:
    await page.route("http://desk.test/**", serve)
    await page.goto("http://desk.test/")
    await page.get_by_role("button", name="Welcome Tom, 0").click()
    await page.get_by_role("button", name="Welcome Tom, 1").wait_for()
    assert await page.get_by_role("button").count() == 2
    assert await page.locator("p").inner_text() == "42"
