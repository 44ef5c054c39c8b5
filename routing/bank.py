"""The bank holidays of a nation, from the `holidays` package: pure data, no look at the clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache

import holidays

SUBDIVISIONS = {
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}


def bank_holidays(nation: str, years: Iterable[int]) -> Collection[date]:
    """The dates of these years, days in lieu included. KeyError for a nation we do not know."""
    return frozenset().union(*(_of_year(nation, year) for year in years))


@cache
def _of_year(nation: str, year: int) -> frozenset[date]:
    return frozenset(
        holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=year).keys()
    )
