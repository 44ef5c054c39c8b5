"""What a lead must see, until one has seen it. Ids and a code, never words (S8).

A notice is told once for each kind and contact, by any node, in the work that found it. A hub
without a lead of its own is every lead's concern, so that no notice has nobody to read it (S2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app import audit, ids
from app.auth.policy import Action, Actor, Role
from app.auth.tables import staff as staff_table
from app.bus import Hint
from app.cases.tables import notices
from app.db import Work
from app.errors import Missing

MOST = 200
"""Shown at a time, oldest first."""


class Kind(StrEnum):
    CHILD_ANSWERED = "child_answered"
    """Someone under 18 went to an adult seat."""
    UNACCEPTED_AT_CLOSING = "unaccepted_at_closing"
    """A contact handed over at the end of a shift that nobody has accepted."""
    PROMISE_LATE = "promise_late"
    """A call-back is past its time."""
    VOICEMAIL_LATE = "voicemail_late"
    """A message has not been answered in its time."""
    NO_COVER = "no_cover"
    """Some contacts would find nobody tonight."""
    HARD_CONTACT = "hard_contact"
    """An advisor has just ended a hard one."""
    CALLS_OFTEN = "calls_often"
    """One phone has rung many times within an hour: frightened, or a nuisance. Nobody knows yet."""
    TRACKER = "tracker"
    """A pixel or a replay script runs on a page that holds the chat."""


@dataclass(frozen=True)
class Notice:
    id: str
    service: str
    hub: str
    kind: Kind
    contact: str | None
    staff: str | None
    at: datetime


def tell(
    work: Work,
    notice_id: str | None,
    service: str,
    hub: str,
    kind: Kind,
    contact: str | None = None,
    staff: str | None = None,
) -> None:
    """Once for each kind and contact. Without a contact: once under `notice_id`; without either,
    once for each kind, hub and person until it is seen."""
    id_ = notice_id or ids.new()
    once = _once(kind, contact or notice_id or f"{service}:{hub}:{staff or ''}")
    new = work.insert_once(
        notices, id=id_, once=once, service=service, hub=hub, kind=kind.value, contact=contact,
        staff=staff, at=work.now,
    )  # fmt: skip
    if new:
        work.announce(Hint("desk", service))


def open_notices(work: Work, actor: Actor) -> list[Notice]:
    """What nobody has seen yet, oldest first; none for those who lead nobody."""
    rows = work.run(
        sa.select(notices)
        .where(*_theirs(actor), notices.c.seen_at.is_(None))
        .order_by(notices.c.at, notices.c.id)
        .limit(MOST)
    )
    return [_to_notice(row) for row in rows]


def count_open(work: Work, actor: Actor) -> int:
    """How many a lead has still to see; 0 for those who lead nobody."""
    wanted = (*_theirs(actor), notices.c.seen_at.is_(None))
    counted = work.run(sa.select(sa.func.count()).select_from(notices).where(*wanted))
    return int(counted.scalar_one())


def seen(work: Work, actor: Actor, notice_id: str) -> None:
    """A lead has seen it. Twice is once. Missing, in the same words, when absent or not theirs."""
    row = work.run(sa.select(notices).where(notices.c.id == notice_id, *_theirs(actor))).first()
    if row is None:
        raise Missing
    changed = work.run(
        notices.update()
        .where(notices.c.id == notice_id, notices.c.seen_at.is_(None))
        .values(
            seen_at=work.now,
            seen_by=actor.staff,
            once=row.once if row.contact is not None else f"{row.once}:{row.id}",
        )
    )
    if changed.rowcount == 1:
        audit.record(work, actor.staff, "saw", "notice", notice_id, service=row.service)
        work.announce(Hint("desk", row.service))


def settled(work: Work, kind: Kind, contact: str) -> None:
    """What it told of is no longer so: it leaves the list, and may be told again."""
    once = _once(kind, contact)
    row = work.run(sa.select(notices.c.id, notices.c.service).where(notices.c.once == once)).first()
    if row is None:
        return
    work.run(
        notices.update()
        .where(notices.c.id == row.id)
        .values(
            once=f"{once}:{row.id}",
            seen_at=sa.func.coalesce(
                notices.c.seen_at, sa.bindparam("now", work.now, notices.c.seen_at.type)
            ),
        )
    )
    work.announce(Hint("desk", row.service))


def _once(kind: Kind, what: str) -> str:
    return f"{kind.value}:{what}"


def _theirs(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Own service and hubs, and every hub that no lead has as their own."""
    if not actor.may(Action.LEAD):
        return [sa.false()]
    rule: list[sa.ColumnElement[bool]] = [notices.c.service == actor.service]
    if actor.hubs is not None:
        rule.append(
            sa.or_(
                notices.c.hub.in_(sorted(actor.hubs)),
                without_lead(notices.c.service, notices.c.hub),
            )
        )
    return rule


def without_lead(
    service: sa.ColumnElement[Any], hub: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    """No lead works at the hub of this row."""
    return ~sa.exists().where(
        staff_table.c.service == service,
        staff_table.c.hub == hub,
        staff_table.c.role == Role.HUB_LEAD.value,
        staff_table.c.active.is_(True),
    )


def _to_notice(row: Any) -> Notice:
    return Notice(
        row.id, row.service, row.hub, Kind(row.kind), row.contact, row.staff, row.at
    )  # fmt: skip
