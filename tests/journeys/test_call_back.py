"""Ella cannot wait, and asks in the chat to be called in the evening. She leaves; we keep it."""

from __future__ import annotations

from uuid import UUID

from app import ids
from app.cases.due import When, due_at
from tests.cases.test_promises import to
from tests.house import Served
from tests.people import CUMBRIA, HANNAH, MAYA
from tests.widgets.at_console import signed_in

PAGE = "/console/promises"
NUMBER = "07700 900 123"


def new_id() -> str:
    """As a client writes one."""
    return str(UUID(ids.new()))


async def test_a_call_back_asked_for_in_the_chat_is_kept_in_the_evening(
    served_on_each: Served,
) -> None:
    house = served_on_each
    async with house.visitor(area="CA11").connected() as ella:
        await ella.says("I have to go soon.")
        await ella.hears("ack")
        wish = {
            "t": "call_back", "conversation": ella.conversation, "id": new_id(),
            "number": "07700 900123", "when": "evening", "voicemail": False,
            "say": "Say it is the dentist.", "who": "Only me.",
        }  # fmt: skip
        await ella.send(wish)
        promised = await ella.hears("promised")
        await ella.send(wish)
        assert await ella.hears("promised") == promised
        assert promised["number_ends"] == "123"
        by = due_at(When.EVENING, house.clock.now(), CUMBRIA.zone)
        assert promised["by"][:16] == by.isoformat()[:16]
        await ella.send({**wish, "id": new_id(), "number": "999"})
        assert (await ella.hears("error"))["code"] == "number"
        await ella.leaves("exit")
        await ella.hears("state", state="ended")

    async with signed_in(house, MAYA) as maya:
        listed = (await maya.get(PAGE)).text
        assert "Evening, 17:00 to 21:00. No message." in listed
        assert "They left quickly after asking" in listed
        assert listed.count('class="promise"') == 1
        assert NUMBER not in listed

    to(house, 18)
    async with signed_in(house, MAYA) as maya:
        (id_,) = {part.split("/")[0] for part in listed.split(f"{PAGE}/")[1:] if "take" in part}
        called = await maya.post(f"{PAGE}/{id_}/take")
        for shown in (NUMBER, "Say it is the dentist.", "Only me.", "until 21:00"):
            assert shown in called.text
        contact = called.text.split("/console/contacts/")[1].split('"')[0]
        await maya.post(f"{PAGE}/{id_}/done", data={"how": "no_answer"})
        record = (await maya.get(f"/console/contacts/{contact}")).text
        assert "Call-back asked for" in record
        assert "No answer, 18:00. You." in record
        assert NUMBER not in record


async def test_one_that_nobody_keeps_is_told_to_the_lead(served_on_each: Served) -> None:
    house = served_on_each
    async with house.visitor(area="CA11").connected() as ella:
        await ella.says("Please ring me.")
        await ella.hears("ack")
        await ella.send(
            {"t": "call_back", "conversation": ella.conversation, "id": new_id(),
             "number": "07700 900123", "when": "any", "voicemail": True, "say": "", "who": ""}
        )  # fmt: skip
        await ella.hears("promised")
    to(house, 16, 1)
    async with signed_in(house, HANNAH) as hannah, hannah.stream("GET", f"{PAGE}/news") as news:
        async for _ in news.aiter_lines():
            if "A call-back is past its time" in (await hannah.get(f"{PAGE}/now")).text:
                return
