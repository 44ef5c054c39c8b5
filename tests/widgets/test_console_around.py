"""Around the desk, by keyboard: a pull, a break, a handing over; what one types never moves."""

from __future__ import annotations

from msgspec.structs import replace as changed
from playwright.async_api import Browser, expect

from tests.widgets import fake_desk as fake
from tests.widgets.test_console_journey import at_the_desk, of_kind
from widgets.console import asking, frames


async def test_whoever_waits_longest_is_pulled_by_two_presses(browser: Browser) -> None:
    night = fake.busy_night()
    night.offers = []
    async with at_the_desk(browser, night) as (page, desk):
        await page.keyboard.press("Alt+u")
        await expect(page.locator("dialog")).to_contain_text("Call from Barrow")
        await page.keyboard.press("Enter")
        await expect(page.locator("dialog")).to_have_count(0)
        [pulled] = of_kind(desk, asking.Pull)
        assert (pulled.contact, pulled.offer_no) == ("barrow", 0)
        await expect(page.locator("#talk-h")).to_contain_text("Visitor from Barrow")


async def test_a_break_and_back_again_by_one_key(browser: Browser) -> None:
    night = fake.busy_night()
    night.offers = []
    async with at_the_desk(browser, night) as (page, desk):
        await page.keyboard.press("Alt+b")
        await page.keyboard.press("ArrowDown")
        await page.get_by_role("button", name="Start the break").click()
        await expect(page.get_by_role("button", name="Back")).to_be_visible()
        assert [frame.reason for frame in of_kind(desk, asking.Rest)] == ["meal"]
        await page.keyboard.press("Alt+b")
        await expect(page.get_by_role("button", name="Back")).to_have_count(0)
        assert len(of_kind(desk, asking.Back)) == 1


async def test_a_break_ends_in_one_press_off_duty(browser: Browser) -> None:
    night = fake.busy_night()
    night.offers = []
    night.you = changed(night.you, state="break", resting=True)
    async with at_the_desk(browser, night) as (page, desk):
        await page.get_by_role("button", name="Go off duty").click()
        await expect(page.get_by_text("Off duty", exact=True)).to_be_visible()
        assert [frame.on for frame in of_kind(desk, asking.Duty)] == [False]


async def test_who_has_it_now_is_said_and_what_was_said_of_it_before_goes(browser: Browser) -> None:
    night = fake.busy_night()
    night.offers = []
    first, *rest = night.with_you
    night.with_you = [changed(first, handing_to="Tom", handing_until=fake.ahead(seconds=50)), *rest]
    async with at_the_desk(browser, night) as (page, desk):
        night.with_you = [first, *rest]
        await desk.tell()
        notices = page.locator(".rail .notice")
        await expect(notices).to_contain_text(["Tom did not take Hannah over."])
        night.with_you = rest
        await desk.tell(frames.Went(first.contact, "Helen"), night.desk())
        await expect(notices).to_have_text(["Hannah is with Helen now. Nothing for you to do."])


async def test_ten_minutes_of_wrap_up_are_spoken_of_once(browser: Browser) -> None:
    night = fake.busy_night()
    night.offers = []
    first, *rest = night.with_you
    night.with_you = [changed(first, state="wrapping", ended_at=fake.ago(minutes=9)), *rest]
    async with at_the_desk(browser, night) as (page, desk):
        said = page.locator("#polite p", has_text="is open for ten minutes")
        await expect(page.locator("#wrap-h")).to_be_visible()
        await expect(said).to_have_count(0)
        night.with_you = [changed(night.with_you[0], ended_at=fake.ago(minutes=10)), *rest]
        for _ in range(3):
            await desk.tell()
        await expect(page.locator(".wrap .closing")).to_contain_text("Ten minutes since it ended.")
        await expect(said).to_have_count(1)
        await expect(page.get_by_role("button", name="Keep and finish")).to_be_enabled()


async def test_are_you_there_is_said_once_and_answered_by_a_key(browser: Browser) -> None:
    night = fake.busy_night()
    night.offers = []
    async with at_the_desk(browser, night) as (page, desk):
        night.you = changed(night.you, state="break", checking=True)
        for _ in range(2):
            await desk.tell()
        await expect(page.get_by_role("button", name="I am here")).to_be_visible()
        said = page.locator("#assertive p", has_text="Are you there?")
        await expect(said).to_have_count(1)
        await page.keyboard.press("Alt+b")
        await expect(page.get_by_role("button", name="I am here")).to_have_count(0)


async def test_handing_over_keeps_a_note_and_the_draft_stays(browser: Browser) -> None:
    async with at_the_desk(browser, fake.busy_night()) as (page, desk):
        await page.fill("#words", "One moment, please.")
        await page.keyboard.press("Alt+3")
        await page.get_by_role("radio", name="Tom").check()
        await expect(page.get_by_role("radio", name="Aisha")).to_be_disabled()
        await page.fill("#pack", "He has a key.")
        await page.get_by_role("button", name="Ask Tom").click()
        await expect(page.locator(".band")).to_contain_text("Tom is asked to take over.")
        [hand] = of_kind(desk, asking.Hand)
        assert (hand.contact, hand.assignment_no, hand.staff, hand.hub) == ("hannah", 1, "tom", "")
        assert [note.text for note in of_kind(desk, asking.Keep)] == ["He has a key."]
        await expect(page.locator("#words")).to_have_value("One moment, please.")
        await page.get_by_role("button", name="I keep it").click()
        await expect(page.locator(".band")).to_have_count(0)
        await expect(page.locator(".notice")).to_have_count(0)
