"""Who, and why? The router's answer for one contact, in words: for a lead. Ids and reasons only."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.auth.policy import Actor
from app.cases import acts as contacts
from app.cases import conflicts
from app.cases.model import Channel, Contact, State
from app.db import Work
from app.definition.model import Service
from app.errors import Missing
from app.keyring import Keyring
from routing.explain import explain as why_not
from routing.leading import check_leads
from routing.reading import board_of
from routing.tables import decisions, offers, places
from widgets.console import asking, facts, frames, pages
from widgets.console.names import Names

AWAY = ("lost signal", "closed the page", "left quickly")
MOST = 12
"""Decisions told, the newest last."""


def explain(
    work: Work, keyring: Keyring, actor: Actor, service: Service, frame: asking.Explain
) -> frames.Explained:
    """Raises Missing or Refused for whoever does not lead where it waits."""
    contact = contacts.load(work, frame.contact)
    if contact.service != actor.service:
        raise Missing
    check_leads(actor, service, contact.hub)
    conflicts.check(work, contact.id, actor.staff)
    names = Names(work, keyring)
    said, at = _next(work, service, names, contact)
    asked = facts.asked_of(work, names, actor, [contact.id])
    return frames.Explained(
        frame.re, contact.id, said, at, _told(work, names, actor, contact.id),
        asked.get(contact.id, ()), _against(work, service, names, contact),
    )  # fmt: skip


def _next(
    work: Work, service: Service, names: Names, contact: Contact
) -> tuple[str, datetime | None]:
    """What happens next, and when at the latest (S2)."""
    ringing = work.run(
        sa.select(offers).where(offers.c.contact == contact.id, offers.c.answer == "")
    ).first()
    if ringing is not None:
        return f"{names.of(ringing.staff).first_name} is asked.", ringing.until
    if contact.state is not State.WAITING:
        return "It is with somebody, or over.", None
    if contact.channel is Channel.CHAT and contact.visitor in AWAY:
        return "Their page is away. The place is kept, and somebody is asked when it is back.", None
    place = work.run(sa.select(places).where(places.c.contact == contact.id)).first()
    if place is None or place.rung_until is None:
        return "The router looks at it within a second.", None
    if place.overflow:
        return "Every rung was tried. The next seat that opens gets it.", place.rung_until
    rungs = len(service.ladder)
    return f"Rung {min(place.rung, rungs - 1) + 1} of {rungs}. Then the next.", place.rung_until


def _told(work: Work, names: Names, actor: Actor, contact_id: str) -> tuple[frames.Told, ...]:
    rows = work.run(
        sa.select(decisions.c.at, decisions.c.reason, decisions.c.staff)
        .where(decisions.c.contact == contact_id)
        .order_by(decisions.c.id.desc())
        .limit(MOST)
    ).all()
    return tuple(
        frames.Told(row.at, _of(names, actor, row.staff, row.reason)) for row in reversed(rows)
    )


def _of(names: Names, actor: Actor, staff: str | None, reason: str) -> str:
    """A reason is said to whoever was asked. To somebody else it names them."""
    if staff is None or staff == actor.staff or not reason.startswith("You, because:"):
        return reason
    return f"{names.of(staff).first_name} was told: “{reason}”"


def _against(
    work: Work, service: Service, names: Names, contact: Contact
) -> tuple[frames.Against, ...]:
    """Everybody on duty who was not asked, and what stood against each."""
    if contact.state is not State.WAITING:
        return ()
    try:
        found = why_not(board_of(work, service), contact.id, work.now)
    except KeyError:  # their page is away: nobody is asked just now
        return ()
    told = []
    for one in found:
        colleague = names.of(one.staff)
        hub = pages.hub_name(service, colleague.hub)
        against = tuple(each.words() for each in one.reasons)
        told.append(frames.Against(colleague.first_name, hub, against))
    return tuple(told)
