"""The honest wait: a range of minutes from what is true now, or nothing rather than a guess.

No average of yesterday. Each place is taken to come free at random after a usual time, so the
wait of the k-th in line is a sum of k such gaps (an Erlang, or gamma, distribution); the range is
its 20th to 80th percentile by Wilson and Hilferty's approximation (1931).
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, sqrt

from routing.board import on_duty
from routing.decide import in_order
from routing.ladder import hubs_up_to
from routing.model import Board, Channel, Waiting

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
    told: dict[str, HonestWait] = {}
    before: dict[frozenset[str], int] = {}
    places: dict[tuple[frozenset[str], Channel, frozenset[str]], int] = {}
    for each in in_order(board):
        mine = _hubs(board, each)
        place = 1 + sum(count for hubs, count in before.items() if not hubs.isdisjoint(mine))
        before[mine] = before.get(mine, 0) + 1
        alike = (mine, each.channel, each.barred)
        if alike not in places:
            places[alike] = places_in(board, each, now)
        told[each.contact] = HonestWait(place, minutes(place, places[alike], handling))
    return told


def places_in(board: Board, mine: Waiting, now: datetime) -> int:
    """How many such contacts the hubs reached so far can hold at once, those on a break apart."""
    hubs = _hubs(board, mine)
    return sum(
        1 if mine.channel == "voice" else seat.capacity
        for seat in board.seats
        if seat.hub in hubs
        and on_duty(seat, now)
        and seat.state != "break"
        and mine.channel in seat.channels
        and seat.staff not in mine.barred
    )


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


def _hubs(board: Board, waiting: Waiting) -> frozenset[str]:
    return frozenset(hubs_up_to(waiting.hub, board.rules, waiting.rung))


def _gamma(shape: int, deviations: float) -> float:
    """The quantile of a gamma distribution of unit rate, by Wilson and Hilferty."""
    ninth = 1 / (9 * shape)
    root = 1 - ninth + deviations * sqrt(ninth)
    return float(shape * max(0.0, root) ** 3)
