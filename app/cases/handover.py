"""A contact goes from one pair of hands to another, without a moment in nobody's.

Each step is fenced by the giver's assignment_no: a late one finds another number (S3).
"""

from __future__ import annotations

import sqlalchemy as sa

from app.bus import Hint
from app.cases import joining
from app.cases.acts import load
from app.cases.model import State
from app.cases.tables import assignments, contacts
from app.db import Work


def held_out(work: Work, contact_id: str, assignment_no: int) -> int | None:
    """A number for the offer to a colleague; the giver keeps the contact. None when late."""
    done = work.run(
        contacts.update()
        .where(*_held(contact_id, assignment_no))
        .values(offer_no=contacts.c.offer_no + 1)
    )
    return load(work, contact_id).offer_no if done.rowcount == 1 else None


def handed(work: Work, contact_id: str, assignment_no: int, staff: str, how: str) -> int | None:
    """From its owner to `staff`, at once. Returns the new assignment's number, None when late."""
    done = work.run(
        contacts.update()
        .where(*_held(contact_id, assignment_no))
        .values(owner=staff, assignment_no=assignment_no + 1)
    )
    if done.rowcount != 1:
        return None
    work.run(
        assignments.update()
        .where(assignments.c.contact == contact_id, assignments.c.ended_at.is_(None))
        .values(ended_at=work.now, how=how)
    )
    work.run(
        assignments.insert().values(
            contact=contact_id, number=assignment_no + 1, staff=staff, began_at=work.now, how=""
        )
    )
    joining.leave(work, contact_id, staff)
    work.announce(Hint("contact", contact_id))
    work.announce(Hint("desk", load(work, contact_id).service))
    return assignment_no + 1


def _held(contact_id: str, assignment_no: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        contacts.c.id == contact_id,
        contacts.c.state == State.ACTIVE.value,
        contacts.c.assignment_no == assignment_no,
    )
