"""One advisor, one keyboard: from sign-in to wrap-up, and what must never happen on the way."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from msgspec.structs import replace as changed
from playwright.async_api import Browser, Page, expect

from chat.frames import Error, Say, Typing
from tests.browser import open_page
from tests.widgets import fake_desk as fake
from tests.widgets.desk_states import off_duty
from tests.widgets.fake_desk import EMAIL, PASSWORD, TOKEN, FakeDesk, Night, served
from widgets.console import asking, frames

FIRST_LOAD = 250_000
"""Bytes, gzipped."""
DESK: Any = {"width": 1440, "height": 900}
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>{{7*7}}"\'`${1}'


@asynccontextmanager
async def at_the_desk(browser: Browser, night: Night) -> AsyncIterator[tuple[Page, FakeDesk]]:
    async with served(night) as desk, open_page(browser, viewport=DESK) as page:
        cookie: Any = {"name": "frontdoor", "value": TOKEN, "url": desk.url}
        await page.context.add_cookies([cookie])
        await page.goto(desk.url + "/console")
        await page.wait_for_selector(".rail")
        yield page, desk


async def focused(page: Page) -> str:
    """What has the focus, as its words or its id."""
    said: str = await page.evaluate(
        "(at => at === document.body ? '' : at.id || at.innerText)(document.activeElement)"
    )
    return " ".join(said.split())


async def tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        if words in await focused(page):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to {words}")


def of_kind(desk: FakeDesk, kind: type[Any]) -> list[Any]:
    return [frame for frame in desk.heard if isinstance(frame, kind)]


async def test_a_shift_by_keyboard_alone(browser: Browser) -> None:
    night = off_duty()
    night.accepts = fake.busy_night().accepts
    async with served(night) as desk, open_page(browser, viewport=DESK) as page:
        await page.goto(desk.url + "/console")
        await tab_to(page, "email")
        await page.keyboard.type(EMAIL)
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await tab_to(page, "Sign in without going on duty")
        await page.keyboard.press("Enter")

        await page.wait_for_selector(".rail")
        await expect(page.locator("h2", has_text="You are off duty.")).to_be_visible()
        await tab_to(page, "Go on duty")
        await page.keyboard.press("Enter")
        await expect(page.locator("h2", has_text="Nobody waits.")).to_be_focused()

        night.offers = [fake.offered()]
        await desk.tell()
        await expect(page.locator("#assertive")).to_contain_text("Chat for you. Penrith")
        await page.keyboard.press("a")
        await expect(page.locator("#words")).to_be_focused()
        await page.keyboard.type("Hello, I'm Maya. Is it safe for you to write just now?")
        await page.keyboard.press("Enter")
        await expect(page.locator(".m.a small")).to_contain_text("Sent")

        await page.keyboard.press("Alt+p")
        await expect(page.locator("#words")).to_be_focused()
        await page.keyboard.type("Sounds calm.")
        await page.keyboard.press("Enter")
        await expect(page.locator(".pn")).to_contain_text("Sounds calm.")

        await page.keyboard.press("Alt+e")
        await expect(page.get_by_role("button", name="Stay with them")).to_be_focused()
        await page.keyboard.press("Escape")
        assert of_kind(desk, asking.End) == []
        await page.keyboard.press("Alt+e")
        await tab_to(page, "End the chat")
        await page.keyboard.press("Enter")

        await expect(page.locator("#wrap-support")).to_be_focused()
        await page.keyboard.press("Space")
        await tab_to(page, "wrap-outcome")
        await page.keyboard.type("Support given")
        await tab_to(page, "Keep and finish")
        await page.keyboard.press("Enter")
        await expect(page.locator("h2", has_text="Nobody waits.")).to_be_focused()

    assert [one.offer_no for one in of_kind(desk, asking.Accept)] == [1]
    [wrapped] = of_kind(desk, asking.Wrap)
    assert (wrapped.type, wrapped.outcome, wrapped.speaking) == ("support", "support_given", "")


async def test_single_keys_are_only_letters_while_somebody_writes(browser: Browser) -> None:
    async with at_the_desk(browser, fake.busy_night()) as (page, desk):
        await page.focus("#words")
        await page.keyboard.type("a dad?")
        await expect(page.locator("#words")).to_have_value("a dad?")
        assert of_kind(desk, asking.Accept) == of_kind(desk, asking.Decline) == []


async def test_a_note_is_never_a_frame_that_can_be_sent(browser: Browser) -> None:
    async with at_the_desk(browser, fake.busy_night()) as (page, desk):
        await page.keyboard.press("Alt+p")
        await page.fill("#words", "He has a key.")
        await page.keyboard.press("Enter")
        await expect(page.locator(".pn").last).to_contain_text("He has a key.")
        assert [one.text for one in of_kind(desk, asking.Keep)] == ["He has a key."]
        assert of_kind(desk, Say) == of_kind(desk, Typing) == []


async def test_a_draft_belongs_to_its_conversation_and_its_mode(browser: Browser) -> None:
    async with at_the_desk(browser, fake.busy_night()) as (page, _):
        await page.fill("#words", "for Hannah")
        await page.keyboard.press("Alt+p")
        await page.fill("#words", "about Hannah")
        await page.keyboard.press("Alt+j")
        await expect(page.locator("h2", has_text="Dean")).to_be_visible()
        await expect(page.locator("#words")).to_have_value("")
        await page.fill("#words", "for Dean")
        await page.keyboard.press("Alt+k")
        await expect(page.locator("#words")).to_have_value("about Hannah")
        await page.keyboard.press("Alt+l")
        await expect(page.locator("#words")).to_have_value("for Hannah")


async def test_words_wait_for_the_line_and_go_once(browser: Browser) -> None:
    async with at_the_desk(browser, fake.busy_night()) as (page, desk):
        desk.night.hold_acks = True
        await page.fill("#words", "I am still here.")
        await page.keyboard.press("Enter")
        await expect(page.locator(".m.pending")).to_contain_text("Sending")
        await desk.drop()
        await expect(page.locator(".gone")).to_contain_text("1 message waits here.")
        await expect(page.locator(".m.pending")).to_contain_text("Waits for the line")
        await expect(page.locator(".offer")).to_have_count(0)

        desk.night.reachable, desk.night.hold_acks = True, False
        await page.click("text=Try now")
        await expect(page.locator(".gone")).to_have_count(0)
        await expect(page.locator(".m.pending")).to_have_count(0)
        await expect(page.locator(".m", has_text="I am still here.")).to_have_count(1)
        sent = {one.client_id for one in of_kind(desk, Say)}
        assert len(sent) == 1


async def test_refused_words_come_back_to_the_box(browser: Browser) -> None:
    async with at_the_desk(browser, fake.busy_night()) as (page, desk):
        desk.night.refusals.append(Error("ended", "This chat has ended."))
        await page.fill("#words", "Are you safe?")
        await page.keyboard.press("Enter")
        await expect(page.locator(".m.failed")).to_contain_text("Not sent. This chat has ended.")
        await page.click("text=Put it back in the box")
        await expect(page.locator("#words")).to_have_value("Are you safe?")
        await expect(page.locator(".m.failed")).to_have_count(0)


async def test_words_for_somebody_who_went_to_a_colleague_are_not_lost(browser: Browser) -> None:
    async with at_the_desk(browser, fake.busy_night()) as (page, desk):
        await page.fill("#words", "Is there a number I may call?")
        desk.night.with_you = desk.night.with_you[1:]
        await desk.tell()
        notice = "Hannah is with a colleague now. Not sent: “Is there a number I may call?”"
        await expect(page.locator(".rail .notice")).to_contain_text(notice)
        await expect(page.locator("h2", has_text="Dean")).to_be_visible()


async def test_what_is_read_does_not_move(browser: Browser) -> None:
    night = fake.busy_night()
    desk = FakeDesk(night)
    for number in range(40):
        desk.line("c-hannah", f"line {number}, long enough to fill a row of the conversation")
    async with at_the_desk(browser, night) as (page, desk):
        await expect(page.locator(".stream")).to_contain_text("line 39")
        await page.evaluate("document.querySelector('.stream').scrollTop = 300")
        await expect(page.locator(".stream")).to_have_js_property("scrollTop", 300)
        await desk.tell(desk.line("c-hannah", "something new"))
        await page.click("text=1 newer")
        await expect(page.locator(".stream")).to_contain_text("something new")
        await expect(page.locator(".newer")).to_have_count(0)


async def test_a_resting_mouse_does_not_take_an_offer(browser: Browser) -> None:
    night = fake.busy_night()
    offer, night.offers = night.offers[0], []
    async with at_the_desk(browser, night) as (page, desk):
        box = await page.locator(".rail").bounding_box()
        assert box is not None
        night.offers = [changed(offer, until=fake.ahead(seconds=60))]
        await page.mouse.move(box["x"] + 80, box["y"] + 330)
        await desk.tell()
        accept = page.locator(".offer .btn.go")
        where = await accept.bounding_box()
        assert where is not None
        await accept.dispatch_event("click", {"detail": 1})
        assert of_kind(desk, asking.Accept) == []
        await page.mouse.move(where["x"] + 10, where["y"] + 10)
        await page.mouse.down()
        await page.mouse.up()
        await expect(page.locator(".offer")).to_have_count(0)
        assert len(of_kind(desk, asking.Accept)) == 1


async def test_hostile_words_stay_words_everywhere(browser: Browser) -> None:
    """`open_page` fails the test when the page breaks its policy or throws."""
    night = fake.busy_night()
    night.with_you[0] = fake.with_you(
        label=HOSTILE, need_words=HOSTILE, area_found=HOSTILE, hub_name=HOSTILE, number=HOSTILE,
        need=frames.NeedFacts(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        asked=(frames.Asked(HOSTILE, fake.ago(minutes=1), HOSTILE),),
    )  # fmt: skip
    night.offers = [fake.offered(hub_name=HOSTILE, need_words=HOSTILE, reason=HOSTILE)]
    night.waiting = [changed(one, hub_name=HOSTILE, need_words=HOSTILE) for one in night.waiting]
    night.you = changed(night.you, name=HOSTILE, first=HOSTILE, hub_name=HOSTILE)
    desk = FakeDesk(night)
    desk.line("c-hannah", HOSTILE)
    desk.line("c-hannah", HOSTILE, "line")
    desk.note("c-hannah", HOSTILE)
    async with at_the_desk(browser, night) as (page, desk):
        await expect(page.locator(".m.v", has_text=HOSTILE)).to_be_visible()
        await expect(page.locator(".pn", has_text=HOSTILE)).to_be_visible()
        await desk.tell(Error("bad", HOSTILE))
        await expect(page.locator(".notice", has_text=HOSTILE)).to_be_visible()
        assert await page.title() == "Someone is at the door. Desk, Cumbria"
        await page.goto(desk.url + "/console/contacts/hannah")
        await expect(page.locator(".m.v", has_text=HOSTILE)).to_be_visible()
        await page.goto(desk.url + "/console/contacts?hub=" + HOSTILE.replace("{", ""))
        assert await page.locator("script:not([src])").count() == 0
        assert await page.locator("img").count() == 0


async def test_the_first_load_is_light(browser: Browser) -> None:
    sizes: dict[str, int] = {}
    async with at_the_desk(browser, fake.busy_night()) as (page, desk):
        entries = await page.evaluate(
            "JSON.stringify(performance.getEntriesByType('resource').map(e => e.name))"
        )
        for address in {desk.url + "/console", *json.loads(entries)}:
            if address.endswith("/console/ticket"):
                continue
            answer = await page.request.get(address)
            sizes[address.removeprefix(desk.url)] = len(gzip.compress(await answer.body()))
    assert sum(sizes.values()) < FIRST_LOAD, sizes


async def test_without_script_the_log_and_the_way_in_work(browser: Browser) -> None:
    async with served(fake.busy_night()) as desk:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(desk.url + "/console/sign-in")
        await page.fill("#email", EMAIL)
        await page.fill("#password", PASSWORD)
        await page.click("text=Sign in without going on duty")
        await page.click("text=Contacts")
        await page.click(".contacts tbody tr:nth-child(5) a")
        await expect(page.locator(".m.v").first).to_contain_text("its hannah from last week")
        await context.close()
