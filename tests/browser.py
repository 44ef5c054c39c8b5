"""A real Chromium for every test that asks for one, and axe to judge what it shows.

`browser` and `page` belong to one test and its event loop (Playwright's async API), so nothing
leaks from test to test. A page that breaks its own content policy, or throws, fails its test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Frame, Page, async_playwright

from tests.processes import AS_ROOT, inside_package, missing

ON_PATH = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""The shell without windows first: the same engine, and it starts three times as fast."""
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PLAYWRIGHT_FOLDERS = (
    ".cache/ms-playwright",
    "Library/Caches/ms-playwright",
    "AppData/Local/ms-playwright",
)
PLAYWRIGHT_BINARIES = (
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-*/chrome.exe",
)
REMEDY = "run `make test`, which fetches it, or set CHROMIUM_PATH"


def chromium_path() -> str | None:
    """CHROMIUM_PATH, else the one on the PATH, else Playwright's own, else None."""
    given = os.environ.get("CHROMIUM_PATH")
    if given:
        return given
    on_path = (shutil.which(name) for name in ON_PATH)
    return next((path for path in on_path if path), None) or playwrights_own()


def flags() -> list[str]:
    """So that it calls nobody, and runs where only root is."""
    return [*QUIET, "--no-sandbox"] if AS_ROOT else [*QUIET]


def playwrights_own() -> str | None:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(named)] if named else [Path.home() / folder for folder in PLAYWRIGHT_FOLDERS]
    found = [
        str(path)
        for folder in folders
        for form in PLAYWRIGHT_BINARIES
        for path in folder.glob(form)
    ]
    return max(found, default=None)


def fetch_chromium() -> None:
    """Gets a Chromium when there is none: the system's packages as root, else Playwright's."""
    if chromium_path() is not None:
        return
    if AS_ROOT and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
        for command in (
            ["apt-get", "update", "-q"],
            [*install, "chromium-headless-shell"],
            [*install, "chromium"],
        ):
            if chromium_path() is None:
                subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL)
    if chromium_path() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium of this test alone."""
    path = chromium_path()
    if path is None:
        missing("Chromium", REMEDY)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=flags())
        yield started
        await started.close()


@asynccontextmanager
async def open_page(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A page in a context of its own (`options` are Playwright's, such as viewport or locale).

    Leaving it asserts that the page threw nothing and kept its content policy.
    """
    context = await browser.new_context(**options)
    page = await context.new_page()
    complaints = watch(page)
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


def watch(page: Page) -> list[str]:
    """The list that fills with what the page threw and which policies it broke."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "TrustedScript" in message.text:
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """One page, 1440 by 900, watched as `open_page` says."""
    async with open_page(browser, viewport={"width": 1440, "height": 900}) as opened:
        yield opened


def axe_script() -> str:
    path = inside_package("axe_playwright_python", "axe.min.js")
    assert path is not None
    return path.read_text(encoding="utf-8")


async def axe(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong, one readable line for each element: `assert await axe(page) == []`.

    Every frame is judged by itself, because the visitor's frame is opaque to its neighbours.
    """
    rules = {name: {"enabled": False} for name in without}
    script = axe_script()
    return [
        line
        for frame in page.frames
        if not frame.is_detached()
        for line in await axe_in(frame, script, rules)
    ]


async def axe_in(frame: Frame, script: str, rules: dict[str, Any]) -> list[str]:
    # Without preload: axe would fetch the sheets again, which an opaque frame forbids.
    options = {
        "resultTypes": ["violations"],
        "iframes": False,
        "preload": False,
        "rules": rules,
    }
    await frame.evaluate(script)
    found = await frame.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(map(str, node['target']))}: "
        f"{node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


if __name__ == "__main__":
    fetch_chromium()
