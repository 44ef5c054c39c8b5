"""A message on the console: seen by who may, heard with a trail, taken, and answered."""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser

from app.audit import trail
from app.cases import voicemails
from app.cases.tables import promises
from app.cases.voicemails import Answered
from tests.browser import axe
from tests.cases.test_promises import asked, to
from tests.cases.test_voicemails import SOUND, message, rang
from tests.house import Served
from tests.people import AISHA, HANNAH, MAYA
from tests.widgets.at_console import at_the_page, signed_in
from tests.widgets.test_console_promises import SIZES
from widgets.console.voicemails import ENDS

LIST = "/console/promises"
ROOT = "/console/voicemails"
PICTURES = os.environ.get("CONSOLE_PICTURES", "")


def test_every_answer_has_its_words() -> None:
    assert set(ENDS) == set(Answered)


async def test_it_stands_on_the_list_with_its_time_and_is_played_with_a_trail(
    served: Served,
) -> None:
    id_ = await message(served, await rang(served))
    async with signed_in(served, MAYA) as maya:
        shown = (await maya.get(LIST)).text
        assert f"{ROOT}/{id_}" in shown
        assert "Do not ring them back." in shown
        assert "0:12 long" in shown
        early = await maya.get(f"{ROOT}/{id_}/sound")
        assert early.status_code == HTTPStatus.NOT_FOUND, "it is not here yet"
        assert "still on its way" in (await maya.get(f"{ROOT}/{id_}")).text
        await served.write(voicemails.keep, served.keyring, id_, SOUND)
        heard = await maya.get(f"{ROOT}/{id_}/sound")
        assert (heard.content, heard.headers["content-type"]) == (SOUND, "audio/wav")
        assert heard.headers["cache-control"] == "no-store"
    rows = await served.rows(sa.select(trail).where(trail.c.verb == "played"))
    assert [row.object_id for row in rows] == [id_]


async def test_it_is_nobody_s_but_the_hub_s_and_nobody_signed_out_hears_it(
    served: Served,
) -> None:
    id_ = await message(served, await rang(served))
    await served.write(voicemails.keep, served.keyring, id_, SOUND)
    async with signed_in(served, AISHA) as aisha:
        for path in (f"{ROOT}/{id_}", f"{ROOT}/{id_}/sound", f"{ROOT}/absent"):
            assert (await aisha.get(path)).status_code == HTTPStatus.NOT_FOUND
        assert id_ not in (await aisha.get(LIST)).text
        aisha.cookies.clear()
        assert (await aisha.get(f"{ROOT}/{id_}/sound")).status_code == HTTPStatus.UNAUTHORIZED
        assert (await aisha.get(f"{ROOT}/{id_}")).url.path == "/console/sign-in"


async def test_it_is_taken_and_answered_and_leaves_the_list(served: Served) -> None:
    id_ = await message(served, await rang(served))
    async with signed_in(served, MAYA) as maya:
        taken = await maya.post(f"{ROOT}/{id_}/take")
        assert "What happened" in taken.text
        wrong = await maya.post(f"{ROOT}/{id_}/done", data={"how": "?"})
        assert wrong.status_code == HTTPStatus.BAD_REQUEST
    async with signed_in(served, HANNAH) as hannah:
        second = await hannah.post(f"{ROOT}/{id_}/take")
        assert second.status_code == HTTPStatus.CONFLICT
        assert "A colleague took it first" in second.text
    async with signed_in(served, MAYA) as maya:
        after = await maya.post(f"{ROOT}/{id_}/done", data={"how": "no_safe_way"})
        assert after.url.path == LIST
        assert id_ not in after.text


async def test_a_call_back_begins_with_one_press_and_says_why_when_it_may_not(
    served: Served,
) -> None:
    promise = await asked(served)
    to(served, 18)
    async with signed_in(served, MAYA) as maya:
        await maya.post(f"{LIST}/{promise.id}/take")
        page = (await maya.get(f"{LIST}/{promise.id}")).text
        assert "Ring my phone, then theirs" in page
        press = page.split('name="press" value="')[1].split('"')[0]
        for _ in range(2):
            answer = await maya.post(f"{LIST}/{promise.id}/ring", data={"press": press})
            assert "Your phone rings first." in answer.text
        again = await maya.post(f"{LIST}/{promise.id}/ring", data={"press": "x"})
        assert again.status_code == HTTPStatus.BAD_REQUEST
    (row,) = await served.rows(sa.select(promises))
    assert row.done_at is None
    rang_ = await served.rows(sa.select(trail).where(trail.c.verb == "rang"))
    assert len(rang_) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    served: Served, browser: Browser, size: str
) -> None:
    late = await message(served, await rang(served), call_safe=True)
    served.clock.move(minutes=70)
    fresh = await message(served, await rang(served))
    await served.write(voicemails.keep, served.keyring, late, SOUND)
    found: dict[str, list[str]] = {}
    async with at_the_page(browser, served, MAYA, LIST, viewport=SIZES[size]) as page:
        console = served.house.ground.settings.console_url
        for name, path in (
            ("list", LIST),
            ("late", f"{ROOT}/{late}"),
            ("fresh", f"{ROOT}/{fresh}"),
        ):
            await page.goto(console + path)
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if PICTURES:
                    picture = Path(PICTURES) / f"voicemail-{name}-{size}-{scheme}.png"
                    await page.screenshot(path=picture, full_page=True)
                found[f"{name}, {scheme}"] = await axe(page)
            wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} scrolls sideways by {wide} px"
    assert {where: said for where, said in found.items() if said} == {}
