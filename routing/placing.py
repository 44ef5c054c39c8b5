"""Where a need goes: the hub of the area, the contract that holds it, the night's hub. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.definition.lots import lot_on, taking_hub
from app.definition.model import Service
from routing.area import Found
from routing.closing import takes_new


@dataclass(frozen=True, slots=True)
class Placed:
    """The hub a contact belongs to, and the key of the lot on that date, "" when none holds it."""

    hub: str
    lot: str


def place(service: Service, found: Found, crime: str, age: str, now: datetime) -> Placed:
    """The team of the area, or the provider who won this kind of need on this day."""
    day = now.astimezone(ZoneInfo(service.zone)).date()
    lot = lot_on(service, day, crime, age, found.hub) if crime else None
    return Placed(taking_hub(lot, found.hub), lot.key if lot else "")


def asked_now(
    service: Service, hub: str, channel: str = "", *, now: datetime, central_staffed: bool
) -> str:
    """The hub that is asked first at this hour: a closed team's contacts go to the central hub,
    and a while before it closes new ones do already, so that none is cut short.

    With nobody at the central hub, whoever is still at their own desk is better than nobody (S2).
    The contact belongs to its own hub all the same; the night only answers for it (S13).
    """
    known = next((each for each in service.hubs if each.key == hub), service.central)
    if takes_new(known, channel, now, ZoneInfo(service.zone)) or not central_staffed:
        return known.key
    return service.central.key
