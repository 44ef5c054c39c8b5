"""A lone advisor takes somebody who waits: own act, one winner, the reason kept."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from app.cases.model import Channel, HowEnded, State, WrapUp
from app.errors import Missing, Refused, Stale
from routing import acts, breaks
from routing.pulling import pull
from routing.tables import decisions
from tests.house import Home
from tests.people import CUMBRIA, ELLA, MAREK, MAYA, SAM, SERVICES, TOM
from tests.routing.rows import places_used, takes, verbs


async def test_a_full_advisor_pulls_one_more_and_the_seat_grows_for_that_contact_alone(
    home: Home,
) -> None:
    await home.on_duty(MAYA)
    first, _ = await takes(home, MAYA), await takes(home, MAYA)
    maya = await home.actor(MAYA)
    waits = await home.arrives(SAM)
    assert await home.match() == 0, "nobody has a place"

    taken = await home.write(pull, maya, CUMBRIA, waits.id, waits.offer_no)
    pulled = await home.contact(waits.id)
    assert (pulled.state, pulled.owner, taken.assignment_no) == (State.ACTIVE, maya.staff, 1)
    assert await places_used(home, MAYA) == (3, 3)
    kept = await home.rows(sa.select(decisions).where(decisions.c.contact == waits.id))
    assert (kept[-1].kind, kept[-1].reason) == (
        "pulled", "Maya pulled it: 2 of 2 places were used.",
    )  # fmt: skip
    assert "pulled" in await verbs(home, pulled)

    # Once another is written up the seat is its own size again: no fourth is offered.
    await home.write(acts.end, first.id, HowEnded.PERSON_ENDED)
    await home.write(acts.wrap_up, maya, first.id, first.assignment_no, WrapUp(type="support"))
    assert await places_used(home, MAYA) == (2, 2)
    await home.arrives(ELLA)
    assert await home.match() == 0


async def test_of_two_who_pull_at_once_one_wins(home: Home) -> None:
    waits = await home.arrives(ELLA)
    maya, tom = await home.on_duty(MAYA), await home.on_duty(TOM)
    answers = await asyncio.gather(
        home.write(pull, maya, CUMBRIA, waits.id, waits.offer_no),
        home.write(pull, tom, CUMBRIA, waits.id, waits.offer_no),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in answers) == ["Assigned", "Stale"]
    used = [await places_used(home, who) for who in (MAYA, TOM)]
    assert sorted(used) == [(0, 2), (1, 2)]


async def test_pulling_twice_is_once(home: Home) -> None:
    waits = await home.arrives(ELLA)
    maya = await home.on_duty(MAYA)
    taken = [await home.write(pull, maya, CUMBRIA, waits.id, waits.offer_no) for _ in range(2)]
    assert taken[0] == taken[1]
    assert await places_used(home, MAYA) == (1, 2)


async def test_what_rings_at_a_colleague_is_theirs_and_what_rings_here_is_taken(home: Home) -> None:
    await home.on_duty(MAYA)
    waits = await home.arrives(ELLA)
    assert await home.match() == 1
    ringing = await home.contact(waits.id)
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    with pytest.raises(Stale, match="offered to a colleague"):
        await home.write(pull, tom, CUMBRIA, ringing.id, ringing.offer_no)
    await home.write(pull, maya, CUMBRIA, ringing.id, ringing.offer_no)
    assert (await home.contact(waits.id)).owner == maya.staff
    assert await places_used(home, MAYA) == (1, 2)


async def test_an_old_look_at_the_queue_pulls_nobody(home: Home) -> None:
    waits = await home.arrives(ELLA)
    maya = await home.on_duty(MAYA)
    await home.match()
    await home.write(acts.decline, maya.staff, waits.id, 1)
    with pytest.raises(Stale):
        await home.write(pull, maya, CUMBRIA, waits.id, 0)


async def test_whoever_rests_may_pull_and_is_back(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    await home.write(breaks.start, maya.staff, "meal")
    waits = await home.arrives(ELLA)
    assert await home.match() == 0
    await home.write(pull, maya, CUMBRIA, waits.id, waits.offer_no)
    await home.arrives(SAM)
    assert await home.match() == 1


async def test_pulling_needs_duty_the_same_service_and_a_free_phone(home: Home) -> None:
    waits = await home.arrives(ELLA)
    maya = await home.actor(MAYA)
    await home.write(acts.go_off_duty, maya.staff)
    with pytest.raises(Refused, match="Go on duty"):
        await home.write(pull, maya, CUMBRIA, waits.id, waits.offer_no)
    await home.on_duty(MAYA)
    calls = [await home.arrives(SAM, Channel.VOICE) for _ in range(2)]
    await home.write(pull, maya, CUMBRIA, calls[0].id, 0)
    with pytest.raises(Refused, match="One call at a time"):
        await home.write(pull, maya, CUMBRIA, calls[1].id, 0)
    elsewhere = next(one for one in SERVICES.values() if one.key != CUMBRIA.key)
    assert elsewhere.key != waits.service
    with pytest.raises(Missing):
        await home.write(pull, maya, CUMBRIA, "0" * 32, 0)


async def test_a_volunteer_pulls_nobody_while_their_supervisor_is_away(home: Home) -> None:
    waits = await home.arrives(ELLA)
    marek = await home.on_duty(MAREK)
    with pytest.raises(Refused, match=r"supervisor is not at a desk|do not take this need"):
        await home.write(pull, marek, CUMBRIA, waits.id, waits.offer_no)
