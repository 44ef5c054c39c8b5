"""Whole days through the real router, in memory: beside what queueing theory says of them.

The eight loads of the reference table, one skill, one hub, handling 420 s. Then 16 erlangs over
five hubs, each asked first for its own; and a year of one county.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from math import inf
from random import Random

from app.definition.files import load_examples
from app.definition.model import Rung
from routing.model import Rules, Seat, Waiting, rules_of
from routing.rota import Spell
from routing.simulated import Arrival, Present, Told, arrivals
from routing.simulation import simulate
from tests.routing import erlang
from tests.routing.desk import NOW

LOADS = ((0.8, 2), (0.8, 3), (2.0, 4), (2.0, 5), (4.0, 7), (4.0, 8), (16.0, 20), (16.0, 22))
HANDLING, PATIENCE, COME = 420, 120, 30_000
HUBS = tuple(f"hub-{number}" for number in range(5))
YEARLY = 60_000
DAY = 86_400


def run() -> None:
    print(f"{'':24}{'in 20 s':>9}{'theory':>8}{'mean':>8}{'theory':>8}{'gave up':>9}{'theory':>8}")
    furthest = 0.0
    for load, advisors in LOADS:
        stay, leave = pooled(load, advisors, inf), pooled(load, advisors, PATIENCE)
        soon = erlang.within(load, advisors, HANDLING, 20)
        gone = erlang.give_up(load, advisors, HANDLING, PATIENCE)
        furthest = max(furthest, abs(stay.within(20) - soon), abs(leave.gave_up() - gone))
        print(
            f"{f'{load} E, {advisors} advisors':24}{stay.within(20):9.1%}{soon:8.1%}"
            f"{stay.mean_wait():7.1f}s{erlang.mean_wait(load, advisors, HANDLING):7.1f}s"
            f"{leave.gave_up():9.1%}{gone:8.1%}"
        )
    print(f"furthest from theory {furthest * 100:.1f} points, {COME} arrivals each")
    for advisors in (22, 23, 24, 25):
        told = local_first(advisors)
        print(
            f"16 E in five hubs, {advisors} advisors, home 5 s then all: "
            f"{told.within(20):.1%} in 20 s, {told.local():.0%} by their own hub"
        )
    begun = time.perf_counter()
    told = a_year()
    lasted = time.perf_counter() - begun
    ended = ", ".join(f"{how} {count}" for how, count in told.counted().most_common())
    print(f"a year of {len(told.contacts)} contacts in {lasted:.0f} s: {ended}")
    print(
        f"{told.within(60):.1%} in 60 s, longest {told.longest_wait():.0f} s, "
        f"{told.local():.0%} by their own hub, ended by rung {dict(sorted(told.by_rung().items()))}"
    )


def pooled(load: float, advisors: int, patience: float) -> Told:
    """One queue, the longest idle of all advisors first."""
    rules = Rules("one", "central", (Rung("central", DAY), Rung("numbers")), tell_again=DAY)
    people = [_always(f"a{at:02d}", "central") for at in range(advisors)]
    return simulate(rules, people, _calls(load, ("",), patience))


def local_first(advisors: int) -> Told:
    """The own hub for five seconds, then the four others."""
    ladder = (Rung("home", 5), Rung("neighbours", DAY), Rung("numbers"))
    others = {hub: tuple(each for each in HUBS if each != hub) for hub in HUBS}
    rules = Rules("five", HUBS[0], ladder, neighbours=others, tell_again=DAY)
    people = [_always(f"a{at:02d}", HUBS[at % len(HUBS)]) for at in range(advisors)]
    return simulate(rules, people, _calls(16.0, HUBS, inf))


def _always(name: str, hub: str) -> Present:
    whole = Spell(NOW, NOW + timedelta(days=4000))
    return Present(Seat(name, name, hub, NOW, NOW, capacity=1), (whole,))


def _calls(load: float, hubs: tuple[str, ...], patience: float) -> Iterable[Arrival]:
    rate = load / HANDLING * 3600
    kinds = [(1.0, Waiting("", "voice", hub, NOW)) for hub in hubs]
    return arrivals(Random(11), NOW, [rate], int(COME / rate), kinds, HANDLING, patience)


def a_year() -> Told:
    """Lancashire: two at each hub by day, three at the central hub day and night."""
    service = load_examples()["lancashire"]
    by_day = tuple(
        Spell(NOW + timedelta(days=day, hours=5), NOW + timedelta(days=day, hours=19))
        for day in range(366)
    )
    always = (Spell(NOW, NOW + timedelta(days=367)),)
    skills = frozenset(service.skills)
    people = [
        Present(
            Seat(f"{hub.key}-{at}", hub.key, hub.key, NOW, NOW, skills=skills),
            always if hub.central else by_day,
        )
        for hub in service.hubs
        for at in range(3 if hub.central else 2)
    ]
    kinds = [
        (1.0 if channel == "voice" else 2.0, Waiting("", channel, hub.key, NOW, crime=crime.key))
        for hub in service.hubs
        for crime in service.crimes
        for channel in ("voice", "chat")
    ]
    shape = [2, 2, 1, 1, 1, 2, 4, 6, 9, 10, 10, 10, 9, 9, 9, 9, 8, 8, 8, 8, 7, 6, 4, 3]
    per_hour = [each * YEARLY / 365 / sum(shape) for each in shape]
    coming = arrivals(Random(5), NOW, per_hour, 24 * 365, kinds, 25 * 60, 15 * 60)
    return simulate(rules_of(service), people, coming)
