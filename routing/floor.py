"""What a lead may do on the floor: move, take over, join, set a seat away.

A lead acts for their own hub; whoever leads the central hub, or supervises, acts for the service.
Each act is in the trail, and each that a person would notice is told to them in words (S7).
"""

from __future__ import annotations

import sqlalchemy as sa

from app import audit
from app.auth import staff
from app.auth.policy import Actor
from app.bus import Hint
from app.cases import acts as contacts
from app.cases import conflicts, handover, joining
from app.cases.model import Contact, State
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Refused, Stale
from app.keyring import Keyring
from routing import breaks, pulling
from routing.handing import check_hub, here_words, tell_person
from routing.leading import check_leads, hub_name
from routing.offering import Assigned, close_offer, take_back
from routing.seating import free, look, make_room, weight_of
from routing.tables import decisions, places, seats
from routing.taking import check_may_ring, check_may_take


def move(
    work: Work, actor: Actor, service: Service, contact_id: str, offer_no: int, hub: str
) -> None:
    """A waiting contact is asked for at another hub, from the first rung, with its place kept."""
    contact = _of_service(work, actor, contact_id)
    check_leads(actor, service, contact.hub)
    conflicts.check(work, contact_id, actor.staff)
    name = hub_name(service, hub)
    check_hub(work, contact_id, hub)
    if contact.state not in (State.WAITING, State.OFFERED) or contact.offer_no != offer_no:
        raise Stale("It has moved on. Look again.")
    if contact.state is State.OFFERED:
        take_back(work, contact_id, offer_no, "withdrawn")
    work.run(
        places.update()
        .where(places.c.contact == contact_id)
        .values(hub=hub, rung=0, rung_until=None, overflow="", overflow_at=None)
    )
    work.run(
        decisions.insert().values(
            contact=contact_id, at=work.now, kind="move", rung=0, staff=None,
            reason=f"{actor.first_name} moved it. {name} is asked first.",
        )
    )  # fmt: skip
    audit.record(work, actor.staff, "moved", "contact", contact_id, service=service.key, why=hub)
    look(work, service.key)


def take_over(
    work: Work,
    transcript: Transcript,
    actor: Actor,
    service: Service,
    contact_id: str,
    assignment_no: int,
    line_id: str,
) -> Assigned:
    """What a colleague holds is with the lead at once, and the person is told. Twice is once."""
    contact = _of_service(work, actor, contact_id)
    check_leads(actor, service, contact.hub)
    if contact.owner == actor.staff and contact.assignment_no == assignment_no + 1:
        return Assigned(contact_id, contact.assignment_no, contact.conversation)
    if contact.state is not State.ACTIVE or contact.assignment_no != assignment_no:
        raise Stale("It has moved on. Look again.")
    before = contact.owner
    if before is None or before == actor.staff:
        raise Stale("It is with you already.")
    check_may_take(work, service, contact, actor.staff)
    check_may_ring(work, service, contact, actor.staff)
    close_offer(work, contact_id, "withdrawn")
    weight = weight_of(work, contact_id)
    number = handover.held_out(work, contact_id, assignment_no)
    handed = handover.handed(work, contact_id, assignment_no, actor.staff, "taken over")
    if number is None or handed is None:
        raise Stale("It has moved on. Look again.")
    tell_person(work, transcript, contact, line_id, here_words(actor.first_name))
    raised = make_room(work, actor.staff, weight)
    if raised is None:
        raise Refused("Go on duty first.", code="off_duty")
    free(work, before, weight)
    pulling.keep(work, contact, number, actor.staff, weight, raised, "take over",
                 f"{actor.first_name} took it over from a colleague.")  # fmt: skip
    audit.record(work, actor.staff, "took over", "contact", contact_id, service=service.key)
    work.announce(Hint("seat", before))
    work.announce(Hint("seat", actor.staff))
    look(work, service.key)
    return Assigned(contact_id, handed, contact.conversation)


def join(
    work: Work, transcript: Transcript, actor: Actor, service: Service, contact_id: str,
    line_id: str,
) -> None:  # fmt: skip
    """Into a colleague's contact, in the open: the person and the record know. Twice is once.

    A call is joined by a phone: telephony.talking_acts asks here first, and rings it.
    """
    contact = _of_service(work, actor, contact_id)
    check_leads(actor, service, contact.hub)
    if contact.state is not State.ACTIVE or contact.owner == actor.staff:
        raise Stale("It has moved on. Look again.")
    check_may_take(work, service, contact, actor.staff)
    if joining.join(work, contact_id, actor.staff):
        tell_person(work, transcript, contact, line_id, f"{actor.first_name} joined.")
        audit.record(work, actor.staff, "joined", "contact", contact_id, service=service.key)
        look(work, service.key)


def leave(work: Work, transcript: Transcript, actor: Actor, contact_id: str, line_id: str) -> None:
    """Out of it again. The visitor knows that too."""
    contact = _of_service(work, actor, contact_id)
    if joining.leave(work, contact_id, actor.staff):
        if contact.state is State.ACTIVE:
            tell_person(work, transcript, contact, line_id, f"{actor.first_name} left.")
        audit.record(work, actor.staff, "left", "contact", contact_id, service=contact.service)
        look(work, contact.service)


def lose(
    work: Work, transcript: Transcript, keyring: Keyring, contact_id: str, staff_id: str,
    line_id: str,
) -> None:  # fmt: skip
    """Whoever joined has gone without a word: they stand there no longer, and the visitor knows."""
    contact = contacts.lock(work, contact_id)
    if joining.leave(work, contact_id, staff_id):
        if contact.state is State.ACTIVE:
            name = staff.colleague(work, keyring, staff_id).first_name
            tell_person(work, transcript, contact, line_id, f"{name} left.")
        audit.record(work, "system", "left", "contact", contact_id, service=contact.service,
                     why="console silent")  # fmt: skip
        look(work, contact.service)


# -- seats -------------------------------------------------------------------------------------


def set_away(work: Work, actor: Actor, service: Service, staff_id: str) -> None:
    """For whoever forgot to sign out, or is not at the desk. What they hold stays with them."""
    check_leads(actor, service, _hub_of(work, service, staff_id))
    breaks.set_away(work, staff_id, actor.staff)


def set_back(work: Work, actor: Actor, service: Service, staff_id: str) -> None:
    check_leads(actor, service, _hub_of(work, service, staff_id))
    breaks.back(work, staff_id, actor.staff)


# -- within ------------------------------------------------------------------------------------


def _of_service(work: Work, actor: Actor, contact_id: str) -> Contact:
    contact = contacts.lock(work, contact_id)
    if contact.service != actor.service:
        raise Missing
    return contact


def _hub_of(work: Work, service: Service, staff_id: str) -> str:
    row = work.run(
        sa.select(seats.c.hub).where(seats.c.staff == staff_id, seats.c.service == service.key)
    ).first()
    if row is None:
        raise Missing
    return str(row.hub)
