"""Choosing a seat for one contact: nearest hub, then the training asked for, then longest idle.

A speaker of the contact's language comes before everyone who needs an interpreter. Nothing here
is random: two equal seats are told apart by id.
"""

from collections.abc import Sequence
from typing import NamedTuple

from routing.board import Floor, level_of
from routing.model import Rules, Waiting


class Found(NamedTuple):
    """A seat that may take the contact now. `trained` are the skills asked for that it has.

    `runner_up` is the staff id of the next best, None when nobody else could take it now.
    """

    floor: Floor
    number: int
    trained: tuple[str, ...]
    speaks: bool
    runner_up: str | None


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
) -> Found | None:
    """The best seat. `floors` are nearest first.

    `demanded` is the language that must be spoken, "" when an interpreter may help.
    """
    wants = wants_of(waiting, rules)
    channel, language = waiting.channel, waiting.language
    level = level_of(channel, waiting.weight)
    best: Found | None = None
    for tongue in (language,) if demanded == language else (language, demanded):
        speaks = tongue == language
        for floor in floors:
            mask = floor.open(channel, level, tongue)
            if mask and barred:
                mask &= ~floor.only(barred)
            if mask and not speaks:
                mask &= ~floor.could(channel, language)
            if not mask:
                continue
            number, trained = _pick(floor, mask, wants)
            if best is not None:
                return best._replace(runner_up=floor.seats[number].staff)
            mask ^= floor.bit(number)
            if mask:
                next_best, _ = _pick(floor, mask, wants)
                return Found(floor, number, trained, speaks, floor.seats[next_best].staff)
            best = Found(floor, number, trained, speaks, None)
    return best


def _pick(floor: Floor, mask: int, wants: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """The longest idle of `mask` with the most of what is wanted."""
    if wants:
        held = [mask & floor.skill.get(want, 0) for want in wants]
        if len(held) == 2 and (both := held[0] & held[1]):
            return floor.longest_idle(both), wants
        for at, trained in enumerate(held):
            if trained:
                return floor.longest_idle(trained), wants[at : at + 1]
    return floor.longest_idle(mask), ()
