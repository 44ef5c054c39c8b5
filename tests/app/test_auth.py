"""Staff sign in, hold a session, and open one socket with one ticket; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import ids
from app.audit import trail
from app.auth import staff
from app.auth.policy import ALLOWED, EVERY_HUB, Action, Actor, Role
from app.auth.tables import sessions, tickets
from app.auth.tables import staff as staff_table
from app.db import Work
from app.demo import PASSWORD
from app.errors import Refused, Wrong
from tests.house import Home
from tests.people import HANNAH, MAYA, TOM


async def signed_in(home: Home) -> tuple[Actor, str]:
    """Maya with a session. Returns her and its token."""
    maya, token = await home.actor(MAYA), ids.token()
    await home.write(staff.open_session, maya.staff, token)
    return maya, token


async def whose(home: Home, token: str) -> Actor | None:
    return await home.read(staff.actor_of, home.keyring, token)


async def verbs(home: Home, who: str) -> list[str]:
    rows = await home.rows(
        sa.select(trail.c.verb).where(trail.c.object_id == who).order_by(trail.c.id)
    )
    return [row.verb for row in rows]


async def leaves(home: Home, who: Actor) -> None:
    def deactivate(work: Work) -> None:
        work.run(staff_table.update().where(staff_table.c.id == who.staff).values(active=False))

    await home.write(deactivate)


# -- joining and passwords ------------------------------------------------------------------------


async def test_whoever_joined_is_known_by_name_and_sealed_on_disk(home: Home) -> None:
    maya = await home.actor(MAYA)
    assert (maya.first_name, maya.name, maya.role, maya.hub) == (
        "Maya", "Maya Okafor", Role.ADVISOR, "penrith",
    )  # fmt: skip
    (row,) = await home.rows(sa.select(staff_table).where(staff_table.c.id == maya.staff))
    assert b"Maya" not in bytes(row.first_name)
    assert b"maya@" not in bytes(row.email_index)
    assert await home.read(staff.phone_of, home.keyring, maya.staff) == MAYA.phone


async def test_joining_twice_is_once(home: Home) -> None:
    joining = staff.Joining(
        ids.new(), "cumbria", "penrith", Role.ADVISOR, " MAYA@cumbria.example ", "Maya",
        "Maya Again", None, (), ("en",), 2,
    )  # fmt: skip
    assert await home.write(staff.join, home.keyring, joining, "hash") is False


def test_a_short_password_is_refused() -> None:
    with pytest.raises(Wrong, match="12"):
        staff.hash_password("eleven char")
    assert staff.matches("twelve chars", staff.hash_password("twelve chars"))


async def test_unknown_and_wrong_are_answered_alike(home: Home) -> None:
    """Both are measured against a hash of the same cost, so that neither is quicker."""
    known_id, known = await home.read(staff.password_of, home.keyring, MAYA.email)
    unknown_id, unknown = await home.read(staff.password_of, home.keyring, "nobody@here.example")
    assert staff.matches(PASSWORD, known)
    assert not staff.matches("not her password", known)
    assert not staff.matches(PASSWORD, unknown)
    assert known.split("$")[:4] == unknown.split("$")[:4], "the same cost"
    assert (known_id != "", unknown_id) == (True, "")


async def test_an_email_is_the_same_however_it_is_typed(home: Home) -> None:
    plain = await home.read(staff.password_of, home.keyring, "maya@cumbria.example")
    typed = await home.read(staff.password_of, home.keyring, "  Maya@Cumbria.example ")
    assert plain == typed


async def test_whoever_has_left_cannot_sign_in(home: Home) -> None:
    maya = await home.actor(MAYA)
    await leaves(home, maya)
    assert (await home.read(staff.password_of, home.keyring, MAYA.email))[0] == ""


async def test_signing_in_out_and_being_refused_are_in_the_trail(home: Home) -> None:
    maya, token = await signed_in(home)
    await home.write(staff.refuse_sign_in, maya.staff)
    await home.write(staff.refuse_sign_in, "")
    await home.write(staff.close_session, token)
    assert (await verbs(home, maya.staff))[-3:] == ["signed in", "sign-in refused", "signed out"]
    assert await verbs(home, "unknown") == ["sign-in refused"]


# -- sessions --------------------------------------------------------------------------------------


async def test_a_session_tells_who_it_is_and_only_its_hash_is_kept(home: Home) -> None:
    maya, token = await signed_in(home)
    assert await whose(home, token) == maya
    assert await whose(home, "another") is None
    (row,) = await home.rows(sa.select(sessions))
    assert token.encode() not in bytes(row.token_hash)


async def test_an_idle_session_ends_and_a_used_one_goes_on(home: Home) -> None:
    maya, token = await signed_in(home)
    for _ in range(3):
        home.clock.move(seconds=(staff.IDLE - timedelta(seconds=30)).total_seconds())
        assert await whose(home, token) == maya
        await home.write(staff.touch, token)
    home.clock.move(seconds=(staff.IDLE + timedelta(seconds=1)).total_seconds())
    assert await whose(home, token) is None


async def test_no_session_outlives_a_long_shift(home: Home) -> None:
    _, token = await signed_in(home)
    for _ in range(int(staff.LONGEST / staff.IDLE) * 2 + 1):
        home.clock.move(seconds=staff.IDLE.total_seconds() / 2)
        await home.write(staff.touch, token)
    assert await whose(home, token) is None


async def test_signing_out_ends_the_session_and_its_tickets(home: Home) -> None:
    maya, token = await signed_in(home)
    ticket = ids.token()
    await home.write(staff.make_ticket, token, ticket)
    assert await home.write(staff.close_session, token) == maya.staff
    assert await whose(home, token) is None
    assert await home.write(staff.close_session, token) is None
    with pytest.raises(Refused):
        await home.write(staff.use_ticket, home.keyring, ticket)


async def test_whoever_leaves_the_service_is_out_at_once(home: Home) -> None:
    maya, token = await signed_in(home)
    ticket = ids.token()
    await home.write(staff.make_ticket, token, ticket)
    await leaves(home, maya)
    assert await whose(home, token) is None
    with pytest.raises(Refused):
        await home.write(staff.use_ticket, home.keyring, ticket)
    with pytest.raises(Refused):
        await home.write(staff.make_ticket, token, ids.token())


# -- tickets ---------------------------------------------------------------------------------------


async def test_a_ticket_opens_once(home: Home) -> None:
    maya, token = await signed_in(home)
    ticket = ids.token()
    await home.write(staff.make_ticket, token, ticket)
    assert await home.write(staff.use_ticket, home.keyring, ticket) == maya
    with pytest.raises(Refused):
        await home.write(staff.use_ticket, home.keyring, ticket)


async def test_a_ticket_is_good_for_thirty_seconds(home: Home) -> None:
    _, token = await signed_in(home)
    good, late = ids.token(), ids.token()
    await home.write(staff.make_ticket, token, good)
    await home.write(staff.make_ticket, token, late)
    home.clock.move(seconds=25)
    await home.write(staff.use_ticket, home.keyring, good)
    home.clock.move(seconds=6)
    with pytest.raises(Refused):
        await home.write(staff.use_ticket, home.keyring, late)


async def test_only_a_living_session_makes_tickets(home: Home) -> None:
    _, token = await signed_in(home)
    with pytest.raises(Refused):
        await home.write(staff.make_ticket, "another", ids.token())
    home.clock.move(seconds=(staff.IDLE + timedelta(seconds=1)).total_seconds())
    with pytest.raises(Refused):
        await home.write(staff.make_ticket, token, ids.token())


async def test_old_tickets_are_swept_away(home: Home) -> None:
    _, token = await signed_in(home)
    await home.write(staff.make_ticket, token, ids.token())
    home.clock.move(seconds=60)
    await home.write(staff.make_ticket, token, ids.token())
    assert len(await home.rows(sa.select(tickets))) == 1


# -- roles -----------------------------------------------------------------------------------------


def test_every_role_says_what_it_may_and_the_rest_is_denied() -> None:
    assert set(ALLOWED) == set(Role)
    assert ALLOWED[Role.ADMIN] == frozenset(), "whoever runs it reads no story"
    assert Action.READ_CONTACTS not in ALLOWED[Role.VOLUNTEER]


def test_everyone_sees_their_own_hub_but_a_supervisor() -> None:
    for role in Role:
        who = Actor("id", "Maya", "Maya Okafor", role, "cumbria", "penrith")
        assert who.hubs == (None if role in EVERY_HUB else frozenset({"penrith"}))


async def test_the_lead_of_a_hub_is_one(home: Home) -> None:
    assert (await home.actor(HANNAH)).role is Role.HUB_LEAD
    assert (await home.actor(TOM)).role is Role.ADVISOR
