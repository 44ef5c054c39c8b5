"""What no rule, no lead and no kindness may set aside when somebody takes a contact.

Full, on a break or at another hub is no hindrance to a person who chooses. What keeps people safe
is: conflicts, vetting, a volunteer's limits. A pull, a handing over and a taking over ask here.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.auth.policy import Role
from app.auth.skills import vetted
from app.auth.tables import staff
from app.cases import conflicts
from app.cases.model import Contact
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Refused
from routing.board import supervised
from routing.model import rules_of
from routing.need import CHILD
from routing.reading import seats_of, today_in


def check_may_take(
    work: Work, service: Service, contact: Contact, staff_id: str, first: str = ""
) -> None:
    """Refused, in words for whoever asks: `first` names a colleague, "" is they themselves."""
    if conflicts.keeps_apart(work, contact.id, staff_id):
        raise Refused(
            f"{first} and this person must not meet. Choose someone else."
            if first else conflicts.REFUSED, code="barred",
        )  # fmt: skip
    row = work.run(
        sa.select(staff.c.role, staff.c.vetted_until, staff.c.supervisor).where(
            staff.c.id == staff_id
        )
    ).first()
    if row is None:
        raise Missing
    whose = f"{first}’s" if first else "Your"
    if not vetted(row.vetted_until, today_in(work, service)):
        raise Refused(f"{whose} vetting has run out. A lead can renew it.", code="not_vetted")
    if row.role != Role.VOLUNTEER.value:
        return
    if contact.need.age == CHILD or contact.need.crime in rules_of(service).volunteers_never:
        raise Refused("Volunteers do not take this need. A colleague is asked.", code="never")
    there = {seat.staff: seat for seat in seats_of(work, service)}
    if staff_id not in there or not supervised(there[staff_id], there, work.now):
        raise Refused(f"{whose} supervisor is not at a desk. A colleague is asked.", code="alone")
