"""The example services, a year each, through the real rota, ladder and `decide`: `make years`.

Nobody who comes may end without a person, a kept promise or a number. The rota is a lean one:
local hubs by day, one pair at the central hub, and nobody anywhere from four to seven each night.
The year is 2027, with both clock changes and its bank holidays.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.definition.files import load_examples
from app.definition.model import Hub, Service
from app.definition.weekly import read_weekly
from routing.bank import bank_holidays
from routing.model import Channel, Seat, Waiting, rules_of
from routing.rota import Shift, spells
from routing.simulated import Present, Told, arrivals
from routing.simulation import simulate

BEGINS = datetime(2027, 1, 1, tzinfo=UTC)
DAILY = 60
"""Contacts a day, of one service."""
BY_HOUR = (2, 2, 1, 1, 1, 2, 4, 6, 9, 10, 10, 10, 9, 9, 9, 9, 8, 8, 8, 8, 7, 6, 4, 3)
HANDLING = 25 * 60
LOCAL = ("daily 08:00-20:00", "mon-fri 09:00-17:00")
CENTRAL = ("daily 07:00-19:00", "daily 07:00-15:00", "daily 15:00-04:00", "daily 19:00-04:00")
CHANNELS: tuple[tuple[Channel, float], ...] = (("voice", 2.0), ("chat", 3.0), ("sms", 1.0))
GOOD = {"person", "promise", "number"}


def lived(service: Service, days: int, begins: datetime = BEGINS) -> Told:
    """So many days of one service."""
    shape = [each * DAILY / sum(BY_HOUR) for each in BY_HOUR]
    coming = arrivals(Random(service.key), begins, shape, 24 * days, _kinds(service), HANDLING)
    people = [
        one
        for hub in service.hubs
        for at, hours in enumerate(CENTRAL if hub.central else LOCAL)
        for one in [_present(service, hub, f"{hub.key}-{at}", hours, begins, days)]
    ]
    return simulate(rules_of(service), people, coming)


def left_alone(told: Told) -> list[str]:
    """Who found neither a person, nor a promise that was kept, nor a number."""
    return [each.contact for each in told.contacts if each.how not in GOOD]


def _present(
    service: Service, hub: Hub, who: str, hours: str, begins: datetime, days: int
) -> Present:
    weekly = read_weekly(hours)
    assert weekly is not None
    shift = Shift(who, hub.key, weekly)
    bank = bank_holidays(service.nation, (begins.year, begins.year + 1))
    ends = begins + timedelta(days=days + 2)
    theirs = spells(who, [shift], (), ZoneInfo(service.zone), begins, ends, bank)
    seat = Seat(who, who, hub.key, begins, begins, skills=frozenset(service.skills))
    return Present(seat, theirs)


def _kinds(service: Service) -> list[tuple[float, Waiting]]:
    """Every need at every hub, by each channel; some are children, in danger, or speak Polish."""
    return [
        (weight * part, Waiting("", channel, hub.key, BEGINS, crime=crime.key, age=age,
                                language=language, urgency=urgency))
        for hub in service.hubs
        for crime in service.crimes
        for channel, weight in CHANNELS
        for part, age, language, urgency in (
            (8, "", "", ""), (1, "under18", "", ""), (1, "", "pl", ""), (1, "", "", "danger"),
        )
    ]  # fmt: skip


def main(days: int) -> int:
    alone = 0
    for key, service in sorted(load_examples().items()):
        begun = time.process_time()
        told = lived(service, days)
        spent = time.process_time() - begun
        ended = ", ".join(f"{how} {count}" for how, count in sorted(told.counted().items()))
        missing = left_alone(told)
        alone += len(missing)
        sys.stdout.write(
            f"{key}: {len(told.contacts)} contacts in {days} days, {spent:.0f} s of CPU: {ended}; "
            f"{told.within(60):.1%} in 60 s; left alone: {missing[:5] or 'nobody'}\n"
        )
        sys.stdout.flush()
    return 1 if alone else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 365))
