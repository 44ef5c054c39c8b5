"""A hub's queue at rest: paused by a lead with a reason, until a time that everybody sees.

Nobody at the hub is asked meanwhile; who waits there is asked for elsewhere at once, and it ends by
itself (S2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import audit
from app.auth.policy import Actor
from app.db import Work
from app.definition.model import Service
from app.errors import Wrong
from routing.leading import check_leads, hub_name
from routing.rests import PAUSES
from routing.seating import look
from routing.tables import pauses

SHORTEST, LONGEST = 5, 720
"""Minutes a queue may be paused in one go."""


@dataclass(frozen=True)
class Paused:
    """A hub whose queue is at rest until `until`. `by` is a staff id, `reason` a code of PAUSES."""

    hub: str
    reason: str
    by: str
    at: datetime
    until: datetime


def pause(
    work: Work, actor: Actor, service: Service, pause_id: str, hub: str, reason: str, minutes: int
) -> None:
    """`pause_id` is new for each press: the same twice is one pause."""
    hub_name(service, hub)
    check_leads(actor, service, hub)
    if reason not in PAUSES:
        raise Wrong("Choose why the queue is paused.")
    if not SHORTEST <= minutes <= LONGEST:
        raise Wrong(f"Pause it for {SHORTEST} minutes to 12 hours.")
    if work.run(sa.select(pauses.c.id).where(pauses.c.id == pause_id)).first() is not None:
        return
    _end(work, service.key, hub)
    work.run(
        pauses.insert().values(
            id=pause_id, service=service.key, hub=hub, reason=reason, by=actor.staff, at=work.now,
            until=work.now + timedelta(minutes=minutes),
        )
    )  # fmt: skip
    audit.record(work, actor.staff, "paused", "queue", hub, service=service.key, why=reason)
    look(work, service.key)


def unpause(work: Work, actor: Actor, service: Service, hub: str) -> None:
    hub_name(service, hub)
    check_leads(actor, service, hub)
    if _end(work, service.key, hub):
        audit.record(work, actor.staff, "unpaused", "queue", hub, service=service.key)
    look(work, service.key)


def paused(work: Work, service: str) -> list[Paused]:
    """The queues at rest now. One whose time is over is no longer among them."""
    rows = work.run(
        sa.select(pauses)
        .where(pauses.c.service == service, pauses.c.ended_at.is_(None), pauses.c.until > work.now)
        .order_by(pauses.c.hub)
    )
    return [Paused(row.hub, row.reason, row.by, row.at, row.until) for row in rows]


def _end(work: Work, service: str, hub: str) -> bool:
    done = work.run(
        pauses.update()
        .where(pauses.c.service == service, pauses.c.hub == hub, pauses.c.ended_at.is_(None))
        .values(ended_at=work.now)
    )
    return done.rowcount > 0
