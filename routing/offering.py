"""A contact held out to one seat: offered, accepted, declined, lapsed. Late claims lose (S3).

Lock order: contact, conversation, seat. Only a person pressing accept counts as reached (S2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from app import audit
from app.bus import Hint
from app.cases import acts as contacts
from app.cases import notices
from app.cases.tables import assignments
from app.db import Work
from app.errors import Missing, Stale
from routing.model import Climb, Decision, Offer, Overflow, Wait
from routing.seating import answers, free, lapsed, look, take
from routing.tables import decisions, offers, places, seats

Answer = Literal["accepted", "declined", "lapsed", "withdrawn"]


@dataclass(frozen=True)
class Assigned:
    """A contact that is now with this member of staff."""

    contact: str
    assignment_no: int
    conversation: str | None


def carry_out(work: Work, decision: Decision, offer_seconds: int) -> bool:
    """Make a decision true, if the rows are still as it saw them. False for the next pass."""
    match decision:
        case Offer():
            return _hold_out(work, decision, offer_seconds)
        case Wait(contact=contact_id, rung=rung, until=until):
            stand(work, contact_id, rung, until)
        case Climb(contact=contact_id, rung=rung, until=until):
            stand(work, contact_id, rung, until)
        case Overflow(contact=contact_id, rung=rung, until=until, kind=kind):
            stand(work, contact_id, rung, until, overflow=kind, overflow_at=work.now)
            work.announce(Hint("contact", contact_id))
    remember(work, decision)
    return True


def accept(work: Work, staff_id: str, contact_id: str, offer_no: int) -> Assigned:
    """Take an offer. Only this counts as reached (S2). Late: Stale, with who took it (S3)."""
    contact = contacts.lock(work, contact_id)
    offer = offer_of(work, contact_id, offer_no)
    if offer is None or offer.staff != staff_id:
        raise Missing
    if offer.answer == "accepted" and (contact.owner, contact.offer_no) == (staff_id, offer_no):
        return Assigned(contact_id, contact.assignment_no, contact.conversation)
    if offer.answer or offer.until <= work.now:
        raise Stale(_gone_words(work, contact_id, staff_id))
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


def _hold_out(work: Work, offer: Offer, seconds: int) -> bool:
    contact = contacts.load(work, offer.contact)
    number = contacts.offered(work, offer.contact, contact.offer_no)
    if number is None:
        return False
    if not take(work, offer.staff, offer.weight):
        contacts.unoffered(work, offer.contact, number)
        return False
    work.run(
        offers.insert().values(
            contact=offer.contact, number=number, staff=offer.staff, weight=offer.weight,
            rung=offer.rung, reason=offer.reason.words()[:300], runner_up=offer.runner_up,
            at=work.now, until=work.now + timedelta(seconds=seconds), answer="",
        )
    )  # fmt: skip
    stand(work, offer.contact, offer.rung, offer.until)
    remember(work, offer)
    if offer.reason.tell_lead:
        notices.tell(
            work, None, contact.service, contact.hub, notices.Kind.CHILD_ANSWERED, offer.contact,
            offer.staff,
        )  # fmt: skip
    work.announce(Hint("seat", offer.staff))
    return True


def stand(work: Work, contact_id: str, rung: int, until: datetime, **more: Any) -> None:
    work.run(
        places.update()
        .where(places.c.contact == contact_id)
        .values(rung=rung, rung_until=until, **more)
    )


def remember(work: Work, decision: Decision) -> None:
    """Every decision is kept with its reason; one that says the same as the last is not."""
    kind = type(decision).__name__.lower()
    said = {
        "kind": kind,
        "rung": decision.rung,
        "staff": decision.staff if isinstance(decision, Offer) else None,
        "reason": decision.reason.words()[:300],
    }
    last = work.run(
        sa.select(decisions)
        .where(decisions.c.contact == decision.contact)
        .order_by(decisions.c.id.desc())
        .limit(1)
    ).first()
    if kind == "offer" or last is None or any(getattr(last, k) != v for k, v in said.items()):
        work.run(decisions.insert().values(contact=decision.contact, at=work.now, **said))


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


def _gone_words(work: Work, contact_id: str, staff_id: str) -> str:
    row = work.run(
        sa.select(assignments.c.staff).where(
            assignments.c.contact == contact_id, assignments.c.ended_at.is_(None)
        )
    ).first()
    if row is not None and row.staff != staff_id:
        return "A colleague took it first. Nothing for you to do."
    return "That offer has moved on. Nothing for you to do."
