"""Roles, scope and what may be done. Default deny; the shell asks, this answers (S7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADVISOR = "advisor"
    VOLUNTEER = "volunteer"
    HUB_LEAD = "hub_lead"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Action(StrEnum):
    TAKE_CONTACTS = "take contacts"
    READ_CONTACTS = "read contacts"
    WRAP_UP = "wrap up"
    LEAD = "lead"
    """See what a lead must see, for their hubs."""


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.ADVISOR: frozenset({Action.TAKE_CONTACTS, Action.READ_CONTACTS, Action.WRAP_UP}),
    Role.VOLUNTEER: frozenset({Action.TAKE_CONTACTS, Action.WRAP_UP}),
    Role.HUB_LEAD: frozenset(
        {Action.TAKE_CONTACTS, Action.READ_CONTACTS, Action.WRAP_UP, Action.LEAD}
    ),
    Role.SUPERVISOR: frozenset(
        {Action.TAKE_CONTACTS, Action.READ_CONTACTS, Action.WRAP_UP, Action.LEAD}
    ),
    Role.ADMIN: frozenset(),
}
EVERY_HUB = frozenset({Role.SUPERVISOR})
"""Roles that see all hubs of their service; everyone else sees their own hub."""


@dataclass(frozen=True)
class Actor:
    """Who acts. Handed on as an argument, never looked up from the surroundings."""

    staff: str
    first_name: str
    name: str
    role: Role
    service: str
    hub: str

    def may(self, action: Action) -> bool:
        return action in ALLOWED[self.role]

    @property
    def hubs(self) -> frozenset[str] | None:
        """The hubs whose contacts they may read; None for every hub of their service."""
        return None if self.role in EVERY_HUB else frozenset({self.hub})
