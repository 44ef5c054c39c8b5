"""Which contract a contact belongs to on a day, and which hub takes its work. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from app.definition.model import Lot, Service

BANDS: Mapping[str, tuple[int, int]] = MappingProxyType({"under18": (0, 17), "adult": (18, 130)})
"""The age bands a visitor is asked for; anything else is unknown, and may be any age."""


def lot_on(service: Service, day: date, crime: str, age: str, home: str) -> Lot | None:
    """The lot that holds this need on this day. `home` is the hub of the area.

    None when no contract holds it, or when an unknown age leaves more than one.
    """
    youngest, oldest = BANDS.get(age, (0, 130))
    may_hold = [
        lot
        for lot in service.lots
        if crime in lot.crimes
        and lot.starts <= day <= lot.ends
        and reaches(service, lot, home)
        and (lot.ages is None or (lot.ages[0] <= oldest and youngest <= lot.ages[1]))
    ]
    for_all = [
        lot
        for lot in may_hold
        if lot.ages is None or (lot.ages[0] <= youngest and oldest <= lot.ages[1])
    ]
    return next((found[0] for found in (may_hold, for_all) if len(found) == 1), None)


def reaches(service: Service, lot: Lot, home: str) -> bool:
    """Whether the lot covers the area of this hub; a hub without areas covers the service."""
    return not lot.hubs or home in lot.hubs or any(not service.hub(hub).areas for hub in lot.hubs)


def taking_hub(lot: Lot | None, home: str) -> str:
    """The hub whose people take the work of this lot for someone from the area of `home`."""
    if lot is None or not lot.hubs or home in lot.hubs:
        return home
    return lot.hubs[0]
