"""Messages people left: open work with an owner and a time, never a light on a phone (S2).

The sound is sealed with its contact's key (S8, S10) and played to whoever may see the message;
each playing is in the trail before the sound leaves (S7). A silent one is nobody's work.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app import audit
from app.auth.policy import Action, Actor
from app.cases import acts, conflicts, due, notices, promises
from app.cases.due import When
from app.cases.model import HowEnded
from app.cases.promised import CallBack
from app.cases.tables import assignments, contacts, voicemail_sounds, voicemails
from app.db import Work
from app.errors import Missing, Refused, Wrong
from app.keyring import Keyring

ANSWER_WITHIN = timedelta(hours=1)
"""By when somebody has listened and done what is safe. Night and day: the line is open."""
SILENT_BELOW = 2
"""Seconds: a shorter recording holds nothing (the carrier keeps silent ones too)."""
HELD_TOO_LONG = promises.HELD_TOO_LONG
LONGEST_PAUSE = 600
"""Seconds between two tries to fetch a sound."""
TABLE = "voicemail"
SILENT = "silent"
OPEN = voicemails.c.done_at.is_(None)


class Answered(StrEnum):
    """What came of a message."""

    REACHED = "reached"
    CALL_PROMISED = "call_promised"
    """Their call-back stands on the list by itself."""
    NO_SAFE_WAY = "no_safe_way"
    NOTHING_TO_ANSWER = "nothing_to_answer"


@dataclass(frozen=True)
class Voicemail:
    """A message as everyone who may see it sees it."""

    id: str
    contact: str
    service: str
    hub: str
    seconds: int
    call_safe: bool
    """They said that a call back is safe; blank means no."""
    left_at: datetime
    due_at: datetime
    here: bool
    """Its sound is in our store."""
    owner: str | None
    taken_at: datetime | None
    done_at: datetime | None
    how: Answered | None

    def late(self, now: datetime) -> bool:
        return self.done_at is None and self.due_at <= now


def left(
    work: Work,
    keyring: Keyring,
    contact_id: str,
    recording: str,
    seconds: int,
    call_safe: bool,
    zone: str,
) -> str:
    """Somebody left a message of this length. The same recording twice is one message.

    Where a call back is safe, it is promised at once to the number they rang from. A silent one
    is only cleared away at the carrier. Returns its id.
    """
    id_ = hashlib.sha256(f"voicemail:{recording}".encode()).hexdigest()[:32]
    contact = acts.lock(work, contact_id)
    silent = seconds < SILENT_BELOW
    new = work.insert_once(
        voicemails, id=id_, recording=recording, contact=contact_id, service=contact.service,
        hub=contact.hub, seconds=seconds, call_safe=call_safe, left_at=work.now,
        due_at=work.now + ANSWER_WITHIN, look_at=work.now, looks=0, kept_at=None, erased_at=None,
        told_late=False, done_at=work.now if silent else None, how=SILENT if silent else "",
    )  # fmt: skip
    if not new or silent:
        return id_
    hung_up = contacts.c.how_ended == HowEnded.HUNG_UP_WAITING.value
    work.run(
        contacts.update()
        .where(contacts.c.id == contact_id, hung_up)
        .values(how_ended=HowEnded.VOICEMAIL.value)
    )
    audit.record(work, "visitor", "left", TABLE, id_, service=contact.service)
    if call_safe:
        _promise(work, keyring, contact_id, id_, zone)
    promises.announce(work, contact_id, contact.service)
    return id_


def _promise(work: Work, keyring: Keyring, contact_id: str, id_: str, zone: str) -> None:
    """A call back within the day's hours; no message is left, for nobody agreed to one."""
    number = acts.number_of(work, keyring, contact_id)
    earlier = promises.of_contact(work, contact_id)
    if number is None or any(not (each.done_at or each.replaced_at) for each in earlier):
        return
    wish = CallBack(number, When.ANY.value, voicemail=False)
    due_at = due.due_at(When.ANY, work.now, zone)
    try:
        promises.ask(work, keyring, id_, contact_id, wish, due_at)
    except Wrong:
        return  # a number we cannot or may not ring: whoever listens reads that no call is due


# -- the sound -----------------------------------------------------------------------------------


def keep(work: Work, keyring: Keyring, voicemail_id: str, sound: bytes) -> None:
    """Its sound is ours now, sealed. Twice is once."""
    row = _row(work, voicemail_id)
    key_id = work.run(sa.select(contacts.c.key_id).where(contacts.c.id == row.contact)).scalar_one()
    sealed = keyring.seal_bytes(work, key_id, sound, "voicemail_sound", "sound", voicemail_id)
    if work.insert_once(voicemail_sounds, voicemail=voicemail_id, sound=sealed):
        _set(work, voicemail_id, kept_at=work.now, look_at=work.now)
        promises.announce(work, row.contact, row.service)


def erased(work: Work, voicemail_id: str) -> None:
    """The carrier has nothing of it any more."""
    _set(work, voicemail_id, erased_at=work.now)


def known(work: Work, recording: str) -> bool:
    """Whether this recording was told of before."""
    found = work.run(sa.select(voicemails.c.id).where(voicemails.c.recording == recording))
    return found.first() is not None


