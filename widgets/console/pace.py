"""How often one phone rings us, and what a lead may decide about it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.cases.model import Contact
from app.definition.model import Service
from telephony.slowing import Pace
from widgets.console import due

HOURS = ((1, "1 hour"), (6, "6 hours"), (24, "24 hours"))


@dataclass(frozen=True)
class Told:
    action: str
    often: str
    until: str
    """"" while nothing is decided."""
    hours: tuple[tuple[int, str], ...] = HOURS


def told(pace: Pace | None, contact: Contact, service: Service, now: datetime) -> Told | None:
    """None for whoever leads nobody, and for what has no number."""
    if pace is None:
        return None
    times = "once" if pace.calls == 1 else f"{pace.calls} times"
    return Told(
        action=f"/console/contacts/{contact.id}/pace",
        often=f"This phone had rung {times} within the hour.",
        until=due.when(pace.until, service, now),
    )
