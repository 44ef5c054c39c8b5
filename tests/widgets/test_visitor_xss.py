"""Words that want to be a script stay words: through every field of both faces, on the real house.

`Room.page` fails the story when a page throws or breaks its content policy; beside that no canary
may be set, no dialog may open, nothing may be asked of another host, and all reads back exactly.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.async_api import Page

from app import ids
from app.auth.tables import staff
from app.cases import notes, promises
from app.cases.model import Channel, Contact
from app.db import Work
from app.definition import acts as definitions
from routing import acts as routing
from tests.journeys.stories import DESK, AtTheDesk
from tests.people import CUMBRIA, SAM, SITE, TOM
from tests.widgets.watched import Room

pytestmark = pytest.mark.asyncio(loop_scope="module")
AWAY = "https://evil.example"
PAYLOADS = (
    "<script>window.__x=1</script>",
    "<img src=x onerror=window.__x=1>",
    f"<img src={AWAY}/pixel.png>",
    '"><svg onload=window.__x=1>',
    "'-window.__x=1-'",
    "javascript:window.__x=1",
    "</textarea><iframe srcdoc='<script>parent.__x=1</script>'>",
    "<a href='javascript:window.__x=1'>go on</a>",
    "<math><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=__x=1&gt;'>",
    "{{constructor.constructor('window.__x=1')()}}",
    "${window.__x=1}`${1}`",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    "<style>@import '" + AWAY + "/x.css';*{background:url(" + AWAY + "/y)}</style>",
    f"<meta http-equiv=refresh content='0;url={AWAY}'>",
    "&lt;b&gt;&#60;script&#62;__x=1&#60;/script&#62;",
    "\u202e<gpj.exe>\u202c \u2066<b>\u2069",
)
SHORT = '<img src=x onerror="__x=1">'
READS_BACK = """payloads => payloads.filter(each =>
    !Array.from(document.querySelectorAll('body *')).some(it => it.textContent === each))"""


@asynccontextmanager
async def guarded(room: Room, **options: Any) -> AsyncIterator[Page]:
    """A page on which nothing may run, ask elsewhere or complain."""
    async with room.page(**options) as page:
        told: list[str] = []
        page.on("dialog", lambda dialog: told.append(dialog.message))
        page.on("request", lambda it: told.append(it.url) if "evil.example" in it.url else None)
        await page.add_init_script(
            "window.broke = []; addEventListener('securitypolicyviolation',"
            " e => broke.push(e.violatedDirective + ' ' + e.blockedURI))"
        )
        yield page
        assert told == []
        for frame in page.frames:
            assert await frame.evaluate("[typeof window.__x, window.broke.join()]") == [
                "undefined",
                "",
            ]


async def reads_back(page: Page, wanted: tuple[str, ...]) -> None:
    """Until every one of them stands somewhere on the page, letter by letter."""
    script = f"payloads => ({READS_BACK})(payloads).length === 0"
    await page.wait_for_function(script, arg=list(wanted))


def renamed(work: Work, room: Room, name: str) -> None:
    row = work.run(sa.select(staff).where(staff.c.id == room.tom.staff)).one()
    keyring = room.house.keyring

    def sealed(column: str) -> bytes:
        return keyring.seal(work, row.key_id, name, "staff", column, row.id)

    work.run(
        staff.update()
        .where(staff.c.id == row.id)
        .values(first_name=sealed("first_name"), name=sealed("name"))
    )


async def hostile_definition(room: Room) -> None:
    """Everything a definition may say, said by somebody who means harm."""
    site = replace(
        SITE,
        name=SHORT,
        hours=SHORT,
        origins=(*SITE.origins, room.charity.url),
        exit_url=room.charity.elsewhere,
    )
    await room.house.write(
        definitions.apply,
        "operator",
        replace(
            CUMBRIA,
            name=SHORT,
            sites=(site,),
            crimes=tuple(replace(each, label=SHORT, asks=SHORT) for each in CUMBRIA.crimes),
            hubs=tuple(
                replace(each, name=SHORT, towns=(*each.towns, f"{SHORT}{each.key}"))
                for each in CUMBRIA.hubs
            ),
            words={"welcome": SHORT, "promise": SHORT, "nobody": SHORT, "waiting": SHORT},
        ),
    )
    await room.house.house.definitions.refresh()


async def texts_in(room: Room, words: tuple[str, ...]) -> Contact:
    """Sam texts these; the contact is taken by Tom."""
    contact = await room.house.arrives(SAM.near(TOM.hub), Channel.SMS)
    room.known.append(contact.id)
    for each in words:
        await room.house.says(contact, "visitor", each)
    return contact


async def test_no_field_of_either_face_runs_a_script(room: Room) -> None:
    await hostile_definition(room)
    await room.house.write(renamed, room, SHORT)
    async with guarded(room, viewport=DESK) as desk, guarded(room) as page:
        tom = AtTheDesk(desk)
        await tom.goes_on_duty(f"{room.product}/console", TOM)

        # The visitor's questions, town and draft; words that wait, then words that are answered.
        ella = await room.on_own_page(page)
        await ella.press("#begin")
        await reads_back(page, (SHORT,))
        await ella.press("[data-screen=about] [data-go=where]")
        await ella.chat.fill("#area", SHORT)
        await ella.press("#placed")
        await ella.press("[data-screen=age] [data-find]")
        contact = await room.arrival()
        await tom.takes_it()
        await ella.see("#with-name", SHORT)
        for each in PAYLOADS:
            await ella.chat.fill("#box", each)
            await ella.press("#send")
        await reads_back(page, PAYLOADS)
        await ella.chat.fill("#box", SHORT)

        # The advisor reads all of it, and writes all of it back.
        await reads_back(desk, PAYLOADS)
        for each in PAYLOADS:
            await room.writes(contact, f"{each} back")
        await tom.writes(f"{SHORT} by hand")
        await reads_back(page, (*(f"{each} back" for each in PAYLOADS), f"{SHORT} by hand"))
        assert contact.conversation is not None
        for each in PAYLOADS:
            await room.house.write(
                notes.keep, room.house.keyring, contact.conversation, room.tom.staff,
                bytes.fromhex(ids.new()), f"{each} note",
            )  # fmt: skip
        await reads_back(desk, tuple(f"{each} note" for each in PAYLOADS))
        assert not [each for each in PAYLOADS if f"{each} note" in await ella.text()]

        # A call-back asked for in such words, and texts from a phone.
        wish = promises.CallBack("+447700900123", "any", False, SHORT, SHORT)
        due = room.house.clock.now() + timedelta(hours=2)
        await room.house.write(promises.ask, room.house.keyring, ids.new(), contact.id, wish, due)
        texter = await texts_in(room, PAYLOADS)
        await room.until(lambda: waits_for(room, texter))
        await ella.leaves()

        # Every page of the console that shows them.
        for path in (
            "/console",
            f"/console/contacts/{contact.id}",
            f"/console/contacts/{texter.id}",
            f"/console/contacts?hub={SHORT}",
            "/console/promises",
        ):
            await desk.goto(room.product + path)
            await desk.wait_for_load_state("networkidle")
        await desk.goto(f"{room.product}/console/contacts/{contact.id}")
        await reads_back(desk, (*PAYLOADS, *(f"{each} note" for each in PAYLOADS)))
    await room.site("tell")


async def waits_for(room: Room, contact: Contact) -> bool:
    """Whether Tom was asked for it, and has taken it."""
    now = await room.house.contact(contact.id)
    if now.state == "offered":
        await room.house.write(routing.accept, room.tom.staff, now.id, now.offer_no)
    return (await room.house.contact(contact.id)).owner == room.tom.staff
