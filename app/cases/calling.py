"""Keeping a promise: one person takes it, sees the number while a Permit holds, says what came.

Every opening of a number is in the trail before it is shown (S7), a refused one too. Outside the
hours the person chose there is a Refusal that says when it would be allowed (S4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import audit
from app.auth.policy import Actor
from app.cases import due, promises, safe_contact
from app.cases.model import Channel
from app.cases.promised import How, Promise
from app.cases.promises import OPEN, TABLE
from app.cases.safe_contact import Permit, Purpose, Refusal, SafeContact
from app.cases.tables import promises as rows
from app.cases.tables import unsafe_numbers
from app.db import Work
from app.errors import Stale, Wrong
from app.keyring import Keyring

NOT_YOURS = "This call-back is not with you any more."


@dataclass(frozen=True)
class Calling:
    """What whoever took a promise needs to keep it, for as long as the permit holds."""

    number: str
    permit: Permit
    say: str
    who: str
    agreed: str


def take(work: Work, actor: Actor, promise_id: str) -> None:
    """I call them. Twice is once; Stale when a colleague was first or it is no longer open."""
    promise = promises.load(work, actor, promise_id)
    if promise.owner == actor.staff and promise.done_at is None and promise.replaced_at is None:
        return
    _change(
        work,
        actor,
        promise,
        "took",
        [rows.c.owner.is_(None)],
        {"owner": actor.staff, "taken_at": work.now},
        "A colleague took it first, or it is done.",
    )


def give_back(work: Work, actor: Actor, promise_id: str) -> None:
    """I cannot call them after all: it is the hub's again. Twice is once."""
    promise = promises.load(work, actor, promise_id)
    if promise.owner is None and promise.done_at is None:
        return
    _change(
        work,
        actor,
        promise,
        "gave back",
        [rows.c.owner == actor.staff],
        {"owner": None, "taken_at": None},
        NOT_YOURS,
    )


def done(work: Work, actor: Actor, promise_id: str, how: How) -> None:
    """It was kept, or tried, by whoever took it. Twice is once. When somebody else answered, the
    number is never offered again in this service."""
    promise = promises.load(work, actor, promise_id)
    if promise.how is how and promise.owner == actor.staff:
        return
    if how is How.LEFT_MESSAGE and not promise.voicemail:
        raise Wrong("They asked for no message. Choose what happened.")
    _change(
        work,
        actor,
        promise,
        "kept",
        [rows.c.owner == actor.staff],
        {"done_at": work.now, "how": how.value},
        NOT_YOURS,
        why=how.value,
    )
    if how is How.SOMEONE_ELSE:
        row = work.run(sa.select(rows).where(rows.c.id == promise_id)).one()
        work.insert_once(
            unsafe_numbers, service=row.service, number_index=row.number_index, at=work.now
        )


def open_number(
    work: Work, keyring: Keyring, actor: Actor, promise_id: str, zone: str
) -> Calling | Refusal:
    """The number, for whoever holds the promise and only while it may be rung. Stale when it is
    not with them. `zone` is the service's."""
    promise = promises.load(work, actor, promise_id)
    row = work.run(sa.select(rows).where(rows.c.id == promise_id, *OPEN)).first()
    if row is None or row.owner != actor.staff:
        raise Stale(NOT_YOURS)
    unsafe = promises.is_unsafe(work, row.service, row.number_index)
    facts = SafeContact(
        forbidden="somebody else answered this number." if unsafe else "",
        asked_for=due.window(promise.when, work.now, zone),
    )
    answer = safe_contact.decide(Purpose.ASKED_FOR, Channel.VOICE, facts, work.now)
    refused = isinstance(answer, Refusal)
    audit.record(
        work, actor.staff, "refused" if refused else "opened", "promised number", promise_id,
        service=row.service,
    )  # fmt: skip
    if isinstance(answer, Refusal):
        return answer

    def opened(column: str) -> str:
        return keyring.open(work, row._mapping[column], TABLE, column, promise_id)

    return Calling(opened("number"), answer, opened("say"), opened("who"), opened("agreed"))


def _change(
    work: Work,
    actor: Actor,
    promise: Promise,
    verb: str,
    still: list[sa.ColumnElement[bool]],
    values: dict[str, Any],
    too_late: str,
    why: str = "",
) -> None:
    changed = work.run(rows.update().where(rows.c.id == promise.id, *OPEN, *still).values(**values))
    if changed.rowcount != 1:
        raise Stale(too_late)
    audit.record(work, actor.staff, verb, TABLE, promise.id, service=promise.service, why=why)
    promises.announce(work, promise.contact, promise.service)
