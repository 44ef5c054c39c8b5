"""A week of each example service, and the nights of clock changes. `make years` lives a year."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.people import SERVICES
from tests.proof.years import left_alone, lived


@pytest.mark.parametrize("key", sorted(SERVICES))
def test_in_a_week_nobody_ends_without_a_person_a_promise_or_a_number(key: str) -> None:
    told = lived(SERVICES[key], 7)
    assert len(told.contacts) > 300
    assert left_alone(told) == []
    assert told.counted()["person"] > 200
    assert len(told.counted()) > 1, "at night, when nobody is there, it ends otherwise"


@pytest.mark.parametrize("begins", ["2027-03-27", "2027-10-30", "2028-02-28"])
def test_nor_around_a_clock_change_and_a_leap_day(begins: str) -> None:
    told = lived(SERVICES["cumbria"], 3, datetime.fromisoformat(begins).replace(tzinfo=UTC))
    assert len(told.contacts) > 100
    assert left_alone(told) == []
