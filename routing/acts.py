"""What can happen between a waiting contact and a seat. Late claims lose by number (S3).

Lock order: contact, conversation, seat. Places, offers and seats change only here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from app import audit
from app.auth.policy import Actor
from app.auth.tables import staff as staff_table
from app.bus import Hint
from app.cases import acts as contacts
from app.cases.model import Contact, HowEnded, State, WrapUp
from app.cases.tables import assignments
from app.cases.tables import contacts as contact_table
from app.db import Work
from app.errors import Missing, Stale
from routing.model import Climb, Decision, Offer, Overflow, Wait
from routing.tables import decisions, offers, places, seats

Answer = Literal["accepted", "declined", "lapsed", "withdrawn"]


@dataclass(frozen=True)
class Assigned:
    """A contact that is now with this member of staff."""

    contact: str
    assignment_no: int
    conversation: str | None


# -- the queue ---------------------------------------------------------------------------


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
    _look(work, contact.service)


def release(work: Work, contact_id: str, assignment_no: int, why: str) -> bool:
    """Whoever held it is gone: back to the front, with its first place in time kept.

    False when this assignment is no longer the open one.
    """
    contact = contacts.lock(work, contact_id)
    if not contacts.released(work, contact_id, assignment_no, why):
        return False
    assert contact.owner is not None
    _free(work, contact.owner, _weight_of(work, contact_id))
    work.run(
        places.update()
        .where(places.c.contact == contact_id)
        .values(waits=True, front=True, rung=0, rung_until=None, overflow="", overflow_at=None)
    )
    audit.record(work, "system", "released", "contact", contact_id,
                 service=contact.service, why=why)  # fmt: skip
    _look(work, contact.service)
    return True


def end(work: Work, contact_id: str, how: HowEnded, *, assignment_no: int | None = None) -> Contact:
    """The contact is over: out of the queue, its offer withdrawn, its seat kept for wrap-up."""
    contact = contacts.end(work, contact_id, how, assignment_no=assignment_no)
    work.run(places.update().where(places.c.contact == contact_id).values(waits=False))
    _close_offer(work, contact_id, "withdrawn")
    _look(work, contact.service)
    return contact


def wrap_up(work: Work, actor: Actor, contact_id: str, assignment_no: int, wrap: WrapUp) -> Contact:
    """Written up: the seat is free again, and its idle time begins."""
    before = contacts.lock(work, contact_id)
    contact = contacts.wrap_up(work, actor, contact_id, assignment_no, wrap)
    if before.state is State.WRAPPING:
        _free(work, actor.staff, _weight_of(work, contact_id))
        _look(work, contact.service)
    return contact


# -- offers --------------------------------------------------------------------------------


def carry_out(work: Work, decision: Decision, offer_seconds: int) -> bool:
    """Make a decision true, if the rows are still as it saw them. False for the next pass."""
    match decision:
        case Offer():
            return _hold_out(work, decision, offer_seconds)
        case Wait(contact=contact_id, rung=rung, until=until):
            _stand(work, contact_id, rung, until)
        case Climb(contact=contact_id, rung=rung, until=until):
            _stand(work, contact_id, rung, until)
        case Overflow(contact=contact_id, rung=rung, until=until, kind=kind):
            _stand(work, contact_id, rung, until, overflow=kind, overflow_at=work.now)
            work.announce(Hint("contact", contact_id))
    _remember(work, decision)
    return True


def accept(work: Work, staff_id: str, contact_id: str, offer_no: int) -> Assigned:
    """Take an offer. Only this counts as reached (S2). Late: Stale, with who took it (S3)."""
    contact = contacts.lock(work, contact_id)
    offer = _offer(work, contact_id, offer_no)
    if offer is None or offer.staff != staff_id:
        raise Missing
    if offer.answer == "accepted" and (contact.owner, contact.offer_no) == (staff_id, offer_no):
        return Assigned(contact_id, contact.assignment_no, contact.conversation)
    if offer.answer or offer.until <= work.now:
        raise Stale(_gone_words(work, contact_id, staff_id))
    number = contacts.assigned(work, contact_id, offer_no, staff_id)
    _answer(work, contact_id, offer_no, "accepted")
    work.run(places.update().where(places.c.contact == contact_id).values(waits=False))
    work.run(seats.update().where(seats.c.staff == staff_id).values(idle_since=work.now))
    contact = contacts.load(work, contact_id)
    audit.record(work, staff_id, "accepted", "contact", contact_id, service=contact.service)
    work.announce(Hint("seat", staff_id))
    return Assigned(contact_id, number, contact.conversation)


def decline(work: Work, staff_id: str, contact_id: str, offer_no: int) -> None:
    """Pass it on: not asked again for this one unless alone. Twice is once; late is Stale."""
    contacts.lock(work, contact_id)
    offer = _offer(work, contact_id, offer_no)
    if offer is None or offer.staff != staff_id:
        raise Missing
    if offer.answer == "declined":
        return
    if offer.answer:
        raise Stale("That offer has already moved on.")
    _take_back(work, contact_id, offer_no, "declined")


def lapse(work: Work) -> int:
    """Offers past their deadline go back to the front. Returns how many."""
    late = work.run(
        sa.select(offers.c.contact, offers.c.number).where(
            offers.c.answer == "", offers.c.until <= work.now
        ).order_by(offers.c.contact)
    ).all()  # fmt: skip
    for row in late:
        _take_back(work, row.contact, row.number, "lapsed")
    return len(late)


# -- presence ------------------------------------------------------------------------------


def go_on_duty(work: Work, staff_id: str, lease_seconds: int) -> None:
    row = work.run(sa.select(staff_table).where(staff_table.c.id == staff_id)).first()
    if row is None:
        raise Missing
    until = work.now + timedelta(seconds=lease_seconds)
    work.insert_once(
        seats, staff=staff_id, service=row.service, hub=row.hub, on_duty=True, load=0,
        capacity=row.capacity, idle_since=work.now, seen_at=work.now, lease_until=until,
    )  # fmt: skip
    work.run(
        seats.update()
        .where(seats.c.staff == staff_id)
        .values(on_duty=True, hub=row.hub, service=row.service, seen_at=work.now,
                lease_until=until)
    )  # fmt: skip
    audit.record(work, staff_id, "on duty", "seat", staff_id, service=row.service)
    _look(work, row.service)


def go_off_duty(work: Work, staff_id: str) -> None:
    """No new offers. What they hold stays with them until ended or handed over (S13)."""
    row = work.run(sa.select(seats.c.service).where(seats.c.staff == staff_id)).first()
    if row is None:
        return
    work.run(seats.update().where(seats.c.staff == staff_id).values(on_duty=False))
    for offer in work.run(
        sa.select(offers.c.contact, offers.c.number).where(
            offers.c.staff == staff_id, offers.c.answer == ""
        )
    ).all():
        _take_back(work, offer.contact, offer.number, "withdrawn")
    audit.record(work, staff_id, "off duty", "seat", staff_id, service=row.service)
    _look(work, row.service)


def beat(work: Work, staff_id: str, lease_seconds: int) -> None:
    """The console is alive: the lease runs on. A seat that had lapsed is looked at again."""
    row = work.run(
        sa.select(seats.c.service, seats.c.lease_until).where(seats.c.staff == staff_id)
    ).first()
    if row is None:
        return
    work.run(
        seats.update()
        .where(seats.c.staff == staff_id)
        .values(seen_at=work.now, lease_until=work.now + timedelta(seconds=lease_seconds))
    )
    if row.lease_until is None or row.lease_until <= work.now:
        _look(work, row.service)


def strays(work: Work, unseen_for: timedelta) -> list[tuple[str, int]]:
    """Chats and texts whose advisor's console has been silent this long: (contact, assignment)."""
    rows = work.run(
        sa.select(contact_table.c.id, contact_table.c.assignment_no)
        .join(seats, seats.c.staff == contact_table.c.owner)
        .where(
            contact_table.c.state == State.ACTIVE.value,
            contact_table.c.channel.in_(("chat", "sms")),
            seats.c.seen_at < work.now - unseen_for,
        )
        .order_by(contact_table.c.id)
    )
    return [(row.id, row.assignment_no) for row in rows]


