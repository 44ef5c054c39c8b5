"""A weekly rule as people write it: "mon-fri 09:00-17:00", "sat,sun 22:00-08:00 every 2 weeks".

Times are local. An end that is not after its start is on the next day; the same time twice is the
whole day. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

Bank = Literal["works", "off", "only"]
"""What a bank holiday does to a rule: nothing, no shift that day, or a shift on no other day."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVER = date(2000, 1, 3)
"""The Monday from which a rule without a first date holds."""
MIDNIGHT = time(0, 0)
HOW = 'Write it as in "mon-fri 09:00-17:00", "sat,sun 22:00-08:00 every 2 weeks", or "always".'

_RULE = re.compile(
    r"(?P<days>[a-z,-]+) (?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)"
    r"(?P<second> every 2 weeks)?"
    r"( from (?P<first>\d{4}-\d\d-\d\d))?( until (?P<last>\d{4}-\d\d-\d\d))?"
    r"( (?P<bank>not on bank holidays|only on bank holidays))?"
)
_SPOKEN: dict[str | None, Bank] = {
    None: "works",
    "not on bank holidays": "off",
    "only on bank holidays": "only",
}


@dataclass(frozen=True, slots=True)
class Weekly:
    """`days` are those on which it begins, 0 is Monday. `last` is included, None for no end.

    `every` 2 is every second week, counted from the week that `first` lies in.
    """

    days: frozenset[int]
    start: time
    end: time
    first: date = EVER
    last: date | None = None
    every: int = 1
    bank: Bank = "works"


ALWAYS = Weekly(frozenset(range(7)), MIDNIGHT, MIDNIGHT)


def read_weekly(text: str) -> Weekly | None:
    """The rule that this text says; None when it cannot be read."""
    plain = " ".join(text.casefold().split())
    if plain == "always":
        return ALWAYS
    found = _RULE.fullmatch(plain)
    if found is None or (days := read_days(found["days"])) is None:
        return None
    try:
        weekly = Weekly(
            days,
            time.fromisoformat(found["start"]),
            time.fromisoformat(found["end"]),
            date.fromisoformat(found["first"]) if found["first"] else EVER,
            date.fromisoformat(found["last"]) if found["last"] else None,
            2 if found["second"] else 1,
            _SPOKEN[found["bank"]],
        )
    except ValueError:
        return None
    return None if weekly.last is not None and weekly.last < weekly.first else weekly


def read_days(text: str) -> frozenset[int] | None:
    """ "daily", "mon-fri", "sat,sun", "fri-mon"; None when a day is not known."""
    if text == "daily":
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last and last not in DAYS) or part.endswith("-"):
            return None
        begin = DAYS.index(first)
        length = (DAYS.index(last or first) - begin) % 7
        days |= {(begin + step) % 7 for step in range(length + 1)}
    return frozenset(days)
