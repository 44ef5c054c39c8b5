"""The router alone, in memory: assignments a second in a full house, beside a plain scan of it.

One world with every rule on (6 skills in two levels, 4 languages, 40 hubs, volunteers, lead
workers, wishes, people who must not meet). Contacts come one after another; from two thirds full
on, random work ends for each that begins. The plain scan is the one the tests call right. Times
are this thread's own on the processor: what else the machine does is left out.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from app.definition.model import Rung
from routing.board import Floor, floors_of
from routing.decide import Pass, decide, in_order
from routing.explain import explain
from routing.model import Board, Decision, Offer, Rules, Seat, Waiting
from tests.bench.machine import CLIENT_CORE, percentile, pin
from tests.routing.desk import NOW
from tests.routing.naive import Plain, Plainly

SEATS, NEEDS = (500, 5_000, 50_000), 50_000
NAIVE_SEATS, NAIVE_NEEDS = 5_000, 200
SKILLS = tuple(f"skill-{number}" for number in range(6))
LANGUAGES = ("en", "pl", "ur", "ro")
HUBS = ("central", *(f"hub-{number}" for number in range(39)))
PLACES = 3
RULES = Rules(
    service="bench",
    central="central",
    ladder=(Rung("home", 60), Rung("neighbours", 60), Rung("central", 60), Rung("promise")),
    skill_for_crime={skill: f"{skill}.2" for skill in SKILLS},
    skill_for_age={"under18": SKILLS[0]},
    head_start={"danger": 600},
    neighbours={hub: (HUBS[at - 1], HUBS[at - 2]) for at, hub in enumerate(HUBS) if at > 2},
    volunteers_never=frozenset(SKILLS[:1]),
    queue_most=1_000_000,
)


def run() -> None:
    pin(CLIENT_CORE)
    print(f"{'':24}{'a second':>10}{'p50 us':>8}{'p99 us':>8}{'drawn ms':>10}")
    mean: dict[int, float] = {}
    for seats in SEATS:
        drawn, times, nobody = full_house(world(seats, NEEDS))
        mean[seats] = sum(times) / len(times)
        _print(f"{seats} seats, {NEEDS} needs", times, f"{drawn * 1e3:10.0f}   {nobody} waited on")
    naive = plain_scan(world(NAIVE_SEATS, NEEDS))
    _print(f"{NAIVE_SEATS} seats, plain scan", naive, "")
    times_naive = sum(naive) / len(naive) / mean[NAIVE_SEATS]
    grown = mean[SEATS[-1]] / mean[SEATS[0]]
    print(f"{times_naive:.0f} times the plain scan; {grown:.1f} times the cost for 100 x the seats")
    whole, one = explained(world(NAIVE_SEATS, NEEDS))
    print(f"a whole pass of {NEEDS} needs {whole * 1e3:.0f} ms; explain one of them, worst of 20")
    print(f"{'explain one decision':24}{one * 1e3:10.1f} ms")


def _print(what: str, times: Sequence[float], more: str) -> None:
    print(
        f"{what:24}{len(times) / sum(times):10.0f}{percentile(times, 50) * 1e6:8.1f}"
        f"{percentile(times, 99) * 1e6:8.1f}{more}"
    )


def world(seats: int, needs: int) -> Board:
    """The same world for the same sizes."""
    luck = random.Random(7)
    return Board(
        RULES,
        tuple(_waiting(luck, number, seats) for number in range(needs)),
        tuple(_seat(luck, number) for number in range(seats)),
        frozenset({HUBS[-1]}),
    )


def _seat(luck: random.Random, number: int) -> Seat:
    volunteer = number % 7 == 3
    skills = luck.sample(SKILLS, luck.randint(1, 4))
    return Seat(
        _name(number),
        "Maya",
        "central" if number % 5 == 0 else HUBS[number % len(HUBS)],
        NOW - timedelta(seconds=luck.randrange(3600)),
        NOW + timedelta(seconds=30),
        role="volunteer" if volunteer else "advisor",
        supervisor=_name(number - 3) if volunteer else "",
        skills=frozenset([*skills, *(f"{skill}.2" for skill in skills[:1])]),
        languages=frozenset({"en", *luck.sample(LANGUAGES, luck.randint(0, 2))}),
        capacity=PLACES,
        gender=luck.choice(("woman", "woman", "man", "")),
        vetted=luck.random() > 0.01,
        closing=frozenset({"chat"}) if luck.random() < 0.02 else frozenset(),
        checking=luck.random() < 0.01,
    )


def _name(number: int) -> str:
    return f"seat-{number:06d}"


def _waiting(luck: random.Random, number: int, seats: int) -> Waiting:
    def somebody(often: float) -> str:
        return _name(luck.randrange(seats)) if luck.random() < often else ""

    asked, barred = somebody(0.05), somebody(0.02)
    return Waiting(
        f"contact-{number:06d}",
        "voice" if luck.random() < 0.2 else "chat",
        luck.choice(HUBS),
        NOW - timedelta(seconds=luck.randrange(1, 600)),
        crime=luck.choice(SKILLS),
        age=luck.choice(("", "", "", "adult", "under18")),
        language="en" if luck.random() < 0.8 else luck.choice(LANGUAGES),
        urgency="danger" if luck.random() < 0.05 else "",
        rung=luck.choice((0, 1, 2, 2)),
        rung_until=NOW + timedelta(seconds=20),
        asked=frozenset({asked} - {""}),
        asked_at=NOW - timedelta(seconds=40) if asked else None,
        barred=frozenset({barred} - {""}),
        barred_hubs=frozenset({luck.choice(HUBS)}) if luck.random() < 0.01 else frozenset(),
        weight=2 if luck.random() < 0.1 else 1,
        gender="woman" if luck.random() < 0.1 else "",
        lead=somebody(0.1),
        last=somebody(0.1),
    )


class Work:
    """What is held in the full house, and what of it ends by chance."""

    def __init__(self, board: Board) -> None:
        self._luck = random.Random(11)
        self._most = sum(seat.capacity for seat in board.seats) * 2 // 3
        self._used = 0
        self._held: list[tuple[str, int]] = []

    def begins(self, staff: str, places: int) -> Iterator[tuple[str, int]]:
        """Everything that ends now that this begins."""
        self._held.append((staff, places))
        self._used += places
        while self._used > self._most:
            at = self._luck.randrange(len(self._held))
            self._held[at], self._held[-1] = self._held[-1], self._held[at]
            ended = self._held.pop()
            self._used -= ended[1]
            yield ended


def full_house(board: Board) -> tuple[float, list[float], int]:
    """Seconds to draw the floors, seconds of each assignment, and how many found nobody."""
    begun = time.thread_time()
    floors = floors_of(board, NOW)
    drawn = time.thread_time() - begun
    one_pass = Pass(board.rules, floors, NOW, board.paused)
    floor_of: dict[str, Floor] = {
        seat.staff: floor for floor in floors.values() for seat in floor.seats
    }
    work, nobody = Work(board), 0
    times: list[float] = []
    for waiting in in_order(board):
        begun = time.thread_time()
        decision = one_pass.answer(waiting)
        lasted = time.thread_time() - begun
        if not isinstance(decision, Offer):
            nobody += 1
            continue
        times.append(lasted)
        for staff, places in work.begins(decision.staff, decision.weight):
            floor = floor_of[staff]
            floor.give_back(floor.number[staff], places)
            one_pass.look_again()
    return drawn, times, nobody


def plain_scan(board: Board) -> list[float]:
    """Every seat looked at for every contact, by the same rules. Seconds of each assignment."""
    plainly, work = Plainly(board, NOW), Work(board)
    held = {seat.staff: seat for seat in board.seats}
    times: list[float] = []
    for waiting in in_order(board)[:NAIVE_NEEDS]:
        begun = time.thread_time()
        decided: Plain = plainly.one(waiting)
        lasted = time.thread_time() - begun
        if decided.staff is None:
            continue
        times.append(lasted)
        for staff, places in work.begins(
            decided.staff, plainly.places(held[decided.staff], waiting)
        ):
            plainly.given[staff] -= places
    return times


def explained(board: Board) -> tuple[float, float]:
    """Seconds of a whole pass, and the slowest of twenty explanations of what it decided."""
    begun = time.thread_time()
    decisions: tuple[Decision, ...] = decide(board, NOW)
    whole = time.thread_time() - begun
    slowest = 0.0
    for at in range(0, len(decisions), len(decisions) // 20):
        begun = time.thread_time()
        explain(board, decisions[at].contact, NOW, decisions)
        slowest = max(slowest, time.thread_time() - begun)
    return whole, slowest
