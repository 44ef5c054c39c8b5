"""Who may be asked: neighbours that can help, levels of a skill, crimes no volunteer takes."""

from __future__ import annotations

from app.definition.model import Service
from app.definition.reading import Reading
from app.definition.rules.keys import check_named, repeated


def check_asking(service: Service, reading: Reading) -> None:
    _check_neighbours(service, reading)
    _check_levels(service, reading)
    never = service.routing.volunteers_never
    crimes = {crime.key for crime in service.crimes}
    path = ("routing", "volunteers_never")
    for at, crime in enumerate(never):
        check_named(crime, "crimes", crimes, (*path, at), "The crime", reading)
    for at in repeated(never):
        reading.breaks((*path, at), f'The crime "{never[at]}" is there twice.', "Take one out.")


def _check_neighbours(service: Service, reading: Reading) -> None:
    hubs = {hub.key: hub for hub in service.hubs}
    for place, hub in enumerate(service.hubs):
        path = ("hubs", place, "neighbours")
        for at, key in enumerate(hub.neighbours):
            check_named(key, "hubs", hubs, (*path, at), "The neighbour", reading)
            if key == hub.key:
                reading.breaks(
                    (*path, at), f'Hub "{key}" is its own neighbour.', "Name another hub."
                )
            elif key in hubs and hubs[key].provider != hub.provider:
                reading.breaks(
                    (*path, at),
                    f'Hub "{hub.key}" and its neighbour "{key}" belong to two providers.',
                    "Name a hub of the same provider: others may not see this work.",
                )
        for at in repeated(hub.neighbours):
            reading.breaks(
                (*path, at),
                f'Hub "{hub.key}" names the neighbour "{hub.neighbours[at]}" twice.',
                "Take one out.",
            )


def _check_levels(service: Service, reading: Reading) -> None:
    for place, crime in enumerate(service.crimes):
        if crime.level > 1 and not crime.skill:
            reading.breaks(
                ("crimes", place, "level"),
                f'Crime "{crime.key}" asks for level {crime.level} of no skill.',
                'Add skill = "domestic-abuse", or take the level out.',
            )
