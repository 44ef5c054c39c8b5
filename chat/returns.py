"""Coming back by resume token: a hot door, because a dropped network brings everyone at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from app.auth import visitors
from app.cases import signs
from app.cases.tables import contacts, conversations
from app.cases.transcript import epoch_of
from app.db import Work
from app.definition.model import Service
from app.errors import FrontdoorError, Refused
from chat.acts import number_to_call
from chat.session import Entry

_HELD = (
    sa.select(conversations.c.id, conversations.c.head, contacts.c.service, contacts.c.site)
    .join(contacts, contacts.c.id == conversations.c.contact)
    .where(conversations.c.visitor_token == sa.bindparam("token"))
)


class Returns:
    """One for each process."""

    def __init__(self, services: Callable[[], Mapping[str, Service]]) -> None:
        self._services = services

    def come_back(self, work: Work, tokens: Sequence[str]) -> Sequence[Entry | FrontdoorError]:
        """For Database.append: an answer for each token, in their order; Refused for a dead one."""
        epoch, services = epoch_of(work), self._services()
        answers: list[Entry | FrontdoorError] = []
        for token in tokens:
            row = work.run(_HELD, {"token": visitors.hashed(token)}).first()
            if row is None:
                answers.append(Refused("This chat has ended.", code="ended"))
                continue
            service = services.get(row.service)
            number = number_to_call(service, row.site) if service else ""
            answers.append(Entry(row.id, token, epoch, row.head, number))
        signs.here(work, [each.conversation for each in answers if isinstance(each, Entry)])
        return answers
