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


def find(
    floors: Sequence[Floor], need: Need, demand: Demand, but_for: frozenset[str]
) -> Found | None:
    """The best seat on these floors, nearest first. `but_for` are people who are not asked."""
    best: Floor | None = None
    number = 0
    for floor in floors:
        mask = _with_everything(floor, need, but_for)
        if mask and best is None:
            best, number = floor, _pick(floor, mask, need.crime)
            mask ^= floor.bit(number)
        if mask and best is not None:
            next_best = floor.seats[_pick(floor, mask, need.crime)].staff
            return Found(best, number, True, True, next_best)
    if not need.age and demand.language == bool(need.speaks) and demand.gender == bool(need.gender):
        return None if best is None else Found(best, number, True, True, None)
    return _next_to_that(floors, need, demand, but_for)


def _with_everything(floor: Floor, need: Need, but_for: frozenset[str]) -> int:
    """Everyone who may take it now and has every wish: whoever else comes, they are first."""
    mask = need.able(floor)
    if mask and need.speaks:
        mask &= floor.having(need.speaks)
    if mask and need.gender:
        mask &= floor.having(need.gender)
    if mask and need.age:
        mask &= floor.having(need.age)
    if mask and but_for:
        mask &= ~floor.only(but_for)
    return mask


Crowd = list[tuple[Floor, int]]
"""Masks of the seats that may take it, the best first."""


def _next_to_that(
    floors: Sequence[Floor], need: Need, demand: Demand, but_for: frozenset[str]
) -> Found | None:
    """The best of all who have what is demanded, when hardly anyone has every wish."""
    crowd: Crowd = []
    for floor in floors:
        mask = need.able(floor)
        if mask and demand.language:
            mask &= floor.having(need.speaks)
        if mask and demand.gender:
            mask &= floor.having(need.gender)
        if mask and but_for:
            mask &= ~floor.only(but_for)
        if mask:
            crowd.append((floor, mask))
    for wish, wanted in (
        (need.age, True),
        (need.gender, not demand.gender),
        (need.speaks, not demand.language),
    ):
        if wish and wanted and crowd:
            crowd = _first(crowd, wish)
    if not crowd:
        return None
    (floor, mask), *others = crowd
    number = _pick(floor, mask, need.crime)
    bit = floor.bit(number)
    if mask != bit:
        others = [(floor, mask ^ bit)]
    return Found(
        floor,
        number,
        not need.speaks or bool(floor.having(need.speaks) & bit),
        not need.gender or bool(floor.having(need.gender) & bit),
        others[0][0].seats[_pick(*others[0], need.crime)].staff if others else None,
    )


def _first(crowd: Crowd, mark: Mark) -> Crowd:
    """The same crowd with those who have the mark before all others."""
    having: Crowd = []
    others: Crowd = []
    for floor, mask in crowd:
        if with_it := mask & floor.having(mark):
            having.append((floor, with_it))
        if without := mask & ~with_it:
            others.append((floor, without))
    return having + others


def _pick(floor: Floor, mask: int, training: tuple[Mark, ...]) -> int:
    """The longest idle of `mask` with the most of the training."""
    for each in training:
        if trained := mask & floor.having(each):
            return floor.longest_idle(trained)
    return floor.longest_idle(mask)
