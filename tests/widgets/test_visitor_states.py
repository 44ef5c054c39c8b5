"""Every state of the chat, looked at by axe, by day and at night, from a small phone to a desk.

In each of them the exit is in sight, nothing scrolls sideways, and what is pressed is large.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page

from tests.browser import axe, open_page
from tests.widgets.line import ChatLine, chat_line
from tests.widgets.visitor import Visitor, on_host, on_own_page

Look = Callable[[str], Awaitable[None]]

PLACES = [
    pytest.param(320, 640, "light", on_own_page, id="320-light"),
    pytest.param(390, 844, "dark", on_own_page, id="390-dark"),
    pytest.param(390, 844, "light", on_host, id="390-light-embedded"),
    pytest.param(1440, 900, "dark", on_host, id="1440-dark-embedded"),
    pytest.param(1440, 900, "light", on_own_page, id="1440-light"),
]
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """() => Array.from(document.querySelectorAll(
    'a, button, .opt label, summary, textarea, .input'))
  .filter(it => it.getClientRects().length && !it.closest('p, li'))
  .map(it => [it.getBoundingClientRect(), it.id || it.textContent.trim()])
  .filter(([box]) => box.height < 44 || box.width < 44)
  .map(([box, name]) => `${name} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


@pytest.fixture
async def line() -> AsyncIterator[ChatLine]:
    async with chat_line() as opened:
        yield opened


async def before_the_first_word(ella: Visitor, look: Look) -> None:
    await look("start")
    await ella.press(".ways summary")
    await look("other ways to reach 999")
    await ella.press("[data-screen=start] [data-go=safer]")
    await look("safer ways")
    await ella.press("[data-screen=safer] [data-back]")
    await ella.press("[data-go=answers]")
    await look("who answers")
    await ella.press("[data-screen=answers] [data-back]")
    await ella.press("#begin")
    await ella.press("text=Someone close to me")
    await look("what is it about")
    await ella.press("[data-screen=about] [data-go=where]")
    await ella.press("#towns")
    await look("roughly where")
    await ella.press("[data-town=Penrith]")
    await look("under 18")


async def waiting(ella: Visitor, look: Look) -> None:
    line = ella.line
    await ella.press("[data-screen=age] [data-find]")
    await line.until(lambda: line.sockets)
    await look("finding someone")
    await line.state("waiting", place=3, minutes=[4, 9], rung=2, rungs=3)
    await ella.see("#wait-place", "You are third in line")
    await ella.see("#wait-range", "About 4 to 9 minutes.")
    await ella.see("#wait-why", "The central team is being asked now.")
    assert await ella["#arches li"].count() == 3
    await look("waiting")
    await ella.press("#ask-call")
    await ella["#number"].fill("900")
    await ella.press("#call-me")
    await look("when may we call, with half a number")
    await ella["#number"].fill("07700 900123")
    await ella.press("#call-me")
    await line.until(lambda: line.of("call_back"))
    wish = line.of("call_back")[0]["id"]
    by = "2026-11-22T06:30:00+00:00"
    await line.tell({"t": "promised", "id": wish, "number_ends": "123", "by": by})
    await ella.see("[data-screen=promised] h1", "We will call you")
    await look("we will call you")
    await ella.press("[data-screen=promised] [data-go=talk]")
    await look("waiting, and a call promised")
    await ella.press("[data-go=read]")
    await look("something to read")
    await ella.press("[data-screen=read] [data-go=talk]")
    await line.state("nobody", rung=3, rungs=3)
    await ella.see("#wait-place", "Your place is kept")
    await look("nobody")
    await ella.write("is anyone there")
    await ella.sent("is anyone there")
    await line.state("waiting", place=1, minutes=[1, 1], rung=3, rungs=3)
    await ella.see("#strip-place", "You are next")
    await look("waiting, with words sent")


async def talking(ella: Visitor, look: Look) -> None:
    line = ella.line
    await line.state("connected", name="Maya")
    await line.advisor("Hello, I’m Maya. Is it safe for you to write just now?")
    await ella.see("#with-words", "is here with you")
    await line.tell({"t": "typing", "on": True, "name": "Maya"})
    await ella.see(".typing", "Maya is writing")
    line.refuses = lambda frame: {"code": "bad_frame", "words": "Not sent."}
    await ella.write("he has my bank card")
    await ella.see(".failed", "Not sent.")
    line.refuses = lambda frame: None
    line.acks = False
    await ella.write("its been since march")
    await ella.see(".pending", "Sending")
    await look("talking, pending and not sent")
    await ella.press("#more")
    await look("more choices")
    await ella.press("#shut")
    await ella.page.keyboard.press("Shift")
    await ella.page.keyboard.press("Shift")
    await look("two shifts")
    await ella.press("#hide")
    await look("covered")
    await ella.press("#uncover")


async def losing(ella: Visitor, look: Look) -> None:
    line = ella.line
    line.shut = True
    await line.drop()
    await ella.see("#bar", "The line dropped")
    await look("reconnecting")
    line.shut, line.acks = False, True
    await line.until(lambda: line.sockets)
    await line.state("away", name="Maya", place=1)
    await ella.see("#with-name", "Maya lost the connection")
    await ella.see("#with-words", "You are now first")
    await look("advisor lost")
    await line.state("ended", how="advisor_ended")
    await ella.see("#over", "The chat has ended.")
    await look("over")
    await ella.press("#clear")
    await look("ended")


@pytest.mark.parametrize(("width", "height", "scheme", "arrive"), PLACES)
async def test_every_state_can_be_read_and_pressed_by_everyone(
    browser: Browser,
    line: ChatLine,
    width: int,
    height: int,
    scheme: str,
    arrive: Callable[[Page, ChatLine], Awaitable[Visitor]],
) -> None:
    size = {"width": width, "height": height}
    async with open_page(
        browser, viewport=size, color_scheme=scheme, reduced_motion="reduce"
    ) as page:
        ella = await arrive(page, line)

        async def look(state: str) -> None:
            assert await axe(page) == [], state
            assert not await ella.frame.evaluate(SIDEWAYS), state
            assert await ella.frame.evaluate(SMALL) == [], state
            box = await ella["#leave"].bounding_box()
            assert box is not None, state
            assert box["y"] >= 0, state
            assert box["height"] >= 48, state
            assert box["width"] >= 110, state

        await before_the_first_word(ella, look)
        await waiting(ella, look)
        await talking(ella, look)
        await losing(ella, look)


async def test_the_pill_is_read_by_axe_too(page: Page, line: ChatLine) -> None:
    await on_host(page, line, "/demo-site", opened=False)
    assert await axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_where_chat_cannot_open_all_can_read_why(
    browser: Browser, line: ChatLine, scheme: str
) -> None:
    line.shut = True
    async with open_page(browser, color_scheme=scheme) as page:
        ella = await on_own_page(page, line)
        await ella.press("#begin")
        await ella.press("[data-screen=about] [data-find]")
        await ella.see("[data-screen=blocked] h1")
        assert await axe(page) == []


async def test_the_whole_way_by_keyboard(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)

    async def focus() -> str:
        said = await page.evaluate(
            "document.activeElement.id || document.activeElement.textContent.trim()"
        )
        return str(said)

    async def tab_to(name: str) -> None:
        for _ in range(20):
            await page.keyboard.press("Tab")
            if await focus() == name:
                return
        raise AssertionError(f"Tab never reached {name}")

    await page.keyboard.press("Tab")
    assert await focus() == "leave"
    await tab_to("begin")
    await page.keyboard.press("Enter")
    assert await focus() == "h-about"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await tab_to("Next")
    await page.keyboard.press("Enter")
    assert await focus() == "h-where"
    await tab_to("area")
    await page.keyboard.type("LA9")
    await page.keyboard.press("Enter")
    assert await focus() == "h-age"
    await tab_to("Find someone")
    await page.keyboard.press("Enter")
    await line.until(lambda: line.sockets)
    await line.state("connected", name="Maya")
    await ella.see("#with-name", "Maya")
    await tab_to("box")
    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")
    await ella.sent("hello")
    assert await focus() == "box"
    assert line.of("hello")[0]["need"] == {"crime": "domestic", "area": "LA9", "age": ""}


async def test_a_new_line_is_spoken_once_and_history_is_not(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    await line.advisor("first")
    await line.advisor("second")
    await ella.see(".them", "second")
    assert await ella["#news"].inner_text() == "Maya: second"
    assert await ella["#log"].get_attribute("aria-live") == "off"


async def test_reading_back_is_not_disturbed_by_a_new_line(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with()
    for number in range(40):
        await line.advisor(f"line {number}")
    await ella.see(".them", "line 39")
    await ella["#log"].evaluate("log => { log.scrollTop = 0 }")
    await ella.frame.wait_for_function("document.getElementById('log').scrollTop === 0")
    await line.advisor("newest")
    await ella.see("#newer", "Newer")
    assert await ella["#log"].evaluate("log => log.scrollTop") == 0
    await ella.press("#newer")
    await ella.frame.wait_for_function("document.getElementById('newer').hidden")


async def test_at_four_times_the_size_exit_and_composer_stay_in_view(
    browser: Browser, line: ChatLine
) -> None:
    async with open_page(browser, viewport={"width": 320, "height": 256}) as page:
        ella = await on_own_page(page, line)
        await ella.talk_with()
        await line.advisor("Is it safe for you to write just now?")
        await ella.write("yes hes asleep")
        await ella.sent("yes hes asleep")
        for part, least in (("#leave", 48), ("#box", 48), (".me p", 40)):
            box = await ella[part].bounding_box()
            assert box is not None
            assert box["y"] >= 0
            assert box["y"] + least <= 256
        assert not await page.evaluate(SIDEWAYS)


async def test_right_to_left_turns_the_whole_chat(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with("ثنا")
    await page.evaluate("document.documentElement.dir = 'rtl'")
    await line.advisor("کیا ابھی لکھنا محفوظ ہے؟", name="ثنا")
    await ella.write("I am at PR1")
    await ella.sent("I am at PR1")
    mine = await ella[".me p"].bounding_box()
    theirs = await ella[".them p"].bounding_box()
    assert mine is not None
    assert theirs is not None
    assert mine["x"] < theirs["x"]
    assert await ella[".me p"].evaluate("it => getComputedStyle(it).direction") == "ltr"
    assert await ella[".them p"].evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert not await page.evaluate(SIDEWAYS)
