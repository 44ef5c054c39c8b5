"""Answering a message: one person takes it, listens, and says what came of it.

Each playing is in the trail before the sound leaves (S7).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa

from app import audit
from app.auth.policy import Actor
from app.cases import notices, promises
from app.cases.tables import voicemail_sounds, voicemails
from app.cases.voicemails import OPEN, TABLE, Answered, Voicemail, load
from app.db import Work
from app.errors import Missing, Stale
from app.keyring import Keyring

Act: TypeAlias = Callable[[Work, Actor, str], None]
"""What somebody does with a message, by its id."""
NOT_YOURS = "This message is not with you any more."


def listen(work: Work, keyring: Keyring, actor: Actor, voicemail_id: str) -> bytes:
    """The sound, for whoever may see the message. Missing when it is not here, or not theirs."""
    found = load(work, actor, voicemail_id)
    row = work.run(
        sa.select(voicemail_sounds.c.sound).where(voicemail_sounds.c.voicemail == voicemail_id)
    ).first()
    if row is None:
        raise Missing
    audit.record(work, actor.staff, "played", TABLE, voicemail_id, service=found.service)
    return keyring.open_bytes(work, row.sound, "voicemail_sound", "sound", voicemail_id)


def take(work: Work, actor: Actor, voicemail_id: str) -> None:
    """I answer it. Twice is once; Stale when a colleague was first or it is done."""
    found = load(work, actor, voicemail_id)
    if found.owner == actor.staff and found.done_at is None:
        return
    values = {"owner": actor.staff, "taken_at": work.now}
    still = voicemails.c.owner.is_(None)
    _change(work, actor, found, "took", still, values, "A colleague took it first, or it is done.")


def give_back(work: Work, actor: Actor, voicemail_id: str) -> None:
    """I cannot answer it after all: it is the hub's again. Twice is once."""
    found = load(work, actor, voicemail_id)
    if found.owner is None and found.done_at is None:
        return
    values = {"owner": None, "taken_at": None}
    _change(work, actor, found, "gave back", voicemails.c.owner == actor.staff, values, NOT_YOURS)


def done(work: Work, actor: Actor, voicemail_id: str, how: Answered) -> None:
    """It was answered, by whoever took it. Twice is once."""
    found = load(work, actor, voicemail_id)
    if found.how is how and found.owner == actor.staff:
        return
    values = {"done_at": work.now, "how": how.value}
    mine = voicemails.c.owner == actor.staff
    _change(work, actor, found, "answered", mine, values, NOT_YOURS, how.value)
    notices.settled(work, notices.Kind.VOICEMAIL_LATE, found.contact)


def _change(
    work: Work,
    actor: Actor,
    found: Voicemail,
    verb: str,
    still: sa.ColumnElement[bool],
    values: dict[str, Any],
    too_late: str,
    why: str = "",
) -> None:
    changed = work.run(
        voicemails.update().where(voicemails.c.id == found.id, OPEN, still).values(**values)
    )
    if changed.rowcount != 1:
        raise Stale(too_late)
    audit.record(work, actor.staff, verb, TABLE, found.id, service=found.service, why=why)
    promises.announce(work, found.contact, found.service)
