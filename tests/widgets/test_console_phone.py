"""The strip and its cards: every act by key, the browser phone, and what is never fetched."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace as changed
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from app.guards import EVERYWHERE, STRICT
from tests.browser import open_page
from tests.widgets import fake_call
from tests.widgets import fake_desk as fake
from tests.widgets.desk_states import on_a_call, with_helpers
from tests.widgets.fake_desk import TOKEN, FakeDesk, Night, served
from tests.widgets.test_console_journey import at_the_desk, of_kind
from widgets.console import phoning, softphone

NOT_YET = ("/vendor/voice.js", "/console/ui/softphone-sdk.js", "/console/ui/softphone-table.js")
CARRIER = "wss://voice-js.roaming.twilio.com/**"


def a_call(**changes: Any) -> Night:
    night = on_a_call("talking")()
    one = night.with_you[0]
    assert one.call is not None
    night.with_you[0] = changed(one, call=changed(one.call, **changes))
    return night


async def done(page: Page, desk: FakeDesk, kind: type[Any]) -> Any:
    """The last frame of this kind, once the desk has heard one."""
    async with asyncio.timeout(10):
        while not of_kind(desk, kind):
            await page.wait_for_timeout(20)
    return of_kind(desk, kind)[-1]


# -- acts of a call, by keyboard alone ---------------------------------------------------------


async def test_hold_and_mute_go_on_and_off_and_say_what_is_true(browser: Browser) -> None:
    async with at_the_desk(browser, a_call()) as (page, desk):
        for key, kind, said in (
            ("Alt+1", phoning.Hold, "They hear calm music, and nobody hears them."),
            ("Alt+2", phoning.Mute, "You hear them; they do not hear you."),
        ):
            await page.keyboard.press(key)
            await expect(page.locator(".band")).to_contain_text(said)
            await page.keyboard.press(key)
            await expect(page.locator(".band")).to_have_count(0)
            assert [frame.on for frame in of_kind(desk, kind)] == [True, False]
        await expect(page.locator("#polite")).to_contain_text("They hear you again.")


async def test_an_interpreter_is_rung_only_once_the_caller_was_told(browser: Browser) -> None:
    async with at_the_desk(browser, a_call()) as (page, desk):
        await page.keyboard.press("Alt+4")
        await page.get_by_role("radio", name="Polish interpreters").check()
        await page.get_by_role("radio", name="A woman").check()
        await page.get_by_role("button", name="Ring them in").click()
        await expect(page.locator("dialog")).to_contain_text("Tell the caller first")
        assert of_kind(desk, phoning.AddParty) == []
        await page.get_by_role("checkbox", name="I told the caller").check()
        await page.get_by_role("button", name="Ring them in").click()
        await expect(page.locator("dialog")).to_have_count(0)
        await expect(page.locator(".on-line")).to_contain_text("Polish")
        [asked] = of_kind(desk, phoning.AddParty)
        assert (asked.kind, asked.to, asked.gender, asked.said) == (
            "interpreter", "pl", "woman", True,
        )  # fmt: skip


async def test_whoever_was_added_is_let_go_again(browser: Browser) -> None:
    async with at_the_desk(browser, with_helpers()) as (page, desk):
        await expect(page.locator(".band")).to_contain_text("Helen speaks to you alone.")
        await page.get_by_role("button", name="Let Polish go").click()
        await expect(page.locator(".on-line .left")).to_contain_text("Polish")
        assert (await done(page, desk, phoning.DropParty)).party == "p-1"
        assert await page.get_by_role("button", name="Let Helen go").count() == 0


async def test_a_warm_transfer_is_spoken_first_joined_then_left(browser: Browser) -> None:
    async with at_the_desk(browser, a_call()) as (page, desk):
        await page.keyboard.press("Alt+3")
        await page.get_by_role("radio", name="Tom").check()
        await page.get_by_role("button", name="Speak to them first").click()
        now = page.locator(".warm li[aria-current=step]")
        await expect(now).to_contain_text("Tom is rung.")
        call = fake_call.call_of(desk.night, "caller")
        legs = (*call.legs[:-1], changed(call.legs[-1], state="talking"))
        one = desk.night.with_you[0]
        desk.night.with_you[0] = changed(one, call=changed(call, legs=legs))
        await desk.tell()
        await expect(now).to_contain_text("You talk with Tom.")
        await page.get_by_role("button", name="Bring the caller in").click()
        await expect(now).to_contain_text("All three talk.")
        await page.get_by_role("button", name="Leave them to it").click()
        await expect(page.locator(".phone")).to_contain_text("No call")
        hows = [frame.how for frame in of_kind(desk, phoning.Transfer)]
        assert hows == ["begin", "join", "leave"]


async def test_a_transfer_is_taken_back_and_a_cold_one_goes_at_once(browser: Browser) -> None:
    async with at_the_desk(browser, a_call()) as (page, desk):
        await page.keyboard.press("Alt+3")
        await page.get_by_role("button", name="Speak to them first").click()
        await expect(page.locator("dialog")).to_contain_text("Choose who takes the call.")
        await page.get_by_role("radio", name="Tom").check()
        await page.get_by_role("button", name="Speak to them first").click()
        await page.get_by_role("button", name="Keep the call").click()
        await expect(page.locator(".warm")).to_have_count(0)
        await page.keyboard.press("Alt+3")
        await page.get_by_role("radio", name="Kendal First in line").check()
        await page.get_by_role("button", name="Send it there at once").click()
        await expect(page.locator(".phone")).to_contain_text("No call")
        last = of_kind(desk, phoning.Transfer)[-1]
        assert (last.how, last.hub, last.staff) == ("cold", "kendal", "")


async def test_an_abusive_call_ends_with_the_set_words(browser: Browser) -> None:
    async with at_the_desk(browser, a_call()) as (page, desk):
        await page.keyboard.press("Alt+0")
        await expect(page.get_by_role("button", name="Stay with them")).to_be_focused()
        await page.get_by_role("checkbox", name="It was abusive").check()
        await page.get_by_role("button", name="End the call").click()
        await expect(page.locator(".wrap")).to_be_visible()
        assert (await done(page, desk, phoning.EndCall)).words == "abusive"
        await expect(page.get_by_role("checkbox", name="Abusive toward staff")).to_be_checked()


async def test_a_lead_joins_whispers_and_leaves_a_colleagues_call(browser: Browser) -> None:
    async with at_the_desk(browser, fake.led_night()) as (page, desk):
        await page.locator(".crew summary").click()
        await page.locator(".crew .item", has_text="Barrow. Not asked").first.click()
        await page.get_by_role("button", name="Join the call").click()
        await expect(page.locator(".phone")).to_contain_text("Marek holds it.")
        assert await page.get_by_role("button", name="End call").count() == 0
        await page.keyboard.press("Alt+2")
        low = page.get_by_role("button", name="Heard by Marek alone")
        await expect(low).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="Leave the line").click()
        await expect(page.locator(".phone")).to_contain_text("No call")
        assert [frame.how for frame in of_kind(desk, phoning.Listen)] == [
            "join",
            "whisper",
            "leave",
        ]


# -- a caller who cannot speak -----------------------------------------------------------------


async def test_a_silent_caller_is_asked_and_each_answer_is_timed(browser: Browser) -> None:
    async with at_the_desk(browser, a_call()) as (page, desk):
        await page.keyboard.press("Alt+7")
        await page.keyboard.press("Alt+s")
        await expect(page.locator("#silent-h")).to_be_focused()
        say = page.locator(".silent .say")
        await expect(say).to_contain_text("Can you hear me?")
        await expect(say).to_contain_text("Tap or cough once for yes, twice for no.")
        await page.keyboard.press("Alt+7")
        await expect(say).to_contain_text("Is someone there with you now?")
        await page.keyboard.press("Alt+8")
        await page.get_by_label("A question of your own").fill("Is the door locked?")
        await page.keyboard.press("Enter")
        await expect(say).to_contain_text("Is the door locked?")
        await page.keyboard.press("Alt+9")
        kept = page.locator(".answers li")
        await expect(kept).to_have_count(3)
        await expect(kept.nth(2)).to_contain_text("Nothing heard")
        said = [(frame.question, frame.answer) for frame in of_kind(desk, phoning.SilentAnswer)]
        assert said == [
            ("Can you hear me?", "yes"),
            ("Is someone there with you now?", "no"),
            ("Is the door locked?", "nothing"),
        ], "and nothing before the card was open"


async def test_keys_are_asked_with_the_word_that_nobody_is_heard(browser: Browser) -> None:
    async with at_the_desk(browser, a_call()) as (page, desk):
        await page.keyboard.press("Alt+s")
        ask = page.get_by_role("button", name="Ask by key")
        await ask.click()
        await expect(
            page.get_by_role("alert").filter(has_text="They cannot hear you now.")
        ).to_be_visible()
        await expect(ask).to_be_disabled()
        one = desk.night.with_you[0]
        assert one.call is not None
        desk.night.with_you[0] = changed(one, call=changed(one.call, keys="1"))
        await desk.tell()
        await expect(page.locator(".by-key")).to_contain_text("They pressed 1.")
        await expect(page.locator(".band.strong")).to_have_count(0)


# -- the browser phone -------------------------------------------------------------------------


async def test_the_sdk_comes_only_when_the_browser_is_chosen(browser: Browser) -> None:
    fetched: list[str] = []
    async with served(fake.quiet_night()) as desk, open_page(browser) as page:
        await page.route_web_socket(CARRIER, _nobody)
        page.on("request", lambda request: fetched.append(request.url.removeprefix(desk.url)))
        cookie: Any = {"name": "frontdoor", "value": TOKEN, "url": desk.url}
        await page.context.add_cookies([cookie])
        await page.goto(desk.url + "/console")
        await page.get_by_role("button", name="Your phone").click()
        await expect(page.get_by_role("radio", name="My own phone")).to_be_checked()
        assert not [one for one in fetched if one.startswith(NOT_YET)]
        assert desk.passes == 0
        await page.get_by_role("radio", name="This browser").click()
        await expect(page.locator(".phone-state")).to_be_visible()
        async with asyncio.timeout(10):
            while "/vendor/voice.js" not in fetched:
                await page.wait_for_timeout(20)
        assert desk.passes == 1
        # Nothing is fetched from anywhere but our own pages and the carrier's one line.
        assert not [one for one in fetched if "//" in one and "127.0.0.1" not in one]


async def _nobody(line: WebSocketRoute) -> None:
    """The carrier's side, which never answers: no request of a test leaves this machine."""


