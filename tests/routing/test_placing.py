"""By day a team answers for its own; by night the central hub does, while somebody is there."""

from datetime import UTC, datetime

from routing.placing import asked_now
from tests.people import CUMBRIA

NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)
NIGHT = datetime(2027, 1, 13, 2, tzinfo=UTC)


def test_by_day_the_team_of_the_area_is_asked_first() -> None:
    assert asked_now(CUMBRIA, "penrith", NOON, central_staffed=True) == "penrith"


def test_by_night_the_central_hub_is_asked_for_a_closed_team() -> None:
    assert asked_now(CUMBRIA, "penrith", NIGHT, central_staffed=True) == "central"


def test_by_night_a_late_worker_is_better_than_nobody() -> None:
    assert asked_now(CUMBRIA, "penrith", NIGHT, central_staffed=False) == "penrith"


def test_the_hour_is_that_of_the_service_and_not_of_the_server() -> None:
    summer = datetime(2027, 7, 12, 7, 30, tzinfo=UTC)  # 08:30 in Penrith
    assert asked_now(CUMBRIA, "penrith", summer, central_staffed=True) == "penrith"
