"""A call that is cut and comes again goes to whoever had it: a hint to the router, no more (S6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.cases import access
from app.cases import acts as contacts
from app.cases.model import Channel, Contact, HowEnded, WrapUp
from app.errors import Missing
from routing import acts
from routing.model import Waiting
from routing.reading import waiting_of
from tests.house import Home
from tests.people import CUMBRIA, MAYA, SAM, TOM, Caller
from tests.routing.rows import asked

WITHHELD = replace(SAM, number=None)
OTHER = replace(SAM, number="+447700900124")


async def cut_off(home: Home, caller: Caller = SAM) -> Contact:
    """Tom talks with them, and the line goes dead."""
    tom = await home.on_duty(TOM)
    first = await home.arrives(caller, Channel.VOICE)
    await home.match()
    offer = await home.contact(first.id)
    await home.write(acts.accept, tom.staff, first.id, offer.offer_no)
    await home.write(acts.end, first.id, HowEnded.PERSON_ENDED)
    await home.write(acts.wrap_up, tom, first.id, 1, WrapUp(type="support"))
    return first


async def waits(home: Home, contact: Contact) -> Waiting:
    rows = await home.read(lambda work: waiting_of(work, CUMBRIA, central_staffed=True))
    return next(one for one in rows if one.contact == contact.id)


async def test_within_ten_minutes_the_same_advisor_is_asked_first(home: Home) -> None:
    near = SAM.near("central")
    first = await cut_off(home, near)
    maya, tom = await home.on_duty(MAYA), await home.actor(TOM)
    home.clock.move(minutes=9)
    await home.on_duty(MAYA, TOM)
    again = await home.arrives(SAM, Channel.VOICE)
    assert (await waits(home, again)).last == tom.staff
    assert again.hub == maya.hub, "where Maya is nearer"
    await home.match()
    assert await asked(home, again) == tom.staff
    assert again.id != first.id, "a contact of its own: nothing of the first is joined to it"
    assert again.case is None


async def test_later_or_from_another_number_or_none_it_is_nobody(home: Home) -> None:
    await cut_off(home, SAM.near("central"))
    for caller in (OTHER, WITHHELD):
        assert (await waits(home, await home.arrives(caller, Channel.VOICE))).last == ""
    home.clock.move(minutes=10, seconds=1)
    assert (await waits(home, await home.arrives(SAM, Channel.VOICE))).last == ""


async def test_two_withheld_numbers_are_two_people(home: Home) -> None:
    await cut_off(home, WITHHELD.near("central"))
    assert (await waits(home, await home.arrives(WITHHELD, Channel.VOICE))).last == ""


async def test_another_line_or_a_text_is_no_ringing_again(home: Home) -> None:
    await cut_off(home, SAM.near("central"))
    text = await home.arrives(SAM, Channel.SMS)
    assert (await waits(home, text)).last == ""
    opening = replace(SAM.opening(Channel.VOICE), line="another")
    other = await home.write(contacts.arrive, home.keyring, opening)
    await home.write(acts.request_seat, other.id)
    assert (await waits(home, other)).last == ""


async def test_whoever_is_asked_first_reads_nothing_of_the_call_before(home: Home) -> None:
    """Tom had it, from a hub that is not his; Maya, who takes it the next time, sees one call."""
    first = await cut_off(home, SAM.near("central"))
    maya = await home.on_duty(MAYA)
    again = await home.arrives(SAM, Channel.VOICE)
    assert (await home.write(access.open_contact, maya, again.id)).id == again.id
    with pytest.raises(Missing):
        await home.write(access.open_contact, maya, first.id)
