"""Call-backs people asked for: open work with an owner and a time, never a good intention (S2).

The number is sealed with its contact's key (S8). It is opened for whoever took the promise, in
app.cases.calling, and nowhere else. A promise stands though its person leaves: it was asked for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app import audit
from app.auth.policy import Action, Actor
from app.bus import Hint
from app.cases import acts, conflicts, notices, number
from app.cases.due import When
from app.cases.model import Channel
from app.cases.promised import CallBack as CallBack
from app.cases.promised import How, Promise
from app.cases.tables import assignments, contacts, promises, unsafe_numbers
from app.db import Work
from app.errors import Conflict, Missing, Refused, Wrong
from app.keyring import Keyring

HELD_TOO_LONG = timedelta(minutes=30)
"""Past its time and still only held: the lead is told as if nobody held it."""
LONGEST = 500
"""Letters of each of the person's own words: whom to ask for, what to tell others, the agreed."""
TABLE = "promise"
OPEN = (promises.c.done_at.is_(None), promises.c.replaced_at.is_(None))


def ask(
    work: Work,
    keyring: Keyring,
    promise_id: str,
    contact_id: str,
    wish: CallBack,
    due_at: datetime,
) -> Promise:
    """Keep a wish. The same id twice is one promise; another id replaces the wish before it.

    Raises Wrong, code `number`, for one we cannot or may not ring; Conflict when the id came
    before with another wish.
    """
    contact = acts.lock(work, contact_id)
    before = work.run(sa.select(promises).where(promises.c.id == promise_id)).first()
    if before is not None:
        if before.contact != contact_id or _wish_of(work, keyring, before) != wish:
            raise Conflict("This wish came before with other words under the same id.")
        return _answer(work, promise_id, wish)
    _check(wish)
    index = keyring.blind(contact.service, number.check(wish.number))
    if is_unsafe(work, contact.service, index):
        raise Wrong(number.CANNOT_RING, code=number.CODE)
    key_id = work.run(sa.select(contacts.c.key_id).where(contacts.c.id == contact_id)).scalar_one()

    def sealed(column: str, words: str) -> bytes:
        return keyring.seal(work, key_id, words, TABLE, column, promise_id)

    work.run(
        promises.update()
        .where(promises.c.contact == contact_id, *OPEN)
        .values(replaced_at=work.now)
    )
    notices.settled(work, notices.Kind.PROMISE_LATE, contact_id)
    work.run(
        promises.insert().values(
            id=promise_id, contact=contact_id, service=contact.service, hub=contact.hub,
            number=sealed("number", wish.number), number_index=index, part=wish.when,
            voicemail=wish.voicemail, say=sealed("say", wish.say), who=sealed("who", wish.who),
            agreed=sealed("agreed", wish.agreed_words), asked_at=work.now, due_at=due_at,
            told_late=False, how="",
        )
    )  # fmt: skip
    audit.record(work, "visitor", "asked", TABLE, promise_id, service=contact.service)
    announce(work, contact_id, contact.service)
    return _answer(work, promise_id, wish)


def open_promises(work: Work, actor: Actor) -> list[Promise]:
    """Those still to be kept that this person may see, the late ones first. No number is opened."""
    if not actor.may(Action.TAKE_CONTACTS):
        raise Refused("Your role does not call people back.")
    rows = work.run(
        _select().where(*OPEN, *visible(actor)).order_by(promises.c.due_at, promises.c.id)
    )
    return [to_promise(row) for row in rows]


def of_contact(work: Work, contact_id: str) -> list[Promise]:
    """Every wish of a contact, the first one first. Whoever asks has passed its door."""
    rows = work.run(
        _select()
        .where(promises.c.contact == contact_id)
        .order_by(promises.c.asked_at, promises.c.id)
    )
    return [to_promise(row) for row in rows]


def count(work: Work, actor: Actor, now: datetime) -> tuple[int, int]:
    """(open, late) of those this person may see."""
    if not actor.may(Action.TAKE_CONTACTS):
        return 0, 0
    late = sa.case((promises.c.due_at <= sa.bindparam("now", now, promises.c.due_at.type), 1))
    row = work.run(
        sa.select(sa.func.count().label("open"), sa.func.count(late).label("late"))
        .select_from(promises)
        .join(contacts, contacts.c.id == promises.c.contact)
        .where(*OPEN, *visible(actor))
    ).one()
    return row.open, row.late


