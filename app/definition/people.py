"""A file of people: who works where, with what training, at which hours. Pure.

Staff are not part of a definition. `frontdoor people FILE` and `frontdoor demo` read such files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from app.definition.check import parse
from app.definition.model import Service
from app.definition.number import why_not
from app.definition.problem import Problem, did_you_mean
from app.definition.reading import Reading, Table
from app.definition.rules.keys import check_languages, check_named, repeated
from app.definition.shape import one_of
from app.definition.weekly import HOW, Weekly, read_weekly

Role = Literal["volunteer", "advisor", "hub_lead"]
ROLES: tuple[Role, ...] = get_args(Role)
LEVELS = tuple("23456789")
TIERS = tuple("123456789")
GENDERS = ("", "woman", "man", "other")

_EMAIL = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Person:
    """`first` is all a visitor ever sees. `skills` are those the crimes of the service ask for,
    with a level where there is one: "domestic-abuse.2". `lapses` is the last day a skill counts.
    `supervisor` is the e-mail of whom a volunteer works under. `shifts` are the weekly rules of
    the rota, `on_call` those of the on-call phone, each with its tier: 1 is rung first.
    """

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
    gender: str = ""
    supervisor: str = ""
    lapses: tuple[tuple[str, date], ...] = ()
    vetted_until: date | None = None
    shifts: tuple[Weekly, ...] = ()
    on_call: tuple[tuple[int, Weekly], ...] = ()


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
    leads = {person.email: person for person in people}
    for place, person in enumerate(people):
        _check_person(person, place, services, reading)
        _check_supervisor(person, place, leads, reading)
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
        gender=one_of(table, ("gender",), table.text("gender", "woman", ""), GENDERS),
        supervisor=table.text("supervisor", "hannah@cumbria.example", "").lower(),
        lapses=_lapses(table),
        vetted_until=table.day("vetted_until") if "vetted_until" in table.values else None,
        shifts=tuple(
            weekly
            for place, text in enumerate(table.texts("shifts", '["mon-fri 09:00-17:00"]', ()))
            if (weekly := _weekly(table, ("shifts", place), text))
        ),
        on_call=tuple(
            (int(tier), weekly)
            for place, text in enumerate(table.texts("on_call", '["1 daily 20:00-08:00"]', ()))
            for tier, _, when in [text.partition(" ")]
            if _is_tier(table, ("on_call", place), tier)
            and (weekly := _weekly(table, ("on_call", place), when))
        ),
    )
    table.no_more()
    return read


def _weekly(table: Table, path: tuple[str, int], text: str) -> Weekly | None:
    weekly = read_weekly(text)
    if weekly is None and text:
        table.reading.wrong((*table.path, *path), f'The shift "{text}" cannot be read.', HOW)
    return weekly


def _is_tier(table: Table, path: tuple[str, int], tier: str) -> bool:
    if tier in TIERS:
        return True
    if tier:
        table.reading.wrong(
            (*table.path, *path),
            f'"{tier}" is no place in the order on call.',
            'Begin it with a number from 1 to 9, as in "1 daily 20:00-08:00".',
        )
    return False


def _lapses(table: Table) -> tuple[tuple[str, date], ...]:
    dates = table.table("lapses", f"the lapses of {table.title}")
    if dates is None:
        return ()
    read = tuple((skill, dates.day(skill)) for skill in dates.values)
    dates.no_more()
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
        name, dot, level = skill.partition(".")
        check_named(name, "crimes", service.skills, (*path, "skills", at), "The skill", reading)
        if dot and level not in LEVELS:
            reading.breaks(
                (*path, "skills", at),
                f'The level of "{skill}" is not known.',
                f'Write a level from 2 to 9, as in "{name}.2", or none.',
            )
    trained = {skill.partition(".")[0] for skill in person.skills}
    for skill, _ in person.lapses:
        check_named(skill, "skills", trained, (*path, "lapses", skill), "The skill", reading)


def _check_supervisor(
    person: Person, place: int, people: Mapping[str, Person], reading: Reading
) -> None:
    path = ("people", place, "supervisor")
    if not person.supervisor:
        return
    lead = people.get(person.supervisor)
    if lead is None:
        reading.breaks(
            path,
            f'The supervisor "{person.supervisor}" is not among the people.',
            did_you_mean(person.supervisor, people),
        )
    elif lead.service != person.service or lead.role == "volunteer":
        reading.breaks(
            path,
            f"{lead.name} cannot supervise {person.name}.",
            "Name an advisor or a lead of the same service.",
        )
