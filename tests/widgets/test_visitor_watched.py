"""The promises to somebody who is watched, on the product itself in a real browser.

widgets/visitor/SAFETY.md lists all twenty and names the story of each; those told elsewhere are
not told again here.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page

from tests.people import SITE
from tests.widgets.watched import CANARY, Ella, Room, ends_as

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE = {"width": 320, "height": 640}
FOUR_TIMES = {"width": 320, "height": 256}
"""1280 by 1024 at 400 %: as CSS pixels (WCAG 1.4.10)."""
OVER = """([x, y]) => { const at = document.elementFromPoint(x, y).closest('a, iframe');
    return at ? at.id || at.tagName : '' }"""
ORDER = """() => {
    const order = [];
    const watched = (owner, name) => {
        const was = owner[name];
        owner[name] = function () {
            order.push([name, document.body.innerText]);
            return was.apply(this, arguments);
        };
    };
    watched(window, 'fetch');
    watched(WebSocket.prototype, 'close');
    document.getElementById('leave').click();
    return order;
}"""


async def in_reach(ella: Ella, page: Page, width: int, height: int) -> None:
    """The exit is in view, large, and nothing lies over it."""
    box = await ella["#leave"].bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    assert min(box["width"], box["height"]) >= 44
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert await page.evaluate(OVER, middle) in ("leave", "IFRAME")


async def test_before_any_text_one_line_on_being_watched_and_no_field_is_forced(
    room: Room,
) -> None:
    """Line 1."""
    async with room.page(viewport=PHONE) as page:
        ella = await room.on_own_page(page)
        start = await ella["[data-screen=start]"].inner_text()
        assert "Can someone see this screen?" in start
        assert "Leave now" in await ella["#leave"].inner_text()
        assert await ella["[data-screen=start] a[href^='tel:']"].count() >= 1
        await ella.press("[data-screen=start] [data-go=safer]")
        assert "private window" in await ella["[data-screen=safer]"].inner_text()
        await ella.press("[data-screen=safer] [data-back]")
        assert await ella["input:visible, textarea:visible, select:visible"].count() == 0
        await ella.waits()
        assert await ella["[required]"].count() == 0
        await ella.leaves()


async def test_no_title_icon_sound_or_permission_is_asked_of_the_device(room: Room) -> None:
    """Line 3."""
    async with room.page() as page:
        await page.add_init_script(
            "window.asked = []; for (const [owner, name] of [[window, 'AudioContext'], "
            "[window, 'Audio'], [window, 'Notification'], [Navigator.prototype, 'vibrate'], "
            "[Navigator.prototype, 'share'], [HTMLMediaElement.prototype, 'play']])"
            " if (owner[name]) owner[name] = function () { asked.push(name) };"
        )
        ella = await room.on_host(page)
        icons = await page.evaluate("document.querySelectorAll('link[rel*=icon]').length")
        contact = await ella.is_answered()
        await page.evaluate("document.title = 'Fellside Trust, as it was'")
        await ella.press("#hide")
        await room.writes(contact, "are you there")
        await ella.press("#uncover")
        await ella.see(".them", "are you there")
        assert await page.title() == "Fellside Trust, as it was"
        assert await page.evaluate("document.querySelectorAll('link[rel*=icon]').length") == icons
        for frame in page.frames:
            assert await frame.evaluate("asked") == []
    async with room.page() as page:
        ella = await room.on_own_page(page)
        await ella.is_answered()
        assert await page.title() == "Page"
        assert await page.locator("link[rel=icon]").get_attribute("href") == "/w/assets/blank.png"


@pytest.mark.parametrize("size", [PHONE, FOUR_TIMES], ids=["320 px", "400 %"])
@pytest.mark.parametrize("where", ["own page", "banner"])
async def test_the_exit_is_first_and_in_reach(room: Room, size: dict[str, int], where: str) -> None:
    """Line 4, under banners that a page puts over everything."""
    async with room.page(viewport=size) as page:
        ella = await (room.on_own_page(page) if where == "own page" else room.on_host(page, where))
        if where == "banner":
            await page.locator("#more-cookies").wait_for()
        await in_reach(ella, page, size["width"], size["height"])
        await ella["body"].evaluate("body => body.focus()")
        await ella.chat.evaluate("document.activeElement.blur()")
        first = await ella.chat.evaluate(
            "Array.from(document.querySelectorAll('a[href], button, input, textarea'))"
            ".find(it => it.getClientRects().length && it.tabIndex >= 0).id"
        )
        assert first == "leave"
        await ella.is_answered()
        await ella.writes("he is here")
        await in_reach(ella, page, size["width"], size["height"])
        await ella.leaves()


async def test_the_exit_works_before_any_script_has_come(room: Room) -> None:
    """Line 4: it is a plain link until then."""
    async with room.page() as page:
        await page.route("**/*.js", lambda route: route.abort())
        await page.goto(f"{room.product}/p/{SITE.key}")
        await page.locator("#leave").click()
        await page.wait_for_url("**/elsewhere")


@pytest.mark.parametrize("where", ["own page", "plain"])
async def test_the_exit_works_offline(room: Room, where: str) -> None:
    """Line 4: nothing of the chat is left, though the neutral page cannot come."""
    async with room.page() as page:
        ella = await (room.on_own_page(page) if where == "own page" else room.on_host(page))
        await ella.is_answered()
        await ella.writes(f"he is back {CANARY}")
        await page.context.set_offline(True)
        left = page.url
        await ella.press("#leave")
        await page.wait_for_function("() => !document.querySelector('iframe, #w')")
        assert CANARY not in await page.content()
        await page.context.set_offline(False)
        assert page.url != left


async def test_keys_held_down_composed_or_used_by_a_dialog_do_not_leave(room: Room) -> None:
    """Line 5."""
    async with room.page() as page:
        ella = await room.on_host(page)
        await ella.is_answered()
        press = """([target, key, more]) => document.querySelector(target).dispatchEvent(
            new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...more}))"""
        for chat, target in ((ella.chat, "#box"), (page.main_frame, "#search")):
            for more in ({"repeat": True}, {"isComposing": True}):
                for _ in range(4):
                    await chat.evaluate(press, [target, "Escape", more])
                    await chat.evaluate(press, [target, "Shift", more])
            await chat.evaluate(
                "target => document.querySelector(target).addEventListener('keydown',"
                " event => event.key === 'Escape' && event.preventDefault())",
                target,
            )
            for _ in range(4):
                await chat.evaluate(press, [target, "Escape", {}])
            for key in ("Shift", "Escape", "Shift", "Escape", "Shift", "Escape"):
                await chat.evaluate(press, [target, key, {}])
            await chat.evaluate(press, [target, "Tab", {}])
        await ella.see("#leave", "Leave now")
        await ella.writes("still here")
        await ella["#box"].focus()
        await page.keyboard.down("Shift")
        for _ in range(3):
            await page.keyboard.down("Shift")
        await page.keyboard.up("Shift")
        await ella.writes("here still")
        assert page.url.endswith("/plain")


async def test_first_blank_then_told_then_gone(room: Room) -> None:
    """Lines 6 and 7: the order of the way out, and what is left of it on the server."""
    async with room.page() as page:
        ella = await room.on_own_page(page)
        contact = await ella.is_answered()
        await ella.writes(f"he is back {CANARY}")
        assert await room.token_of(contact) is not None
        assert await ella.chat.evaluate(ORDER) == [["close", ""], ["fetch", ""]]
        await ella.is_elsewhere()
        await ends_as(room, contact, "quick_exit")
        assert await room.token_of(contact) is None
        now = await room.house.contact(contact.id)
        assert now.visitor == "left quickly"


async def test_a_lost_exit_call_leaves_no_way_back_in(room: Room) -> None:
    """Line 7: when the exit's call is lost too, the link ends with the place that is kept."""
    async with room.page() as page:
        ella = await room.on_own_page(page)
        contact = await ella.is_answered()
        await ella.chat.evaluate(
            "() => { WebSocket.prototype.send = () => undefined;"
            " window.fetch = () => Promise.reject(new Error('no signal')) }"
        )
        await ella.press("#leave")
        await ella.is_elsewhere()

        async def unseen() -> bool:
            return (await room.house.contact(contact.id)).visitor == "lost signal"

        async def cut() -> bool:
            return await room.token_of(contact) is None

        await room.until(unseen)
        assert not await cut()
        room.house.clock.move(minutes=11)
        await room.until(cut)


