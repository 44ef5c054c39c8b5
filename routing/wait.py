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
from routing.model import Board, Waiting

LONGEST = 60
"""Minutes. Beyond this a range promises more than anybody knows."""

_FIFTH = 0.8416  # the standard normal's 80th percentile


@dataclass(frozen=True, slots=True)
class HonestWait:
    """What may be told: the place (1 is next) and (low, high) minutes, None when unknowable."""

    place: int
    minutes: tuple[int, int] | None


def honest_wait(board: Board, contact: str, now: datetime, handling: float) -> HonestWait | None:
    """What a waiting contact may be told now. None when it does not wait here.

    `handling` is the usual seconds with one contact on this channel, 0 when not known.
    """
    line = in_order(board)
    mine = next((each for each in line if each.contact == contact), None)
    if mine is None:
        return None
    hubs = _hubs(board, mine)
    place = 0
    for each in line:
        place += not hubs.isdisjoint(_hubs(board, each))
        if each is mine:
            break
    return HonestWait(place, minutes(place, places_in(board, mine, now), handling))


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
    return frozenset(hubs_up_to(waiting, board.rules, waiting.rung))


def _gamma(shape: int, deviations: float) -> float:
    """The quantile of a gamma distribution of unit rate, by Wilson and Hilferty."""
    ninth = 1 / (9 * shape)
    root = 1 - ninth + deviations * sqrt(ninth)
    return float(shape * max(0.0, root) ** 3)
