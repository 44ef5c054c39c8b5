"""What a person needs, set by whoever holds them or by a lead, and routed anew from then on.

Only the parts that are named change. The trail keeps which parts, never their words (S8).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from app import audit
from app.auth.policy import ALLOWED, Action, Actor, Role
from app.auth.tables import staff
from app.cases import acts as contacts
from app.cases import conflicts, notices
from app.cases.model import Contact, Need, State
from app.db import Work
from app.definition.language import LANGUAGES
from app.definition.model import Service
from app.errors import Missing, Refused, Stale, Wrong
from routing.leading import check_leads
from routing.need import CHILD
from routing.offering import take_back
from routing.seating import look

INTERPRETER = "interpreter"
"""Stands among the words of a need's access."""
AGES = ("", "adult", CHILD)
GENDERS = ("", "woman", "man")
URGENCIES = ("", "today", "danger")
_CHOOSES_SEAT = {"crime", "age", "language", "gender", "lead"}


@dataclass(frozen=True)
class Wish:
    """None leaves a part as it is; "" makes it unknown. `lead` is a staff id."""

    crime: str | None = None
    age: str | None = None
    language: str | None = None
    gender: str | None = None
    urgency: str | None = None
    interpreter: bool | None = None
    lead: str | None = None


def change(work: Work, actor: Actor, service: Service, contact_id: str, wish: Wish) -> set[str]:
    """Keep it and look at the route again. Returns the parts that changed; the same twice: none.

    Missing for another service's, Refused for who neither holds it nor leads there, Wrong for a
    value the service does not have.
    """
    contact = contacts.lock(work, contact_id)
    if contact.service != actor.service:
        raise Missing
    if contact.owner != actor.staff:
        check_leads(actor, service, contact.hub)
        conflicts.check(work, contact_id, actor.staff)
    if contact.state in (State.WRAPPING, State.CLOSED):
        raise Stale("It is over. Write it down in the wrap-up.")
    need = _new_need(contact.need, wish, service)
    lead = contact.lead if wish.lead is None else wish.lead
    changed = {
        name
        for name in ("crime", "age", "language", "gender", "urgency", "access")
        if getattr(need, name) != getattr(contact.need, name)
    }
    if lead != contact.lead:
        _check_lead(work, contact, lead)
        contacts.set_lead(work, contact_id, lead)
        changed.add("lead")
    if not changed:
        return changed
    contacts.set_need(work, contact_id, contact.hub, need, contact.area_found)
    audit.record(work, actor.staff, "changed need", "contact", contact_id,
                 service=contact.service, why=", ".join(sorted(changed)))  # fmt: skip
    if contact.state is State.OFFERED and changed & _CHOOSES_SEAT:
        take_back(work, contact_id, contact.offer_no, "withdrawn")
    if "age" in changed and need.age == CHILD:
        _tell_of_child(work, service, contact)
    look(work, contact.service)
    return changed


def _new_need(before: Need, wish: Wish, service: Service) -> Need:
    if wish.crime and service.crime(wish.crime) is None:
        raise Wrong("This service has no such kind of need.")
    if wish.language and wish.language not in {*LANGUAGES, *service.languages}:
        raise Wrong("Choose a language.")
    for value, known in (
        (wish.age, AGES), (wish.gender, GENDERS), (wish.urgency, URGENCIES),
    ):  # fmt: skip
        if value is not None and value not in known:
            raise Wrong("Choose one of the answers.")
    need = before
    for name in ("crime", "age", "language", "gender", "urgency"):
        value = getattr(wish, name)
        if value is not None:
            need = replace(need, **{name: value})
    if wish.interpreter is None or wish.interpreter == needs_interpreter(before):
        return need
    words = [each for each in before.access.split(", ") if each and each != INTERPRETER]
    return replace(need, access=", ".join([*words, INTERPRETER] if wish.interpreter else words))


def needs_interpreter(need: Need) -> bool:
    return INTERPRETER in need.access.split(", ")


def _check_lead(work: Work, contact: Contact, lead: str) -> None:
    if not lead:
        return
    row = work.run(
        sa.select(staff.c.role).where(
            staff.c.id == lead, staff.c.service == contact.service, staff.c.active.is_(True)
        )
    ).first()
    if row is None or Action.TAKE_CONTACTS not in ALLOWED[Role(row.role)]:
        raise Wrong("Choose somebody of this service.")
    if conflicts.keeps_apart(work, contact.id, lead):
        raise Refused("They must not meet this person. Choose someone else.", code="barred")


def _tell_of_child(work: Work, service: Service, contact: Contact) -> None:
    """An adult's advisor holds a child: the safeguarding lead is told."""
    if contact.owner is None or not service.under18_skill:
        return
    row = work.run(sa.select(staff.c.skills).where(staff.c.id == contact.owner)).first()
    if row is not None and service.under18_skill not in row.skills.split():
        kind = notices.Kind.CHILD_ANSWERED
        notices.tell(work, None, contact.service, contact.hub, kind, contact.id, contact.owner)