def lost_visitors(work: Work, unseen_for: timedelta) -> list[str]:
    """Waiting chats whose page nobody has held for this long."""
    rows = work.run(
        sa.select(contact_table.c.id).where(
            contact_table.c.state.in_((State.WAITING.value, State.OFFERED.value)),
            contact_table.c.channel == "chat",
            contact_table.c.visitor_seen_at < work.now - unseen_for,
        )
    )
    return [row.id for row in rows]


# -- within --------------------------------------------------------------------------------


def _hold_out(work: Work, offer: Offer, seconds: int) -> bool:
    contact = contacts.load(work, offer.contact)
    number = contacts.offered(work, offer.contact, contact.offer_no)
    if number is None:
        return False
    taken = work.run(
        seats.update()
        .where(
            seats.c.staff == offer.staff,
            seats.c.on_duty.is_(True),
            seats.c.load + offer.weight <= seats.c.capacity,
        )
        .values(load=seats.c.load + offer.weight)
    )
    if taken.rowcount != 1:
        contacts.unoffered(work, offer.contact, number)
        return False
    work.run(
        offers.insert().values(
            contact=offer.contact, number=number, staff=offer.staff, weight=offer.weight,
            rung=offer.rung, reason=offer.reason.words()[:300], runner_up=offer.runner_up,
            at=work.now, until=work.now + timedelta(seconds=seconds), answer="",
        )
    )  # fmt: skip
    _stand(work, offer.contact, offer.rung, offer.until)
    _remember(work, offer)
    work.announce(Hint("seat", offer.staff))
    return True


