"""What an address asks the contact log for, and the addresses of its filters. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from starlette.requests import Request

from app.cases.access import Filters
from app.cases.model import HowEnded
from widgets.console import words

WHENS = {"day": "Last 24 hours", "week": "Last 7 days", "": "Any time"}
SHOWN_ENDINGS = set(HowEnded) - {HowEnded.WRAPPED_UP}
"""Ended by the advisor and wrapped up read alike, so the filter names them once."""


@dataclass(frozen=True)
class Asked:
    """What the address asks the log for. Anything it cannot mean counts as not asked (S9)."""

    when: str = "day"
    channel: str = ""
    hub: str = ""
    ended: str = ""
    tests: bool = False
    offset: int = 0

    @classmethod
    def of(cls, request: Request) -> Asked:
        query = request.query_params

        def one_of(name: str, allowed: Sequence[str], default: str = "") -> str:
            value = query.get(name, default)
            return value if value in allowed else default

        offset = query.get("from", "0")
        return cls(
            when=one_of("when", list(WHENS), "day"),
            channel=one_of("by", [str(channel) for channel in words.CHANNELS]),
            hub=query.get("hub", "")[:40],
            ended=one_of("ended", [how.value for how in HowEnded]),
            tests=query.get("tests") == "1",
            offset=int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 7 else 0,
        )

    def filters(self, now: datetime) -> Filters:
        days = {"day": 1, "week": 7}.get(self.when)
        return Filters(
            since=now.astimezone(UTC) - timedelta(days=days) if days else None,
            channel=self.channel,
            hub=self.hub,
            how_ended=self.ended,
            without_tests=not self.tests,
        )

    def link(self, offset: int = 0, **changes: str) -> str:
        query = {
            "when": self.when,
            "by": self.channel,
            "hub": self.hub,
            "ended": self.ended,
            "tests": "1" if self.tests else "",
            "from": str(offset) if offset else "",
        } | changes
        asked = {name: value for name, value in query.items() if value or name == "when"}
        return f"/console/contacts?{urlencode(asked)}"

    @property
    def picked(self) -> list[tuple[str, str]]:
        """Each filter in force, and the address without it."""
        told = []
        if self.when:
            told.append((WHENS[self.when], self.link(when="")))
        if self.channel:
            told.append((words.CHANNELS[self.channel][0], self.link(by="")))
        if self.hub:
            told.append((self.hub.replace("-", " ").capitalize(), self.link(hub="")))
        if self.ended:
            told.append((words.ENDINGS[self.ended][0].capitalize(), self.link(ended="")))
        if not self.tests:
            told.append(("Not a test", self.link(tests="1")))
        return told