async def test_nothing_typed_can_be_learned_sent_or_printed(room: Room) -> None:
    """Line 10."""
    async with room.page() as page:
        asked: list[str] = []
        page.on("request", lambda it: asked.append(it.url))
        ella = await room.on_host(page)
        await ella.is_answered()
        await ella.writes(f"not in an address {CANARY}")
        assert await ella["form"].count() == 0
        assert not [url for url in asked if CANARY in url]
        await page.emulate_media(media="print")
        shown = "getComputedStyle(document.documentElement).display"
        assert await ella.chat.evaluate(shown) == "none"


async def test_no_copy_of_the_words_is_ever_offered(room: Room) -> None:
    """Line 11: read on the screen, and nowhere else."""
    async with room.page() as page:
        ella = await room.on_own_page(page)
        contact = await ella.is_answered()
        await ella.writes("thank you")
        await room.writes(contact, "Take care.")
        await ella.see(".them", "Take care.")
        assert await ella["[download], a[href^='blob:'], a[href^='mailto:']"].count() == 0
        await ella.press("#more")
        offered = (await ella["#sheet"].inner_text()).lower()
        for word in ("transcript", "e-mail", "email", "download", "save", "print", "copy"):
            assert word not in offered


async def test_a_whole_session_asks_only_us_and_tells_nobody_where_it_came_from(
    room: Room, tmp_path: Path
) -> None:
    """Lines 13 and 14: the browser's own record of a session, and what the exit's page hears."""
    har = tmp_path / "session.har"
    async with room.page(record_har_path=har) as page:
        ella = await room.on_host(page)
        contact = await ella.is_answered()
        await ella.writes("he is back")
        await room.writes(contact, "Is it safe?")
        await ella.see(".them", "Is it safe?")
        room.charity.heard.clear()
        await ella.leaves()
    entries = json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]
    hosts = {urlsplit(entry["request"]["url"]).netloc for entry in entries}
    assert hosts == {urlsplit(room.product).netloc, urlsplit(room.charity.url).netloc}
    ours = [entry["request"] for entry in entries if room.product in entry["request"]["url"]]
    assert any("/w/" in request["url"] for request in ours)
    for request in ours:
        named = {each["name"].lower(): each["value"] for each in request["headers"]}
        assert "cookie" not in named
        if "widget.js" not in request["url"]:
            assert named.get("referer", "") == "", request["url"]
    (exit_,) = [each for each in room.charity.heard if each.url.path == "/elsewhere"]
    assert "referer" not in exit_.headers


async def test_every_link_out_says_nothing_of_where_it_stood(room: Room) -> None:
    """Line 14."""
    async with room.page() as page:
        ella = await room.on_own_page(page)
        bare = await ella.chat.evaluate(
            "Array.from(document.querySelectorAll('a[href^=http]')).filter(it =>"
            " !it.relList.contains('noreferrer') || it.referrerPolicy !== 'no-referrer')"
            ".map(it => it.href)"
        )
        assert bare == []
        assert await ella["a[href^=http]"].count() >= 2


async def test_the_limits_of_the_exit_are_told_in_words(room: Room) -> None:
    """Line 18."""
    async with room.page() as page:
        ella = await room.on_own_page(page)
        assert "cannot clear" in await ella["[data-screen=start]"].inner_text()
        await ella.press("[data-screen=start] [data-go=safer]")
        safer = await ella["[data-screen=safer]"].inner_text()
        for word in ("history", "router", "bill", "watching app"):
            assert word in safer
