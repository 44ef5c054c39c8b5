"""The first load on an old phone far from a mast: 400 kbit/s, 300 ms away, 4 x slower CPU."""

from __future__ import annotations

import asyncio
import os
import time

from playwright.async_api import Browser, async_playwright

from tests.bench.machine import CLIENT_CORE, KIB, SERVER_CORE, go_first, pin
from tests.bench.serving import Serving, serving
from tests.browser import chromium_path, flags

TIMES = 5
KBIT = 1_000 / 8
SLOW_LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 400 * KBIT,
    "uploadThroughput": 400 * KBIT,
}
SLOW_CPU = {"rate": 4}


def run() -> None:
    path = chromium_path()
    if path is None:
        print("NOT MEASURED, there is no Chromium")
        return
    pin(SERVER_CORE)
    with serving("SQLite") as server:
        go_first(server.pid, os.getpid())
        pin(CLIENT_CORE)
        asyncio.run(_measure(server, path))


async def _measure(server: Serving, path: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags())
        try:
            for name, address in (("framed", "/w/"), ("on its own page", "/p/")):
                taken, weight = [], 0
                for _ in range(TIMES):
                    seconds, weight = await _load(
                        browser, f"http://127.0.0.1:{server.port}{address}{server.site}"
                    )
                    taken.append(seconds)
                taken.sort()
                print(
                    f"{name:16} number and exit to be seen, and writing can begin, after "
                    f"{taken[TIMES // 2]:.2f} s (worst {taken[-1]:.2f} s), {weight / KIB:.0f} KiB"
                )
        finally:
            await browser.close()
    print("400 kbit/s, 300 ms, CPU 4 x slower, empty cache")


async def _load(browser: Browser, address: str) -> tuple[float, int]:
    """Seconds until the page can be used, and bytes over the wire."""
    context = await browser.new_context(viewport={"width": 390, "height": 780})
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    weight = 0

    def finished(event: dict[str, float]) -> None:
        nonlocal weight
        weight += int(event["encodedDataLength"])

    await devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", finished)
    await devtools.send("Network.emulateNetworkConditions", SLOW_LINE)
    await devtools.send("Emulation.setCPUThrottlingRate", SLOW_CPU)
    begun = time.perf_counter()
    await page.goto(address, wait_until="commit")
    await page.locator("#begin:visible, #launch:visible").first.wait_for()
    took = time.perf_counter() - begun
    await page.wait_for_load_state("networkidle")
    await context.close()
    return took, weight