def _stand(work: Work, contact_id: str, rung: int, until: datetime, **more: Any) -> None:
    work.run(
        places.update()
        .where(places.c.contact == contact_id)
        .values(rung=rung, rung_until=until, **more)
    )


def _remember(work: Work, decision: Decision) -> None:
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


def _take_back(work: Work, contact_id: str, offer_no: int, answer: Answer) -> None:
    contacts.unoffered(work, contact_id, offer_no)
    contact = contacts.load(work, contact_id)
    if _answer(work, contact_id, offer_no, answer):
        work.run(places.update().where(places.c.contact == contact_id).values(asked_at=work.now))
    _look(work, contact.service)


def _answer(work: Work, contact_id: str, offer_no: int, answer: Answer) -> bool:
    offer = _offer(work, contact_id, offer_no)
    done = work.run(
        offers.update()
        .where(offers.c.contact == contact_id, offers.c.number == offer_no, offers.c.answer == "")
        .values(answer=answer, answered_at=work.now)
    )
    if done.rowcount != 1 or offer is None:
        return False
    if answer != "accepted":
        _free(work, offer.staff, offer.weight, idle=False)
    work.announce(Hint("seat", offer.staff))
    return True


def _close_offer(work: Work, contact_id: str, answer: Answer) -> None:
    row = work.run(
        sa.select(offers.c.number).where(offers.c.contact == contact_id, offers.c.answer == "")
    ).first()
    if row is not None:
        _answer(work, contact_id, row.number, answer)


def _free(work: Work, staff_id: str, weight: int, *, idle: bool = True) -> None:
    values: dict[str, Any] = {
        "load": sa.case((seats.c.load >= weight, seats.c.load - weight), else_=0)
    }
    if idle:
        values["idle_since"] = work.now
    work.run(seats.update().where(seats.c.staff == staff_id).values(**values))
    work.announce(Hint("seat", staff_id))


def _weight_of(work: Work, contact_id: str) -> int:
    row = work.run(
        sa.select(offers.c.weight)
        .where(offers.c.contact == contact_id, offers.c.answer == "accepted")
        .order_by(offers.c.number.desc())
        .limit(1)
    ).first()
    return int(row.weight) if row else 1


def _offer(work: Work, contact_id: str, offer_no: int) -> Any:
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


def _look(work: Work, service: str) -> None:
    """Something changed that may let somebody be reached: the matcher looks."""
    work.announce(Hint("match", service))
    work.announce(Hint("desk", service))
