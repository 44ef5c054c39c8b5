"""Every state the desk and its pages are drawn in: the night behind it, and the way there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec.structs import replace as changed
from playwright.async_api import Page

from chat.frames import Error, Typing
from tests.widgets import fake_desk as fake
from tests.widgets.fake_desk import FakeDesk, Night
from widgets.console import frames

Steps = Callable[[Page, FakeDesk], Awaitable[None]]


async def stay(page: Page, desk: FakeDesk) -> None:
    pass


@dataclass(frozen=True)
class Drawn:
    night: Callable[[], Night]
    steps: Steps = stay
    path: str = "/console"
    shows: str = ""
    """Words that must be in sight, so that a state which is not there cannot pass."""
    signed_in: bool = True


async def tab(page: Page, name: str) -> None:
    """On a phone the parts of the desk are tabs; on a desk all are in sight."""
    one = page.locator(".tabs button", has_text=name)
    if await one.is_visible():
        await one.click()


async def choose(page: Page, label: str) -> None:
    await tab(page, "Waiting")
    await page.locator(".item", has_text=label).first.click()


async def talk(page: Page, desk: FakeDesk) -> None:
    await tab(page, "Talk")


async def about(page: Page, desk: FakeDesk) -> None:
    await tab(page, "About")


async def phone(page: Page, desk: FakeDesk) -> None:
    await tab(page, "Phone")


async def writing(page: Page, desk: FakeDesk) -> None:
    """Words on their way, words in the box, and the visitor writes too."""
    await talk(page, desk)
    desk.night.hold_acks = True
    await page.fill("#words", "Thank you for telling me. Please keep that note.")
    await page.keyboard.press("Enter")
    await page.fill("#words", "Is your mum somewhere he could not get to tonight?")
    await desk.tell(Typing("c-hannah", True))


async def not_sent(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    desk.night.refusals.append(Error("not_yours", "This conversation is not with you any more."))
    await page.fill("#words", "I am still here.")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".m.failed")


async def note(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    await page.click("#mode-note")
    await page.fill("#words", "Ask Ewa about the council tomorrow.")


async def lost_line(page: Page, desk: FakeDesk) -> None:
    await writing(page, desk)
    await desk.drop()
    await page.wait_for_selector(".gone")


async def signed_out(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    desk.night.signed_in = False
    for ws in list(desk.sockets):
        await ws.close(1001)
    await page.wait_for_selector("text=You are signed out here.")


async def lapsed(page: Page, desk: FakeDesk) -> None:
    [offer] = desk.night.offers
    desk.night.offers = [changed(offer, until=fake.ago(seconds=0))]
    await desk.tell()
    desk.night.offers = []
    desk.night.waiting = [
        changed(one, offered_to="Tom") if one.contact == "penrith" else one
        for one in desk.night.waiting
    ]
    await desk.tell()
    await page.wait_for_selector(".notice", state="visible")


async def taken(page: Page, desk: FakeDesk) -> None:
    desk.night.refusals.append(Error("stale", "Tom took it first. Nothing for you to do."))
    await page.locator(".btn:visible", has_text="Accept").first.click()
    await page.wait_for_selector(".notice", state="visible")


async def wrapping(page: Page, desk: FakeDesk) -> None:
    await choose(page, "No name given")
    await page.wait_for_selector(".wrap")


async def wrap_without_type(page: Page, desk: FakeDesk) -> None:
    await wrapping(page, desk)
    await page.click("text=Keep and finish")


async def ask_end(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    await page.keyboard.press("Alt+e")
    await page.wait_for_selector("dialog")


async def all_keys(page: Page, desk: FakeDesk) -> None:
    await page.keyboard.press("?")
    await page.wait_for_selector("dialog")


async def dean(page: Page, desk: FakeDesk) -> None:
    await choose(page, "Dean")
    await desk.tell(frames.Delivery("c-dean", 2, "delivered"))


async def wrong_password(page: Page, desk: FakeDesk) -> None:
    await page.fill("#email", fake.EMAIL)
    await page.fill("#password", "not this one, surely")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".err")


async def nothing_typed(page: Page, desk: FakeDesk) -> None:
    await page.click("text=Sign in and go on duty")
    await page.wait_for_selector(".err")


async def sign_out(page: Page, desk: FakeDesk) -> None:
    await page.locator("button:visible", has_text="Sign out").click()
    await page.wait_for_selector("dialog")


def demo() -> Night:
    night = fake.quiet_night()
    night.sign_ins = [
        ("maya@cumbria.example", "Maya, advisor, Penrith and Eden"),
        ("hannah@cumbria.example", "Hannah, hub lead, Cumbria central"),
    ]
    return night


def off_duty() -> Night:
    night = fake.quiet_night()
    ticks = fake.because("Signed in here", no=("Not on duty. Press Go on duty.",))
    night.you = changed(night.you, on_duty=False, state="offline", because=ticks)
    return night


def full() -> Night:
    night = fake.busy_night()
    night.offers = []
    ticks = fake.because("On duty", "Signed in here", "Seen 3 s ago", no=("2 of 2 places used",))
    night.you = fake.maya(state="busy", load=2, because=ticks)
    return night


def on_a_call(state: str) -> Callable[[], Night]:
    def night() -> Night:
        made = full()
        made.with_you.insert(0, fake.caller(state))
        return made

    return night


def too_late_to_reply() -> Night:
    night = fake.busy_night()
    said = "Their last message is more than 30 minutes old. It may not be safe now."
    night.with_you[1] = fake.texter(reply=frames.Reply(False, said))
    return night


def lost_signal() -> Night:
    night = fake.busy_night()
    night.with_you[0] = fake.with_you(visitor="lost signal")
    return night


DRAWN: dict[str, Drawn] = {
    "sign-in": Drawn(
        fake.quiet_night, path="/console/sign-in", signed_in=False, shows="Sign in to your desk"
    ),
    "sign-in-demo": Drawn(
        demo, path="/console/sign-in", signed_in=False, shows="Invented people who may sign in"
    ),
    "sign-out": Drawn(fake.busy_night, sign_out, shows="3 people are still with you."),
    "about-nobody": Drawn(fake.quiet_night, about, shows="Nobody"),
    "sign-in-refused": Drawn(
        fake.quiet_night, wrong_password, "/console/sign-in", "That did not match.", False
    ),
    "sign-in-empty": Drawn(
        fake.quiet_night, nothing_typed, "/console/sign-in", "Something is missing.", False
    ),
    "first-minute": Drawn(off_duty, talk, shows="Go on duty"),
    "nobody-waits": Drawn(fake.quiet_night, shows="Nobody waits. Last contact"),
    "offer": Drawn(fake.busy_night, shows="Chat for you"),
    "lapsed": Drawn(fake.busy_night, lapsed, shows="went to Tom after 20 s. Are you there?"),
    "taken": Drawn(fake.busy_night, taken, shows="Tom took it first. Nothing for you to do."),
    "writing": Drawn(fake.busy_night, writing, shows="Hannah is writing"),
    "not-sent": Drawn(fake.busy_night, not_sent, shows="Not sent."),
    "note": Drawn(fake.busy_night, note, shows="Private note"),
    "about": Drawn(fake.busy_night, about, shows="Ask before you ring."),
    "places-used": Drawn(full, shows="2 of 2 places used"),
    "lost-signal": Drawn(lost_signal, talk, shows="The signal dropped."),
    "text": Drawn(fake.busy_night, dean, shows="Delivered"),
    "no-permit": Drawn(too_late_to_reply, dean, shows="It may not be safe now."),
    "phone-rings": Drawn(on_a_call("ringing you"), talk, shows="Pick it up, and press 1."),
    "talking": Drawn(on_a_call("talking"), talk, shows="You are talking"),
    "phone": Drawn(fake.quiet_night, phone, shows="No call"),
    "ask-end": Drawn(fake.busy_night, ask_end, shows="End this chat?"),
    "wrap-up": Drawn(fake.busy_night, wrapping, shows="Only the type is needed."),
    "wrap-up-refused": Drawn(fake.busy_night, wrap_without_type, shows="Choose what it was."),
    "off-line": Drawn(fake.busy_night, lost_line, shows="The line to the desk dropped"),
    "signed-out": Drawn(fake.busy_night, signed_out, shows="You are signed out here."),
    "keys": Drawn(fake.busy_night, all_keys, shows="All keys"),
    "log": Drawn(fake.busy_night, path="/console/contacts", shows="hung up waiting"),
    "log-empty": Drawn(fake.quiet_night, path="/console/contacts", shows="No contacts match."),
    "contact": Drawn(fake.busy_night, path="/console/contacts/hannah", shows="Conversation"),
    "nothing-here": Drawn(
        fake.busy_night, path="/console/contacts/nobody", shows="Nothing here under that reference."
    ),
}
