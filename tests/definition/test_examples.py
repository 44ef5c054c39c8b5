"""The four services that ship are what their sources say, and name nobody real."""

from __future__ import annotations

import re

import pytest

from app.definition.files import EXAMPLES, SHIPPED, load, load_examples, load_people
from app.definition.model import Service

SERVICES = load_examples()
PEOPLE = load_people(EXAMPLES / "people.toml", SERVICES)
FICTION = re.compile(r"\+44(1632960|7700900|8081570)[0-9]{3}")


def test_four_services_ship() -> None:
    assert set(SERVICES) == set(SHIPPED) == {"lancashire", "cumbria", "warwickshire", "durham"}


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_each_has_a_line_to_ring_and_a_line_to_text(service: Service) -> None:
    assert service.line("supportline").channels == ("voice",)
    assert service.line("textline").channels == ("sms",)
    assert service.number_to_call(service.line("textline")) == service.line("supportline").shown


def test_every_number_is_from_a_range_kept_for_fiction() -> None:
    numbers = [
        number
        for service in SERVICES.values()
        for line in service.lines
        for number in (line.number, *line.fallback)
    ]
    assert len(numbers) > 20
    assert all(FICTION.fullmatch(number) for number in numbers)
    assert all(FICTION.fullmatch(person.phone) for person in PEOPLE)


def test_no_number_or_site_is_used_by_two_services() -> None:
    numbers = [line.number for service in SERVICES.values() for line in service.lines]
    sites = [site.key for service in SERVICES.values() for site in service.sites]
    assert len(numbers) == len({*numbers})
    assert len(sites) == len({*sites})


def test_websites_and_addresses_are_invented() -> None:
    for service in SERVICES.values():
        for site in service.sites:
            assert all(origin.endswith(".example") for origin in site.origins)
    assert all(person.email.endswith(".example") for person in PEOPLE)


def test_lancashire_has_four_teams_one_site_and_two_subcontractors() -> None:
    service = SERVICES["lancashire"]
    assert len([hub for hub in service.hubs if hub.areas]) == 4
    assert len(service.sites) == 1
    assert len(service.providers) == 2
    assert [rung.kind for rung in service.ladder] == ["home", "neighbours", "central", "numbers"]
    assert all(hub.neighbours for hub in service.hubs if hub.areas)


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_each_ladder_ends_with_a_person_or_a_promise(service: Service) -> None:
    assert service.ladder[-1].kind in ("numbers", "promise")


def test_cumbria_is_local_by_day_and_central_by_night() -> None:
    service = SERVICES["cumbria"]
    assert service.line("supportline").number == "+448081570142"
    for hub in service.hubs:
        assert (hub.hours is None) == hub.central


def test_warwickshire_has_five_contracts_of_three_years_and_four_providers() -> None:
    service = SERVICES["warwickshire"]
    assert len(service.lots) == 5
    assert len(service.providers) == len({lot.provider for lot in service.lots}) == 4
    for lot in service.lots:
        assert (lot.ends.year - lot.starts.year, lot.ends.month) == (3, 3)


def test_durham_has_one_front_door_and_volunteers() -> None:
    assert SERVICES["durham"].central.key == "front-door"
    assert SERVICES["durham"].routing.volunteers_never == ("domestic", "sexual")
    assert any(each.service == "durham" and each.role == "volunteer" for each in PEOPLE)


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_somebody_answers_everywhere(service: Service) -> None:
    here = [person for person in PEOPLE if person.service == service.key]
    assert 4 <= len(here) <= 8
    assert any(person.hub == service.central.key for person in here)
    assert any(person.role == "hub_lead" for person in here)
    skills = {skill.partition(".")[0] for person in here for skill in person.skills}
    assert service.skills <= skills


def test_the_people_of_the_pictures_are_here() -> None:
    names = {person.first: person.name for person in PEOPLE}
    assert names["Maya"] == "Maya Okafor"
    assert {"Tom", "Aisha", "Marek", "Hannah"} <= set(names)


def test_each_example_can_be_loaded_alone() -> None:
    for key in SHIPPED:
        assert load(EXAMPLES / f"{key}.toml").key == key
