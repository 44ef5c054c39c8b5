"""Handing over: it goes to a colleague or to a hub's queue, and nobody tells their story twice.

A named colleague is offered it and must accept; until then the giver keeps it. A queue takes it at
the front. The person is told in agreed words, in the same transcript. The giver's assignment_no
fences every step (S3, S13).
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app import audit
from app.auth.policy import Actor
from app.bus import Hint
from app.cases import acts as contacts
from app.cases import conflicts, handover, notices
from app.cases.model import SYSTEM, Channel, Contact, Kind, State
from app.cases.transcript import Post, Transcript
from app.db import Work
from app.definition.model import Service
from app.errors import FrontdoorError, Missing, Refused, Stale, Wrong
from routing.offering import Assigned, close_offer, offer_of, settle
from routing.presence import state_of
from routing.reading import facts_of
from routing.seating import answers, free, look, take, weight_of
from routing.tables import offers, places, seats
from routing.taking import check_may_ring, check_may_take

SECONDS = 60
"""How long a colleague has to take over. The giver is with the person all that time."""


def ask(
    work: Work,
    actor: Actor,
    service: Service,
    contact_id: str,
    assignment_no: int,
    to: str,
    to_name: str,
) -> None:
    """Hold it out to one colleague. Another who was asked before is asked no more."""
    contact = _own(work, actor, contact_id, assignment_no)
    if to == actor.staff:
        raise Wrong("It is with you already.")
    there = work.run(sa.select(seats.c.service).where(seats.c.staff == to)).first()
    if there is None or there.service != actor.service:
        raise Missing
    check_may_take(work, service, contact, to, to_name)
    close_offer(work, contact_id, "withdrawn")
    facts = facts_of(work, to, service)
    state, because = state_of(facts, work.now)
    check_may_ring(work, service, contact, to, to_name)
    if state != "available" or contact.channel.value in facts.closing:
        raise Refused(f"{to_name} cannot take it now: {because}.".replace("..", "."))
    weight = _weight_at(work, contact, to)
    if not take(work, to, weight):
        raise Refused(f"{to_name} has no place free.")
    number = handover.held_out(work, contact_id, assignment_no)
    if number is None:
        raise Stale("This contact is with a colleague now.")
    work.run(
        offers.insert().values(
            contact=contact_id, number=number, staff=to, weight=weight, rung=0,
            reason=f"{actor.first_name} asks you to take over. All of it is kept.",
            runner_up=None, at=work.now, until=work.now + timedelta(seconds=SECONDS), answer="",
            giver=actor.staff, assignment_no=assignment_no,
        )
    )  # fmt: skip
    audit.record(work, actor.staff, "hands over", "contact", contact_id, service=contact.service)
    _wake(work, contact, actor.staff, to)


def accept(
    work: Work,
    transcript: Transcript,
    actor: Actor,
    service: Service,
    contact_id: str,
    offer_no: int,
    line_id: str,
) -> Assigned:
    """Take over. The person reads so in the same moment; the giver's place is free. Twice is once.

    What was asked when it was held out is asked again: a minute may have passed since.
    `line_id` is a UUID in hex, the id of the line the person reads.
    """
    contact = contacts.lock(work, contact_id)
    offer = offer_of(work, contact_id, offer_no)
    if offer is None or offer.staff != actor.staff or offer.giver is None:
        raise Missing
    if offer.answer == "accepted" and (contact.owner, contact.offer_no) == (actor.staff, offer_no):
        return Assigned(contact_id, contact.assignment_no, contact.conversation)
    if offer.answer or offer.until <= work.now or contact.owner != offer.giver:
        raise Stale("It stayed where it was. Nothing for you to do.")
    check_may_take(work, service, contact, actor.staff)
    check_may_ring(work, service, contact, actor.staff)
    held = weight_of(work, contact_id)
    number = handover.handed(work, contact_id, offer.assignment_no, actor.staff, "handed over")
    if number is None:
        raise Stale("It stayed where it was. Nothing for you to do.")
    tell_person(work, transcript, contact, line_id, taken_words(actor.first_name))
    settle(work, contact_id, offer_no, "accepted")
    free(work, offer.giver, held)
    answers(work, actor.staff)
    notices.settled(work, notices.Kind.UNACCEPTED_AT_CLOSING, contact_id)
    audit.record(work, actor.staff, "took over", "contact", contact_id, service=contact.service)
    _wake(work, contact, offer.giver, actor.staff)
    return Assigned(contact_id, number, contact.conversation)


def withdraw(work: Work, actor: Actor, contact_id: str, assignment_no: int) -> None:
    """The giver keeps it after all."""
    contact = _own(work, actor, contact_id, assignment_no)
    close_offer(work, contact_id, "withdrawn")
    look(work, contact.service)


def to_queue(
    work: Work,
    transcript: Transcript,
    actor: Actor,
    service: Service,
    contact_id: str,
    assignment_no: int,
    hub: str,
    line_id: str,
) -> None:
    """To the front of a hub's queue. The giver is not asked again; the person knows who comes."""
    contact = _own(work, actor, contact_id, assignment_no)
    name = next((each.name for each in service.hubs if each.key == hub), None)
    if name is None:
        raise Wrong("This service has no such hub.")
    check_hub(work, contact_id, hub)
    close_offer(work, contact_id, "withdrawn")
    if not contacts.released(work, contact_id, assignment_no, "handed over"):
        raise Stale("This contact is with a colleague now.")
    tell_person(work, transcript, contact, line_id, queued_words(name))
    free(work, actor.staff, weight_of(work, contact_id))
    work.run(
        places.update()
        .where(places.c.contact == contact_id)
        .values(waits=True, front=True, hub=hub, rung=0, rung_until=None, overflow="",
                overflow_at=None)
    )  # fmt: skip
    audit.record(work, actor.staff, "handed over", "contact", contact_id,
                 service=contact.service, why=hub)  # fmt: skip
    look(work, contact.service)


