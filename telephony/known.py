"""What the flow may know beside the event, read in the same work and never remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from app.cases import promises
from app.cases.due import When, due_at
from app.cases.model import State
from app.db import Work
from app.definition.model import Line, Menu, Service
from routing import roster
from telephony import parties, slowing
from telephony.events import Agreed, Chosen, Event
from telephony.house import Happening, House
from telephony.states import Choice, Facts
from telephony.verbs import Words

RELAY = "text relay"
"""How a contact's access needs name a call through the relay service."""


def facts_of(work: Work, house: House, row: Any, happening: Happening) -> Facts:
    owned = row.contact_state == State.ACTIVE.value and row.owner is not None
    base = Facts(
        now=work.now,
        call=row.sid,
        queue=f"waiting-{row.service}",
        room=happening.room,
        position=happening.position,
        minutes=happening.minutes,
        language=row.language,
        relay=row.access == RELAY,
        abusive=bool(row.abusive),
        overflow=bool(row.waits and row.overflow),
        assignment=row.assignment_no if owned else None,
        staff=row.owner if owned else "",
        finished=row.contact_state in (State.WRAPPING.value, State.CLOSED.value),
        queued=row.contact_state in (State.WAITING.value, State.OFFERED.value),
    )
    base = parties.known(work, house, row, happening.event, base)
    found = house.line(row.service, row.line)
    if found is None:
        return base
    service, line = found
    menu = line.menu
    return replace(
        base,
        line=line.number,
        menu=_menu(line.menu),
        keys={key.digit: key.hub for key in menu.keys if key.hub} if menu else {},
        tongues={key.digit: key.language for key in menu.keys if key.language} if menu else {},
        hold_sound=f"{line.hold_sound}.wav",
        number_known=row.number_index is not None,
        choices=_choices(work, service, line, row, happening.event),
        by_when=_by_when(work, service, happening.event),
        slowed=_slowed(work, row),
        central=line.hub or service.central.key,
        numbers=_numbers(work, house, service, line) if base.overflow else tuple(line.fallback),
    )


def _menu(menu: Menu | None) -> tuple[Words, ...]:
    """Words of one language are said in one breath; a key in another language by its own voice."""
    if menu is None:
        return ()
    ours = " ".join([menu.say, *(key.label for key in menu.keys if not key.language)])
    theirs = (Words(key.label, key.language) for key in menu.keys if key.language)
    return (Words(ours), *theirs)


def _choices(
    work: Work, service: Service, line: Line, row: Any, event: Event
) -> tuple[Choice, ...]:
    """What this caller may ask for. The number is looked at once more when they do."""
    found = []
    if row.reach and not (
        isinstance(event, Chosen | Agreed)
        and promises.is_unsafe(work, service.key, row.number_index)
    ):
        found.append(Choice.CALL_BACK)
    if line.voicemail:
        found.append(Choice.VOICEMAIL)
    if line.text_me and row.reach == "ring text" and service.text_line is not None:
        found.append(Choice.TEXT)
    return tuple(found)


def _by_when(work: Work, service: Service, event: Event) -> dict[str, tuple[bool, str]]:
    if not isinstance(event, Agreed):
        return {}
    zone = ZoneInfo(service.zone)
    due = {when.value: due_at(when, work.now, service.zone).astimezone(zone) for when in When}
    today = work.now.astimezone(zone).date()
    return {part: (at.date() == today, f"{at:%H:%M}") for part, at in due.items()}


def _slowed(work: Work, row: Any) -> bool:
    """A lead's decision is asked for on arrival alone."""
    arriving = bool(row.number == 0 and row.number_index is not None)
    return arriving and slowing.until_of(work, row.service, row.number_index) is not None


def _numbers(work: Work, house: House, service: Service, line: Line) -> tuple[str, ...]:
    """The phones on call now, in their order, then the line's fallback numbers; each once."""
    phones = roster.on_call(work, service, work.now, house.keyring)
    return tuple(dict.fromkeys([*(each.phone for each in phones if each.phone), *line.fallback]))
