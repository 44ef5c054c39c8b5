"""Cumbria at five: four chats are open and two people go home. None is dropped, none retold."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app import ids
from app.cases.model import State
from app.cases.tables import contacts
from app.db import Work
from routing import acts
from routing.tables import shifts
from tests.house import LEASE, Served
from tests.people import AISHA, CUMBRIA, HANNAH, MAYA, TOM, Visitor
from tests.widgets.test_console_live import Advisor, at_the_desk

ZONE = ZoneInfo(CUMBRIA.zone)
FIRST = {
    "he is outside": "CA10",
    "I can't sleep": "CA10",
    "it was my brother": "CA1",
    "they know where I live": "CA1",
}
"""What each of them writes first, and where they are: two near Penrith, two near Carlisle."""


def until_five(work: Work, staff: str) -> None:
    """The rota of one person: every day from nine to five."""
    work.run(sa.delete(shifts).where(shifts.c.staff == staff))
    for weekday in range(7):
        work.run(
            shifts.insert().values(
                id=ids.new(), staff=staff, service=CUMBRIA.key, hub="penrith", tier=0,
                weekday=weekday, start=time(9), end=time(17), first=date(2026, 1, 1),
                every=1, bank="works",
            )
        )  # fmt: skip


def local(served: Served) -> datetime:
    return served.clock.now().astimezone(ZONE)


def all_there(work: Work, staff: list[str]) -> None:
    """Consoles and pages have just been seen."""
    for each in staff:
        acts.beat(work, each, LEASE)
    work.run(contacts.update().values(visitor_seen_at=work.now))


async def pass_to(served: Served, hour: int, minute: int, *desks: Advisor) -> None:
    """Time passes in steps in which everybody is still there."""
    staff = [desk.now["you"]["staff"] for desk in desks]
    there = local(served).replace(hour=hour, minute=minute, second=0, microsecond=0)
    while (left := (there - local(served)).total_seconds()) > 0:
        served.clock.move(seconds=min(75.0, left))
        await served.write(all_there, staff)


async def rings(desk: Advisor, giver: str = "") -> dict[str, Any]:
    """The offer that rings at this desk, of the matcher or of a colleague."""
    while True:
        for offer in desk.now["offers"]:
            if offer["giver"] == giver:
                found: dict[str, Any] = offer
                return found
        await desk.hears("desk")


async def takes_two(desk: Advisor) -> list[dict[str, Any]]:
    for _ in range(2):
        assert (await desk.takes(await rings(desk)))["t"] == "done"
    two: list[dict[str, Any]] = desk.now["with_you"]
    return two


async def opens(desk: Advisor, conversation: str, first: str) -> None:
    """Open a conversation from the start: the very first word is there."""
    await desk.sends("open", re=900, conversation=conversation, cursor=None)
    while (await desk.hears("message", conversation=conversation))["seq"] != 1:
        pass
    assert desk.heard[-1]["text"] == first


async def gives(desk: Advisor, contact: str, **to: str) -> dict[str, Any]:
    [one] = [mine for mine in desk.now["with_you"] if mine["contact"] == contact]
    return await desk.asks("hand", contact=contact, assignment_no=one["assignment_no"], **to)


async def test_four_chats_at_the_end_of_the_shift(served: Served) -> None:
    maya_id, aisha_id = [(await served.actor(each)).staff for each in (MAYA, AISHA)]
    for staff in (maya_id, aisha_id):
        await served.write(until_five, staff)
    there = local(served).replace(hour=16, minute=25, second=0, microsecond=0)
    served.clock.move(seconds=(there - local(served)) / timedelta(seconds=1))

    async with AsyncExitStack() as night:
        enter = night.enter_async_context
        maya, aisha = (
            await enter(at_the_desk(served, MAYA)),
            await enter(at_the_desk(served, AISHA)),
        )

        # 16:25. Four people write, and Maya and Aisha have two of them each.
        visitors: dict[str, Visitor] = {}
        for words, area in FIRST.items():
            visitor = served.visitor(area=area)
            await enter(visitor.connected())
            await visitor.says(words)
            await visitor.hears("ack")
            visitors[visitor.conversation] = visitor
        first = {id_: visitor.said[0] for id_, visitor in visitors.items()}
        mayas, aishas = await takes_two(maya), await takes_two(aisha)
        assert {one["conversation"] for one in (*mayas, *aishas)} == set(visitors)
        four_of_them = [one["contact"] for one in (*mayas, *aishas)]

        # 16:31. No new chats for those who go home at five; what is open stays with them.
        await pass_to(served, 16, 31, maya, aisha)
        while "No new chats" not in maya.now["you"]["closing"]:
            await maya.hears("desk")
        tom, hannah = (
            await enter(at_the_desk(served, TOM)),
            await enter(at_the_desk(served, HANNAH)),
        )
        assert [(await served.contact(each)).state for each in four_of_them] == [State.ACTIVE] * 4

        # Maya asks Tom, who accepts. The visitor reads so, and Tom reads from the first word.
        one, two = mayas
        assert (await gives(maya, one["contact"], staff=tom.now["you"]["staff"]))["t"] == "done"
        assert (await tom.takes(await rings(tom, "Maya")))["t"] == "done"
        told = (await visitors[one["conversation"]].hears("message"))["text"]
        assert told.startswith("Tom will take over.")
        await opens(tom, one["conversation"], first[one["conversation"]])

        # She asks Hannah for the other. Hannah cannot just now: it stays with Maya, who asks again.
        her = hannah.now["you"]["staff"]
        assert (await gives(maya, two["contact"], staff=her))["t"] == "done"
        offer = await rings(hannah, "Maya")
        number = {"contact": offer["contact"], "offer_no": offer["offer_no"]}
        assert (await hannah.asks("decline", **number))["t"] == "done"
        while maya.now["with_you"][0]["handing_to"]:
            await maya.hears("desk")
        assert (await served.contact(two["contact"])).owner == maya_id
        assert (await gives(maya, two["contact"], staff=her))["t"] == "done"
        assert (await hannah.takes(await rings(hannah, "Maya")))["t"] == "done"
        await opens(hannah, two["conversation"], first[two["conversation"]])

        # Aisha gives one to Hannah, and one to the queue of the central hub, at the front.
        three, four = aishas
        assert (await gives(aisha, three["contact"], staff=her))["t"] == "done"
        assert (await hannah.takes(await rings(hannah, "Aisha")))["t"] == "done"
        central = CUMBRIA.central
        assert (await gives(aisha, four["contact"], hub=central.key))["t"] == "done"
        told = (await visitors[four["conversation"]].hears("message"))["text"]
        assert told.startswith(f"Someone at {central.name} will take over.")
        taken = False
        while not taken:
            for desk in (tom, hannah):
                here = [each for each in desk.now["offers"] if each["contact"] == four["contact"]]
                if here:
                    assert (await desk.takes(here[0]))["t"] == "done"
                    await opens(desk, four["conversation"], first[four["conversation"]])
                    taken = True
                    break
                await desk.asks("explain", contact=four["contact"])

        # 17:01. Maya and Aisha have nobody; all four are with somebody, and none has ended.
        await pass_to(served, 17, 1, maya, aisha, tom, hannah)
        for desk in (maya, aisha):
            while desk.now["with_you"]:
                await desk.hears("desk")
        held = [await served.contact(each) for each in four_of_them]
        assert [each.state for each in held] == [State.ACTIVE] * 4
        assert {each.owner for each in held} <= {tom.now["you"]["staff"], her}
        for conversation, visitor in visitors.items():
            await visitor.says("thank you")
            await visitor.hears("ack")
            assert visitor.said[0] == first[conversation]
            assert not any(frame.get("state") == "ended" for frame in visitor.frames)
