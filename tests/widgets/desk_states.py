"""Every state the desk and its pages are drawn in: the night behind it, and the way there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec.structs import replace as changed
from playwright.async_api import Page

from chat.frames import Delivered, Error, Typing
from tests.widgets import fake_call
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


async def held(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    await page.keyboard.press("Alt+1")
    await page.wait_for_selector(".band")


async def muted(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    await page.keyboard.press("Alt+2")
    await page.wait_for_selector(".band")


def sheet_by(key: str) -> Steps:
    async def steps(page: Page, desk: FakeDesk) -> None:
        await talk(page, desk)
        await page.keyboard.press(key)
        await page.wait_for_selector("dialog")

    return steps


async def adding(page: Page, desk: FakeDesk) -> None:
    await sheet_by("Alt+4")(page, desk)
    await page.get_by_role("radio", name="Polish").check()
    await page.get_by_role("button", name="Ring them in").click()


async def warm(page: Page, desk: FakeDesk) -> None:
    await sheet_by("Alt+3")(page, desk)
    await page.get_by_role("radio", name="Tom").check()
    await page.get_by_role("button", name="Speak to them first").click()
    await page.wait_for_selector(".warm")


async def ending_abuse(page: Page, desk: FakeDesk) -> None:
    await sheet_by("Alt+0")(page, desk)
    await page.get_by_role("checkbox").check()


async def silent_call(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    await page.keyboard.press("Alt+s")
    for key in ("Alt+7", "Alt+7", "Alt+8"):
        kept = await page.locator(".answers li").count()
        await page.locator(".silent .acts .btn:enabled").first.wait_for()
        await page.keyboard.press(key)
        await page.locator(".answers li").nth(kept).wait_for()


async def by_key(page: Page, desk: FakeDesk) -> None:
    await silent_call(page, desk)
    await page.get_by_role("button", name="Ask by key").click()
    await page.wait_for_selector(".band.strong")


async def own_phone(page: Page, desk: FakeDesk) -> None:
    await phone(page, desk)
    await page.get_by_role("button", name="Your phone").click()
    await page.wait_for_selector("dialog")


async def on_a_colleagues_call(page: Page, desk: FakeDesk) -> None:
    await floor(page, desk)
    await page.locator(".crew .item", has_text="Barrow. Not asked").first.click()
    await page.get_by_role("button", name="Join the call").click()
    await page.wait_for_selector(".phone.on", state="attached")
    await talk(page, desk)


async def places(page: Page, desk: FakeDesk) -> None:
    menu = page.locator(".menu summary")
    if await menu.is_visible():
        await menu.click()


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


async def queue(page: Page, desk: FakeDesk) -> None:
    await tab(page, "Waiting")


async def someone_waits(page: Page, desk: FakeDesk) -> None:
    await queue(page, desk)
    await page.locator("button[aria-haspopup]", has_text="Barrow").click()
    await page.wait_for_selector("dialog")


async def who_and_why(page: Page, desk: FakeDesk) -> None:
    await someone_waits(page, desk)
    await page.get_by_role("button", name="Who, and why?").click()
    await page.wait_for_selector(".why-not")


async def choose_break(page: Page, desk: FakeDesk) -> None:
    await queue(page, desk)
    await page.keyboard.press("Alt+b")
    await page.wait_for_selector("dialog")


async def hand_over(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    await page.keyboard.press("Alt+3")
    await page.get_by_role("radio", name="Tom").check()
    await page.fill("#pack", "He has a key to the back door. Mum is not safe either.")


async def handing(page: Page, desk: FakeDesk) -> None:
    await hand_over(page, desk)
    await page.get_by_role("button", name="Ask Tom").click()
    await page.wait_for_selector(".band")


async def not_taken_over(page: Page, desk: FakeDesk) -> None:
    await handing(page, desk)
    desk.night.with_you[0] = fake.with_you()
    await desk.tell()
    await page.wait_for_selector(".notice", state="visible")


async def floor(page: Page, desk: FakeDesk) -> None:
    await queue(page, desk)
    await page.locator(".crew summary").click()


def on_the_floor(label: str) -> Steps:
    async def steps(page: Page, desk: FakeDesk) -> None:
        await floor(page, desk)
        await page.locator(".crew .item", has_text=label).last.click()
        await page.wait_for_selector("dialog")

    return steps


async def joined(page: Page, desk: FakeDesk) -> None:
    desk.line("c-dawn", "he is at the gate again", at=fake.ago(minutes=2))
    await on_the_floor("Kendal. Stalking")(page, desk)
    await page.get_by_role("button", name="Join", exact=True).click()
    await page.wait_for_selector(".band", state="attached")
    await talk(page, desk)


async def pause_a_queue(page: Page, desk: FakeDesk) -> None:
    await on_the_floor("Penrith")(page, desk)


async def delivered(page: Page, desk: FakeDesk) -> None:
    await talk(page, desk)
    await desk.tell(Delivered("c-hannah", 5))


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


def with_helpers() -> Night:
    """An interpreter is in, and the advisor's supervisor speaks to her alone."""
    made = on_a_call("talking")()
    call = made.with_you[0].call
    assert call is not None
    low = changed(fake_call.HELEN, coaching=True)
    legs = (fake_call.CALLER, fake_call.MAYA, fake_call.POLISH, low)
    made.with_you[0] = changed(made.with_you[0], call=changed(call, legs=legs))
    return made