def is_handing(work: Work, contact_id: str, offer_no: int) -> bool:
    """Whether this offer comes from a colleague, not from the matcher."""
    offer = offer_of(work, contact_id, offer_no)
    return offer is not None and offer.giver is not None


def check_hub(work: Work, contact_id: str, hub: str) -> None:
    """Nobody is sent to a hub that must not meet them."""
    if any(one.hub == hub for one in conflicts.of_contact(work, contact_id)):
        raise Refused("This hub and this person must not meet. Choose another.", code="barred")


_READS = "{} can read all of this. You need not say it again."


def taken_words(first_name: str) -> str:
    return f"{first_name} will take over. {_READS.format(first_name)}"


def here_words(first_name: str) -> str:
    return f"{first_name} is here now. {_READS.format(first_name)}"


def queued_words(hub: str) -> str:
    return f"Someone at {hub} will take over. You are first in line. They can read all of this."


def tell_person(
    work: Work, transcript: Transcript, contact: Contact, line_id: str, words: str
) -> None:
    """A line of the service in the conversation itself: it is in the record for ever."""
    if contact.conversation is None:
        return
    post = Post(contact.conversation, SYSTEM, bytes.fromhex(line_id), words, Kind.EVENT)
    for answer in transcript.append(work, [post]):
        if isinstance(answer, FrontdoorError):
            raise answer


def _own(work: Work, actor: Actor, contact_id: str, assignment_no: int) -> Contact:
    contact = contacts.lock(work, contact_id)
    if contact.owner != actor.staff:
        raise Missing
    if contact.state is not State.ACTIVE or contact.assignment_no != assignment_no:
        raise Stale("This contact is with a colleague now.")
    return contact


def _weight_at(work: Work, contact: Contact, staff_id: str) -> int:
    """What it takes of this seat: a call the whole of it, whatever it took of the giver's."""
    if contact.channel is not Channel.VOICE:
        return weight_of(work, contact.id)
    return int(work.run(sa.select(seats.c.capacity).where(seats.c.staff == staff_id)).scalar_one())


def _wake(work: Work, contact: Contact, *who: str) -> None:
    for staff_id in who:
        work.announce(Hint("seat", staff_id))
    look(work, contact.service)
