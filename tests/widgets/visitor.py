"""A visitor at a browser: the presses and looks that the stories are told in."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Frame, Locator, Page

from tests.widgets.line import ChatLine


@dataclass
class Visitor:
    """`frame` is the chat's own document, inside a host page or on a page of its own."""

    page: Page
    frame: Frame
    line: ChatLine

    def __getitem__(self, selector: str) -> Locator:
        return self.frame.locator(selector)

    async def press(self, selector: str) -> None:
        await self.frame.locator(selector).click()

    async def see(self, selector: str, words: str = "") -> None:
        """Waits until it is in sight, and holds these words."""
        await self.frame.locator(selector).filter(has_text=words).first.wait_for()

    async def find_someone(self) -> None:
        """Skips every question, and waits for the line to open."""
        await self.press("#begin")
        await self.press("[data-screen=about] [data-find]")
        await self.line.until(lambda: self.line.sockets)

    async def write(self, words: str) -> None:
        await self.frame.fill("#box", words)
        await self.press("#send")

    async def sent(self, words: str) -> None:
        await self.see(".me:not(.pending):not(.failed)", words)

    async def log(self) -> list[str]:
        """What stands in the log, in the order in which it is read."""
        return await self.frame.locator(".said p").all_inner_texts()

    async def talk_with(self, name: str = "Maya") -> None:
        await self.find_someone()
        await self.line.state("connected", name=name)
        await self.see("#with-name", name)


async def on_own_page(page: Page, line: ChatLine) -> Visitor:
    await page.goto(f"{line.url}/p/fellside")
    visitor = Visitor(page, page.main_frame, line)
    await visitor.see("#begin")
    return visitor


async def on_host(
    page: Page, line: ChatLine, path: str = "/plain", *, opened: bool = True
) -> Visitor:
    """On the charity's page, with the pill pressed."""
    await page.goto(f"{line.host}{path}")
    element = await page.wait_for_selector("iframe", state="attached")
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    visitor = Visitor(page, frame, line)
    await visitor.see("#launch")
    if opened:
        await visitor.press("#launch")
        await visitor.see("#begin")
    return visitor