def too_late_to_reply() -> Night:
    night = fake.busy_night()
    said = "Their last message is more than 30 minutes old. It may not be safe now."
    night.with_you[1] = fake.texter(reply=frames.Reply(False, said))
    return night


def lost_signal() -> Night:
    night = fake.busy_night()
    night.with_you[0] = fake.with_you(visitor="lost signal")
    return night


def checking() -> Night:
    night = fake.busy_night()
    night.offers = []
    ticks = fake.because("Signed in here", no=("Are you there? Press I am here.",))
    night.you = fake.maya(state="break", checking=True, because=ticks)
    return night


def resting() -> Night:
    night = fake.busy_night()
    night.offers = []
    ticks = fake.because("Signed in here", no=("On a break. Press Back when you are ready.",))
    night.you = fake.maya(state="break", resting=True, because=ticks)
    return night


def closing() -> Night:
    night = full()
    said = "Your shift ends at 20:00. No new chats; yours stay with you."
    night.you = changed(night.you, closing=said)
    return night


def handed_to_me() -> Night:
    night = fake.busy_night()
    reason = "Tom asks you to take over. All of it is kept."
    night.offers = [fake.offered(giver="Tom", reason=reason, seconds=60,
                                 until=fake.ahead(seconds=52))]  # fmt: skip
    return night


def with_a_supervisor() -> Night:
    night = fake.busy_night()
    night.offers = []
    night.with_you[0] = fake.with_you(beside=("Helen",))
    return night


def paused() -> Night:
    night = fake.busy_night()
    until, why = fake.ahead(minutes=25), "too few people, Helen"
    night.hubs = [
        changed(hub, paused=why, paused_until=until) if hub.key == "penrith" else hub
        for hub in night.hubs
    ]
    return night


def visitor_is(visitor: str, silent: float = 0) -> Callable[[], Night]:
    """`silent` is how many minutes ago their last sign came."""

    def night() -> Night:
        made = fake.busy_night()
        made.offers = []
        since = fake.ago(minutes=silent) if silent else None
        made.with_you[0] = fake.with_you(visitor=visitor, silent_since=since)
        return made

    return night


