"""How often a phone may ring before a lead is told, and how long a lead may slow it down. Pure.

Many calls are a frightened person at least as often as a nuisance. So nothing happens by itself:
a lead looks and decides, the decision ends by itself, and the phone still reaches a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.errors import Wrong

WITHIN: Final = timedelta(hours=1)
OFTEN: Final = 6
"""Calls from one number within that time of which a lead is told."""
LONGEST: Final = timedelta(hours=24)


def is_often(calls: int) -> bool:
    """`calls` from one number within WITHIN, the present one included."""
    return calls >= OFTEN


def ends_at(hours: int, now: datetime) -> datetime:
    """When a decision of so many whole hours ends. Raises Wrong beyond a day: then decide anew."""
    if not 1 <= hours <= LONGEST // timedelta(hours=1):
        raise Wrong("Choose from 1 to 24 hours. It can be decided again.")
    return now + timedelta(hours=hours)
