"""The course of a contact through the queue: in, back to the front, ended, written up.

Lock order: contact, conversation, seat. Late claims lose by number (S3).
"""

from __future__ import annotations

from app import audit
from app.auth.policy import Actor
from app.cases import acts as contacts
from app.cases import joining
from app.cases.model import Contact, HowEnded, State, WrapUp
from app.db import Work
from routing import breaks
from routing.offering import close_offer
from routing.seating import free, look, weight_of
from routing.tables import places


def request_seat(work: Work, contact_id: str) -> None:
    """Put a waiting contact in the queue, on the first rung. Twice is once."""
    contact = contacts.load(work, contact_id)
    if contact.state is not State.WAITING:
        return
    contacts.queued(work, contact_id)
    work.insert_once(
        places, contact=contact_id, service=contact.service, waits=True, queued_at=work.now,
        front=False, weight=1, rung=0, overflow="",
    )  # fmt: skip
    look(work, contact.service)


def release(work: Work, contact_id: str, assignment_no: int, why: str) -> bool:
    """Whoever held it is gone: back to the front, with its first place in time kept.

    False when this assignment is no longer the open one.
    """
    contact = contacts.lock(work, contact_id)
    if not contacts.released(work, contact_id, assignment_no, why):
        return False
    assert contact.owner is not None
    close_offer(work, contact_id, "withdrawn")
    free(work, contact.owner, weight_of(work, contact_id))
    work.run(
        places.update()
        .where(places.c.contact == contact_id)
        .values(waits=True, front=True, rung=0, rung_until=None, overflow="", overflow_at=None)
    )
    audit.record(work, "system", "released", "contact", contact_id,
                 service=contact.service, why=why)  # fmt: skip
    look(work, contact.service)
    return True


def end(work: Work, contact_id: str, how: HowEnded, *, assignment_no: int | None = None) -> Contact:
    """The contact is over: out of the queue, its offer withdrawn, its seat kept for wrap-up."""
    contact = contacts.end(work, contact_id, how, assignment_no=assignment_no)
    work.run(places.update().where(places.c.contact == contact_id).values(waits=False))
    close_offer(work, contact_id, "withdrawn")
    joining.leave_all(work, contact_id)
    look(work, contact.service)
    return contact


def wrap_up(
    work: Work,
    actor: Actor,
    contact_id: str,
    assignment_no: int,
    wrap: WrapUp,
    *,
    hard: bool = False,
) -> Contact:
    """Written up: the seat is free again, and its idle time begins.

    A hard contact gives a break before the next offer, and a lead is told.
    """
    before = contacts.lock(work, contact_id)
    contact = contacts.wrap_up(work, actor, contact_id, assignment_no, wrap)
    if before.state is State.WRAPPING:
        if hard:
            breaks.due(work, contact, actor.staff)
        free(work, actor.staff, weight_of(work, contact_id))
        look(work, contact.service)
    return contact
