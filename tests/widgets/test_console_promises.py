"""Promises due: late ones first, a number only after taking it and within its hours."""

from __future__ import annotations

import os
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, Page, expect

from app import ids
from app.audit import trail
from app.cases import acts as contacts
from app.cases import notices
from app.cases.calling import take
from app.cases.due import When
from app.cases.model import Channel
from app.cases.notices import Kind
from app.cases.promised import How
from tests.browser import axe
from tests.cases.test_promises import WISH, asked, to, wishes
from tests.house import Served
from tests.people import AISHA, ELLA, HANNAH, MAREK, MAYA, SAM
from tests.widgets.at_console import at_the_page, signed_in
from widgets.console import due, words

LIST = "/console/promises"
PICTURES = os.environ.get("CONSOLE_PICTURES", "")
NUMBER = "07700 900 123"
SIZES: dict[str, Any] = {
    "desk": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
    "small": {"width": 320, "height": 640},
}


# -- the words -----------------------------------------------------------------------------------


def test_every_part_of_the_day_every_end_and_every_way_of_coming_has_a_word() -> None:
    assert set(due.PARTS) == set(When)
    assert set(due.ENDS) == set(How)
    assert set(due.TOLD) == set(Kind)
    assert set(words.CHANNELS) == set(Channel)
    assert set(due.GONE) == {"left quickly", "closed the page", "lost signal", "ended"}


# -- without script ------------------------------------------------------------------------------


async def test_the_list_shows_late_ones_first_and_no_number(served: Served) -> None:
    evening = await asked(served)
    soon = await asked(served, replace(WISH, when="any", voicemail=True))
    to(served, 16, 30)
    served.clock.move(seconds=30)
    async with signed_in(served, MAYA) as maya:
        shown = (await maya.get(LIST)).text
    assert "Late 30 min" in shown
    assert "Any time of day, 08:00 to 21:00. A message may be left." in shown
    assert "Evening, 17:00 to 21:00. No message." in shown
    assert shown.index(soon.id) < shown.index(evening.id)
    for secret in (NUMBER, "+4477", "900123", WISH.say, WISH.who):
        assert secret not in shown


async def test_it_is_taken_called_within_the_hours_and_done(served: Served) -> None:
    promise = await asked(served)
    await served.write(contacts.visitor_is, promise.contact, "left quickly")
    async with signed_in(served, MAYA) as maya:
        early = await maya.post(f"{LIST}/{promise.id}/take")
        assert early.url.path == f"{LIST}/{promise.id}"
        assert "Not now. They asked for the evening, 17:00 to 21:00." in early.text
        assert "You may call from 17:00." in early.text
        assert "They left quickly after asking." in early.text
        assert NUMBER not in early.text

    to(served, 17, 30)
    async with signed_in(served, MAYA) as maya:
        open_ = (await maya.get(f"{LIST}/{promise.id}")).text
        assert "You may call until 21:00" in open_
        for shown in (NUMBER, WISH.say, WISH.who, WISH.agreed_words):
            assert shown in open_
        assert "Left the agreed message" not in open_, "they asked for no message"

        after = await maya.post(f"{LIST}/{promise.id}/done", data={"how": "spoke"})
        assert after.url.path == LIST
        assert "No call-back is due." in after.text
        assert (await maya.get(f"{LIST}/{promise.id}")).status_code == HTTPStatus.CONFLICT
    rows = await served.rows(sa.select(trail).where(trail.c.kind == "promised number"))
    assert [row.verb for row in rows] == ["refused", "opened"]


async def test_a_number_that_is_not_yours_is_never_on_a_page(served: Served) -> None:
    promise = await asked(served)
    to(served, 18)
    await served.write(take, await served.actor(MAYA), promise.id)
    async with signed_in(served, MAYA) as maya:
        assert NUMBER in (await maya.get(f"{LIST}/{promise.id}")).text, "else it is shown"
    for who, status in ((HANNAH, HTTPStatus.CONFLICT), (AISHA, HTTPStatus.NOT_FOUND)):
        async with signed_in(served, who) as other:
            answer = await other.get(f"{LIST}/{promise.id}")
        assert answer.status_code == status
        assert NUMBER not in answer.text


async def test_who_comes_second_is_told_so_and_sees_the_list(served: Served) -> None:
    promise = await asked(served)
    await served.write(take, await served.actor(HANNAH), promise.id)
    async with signed_in(served, MAYA) as maya:
        answer = await maya.post(f"{LIST}/{promise.id}/take")
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "A colleague took it first" in answer.text
        assert "Hannah has it" in answer.text
        for act, form in (("done", {"how": "spoke"}), ("done", {"how": "?"}), ("give-back", {})):
            refused = await maya.post(f"{LIST}/{promise.id}/{act}", data=form)
            assert refused.status_code in (HTTPStatus.CONFLICT, HTTPStatus.BAD_REQUEST)


async def test_it_is_given_back_for_others_to_take(served: Served) -> None:
    promise = await asked(served)
    async with signed_in(served, MAYA) as maya:
        await maya.post(f"{LIST}/{promise.id}/take")
        assert "You have it" in (await maya.get(LIST)).text
        assert "Nobody yet" in (await maya.post(f"{LIST}/{promise.id}/give-back")).text


@pytest.mark.parametrize("path", [LIST, f"{LIST}/one", f"{LIST}/now", f"{LIST}/news"])
async def test_nobody_signed_out_sees_anything(served: Served, path: str) -> None:
    async with signed_in(served, MAYA) as maya:
        maya.cookies.clear()
        answer = await maya.get(path)
        assert answer.url.path == "/console/sign-in" or answer.status_code == 401
        for act in ("take", "give-back", "done"):
            assert (await maya.post(f"{LIST}/one/{act}")).url.path == "/console/sign-in"


