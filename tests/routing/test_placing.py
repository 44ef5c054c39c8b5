"""By day a team answers for its own; by night the central hub does, while somebody is there."""

from datetime import UTC, datetime

from routing.placing import asked_now
from tests.people import CUMBRIA

NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)
NIGHT = datetime(2027, 1, 13, 2, tzinfo=UTC)


def test_by_day_the_team_of_the_area_is_asked_first() -> None:
    assert asked_now(CUMBRIA, "penrith", now=NOON, central_staffed=True) == "penrith"


def test_by_night_the_central_hub_is_asked_for_a_closed_team() -> None:
    assert asked_now(CUMBRIA, "penrith", now=NIGHT, central_staffed=True) == "central"


def test_by_night_a_late_worker_is_better_than_nobody() -> None:
    assert asked_now(CUMBRIA, "penrith", now=NIGHT, central_staffed=False) == "penrith"


def test_the_hour_is_that_of_the_service_and_not_of_the_server() -> None:
    summer = datetime(2027, 7, 12, 7, 30, tzinfo=UTC)  # 08:30 in Penrith
    assert asked_now(CUMBRIA, "penrith", now=summer, central_staffed=True) == "penrith"


def test_half_an_hour_before_a_team_closes_new_chats_go_to_the_central_hub() -> None:
    def asked(hour: int, minute: int, channel: str, *, staffed: bool = True) -> str:
        now = datetime(2027, 1, 12, hour, minute, tzinfo=UTC)
        return asked_now(CUMBRIA, "penrith", channel, now=now, central_staffed=staffed)

    assert asked(19, 29, "chat") == "penrith"
    assert asked(19, 31, "chat") == "central"
    assert asked(19, 31, "voice") == "penrith"
    assert asked(19, 46, "voice") == "central"
    assert asked(19, 46, "voice", staffed=False) == "penrith"
