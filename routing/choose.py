"""Choosing a seat for one contact: nearest hub, then the training asked for, then longest idle.

A speaker of the contact's language comes before everyone who needs an interpreter. Nothing here
is random: two equal seats are told apart by id.
"""

from collections.abc import Sequence
from typing import NamedTuple

from routing.board import Floor
from routing.model import Rules, Seat, Waiting


class Found(NamedTuple):
    """A seat that may take the contact now. `trained` are the skills asked for that it has."""

    floor: Floor
    number: int
    trained: tuple[str, ...]
    speaks: bool

    @property
    def seat(self) -> Seat:
        return self.floor.seats[self.number]


def wants_of(waiting: Waiting, rules: Rules) -> tuple[str, ...]:
    """The skills this need prefers, the weightiest first: age before crime."""
    age = rules.skill_for_age.get(waiting.age)
    crime = rules.skill_for_crime.get(waiting.crime)
    if age is None or age == crime:
        return () if crime is None else (crime,)
    return (age,) if crime is None else (age, crime)


def find(
    floors: Sequence[Floor],
    waiting: Waiting,
    rules: Rules,
    demanded: str,
    barred: frozenset[str],
) -> tuple[Found | None, Found | None]:
    """The best seat and the next best. `floors` are nearest first.

    `demanded` is the language that must be spoken, "" when an interpreter may help.
    """
    wants = wants_of(waiting, rules)
    channel, weight, language = waiting.channel, waiting.weight, waiting.language
    best: Found | None = None
    for tongue in (language,) if demanded == language else (language, demanded):
        for floor in floors:
            mask = floor.open(channel, weight, tongue)
            if not mask:
                continue
            if barred:
                mask &= ~floor.only(barred)
            if tongue != language:
                mask &= ~floor.could(channel, language)
            if not mask:
                continue
            if best is None:
                best = _pick(floor, mask, wants, tongue == language)
                mask ^= floor.bit(best.number)
            if mask:
                return best, _pick(floor, mask, wants, tongue == language)
    return best, None


def _pick(floor: Floor, mask: int, wants: tuple[str, ...], speaks: bool) -> Found:
    if wants:
        held = [(want, mask & floor.skill.get(want, 0)) for want in wants]
        if len(held) == 2 and (both := held[0][1] & held[1][1]):
            return Found(floor, floor.longest_idle(both), wants, speaks)
        for want, trained in held:
            if trained:
                return Found(floor, floor.longest_idle(trained), (want,), speaks)
    return Found(floor, floor.longest_idle(mask), (), speaks)
