"""From waiting to a seat and back, on both databases: late claims lose by number (S3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.model import Channel, Contact, HowEnded, State, WrapUp
from app.definition.people import Person
from app.errors import Missing, Stale
from routing import acts
from routing.desk import desk, standings
from routing.tables import decisions, offers, places, seats
from tests.house import LEASE, Home
from tests.people import AISHA, CUMBRIA, ELLA, HANNAH, MAREK, MAYA, SAM, TOM

OFFER = CUMBRIA.timings.offer


async def offered(home: Home, *who: Person) -> Contact:
    """A contact held out to whoever of these the matcher chose."""
    await home.on_duty(*who)
    contact = await home.arrives(ELLA)
    assert await home.match() == 1
    contact = await home.contact(contact.id)
    assert contact.state is State.OFFERED
    return contact


async def asked(home: Home, contact: Contact) -> str:
    """Whose offer is open."""
    (row,) = await home.rows(
        sa.select(offers.c.staff).where(offers.c.contact == contact.id, offers.c.answer == "")
    )
    return str(row.staff)


async def load(home: Home, who: Person) -> int:
    actor = await home.actor(who)
    (row,) = await home.rows(sa.select(seats.c.load).where(seats.c.staff == actor.staff))
    return int(row.load)


async def place(home: Home, contact: Contact) -> sa.Row[tuple[object, ...]]:
    (row,) = await home.rows(sa.select(places).where(places.c.contact == contact.id))
    return row  # type: ignore[no-any-return]  # rows are untyped


# -- taking an offer ----------------------------------------------------------------------------


async def test_an_offer_is_taken_by_whoever_was_asked(home: Home) -> None:
    contact = await offered(home, MAYA)
    maya = await home.actor(MAYA)
    taken = await home.write(acts.accept, maya.staff, contact.id, contact.offer_no)
    contact = await home.contact(contact.id)
    assert (contact.state, contact.owner) == (State.ACTIVE, maya.staff)
    assert (taken.assignment_no, taken.conversation) == (1, contact.conversation)
    assert await load(home, MAYA) == 1
    assert contact.answered_at is not None


async def test_two_advisors_accept_at_once_and_one_wins(home: Home) -> None:
    """Maya's offer lapsed as she pressed; Tom has been asked. Both press now."""
    contact = await offered(home, MAYA)
    late = contact.offer_no
    home.clock.move(seconds=OFFER + 1)
    await home.on_duty(TOM)
    assert await home.write(acts.lapse) == 1
    await home.match()
    contact = await home.contact(contact.id)
    assert contact.offer_no == late + 1
    maya, tom = await home.actor(MAYA), await home.actor(TOM)
    assert await asked(home, contact) == tom.staff
    lost, won = await asyncio.gather(
        home.write(acts.accept, maya.staff, contact.id, late),
        home.write(acts.accept, tom.staff, contact.id, contact.offer_no),
        return_exceptions=True,
    )
    assert isinstance(lost, Stale)
    assert isinstance(won, acts.Assigned)
    assert (await home.contact(contact.id)).owner == tom.staff


async def test_whoever_came_too_late_is_told_that_a_colleague_took_it(home: Home) -> None:
    contact = await offered(home, MAYA)
    late = contact.offer_no
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    home.clock.move(seconds=OFFER + 1)
    await home.write(acts.lapse)
    await home.match()
    contact = await home.contact(contact.id)
    await home.write(acts.accept, tom.staff, contact.id, contact.offer_no)
    with pytest.raises(Stale, match="colleague"):
        await home.write(acts.accept, maya.staff, contact.id, late)


async def test_accepting_twice_is_once(home: Home) -> None:
    """The answer was lost, or she has two windows open."""
    contact = await offered(home, MAYA)
    maya = await home.actor(MAYA)
    taken = await asyncio.gather(
        *(home.write(acts.accept, maya.staff, contact.id, contact.offer_no) for _ in range(4))
    )
    assert len(set(taken)) == 1
    assert await load(home, MAYA) == 1


async def test_an_old_yes_is_not_good_for_what_somebody_else_holds_now(home: Home) -> None:
    """Maya took it and was lost, Tom has it: her old press must not give her his number."""
    contact = await offered(home, MAYA)
    maya, old = await home.actor(MAYA), contact.offer_no
    await home.write(acts.accept, maya.staff, contact.id, old)
    await home.write(acts.release, contact.id, 1, "advisor lost")
    await home.write(acts.go_off_duty, maya.staff)
    tom = await home.on_duty(TOM)
    await home.match()
    contact = await home.contact(contact.id)
    await home.write(acts.accept, tom.staff, contact.id, contact.offer_no)
    with pytest.raises(Stale, match="colleague"):
        await home.write(acts.accept, maya.staff, contact.id, old)


async def test_an_offer_past_its_time_is_stale_though_nobody_has_taken_it_back(home: Home) -> None:
    contact = await offered(home, MAYA)
    maya = await home.actor(MAYA)
    home.clock.move(seconds=OFFER + 1)
    with pytest.raises(Stale):
        await home.write(acts.accept, maya.staff, contact.id, contact.offer_no)


