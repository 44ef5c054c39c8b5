"""A call back as rows: begun by whoever holds the promise, one at a time, with its tries counted.

Each phone to be rung or let go is an errand with a lease, looked up before it is repeated. The
Permit is asked for when it begins and again at the moment the person's phone is rung (S4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import audit
from app.auth import staff
from app.auth.policy import Actor
from app.bus import Hint
from app.cases import acts as contacts
from app.cases import calling, notices, promises
from app.cases.promised import How, Promise
from app.cases.safe_contact import Permit, Refusal
from app.cases.tables import promises as promise_rows
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Stale, Wrong
from app.keyring import Keyring
from app.log import log
from telephony import calling_back as flow
from telephony import softphone
from telephony.calling_back import At, Came, Event, Try
from telephony.tables import back_errands as errands
from telephony.tables import call_backs as tries

NO_PHONE = "No phone of yours can be rung. Open your softphone, or ask for a number to be set."
NO_NUMBER = "This line has no number that a call back may show. Ring from a phone that hides yours."
AT_ONCE = "This call back is being rung already."
ENOUGH = "They were rung three times. Tell your lead before anyone tries again."
TOO_SOON = "They were rung not long ago. You may try again in {minutes} min."
COUNTED = (Came.SPOKE.value, Came.NO_ANSWER.value, Came.MACHINE.value)
LEASE = timedelta(seconds=20)
SLACK = timedelta(minutes=30)
"""After the gap, before a lead is told that the next try is late."""


@dataclass(frozen=True)
class Shown:
    """A try as the console shows it."""

    id: str
    number: int
    at: At
    came: Came
    staff: str


def begin(
    work: Work, keyring: Keyring, service: Service, actor: Actor, promise_id: str, try_id: str
) -> None:
    """Ring my phone, and then theirs. The same `try_id` twice is once.

    Raises Stale when the promise is not with them, or rings already; Wrong with the reason why
    nobody may be rung now.
    """
    if work.run(sa.select(tries.c.id).where(tries.c.id == try_id)).first() is not None:
        return
    promise = promises.load(work, actor, promise_id)
    permitted = calling.open_number(work, keyring, actor, promise_id, service.zone)
    if isinstance(permitted, Refusal):
        raise Wrong(permitted.why)
    shown = shows(work, service, promise)
    if shown is None:
        raise Wrong(NO_NUMBER)
    if softphone.address(work, keyring, actor.staff) is None:
        raise Wrong(NO_PHONE)
    before = of_promise(work, promise_id)
    _check_pace(work, promise_id)
    new = work.insert_once(
        tries, id=try_id, promise=promise_id, number=len(before) + 1, staff=actor.staff,
        service=service.key, shows=shown, at=At.ADVISOR.value, came="", live=True,
        began_at=work.now, changed_at=work.now,
    )  # fmt: skip
    if not new:
        raise Stale(AT_ONCE)
    _errand(work, try_id, "ring_advisor")
    audit.record(work, actor.staff, "rang", "promise", promise_id, service=service.key)
    promises.announce(work, promise.contact, promise.service)


def shows(work: Work, service: Service, promise: Promise) -> str | None:
    """The number that the person's phone shows: one that names nobody when it is looked up. That
    our own may show was never agreed, and blank means no (S4)."""
    rang = contacts.load(work, promise.contact).line
    lines = sorted(service.lines, key=lambda line: line.key != rang)
    return next((line.calls_from for line in lines if line.calls_from), None)


def of_promise(work: Work, promise_id: str) -> list[Shown]:
    """Its tries so far, the first one first. Whoever asks has passed the promise's door."""
    rows = work.run(sa.select(tries).where(tries.c.promise == promise_id).order_by(tries.c.number))
    return [Shown(row.id, row.number, At(row.at), Came(row.came), row.staff) for row in rows]


