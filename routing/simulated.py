"""What a simulation is told and what it tells: who comes, who is there, how it ended. Pure.

Only a person who presses accept counts as reached. A promise kept, a promise broken, a number
given and somebody who gave up are each counted apart; nobody is the one that must not be.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Literal, Protocol

from routing.model import Seat, Waiting
from routing.rota import Spell

How = Literal["person", "promise", "number", "broken", "left", "nobody"]
"""Answered; called back in time; handed to a number that answers; promised and not called back;
gave up; never any of these."""


class Luck(Protocol):
    """What is needed of a seeded generator. `random.Random` is one."""

    def random(self) -> float: ...
    def expovariate(self, lambd: float, /) -> float: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes. `patience` and `handling` are seconds.

    `kind` is how the contact first stands in line; its name and times are set when it comes.
    `calls_back`: offered a call back at the end of the ladder, they take it. `rings`: told a
    number, they ring it.
    """

    contact: str
    at: datetime
    kind: Waiting
    handling: float
    patience: float = inf
    calls_back: bool = True
    rings: bool = True


@dataclass(frozen=True, slots=True)
class Present:
    """A seat, and the spells in which it is at its desk."""

    seat: Seat
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How it went for one contact. `waited` is seconds until a person, or until it ended.

    `rung` is the last rung it stood on. `local`: somebody of its own hub took it.
    """

    contact: str
    arrived: datetime
    waited: float
    how: How
    rung: int
    offers: int
    local: bool = False
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A whole simulation, contact by contact, in the order in which they came."""

    contacts: tuple[Ended, ...]
    overflowed: dict[int, int] = field(default_factory=dict)
    """How many stood at the end of the ladder at least once, by its rung."""

    def counted(self) -> Counter[How]:
        return Counter(each.how for each in self.contacts)

    def within(self, seconds: float) -> float:
        """The share of all who came that a person answered in this time."""
        soon = sum(1 for each in self._answered() if each.waited <= seconds)
        return soon / len(self.contacts) if self.contacts else 1.0

    def mean_wait(self) -> float:
        """Seconds, of those whom a person answered."""
        waits = [each.waited for each in self._answered()]
        return sum(waits) / len(waits) if waits else 0.0

    def longest_wait(self) -> float:
        return max((each.waited for each in self._answered()), default=0.0)

    def gave_up(self) -> float:
        """The share of all who came that left before anyone answered."""
        left = sum(1 for each in self.contacts if each.how == "left")
        return left / len(self.contacts) if self.contacts else 0.0

    def local(self) -> float:
        """Of those whom a person answered, the share whose own hub did."""
        answered = self._answered()
        return sum(1 for each in answered if each.local) / len(answered) if answered else 1.0

    def by_rung(self) -> Counter[int]:
        """On which rung they stood when it ended."""
        return Counter(each.rung for each in self.contacts)

    def _answered(self) -> list[Ended]:
        return [each for each in self.contacts if each.how == "person"]


def arrivals(
    luck: Luck,
    begins: datetime,
    per_hour: Sequence[float],
    hours: int,
    kinds: Sequence[tuple[float, Waiting]],
    handling: float,
    patience: float = inf,
) -> Iterable[Arrival]:
    """Somebody now and then (Poisson), as often as the hour says, of kinds by their weights.

    `per_hour` is read round and round, as a day is. `handling` and `patience` are mean seconds;
    each person's own is drawn (exponential), patience only when it ends.
    """
    whole = sum(weight for weight, _ in kinds)
    number = 0
    for hour in range(hours):
        rate = per_hour[hour % len(per_hour)]
        at = luck.expovariate(rate) if rate > 0 else 1.0
        while at < 1.0:
            number += 1
            yield Arrival(
                f"c{number:07d}",
                begins + timedelta(hours=hour + at),
                _drawn(luck, kinds, whole),
                luck.expovariate(1 / handling),
                inf if patience == inf else luck.expovariate(1 / patience),
            )
            at += luck.expovariate(rate)


def _drawn(luck: Luck, kinds: Sequence[tuple[float, Waiting]], whole: float) -> Waiting:
    left = luck.random() * whole
    for weight, kind in kinds:
        left -= weight
        if left < 0:
            return kind
    return kinds[-1][1]
