"""Breaks, and the way back: by one's own wish, after a hard contact, or set away by a lead.

Nothing here touches what somebody holds: only who is offered the next one (S13).
"""

from __future__ import annotations

from app import audit
from app.cases import notices
from app.cases.model import Contact
from app.db import Work
from app.errors import Refused, Wrong
from routing.offering import give_back
from routing.rests import BREAKS
from routing.seating import look
from routing.tables import seats


def start(work: Work, staff_id: str, reason: str) -> None:
    """A break with its reason, a code of BREAKS. What rings goes on to others."""
    if reason not in BREAKS:
        raise Wrong("Choose why you take a break.")
    _rest(work, staff_id, staff_id, "break", reason, break_reason=reason, break_at=work.now,
          after_hard=False)  # fmt: skip


def set_away(work: Work, staff_id: str, by: str) -> None:
    """A lead sets a seat away, for whoever forgot to. `by` is the lead; scope is theirs to ask."""
    _rest(work, staff_id, by, "set away", "", away_by=by)


def back(work: Work, staff_id: str, by: str) -> None:
    """Here again, whatever it was: a break, set away, or "are you there?". Twice is once."""
    row = work.run(
        seats.update()
        .where(seats.c.staff == staff_id)
        .values(break_reason=None, break_at=None, away_by=None, lapses=0, checking=False,
                after_hard=False)
        .returning(seats.c.service)
    ).first()  # fmt: skip
    if row is None:
        raise Refused("Go on duty first.", code="off_duty")
    audit.record(work, by, "back", "seat", staff_id, service=row.service)
    look(work, row.service)


def due(work: Work, contact: Contact, staff_id: str) -> None:
    """It was a hard one: a break comes before the next offer, and a lead knows."""
    work.run(seats.update().where(seats.c.staff == staff_id).values(after_hard=True))
    notices.tell(
        work, None, contact.service, contact.hub, notices.Kind.HARD_CONTACT, contact.id, staff_id
    )


def _rest(work: Work, staff_id: str, by: str, verb: str, why: str, **values: object) -> None:
    row = work.run(
        seats.update()
        .where(seats.c.staff == staff_id, seats.c.on_duty.is_(True))
        .values(**values)
        .returning(seats.c.service)
    ).first()
    if row is None:
        raise Refused("That seat is not on duty.", code="off_duty")
    give_back(work, staff_id)
    audit.record(work, by, verb, "seat", staff_id, service=row.service, why=why)
    look(work, row.service)
