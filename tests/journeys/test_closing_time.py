"""17:00, four chats are open and two shifts end: none is dropped, and nobody tells it twice."""

from __future__ import annotations

from datetime import time

from app import ids
from app.cases import notices
from app.cases.model import Contact, HowEnded, State, WrapUp
from app.cases.notices import Kind
from app.definition.people import Person
from routing import acts, duty, handing
from routing.presence import state_of
from routing.reading import facts_of
from routing.warning import Warner
from tests.house import Home
from tests.people import AISHA, CUMBRIA, ELLA, HANNAH, MAYA, TOM
from tests.routing.rows import asked, lines
from tests.routing.test_roster import writes

DAY = (time(9), time(17))


async def test_four_chats_at_the_end_of_two_shifts(home: Home) -> None:
    # Maya and Aisha work until five. Each has two chats, and has said hello in each.
    for who in (MAYA, AISHA):
        await writes(home, HANNAH, who, home.clock.now().date(), DAY)
    maya, aisha = await home.actor(MAYA), await home.actor(AISHA)
    chats = [await chat(home, who) for who in (MAYA, MAYA, AISHA, AISHA)]

    # 16:25. A chat of Maya's ends: half an hour before the end she still takes the next one.
    await time_passes(home, hours=4, minutes=25)
    assert await presence(home, MAYA) == ("busy", "2 of 2 places used")
    await ends(home, MAYA, chats[0])
    chats[0] = await chat(home, MAYA)

    # 16:46. Another ends; nothing new comes to her now, and the console says why.
    await time_passes(home, minutes=21)
    await ends(home, MAYA, chats[1])
    assert (await presence(home, MAYA))[1].startswith("Your shift ends at 17:00.")
    tom = await home.on_duty(TOM)
    late = await home.arrives(ELLA)
    assert await home.match() == 1
    assert await asked(home, late) == tom.staff
    await home.write(acts.accept, tom.staff, late.id, (await home.contact(late.id)).offer_no)

    # 17:01. Both shifts are over. Three chats are still open, each with its advisor.
    await time_passes(home, minutes=15)
    assert (await presence(home, MAYA))[0] == "offline"
    assert [await held(home, each) for each in (chats[0], chats[2], chats[3])] == [
        (State.ACTIVE, maya.staff),
        (State.ACTIVE, aisha.staff),
        (State.ACTIVE, aisha.staff),
    ]
    assert await lines(home, chats[0]) == ["Hello."]
    warner = Warner(home.house.ground)
    assert await paged(home, warner) == {chats[0].id, chats[2].id, chats[3].id}

    # Maya hands hers to Tom: the same conversation, told once, and he reads all of it.
    await home.write(handing.ask, maya, CUMBRIA, chats[0].id, await number(home, chats[0]),
                     tom.staff, "Tom")  # fmt: skip
    offer_no = (await home.contact(chats[0].id)).offer_no
    transcript = home.house.transcript
    await home.write(handing.accept, transcript, tom, CUMBRIA, chats[0].id, offer_no, ids.new())
    assert await held(home, chats[0]) == (State.ACTIVE, tom.staff)
    assert (await lines(home, chats[0]))[0] == "Hello."

    # Aisha ends one in her own time, and gives the other to the central hub's queue.
    await home.says(chats[2], f"staff:{aisha.staff}", "Take care. Ring us at any time.")
    await home.write(acts.end, chats[2].id, HowEnded.ADVISOR_ENDED)
    await home.write(handing.to_queue, transcript, aisha, CUMBRIA, chats[3].id,
                     await number(home, chats[3]), "central", ids.new())  # fmt: skip
    waiting = await home.contact(chats[3].id)
    assert (waiting.state, waiting.conversation) == (State.WAITING, chats[3].conversation)
    assert await paged(home, warner) == set()
    hannah = await home.on_duty(HANNAH)
    assert await home.match() == 1
    assert await asked(home, chats[3]) == hannah.staff


async def chat(home: Home, who: Person) -> Contact:
    """A chat they were offered, have accepted, and have said hello in."""
    contact = await home.taken_by(who, ELLA.near(who.hub))
    actor = await home.actor(who)
    assert contact.owner == actor.staff
    await home.says(contact, f"staff:{actor.staff}", "Hello.")
    return contact


async def ends(home: Home, who: Person, contact: Contact) -> None:
    """Ended by the advisor and wrapped up."""
    await home.write(acts.end, contact.id, HowEnded.ADVISOR_ENDED)
    actor, which = await home.actor(who), await number(home, contact)
    await home.write(acts.wrap_up, actor, contact.id, which, WrapUp(type="support"))


async def time_passes(home: Home, **by: float) -> None:
    """Everybody's page stays open meanwhile."""
    home.clock.move(**by)
    await home.pages_are_there()
    for who in (MAYA, AISHA, TOM):
        await home.write(duty.beat, (await home.actor(who)).staff, 60)


async def presence(home: Home, who: Person) -> tuple[str, str]:
    actor = await home.actor(who)
    facts = await home.read(facts_of, actor.staff, CUMBRIA)
    return state_of(facts, home.clock.now())


async def held(home: Home, contact: Contact) -> tuple[State, str | None]:
    now = await home.contact(contact.id)
    return now.state, now.owner


async def number(home: Home, contact: Contact) -> int:
    return (await home.contact(contact.id)).assignment_no


async def paged(home: Home, warner: Warner) -> set[str | None]:
    """The contacts a lead is told of."""
    await warner.look({"cumbria": CUMBRIA})
    told = await home.read(notices.open_notices, await home.actor(HANNAH))
    return {each.contact for each in told if each.kind is Kind.UNACCEPTED_AT_CLOSING}
