"""The page in a real browser: ring, press, answer, text, faults; axe finds nothing."""

from __future__ import annotations

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette

from tests.browser import axe, open_page
from tests.telephony.rehearsal.conftest import Both
from tests.telephony.rehearsal.product import ADVISOR, CALLER, LINE, free_socket, served

STORY = {
    "/voice": (
        "<Say>In danger now? Call 999.</Say>"
        "<Gather numDigits='1' action='/chosen' timeout='600'><Say>Press 1.</Say></Gather>"
    ),
    "/chosen": (
        f"<Dial action='/after' timeout='600'><Number url='/whisper'>{ADVISOR}</Number></Dial>"
    ),
    "/whisper": "<Say>A caller is waiting.</Say>",
    "/after": "<Say>Goodbye.</Say>",
    "/sms": "<Message>Someone answers here soon.</Message>",
}


@pytest.fixture
def speed() -> float:
    """Slow enough for a browser to keep up."""
    return 5.0


def phone(page: Page, number: str) -> str:
    return f"[data-number='{number}']"


async def test_two_phones_meet_on_the_page(both: Both, page: Page) -> None:
    both.product.answers = dict(STORY)
    await page.goto(f"{both.exchange}/rehearsal")
    caller, advisor = page.locator(phone(page, CALLER)), page.locator(phone(page, ADVISOR))
    await expect(page.get_by_text("No real phone rings")).to_be_visible()
    assert await axe(page) == []

    await caller.get_by_role("button", name="Ring").click()
    await expect(caller.get_by_role("log")).to_contain_text("In danger now? Call 999.")
    await expect(caller.get_by_role("log")).to_contain_text("Press 1.")
    await caller.get_by_role("log").focus()
    await page.keyboard.press("1")  # keys of the keyboard are keys of the phone in focus
    await expect(advisor.get_by_text("This phone rings")).to_be_visible()
    assert await axe(page) == []

    await advisor.get_by_role("button", name="Answer").click()
    await expect(advisor.get_by_role("log")).to_contain_text("A caller is waiting.")
    await expect(caller.get_by_role("log")).to_contain_text("connected")
    assert await axe(page) == []
    await advisor.get_by_role("button", name="Lose the signal").click()
    await expect(caller.get_by_role("log")).to_contain_text("Goodbye.")
    await expect(page.get_by_role("log", name="What happens")).to_contain_text(
        "On-call phone rings"
    )


async def test_a_text_is_written_and_answered(both: Both, page: Page) -> None:
    both.product.answers = dict(STORY)
    await page.goto(f"{both.exchange}/rehearsal")
    caller = page.locator(phone(page, CALLER))
    await caller.get_by_role("button", name="Text").click()
    await page.keyboard.type("Is <b>anyone</b> there? 1")
    await caller.get_by_role("button", name="Send").click()
    texts = caller.get_by_role("log", name="Texts")
    await expect(texts).to_contain_text("Is <b>anyone</b> there? 1")
    await expect(texts).to_contain_text("Someone answers here soon.")
    assert await axe(page) == []
    await page.keyboard.press("Escape")
    await expect(caller.get_by_role("button", name="Ring")).to_be_visible()


async def test_faults_are_armed_until_they_happen(both: Both, page: Page) -> None:
    both.product.answers = dict(STORY)
    await page.goto(f"{both.exchange}/rehearsal")
    withheld = page.get_by_role("button", name="Withheld number")
    await withheld.click()
    await expect(withheld).to_have_attribute("aria-pressed", "true")
    await page.locator(phone(page, CALLER)).get_by_role("button", name="Ring").click()
    await expect(withheld).to_have_attribute("aria-pressed", "false")
    await both.product.hears("/voice", From="anonymous")
    await page.get_by_role("button", name="Advisor drops out").click()
    await expect(page.locator("#cannot")).to_contain_text("No advisor is talking")


async def test_another_handset_joins_the_table(both: Both, page: Page) -> None:
    await page.goto(f"{both.exchange}/rehearsal")
    await expect(page.locator(".set")).to_have_count(2)
    await page.get_by_role("button", name="Another handset").click()
    await expect(page.locator(".set")).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
async def test_it_fits_and_axe_finds_nothing(
    both: Both, browser: Browser, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 844}
    async with open_page(browser, viewport=size, color_scheme=scheme) as page:
        await page.goto(f"{both.exchange}/rehearsal")
        await expect(page.locator(".set")).to_have_count(2)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await axe(page) == []


async def test_the_page_comes_back_after_the_exchange_was_away(both: Both, page: Page) -> None:
    app = Starlette(routes=both.rehearsal.routes)
    with free_socket() as sock:
        port = sock.getsockname()[1]
        async with served(app, sock):
            await page.goto(f"http://127.0.0.1:{port}/rehearsal")
            await expect(page.locator(".set")).to_have_count(2)
    await expect(page.get_by_text("The exchange does not answer.")).to_be_visible()
    await both.rehearsal.add_phone(label="Third")
    with free_socket(port) as sock:
        async with served(app, sock):
            await expect(page.locator(".set")).to_have_count(3)
            await expect(page.get_by_text("The exchange does not answer.")).to_be_hidden()


class TestDoors:
    """Only the page itself may act; nonsense is refused in words."""

    async def post(self, both: Both, act: str, body: str, origin: str | None) -> httpx2.Response:
        headers = {"Content-Type": "application/json"} | ({"Origin": origin} if origin else {})
        async with httpx2.AsyncClient(base_url=both.exchange) as client:
            return await client.post(f"/rehearsal/acts/{act}", content=body, headers=headers)

    @pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example"])
    async def test_another_site_cannot_act(self, both: Both, origin: str | None) -> None:
        both.product.answers = {"/voice": "<Enqueue>q</Enqueue>"}
        body = f'{{"phone": "{CALLER}", "line": "{LINE}"}}'
        assert (await self.post(both, "ring", body, both.exchange)).status_code == 200
        assert (await self.post(both, "hang-up", body, origin)).status_code == 403
        assert both.rehearsal.state(CALLER) != "idle"

    @pytest.mark.parametrize(
        ("act", "body", "status"),
        [
            ("ring", "{", 400),
            ("ring", '{"phone": 7}', 400),
            ("ring", "[" * 20_000, 400),
            ("ring", '{"phone": "nonsense", "line": "+448081570142"}', 409),
            ("press", '{"phone": "+447700900231", "keys": "1"}', 409),
            ("shout", "{}", 404),
        ],
    )
    async def test_nonsense_is_refused(self, both: Both, act: str, body: str, status: int) -> None:
        answer = await self.post(both, act, body, both.exchange)
        assert answer.status_code == status
        assert answer.json()["words"]

    async def test_the_policy_allows_nothing_inline(self, both: Both) -> None:
        async with httpx2.AsyncClient(base_url=both.exchange) as client:
            page = await client.get("/rehearsal")
            other = await client.get("/rehearsal/acts.py")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "style=" not in page.text
        assert other.status_code == 404