async def test_a_lost_browser_phone_says_so_and_tells_the_desk(browser: Browser) -> None:
    night = fake.quiet_night()
    night.you = changed(night.you, phone=changed(fake_call.BROWSER, ready=False))
    async with served(night) as desk, open_page(browser) as page:
        await page.route("**/console/phone/token", lambda route: route.fulfill(
            status=403, json={"code": "off_shift", "words": "Your shift ended at 07:00."}
        ))  # fmt: skip
        cookie: Any = {"name": "frontdoor", "value": TOKEN, "url": desk.url}
        await page.context.add_cookies([cookie])
        await page.goto(desk.url + "/console")
        await expect(page.locator(".phone small.bad")).to_contain_text("Your shift ended at 07:00.")
        assert (await done(page, desk, phoning.Device)).ready is False


async def test_the_microphone_is_heard_and_a_ring_is_put_on_a_chosen_output(
    browser: Browser,
) -> None:
    async with at_the_desk(browser, fake.quiet_night()) as (page, _):
        await page.evaluate(
            """() => {
                const tone = new AudioContext();
                const out = tone.createMediaStreamDestination();
                const voice = tone.createOscillator();
                voice.connect(out);
                voice.start();
                navigator.mediaDevices.getUserMedia = async () => out.stream;
                navigator.mediaDevices.enumerateDevices = async () => [
                    { kind: "audioinput", deviceId: "m1", label: "USB headset" },
                    { kind: "audiooutput", deviceId: "o1", label: "Loud speaker" },
                ];
            }"""
        )
        await page.get_by_role("button", name="Your phone").click()
        await page.get_by_role("button", name="Check it").click()
        await expect(page.locator(".mic").first).to_contain_text("We hear you.", timeout=20_000)
        await page.get_by_label("Rings on").select_option(label="Loud speaker")
        kept = await page.evaluate("localStorage.getItem('frontdoor output')")
        assert kept == "o1"


