"""How fast a peer may speak: past the pace a slow-down, past three times the pace a close."""

from __future__ import annotations

from datetime import datetime, timedelta

Pace = tuple[tuple[int, timedelta], ...]
PACE: Pace = (
    (20, timedelta(seconds=10)),
    (100, timedelta(minutes=1)),
)
"""Messages in a time."""
POLLS: Pace = ((40, timedelta(seconds=10)),)
"""Polls of one visitor in a time: one for each message and each answer, and some to spare."""


class Pacer:
    """Remembers when somebody spoke, as far back as it must."""

    __slots__ = ("_most_judged", "_pace", "_said")

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._most_judged = 3 * max(most for most, _ in pace) + 1
        self._said: list[datetime] = []

    def hurry(self, now: datetime) -> tuple[float | None, bool]:
        """Seconds to wait when this was said too soon; and whether it is a flood."""
        said = self._said
        said.append(now)
        if len(said) > 2 * self._most_judged:
            del said[: -self._most_judged]
        wait: float | None = None
        for most, within in self._pace:
            if len(said) > 3 * most and now - said[-3 * most - 1] < within:
                return None, True
            if wait is None and len(said) > most and now - said[-most - 1] < within:
                wait = max(1.0, (said[-most] + within - now).total_seconds())
        return wait, False
