"""The end of a shift or of a hub's day: new contacts stop before it, open ones never do (S13).

New chats stop 30 minutes before, as a chat lasts an hour or more; calls and texts 15 minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.definition.model import Hub
from routing.rota import Spell

BEFORE = {
    "chat": timedelta(minutes=30),
    "voice": timedelta(minutes=15),
    "sms": timedelta(minutes=15),
}


def closing(spell: Spell, now: datetime) -> frozenset[str]:
    """The channels no longer offered to whoever is in this spell, because its end is near."""
    return frozenset(channel for channel, before in BEFORE.items() if spell.end - now <= before)


def takes_new(hub: Hub, channel: str, now: datetime, zone: ZoneInfo) -> bool:
    """Whether this hub still begins a contact of this channel: it is open, and stays so for a
    while."""
    later = now + BEFORE.get(channel, timedelta())
    return all(hub.open_at(at.astimezone(zone).time()) for at in (now, later))
