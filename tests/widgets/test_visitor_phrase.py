"""Somebody comes in, and the visitor asks when the office is open: the chat is a page of hours, the
phrase was never sent, and the advisor knows. The phrase again brings everything back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from tests.browser import axe
from tests.widgets.line import ChatLine, chat_line
from tests.widgets.visitor import on_own_page

HOURS = "The office is open from Monday to Friday."


@pytest.fixture
async def line() -> AsyncIterator[ChatLine]:
    async with chat_line() as opened:
        yield opened


async def test_the_code_phrase_pauses_the_chat_and_brings_it_back(
    page: Page, line: ChatLine
) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with("Maya")
    await ella.write("he is on the stairs")
    await ella.sent("he is on the stairs")
    await ella.write("  when are you OPEN ")
    await ella.see("[data-screen=harmless]", HOURS)
    await ella.see("#leave-words", "Close")
    await line.until(lambda: line.of("here"))
    assert line.of("here")[-1] | {"conversation": ""} == {
        "t": "here", "conversation": "", "covered": True, "paused": True,
    }  # fmt: skip
    await line.advisor("Are you safe?")
    shown = await page.locator("body").inner_text()
    assert "stairs" not in shown
    assert "Are you safe?" not in shown
    assert "999" not in shown
    assert await axe(page) == []
    await page.fill("#question", "and on Saturday?")
    await ella.press("#ask")
    await ella.see("[data-screen=harmless]", HOURS)
    assert await page.input_value("#question") == ""
    await page.fill("#question", "When are you open?")
    await page.press("#question", "Enter")
    await ella.see(".them", "Are you safe?")
    await line.until(lambda: not line.of("here")[-1]["covered"])
    assert [frame["text"] for frame in line.of("say")] == ["he is on the stairs"]


async def test_hidden_or_cut_off_while_paused_it_stays_paused(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with("Maya")
    await ella.write("When are you open?")
    await line.until(lambda: line.of("here"))
    first = line.sockets[0]
    await first.close(1012)
    await line.until(lambda: len(line.of("here")) == 2)
    assert line.of("here")[-1]["paused"]
    await ella.see("[data-screen=harmless]", HOURS)


async def test_a_sentence_that_holds_the_phrase_is_sent(page: Page, line: ChatLine) -> None:
    ella = await on_own_page(page, line)
    await ella.talk_with("Maya")
    await ella.write("When are you open? I work nights.")
    await ella.sent("I work nights.")
    assert line.of("here") == []
