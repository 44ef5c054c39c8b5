"""Needs and conflicts through the advisor's own socket, on a served house (S7)."""

from __future__ import annotations

from tests.house import Served
from tests.people import HANNAH, MAYA, TOM
from tests.widgets.test_console_live import at_the_desk, line_of


async def test_a_need_set_by_the_holder_is_what_others_read(served: Served) -> None:
    ella = served.visitor(crime="domestic")
    async with at_the_desk(served, TOM) as tom, line_of(served, HANNAH) as hannah, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        contact = mine["contact"]
        told = await tom.asks("needs", contact=contact)
        assert told["t"] == "needed", told
        assert (told["crime"], told["gender"], told["apart"]) == ("domestic", "", [])
        aisha = next(one["key"] for one in told["people"] if one["words"].startswith("Aisha"))
        kept = await tom.asks("wish", contact=contact, gender="woman", urgency="danger", lead=aisha)
        assert kept["t"] == "done", kept
        [mine] = tom.now["with_you"]
        assert mine["lead_worker"] == "Aisha"
        assert (mine["need"]["gender"], mine["need"]["urgency"]) == ("A woman, please", "In danger")
        handed = await tom.asks(
            "hand", contact=contact, assignment_no=mine["assignment_no"], hub="kendal"
        )
        assert handed["t"] == "done", handed
        while "in danger" not in str(hannah.now["waiting"]):
            await hannah.hears("desk")
        [waits] = hannah.now["waiting"]
        assert "a woman, please, in danger" in waits["need_words"]
        assert waits["lead_worker"] == "Aisha"
        refused = await tom.asks("needs", contact=contact)
        assert refused["code"] == "not_lead"


async def test_who_steps_back_sees_them_no_more_and_a_lead_reads_that_and_not_why(
    served: Served,
) -> None:
    ella = served.visitor(crime="domestic")
    async with at_the_desk(served, TOM) as tom, line_of(served, HANNAH) as hannah, ella.connected():
        assert (await hannah.asks("duty", on=False))["t"] == "done"
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        contact, number = mine["contact"], mine["assignment_no"]
        said = await tom.asks("apart", contact=contact, assignment_no=number)
        assert said["t"] == "done", said
        assert (tom.now["with_you"], tom.now["waiting"]) == ([], [])
        assert "A colleague will take over." in (await ella.hears("message"))["text"]
        while not hannah.now["waiting"]:
            await hannah.hears("desk")
        barred = await hannah.asks("apart_hub", contact=contact, hub="kendal", why="Her brother.")
        assert barred["t"] == "done", barred
        told = await hannah.asks("needs", contact=contact)
        assert [one["words"] for one in told["apart"]] == ["Tom", "Kendal"]
        assert "brother" not in str(told)
        why = await hannah.asks("explain", contact=contact)
        against = {one["first"]: one["why"] for one in why["against"]}
        assert "Must not meet this person." in against["Tom"]
        undone = await hannah.asks("together", conflict=told["apart"][0]["id"])
        assert undone["t"] == "done", undone


async def test_a_conflict_is_said_of_an_offer_and_by_nobody_else(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, line_of(served, MAYA) as maya, ella.connected():
        offer = await tom.offered()
        refused = await maya.asks("apart", contact=offer["contact"], offer_no=offer["offer_no"])
        assert refused["t"] == "error", refused
        said = await tom.asks("apart", contact=offer["contact"], offer_no=offer["offer_no"])
        assert said["t"] == "done", said
        assert (tom.now["offers"], tom.now["waiting"]) == ([], [])
