"""A pixel on the host page is told to the line, by kind alone; and its site may close the frame."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.cases import notices, trackers
from app.cases.tables import trackers as tracker_table
from tests.people import CUMBRIA, HANNAH, SITE
from tests.widgets.watched import Room
from widgets.console import due, sites

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def kinds(room: Room) -> list[str]:
    rows = await room.house.rows(sa.select(tracker_table.c.kind).order_by(tracker_table.c.kind))
    return [row.kind for row in rows]


async def test_a_lead_is_told_of_a_pixel_once_and_of_no_visitor(room: Room) -> None:
    asked: list[str | None] = []
    async with room.page() as page:
        page.on("request", lambda it: asked.append(it.post_data) if "/seen" in it.url else None)
        await room.on_host(page, "pixel", opened=False)
        await room.until(lambda: kinds(room))
        await page.reload()
        await room.on_host(page, "pixel", opened=False)
    assert await kinds(room) == ["facebook", "google"]
    assert set(asked) == {"facebook", "google"}
    hannah = await room.house.actor(HANNAH)
    seen = await room.house.read(notices.open_notices, hannah)
    assert [notice.kind for notice in seen] == [notices.Kind.TRACKER]
    running = await room.house.read(trackers.running, CUMBRIA.key)
    assert {(one.site, one.words) for one in running} == {
        (SITE.key, "Facebook pixel"),
        (SITE.key, "Google Analytics or Tag Manager"),
    }
    told = due.told(seen[0], CUMBRIA, {}, room.house.clock.now())
    assert told.words == "A tracker runs on a page with the chat"
    assert (told.link, told.opens) == ("/console/sites", "the websites")
    shown = sites.shown(SITE, CUMBRIA, room.product, running)
    assert shown.seen == ("Facebook pixel", "Google Analytics or Tag Manager")


async def test_a_page_without_pixels_raises_no_alarm(room: Room) -> None:
    asked: list[str] = []
    async with room.page() as page:
        page.on("request", lambda it: asked.append(it.url))
        await room.on_host(page, "plain", opened=False)
        await page.wait_for_load_state("networkidle")
    assert asked
    assert not [url for url in asked if "/seen" in url or "/door" in url]


async def test_the_site_may_choose_its_own_page_where_pixels_run(room: Room) -> None:
    await room.site("own-page")
    try:
        async with room.page() as page:
            ella = await room.on_host(page, "pixel", opened=False)
            await ella.chat.wait_for_url("**/door")
            assert await page.evaluate("history.length") == 2
            await page.evaluate("kept.length = 0; Frontdoor.open()")
            assert await ella["#begin"].count() == 0
            heard = await page.evaluate(
                "kept.filter(([kind]) => /click|pointerdown|key/.test(kind))"
            )
            assert heard == []
            await ella.press("#launch")
            await page.wait_for_url(f"{room.product}/p/{SITE.key}/en")
            await page.locator("#begin").wait_for()
        async with room.page() as page:
            ella = await room.on_host(page, "plain")
            await ella.see("#begin")
    finally:
        await room.site("tell")


async def test_forged_alarms_cost_nothing_and_answer_nothing(room: Room) -> None:
    before = await kinds(room)
    async with room.page() as page:
        for path, body in (
            (f"/w/{SITE.key}/seen", "keylogger"),
            (f"/w/{SITE.key}/seen", "<script>alert(1)</script>" * 1000),
            (f"/w/{SITE.key}/seen", "faceb\u00f8\u00f8k"),
            ("/w/nobody/seen", "facebook"),
            *[(f"/w/{SITE.key}/seen", "facebook")] * 20,
        ):
            answer = await page.request.post(room.product + path, data=body)
            assert (answer.status, await answer.body()) == (204, b"")
    assert await kinds(room) == before
