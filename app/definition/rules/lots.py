"""At any date, a crime at an age in an area belongs to one contract at most."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from app.definition.model import Lot, Service
from app.definition.reading import BLANK_DAY, Reading
from app.definition.rules.keys import check_named


def check_lots(service: Service, reading: Reading) -> None:
    hubs = {hub.key for hub in service.hubs}
    providers = {provider.key for provider in service.providers}
    crimes = {crime.key for crime in service.crimes}
    for place, lot in enumerate(service.lots):
        path = ("lots", place)
        check_named(
            lot.provider, "providers", providers, (*path, "provider"), "The provider", reading
        )
        if not lot.crimes:
            reading.breaks((*path, "crimes"), f'Lot "{lot.key}" has no crime.', "Name one or more.")
        for at, crime in enumerate(lot.crimes):
            check_named(crime, "crimes", crimes, (*path, "crimes", at), "The crime", reading)
        for at, hub in enumerate(lot.hubs):
            check_named(hub, "hubs", hubs, (*path, "hubs", at), "The hub", reading)
        if BLANK_DAY not in (lot.starts, lot.ends) and lot.ends < lot.starts:
            reading.breaks(
                (*path, "ends"),
                f'Lot "{lot.key}" ends on {lot.ends}, before it starts.',
                f"Give it a last day after {lot.starts}.",
            )
    _check_overlaps(service, reading)


def _check_overlaps(service: Service, reading: Reading) -> None:
    everywhere = {hub.key for hub in service.hubs if not hub.areas}
    for (_, one), (place, other) in combinations(enumerate(service.lots), 2):
        crimes = sorted({*one.crimes} & {*other.crimes} - {""})
        day = _both_run(one, other)
        if crimes and day and _ages_meet(one, other) and _areas_meet(one, other, everywhere):
            reading.breaks(
                ("lots", place),
                f'Lots "{one.key}" and "{other.key}" both hold "{crimes[0]}" on {day}.',
                "Part them by crime, age, hub or date: a contact belongs to one contract.",
            )


def _both_run(one: Lot, other: Lot) -> date | None:
    """The first day on which both contracts run."""
    if BLANK_DAY in (one.starts, one.ends, other.starts, other.ends):
        return None
    first = max(one.starts, other.starts)
    return first if first <= min(one.ends, other.ends) else None


def _ages_meet(one: Lot, other: Lot) -> bool:
    if one.ages is None or other.ages is None:
        return True
    return max(one.ages[0], other.ages[0]) <= min(one.ages[1], other.ages[1])


def _areas_meet(one: Lot, other: Lot, everywhere: set[str]) -> bool:
    mine, theirs = {*one.hubs}, {*other.hubs}
    if not mine or not theirs or (mine | theirs) & everywhere:
        return True
    return bool(mine & theirs)
