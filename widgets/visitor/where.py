"""What the page may ask about a place: towns by name, and the codes that two hubs share. Pure."""

from __future__ import annotations

from app.definition.model import Service
from app.definition.outward import patterns
from routing.area import hub_for


def towns(service: Service) -> list[str]:
    """Every town a hub names, once, in order."""
    return sorted({town for hub in service.hubs for town in hub.towns}, key=str.casefold)


def shared(service: Service) -> dict[str, list[str]]:
    """Each code that two hubs share, with the towns that settle whose it is."""
    return {
        code: [town for town in towns(service) if hub_for(service, code, town).how == "town"]
        for code in codes(service)
        if hub_for(service, code).ask_town
    }


def such_as(service: Service) -> str:
    """Two codes of the service's own, from two hubs, to show what is meant."""
    first = [next(iter(patterns(hub.areas)), None) for hub in service.hubs]
    shown = [str(code) for each in first if each for code in each.codes()[:1]]
    return ", ".join(shown[-2:]) or "CA11"


def codes(service: Service) -> list[str]:
    areas = (area for hub in service.hubs for area in hub.areas)
    return sorted({str(code) for each in patterns(areas) for code in each.codes()})
