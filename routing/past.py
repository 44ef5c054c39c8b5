"""What has been with each waiting contact: who was asked, who held it last, when it came back.

A call that was cut and comes again is only a hint to the router: it opens nothing (S6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.among import among
from app.cases import conflicts
from app.cases.tables import assignments, contacts
from app.db import Work
from routing.tables import offers

RINGS_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Again:
    """What an earlier call from the same number says: who had it, and who must not have this."""

    last: str = ""
    barred: frozenset[str] = frozenset()
    barred_hubs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Past:
    """`asked`: who declined it, let it lapse, or handed it over. `last` lost it, and may have it
    again: an advisor back from a blip is asked first (staff id, "" when nobody)."""

    asked: frozenset[str] = frozenset()
    last: str = ""
    returned_at: datetime | None = None


NOT_BEFORE = Again()
NEVER = Past()


def past_of(work: Work, contact_ids: Sequence[str]) -> Mapping[str, Past]:
    """For those of these contacts that were with somebody, or were asked for."""
    if not contact_ids:
        return {}
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
    return {
        contact: Past(frozenset(asked[contact]), *last.get(contact, ("", None)))
        for contact in asked.keys() | last.keys()
    }


def rang_before(work: Work, waiting: Sequence[Any]) -> Mapping[str, Again]:
    """By contact: callers whose call ended minutes ago, on the same line, from the same number.

    The number is compared by its blind index alone. A withheld number has none (S6).
    `waiting` are contact rows.
    """
    found: dict[str, Again] = {}
    calls = [row for row in waiting if row.channel == "voice" and row.number_index is not None]
    if not calls:
        return found
    now = contacts.alias("now")
    pairs = work.run(
        sa.select(
            now.c.id.label("call"), now.c.arrived_at, contacts.c.id, contacts.c.ended_at,
            assignments.c.staff,
        )
        .join(
            contacts,
            sa.and_(
                contacts.c.number_index == now.c.number_index,
                contacts.c.service == now.c.service,
                contacts.c.line == now.c.line,
                contacts.c.id != now.c.id,
            ),
        )
        .join(assignments, assignments.c.contact == contacts.c.id)
        .where(
            among(now.c.id, [row.id for row in calls]),
            contacts.c.channel == "voice",
            contacts.c.arrived_at < now.c.arrived_at,
            contacts.c.ended_at >= min(row.arrived_at for row in calls) - RINGS_AGAIN,
        )
        .order_by(contacts.c.ended_at, assignments.c.number)
    ).all()  # fmt: skip
    apart = conflicts.barred_of(work, list({pair.id for pair in pairs}))
    for pair in pairs:
        if pair.arrived_at > pair.ended_at + RINGS_AGAIN:
            continue
        before, barred = found.get(pair.call, NOT_BEFORE), apart.get(pair.id, conflicts.NOBODY)
        found[pair.call] = Again(
            pair.staff, before.barred | barred.staff, before.barred_hubs | barred.hubs
        )
    return found
