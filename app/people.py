"""The people of a file join with their shifts, or are brought up to date. Twice changes nothing.

A file tells who somebody is. The rota of whoever is here already stays as the leads wrote it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app import ids
from app.auth import changing
from app.auth.policy import Role
from app.auth.skills import with_levels
from app.auth.staff import Joining, hash_password, join
from app.bus import Hint
from app.db import Database, Work
from app.definition.model import Service
from app.definition.people import Person
from app.keyring import Keyring
from routing.duty import go_off_duty
from routing.planning import Whose, move_all_on, plant_rules
from routing.tables import seats, shifts

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody takes for another when they are read out."""


@dataclass(frozen=True)
class Entered:
    """What became of one person; `password` is the first one, "" for who was here before."""

    person: Person
    how: Literal["joined", "changed", "as before"]
    password: str = ""

    def __str__(self) -> str:
        who = f"{self.person.name}, {self.person.email}"
        if self.how == "joined":
            return f"{who} joined. First password: {self.password}"
        return f"{who} was brought up to date." if self.how == "changed" else f"{who}: as before."


async def enter(
    db: Database, keyring: Keyring, people: Sequence[Person], services: Mapping[str, Service]
) -> list[Entered]:
    """Everyone of the file, supervisors before those whom they supervise."""
    entered = []
    for person in supervisors_first(people):
        password = new_password()
        hashed = hash_password(password)
        service = services[person.service]
        how = await db.write(
            enter_one, keyring, person, service, hashed, ids.new(), row_ids(person)
        )
        entered.append(Entered(person, how, password if how == "joined" else ""))
    return entered


def enter_one(
    work: Work,
    keyring: Keyring,
    person: Person,
    service: Service,
    hashed: str,
    id_: str,
    new_ids: Sequence[str],
) -> Literal["joined", "changed", "as before"]:
    """`id_` is used for somebody new alone, and so are `hashed` and `new_ids` (see row_ids)."""
    before = changing.known(work, keyring, person.email)
    supervisor = changing.known(work, keyring, person.supervisor) if person.supervisor else ""
    who = _as_joining(person, before or id_, supervisor)
    if not before:
        join(work, keyring, who, hashed)
        _plant(work, Whose(id_, person.hub), person, service, new_ids)
        return "joined"
    if not changing.bring_up_to_date(work, keyring, who):
        return "as before"
    for table in (seats, shifts):
        work.run(table.update().where(table.c.staff == before).values(hub=person.hub))
    move_all_on(work, service.key, [before])
    work.announce(Hint("seat", before))
    return "changed"


def leave(work: Work, keyring: Keyring, email: str) -> None:
    """They are signed out and off duty at once. What they held goes to the front of its queue."""
    go_off_duty(work, changing.leaves(work, keyring, email))


def supervisors_first(people: Sequence[Person]) -> list[Person]:
    return sorted(people, key=lambda each: each.role == "volunteer")


def row_ids(person: Person) -> list[str]:
    """Seven for each weekly rule: one for each day it may have."""
    return [ids.new() for _ in range(7 * (len(person.shifts) + len(person.on_call)))]


def new_password() -> str:
    """Twenty letters in fives: 99 bits, and easy to read out."""
    fives = ("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(fives)


def _plant(
    work: Work, whose: Whose, person: Person, service: Service, new_ids: Sequence[str]
) -> None:
    plant_rules(work, whose, person.shifts, service.key, new_ids)
    left = new_ids[7 * len(person.shifts) :]
    for tier, rule in person.on_call:
        plant_rules(work, whose, [rule], service.key, left[:7], tier)
        left = left[7:]
    move_all_on(work, service.key, [whose.staff])


def _as_joining(person: Person, id_: str, supervisor: str) -> Joining:
    return Joining(
        id=id_, service=person.service, hub=person.hub, role=Role(person.role), email=person.email,
        first_name=person.first, name=person.name, phone=person.phone,
        skills=with_levels(person.skills), languages=person.languages, capacity=person.capacity,
        gender=person.gender, supervisor=supervisor, lapses=dict(person.lapses),
        vetted_until=person.vetted_until,
    )  # fmt: skip
