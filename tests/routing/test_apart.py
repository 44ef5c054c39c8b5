"""Two who must not meet: no road leads from one to the other, and nobody reads why (S3, S6, S7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.auth.policy import Actor
from app.cases import access, calling, conflicts, joining, promises
from app.cases import acts as contacts
from app.cases.model import Channel, Contact, HowEnded, State, WrapUp
from app.cases.promised import CallBack
from app.cases.tables import conflicts as conflict_rows
from app.errors import Missing, Refused, Stale, Wrong
from routing import acts, apart, floor, handing, pulling
from routing.claiming import carry_out
from routing.decide import decide
from routing.explain import explain
from routing.reading import board_of
from tests.house import Home
from tests.people import AISHA, CUMBRIA, ELLA, HANNAH, MAYA, SAM, TOM
from tests.routing.rows import asked, lines, place, places_used, verbs


async def says_no(home: Home, contact: Contact) -> None:
    """Maya, who is offered it, knows them."""
    maya = await home.actor(MAYA)
    assert await asked(home, contact) == maya.staff
    contact = await home.contact(contact.id)
    await at_the_door(home, maya, contact.id, contact.offer_no)


async def at_the_door(home: Home, actor: Actor, contact: str, offer_no: int) -> None:
    press = (home.house.transcript, actor, contact, ids.new(), offer_no, ids.new())
    await home.write(apart.at_the_door, *press)


async def bars(home: Home, contact: Contact, hub: str, why: str = "") -> str:
    """Hannah, who leads the central hub, ties it to somebody."""
    hannah, id_ = await home.actor(HANNAH), ids.new()
    await home.write(
        apart.from_hub, home.house.transcript, home.keyring, hannah, CUMBRIA, contact.id, id_, hub,
        why, ids.new(),
    )  # fmt: skip
    return id_


async def test_who_knows_them_is_not_asked_again_even_alone(home: Home) -> None:
    await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    await says_no(home, ella)
    home.clock.move(minutes=5)
    await home.pages_are_there()
    await home.on_duty(MAYA)
    await home.match()
    assert await asked(home, ella) is None
    tom = await home.on_duty(TOM)
    await home.match()
    assert await asked(home, ella) == tom.staff
    assert "keeps apart" in await verbs(home, ella)


async def test_it_counts_though_the_offer_has_just_gone_by_and_twice_is_once(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    home.clock.move(seconds=CUMBRIA.timings.offer + 1)
    await home.write(acts.lapse)
    for _ in range(2):
        await at_the_door(home, maya, ella.id, 1)
    [row] = await home.rows(sa.select(conflict_rows))
    assert (row.contact, row.staff, row.hub, row.said_by) == (ella.id, maya.staff, "", maya.staff)
    assert row.reason is None, "no story"


async def test_what_has_begun_to_ring_again_stops_and_no_lead_worker_is_left(home: Home) -> None:
    """Maya reads the question slowly: the offer went by, and she alone is asked once more."""
    maya = await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.write(contacts.set_lead, ella.id, maya.staff)
    await home.match()
    home.clock.move(seconds=CUMBRIA.timings.offer + 1)
    await home.write(acts.lapse)
    home.clock.move(seconds=CUMBRIA.routing.ask_again)
    await home.pages_are_there()
    await home.write(acts.beat, maya.staff, 60)
    await home.match()
    assert (await asked(home, ella), (await home.contact(ella.id)).offer_no) == (maya.staff, 2)
    await at_the_door(home, maya, ella.id, 1)
    assert await asked(home, ella) is None
    assert (await home.contact(ella.id)).lead == ""
    assert (await places_used(home, MAYA))[0] == 0


async def test_a_call_back_is_nobody_s_who_must_not_ring_them(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    wish, due = CallBack("+447700900123", "any", voicemail=False, say="", who=""), home.clock.now()
    promise = await home.write(promises.ask, home.keyring, ids.new(), ella.id, wish, due)
    await home.write(calling.take, maya, promise.id)
    await home.match()
    await says_no(home, ella)
    assert await home.read(promises.open_promises, maya) == []
    for act in (calling.take, calling.give_back):
        with pytest.raises(Missing):
            await home.write(act, maya, promise.id)
    [still] = await home.read(promises.open_promises, await home.actor(HANNAH))
    assert (still.id, still.owner) == (promise.id, None)


async def test_nobody_says_it_of_an_offer_that_is_not_theirs(home: Home) -> None:
    await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    tom = await home.on_duty(TOM)
    for id_, number in ((ella.id, 1), (ella.id, 9), (ids.new(), 1)):
        with pytest.raises(Missing):
            await at_the_door(home, tom, id_, number)
    assert await home.rows(sa.select(conflict_rows)) == []


async def test_no_road_leads_to_them_after_that(home: Home) -> None:
    """Not the pull, not a handing over, not the log; and a lead neither takes over nor joins."""
    maya, tom, hannah = await home.on_duty(MAYA), await home.actor(TOM), await home.actor(HANNAH)
    ella = await home.arrives(ELLA)
    await home.match()
    await says_no(home, ella)
    number = (await home.contact(ella.id)).offer_no
    with pytest.raises(Refused, match="must not meet"):
        await home.write(pulling.pull, maya, CUMBRIA, ella.id, number)
    with pytest.raises(Missing):
        await home.write(access.open_contact, maya, ella.id)
    listed = await home.write(access.list_contacts, maya, access.Filters())
    assert listed.contacts == ()
    await home.on_duty(TOM)
    await home.match()
    await home.write(acts.accept, tom.staff, ella.id, (await home.contact(ella.id)).offer_no)
    with pytest.raises(Refused, match="Maya and this person must not meet"):
        await home.write(handing.ask, tom, CUMBRIA, ella.id, 1, maya.staff, "Maya")
    await home.on_duty(HANNAH)
    await home.write(conflicts.bar_staff, hannah, ella.id, ids.new(), hannah.staff)
    transcript = home.house.transcript
    with pytest.raises(Refused, match="must not meet"):
        await home.write(floor.take_over, transcript, hannah, CUMBRIA, ella.id, 1, ids.new())
    with pytest.raises(Refused, match="must not meet"):
        await home.write(floor.join, transcript, hannah, CUMBRIA, ella.id, ids.new())
    assert await lines(home, ella) == []
    assert (await home.contact(ella.id)).owner == tom.staff


async def test_whose_page_is_away_cannot_be_pulled_by_them_either(home: Home) -> None:
    """A contact off the board is still kept apart."""
    maya = await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    await says_no(home, ella)
    home.clock.move(seconds=90)
    await home.on_duty(MAYA)
    board = await home.read(board_of, CUMBRIA)
    assert board.waiting == ()
    with pytest.raises(Refused, match="must not meet"):
        await home.write(pulling.pull, maya, CUMBRIA, ella.id, 1)


async def test_what_rings_by_then_is_not_taken(home: Home) -> None:
    """Tom asks Maya to take over; before she presses, it is said of her."""
    tom = await home.on_duty(TOM)
    ella = await home.taken_by(TOM, ELLA.near("central"))
    maya = await home.on_duty(MAYA)
    await home.write(handing.ask, tom, CUMBRIA, ella.id, 1, maya.staff, "Maya")
    await home.write(conflicts.bar_staff, maya, ella.id, ids.new(), maya.staff)
    with pytest.raises(Refused, match="must not meet"):
        await home.write(
            handing.accept, home.house.transcript, maya, CUMBRIA, ella.id, 2, ids.new()
        )
    assert (await home.contact(ella.id)).owner == tom.staff


async def test_a_pass_that_thought_otherwise_makes_no_offer(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    board = await home.read(board_of, CUMBRIA)
    decided = decide(board, home.clock.now())
    await home.write(conflicts.bar_staff, maya, ella.id, ids.new(), maya.staff)
    done = await home.write(carry_out, decided, {ella.id: 0}, 20)
    assert (done.made, done.missed) == (0, 1)
    assert (await home.contact(ella.id)).state is State.WAITING
    assert (await places_used(home, MAYA))[0] == 0


async def test_whoever_holds_a_chat_steps_back_and_the_person_is_first(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, transcript, line = await home.actor(MAYA), home.house.transcript, ids.new()
    for _ in range(2):
        await home.write(
            apart.while_holding, transcript, maya, ella.id, ids.new(), ella.assignment_no, line
        )
    assert await lines(home, ella) == [apart.NEXT_WORDS], "and not a word of why"
    now = await home.contact(ella.id)
    assert (now.state, now.owner) == (State.WAITING, None)
    row = await place(home, ella)
    assert (row.front, row.waits) == (True, True)
    assert (await places_used(home, MAYA))[0] == 0
    await home.match()
    assert await asked(home, ella) is None
    with pytest.raises(Missing):
        await home.write(access.open_contact, maya, ella.id)


async def test_a_late_press_holds_nothing_back(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.actor(TOM)
    args = (home.house.transcript,)
    with pytest.raises(Stale):
        await home.write(apart.while_holding, *args, maya, ella.id, ids.new(), 7, ids.new())
    with pytest.raises(Missing):
        await home.write(apart.while_holding, *args, tom, ella.id, ids.new(), 1, ids.new())
    assert (await home.contact(ella.id)).owner == maya.staff


async def test_a_call_stays_on_its_phone_and_is_the_last_one(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    sam = await home.arrives(SAM, Channel.VOICE)
    await home.match()
    await home.write(acts.accept, maya.staff, sam.id, 1)
    await home.write(
        apart.while_holding, home.house.transcript, maya, sam.id, ids.new(), 1, ids.new()
    )
    assert (await home.contact(sam.id)).owner == maya.staff, "no one is cut off"
    assert (await home.write(access.open_contact, maya, sam.id)).id == sam.id
    await home.write(acts.end, sam.id, HowEnded.PERSON_ENDED)
    await home.write(acts.wrap_up, maya, sam.id, 1, WrapUp(type="support"))
    with pytest.raises(Missing):
        await home.write(access.open_contact, maya, sam.id)
    again = await home.arrives(SAM, Channel.VOICE)
    await home.match()
    assert await asked(home, again) is None, "minutes later, from the same number"


async def test_a_hub_that_is_tied_is_passed_over_and_its_people_see_nothing(home: Home) -> None:
    aisha = await home.on_duty(AISHA)
    ella = await home.arrives(ELLA.near(aisha.hub))
    await home.match()
    assert await asked(home, ella) == aisha.staff
    await bars(home, ella, aisha.hub, "Her brother works there.")
    assert await asked(home, ella) is None, "it stops ringing there"
    with pytest.raises(Missing):
        await home.write(access.open_contact, aisha, ella.id)
    number = (await home.contact(ella.id)).offer_no
    with pytest.raises(Refused, match="must not meet"):
        await home.write(pulling.pull, aisha, CUMBRIA, ella.id, number)
    tom = await home.on_duty(TOM)
    home.clock.move(seconds=CUMBRIA.ladder[0].seconds + 1)
    await home.pages_are_there()
    await home.on_duty(TOM, AISHA)
    for _ in range(2):
        await home.match()
    assert await asked(home, ella) == tom.staff


async def test_nobody_is_sent_to_a_hub_that_is_tied(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, hannah = await home.actor(MAYA), await home.actor(HANNAH)
    await bars(home, ella, "carlisle")
    with pytest.raises(Refused, match="This hub and this person"):
        await home.write(
            handing.to_queue, home.house.transcript, maya, CUMBRIA, ella.id, 1, "carlisle",
            ids.new(),
        )  # fmt: skip
    await home.write(
        handing.to_queue, home.house.transcript, maya, CUMBRIA, ella.id, 1, "kendal", ids.new()
    )
    number = (await home.contact(ella.id)).offer_no
    with pytest.raises(Refused, match="This hub and this person"):
        await home.write(floor.move, hannah, CUMBRIA, ella.id, number, "carlisle")
    await bars(home, ella, "kendal")
    assert (await place(home, ella)).hub == "", "it was sent there before that was known"


async def test_a_holder_keeps_whom_they_hold_though_their_hub_is_tied(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    with pytest.raises(Wrong):
        await bars(home, ella, "nowhere")
    await home.write(
        apart.from_hub, home.house.transcript, home.keyring, maya, CUMBRIA, ella.id, ids.new(),
        maya.hub, "", ids.new(),
    )  # fmt: skip
    assert (await home.contact(ella.id)).owner == maya.staff
    assert (await home.write(access.open_contact, maya, ella.id)).id == ella.id
    await home.write(acts.release, ella.id, 1, "gone")
    await home.match()
    assert await asked(home, ella) is None, "another of that hub, or she herself, comes no more"


async def test_whoever_joined_from_that_hub_leaves(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, hannah = await home.actor(MAYA), await home.actor(HANNAH)
    transcript = home.house.transcript
    await home.write(floor.join, transcript, hannah, CUMBRIA, ella.id, ids.new())
    await home.write(
        apart.from_hub, transcript, home.keyring, maya, CUMBRIA, ella.id, ids.new(), hannah.hub,
        "", ids.new(),
    )  # fmt: skip
    assert not await home.read(joining.is_in, ella.id, hannah.staff)
    assert (await lines(home, ella))[-1] == apart.LEFT_WORDS
    with pytest.raises(Missing):
        await home.write(access.open_contact, hannah, ella.id)


async def test_only_a_lead_or_the_holder_ties_a_hub_and_only_they_read_why(home: Home) -> None:
    ella = await home.arrives(ELLA)
    maya, hannah = await home.on_duty(MAYA), await home.actor(HANNAH)
    with pytest.raises(Refused):
        await home.write(
            apart.from_hub, home.house.transcript, home.keyring, maya, CUMBRIA, ella.id, ids.new(),
            "kendal", "", ids.new(),
        )  # fmt: skip
    id_ = await bars(home, ella, "kendal", "Her brother works there.")
    opened = await home.write(conflicts.reason_of, home.keyring, hannah, id_)
    assert opened == "Her brother works there."
    for absent in (id_, ids.new()):
        with pytest.raises(Missing):
            await home.write(conflicts.reason_of, home.keyring, maya, absent)
    [row] = await home.rows(sa.select(conflict_rows))
    assert b"brother" not in row.reason
    told = await home.rows(sa.select(trail.c.why).where(trail.c.object_id == ella.id))
    assert not any("brother" in each.why for each in told)


async def test_explain_says_so_and_not_why(home: Home) -> None:
    await home.on_duty(MAYA, TOM)
    ella = await home.arrives(ELLA)
    maya, tom = await home.actor(MAYA), await home.actor(TOM)
    await home.write(conflicts.bar_staff, maya, ella.id, ids.new(), maya.staff)
    await bars(home, ella, tom.hub, "Her brother works there.")
    board = await home.read(board_of, CUMBRIA)
    said = {
        each.staff: [reason.words() for reason in each.reasons]
        for each in explain(board, ella.id, home.clock.now())
    }
    assert "Must not meet this person." in said[maya.staff]
    assert any("is not asked for this person." in words for words in said[tom.staff])
    assert "brother" not in str(said)


async def test_a_lead_undoes_it_and_nobody_undoes_their_own(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    ella = await home.arrives(ELLA)
    await home.match()
    await says_no(home, ella)
    hannah = await home.actor(HANNAH)
    [kept] = await home.read(conflicts.of_contact, ella.id)
    with pytest.raises(Refused):
        await home.write(apart.undo, maya, CUMBRIA, kept.id)
    with pytest.raises(Missing):
        await home.write(apart.undo, hannah, CUMBRIA, ids.new())
    own = ids.new()
    await home.write(conflicts.bar_staff, hannah, ella.id, own, hannah.staff)
    with pytest.raises(Refused):
        await home.write(apart.undo, hannah, CUMBRIA, own)
    await home.write(conflicts.undo, maya, own)
    for _ in range(2):
        await home.write(apart.undo, hannah, CUMBRIA, kept.id)
    assert await home.read(conflicts.of_contact, ella.id) == []
    home.clock.move(minutes=2)
    await home.pages_are_there()
    await home.on_duty(MAYA)
    await home.match()
    assert await asked(home, ella) == maya.staff


async def test_another_service_ties_and_undoes_nothing(home: Home) -> None:
    ella = await home.arrives(ELLA)
    id_ = await bars(home, ella, "kendal")
    stranger = replace(await home.actor(HANNAH), service="durham")
    with pytest.raises(Missing):
        await home.write(apart.undo, stranger, CUMBRIA, id_)
