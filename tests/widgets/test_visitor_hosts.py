"""The chat on the pages of others: plain, rebuilt by script, strict, under banners, tracked, broken
into. It works there, or number and exit stand; and the page learns none of the words.
"""

from __future__ import annotations

import json

import pytest

from app.cases.model import Contact
from tests.widgets.watched import CANARY, Ella, Room, ends_as

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAGES = ("plain", "app", "strict", "banner", "pixel", "hostile")


async def whole_chat(ella: Ella) -> Contact:
    """Is answered, writes and reads."""
    contact = await ella.is_answered()
    await ella.writes(f"he reads my phone {CANARY}")
    await ella.room.writes(contact, f"Is it safe to write {CANARY}?")
    await ella.see(".them", "Is it safe to write")
    return contact


@pytest.mark.parametrize("name", PAGES)
async def test_a_whole_chat_and_the_way_out(room: Room, name: str) -> None:
    async with room.page(broken=name == "hostile") as page:
        before = await page.evaluate("history.length")
        ella = await room.on_host(page, name)
        contact = await whole_chat(ella)
        assert await page.title() == "Fellside Trust"
        assert await page.evaluate("history.length") == before + 1
        await ella.leaves()
        assert await page.evaluate("history.length") == before + 1
        await ends_as(room, contact, "quick_exit")


@pytest.mark.parametrize("key", ["Shift", "Escape"])
@pytest.mark.parametrize("name", PAGES)
async def test_three_keys_on_the_host_page_leave_too(room: Room, name: str, key: str) -> None:
    async with room.page(broken=name == "hostile") as page:
        ella = await room.on_host(page, name)
        await ella.see("#begin")
        await page.locator("#search").focus()
        for _ in range(3):
            await page.keyboard.press(key)
        await ella.is_elsewhere()


async def test_another_route_and_another_body_leave_the_chat_alone(room: Room) -> None:
    async with room.page() as page:
        ella = await room.on_host(page, "app")
        await whole_chat(ella)
        await page.evaluate("go('shop')")
        await page.evaluate("go('about')")
        await ella.see(".them", CANARY)
        await ella.writes("still here")
        await page.go_back()
        await ella.see(".me", "still here")
        await ella.leaves()


async def test_a_frame_that_is_thrown_out_comes_back_empty(room: Room) -> None:
    async with room.page() as page:
        ella = await room.on_host(page, "app")
        await whole_chat(ella)
        await page.evaluate("tidy()")
        again = page.frame_locator("iframe")
        await again.locator("#launch").wait_for()
        assert CANARY not in await page.frames[-1].content()


async def test_thrown_out_again_and_again_number_and_exit_stand(room: Room) -> None:
    async with room.page() as page:
        await room.on_host(page, "app", opened=False)
        await page.evaluate(
            "() => new MutationObserver(() => document.querySelectorAll('iframe')"
            ".forEach(it => it.remove())).observe(document, {childList: true, subtree: true})"
        )
        await page.evaluate("tidy()")
        await page.get_by_role("link", name="Call").wait_for()
        await page.get_by_role("link", name="Leave now").click()
        await page.wait_for_url("**/elsewhere")


async def test_a_pixel_learns_that_a_frame_grew_and_nothing_else(room: Room) -> None:
    async with room.page() as page:
        ella = await room.on_host(page, "pixel", opened=False)
        await page.evaluate("kept.length = 0")
        await ella.press("#launch")
        await ella.see("#begin")
        await whole_chat(ella)
        kept = await page.evaluate("kept")
    assert CANARY not in json.dumps(kept)
    told = [what for kind, what in kept if kind == "message"]
    assert told == ['{"frontdoor":"resize","to":"open"}']
    changed = {what for kind, what in kept if kind == "changed"}
    assert len(changed) == 1, "the frame has two sizes, whatever is said in it"
    felt = {kind for kind, _ in kept} - {"message", "changed"}
    assert felt <= {"blur", "focus", "resize", "pointermove", "visibilitychange"}


async def test_a_hostile_page_reads_nothing_and_speaks_for_nobody(room: Room) -> None:
    async with room.page(broken=True) as page:
        ella = await room.on_host(page, "hostile")
        await whole_chat(ella)
        await page.evaluate("pry()")
        # A page may put the chat away, as it may take it out; no more than that.
        await ella.press("#launch")
        await ella.writes("are you there")
        got = json.loads(await page.evaluate("(reads = true, stringify(got))"))
        said = await ella["#log .said p"].all_inner_texts()
        assert await ella.chat.evaluate("document.images.length") == 0
    assert CANARY not in json.dumps(got)
    assert not [
        line for line in got if '"pried"' in line and "null" not in line and "undefined" not in line
    ]
    assert said[-1] == "are you there"
    assert "I am not she" not in said
