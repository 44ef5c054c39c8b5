"""The honest wait: a range of minutes from what is true now, or nothing rather than a guess.

No average of yesterday. Each place is taken to come free at random after a usual time, so the
wait of the k-th in line is a sum of k such gaps (an Erlang, or gamma, distribution); the range is
its 20th to 80th percentile by Wilson and Hilferty's approximation (1931). Where somebody is free,
now or on a rung to come, nobody is told to wait longer than until they are asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, sqrt

from routing.board import Floor, floors_of
from routing.decide import in_order
from routing.ladder import hubs_on, hubs_up_to
from routing.model import Board, Waiting
from routing.need import Need, need_of

LONGEST = 60
"""Minutes. Beyond this a range promises more than anybody knows."""

_FIFTH = 0.8416  # the standard normal's 80th percentile


@dataclass(frozen=True, slots=True)
class HonestWait:
    """What may be told: the place (1 is next) and (low, high) minutes, None when unknowable."""

    place: int
    minutes: tuple[int, int] | None


def honest_waits(board: Board, now: datetime, handling: float) -> dict[str, HonestWait]:
    """What each waiting contact may be told now, in the order of the line.

    Ahead of somebody are those who wait for any of the same people. `handling` is the usual
    seconds with one contact, 0 when not known.
    """
    house = _House(board, now)
    told: dict[str, HonestWait] = {}
    before: dict[frozenset[str], int] = {}
    for each in in_order(board):
        mine = frozenset(hubs_up_to(each.hub, board.rules, each.rung))
        place = 1 + sum(count for hubs, count in before.items() if not hubs.isdisjoint(mine))
        before[mine] = before.get(mine, 0) + 1
        need = need_of(each, board.rules)
        said = minutes(place, house.places(each, need), handling)
        soon = house.asked_within(each, need, place)
        if soon is not None:
            high = max(1, ceil(soon / 60))
            said = (0, high) if said is None or said[0] >= high else (said[0], min(said[1], high))
        told[each.contact] = HonestWait(place, said)
    return told


def minutes(place: int, places: int, handling: float) -> tuple[int, int] | None:
    """How long somebody at `place` may wait when `places` are all taken: whole minutes.

    None when nobody can know: nobody is on duty, the usual time is not known, or the range would
    end beyond an hour.
    """
    if places <= 0 or handling <= 0 or place < 1:
        return None
    gap = handling / places / 60
    low = floor(gap * _gamma(place, -_FIFTH))
    high = ceil(gap * _gamma(place, _FIFTH))
    return None if high > LONGEST else (low, max(high, low + 1))


class _House:
    """Who may take whom, at this moment; the same question is answered once."""

    def __init__(self, board: Board, now: datetime) -> None:
        self._rules = board.rules
        self._now = now
        self._floors = floors_of(board, now)
        self._counted: dict[tuple[object, ...], tuple[int, int]] = {}

    def places(self, mine: Waiting, need: Need) -> int:
        """How many such contacts the hubs reached so far can hold, those not at a desk apart."""
        return self._count(mine, need, hubs_up_to(mine.hub, self._rules, mine.rung))[0]

    def asked_within(self, mine: Waiting, need: Need, place: int) -> float | None:
        """Seconds until somebody who is free now is asked for this contact. None: nobody is."""
        rungs, end = self._rules.ladder, len(self._rules.ladder)
        hubs = hubs_up_to(mine.hub, self._rules, mine.rung)
        wishes = self._wishes_last(mine, need)
        if self._count(mine, need, hubs)[1] >= place:
            return wishes
        if mine.rung_until is None:
            return None
        climbs = max(0.0, (mine.rung_until - self._now).total_seconds())
        for rung in range(mine.rung + 1, end):
            hubs = hubs_on(mine.hub, self._rules, rung)
            if hubs and self._count(mine, need, hubs)[1] >= place:
                return max(climbs, wishes)
            climbs += rungs[rung].seconds
        return None

    def _wishes_last(self, mine: Waiting, need: Need) -> float:
        """Seconds for which only some of those who are free may be asked."""
        rules = self._rules
        back = mine.returned_at or mine.queued_at
        ends = [
            mine.queued_at + timedelta(seconds=rules.interpreter_after) if need.speaks else None,
            mine.queued_at + timedelta(seconds=rules.gender_after) if need.gender else None,
            back + timedelta(seconds=rules.stick) if mine.lead or mine.last else None,
        ]
        return max((0.0, *((end - self._now).total_seconds() for end in ends if end is not None)))

    def _count(self, mine: Waiting, need: Need, hubs: Iterable[str]) -> tuple[int, int]:
        """How many such contacts these hubs can hold, and how many more they can take now."""
        alike = (tuple(hubs), need, mine.asked, mine.barred, mine.barred_hubs)
        if (known := self._counted.get(alike)) is None:
            floors = [
                self._floors[hub]
                for hub in alike[0]
                if hub in self._floors and hub not in mine.barred_hubs
            ]
            holds = sum(_hold(each, need, mine) for each in floors)
            takes = sum(_take_now(each, need, mine) for each in floors)
            known = self._counted[alike] = (holds, takes)
        return known


def _hold(floor: Floor, need: Need, mine: Waiting) -> int:
    mask = need.fit(floor) & ~floor.away & ~floor.only(mine.barred)
    return sum(
        1 if mine.channel == "voice" else floor.seats[at].capacity for at in floor.among(mask)
    )


def _take_now(floor: Floor, need: Need, mine: Waiting) -> int:
    mask = need.able(floor) & ~floor.only(mine.barred) & ~floor.only(mine.asked)
    return sum(
        1 if mine.channel == "voice" else floor.seats[at].capacity - floor.load[at]
        for at in floor.among(mask)
    )


def _gamma(shape: int, deviations: float) -> float:
    """The quantile of a gamma distribution of unit rate, by Wilson and Hilferty."""
    ninth = 1 / (9 * shape)
    root = 1 - ninth + deviations * sqrt(ninth)
    return float(shape * max(0.0, root) ** 3)
