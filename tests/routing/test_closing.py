"""The end of a shift and of a hub's day: what still begins, minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.definition.model import Hub
from routing.closing import closing, takes_new
from routing.rota import Spell

SEVENTEEN = datetime(2027, 2, 1, 17, tzinfo=UTC)
DAY = Spell(SEVENTEEN - timedelta(hours=8), SEVENTEEN)
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("minutes", "closed"),
    [
        (31, set()),
        (30, {"chat"}),
        (16, {"chat"}),
        (15, {"chat", "voice", "sms"}),
        (1, {"chat", "voice", "sms"}),
    ],
)
def test_so_many_minutes_before_the_end(minutes: int, closed: set[str]) -> None:
    assert closing(DAY, SEVENTEEN - timedelta(minutes=minutes)) == closed


@pytest.mark.parametrize(
    ("clock", "channel", "begins"),
    [
        ((19, 29), "chat", True),
        ((19, 30), "chat", False),
        ((19, 44), "voice", True),
        ((19, 45), "voice", False),
        ((19, 45), "sms", False),
        ((20, 0), "voice", False),
        ((7, 59), "chat", False),
        ((8, 0), "chat", True),
    ],
)
def test_a_hub_that_closes_at_eight_in_the_evening(
    clock: tuple[int, int], channel: str, begins: bool
) -> None:
    hub = Hub("penrith", "Penrith", hours=(time(8), time(20)))
    now = datetime(2027, 7, 1, *clock, tzinfo=LONDON)
    assert takes_new(hub, channel, now.astimezone(UTC), LONDON) is begins


def test_a_hub_that_never_closes_always_begins() -> None:
    assert takes_new(Hub("central", "Central"), "chat", SEVENTEEN, LONDON)
