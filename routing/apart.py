"""Keeping two people apart: an advisor who knows the person, a hub tied to somebody they fear.

It is said in one press and nobody is asked why. The person goes on at the front, is told that a
colleague comes, and never which colleague could not (S2, S7). A call ends on its phone (S13).
"""

from __future__ import annotations

from app import audit
from app.auth.policy import Actor
from app.bus import Hint
from app.cases import acts as contacts
from app.cases import conflicts, joining
from app.cases.model import Channel, Contact, State
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Stale
from app.keyring import Keyring
from routing.handing import tell_person
from routing.leading import check_leads, hub_name
from routing.offering import close_offer, decline, offer_of, rings_at, take_back
from routing.seating import free, look, weight_of
from routing.tables import decisions, places

NEXT_WORDS = "A colleague will take over. You are first in line. They can read all of this."
LEFT_WORDS = "A colleague left."


def at_the_door(
    work: Work,
    transcript: Transcript,
    actor: Actor,
    contact_id: str,
    conflict_id: str,
    offer_no: int,
    line_id: str,
) -> None:
    """An offer is declined because the two must not meet: not asked again, even alone.

    It counts though the offer has just gone by. Whoever stood beside a colleague there leaves.
    Twice is once.
    """
    contact = contacts.lock(work, contact_id)
    offer = offer_of(work, contact_id, offer_no)
    if offer is None or offer.staff != actor.staff:
        raise Missing
    if contact.owner == actor.staff:
        raise Stale("It is with you by now. Say it there.")
    _say(work, actor, contact, conflict_id)
    rings = offer_no if not offer.answer else contact.offer_no
    if rings_at(work, contact_id) == actor.staff:
        decline(work, actor.staff, contact_id, rings)
    _part(work, transcript, contact, actor.staff, line_id)
    look(work, contact.service)


def while_holding(
    work: Work,
    transcript: Transcript,
    actor: Actor,
    contact_id: str,
    conflict_id: str,
    assignment_no: int,
    line_id: str,
) -> None:
    """Whoever holds it must not. A chat or text is at the front of its queue at once.

    A call stays on its phone till it ends; then they never meet again. Twice is once.
    """
    contact = contacts.lock(work, contact_id)
    if contact.owner != actor.staff:
        if contact.assignment_no >= assignment_no and conflicts.keeps_apart(
            work, contact_id, actor.staff
        ):
            return
        raise Missing
    if contact.assignment_no != assignment_no:
        raise Stale("It has moved on. Look again.")
    _say(work, actor, contact, conflict_id)
    if contact.state is not State.ACTIVE or contact.channel is Channel.VOICE:
        return
    close_offer(work, contact_id, "withdrawn")
    if not contacts.released(work, contact_id, assignment_no, "handed over"):
        raise Stale("It has moved on. Look again.")
    tell_person(work, transcript, contact, line_id, NEXT_WORDS)
    free(work, actor.staff, weight_of(work, contact_id))
    work.run(
        places.update()
        .where(places.c.contact == contact_id)
        .values(waits=True, front=True, rung=0, rung_until=None, overflow="", overflow_at=None)
    )
    audit.record(work, actor.staff, "handed over", "contact", contact_id, service=contact.service)
    work.announce(Hint("seat", actor.staff))
    look(work, contact.service)


def from_hub(
    work: Work,
    transcript: Transcript,
    keyring: Keyring,
    actor: Actor,
    service: Service,
    contact_id: str,
    conflict_id: str,
    hub: str,
    why: str,
    line_id: str,
) -> None:
    """Nobody of this hub is asked for this contact: said by its holder, or by a lead.

    `why` is for whoever wrote it alone. Somebody of that hub who holds it now keeps it until it
    is handed over (S13).
    """
    contact = _of_service(work, actor, contact_id)
    if contact.owner != actor.staff:
        check_leads(actor, service, contact.hub)
        conflicts.check(work, contact_id, actor.staff)
    if contact.state is State.CLOSED:
        raise Stale("It is over.")
    name = hub_name(service, hub)
    if not conflicts.bar_hub(work, keyring, actor, contact_id, conflict_id, hub, why):
        return
    _remember(work, contact_id, f"{name} is not asked for this person.")
    rings = rings_at(work, contact_id)
    if rings is not None and conflicts.keeps_apart(work, contact_id, rings):
        if contact.state is State.OFFERED:
            take_back(work, contact_id, contact.offer_no, "withdrawn")
        else:
            close_offer(work, contact_id, "withdrawn")
    for who in joining.beside(work, [contact_id]).get(contact_id, ()):
        if conflicts.keeps_apart(work, contact_id, who):
            _part(work, transcript, contact, who, line_id)
    work.run(
        places.update()
        .where(places.c.contact == contact_id, places.c.hub == hub)
        .values(hub="", rung=0, rung_until=None)
    )
    look(work, contact.service)


def undo(work: Work, actor: Actor, service: Service, conflict_id: str) -> None:
    """They may meet after all: a lead's act, never of one whom it is about. Twice is once."""
    contact = _of_service(work, actor, conflicts.contact_of(work, conflict_id))
    check_leads(actor, service, contact.hub)
    conflicts.check(work, contact.id, actor.staff)
    conflicts.undo(work, actor, conflict_id)
    look(work, contact.service)


# -- within ------------------------------------------------------------------------------------


def _say(work: Work, actor: Actor, contact: Contact, conflict_id: str) -> None:
    if conflicts.bar_staff(work, actor, contact.id, conflict_id, actor.staff):
        _remember(work, contact.id, "A colleague and this person must not meet.")
        if contact.lead == actor.staff:
            contacts.set_lead(work, contact.id, "")


def _part(work: Work, transcript: Transcript, contact: Contact, staff: str, line_id: str) -> None:
    """They stand beside it no longer, and the person knows that somebody left, not who."""
    if joining.leave(work, contact.id, staff):
        tell_person(work, transcript, contact, line_id, LEFT_WORDS)
        work.announce(Hint("seat", staff))


def _remember(work: Work, contact_id: str, reason: str) -> None:
    work.run(
        decisions.insert().values(
            contact=contact_id, at=work.now, kind="apart", rung=0, staff=None, reason=reason
        )
    )


def _of_service(work: Work, actor: Actor, contact_id: str) -> Contact:
    contact = contacts.lock(work, contact_id)
    if contact.service != actor.service:
        raise Missing
    return contact
