"""Which skills somebody holds on a day: what has lapsed does not count. Pure.

A skill is a token; level 2 of "domestic-abuse" is the two tokens "domestic-abuse" and
"domestic-abuse.2". A lapse date is the last day that a skill, with all its levels, counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date


def held(skills: Iterable[str], lapses: Mapping[str, date], today: date) -> frozenset[str]:
    """The skills that count today."""
    return frozenset(
        skill
        for skill in skills
        if (last := lapses.get(skill.partition(".")[0])) is None or today <= last
    )


def read_lapses(text: str) -> dict[str, date]:
    """From the column's text, as in "young-people@2027-03-31"."""
    pairs = (token.partition("@") for token in text.split())
    return {skill: date.fromisoformat(day) for skill, _, day in pairs}


def write_lapses(lapses: Mapping[str, date]) -> str:
    return " ".join(f"{skill}@{day.isoformat()}" for skill, day in sorted(lapses.items()))


def with_levels(skills: Iterable[str]) -> tuple[str, ...]:
    """ "domestic-abuse.3" also holds "domestic-abuse" and "domestic-abuse.2"."""
    told: dict[str, None] = {}
    for skill in skills:
        name, _, level = skill.partition(".")
        told[name] = None
        for each in range(2, int(level or 1) + 1):
            told[f"{name}.{each}"] = None
    return tuple(told)


def vetted(until: date | None, today: date) -> bool:
    return until is None or today <= until