async def test_a_volunteer_has_a_list_of_their_own_contacts_alone(served: Served) -> None:
    await wishes(served, await served.arrives(ELLA.near("workington")))
    async with signed_in(served, MAREK) as marek:
        assert "No call-back is due." in (await marek.get(LIST)).text


async def test_a_lead_sees_what_a_lead_must_see_until_it_was_seen(served: Served) -> None:
    ella = await served.arrives(ELLA)
    await served.write(
        notices.tell, None, "cumbria", ella.hub, Kind.CHILD_ANSWERED, ella.id,
        (await served.actor(MAYA)).staff,
    )  # fmt: skip
    async with signed_in(served, MAYA) as maya:
        assert "For you as lead" not in (await maya.get(LIST)).text
    async with signed_in(served, HANNAH) as hannah:
        shown = (await hannah.get(LIST)).text
        assert "Someone under 18 went to an adult seat" in shown
        assert f"/console/contacts/{ella.id}" in shown
        assert "Maya" in shown
        (notice,) = await served.read(notices.open_notices, await served.actor(HANNAH))
        after = await hannah.post(f"/console/notices/{notice.id}/seen")
        assert (after.url.path, "For you as lead" in after.text) == (LIST, False)
        again = await hannah.post(f"/console/notices/{ids.new()}/seen")
        assert again.status_code == HTTPStatus.NOT_FOUND


# -- in a browser --------------------------------------------------------------------------------


async def focused(page: Page) -> str:
    said: str = await page.evaluate("document.activeElement.id")
    return said


async def test_a_call_back_by_keyboard_alone(served: Served, browser: Browser) -> None:
    promise = await asked(served)
    to(served, 18)
    async with at_the_page(browser, served, MAYA, LIST) as page:
        await page.focus(f"#take-{promise.id}")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="You may call until 21:00")).to_be_visible()
        await expect(page.get_by_role("link", name=NUMBER)).to_be_visible()
        await page.get_by_text("Somebody else answered", exact=True).focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("No call-back is due.")).to_be_visible()
    (row,) = await served.rows(sa.select(trail).where(trail.c.verb == "kept"))
    assert (row.object_id, row.why) == (promise.id, "someone_else")


async def test_the_list_moves_by_itself_and_the_focus_stays(
    served: Served, browser: Browser
) -> None:
    first = await asked(served)
    async with at_the_page(browser, served, MAYA, LIST) as page:
        await page.focus(f"#take-{first.id}")
        async with page.expect_response(f"**{LIST}/now"):
            second = await asked(served, replace(WISH, number="+447700900456", when="any"))
        await expect(page.locator(f"#take-{second.id}")).to_be_visible()
        assert await focused(page) == f"take-{first.id}"
        await expect(page.locator("#news")).to_have_text("2 call-backs, 0 late.")
        await served.write(take, await served.actor(HANNAH), second.id)
        await expect(page.get_by_text("Hannah has it")).to_be_visible()


async def test_a_number_goes_when_its_hours_are_over(served: Served, browser: Browser) -> None:
    promise = await asked(served)
    await served.write(take, await served.actor(MAYA), promise.id)
    to(served, 20, 59)
    served.clock.move(seconds=58)
    async with at_the_page(browser, served, MAYA, f"{LIST}/{promise.id}") as page:
        await expect(page.get_by_role("heading", name="Their hours are over")).to_be_focused()
        await expect(page.get_by_text(NUMBER)).to_have_count(0)
        await page.get_by_role("link", name="See when you may call").click()
        await expect(page.get_by_text("You may call from tomorrow 17:00.")).to_be_visible()


async def states(served: Served) -> list[tuple[str, str]]:
    """Name and path of each state, as Hannah sees it, at 18:00."""
    late = await asked(served, replace(WISH, when="any", voicemail=True))
    await served.write(contacts.visitor_is, late.contact, "left quickly")
    morning = await asked(served, replace(WISH, when="morning"))
    mine, held = await asked(served), await wishes(served, await served.arrives(SAM))
    hannah, maya = await served.actor(HANNAH), await served.actor(MAYA)
    for promise in (mine, morning):
        await served.write(take, hannah, promise.id)
    await served.write(take, maya, held.id)
    await served.write(notices.tell, None, "cumbria", "penrith", Kind.CHILD_ANSWERED, late.contact)
    await served.write(notices.tell, None, "cumbria", "central", Kind.NO_COVER)
    to(served, 18)
    return [
        ("list", LIST),
        ("call", f"{LIST}/{mine.id}"),
        ("refusal", f"{LIST}/{morning.id}"),
        ("gone", f"{LIST}/{late.id}"),
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    served: Served, browser: Browser, size: str
) -> None:
    found: dict[str, list[str]] = {}
    drawn = [("empty", LIST), *await states(served)]
    async with at_the_page(browser, served, AISHA, LIST, viewport=SIZES[size]) as empty:
        await expect(empty.get_by_text("No call-back is due.")).to_be_visible()
        found["empty"] = await axe(empty)
    async with at_the_page(browser, served, HANNAH, LIST, viewport=SIZES[size]) as page:
        for name, path in drawn[1:]:
            await page.goto(served.house.ground.settings.console_url + path)
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if PICTURES:
                    picture = Path(PICTURES) / f"promises-{name}-{size}-{scheme}.png"
                    await page.screenshot(path=picture, full_page=True)
                found[f"{name}, {scheme}"] = await axe(page)
            wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} scrolls sideways by {wide} px"
    assert {where: said for where, said in found.items() if said} == {}
