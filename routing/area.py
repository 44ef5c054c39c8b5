"""Which hub somebody belongs to, from as little as they care to say. Pure.

Exact code beats range beats area; then the town. A code two hubs share asks one more question,
the town, and is never guessed. What cannot be placed goes to the central hub, and to a human
(S12). Only the outward code is read; what is kept is the hub and the district (S8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.definition.model import Hub, Service
from app.definition.outward import TIERS, Outward, Tier, outward_in, patterns
from app.definition.town import spoken

How = Literal["exact", "range", "area", "town", "line", "not said", "unknown"]


@dataclass(frozen=True, slots=True)
class Found:
    """`hub` is its key. `ask_town`: it is the central hub until the town is known.

    `district` is "" unless the code says which.
    """

    hub: str
    how: How
    ask_town: bool = False
    district: str = ""


def hub_for(service: Service, said: str, town: str = "") -> Found:
    """The hub for an outward code or a town; `town` answers the question a shared code asks."""
    text, more = spoken(said), spoken(town)
    if not text and not more:
        return Found(service.central.key, "not said")
    code = _code_in(said)
    if code is None:
        by_town = _by_town(service.hubs, f"{text} {more}")
        return _placed(by_town, "town") if by_town else Found(service.central.key, "unknown")
    tier, claiming = _claiming(service, code)
    if not claiming:
        return Found(service.central.key, "unknown")
    if len(claiming) == 1:
        return _placed(claiming[0], tier, code)
    by_town = _by_town(claiming, f"{text} {more}")
    if by_town is not None:
        return _placed(by_town, "town", code)
    if more:
        return Found(service.central.key, "unknown")
    return Found(service.central.key, tier, ask_town=True)


def line_hub(service: Service, hub: str) -> Found:
    """The hub that a line or a menu key names; the central hub when it names none."""
    if any(each.key == hub for each in service.hubs):
        return Found(hub, "line")
    return Found(service.central.key, "unknown" if hub else "not said")


def _code_in(said: str) -> Outward | None:
    """The code of the whole text, or the first word or two of it that read as one."""
    words = said.replace(",", " ").split()
    spans = [said] + [
        " ".join(words[at : at + long]) for long in (2, 1) for at in range(len(words))
    ]
    return next((code for span in spans if (code := outward_in(span))), None)


def _claiming(service: Service, code: Outward) -> tuple[Tier, tuple[Hub, ...]]:
    for tier in TIERS:
        hubs = tuple(
            hub
            for hub in service.hubs
            if any(each.tier == tier and each.covers(code) for each in patterns(hub.areas))
        )
        if hubs:
            return tier, hubs
    return "area", ()


def _by_town(hubs: tuple[Hub, ...], text: str) -> Hub | None:
    """The hub whose town is the text, or stands in it as whole words; the longest name wins."""
    named = [
        (len(name), hub)
        for hub in hubs
        for name in map(spoken, hub.towns)
        if name and f" {name} " in f" {text} "
    ]
    if not named:
        return None
    longest = max(length for length, _ in named)
    first, *others = [hub for length, hub in named if length == longest]
    return first if all(other == first for other in others) else None


def _placed(hub: Hub, how: How, code: Outward | None = None) -> Found:
    return Found(hub.key, how, district=_district(hub, code))


def _district(hub: Hub, code: Outward | None) -> str:
    if code is None:
        return hub.districts[0].name if len(hub.districts) == 1 else ""
    for tier in TIERS:
        for district in hub.districts:
            if any(each.tier == tier and each.covers(code) for each in patterns(district.areas)):
                return district.name
    return ""
