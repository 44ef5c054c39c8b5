"""The time, read in one place so that a test can move it. Always aware, always UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class Clock:
    """`offset` is what a test added; a work adds it to the database's own time."""

    offset: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def move(self, **by: float) -> None:
        """Move on by `seconds=`, `minutes=`, `hours=` or `days=`."""
        self.offset += timedelta(**by)
