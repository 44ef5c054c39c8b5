"""A call given to a colleague who is on the line already: no moment in nobody's hands (S3, S13)."""

from __future__ import annotations

from app import audit
from app.auth.policy import Actor
from app.bus import Hint
from app.cases import acts as contacts
from app.cases import handover, joining
from app.cases.model import State
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Refused, Stale
from routing import pulling
from routing.offering import close_offer
from routing.seating import free, look, make_room, weight_of
from routing.taking import check_may_take


def give(work: Work, actor: Actor, service: Service, contact_id: str, to: str, to_name: str) -> int:
    """Theirs from now on. Returns the new assignment's number; the giver is not asked again."""
    contact = contacts.lock(work, contact_id)
    if contact.owner != actor.staff:
        raise Missing
    if contact.state is not State.ACTIVE:
        raise Stale("This contact is with a colleague now.")
    check_may_take(work, service, contact, to, to_name)
    close_offer(work, contact_id, "withdrawn")
    weight, before = weight_of(work, contact_id), contact.assignment_no
    number = handover.held_out(work, contact_id, before)
    handed = handover.handed(work, contact_id, before, to, "handed over")
    if number is None or handed is None:
        raise Stale("This contact is with a colleague now.")
    raised = make_room(work, to, weight)
    if raised is None:
        raise Refused(f"{to_name} is not on duty, so the call stays with you.", code="off_duty")
    free(work, actor.staff, weight)
    pulling.keep(work, contact, number, to, weight, raised, "hand over",
                 f"{actor.first_name} handed it over on the line.")  # fmt: skip
    joining.leave(work, contact_id, to)
    audit.record(work, actor.staff, "handed over", "contact", contact_id, service=service.key,
                 why="on the line")  # fmt: skip
    work.announce(Hint("seat", actor.staff))
    work.announce(Hint("seat", to))
    look(work, service.key)
    return handed
