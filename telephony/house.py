"""What each work of the phone line is given: the house, and what has happened to a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.definition.model import Line, Service
from app.keyring import Keyring
from telephony.events import Event
from telephony.twiml import Speaker

Services = Mapping[str, Service]


@dataclass(frozen=True)
class House:
    """What a work needs beside its rows: keys, words, and the services in force."""

    keyring: Keyring
    speaker: Speaker
    services: Services
    pins: Mapping[str, str] = field(default_factory=dict)
    """What the machines of interpreters ask for, by the names that definitions give them."""

    def line(self, service: str, line: str) -> tuple[Service, Line] | None:
        """The line of a call; another line of the service when it was renamed meanwhile."""
        found = self.services.get(service)
        if found is None:
            return None
        same = next((each for each in found.lines if each.key == line), found.lines[0])
        return found, same


@dataclass(frozen=True)
class Happening:
    """An event of one call. `contact` and `room` are fresh ids, for when they are needed.

    `dialled` is the number that was rung, for a call we know nothing of. `by` is the carrier's
    id of the call that sent it: an advisor's phone, when the event is a phone's.
    """

    call: str
    event: Event
    contact: str
    room: str
    dialled: str = ""
    caller: str | None = None
    by: str = ""
    position: int | None = None
    minutes: tuple[int, int] | None = None
    relay: bool = False

    def at(self, position: int | None, minutes: tuple[int, int] | None = None) -> Happening:
        """With their place and the honest range, as they may be told."""
        return replace(self, position=position, minutes=minutes)
