"""The router alone, in memory: assignments a second in a full house, beside a plain scan of it.

One world (6 skills, 4 languages, 40 hubs, three places a seat, a fifth of the contacts by voice).
Contacts come one after another; from two thirds full on, random work ends for each that begins.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from routing.board import Floor, floors_of
from routing.decide import Pass, in_order
from routing.model import Board, Offer, Seat, Waiting
from tests.bench.machine import CLIENT_CORE, percentile, pin
from tests.routing.desk import CUMBRIA, NOW

SEATS, NEEDS = (500, 5_000, 50_000), 50_000
NAIVE_SEATS, NAIVE_NEEDS = 5_000, 300
SKILLS = tuple(f"skill-{number}" for number in range(6))
LANGUAGES = ("en", "pl", "ur", "ro")
HUBS = ("central", *(f"hub-{number}" for number in range(39)))
PLACES = 3


def run() -> None:
    pin(CLIENT_CORE)
    print(f"{'':24}{'a second':>10}{'p50 us':>8}{'p99 us':>8}{'drawn ms':>10}")
    mean: dict[int, float] = {}
    for seats in SEATS:
        drawn, times, nobody = full_house(world(seats, NEEDS))
        mean[seats] = sum(times) / len(times)
        _print(f"{seats} seats, {NEEDS} needs", times, f"{drawn * 1e3:10.0f}   {nobody} waited on")
    naive = plain_scan(world(NAIVE_SEATS, NAIVE_NEEDS))
    _print(f"{NAIVE_SEATS} seats, plain scan", naive, "")
    times_naive = sum(naive) / len(naive) / mean[NAIVE_SEATS]
    grown = mean[SEATS[-1]] / mean[SEATS[0]]
    print(f"{times_naive:.0f} times the plain scan; {grown:.1f} times the cost for 100 x the seats")


def _print(what: str, times: Sequence[float], more: str) -> None:
    print(
        f"{what:24}{len(times) / sum(times):10.0f}{percentile(times, 50) * 1e6:8.1f}"
        f"{percentile(times, 99) * 1e6:8.1f}{more}"
    )


def world(seats: int, needs: int) -> Board:
    """The same world for the same sizes."""
    luck = random.Random(7)
    rules = replace(
        CUMBRIA,
        skill_for_crime={skill: skill for skill in SKILLS},
        skill_for_age={"under18": SKILLS[0]},
    )
    return Board(
        rules,
        tuple(_waiting(luck, number) for number in range(needs)),
        tuple(_seat(luck, number) for number in range(seats)),
    )


def _seat(luck: random.Random, number: int) -> Seat:
    return Seat(
        f"seat-{number:06d}",
        "Maya",
        "central" if number % 5 == 0 else HUBS[number % len(HUBS)],
        NOW - timedelta(seconds=luck.randrange(3600)),
        NOW + timedelta(seconds=30),
        skills=frozenset(luck.sample(SKILLS, luck.randint(1, 4))),
        languages=frozenset({"en", *luck.sample(LANGUAGES, luck.randint(0, 2))}),
        capacity=PLACES,
    )


def _waiting(luck: random.Random, number: int) -> Waiting:
    return Waiting(
        f"contact-{number:06d}",
        "voice" if luck.random() < 0.2 else "chat",
        luck.choice(HUBS),
        NOW - timedelta(seconds=luck.randrange(1, 600)),
        crime=luck.choice(SKILLS),
        age=luck.choice(("", "", "adult", "under18")),
        language="en" if luck.random() < 0.8 else luck.choice(LANGUAGES),
        rung=luck.choice((0, 1, 1)),
        rung_until=NOW + timedelta(seconds=20),
    )


def full_house(board: Board) -> tuple[float, list[float], int]:
    """Seconds to draw the floors, seconds of each assignment, and how many found nobody."""
    luck = random.Random(11)
    begun = time.perf_counter()
    floors = floors_of(board, NOW)
    drawn = time.perf_counter() - begun
    one_pass = Pass(board.rules, floors, NOW)
    floor_of: dict[str, Floor] = {
        seat.staff: floor for floor in floors.values() for seat in floor.seats
    }
    most = len(board.seats) * PLACES * 2 // 3
    held: list[Offer] = []
    used = nobody = 0
    times: list[float] = []
    for waiting in in_order(board):
        begun = time.perf_counter()
        decision = one_pass.answer(waiting)
        lasted = time.perf_counter() - begun
        if not isinstance(decision, Offer):
            nobody += 1
            one_pass = Pass(board.rules, floors, NOW)  # work ends: what was full may be free
            continue
        times.append(lasted)
        held.append(decision)
        used += decision.weight
        while used > most:
            at = luck.randrange(len(held))
            held[at], held[-1] = held[-1], held[at]
            ended = held.pop()
            used -= ended.weight
            floor = floor_of[ended.staff]
            floor.give_back(floor.number[ended.staff], ended.weight)
    return drawn, times, nobody


def plain_scan(board: Board) -> list[float]:
    """Every seat looked at for every contact, the best by the same order. Seconds of each."""
    load = {seat.staff: seat.load for seat in board.seats}
    idle = {seat.staff: seat.idle_since for seat in board.seats}
    times: list[float] = []
    for waiting in in_order(board):
        begun = time.perf_counter()
        hubs = (waiting.hub,) if waiting.rung == 0 else (waiting.hub, "central")
        age = board.rules.skill_for_age.get(waiting.age)
        best = min(
            (
                (
                    hubs.index(seat.hub),
                    age is not None and age not in seat.skills,
                    waiting.crime not in seat.skills,
                    idle[seat.staff],
                    seat.staff,
                )
                for seat in board.seats
                if seat.state == "available"
                and not seat.on_call
                and seat.lease_until > NOW
                and seat.hub in hubs
                and waiting.channel in seat.channels
                and waiting.language in seat.languages
                and load[seat.staff] + (PLACES if waiting.channel == "voice" else 1) <= PLACES
            ),
            default=None,
        )
        if best is not None:
            staff = best[-1]
            load[staff] += PLACES if waiting.channel == "voice" else 1
            idle[staff] = NOW
            times.append(time.perf_counter() - begun)
    return times
