"""Who leads which hub: asked before every act of a lead. Default deny (S7)."""

from __future__ import annotations

from app.auth.policy import Action, Actor
from app.definition.model import Service
from app.errors import Refused, Wrong


def leads(actor: Actor, service: Service, hub: str) -> bool:
    """Whether this person leads this hub. Whoever leads the central hub leads them all."""
    if not actor.may(Action.LEAD) or actor.service != service.key:
        return False
    return actor.hubs is None or actor.hub in (hub, service.central.key)


def check_leads(actor: Actor, service: Service, hub: str) -> None:
    if not leads(actor, service, hub):
        raise Refused("Only a lead of this hub may do that.", code="not_lead")


def hub_name(service: Service, hub: str) -> str:
    """The hub as people say it. Wrong for one the service does not have."""
    for each in service.hubs:
        if each.key == hub:
            return each.name
    raise Wrong("This service has no such hub.")