def happen(work: Work, try_id: str, event: Event, sid: str = "") -> flow.Turn:
    """Take the event to the flow, and carry out what it asks. Raises Missing for no try of ours.

    `sid` is the carrier's id of the phone that told it.
    """
    row = _locked(work, try_id)
    if row is None:
        raise Missing
    before = Try(row.id, At(row.at), Came(row.came))
    turn = flow.step(before, event)
    after = turn.state
    values: dict[str, Any] = {}
    column = _phone_of(event)
    if sid and column and row._mapping[column] is None:
        values[column] = sid
    if after != before:
        values |= {
            "at": after.at.value, "came": after.came.value, "live": after.at is not At.OVER,
            "changed_at": work.now,
        }  # fmt: skip
    if values:
        work.run(tries.update().where(tries.c.id == try_id).values(**values))
    for ask in turn.asks:
        _errand(work, try_id, ask.value)
    if after.at is At.OVER and before.at is not At.OVER:
        _came(work, row, after.came)
    if after != before:
        log.info("call_back.state", id=try_id, at=after.at.value, came=after.came.value)
        work.announce(Hint("desk", row.service))
    return turn


def permitted(work: Work, keyring: Keyring, zone: str, try_id: str) -> tuple[str, Permit] | Refusal:
    """The person's number, at the moment of ringing it, if the holder may ring it still (S4)."""
    row = work.run(sa.select(tries).where(tries.c.id == try_id)).one()
    actor = staff.actor(work, keyring, row.staff)
    try:
        opened = calling.open_number(work, keyring, actor, row.promise, zone)
    except (Stale, Missing):
        return Refusal(calling.NOT_YOURS)
    return opened if isinstance(opened, Refusal) else (opened.number, opened.permit)


def stuck(work: Work, seconds: int) -> list[Any]:
    """Tries in which nothing has changed for this long: their last callback may be lost."""
    since = work.now - timedelta(seconds=seconds)
    rows = work.run(sa.select(tries).where(tries.c.live.is_(True), tries.c.changed_at <= since))
    return list(rows.all())


# -- within --------------------------------------------------------------------------------------


def _locked(work: Work, try_id: str) -> Any:
    chosen = sa.select(tries).where(tries.c.id == try_id)
    return work.run(chosen.with_for_update() if work.locks_rows else chosen).first()


def _phone_of(event: Event) -> str:
    match event:
        case flow.AdvisorAnswered() | flow.AdvisorPressed() | flow.Progress(who="advisor"):
            return "advisor_sid"
        case flow.PersonAnswered() | flow.Progress(who="person"):
            return "person_sid"
        case _:
            return ""


def _check_pace(work: Work, promise_id: str) -> None:
    """Three tries at most, an hour apart: a phone that keeps ringing is seen and heard."""
    rang = work.run(
        sa.select(tries.c.changed_at)
        .where(tries.c.promise == promise_id, tries.c.came.in_(COUNTED))
        .order_by(tries.c.number.desc())
    ).all()
    if len(rang) >= flow.MOST_TRIES:
        raise Wrong(ENOUGH)
    if rang and work.now < rang[0].changed_at + flow.GAP:
        minutes = -(-(rang[0].changed_at + flow.GAP - work.now) // timedelta(minutes=1))
        raise Wrong(TOO_SOON.format(minutes=minutes))


def _came(work: Work, row: Any, came: Came) -> None:
    """A try in vain leaves the promise open, due again after the gap; the last one ends it."""
    log.info("call_back.over", id=row.id, came=came.value, number=row.number)
    if came not in (Came.NO_ANSWER, Came.MACHINE):
        return
    counted = work.run(
        sa.select(sa.func.count())
        .select_from(tries)
        .where(tries.c.promise == row.promise, tries.c.came.in_(COUNTED))
    ).scalar_one()
    still = promise_rows.update().where(promise_rows.c.id == row.promise, *promises.OPEN)
    if counted >= flow.MOST_TRIES:
        how = How.NO_MESSAGE if came is Came.MACHINE else How.NO_ANSWER
        work.run(still.values(done_at=work.now, how=how.value))
        audit.record(
            work, row.staff, "kept", "promise", row.promise, service=row.service, why=how.value
        )
        return
    contact = work.run(
        sa.select(promise_rows.c.contact).where(promise_rows.c.id == row.promise)
    ).scalar_one()
    work.run(still.values(due_at=work.now + flow.GAP + SLACK, told_late=False))
    notices.settled(work, notices.Kind.PROMISE_LATE, contact)


def _errand(work: Work, try_id: str, kind: str) -> None:
    work.insert_once(
        errands, id=f"{try_id}:{kind}", try_id=try_id, kind=kind, state="due", tries=0,
        due_at=work.now, lease_until=None, made_at=work.now,
    )  # fmt: skip
    work.announce(Hint("outbox", ""))
