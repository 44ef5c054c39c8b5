"""A person's need on the desk: what is kept and may be chosen, and each change as one work."""

from __future__ import annotations

from typing import assert_never

import sqlalchemy as sa

from app.auth.policy import ALLOWED, Action, Actor, Role
from app.auth.tables import staff
from app.cases import acts as contacts
from app.cases import conflicts
from app.cases.transcript import Transcript
from app.db import Work
from app.definition.language import LANGUAGES
from app.definition.model import Service
from app.errors import Missing
from app.keyring import Keyring
from routing import apart, wishes
from routing.leading import check_leads, leads
from widgets.console import pages, wishing
from widgets.console.names import Names

TAKE = [role.value for role in Role if Action.TAKE_CONTACTS in ALLOWED[role]]


def needs(
    work: Work, keyring: Keyring, actor: Actor, service: Service, frame: wishing.Needs
) -> wishing.Needed:
    """For whoever holds it or leads there. Raises Missing or Refused."""
    contact = contacts.load(work, frame.contact)
    if contact.service != actor.service:
        raise Missing
    if contact.owner != actor.staff:
        check_leads(actor, service, contact.hub)
        conflicts.check(work, contact.id, actor.staff)
    names, need = Names(work, keyring), contact.need
    return wishing.Needed(
        frame.re, contact.id, need.crime, need.age, need.language, need.gender, need.urgency,
        wishes.needs_interpreter(need), contact.lead,
        tuple(wishing.Choice(each.key, each.label) for each in service.crimes),
        _languages(service, need.language),
        _people(work, service, names),
        _apart(work, service, names, contact.id),
        leads(actor, service, contact.hub),
    )  # fmt: skip


def do(
    work: Work,
    frame: wishing.WishAsk,
    actor: Actor,
    service: Service,
    transcript: Transcript,
    keyring: Keyring,
    new_id: str,
) -> None:
    """`new_id` names the row and the line that one press may make."""
    match frame:
        case wishing.Wish():
            wish = wishes.Wish(
                frame.crime, frame.age, frame.language, frame.gender, frame.urgency,
                frame.interpreter, frame.lead,
            )  # fmt: skip
            wishes.change(work, actor, service, frame.contact, wish)
        case wishing.Apart(offer_no=0):
            apart.while_holding(
                work, transcript, actor, frame.contact, new_id, frame.assignment_no, new_id
            )
        case wishing.Apart():
            apart.at_the_door(
                work, transcript, actor, frame.contact, new_id, frame.offer_no, new_id
            )
        case wishing.ApartHub():
            apart.from_hub(
                work, transcript, keyring, actor, service, frame.contact, new_id, frame.hub,
                frame.why, new_id,
            )  # fmt: skip
        case wishing.Together():
            apart.undo(work, actor, service, frame.conflict)
        case _:
            assert_never(frame)


def _languages(service: Service, now: str) -> tuple[wishing.Choice, ...]:
    """Those of the service first, then every one by its name."""
    first = dict.fromkeys([*service.languages, *([now] if now else [])])
    rest = sorted(LANGUAGES.keys() - first.keys(), key=lambda key: LANGUAGES[key])
    return tuple(wishing.Choice(key, LANGUAGES.get(key, key)) for key in (*first, *rest))


def _people(work: Work, service: Service, names: Names) -> tuple[wishing.Choice, ...]:
    rows = work.run(
        sa.select(staff.c.id, staff.c.hub).where(
            staff.c.service == service.key, staff.c.active.is_(True), staff.c.role.in_(TAKE)
        )
    )
    told = [
        wishing.Choice(row.id, f"{names.of(row.id).name}, {pages.hub_name(service, row.hub)}")
        for row in rows
    ]
    return tuple(sorted(told, key=lambda one: one.words))


def _apart(
    work: Work, service: Service, names: Names, contact_id: str
) -> tuple[wishing.KeptApart, ...]:
    return tuple(
        wishing.KeptApart(
            one.id,
            names.of(one.staff).first_name if one.staff else pages.hub_name(service, one.hub),
            names.of(one.said_by).first_name,
            one.at,
        )
        for one in conflicts.of_contact(work, contact_id)
    )
