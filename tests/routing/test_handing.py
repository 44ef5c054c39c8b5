"""A chat goes to a colleague or to a queue: never in nobody's hands, never told twice."""

from __future__ import annotations

import asyncio

import pytest

from app import ids
from app.cases import notes
from app.cases.model import Channel, HowEnded, State
from app.errors import Missing, Refused, Stale
from routing import acts, breaks, handing, pulling
from tests.house import Home
from tests.people import AISHA, CUMBRIA, HANNAH, MAREK, MAYA, SAM, TOM
from tests.routing.rows import asked, lines, place, places_used, takes


async def test_a_colleague_takes_over_and_the_person_reads_who_comes(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    await home.says(ella, f"staff:{maya.staff}", "Hello, I'm Maya.")
    await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    held = await home.contact(ella.id)
    assert (held.owner, held.state) == (maya.staff, State.ACTIVE), "she keeps it until he accepts"
    await home.says(ella, f"staff:{maya.staff}", "Tom is coming.")

    await home.write(
        handing.accept, home.house.transcript, tom, CUMBRIA, ella.id, held.offer_no, ids.new()
    )
    ella = await home.contact(ella.id)
    assert (ella.owner, ella.assignment_no, ella.state) == (tom.staff, 2, State.ACTIVE)
    assert await lines(home, ella) == [
        "Hello, I'm Maya.",
        "Tom is coming.",
        "Tom will take over. Tom can read all of this. You need not say it again.",
    ]
    assert (await places_used(home, MAYA))[0] == 0
    assert (await places_used(home, TOM))[0] == 1
    await home.says(ella, f"staff:{tom.staff}", "Hello, I'm Tom.")
    with pytest.raises(Refused):
        await home.says(ella, f"staff:{maya.staff}", "And me.")


async def test_accepting_twice_is_once_and_the_line_stands_once(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    offer_no, line = (await home.contact(ella.id)).offer_no, ids.new()
    taken = await asyncio.gather(
        *(
            home.write(handing.accept, home.house.transcript, tom, CUMBRIA, ella.id, offer_no, line)
            for _ in range(3)
        )
    )
    assert len(set(taken)) == 1
    assert len(await lines(home, ella)) == 1
    assert (await places_used(home, TOM))[0] == 1


async def test_declined_or_gone_by_it_stays_with_the_giver(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    await home.write(acts.decline, tom.staff, ella.id, (await home.contact(ella.id)).offer_no)
    assert (await places_used(home, TOM))[0] == 0
    await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    late = (await home.contact(ella.id)).offer_no
    home.clock.move(seconds=handing.SECONDS + 1)
    assert await home.write(acts.lapse) == 1
    with pytest.raises(Stale):
        await home.write(
            handing.accept, home.house.transcript, tom, CUMBRIA, ella.id, late, ids.new()
        )
    kept = await home.contact(ella.id)
    assert (kept.owner, kept.assignment_no, kept.state) == (maya.staff, 1, State.ACTIVE)
    assert await lines(home, ella) == []


async def test_what_ended_or_was_lost_meanwhile_is_not_taken_over(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    offer_no = (await home.contact(ella.id)).offer_no
    await home.write(acts.release, ella.id, 1, "advisor lost")
    assert (await places_used(home, TOM))[0] == 0
    with pytest.raises(Stale):
        await home.write(
            handing.accept, home.house.transcript, tom, CUMBRIA, ella.id, offer_no, ids.new()
        )
    assert await home.match() == 1, "and it goes on from the front of the queue"
    await home.write(acts.end, ella.id, HowEnded.PERSON_ENDED)


async def test_a_volunteer_takes_over_only_while_their_supervisor_is_there(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, hannah, marek = (
        await home.actor(MAYA),
        await home.on_duty(HANNAH),
        await home.actor(MAREK),
    )
    await home.on_duty(MAREK)
    await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, marek.staff, "Marek")
    offer_no = (await home.contact(ella.id)).offer_no
    await home.write(acts.go_off_duty, hannah.staff)
    press = (home.house.transcript, marek, CUMBRIA, ella.id, offer_no, ids.new())
    with pytest.raises(Refused, match="Your supervisor is not at a desk"):
        await home.write(handing.accept, *press)
    assert (await home.contact(ella.id)).owner == maya.staff
    await home.on_duty(HANNAH)
    await home.write(handing.accept, *press)
    assert (await home.contact(ella.id)).owner == marek.staff


async def test_only_its_owner_gives_it_and_only_to_somebody_who_can_take_it(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom, aisha = [await home.actor(each) for each in (MAYA, TOM, AISHA)]
    with pytest.raises(Missing):
        await home.write(handing.ask, tom, CUMBRIA, ella.id, 1, aisha.staff, "Aisha")
    await home.write(acts.go_off_duty, tom.staff)
    with pytest.raises((Missing, Refused)):
        await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    await home.on_duty(TOM)
    with pytest.raises(Stale):
        await home.write(handing.ask, maya, CUMBRIA, ella.id, 2, tom.staff, "Tom")
    await home.write(breaks.start, tom.staff, "meal")
    with pytest.raises(Refused, match="Tom cannot take it now: On a break: a meal"):
        await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    assert await asked(home, ella) is None


async def test_a_call_is_handed_to_a_colleague_like_a_chat(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    call = await home.arrives(SAM, Channel.VOICE)
    await home.match()
    await home.write(acts.accept, maya.staff, call.id, 1)
    tom = await home.on_duty(TOM)
    await home.write(handing.ask, maya, CUMBRIA, call.id, 1, tom.staff, "Tom")
    assert await asked(home, call) == tom.staff
    assert (await places_used(home, TOM))[0] == TOM.capacity, "a call takes the whole seat"
    offer_no = (await home.contact(call.id)).offer_no
    press = (home.house.transcript, tom, CUMBRIA, call.id, offer_no, ids.new())
    await home.write(handing.accept, *press)
    assert (await home.contact(call.id)).owner == tom.staff
    assert (await places_used(home, MAYA))[0] == 0


async def test_nobody_is_put_on_two_lines(home: Home) -> None:
    """Tom is asked to take a call over; before he presses, he pulls another."""
    maya = await home.on_duty(MAYA)
    call = await home.arrives(SAM, Channel.VOICE)
    await home.match()
    await home.write(acts.accept, maya.staff, call.id, 1)
    tom = await home.on_duty(TOM)
    await home.write(handing.ask, maya, CUMBRIA, call.id, 1, tom.staff, "Tom")
    other = await home.arrives(SAM.near("central"), Channel.VOICE)
    await home.write(pulling.pull, tom, CUMBRIA, other.id, 0)
    offer_no = (await home.contact(call.id)).offer_no
    with pytest.raises(Refused, match="You are on a call"):
        await home.write(
            handing.accept, home.house.transcript, tom, CUMBRIA, call.id, offer_no, ids.new()
        )
    assert (await home.contact(call.id)).owner == maya.staff


async def test_to_a_queue_it_goes_to_the_front_and_not_back_to_the_giver(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    home.clock.move(minutes=5)
    await home.write(acts.beat, maya.staff, 60)
    await home.arrives(SAM)
    await home.write(
        handing.to_queue, home.house.transcript, maya, CUMBRIA, ella.id, 1, "central", ids.new()
    )
    row = await place(home, ella)
    assert (row.waits, row.front, row.hub) == (True, True, "central")
    assert await lines(home, ella) == [
        f"Someone at {CUMBRIA.central.name} will take over. You are first in line. "
        "They can read all of this."
    ]
    await home.pages_are_there()
    tom = await home.on_duty(TOM)
    await home.match()
    assert await asked(home, ella) == tom.staff
    assert (await home.contact(ella.id)).hub == ella.hub, "it belongs to its own hub all the same"


async def test_an_advisor_back_from_a_blip_is_asked_first_for_their_own(home: Home) -> None:
    """Lost, released, nobody has it yet: the one who knows the story is asked."""
    await home.on_duty(TOM)
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    assert (await home.contact(ella.id)).owner == maya.staff
    await home.write(acts.release, ella.id, 1, "advisor lost")
    await home.pages_are_there()
    await home.match()
    assert await asked(home, ella) == maya.staff


async def test_whoever_takes_over_reads_the_notes_and_the_giver_writes_none(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya, tom = await home.actor(MAYA), await home.on_duty(TOM)
    assert ella.conversation is not None
    pack = bytes.fromhex(ids.new())
    await home.write(notes.keep, home.keyring, ella.conversation, maya.staff, pack, "He has a key.")
    await home.write(handing.ask, maya, CUMBRIA, ella.id, 1, tom.staff, "Tom")
    offer_no = (await home.contact(ella.id)).offer_no
    await home.write(
        handing.accept, home.house.transcript, tom, CUMBRIA, ella.id, offer_no, ids.new()
    )
    [note] = await home.read(notes.after, home.keyring, ella.conversation, 0)
    assert (note.text, note.author) == ("He has a key.", maya.staff)
    assert "He has a key." not in await lines(home, ella)
    with pytest.raises(Refused):
        await home.write(
            notes.keep, home.keyring, ella.conversation, maya.staff, bytes(16), "More."
        )


async def test_two_chats_at_once_go_to_two_colleagues(home: Home) -> None:
    await home.on_duty(MAYA)
    chats = [await takes(home, MAYA), await takes(home, MAYA, SAM)]
    maya = await home.actor(MAYA)
    others = [await home.on_duty(TOM), await home.on_duty(AISHA)]
    for chat, who in zip(chats, others, strict=True):
        await home.write(handing.ask, maya, CUMBRIA, chat.id, 1, who.staff, "A colleague")
        offer_no = (await home.contact(chat.id)).offer_no
        await home.write(
            handing.accept, home.house.transcript, who, CUMBRIA, chat.id, offer_no, ids.new()
        )
    owners = [(await home.contact(chat.id)).owner for chat in chats]
    assert owners == [who.staff for who in others]
