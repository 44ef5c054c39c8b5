"""Where texts are answered it is said what a text to 999 needs; nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser import axe
from tests.widgets.desk_states import DRAWN
from tests.widgets.test_console_states import SIZES, showing

PICTURES = os.environ.get("CONSOLE_PICTURES", "")
REGISTERED = "A text to 999 works only from a phone registered for it before."


@pytest.mark.parametrize("size", SIZES)
async def test_what_999_by_text_needs_is_said_where_a_text_is_written(
    browser: Browser, size: str
) -> None:
    async with showing(browser, DRAWN["text"], viewport=SIZES[size]) as page:
        await expect(page.get_by_text(REGISTERED)).to_be_visible()
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"text-{size}.png")
        assert await axe(page) == []
    async with showing(browser, DRAWN["writing"], viewport=SIZES[size]) as page:
        await expect(page.get_by_text(REGISTERED)).to_have_count(0)
