"""What visitors' devices tell of themselves: gathered by a process, kept once a second.

However often a page says what it has, that it is covered, or that somebody writes, it costs one
work a second for everyone together, and the path of the words none at all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.cases import acts as contacts
from app.cases import signs
from app.cases.model import State
from app.cases.signs import PRESENT
from app.db import Work
from app.definition.model import Service

SIGN_AGAIN = 10
"""Looks between two signs of one visitor that are kept: silence is told in minutes."""


@dataclass
class Signs:
    """By conversation. `got` up to which line, `screen` one of PRESENT, `speaks` which language,
    `gone` when, by this process's own steady clock, their line was closed and nothing was said."""

    got: dict[str, int] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)
    screen: dict[str, str] = field(default_factory=dict)
    speaks: dict[str, str] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    _kept: dict[str, int] = field(default_factory=dict)
    _look: int = 0

    def take(self) -> Taken | None:
        """What is to be kept now; None when there is nothing. Given back when it could not be."""
        self._look += 1
        self._kept = {
            id_: look for id_, look in self._kept.items() if self._look - look < SIGN_AGAIN
        }
        due = self.signed - self._kept.keys()
        self._kept.update(dict.fromkeys(due, self._look))
        self.signed -= due
        taken = Taken(self.got, frozenset(due), self.screen, self.speaks, self.gone)
        self.got, self.screen, self.speaks, self.gone = {}, {}, {}, {}
        return taken if taken.any else None

    def back(self, taken: Taken) -> None:
        """Not kept: it is tried again, and whatever came since stands above it."""
        self.got = {id_: max(at, self.got.get(id_, 0)) for id_, at in taken.got.items()} | {
            id_: at for id_, at in self.got.items() if id_ not in taken.got
        }
        self.signed |= taken.signed
        self.screen = {**taken.screen, **self.screen}
        self.speaks = {**taken.speaks, **self.speaks}
        self.gone = {**taken.gone, **self.gone}
        for id_ in taken.signed:
            self._kept.pop(id_, None)


@dataclass(frozen=True)
class Taken:
    got: Mapping[str, int]
    signed: frozenset[str]
    screen: Mapping[str, str]
    speaks: Mapping[str, str]
    gone: Mapping[str, float]

    @property
    def any(self) -> bool:
        return bool(self.got or self.signed or self.screen or self.speaks or self.gone)


def keep(work: Work, services: Mapping[str, Service], taken: Taken) -> None:
    """Contacts first, then conversations: the order in which every work locks."""
    signs.signed(work, sorted(taken.signed))
    for conversation, screen in taken.screen.items():
        _screen(work, conversation, screen)
    for conversation, lang in taken.speaks.items():
        _speaks(work, services, conversation, lang)
    signs.lost(work, {id_: time.monotonic() - at for id_, at in taken.gone.items()})
    signs.got(work, taken.got)


def _screen(work: Work, conversation: str, screen: str) -> None:
    contact = contacts.of_conversation(work, conversation)
    if contact.visitor in PRESENT and contact.visitor != screen:
        contacts.visitor_is(work, contact.id, screen)


def _speaks(work: Work, services: Mapping[str, Service], conversation: str, lang: str) -> None:
    """Only a language the service has; routing may look for someone who speaks it."""
    contact = contacts.of_conversation(work, conversation)
    service = services.get(contact.service)
    if service is None or lang not in service.languages or lang == contact.need.language:
        return
    if contact.state in (State.WRAPPING, State.CLOSED):
        return
    need = replace(contact.need, language=lang)
    contacts.set_need(work, contact.id, contact.hub, need, contact.area_found)
