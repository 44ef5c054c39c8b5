"""A contact held out to one seat: accepted, declined, lapsed. Late claims lose (S3).

Lock order: contact, conversation, seat. Only a person pressing accept counts as reached (S2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from app import audit
from app.bus import Hint
from app.cases import acts as contacts
from app.cases import conflicts
from app.cases.tables import assignments
from app.db import Work
from app.errors import Missing, Stale
from routing.seating import answers, check_one_call, free, lapsed, look
from routing.tables import offers, places, seats

Answer = Literal["accepted", "declined", "lapsed", "withdrawn"]


@dataclass(frozen=True)
class Assigned:
    """A contact that is now with this member of staff."""

    contact: str
    assignment_no: int
    conversation: str | None


def accept(work: Work, staff_id: str, contact_id: str, offer_no: int) -> Assigned:
    """Take an offer. Only this counts as reached (S2). Late: Stale, with who took it (S3).
    Refused, code `barred`, for two who must not meet; `on_call` for a second call."""
    contact = contacts.lock(work, contact_id)
    offer = offer_of(work, contact_id, offer_no)
    if offer is None or offer.staff != staff_id:
        raise Missing
    if offer.answer == "accepted" and (contact.owner, contact.offer_no) == (staff_id, offer_no):
        return Assigned(contact_id, contact.assignment_no, contact.conversation)
    if offer.answer or offer.until <= work.now:
        raise Stale(_gone_words(work, contact_id, staff_id))
    conflicts.check(work, contact_id, staff_id)
    check_one_call(work, contact, staff_id)
    number = contacts.assigned(work, contact_id, offer_no, staff_id)
    settle(work, contact_id, offer_no, "accepted")
    work.run(places.update().where(places.c.contact == contact_id).values(waits=False))
    work.run(seats.update().where(seats.c.staff == staff_id).values(idle_since=work.now))
    answers(work, staff_id)
    contact = contacts.load(work, contact_id)
    audit.record(work, staff_id, "accepted", "contact", contact_id, service=contact.service)
    work.announce(Hint("seat", staff_id))
    return Assigned(contact_id, number, contact.conversation)


def decline(work: Work, staff_id: str, contact_id: str, offer_no: int) -> None:
    """Pass it on: not asked again for this one unless alone. Twice is once; late is Stale."""
    contacts.lock(work, contact_id)
    offer = offer_of(work, contact_id, offer_no)
    if offer is None or offer.staff != staff_id:
        raise Missing
    if offer.answer == "declined":
        return
    if offer.answer:
        raise Stale("That offer has already moved on.")
    answers(work, staff_id)
    take_back(work, contact_id, offer_no, "declined")


def lapse(work: Work) -> int:
    """Offers past their deadline go back to the front. Returns how many."""
    late = work.run(
        sa.select(offers.c.contact, offers.c.number).where(
            offers.c.answer == "", offers.c.until <= work.now
        ).order_by(offers.c.contact)
    ).all()  # fmt: skip
    for row in late:
        take_back(work, row.contact, row.number, "lapsed")
    return len(late)


def give_back(work: Work, staff_id: str) -> None:
    """What rings at this seat goes on to others."""
    for offer in work.run(
        sa.select(offers.c.contact, offers.c.number).where(
            offers.c.staff == staff_id, offers.c.answer == ""
        )
    ).all():
        take_back(work, offer.contact, offer.number, "withdrawn")


def close_offer(work: Work, contact_id: str, answer: Answer) -> None:
    row = work.run(
        sa.select(offers.c.number).where(offers.c.contact == contact_id, offers.c.answer == "")
    ).first()
    if row is not None:
        settle(work, contact_id, row.number, answer)


def take_back(work: Work, contact_id: str, offer_no: int, answer: Answer) -> None:
    contacts.unoffered(work, contact_id, offer_no)
    contact = contacts.load(work, contact_id)
    if settle(work, contact_id, offer_no, answer):
        work.run(places.update().where(places.c.contact == contact_id).values(asked_at=work.now))
    look(work, contact.service)


def settle(work: Work, contact_id: str, offer_no: int, answer: Answer) -> bool:
    offer = offer_of(work, contact_id, offer_no)
    done = work.run(
        offers.update()
        .where(offers.c.contact == contact_id, offers.c.number == offer_no, offers.c.answer == "")
        .values(answer=answer, answered_at=work.now)
    )
    if done.rowcount != 1 or offer is None:
        return False
    if answer != "accepted":
        free(work, offer.staff, offer.weight, idle=False)
    if answer == "lapsed":
        lapsed(work, offer.staff)
    work.announce(Hint("seat", offer.staff))
    return True


def offer_of(work: Work, contact_id: str, offer_no: int) -> Any:
    return work.run(
        sa.select(offers).where(offers.c.contact == contact_id, offers.c.number == offer_no)
    ).first()


def rings_at(work: Work, contact_id: str) -> str | None:
    """Whom its open offer asks, by staff id."""
    row = work.run(
        sa.select(offers.c.staff).where(offers.c.contact == contact_id, offers.c.answer == "")
    ).first()
    return None if row is None else str(row.staff)


def _gone_words(work: Work, contact_id: str, staff_id: str) -> str:
    row = work.run(
        sa.select(assignments.c.staff).where(
            assignments.c.contact == contact_id, assignments.c.ended_at.is_(None)
        )
    ).first()
    if row is not None and row.staff != staff_id:
        return "A colleague took it first. Nothing for you to do."
    return "That offer has moved on. Nothing for you to do."
