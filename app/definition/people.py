"""The invented people of the demo: who is on duty where, so that someone answers. Pure.

Staff are not part of a definition; this file only seeds `frontdoor demo` and tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from app.definition.check import parse
from app.definition.model import Service
from app.definition.number import why_not
from app.definition.problem import Problem, did_you_mean
from app.definition.reading import Reading, Table
from app.definition.rules.keys import check_languages, check_named, repeated
from app.definition.shape import one_of

Role = Literal["volunteer", "advisor", "hub_lead"]
ROLES: tuple[Role, ...] = get_args(Role)

_EMAIL = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Person:
    """`first` is all a visitor ever sees. `skills` are those the crimes of the service ask for."""

    service: str
    name: str
    first: str
    email: str
    role: Role
    hub: str
    phone: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    capacity: int = 2


def read_people(
    text: str, file: str, services: Mapping[str, Service]
) -> tuple[Person, ...] | list[Problem]:
    """The people of this text, or everything that is wrong with it."""
    values = parse(text, file)
    if isinstance(values, Problem):
        return [values]
    reading = Reading(file, text)
    top = Table(reading, values)
    people = tuple(_person(table) for table in top.tables("people", "person"))
    top.no_more()
    if not people:
        reading.breaks(("people",), "Nobody is named.", "Begin each person with [[people]].")
    for place, person in enumerate(people):
        _check_person(person, place, services, reading)
    for key, given in (
        ("email", [person.email for person in people]),
        ("phone", [person.phone for person in people]),
    ):
        for place in repeated(given):
            reading.breaks(
                ("people", place, key),
                f"Two people have the {key} {given[place]}.",
                "Give each their own.",
            )
    return reading.problems or people


def _person(table: Table) -> Person:
    name = table.text("name", "Maya Okafor")
    read = Person(
        service=table.slug("service", "cumbria"),
        name=name,
        first=table.text("first", "Maya", name.partition(" ")[0]),
        email=table.text("email", "maya@cumbria.example").lower(),
        role=one_of(table, ("role",), table.text("role", "advisor"), ROLES),
        hub=table.slug("hub", "penrith"),
        phone=table.text("phone", "+447700900301"),
        skills=table.texts("skills", '["domestic"]', ()),
        languages=table.texts("languages", '["en"]', ("en",)),
        capacity=table.whole("capacity", 2, 1, 6),
    )
    table.no_more()
    return read


def _check_person(
    person: Person, place: int, services: Mapping[str, Service], reading: Reading
) -> None:
    path = ("people", place)
    check_languages(person.languages, (*path, "languages"), reading)
    if person.email and not _EMAIL.fullmatch(person.email):
        reading.breaks(
            (*path, "email"),
            f'"{person.email}" is not an e-mail address.',
            'Write it as in "maya@cumbria.example".',
        )
    if person.phone and (why := why_not(person.phone)):
        reading.breaks(
            (*path, "phone"),
            f'{person.name}: the phone "{person.phone}" {why}.',
            'Write a British number from +44, as in "+447700900301".',
        )
    if (service := services.get(person.service)) is None:
        reading.breaks(
            (*path, "service"),
            f'The service "{person.service}" is not known.',
            did_you_mean(person.service, services),
        )
        return
    hubs = {hub.key for hub in service.hubs}
    check_named(person.hub, "hubs", hubs, (*path, "hub"), "The hub", reading)
    for at, skill in enumerate(person.skills):
        check_named(skill, "crimes", service.skills, (*path, "skills", at), "The skill", reading)
