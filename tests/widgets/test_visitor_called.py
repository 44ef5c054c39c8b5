"""Being called, safely: asked for while waiting, promised in plain words, the place kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.browser import axe, open_page
from tests.widgets.line import NOW, ChatLine, chat_line
from tests.widgets.visitor import Visitor, on_own_page


@pytest.fixture
async def line() -> AsyncIterator[ChatLine]:
    async with chat_line() as opened:
        yield opened


async def waits(page: Page, line: ChatLine) -> Visitor:
    """Third in line, with the device's clock at ten past three."""
    await page.clock.install(time=NOW)
    ella = await on_own_page(page, line)
    await ella.find_someone()
    await line.state("waiting", place=3, minutes=[4, 9], rung=1, rungs=3)
    await ella.see("#wait-place", "You are third in line")
    return ella


async def wishes(ella: Visitor) -> dict[str, Any]:
    await ella.press("#call-me")
    await ella.line.until(lambda: ella.line.of("call_back"))
    return ella.line.of("call_back")[-1]


async def promise(line: ChatLine, wish: dict[str, Any], by: datetime) -> None:
    told = {"t": "promised", "id": wish["id"], "number_ends": "123", "by": by.isoformat()}
    await line.tell(told)


async def test_a_person_says_when_and_what_may_be_said(page: Page, line: ChatLine) -> None:
    ella = await waits(page, line)
    await ella.press("#ask-call")
    await ella.see("[data-screen=callback] h1", "When may we call you?")
    assert await ella["[name=voicemail]:checked"].get_attribute("value") == ""
    await ella["#number"].fill("07700 900123")
    await ella.press("text=In the evening, 17:00 to 21:00")
    await ella["#who-for"].fill("Sam")
    await ella["#cover-words"].fill("It is the library")
    wish = await wishes(ella)
    assert {name: value for name, value in wish.items() if name != "id"} == {
        "t": "call_back", "conversation": "c1", "number": "07700 900123", "when": "evening",
        "voicemail": False, "say": "It is the library", "who": "Sam",
    }  # fmt: skip
    await promise(line, wish, NOW + timedelta(hours=3, minutes=20))
    await ella.see("[data-screen=promised] h1", "We will call you")
    await ella.see("#promised-words", "ends in 123, before 06:30 today.")
    await ella.see("[data-screen=promised]", "we say only what you chose")
    for field in ("#number", "#who-for", "#cover-words"):
        assert await ella[field].input_value() == ""
    await ella.press("[data-screen=promised] [data-go=talk]")
    await ella.see("#wait-place", "You are third in line")
    await ella.see("#called", "before 06:30 today")
    await line.state("connected", name="Maya")
    await ella.see("#with-name", "Maya")


@pytest.mark.parametrize(
    ("hours", "words"), [(16, "before 19:10 today"), (30, "before 09:10 tomorrow"),
                         (54, "before 09:10 on 24/11")]
)  # fmt: skip
async def test_until_when_is_told_as_people_say_it(
    browser: Browser, line: ChatLine, hours: int, words: str
) -> None:
    async with open_page(browser, timezone_id="Europe/London") as page:
        ella = await waits(page, line)
        await ella.press("#ask-call")
        await ella["#number"].fill("+44 7700 900123")
        await promise(line, await wishes(ella), NOW + timedelta(hours=hours))
        await ella.see("#promised-words", words)


async def test_half_a_number_is_asked_for_again_beside_the_field(
    page: Page, line: ChatLine
) -> None:
    ella = await waits(page, line)
    await ella.press("#ask-call")
    for wrong in ("", "900123", "none of yours"):
        await ella["#number"].fill(wrong)
        await ella.press("#call-me")
        await ella.see("#number-wrong", "Write the whole number")
    assert line.of("call_back") == []
    assert await ella["#number"].get_attribute("aria-invalid") == "true"
    assert await axe(page) == []
    await ella["#number"].fill("07700 900123")
    wish = await wishes(ella)
    assert await ella["#number"].get_attribute("aria-invalid") == "false"
    await line.tell({"t": "error", "client_id": wish["id"], "code": "number", "words": "No."})
    await ella.see("#number-wrong", "Write the whole number")
    assert await ella["#number"].input_value() == "07700 900123"


async def test_a_wish_on_a_bad_line_is_asked_again_and_kept_once(
    page: Page, line: ChatLine
) -> None:
    ella = await waits(page, line)
    await ella.press("#ask-call")
    await ella["#number"].fill("07700 900123")
    first = await wishes(ella)
    await line.drop()
    await line.until(lambda: len(line.of("call_back")) > 1)
    assert line.of("call_back")[-1]["id"] == first["id"]
    await promise(line, first, NOW + timedelta(hours=1))
    await ella.see("[data-screen=promised]")


async def test_where_nobody_is_free_a_call_may_be_asked_for_too(page: Page, line: ChatLine) -> None:
    ella = await waits(page, line)
    await line.state("nobody", rung=3, rungs=3)
    await ella.see("#wait-place", "Your place is kept")
    await ella.see("#ask-call", "Be called, safely")
    assert await ella["#wait-call"].is_hidden()


async def test_whoever_answers_sees_that_the_screen_is_covered(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with("Maya")
    await ella.press("#hide")
    await ella.see("[data-screen=cover] h1", "Paused")
    await ella.press("#uncover")
    await line.until(lambda: len(line.of("here")) == 2)
    assert [frame["covered"] for frame in line.of("here")] == [True, False]


async def test_two_quiet_minutes_cover_the_screen_and_end_nothing(
    page: Page, line: ChatLine
) -> None:
    await page.clock.install()
    ella = await on_own_page(page, line)
    await ella.talk_with("Maya")
    await page.clock.run_for(130_000)
    await ella.see("[data-screen=cover]", "Nothing is lost.")
    await line.until(lambda: line.of("here"))
    await line.advisor("Take your time.")
    await page.clock.run_for(3_600_000)
    await ella.press("#uncover")
    await ella.see(".them", "Take your time.")
    assert line.of("leave") == []


async def test_under_eighteen_is_told_in_a_childs_words(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.press("#begin")
    await ella.press("[data-screen=about] [data-go=where]")
    await ella.press("#no-area")
    await ella.press("text=Yes, under 18")
    await ella.press("[data-screen=age] [data-find]")
    await line.until(lambda: line.sockets)
    await ella.see("#said", "You can talk about anything. We never ask your parents.")
    assert "life or a child" not in await ella["#said"].inner_text()
    assert await ella["input[name*=parent], input[name*=guardian]"].count() == 0
