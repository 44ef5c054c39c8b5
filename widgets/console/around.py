"""What stands around a desk: colleagues, hubs and their pauses, and the floor for a lead.

And who else stands at a contact: the colleague asked to take over, whoever joined, its owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.auth.policy import Action, Actor
from app.cases import conflicts, joining, notices, promises, voicemails
from app.db import Work
from app.definition.model import Service
from routing import around as routing
from routing.desk import Desk
from routing.leading import leads
from routing.pausing import paused
from routing.rests import PAUSES
from widgets.console import frames, pages
from widgets.console.names import Names


@dataclass(frozen=True)
class Between:
    """First names; "" and () when there is nobody."""

    handing_to: str = ""
    handing_until: datetime | None = None
    beside: tuple[str, ...] = ()
    owner: str = ""


class Betweens:
    """Who else stands at each contact of one desk."""

    def __init__(self, work: Work, names: Names, actor: Actor, shown: Desk) -> None:
        self._names = names
        self._actor = actor
        self._handing = shown.handing
        ids = [contact.id for contact in (*shown.with_you, *shown.joined)]
        self._beside = joining.beside(work, ids)

    def of(self, contact: str, owner: str | None) -> Between:
        handing, me = self._handing.get(contact), self._actor.staff
        others = [who for who in self._beside.get(contact, ()) if who != me]
        return Between(
            self._names.of(handing.to).first_name if handing else "",
            handing.until if handing else None,
            tuple(self._names.of(who).first_name for who in others),
            self._names.of(owner).first_name if owner and owner != me else "",
        )


def everything(work: Work, actor: Actor, service: Service, names: Names) -> dict[str, Any]:
    """The parts of a Desk frame that are not about one's own contacts."""
    lead = actor.may(Action.LEAD)
    owed, late = promises.count(work, actor, work.now)
    left, left_late = voicemails.count(work, actor, work.now)
    return {
        "colleagues": tuple(_colleagues(work, actor, service, names)),
        "hubs": tuple(_hubs(work, actor, service, names)),
        "floor": tuple(_floor(work, actor, service, names)) if lead else (),
        "promises": owed + left,
        "promises_late": late + left_late,
        "notices": notices.count_open(work, actor) if lead else 0,
    }


def _colleagues(
    work: Work, actor: Actor, service: Service, names: Names
) -> Sequence[frames.ColleagueFacts]:
    return [
        frames.ColleagueFacts(
            staff=one.staff,
            first=names.of(one.staff).first_name,
            hub_name=pages.hub_name(service, one.hub),
            state=one.state,
            words=_places(one.free) if one.free else one.because,
            free=one.free,
            away=one.away,
            lead=leads(actor, service, one.hub),
        )
        for one in routing.colleagues(work, service)
        if one.staff != actor.staff and one.state != "offline"
    ]


def _places(free: int) -> str:
    return "1 place free" if free == 1 else f"{free} places free"


def _hubs(work: Work, actor: Actor, service: Service, names: Names) -> Sequence[frames.HubFacts]:
    resting = {one.hub: one for one in paused(work, service.key)}
    told = []
    for hub in service.hubs:
        rest = resting.get(hub.key)
        why = f"{PAUSES[rest.reason]}, {names.of(rest.by).first_name}" if rest else ""
        until = rest.until if rest else None
        told.append(
            frames.HubFacts(
                hub.key, hub.name, hub.key == service.central.key, why, until,
                leads(actor, service, hub.key),
            )
        )  # fmt: skip
    return told


def _floor(work: Work, actor: Actor, service: Service, names: Names) -> Sequence[frames.HeldFacts]:
    hubs = {hub.key for hub in service.hubs if leads(actor, service, hub.key)}
    others = [one for one in routing.held(work, service.key, hubs) if one.owner != actor.staff]
    hidden = conflicts.kept_from(work, actor, [one.id for one in others])
    others = [one for one in others if one.id not in hidden]
    beside = joining.beside(work, [one.id for one in others])
    return [
        frames.HeldFacts(
            contact=one.id,
            assignment_no=one.assignment_no,
            channel=one.channel.value,
            hub_name=pages.hub_name(service, one.hub),
            need_words=pages.need_words(one, service),
            owner=names.of(one.owner).first_name if one.owner else "",
            since=one.answered_at or one.arrived_at,
            visitor=one.visitor,
            joined=actor.staff in beside.get(one.id, ()),
        )
        for one in others
    ]
