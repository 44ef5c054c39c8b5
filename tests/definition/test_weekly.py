"""A weekly rule as people write it."""

from datetime import date, time

import pytest

from app.definition.weekly import ALWAYS, EVER, Weekly, read_weekly


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("always", ALWAYS),
        ("mon-fri 09:00-17:00", Weekly(frozenset(range(5)), time(9), time(17))),
        ("Sat,Sun 22:00-08:00", Weekly(frozenset({5, 6}), time(22), time(8))),
        ("fri-mon 20:00-08:00", Weekly(frozenset({4, 5, 6, 0}), time(20), time(8))),
        (
            "tue 22:00-08:00 every 2 weeks from 2026-11-24 until 2027-03-30 not on bank holidays",
            Weekly(
                frozenset({1}), time(22), time(8),
                date(2026, 11, 24), date(2027, 3, 30), 2, "off",
            ),
        ),
        (
            "daily 10:00-16:00 only on bank holidays",
            Weekly(frozenset(range(7)), time(10), time(16), EVER, None, 1, "only"),
        ),
    ],
)  # fmt: skip
def test_what_can_be_read(text: str, expected: Weekly) -> None:
    assert read_weekly(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mon",
        "monday 09:00-17:00",
        "mon- 09:00-17:00",
        "mon 9-17",
        "mon 25:00-26:00",
        "mon 09:00-17:00 every 3 weeks",
        "mon 09:00-17:00 from 2027-02-30",
        "mon 09:00-17:00 from 2027-02-02 until 2027-02-01",
    ],
)
def test_what_cannot(text: str) -> None:
    assert read_weekly(text) is None