async def test_an_offer_to_a_colleague_is_not_there_for_others(home: Home) -> None:
    contact = await offered(home, MAYA)
    tom = await home.actor(TOM)
    for act in (acts.accept, acts.decline):
        with pytest.raises(Missing):
            await home.write(act, tom.staff, contact.id, contact.offer_no)
        with pytest.raises(Missing):
            await home.write(act, tom.staff, contact.id, 99)


async def test_whoever_hangs_up_while_it_rings_is_not_reached(home: Home) -> None:
    contact = await offered(home, MAYA)
    maya = await home.actor(MAYA)
    ended = await home.write(acts.end, contact.id, HowEnded.PERSON_ENDED)
    assert ended.how_ended == HowEnded.HUNG_UP_WAITING
    assert await load(home, MAYA) == 0
    with pytest.raises(Stale):
        await home.write(acts.accept, maya.staff, contact.id, contact.offer_no)


# -- passing it on --------------------------------------------------------------------------------


async def test_declined_it_goes_back_with_its_place_in_time(home: Home) -> None:
    contact = await offered(home, MAYA, TOM)
    before, first = await place(home, contact), await asked(home, contact)
    await home.write(acts.decline, first, contact.id, contact.offer_no)
    after = await place(home, contact)
    assert (await home.contact(contact.id)).state is State.WAITING
    assert after.queued_at == before.queued_at
    assert after.waits
    await home.match()
    assert await asked(home, contact) != first, "the next one is somebody else"


async def test_declining_twice_is_once_and_late_is_stale(home: Home) -> None:
    contact = await offered(home, MAYA)
    maya = await home.actor(MAYA)
    for _ in range(2):
        await home.write(acts.decline, maya.staff, contact.id, contact.offer_no)
    assert await load(home, MAYA) == 0
    with pytest.raises(Stale):
        await home.write(acts.accept, maya.staff, contact.id, contact.offer_no)


async def test_a_lapsed_offer_goes_back_with_its_place_in_time(home: Home) -> None:
    contact = await offered(home, MAYA)
    maya, before = await home.actor(MAYA), await place(home, contact)
    assert await home.write(acts.lapse) == 0, "not yet"
    home.clock.move(seconds=OFFER + 1)
    assert await home.write(acts.lapse) == 1
    assert await home.write(acts.lapse) == 0
    after = await place(home, contact)
    assert (after.queued_at, after.waits) == (before.queued_at, True)
    assert await load(home, MAYA) == 0
    with pytest.raises(Stale):
        await home.write(acts.decline, maya.staff, contact.id, contact.offer_no)


async def test_two_sweeps_at_once_take_an_offer_back_once(home: Home) -> None:
    contact = await offered(home, MAYA)
    home.clock.move(seconds=OFFER + 1)
    await asyncio.gather(*(home.write(acts.lapse) for _ in range(4)))
    assert await load(home, MAYA) == 0
    (row,) = await home.rows(sa.select(offers).where(offers.c.contact == contact.id))
    assert row.answer == "lapsed"


# -- losing an advisor --------------------------------------------------------------------------


