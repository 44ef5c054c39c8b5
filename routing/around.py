"""Who and what is around a desk: colleagues on duty, and what a lead's people hold now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.cases.acts import to_contact
from app.cases.model import Contact, State
from app.cases.tables import contacts, conversations
from app.db import Work
from app.definition.model import Service
from routing.model import Presence
from routing.reading import seats_of
from routing.tables import seats


@dataclass(frozen=True)
class Colleague:
    """Somebody on duty. `free` is how many places they have, 0 unless available."""

    staff: str
    hub: str
    state: Presence
    because: str
    load: int
    capacity: int
    away: bool
    """Set away by a lead."""
    closing: bool
    """Takes no more chats: the shift ends soon."""

    @property
    def free(self) -> int:
        return 0 if self.closing or self.state != "available" else self.capacity - self.load


def colleagues(work: Work, service: Service) -> list[Colleague]:
    """Everyone on duty, those who take work first, then by hub."""
    set_away = sa.select(seats.c.staff).where(seats.c.away_by.is_not(None))
    away = {row.staff for row in work.run(set_away.where(seats.c.service == service.key))}
    found = [
        Colleague(
            seat.staff, seat.hub, seat.state, seat.because, seat.load, seat.capacity,
            seat.staff in away, "chat" in seat.closing,
        )
        for seat in seats_of(work, service)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.free == 0, one.hub, one.staff))


def held(work: Work, service: str, hubs: Collection[str] | None) -> list[Contact]:
    """What is with somebody now, the longest first; of these hubs, or of every one."""
    rule: list[Any] = [contacts.c.service == service, contacts.c.state == State.ACTIVE.value]
    if hubs is not None:
        rule.append(contacts.c.hub.in_(sorted(hubs)))
    rows = work.run(
        sa.select(contacts, conversations.c.id.label("conversation"))
        .outerjoin(conversations, conversations.c.contact == contacts.c.id)
        .where(*rule)
        .order_by(contacts.c.answered_at, contacts.c.id)
    )
    return [to_contact(row) for row in rows]
