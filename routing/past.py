"""What has been with each waiting contact: who was asked, who held it last, when it came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.among import among
from app.cases.tables import assignments
from app.db import Work
from routing.tables import offers


@dataclass(frozen=True)
class Past:
    """`asked`: who declined it, let it lapse, or handed it over. `last` lost it, and may have it
    again: an advisor back from a blip is asked first (staff id, "" when nobody)."""

    asked: frozenset[str] = frozenset()
    last: str = ""
    returned_at: datetime | None = None


def past_of(work: Work, contact_ids: Sequence[str]) -> dict[str, Past]:
    found: defaultdict[str, Past] = defaultdict(Past)
    if not contact_ids:
        return found
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for row in work.run(
        sa.select(offers.c.contact, offers.c.staff).where(
            among(offers.c.contact, contact_ids), offers.c.answer.in_(("declined", "lapsed"))
        )
    ):
        asked[row.contact].add(row.staff)
    last: dict[str, tuple[str, datetime | None]] = {}
    for row in work.run(
        sa.select(assignments.c.contact, assignments.c.staff, assignments.c.ended_at,
                  assignments.c.how)
        .where(among(assignments.c.contact, contact_ids))
        .order_by(assignments.c.contact, assignments.c.number)
    ):  # fmt: skip
        gave_it_up = row.how == "handed over"
        if gave_it_up:
            asked[row.contact].add(row.staff)
        last[row.contact] = ("" if gave_it_up else row.staff, row.ended_at)
    for contact in asked.keys() | last.keys():
        who, when = last.get(contact, ("", None))
        found[contact] = Past(frozenset(asked[contact]), who, when)
    return found
