"""Whoever left without a word keeps their place for ten minutes, and then leaves no way back in."""

from __future__ import annotations

from datetime import timedelta

from app.auth import visitors
from app.cases import acts as contacts
from app.cases import links, signs
from app.cases.model import Contact, State
from app.cases.tables import conversations
from chat import acts as chat
from tests.house import Home
from tests.people import TOM

KEPT = timedelta(minutes=10)
TOKEN = "held in the memory of a page"


async def with_tom(home: Home) -> Contact:
    """A chat in hand whose page holds TOKEN."""
    contact = await home.taken_by(TOM)
    linked = conversations.update().values(visitor_token=visitors.hashed(TOKEN))
    await home.write(lambda work: work.run(linked).rowcount)
    return contact


async def test_the_link_of_a_lost_exit_ends_and_the_contact_stays(home: Home) -> None:
    contact = await with_tom(home)
    assert contact.conversation is not None
    await home.write(signs.lost, {contact.conversation: 0.0})
    home.clock.move(minutes=9)
    assert await home.read(links.left_behind, KEPT) == []
    home.clock.move(minutes=2)
    assert await home.read(links.left_behind, KEPT) == [contact.conversation]
    assert await home.write(links.cut, contact.conversation, KEPT)
    assert not await home.write(links.cut, contact.conversation, KEPT)
    assert await home.read(links.left_behind, KEPT) == []
    now = await home.contact(contact.id)
    assert (now.state, now.owner, now.visitor) == (State.ACTIVE, contact.owner, "lost signal")
    await home.write(chat.leave_with, TOKEN, "end")
    assert (await home.contact(contact.id)).state is State.ACTIVE


async def test_a_page_that_came_back_keeps_its_link(home: Home) -> None:
    contact = await with_tom(home)
    assert contact.conversation is not None
    home.clock.move(minutes=11)
    await home.write(contacts.visitor_is, contact.id, "here")
    assert not await home.write(links.cut, contact.conversation, KEPT)


async def test_a_silent_page_that_is_there_is_never_cut(home: Home) -> None:
    """S13: what counts is whether the page is there, not whether anybody types."""
    contact = await with_tom(home)
    assert contact.conversation is not None
    for _ in range(6):
        home.clock.move(minutes=9)
        await home.write(signs.here, [contact.conversation])
        assert await home.read(links.left_behind, KEPT) == []


async def test_the_sweep_of_any_node_cuts_it(lodge: Home) -> None:
    contact = await with_tom(lodge)
    lodge.clock.move(minutes=11)
    await lodge.house.matcher.sweep_once()
    rows = await lodge.rows(conversations.select().where(conversations.c.contact == contact.id))
    assert [row.visitor_token for row in rows] == [None]