# -- its door ----------------------------------------------------------------------------------


async def test_only_the_desks_page_may_listen_and_reach_the_carrier() -> None:
    cookies = {"frontdoor": TOKEN}
    async with (
        served(fake.quiet_night()) as desk,
        httpx2.AsyncClient(base_url=desk.url, cookies=cookies) as client,
    ):
        page, log = [await client.get(path) for path in ("/console", "/console/contacts")]
    policy = page.headers["content-security-policy"]
    assert f"connect-src 'self' {softphone.SIGNALS} {softphone.QUALITY};" in policy
    assert "media-src 'self' mediastream:;" in policy
    assert "script-src 'self';" in policy
    assert "microphone=(self)" in page.headers["permissions-policy"]
    assert log.headers["content-security-policy"] == STRICT
    assert log.headers["permissions-policy"] == EVERYWHERE["Permissions-Policy"]


def test_without_an_account_the_page_reaches_nobody_and_may_still_check_its_microphone() -> None:
    allowed = softphone.headers(account=False)
    assert allowed["Content-Security-Policy"] == STRICT
    assert "microphone=(self)" in allowed["Permissions-Policy"]


@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_pass_is_for_whoever_is_signed_in_and_on_shift(*, signed_in: bool) -> None:
    night = fake.quiet_night()
    night.signed_in = signed_in
    async with served(night) as desk:
        own = {"Sec-Fetch-Site": "same-origin"}
        async with httpx2.AsyncClient(
            base_url=desk.url, cookies={"frontdoor": TOKEN}, headers=own
        ) as client:
            answer = await client.post("/console/phone/token")
            night.you = changed(night.you, on_duty=False)
            off_duty = await client.post("/console/phone/token")
            elsewhere = await client.post(
                "/console/phone/token", headers={"Sec-Fetch-Site": "cross-site"}
            )
    assert elsewhere.status_code == 403
    if signed_in:
        assert answer.json()["identity"] == "u_maya"
        assert (off_duty.status_code, off_duty.json()["words"][:17]) == (403, "The browser phone")
    else:
        assert (answer.status_code, off_duty.status_code) == (401, 401)
