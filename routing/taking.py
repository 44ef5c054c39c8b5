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
from app.cases.model import Channel, Contact
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Refused
from routing.board import supervised
from routing.model import rules_of
from routing.need import CHILD
from routing.reading import seats_of, today_in
from routing.seating import check_one_call


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


def check_may_ring(
    work: Work, service: Service, contact: Contact, staff_id: str, first: str = ""
) -> None:
    """For a call: whoever takes it has a phone that we can ring, and is on no other call."""
    if contact.channel is not Channel.VOICE:
        return
    seat = next((each for each in seats_of(work, service) if each.staff == staff_id), None)
    if seat is not None and contact.channel.value not in seat.channels:
        raise Refused(
            f"{first} has no phone that we can ring."
            if first else "No phone of yours is known, so a call cannot ring it.", code="no_phone",
        )  # fmt: skip
    check_one_call(work, contact, staff_id, first)