def late(work: Work) -> list[str]:
    """Those past their time that nobody holds, or holds for too long, and no lead knows of."""
    rows = work.run(
        sa.select(promises.c.id).where(
            *OPEN,
            promises.c.told_late.is_(False),
            promises.c.due_at <= work.now,
            sa.or_(
                promises.c.owner.is_(None),
                sa.and_(
                    promises.c.due_at <= work.now - HELD_TOO_LONG,
                    promises.c.taken_at <= work.now - HELD_TOO_LONG,
                ),
            ),
        )
    )
    return [row.id for row in rows]


def tell_late(work: Work, promise_id: str) -> None:
    """The lead is told, once; any node may do it."""
    told = work.run(
        promises.update()
        .where(promises.c.id == promise_id, promises.c.told_late.is_(False), *OPEN)
        .values(told_late=True)
    )
    if told.rowcount != 1:
        return
    row = work.run(sa.select(promises).where(promises.c.id == promise_id)).one()
    notices.tell(
        work, None, row.service, row.hub, notices.Kind.PROMISE_LATE, row.contact, row.owner
    )


# -- doors ---------------------------------------------------------------------------------------


def load(work: Work, actor: Actor, promise_id: str) -> Promise:
    """Missing, in the same words, when it is absent or not theirs to see (S7)."""
    if not actor.may(Action.TAKE_CONTACTS):
        raise Missing
    row = work.run(_select().where(promises.c.id == promise_id, *visible(actor))).first()
    if row is None:
        raise Missing
    return to_promise(row)


def is_unsafe(work: Work, service: str, index: bytes) -> bool:
    """Whether somebody else once answered this number."""
    found = work.run(
        sa.select(unsafe_numbers.c.at).where(
            unsafe_numbers.c.service == service, unsafe_numbers.c.number_index == index
        )
    )
    return found.first() is not None


def is_owed(work: Work, contact_id: str) -> bool:
    """Whether a call back was promised in this contact, and is still to be made."""
    owed = sa.select(promises.c.id).where(promises.c.contact == contact_id, *OPEN)
    return work.run(owed.limit(1)).first() is not None


def announce(work: Work, contact_id: str, service: str) -> None:
    work.announce(Hint("contact", contact_id))
    work.announce(Hint("desk", service))


def visible(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """Own service; own hub, a hub without a lead for who leads, or a contact they held."""
    rule: list[sa.ColumnElement[bool]] = [
        promises.c.service == actor.service,
        conflicts.may_meet(actor, promises.c.contact),
    ]
    if actor.hubs is None:
        return rule
    held = sa.select(assignments.c.contact).where(assignments.c.staff == actor.staff)
    mine: list[sa.ColumnElement[bool]] = [promises.c.contact.in_(held)]
    if actor.may(Action.READ_CONTACTS):
        mine.append(promises.c.hub.in_(sorted(actor.hubs)))
    if actor.may(Action.LEAD):
        mine.append(notices.without_lead(promises.c.service, promises.c.hub))
    return [*rule, sa.or_(*mine)]


# -- within --------------------------------------------------------------------------------------


def _check(wish: CallBack) -> None:
    if wish.when not in list(When):
        raise Wrong("Choose a part of the day.")
    if any(len(words) > LONGEST for words in (wish.say, wish.who, wish.agreed_words)):
        raise Wrong(f"Keep it to {LONGEST} letters.")


def _wish_of(work: Work, keyring: Keyring, row: Any) -> CallBack:
    def opened(column: str) -> str:
        return keyring.open(work, row._mapping[column], TABLE, column, row.id)

    return CallBack(
        opened("number"), row.part, row.voicemail, opened("say"), opened("who"), opened("agreed")
    )


def _answer(work: Work, promise_id: str, wish: CallBack) -> Promise:
    row = work.run(_select().where(promises.c.id == promise_id)).one()
    return replace(to_promise(row), number_ends=wish.number[-3:])


def _select() -> sa.Select[Any]:
    before = promises.alias("before")
    changed = sa.exists().where(
        before.c.contact == promises.c.contact,
        before.c.replaced_at.is_not(None),
        before.c.id != promises.c.id,
    )
    return sa.select(
        promises, contacts.c.channel, contacts.c.visitor, changed.label("changed")
    ).join(contacts, contacts.c.id == promises.c.contact)


def to_promise(row: Any) -> Promise:
    return Promise(
        id=row.id,
        contact=row.contact,
        service=row.service,
        hub=row.hub,
        channel=Channel(row.channel),
        when=When(row.part),
        voicemail=row.voicemail,
        asked_at=row.asked_at,
        due_at=row.due_at,
        owner=row.owner,
        taken_at=row.taken_at,
        done_at=row.done_at,
        how=How(row.how) if row.how else None,
        replaced_at=row.replaced_at,
        visitor=row.visitor,
        changed=row.changed,
    )
