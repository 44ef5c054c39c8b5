"""A watched person leaves at once, and whoever picks up the device afterwards finds nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser import open_page
from tests.widgets.line import NUMBER, ChatLine, chat_line
from tests.widgets.visitor import Visitor, on_host, on_own_page


@pytest.fixture
async def line() -> AsyncIterator[ChatLine]:
    async with chat_line() as opened:
        yield opened


async def gone(visitor: Visitor) -> None:
    """The page was replaced by the neutral one, and the server was told why."""
    await visitor.page.wait_for_url("**/elsewhere")
    await visitor.line.until(
        lambda: any(
            said["how"] == "exit" for said in (*visitor.line.of("leave"), *visitor.line.left)
        )
    )
    assert not [frame for frame in visitor.line.of("leave") if frame["how"] != "exit"]


@pytest.mark.parametrize("path", ["/plain", "/strict", "/demo-site"])
async def test_leave_now_replaces_the_host_page(page: Page, line: ChatLine, path: str) -> None:
    await page.goto(f"{line.host}/elsewhere?before")
    ella = await on_host(page, line, path)
    entries = await page.evaluate("history.length")
    await ella.talk_with()
    await ella.write("he is back")
    await ella.sent("he is back")
    await ella.press("#leave")
    await gone(ella)
    assert await page.evaluate("history.length") == entries
    await page.go_back()
    assert page.url.endswith("/elsewhere?before")


async def test_leave_now_replaces_its_own_page(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    entries = await page.evaluate("history.length")
    await ella.press("#leave")
    await gone(ella)
    assert await page.evaluate("history.length") == entries


async def test_the_screen_is_blank_before_anything_else_happens(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella.write("he is back")
    await ella["#box"].fill("and a draft")
    left = await ella.frame.evaluate(
        "() => { document.getElementById('leave').click(); "
        "return [document.body.childElementCount, document.body.innerText] }"
    )
    assert left == [0, ""]


@pytest.mark.parametrize("key", ["Shift", "Escape"])
@pytest.mark.parametrize("where", ["in the chat", "on the host page"])
async def test_a_key_pressed_three_times_leaves(
    page: Page, line: ChatLine, key: str, where: str
) -> None:
    ella = await on_host(page, line)
    await ella.talk_with()
    await (ella["#box"] if where == "in the chat" else page.get_by_label("Search")).focus()
    await page.keyboard.press(key)
    await page.keyboard.press(key)
    if where == "in the chat":
        await ella.see("#leave", f"{key} once more")
        assert await ella["#pips .on"].count() == 2
    assert page.url.endswith("/plain")
    await page.keyboard.press(key)
    await gone(ella)


async def test_capitals_and_one_escape_do_not_leave(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella["#box"].focus()
    for letter in "ABC":
        await page.keyboard.down("Shift")
        await page.keyboard.press(letter)
        await page.keyboard.up("Shift")
    await ella.press("#more")
    await page.keyboard.press("Escape")
    assert await ella["#sheet"].is_hidden()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await ella.see("#leave", "Escape once more")
    await page.keyboard.press("x")
    await ella.see("#leave", "Leave now")


async def test_three_presses_over_a_long_time_do_not_leave(page: Page, line: ChatLine) -> None:
    await page.clock.install()
    ella = await on_own_page(page, line)
    await page.keyboard.press("Shift")
    await page.keyboard.press("Shift")
    await page.clock.fast_forward(6000)
    await page.keyboard.press("Shift")
    await ella.see("#leave", "Shift twice more")


async def test_nothing_is_kept_on_the_device(page: Page, line: ChatLine) -> None:
    ella = await on_host(page, line)
    await ella.talk_with()
    await ella.write("he is back")
    await ella.sent("he is back")
    assert await page.context.cookies() == []
    assert (await page.context.storage_state())["origins"] == []
    for store in ("localStorage", "sessionStorage", "indexedDB.open('x')", "document.cookie"):
        tried = f"async () => {{ try {{ await ({store}) }} catch (no) {{ return no.name }} }}"
        assert await ella.frame.evaluate(tried) == "SecurityError", store
    kept = await page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length, document.title, history.length,"
        " Object.keys(document.documentElement.dataset).length]"
    )
    assert kept == [0, 0, "", 0, "Fellside Trust", 2, 0]


async def test_a_whole_chat_asks_nobody_else_and_gives_no_referrer(
    page: Page, line: ChatLine
) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda it: asked.append((it.url, it.headers.get("referer", ""))))
    ella = await on_host(page, line)
    await ella.talk_with()
    await ella.write("he is back")
    await ella.sent("he is back")
    ours = [url for url, _ in asked if url.startswith(line.url)]
    assert ours
    assert [url for url, _ in asked if not url.startswith((line.url, line.host))] == []
    assert [referer for url, referer in asked if url.startswith(f"{line.url}/w/") and referer] == []


async def test_the_host_page_learns_nothing(page: Page, line: ChatLine) -> None:
    ella = await on_host(page, line, opened=False)
    await page.evaluate(
        "() => { window.heard = []; addEventListener('message', e => heard.push(e.data));"
        " for (const kind of ['click', 'keydown', 'input', 'focusin'])"
        " document.addEventListener(kind, e => heard.push(kind), true) }"
    )
    await ella.press("#launch")
    await ella.see("#begin")
    await ella.talk_with()
    await ella.write("he is back")
    await ella.sent("he is back")
    heard = await page.evaluate("heard")
    assert heard == [{"frontdoor": "resize", "to": "open"}]
    assert await page.evaluate("document.querySelector('iframe').contentDocument") is None
    assert sorted(await page.evaluate("Object.keys(Frontdoor)")) == [
        "close", "exit", "open", "push", "setLanguage",
    ]  # fmt: skip


async def test_only_the_frame_may_speak_to_the_loader(page: Page, line: ChatLine) -> None:
    ella = await on_host(page, line, opened=False)
    before = await page.evaluate("document.querySelector('iframe').style.width")
    await page.evaluate(
        "() => new Promise(done => { addEventListener('message', () => setTimeout(done, 50));"
        " postMessage({frontdoor: 'resize', to: 'open'}, '*');"
        " postMessage({frontdoor: 'exit', to: 'https://evil.example'}, '*') })"
    )
    assert page.url.endswith("/plain")
    assert await page.evaluate("document.querySelector('iframe').style.width") == before
    await ella.see("#launch")


async def test_the_host_page_may_open_put_away_and_leave(page: Page, line: ChatLine) -> None:
    await page.add_init_script(
        "window.Frontdoor = window.Frontdoor || []; Frontdoor.push(['open'])"
    )
    await page.goto(f"{line.host}/plain")
    element = await page.wait_for_selector("iframe", state="attached")
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    ella = Visitor(page, frame, line)
    await ella.talk_with()
    await page.evaluate("Frontdoor.close()")
    await ella.see("#launch")
    await ella.press("#launch")
    await ella.see("[data-screen=cover]", "Paused")
    await ella.press("#uncover")
    await ella.see("#with-name", "Maya")
    await page.evaluate("Frontdoor.exit()")
    await gone(ella)


async def test_a_closed_page_is_told_apart_from_a_quick_exit(page: Page, line: ChatLine) -> None:
    ella = await on_host(page, line)
    await ella.talk_with()
    await page.goto(f"{line.host}/elsewhere")
    await line.until(lambda: line.of("leave") or line.left)
    assert {said["how"] for said in (*line.of("leave"), *line.left)} == {"closed"}


async def test_the_end_is_told_by_the_visitor_and_wipes_the_screen(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella.write("thank you")
    await ella.sent("thank you")
    await ella.press("#more")
    await ella.press("#end")
    await ella.see("[data-screen=ended] h1", "The chat has ended")
    await line.until(lambda: line.of("leave"))
    assert line.of("leave")[0]["how"] == "end"
    assert "thank you" not in await ella.frame.content()


async def test_back_from_the_browsers_memory_is_an_empty_start(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella.write("he is back")
    await ella.sent("he is back")
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert await page.evaluate("document.body.innerText") == ""
    async with page.expect_navigation():
        await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await ella.see("#begin")
    assert "he is back" not in await page.content()


async def test_covering_hides_and_ends_nothing(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella["#box"].fill("a draft")
    await page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')) }"
    )
    await ella.see("[data-screen=cover] h1", "Paused")
    await line.advisor("are you there?")
    assert await ella["#log"].is_hidden()
    assert line.of("leave") == []
    await ella.press("#uncover")
    await ella.see(".them", "are you there?")
    assert await ella["#box"].input_value() == "a draft"
    assert "there" not in await ella["#news"].inner_text()


async def test_no_timer_ends_a_live_contact(page: Page, line: ChatLine) -> None:
    await page.clock.install()
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await ella.write("before")
    await ella.sent("before")
    await page.clock.run_for(3 * 60 * 1000)
    await ella.see("[data-screen=cover] h1", "Paused")
    await page.clock.fast_forward(3 * 60 * 60 * 1000)
    await ella.press("#uncover")
    await ella.see(".me", "before")
    assert line.of("leave") == []


async def test_a_page_left_open_with_nobody_waiting_begins_anew(page: Page, line: ChatLine) -> None:
    await page.clock.install()
    ella = await on_own_page(page, line)
    await ella.press("#begin")
    await ella.press("text=Something sexual")
    async with page.expect_navigation():
        await page.clock.fast_forward(16 * 60 * 1000)
    await ella.see("#begin")
    assert await ella["[data-screen=about] input:checked"].count() == 0


async def test_paper_shows_nothing(page: Page, line: ChatLine) -> None:
    await on_own_page(page, line)
    await page.emulate_media(media="print")
    assert await page.evaluate("getComputedStyle(document.documentElement).display") == "none"


async def test_typed_words_are_not_learned_by_the_device(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    for field in await ella["textarea, input[type=text]"].all():
        assert await field.get_attribute("autocomplete") == "off"
        assert await field.get_attribute("spellcheck") == "false"
        assert await field.get_attribute("autocorrect") == "off"
    assert await ella["form"].count() == 0


async def test_without_script_the_page_still_answers(browser: Browser, line: ChatLine) -> None:
    async with open_page(browser, java_script_enabled=False) as page:
        await page.goto(f"{line.url}/p/fellside")
        await page.locator("noscript p").wait_for()
        call = page.locator("[data-screen=start] a.btn")
        assert await call.get_attribute("href") == "tel:" + NUMBER.replace(" ", "")
        start = page.locator("[data-screen=start]")
        assert await start.get_by_text("day and night").is_visible()
        assert await start.get_by_text("In danger now?").is_visible()
        assert await page.get_by_role("button", name="Start writing").is_hidden()
        await page.locator("#leave").click()
        await page.wait_for_url("**/elsewhere")


async def test_when_the_frame_does_not_come_number_and_exit_stand_alone(
    page: Page, line: ChatLine
) -> None:
    await page.clock.install()
    await page.route("**/w/fellside", lambda route: route.abort())
    await page.goto(f"{line.host}/strict")
    await page.wait_for_selector("iframe", state="attached")
    await page.clock.fast_forward(11_000)
    assert await page.get_by_role("link", name=f"Call {NUMBER}").is_visible()
    await page.get_by_role("link", name="Leave now").click()
    await page.clock.run_for(1000)
    await page.wait_for_url("**/elsewhere")


async def test_another_site_may_not_hold_the_frame(page: Page, line: ChatLine) -> None:
    answer = await page.goto(f"{line.url}/p/fellside")
    assert answer is not None
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    framed = await page.context.request.get(f"{line.url}/w/fellside")
    assert f"frame-ancestors {line.host} {line.url};" in framed.headers["content-security-policy"]
