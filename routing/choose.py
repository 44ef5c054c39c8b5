"""Choosing a seat for one contact, by what weighs most: language, gender, age, hub, training, idle.

A speaker of the contact's language comes before everyone who needs an interpreter, and a worker
for children before every adult's. Then the nearest hub, the training, the longest idle. Nothing
here is random: two equal seats are told apart by id.
"""

from collections.abc import Sequence
from typing import NamedTuple

from routing.board import Floor, Mark
from routing.need import Need


class Found(NamedTuple):
    """A seat that may take the contact now. `runner_up` is the staff id of the next best.

    `speaks` and `suits`: it has the language, and the gender, that were asked for, if any were.
    """

    floor: Floor
    number: int
    speaks: bool
    suits: bool
    runner_up: str | None


class Demand(NamedTuple):
    """What nobody may be without, for now: the language, the gender asked for."""

    language: bool
    gender: bool


Crowd = list[tuple[Floor, int]]
"""Masks of the seats that may take it, the nearest floor first."""


def find(
    floors: Sequence[Floor], need: Need, demand: Demand, but_for: frozenset[str]
) -> Found | None:
    """The best seat on these floors, nearest first. `but_for` are people who are not asked."""
    takes, level = need.takes, need.level
    crowd: Crowd = []
    for floor in floors:
        mask = floor.open(takes, level)
        if mask and demand.language:
            mask &= floor.having(need.speaks)
        if mask and demand.gender:
            mask &= floor.having(need.gender)
        if mask and but_for:
            mask &= ~floor.only(but_for)
        if mask:
            crowd.append((floor, mask))
    if not crowd:
        return None
    if need.age:
        crowd = _first(crowd, need.age)
    if need.gender and not demand.gender:
        crowd = _first(crowd, need.gender)
    if need.speaks and not demand.language:
        crowd = _first(crowd, need.speaks)
    floor, mask = crowd[0]
    number = _pick(floor, mask, need.crime)
    bit = floor.bit(number)
    if mask != bit:
        next_best = floor.seats[_pick(floor, mask ^ bit, need.crime)].staff
    elif len(crowd) > 1:
        other, others = crowd[1]
        next_best = other.seats[_pick(other, others, need.crime)].staff
    else:
        next_best = None
    return Found(
        floor,
        number,
        not need.speaks or demand.language or bool(floor.having(need.speaks) & bit),
        not need.gender or demand.gender or bool(floor.having(need.gender) & bit),
        next_best,
    )


def _first(crowd: Crowd, mark: Mark) -> Crowd:
    """The same crowd with those who have the mark before all others."""
    having = [(floor, with_it) for floor, mask in crowd if (with_it := mask & floor.having(mark))]
    if not having:
        return crowd
    others = [(floor, without) for floor, mask in crowd if (without := mask & ~floor.having(mark))]
    return having + others


def _pick(floor: Floor, mask: int, training: tuple[Mark, ...]) -> int:
    """The longest idle of `mask` with the most of the training."""
    for each in training:
        if trained := mask & floor.having(each):
            return floor.longest_idle(trained)
    return floor.longest_idle(mask)