async def test_whoever_lost_their_advisor_is_first_again(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    before = await place(home, ella)
    home.clock.move(minutes=5)
    waiting = [await home.arrives(SAM), await home.arrives(SAM)]
    assert await home.write(acts.release, ella.id, ella.assignment_no, "advisor lost") is True
    after = await place(home, ella)
    assert (after.waits, after.front, after.queued_at) == (True, True, before.queued_at)
    assert await load(home, MAYA) == 0
    await home.pages_are_there()
    told = await home.read(standings, CUMBRIA)
    assert told[ella.id].place == 1
    assert {told[each.id].place for each in waiting} == {2, 3}


async def test_a_release_is_for_the_assignment_it_names(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    assert await home.write(acts.release, ella.id, 1, "advisor lost") is True
    assert await home.write(acts.release, ella.id, 1, "advisor lost") is False
    await home.match()
    ella = await home.contact(ella.id)
    who = await asked(home, ella)
    await home.write(acts.accept, who, ella.id, ella.offer_no)
    assert await home.write(acts.release, ella.id, 1, "advisor lost") is False
    assert (await home.contact(ella.id)).owner == who


async def test_a_console_gone_silent_is_a_stray_and_only_then(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    unseen = timedelta(seconds=90)
    home.clock.move(seconds=80)
    await home.write(acts.beat, maya.staff, LEASE)
    home.clock.move(seconds=80)
    assert await home.read(acts.strays, unseen) == []
    home.clock.move(seconds=20)
    assert await home.read(acts.strays, unseen) == [(ella.id, 1)]


async def test_going_off_duty_keeps_what_one_holds_and_gives_back_what_rings(home: Home) -> None:
    held = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    ringing = await home.arrives(SAM)
    assert await home.match() == 1
    await home.write(acts.go_off_duty, maya.staff)
    assert (await home.contact(held.id)).owner == maya.staff
    assert (await home.contact(ringing.id)).state is State.WAITING
    assert await load(home, MAYA) == 1
    assert await home.match() == 0


# -- how much one can hold ---------------------------------------------------------------------


async def test_nobody_is_given_more_than_they_can_hold(home: Home) -> None:
    people = (MAYA, TOM, AISHA, MAREK, HANNAH)
    await home.on_duty(*people)
    for person in people:
        for _ in range(person.capacity + 1):
            await home.arrives(ELLA.near(person.hub))
    await asyncio.gather(*(home.match() for _ in range(4)))
    await home.match()
    rows = await home.rows(sa.select(seats))
    assert all(0 <= row.load <= row.capacity for row in rows)
    assert sum(row.load for row in rows) == sum(person.capacity for person in people)
    open_offers = await home.rows(sa.select(offers).where(offers.c.answer == ""))
    assert len(open_offers) == len({row.contact for row in open_offers})


async def test_a_call_takes_a_whole_seat(home: Home) -> None:
    await home.on_duty(MAYA)
    await home.arrives(SAM, Channel.VOICE)
    assert await home.match() == 1
    assert await load(home, MAYA) == MAYA.capacity
    await home.arrives(ELLA)
    assert await home.match() == 0


async def test_a_seat_is_free_again_after_the_wrap_up_and_not_before(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    await home.write(acts.end, ella.id, HowEnded.PERSON_ENDED)
    assert await load(home, MAYA) == 1
    for _ in range(2):
        await home.write(acts.wrap_up, maya, ella.id, ella.assignment_no, WrapUp(type="support"))
    assert await load(home, MAYA) == 0


async def test_whoever_is_written_up_late_frees_a_seat_once(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    other = await home.arrives(SAM)
    await home.match()
    maya = await home.actor(MAYA)
    await home.write(acts.accept, maya.staff, other.id, 1)
    await home.write(acts.end, ella.id, HowEnded.PERSON_ENDED)
    await asyncio.gather(
        *(home.write(acts.wrap_up, maya, ella.id, 1, WrapUp(type="support")) for _ in range(4))
    )
    assert await load(home, MAYA) == 1


# -- the queue and the desk --------------------------------------------------------------------


async def test_asking_for_a_seat_twice_is_once(home: Home) -> None:
    ella = await home.arrives(ELLA)
    before = await place(home, ella)
    home.clock.move(minutes=1)
    await home.write(acts.request_seat, ella.id)
    assert await place(home, ella) == before


async def test_with_nobody_there_it_climbs_to_the_end_of_the_ladder(home: Home) -> None:
    """Never silence: each rung has an end, and the last says so (S2)."""
    ella = await home.arrives(ELLA)
    rungs = []
    for _ in range(2 * len(CUMBRIA.ladder)):
        await home.match()
        row = await place(home, ella)
        assert row.rung_until is not None, "a next step with a deadline"
        rungs.append(row.rung)
        home.clock.move(seconds=600)
    assert rungs == sorted(rungs)
    assert (await place(home, ella)).overflow in ("numbers", "message")
    told = (await home.read(standings, CUMBRIA)).get(ella.id)
    assert told is None or told.overflow
    assert (await home.contact(ella.id)).state is State.WAITING, "and a freed seat still gets it"


async def test_every_decision_is_kept_with_its_reason(home: Home) -> None:
    contact = await offered(home, MAYA)
    rows = await home.rows(
        sa.select(decisions).where(decisions.c.contact == contact.id).order_by(decisions.c.id)
    )
    assert [row.kind for row in rows][-1] == "offer"
    assert all(row.reason for row in rows)


async def test_the_desk_shows_what_rings_what_one_holds_and_who_waits(home: Home) -> None:
    held = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    ringing = await home.arrives(ELLA)
    await home.match()
    waits = await home.arrives(ELLA)
    shown = await home.read(desk, maya, CUMBRIA)
    assert shown.you.on_duty
    assert (shown.you.load, shown.you.capacity) == (2, 2)
    assert [offer.contact.id for offer in shown.offers] == [ringing.id]
    assert [contact.id for contact in shown.with_you] == [held.id]
    assert [(row.contact.id, row.offered_to) for row in shown.waiting] == [
        (ringing.id, maya.staff),
        (waits.id, None),
    ]


async def test_a_visitor_whose_page_is_away_is_not_held_out_and_keeps_the_place(home: Home) -> None:
    ella = await home.arrives(ELLA)
    home.clock.move(seconds=61)
    await home.on_duty(MAYA)
    assert await home.match() == 0
    assert (await place(home, ella)).waits
    assert await home.read(acts.lost_visitors, timedelta(minutes=10)) == []
    home.clock.move(minutes=10)
    assert await home.read(acts.lost_visitors, timedelta(minutes=10)) == [ella.id]