def to_fetch(work: Work, most: int) -> list[str]:
    """Those the carrier still has something of: to be fetched, or erased there."""
    rows = work.run(
        sa.select(voicemails.c.id)
        .where(voicemails.c.erased_at.is_(None), voicemails.c.look_at <= work.now)
        .order_by(voicemails.c.look_at)
        .limit(most)
    )
    return [row.id for row in rows]


def fetching(work: Work, voicemail_id: str) -> tuple[str, bool] | None:
    """(recording, whether its sound is still to be fetched), leased for longer each time; None
    when another process has it. It is never given up: their words lie there until they lie here.
    """
    row = _row(work, voicemail_id)
    pause = timedelta(seconds=min(LONGEST_PAUSE, 5 * 2 ** min(row.looks, 10)))
    leased = work.run(
        voicemails.update()
        .where(
            voicemails.c.id == voicemail_id,
            voicemails.c.looks == row.looks,
            voicemails.c.look_at <= work.now,
            voicemails.c.erased_at.is_(None),
        )
        .values(look_at=work.now + pause, looks=row.looks + 1)
    )
    if leased.rowcount != 1:
        return None
    return row.recording, row.kept_at is None and row.how != SILENT


# -- the work ------------------------------------------------------------------------------------


def open_voicemails(work: Work, actor: Actor) -> list[Voicemail]:
    """Those still to be answered that this person may see, the late ones first."""
    if not actor.may(Action.TAKE_CONTACTS):
        raise Refused("Your role does not answer messages.")
    rows = work.run(
        sa.select(voicemails)
        .where(OPEN, *visible(actor))
        .order_by(voicemails.c.due_at, voicemails.c.id)
    )
    return [to_voicemail(row) for row in rows]


def count(work: Work, actor: Actor, now: datetime) -> tuple[int, int]:
    """(open, late) of those this person may see."""
    if not actor.may(Action.TAKE_CONTACTS):
        return 0, 0
    late = sa.case((voicemails.c.due_at <= sa.bindparam("now", now, voicemails.c.due_at.type), 1))
    row = work.run(
        sa.select(sa.func.count().label("open"), sa.func.count(late).label("late"))
        .select_from(voicemails)
        .where(OPEN, *visible(actor))
    ).one()
    return row.open, row.late


def load(work: Work, actor: Actor, voicemail_id: str) -> Voicemail:
    """Missing, in the same words, when it is absent or not theirs to see (S7)."""
    if not actor.may(Action.TAKE_CONTACTS):
        raise Missing
    row = work.run(
        sa.select(voicemails).where(
            voicemails.c.id == voicemail_id, voicemails.c.how != SILENT, *visible(actor)
        )
    ).first()
    if row is None:
        raise Missing
    return to_voicemail(row)


def late(work: Work) -> list[str]:
    """Those past their time that nobody holds, or holds for too long, and no lead knows of."""
    long_ago = work.now - HELD_TOO_LONG
    held = sa.and_(voicemails.c.due_at <= long_ago, voicemails.c.taken_at <= long_ago)
    rows = work.run(
        sa.select(voicemails.c.id).where(
            OPEN,
            voicemails.c.told_late.is_(False),
            voicemails.c.due_at <= work.now,
            sa.or_(voicemails.c.owner.is_(None), held),
        )
    )
    return [row.id for row in rows]


def tell_late(work: Work, voicemail_id: str) -> None:
    """The lead is told, once; any node may do it."""
    told = work.run(
        voicemails.update()
        .where(voicemails.c.id == voicemail_id, voicemails.c.told_late.is_(False), OPEN)
        .values(told_late=True)
    )
    if told.rowcount == 1:
        row = _row(work, voicemail_id)
        kind = notices.Kind.VOICEMAIL_LATE
        notices.tell(work, None, row.service, row.hub, kind, row.contact, row.owner)


def visible(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Own service; own hub, a hub without a lead for who leads, or a contact they held."""
    rule: list[sa.ColumnElement[bool]] = [
        voicemails.c.service == actor.service,
        conflicts.may_meet(actor, voicemails.c.contact),
    ]
    if actor.hubs is None:
        return rule
    held = sa.select(assignments.c.contact).where(assignments.c.staff == actor.staff)
    mine: list[sa.ColumnElement[bool]] = [voicemails.c.contact.in_(held)]
    if actor.may(Action.READ_CONTACTS):
        mine.append(voicemails.c.hub.in_(sorted(actor.hubs)))
    if actor.may(Action.LEAD):
        mine.append(notices.without_lead(voicemails.c.service, voicemails.c.hub))
    return [*rule, sa.or_(*mine)]


# -- within --------------------------------------------------------------------------------------


def _row(work: Work, voicemail_id: str) -> Any:
    return work.run(sa.select(voicemails).where(voicemails.c.id == voicemail_id)).one()


def _set(work: Work, voicemail_id: str, **values: Any) -> None:
    work.run(voicemails.update().where(voicemails.c.id == voicemail_id).values(**values))


def to_voicemail(row: Any) -> Voicemail:
    return Voicemail(
        id=row.id,
        contact=row.contact,
        service=row.service,
        hub=row.hub,
        seconds=row.seconds,
        call_safe=row.call_safe,
        left_at=row.left_at,
        due_at=row.due_at,
        here=row.kept_at is not None,
        owner=row.owner,
        taken_at=row.taken_at,
        done_at=row.done_at,
        how=Answered(row.how) if row.how else None,
    )
