"""Every place belongs to one hub, every hub can be reached, and one central hub takes the rest.

A code that two hubs share is allowed when both name it and their towns tell them apart; then the
visitor is asked one more question, the town.
"""

from __future__ import annotations

from app.definition.model import Hub, Service
from app.definition.outward import TIERS, Outward, Pattern, pattern
from app.definition.reading import Reading
from app.definition.rules.keys import check_named, repeated
from app.definition.town import spoken
from app.definition.where import Path


def check_hubs(service: Service, reading: Reading) -> None:
    if not service.hubs:
        reading.breaks(
            ("hubs",), "There is no hub.", "Add [[hubs]], one of them with central = true."
        )
        return
    _check_central(service, reading)
    _check_codes(service, reading)
    _check_overlaps(service, reading)
    _check_towns(service, reading)
    providers = {provider.key for provider in service.providers}
    for place, hub in enumerate(service.hubs):
        check_named(
            hub.provider,
            "providers",
            providers,
            ("hubs", place, "provider"),
            "The provider",
            reading,
        )
    _check_reached(service, reading)


def _check_central(service: Service, reading: Reading) -> None:
    central = [place for place, hub in enumerate(service.hubs) if hub.central]
    if not central:
        reading.breaks(
            ("hubs",),
            "No hub is the central hub.",
            "Add central = true to the hub that is always staffed.",
        )
    for place in central[1:]:
        reading.breaks(
            ("hubs", place, "central"),
            f'Hub "{service.hubs[place].key}" is central, and so is another.',
            "Keep central = true on one hub.",
        )
    for place in central[:1]:
        if service.hubs[place].hours is not None:
            reading.breaks(
                ("hubs", place, "hours"),
                "The central hub has closing hours.",
                "Take them out: it is the hub that is always staffed.",
            )


def _check_codes(service: Service, reading: Reading) -> None:
    for place, hub in enumerate(service.hubs):
        _check_each(hub.areas, ("hubs", place, "areas"), f'Hub "{hub.key}"', reading)
        for at, district in enumerate(hub.districts):
            path = ("hubs", place, "districts", at, "areas")
            _check_each(district.areas, path, f'District "{district.name}"', reading)


def _check_each(areas: tuple[str, ...], path: Path, whose: str, reading: Reading) -> None:
    for place, area in enumerate(areas):
        if area and isinstance(why := pattern(area), str):
            reading.breaks(
                (*path, place),
                f'{whose}: the area "{area}" cannot be read: {why}.',
                'Write a code "LA9", a range "CA10-CA12" or a whole area "BN*".',
            )
    for place in repeated(areas):
        reading.breaks(
            (*path, place), f'{whose}: the area "{areas[place]}" is there twice.', "Take one out."
        )


def _check_overlaps(service: Service, reading: Reading) -> None:
    told: set[tuple[Path, int]] = set()
    for code, tier, claims in _shared(service):
        (first, _), (other, path) = claims[0], claims[-1]
        mine, theirs = service.hubs[first], service.hubs[other]
        if tier == "exact" and _told_apart(mine, theirs):
            continue
        if (path, first) in told:
            continue
        told.add((path, first))
        remedy = (
            f"Move the border, or name {code} on its own in both hubs, each with its towns."
            if tier != "exact"
            else "Give both hubs their towns, none in common, so that the town can be asked."
        )
        reading.breaks(
            path, f'{code} belongs to hub "{mine.key}" and to hub "{theirs.key}".', remedy
        )


Claim = tuple[int, Path]


def _shared(service: Service) -> list[tuple[str, str, list[Claim]]]:
    """Codes (or areas) that more than one hub claims at the strongest tier that names them."""
    claims: list[tuple[Claim, Pattern]] = [
        ((at, ("hubs", at, "areas", place)), read)
        for at, hub in enumerate(service.hubs)
        for place, area in enumerate(hub.areas)
        if isinstance(read := pattern(area), Pattern)
    ]
    whole = sorted({read.area for _, read in claims if read.tier == "area"})
    codes: set[Outward] = {code for _, read in claims for code in read.codes()}
    found: list[tuple[str, str, list[Claim]]] = []
    for area in whole:
        said = [claim for claim, read in claims if read.tier == "area" and read.area == area]
        found.append((f"{area}*", "area", said))
    for code in sorted(codes, key=str):
        for tier in TIERS[:2]:
            said = [claim for claim, read in claims if read.tier == tier and read.covers(code)]
            if said:
                found.append((str(code), tier, said))
                break
    return [each for each in found if len({hub for hub, _ in each[2]}) > 1]


def _told_apart(one: Hub, other: Hub) -> bool:
    mine, theirs = ({spoken(town) for town in hub.towns} for hub in (one, other))
    return bool(mine and theirs and not mine & theirs)


def _check_towns(service: Service, reading: Reading) -> None:
    claimed: dict[str, str] = {}
    for at, hub in enumerate(service.hubs):
        for place, town in enumerate(hub.towns):
            owner = claimed.setdefault(spoken(town), hub.key) if town else hub.key
            if owner != hub.key:
                reading.breaks(
                    ("hubs", at, "towns", place),
                    f'{town} belongs to hub "{owner}" and to hub "{hub.key}".',
                    "Keep it in one of them.",
                )


def _check_reached(service: Service, reading: Reading) -> None:
    led_to = {key for lot in service.lots for key in lot.hubs}
    led_to |= {line.hub for line in service.lines}
    led_to |= {key.hub for line in service.lines if line.menu for key in line.menu.keys}
    for place, hub in enumerate(service.hubs):
        if not (hub.central or hub.areas or hub.towns or hub.key in led_to):
            reading.breaks(
                ("hubs", place),
                f'Nothing leads to hub "{hub.key}".',
                "Give it areas or towns, or name it in a lot, a line or a menu key.",
            )
