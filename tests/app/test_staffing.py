"""`frontdoor people`, `password` and `leave`: an operator says who is on the staff."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import people as roll
from app.audit import trail
from app.auth import changing, staff
from app.cases.model import State
from app.definition.people import Person
from app.errors import Conflict, Missing
from routing.tables import rotas, seats, shifts
from tests.app.test_commands import CUMBRIA, Run, frontdoor, keys, one_plain_sentence
from tests.house import Home
from tests.people import CUMBRIA as SERVICE
from tests.people import HANNAH, MAREK, MAYA, SERVICES

__all__ = ["frontdoor", "keys"]

ISLA = """
[[people]]
service = "cumbria"
name = "Isla Reay"
email = "isla@cumbria.example"
role = "advisor"
hub = "penrith"
phone = "+447700900391"
shifts = ["mon-fri 09:00-17:00"]
on_call = ["1 daily 20:00-08:00"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "people.toml"
    file.write_text(ISLA)
    return file


# -- the commands ------------------------------------------------------------------------------


def test_people_join_once_and_each_password_is_shown_once(
    frontdoor: Run, keys: Path, file: Path
) -> None:
    frontdoor("migrate")
    frontdoor("apply", CUMBRIA)
    first = frontdoor("people", file, FRONTDOOR_KEYS=keys)
    assert (first.code, first.err) == (0, "")
    joined, shown_once = first.out.splitlines()
    assert joined.startswith("Isla Reay, isla@cumbria.example joined. First password: ")
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", joined.rpartition(" ")[2])
    assert shown_once == "Hand each password over yourself. It is shown this once."

    again = frontdoor("people", file, FRONTDOOR_KEYS=keys)
    assert again.out.splitlines() == ["Isla Reay, isla@cumbria.example: as before."]
    file.write_text(ISLA.replace("penrith", "kendal"))
    moved = frontdoor("people", file, FRONTDOOR_KEYS=keys)
    assert moved.out.splitlines() == ["Isla Reay, isla@cumbria.example was brought up to date."]


def test_a_password_is_made_anew_and_whoever_leaves_is_told_of(
    frontdoor: Run, keys: Path, file: Path
) -> None:
    frontdoor("migrate")
    frontdoor("apply", CUMBRIA)
    frontdoor("people", file, FRONTDOOR_KEYS=keys)
    isla = "isla@cumbria.example"
    new = [frontdoor("password", isla, FRONTDOOR_KEYS=keys).out for _ in range(2)]
    assert all(told.startswith(f"The new password of {isla}: ") for told in new)
    assert new[0] != new[1]
    assert frontdoor("leave", isla, FRONTDOOR_KEYS=keys).out.startswith(f"{isla} has left.")
    for command in ("leave", "password"):
        told = frontdoor(command, isla, FRONTDOOR_KEYS=keys)
        assert one_plain_sentence(told, f"Nobody with the e-mail {isla} is on the staff")


def test_what_is_missing_or_wrong_is_told_in_plain_words(
    frontdoor: Run, keys: Path, file: Path, tmp_path: Path
) -> None:
    assert one_plain_sentence(frontdoor("people", file), "FRONTDOOR_KEYS")
    told = frontdoor("people", file, FRONTDOOR_KEYS=keys)
    assert one_plain_sentence(told, "frontdoor migrate")
    frontdoor("migrate")
    told = frontdoor("people", file, FRONTDOOR_KEYS=keys)
    assert one_plain_sentence(told, "frontdoor apply FILE")
    frontdoor("apply", CUMBRIA)
    told = frontdoor("people", tmp_path / "none.toml", FRONTDOOR_KEYS=keys)
    assert one_plain_sentence(told, "none.toml", "There is no such file.")
    file.write_text(ISLA.replace("penrith", "penritth"))
    told = frontdoor("people", file, FRONTDOOR_KEYS=keys)
    assert one_plain_sentence(told, "people.toml:7", "penritth", 'Did you mean "penrith"?')


# -- what they do ------------------------------------------------------------------------------


async def entered(home: Home, *people: Person) -> list[roll.Entered]:
    return await roll.enter(home.db, home.keyring, people, SERVICES)


async def test_the_first_password_signs_in_and_a_new_one_ends_every_session(home: Home) -> None:
    isla = replace(MAYA, email="isla@cumbria.example", name="Isla Reay", first="Isla")
    (told,) = await entered(home, isla)
    id_, kept = await home.read(staff.password_of, home.keyring, isla.email)
    assert staff.matches(told.password, kept)
    await home.write(staff.open_session, id_, "a token")
    hashed = staff.hash_password("another password")
    await home.write(changing.new_password, home.keyring, isla.email, hashed)
    assert await home.read(staff.actor_of, home.keyring, "a token") is None
    _, kept = await home.read(staff.password_of, home.keyring, isla.email)
    assert staff.matches("another password", kept)
    assert not staff.matches(told.password, kept)


async def test_shifts_and_turns_on_call_come_with_who_joins_and_stay_as_leads_wrote_them(
    home: Home,
) -> None:
    isla = replace(HANNAH, email="isla@cumbria.example", hub="penrith")
    await entered(home, isla)
    id_ = await home.read(changing.known, home.keyring, isla.email)
    rows = sa.select(shifts.c.id, shifts.c.hub).where(shifts.c.staff == id_)
    planned = await home.rows(rows)
    assert planned
    await entered(home, replace(isla, shifts=(), on_call=(), hub="kendal"))
    kept = await home.rows(rows)
    assert [row.id for row in kept] == [row.id for row in planned]
    assert {row.hub for row in kept} == {"kendal"}
    version = await home.rows(sa.select(rotas.c.version).where(rotas.c.staff == id_))
    assert [row.version for row in version] == [2]


async def test_what_a_file_says_of_somebody_counts_at_once(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    told = replace(MAYA, hub="kendal", role="hub_lead", capacity=4, phone="+447700900399")
    (one,) = await entered(home, told)
    assert (one.how, one.password) == ("changed", "")
    actor = await home.actor(MAYA)
    assert (actor.staff, actor.hub, actor.role.value) == (maya.staff, "kendal", "hub_lead")
    assert await home.read(staff.phone_of, home.keyring, maya.staff) == "+447700900399"
    (seat,) = await home.rows(sa.select(seats.c.hub).where(seats.c.staff == maya.staff))
    assert seat.hub == "kendal"
    (again,) = await entered(home, told)
    assert again.how == "as before"


async def test_a_volunteer_comes_after_their_supervisor_in_whatever_order_they_are_named(
    home: Home,
) -> None:
    lead = replace(HANNAH, email="isla@cumbria.example")
    helper = replace(MAREK, email="ned@cumbria.example", supervisor="isla@cumbria.example")
    await entered(home, helper, lead)
    ned = await home.read(changing.known, home.keyring, helper.email)
    isla = await home.read(changing.known, home.keyring, lead.email)
    assert (await home.read(staff.colleague, home.keyring, ned)).supervisor == isla


async def test_somebody_of_another_service_is_not_taken_from_it(home: Home) -> None:
    other = next(each for each in SERVICES.values() if each.key != SERVICE.key)
    with pytest.raises(Conflict, match="belongs to the service cumbria"):
        await entered(home, replace(MAYA, service=other.key, hub=other.central.key))


async def test_whoever_leaves_is_out_at_once_and_what_they_held_goes_on(home: Home) -> None:
    ella = await home.taken_by(MAYA)
    maya = await home.actor(MAYA)
    await home.write(staff.open_session, maya.staff, "a token")
    await home.write(roll.leave, home.keyring, MAYA.email)
    assert await home.read(staff.actor_of, home.keyring, "a token") is None
    assert (await home.read(staff.password_of, home.keyring, MAYA.email))[0] == ""
    for _ in range(4):
        home.clock.move(seconds=30)
        await home.pages_are_there()
        await home.house.matcher.sweep_once()
    back = await home.contact(ella.id)
    assert (back.state, back.owner) == (State.WAITING, None)
    with pytest.raises(Missing):
        await home.write(roll.leave, home.keyring, MAYA.email)
    (one,) = await entered(home, MAYA)
    assert one.how == "changed", "a file that names them lets them back in"


async def test_every_change_is_in_the_trail(home: Home) -> None:
    maya = await home.actor(MAYA)
    await entered(home, replace(MAYA, capacity=4))
    await home.write(changing.new_password, home.keyring, MAYA.email, "hash")
    await home.write(roll.leave, home.keyring, MAYA.email)
    rows = sa.select(trail.c.verb, trail.c.actor).where(trail.c.object_id == maya.staff)
    told = [(row.actor, row.verb) for row in await home.rows(rows.order_by(trail.c.id))]
    assert told[-4:] == [
        ("operator", "changed"),
        ("operator", "new password"),
        ("operator", "left"),
        (maya.staff, "off duty"),
    ]