def long_wrap_up() -> Night:
    night = fake.busy_night()
    night.offers = []
    night.with_you[2] = changed(night.with_you[2], ended_at=fake.ago(minutes=12))
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
    "lost-signal": Drawn(lost_signal, talk, shows="The place is kept for ten minutes."),
    "text": Drawn(fake.busy_night, dean, shows="Delivered"),
    "no-permit": Drawn(too_late_to_reply, dean, shows="It may not be safe now."),
    "phone-rings": Drawn(on_a_call("ringing you"), talk, shows="Pick it up, and press 1."),
    "talking": Drawn(on_a_call("talking"), talk, shows="You are talking"),
    "phone": Drawn(fake.quiet_night, phone, shows="No call"),
    "own-phone": Drawn(fake.quiet_night, own_phone, shows="Calls come to"),
    "held": Drawn(on_a_call("talking"), held, shows="They hear calm music, and nobody hears them."),
    "muted": Drawn(on_a_call("talking"), muted, shows="You hear them; they do not hear you."),
    "add": Drawn(on_a_call("talking"), adding, shows="Tell the caller first, then tick it."),
    "transfer": Drawn(on_a_call("talking"), sheet_by("Alt+3"), shows="Speak to them first"),
    "warm": Drawn(on_a_call("talking"), warm, shows="Keep the call"),
    "on-the-line": Drawn(with_helpers, sheet_by("Alt+5"), shows="Your side of the call"),
    "whispered": Drawn(with_helpers, talk, shows="Helen speaks to you alone."),
    "end-abusive": Drawn(on_a_call("talking"), ending_abuse, shows="They hear: in danger"),
    "silent-call": Drawn(on_a_call("talking"), silent_call, shows="Tap or cough once for yes"),
    "silent-keys": Drawn(on_a_call("talking"), by_key, shows="They cannot hear you now."),
    "on-a-colleagues-call": Drawn(fake.led_night, on_a_colleagues_call, shows="Leave the line"),
    "places": Drawn(fake.quiet_night, places, shows="Call-backs"),
    "ask-end": Drawn(fake.busy_night, ask_end, shows="End this chat?"),
    "wrap-up": Drawn(fake.busy_night, wrapping, shows="Only the type is needed."),
    "wrap-up-refused": Drawn(fake.busy_night, wrap_without_type, shows="Choose what it was."),
    "off-line": Drawn(fake.busy_night, lost_line, shows="The line to the desk dropped"),
    "signed-out": Drawn(fake.busy_night, signed_out, shows="You are signed out here."),
    "waits": Drawn(fake.busy_night, someone_waits, shows="Pull: take it now"),
    "waits-lead": Drawn(fake.led_night, who_and_why, shows="Not asked"),
    "checking": Drawn(checking, queue, shows="Are you there?"),
    "break": Drawn(fake.busy_night, choose_break, shows="Start the break"),
    "resting": Drawn(resting, queue, shows="Back"),
    "closing": Drawn(closing, queue, shows="No new chats; yours stay with you."),
    "hand-over": Drawn(fake.busy_night, hand_over, shows="Ask Tom"),
    "handing": Drawn(fake.busy_night, handing, shows="Tom is asked to take over."),
    "not-taken-over": Drawn(fake.busy_night, not_taken_over, shows="It is still with you."),
    "handed-to-me": Drawn(handed_to_me, queue, shows="Chat from Tom"),
    "beside": Drawn(with_a_supervisor, talk, shows="Helen joined."),
    "joined": Drawn(fake.led_night, joined, shows="You have joined."),
    "paused": Drawn(paused, queue, shows="Penrith is paused"),
    "floor": Drawn(fake.led_night, floor, shows="With colleagues"),
    "floor-held": Drawn(fake.led_night, on_the_floor("Under 18"), shows="Take over from Tom"),
    "floor-call": Drawn(fake.led_night, on_the_floor("Marek"), shows="set away"),
    "floor-seat": Drawn(fake.led_night, on_the_floor("Tom"), shows="Set Tom away"),
    "floor-hub": Drawn(fake.led_night, pause_a_queue, shows="Pause it"),
    "covered": Drawn(visitor_is("covered"), talk, shows="Screen covered"),
    "silent": Drawn(visitor_is("here", 6.3), talk, shows="Silent 6 min"),
    "delivered": Drawn(fake.busy_night, delivered, shows="Delivered"),
    "long-wrap-up": Drawn(long_wrap_up, queue, shows="wrap-up, 12 min"),
    "keys": Drawn(fake.busy_night, all_keys, shows="All keys"),
    "log": Drawn(fake.busy_night, path="/console/contacts", shows="hung up waiting"),
    "log-empty": Drawn(fake.quiet_night, path="/console/contacts", shows="No contacts match."),
    "contact": Drawn(fake.busy_night, path="/console/contacts/hannah", shows="Conversation"),
    "nothing-here": Drawn(
        fake.busy_night, path="/console/contacts/nobody", shows="Nothing here under that reference."
    ),
}
