"""What can happen to a contact. Its state, owner, offer_no and assignment_no change only here.

Each act is one conditional update: a claim that comes late finds another number in the row and is
refused, whatever any clock says (S3). Everything that ends a contact says how.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app import audit
from app.auth.policy import Actor
from app.bus import Hint
from app.cases import joining
from app.cases.lifecycle import after_end, told_apart
from app.cases.model import Channel, Contact, HowEnded, Need, Opening, State, WrapUp
from app.cases.tables import assignments, contacts, conversations
from app.db import Work
from app.errors import Missing, Stale
from app.keyring import Keyring

_ALL = sa.select(contacts, conversations.c.id.label("conversation")).outerjoin(
    conversations, conversations.c.contact == contacts.c.id
)
_BY_ID = _ALL.where(contacts.c.id == sa.bindparam("of"))
_LOCKED = _BY_ID.with_for_update(of=contacts)
_BY_CONVERSATION = _ALL.where(conversations.c.id == sa.bindparam("of"))
_QUEUED = (
    contacts.update()
    .where(contacts.c.id == sa.bindparam("of"), contacts.c.queued_at.is_(None))
    .values(queued_at=sa.bindparam("at", type_=contacts.c.queued_at.type))
)
_OPENED = sa.select(contacts.c.id).where(contacts.c.opening == sa.bindparam("by"))
_TALK = conversations.insert()
_SERVICE = sa.select(contacts.c.service).where(contacts.c.id == sa.bindparam("of"))
"""Written once: building a statement costs more than running it."""


def arrive(work: Work, keyring: Keyring, opening: Opening) -> Contact:
    """Open a contact, its key and its conversation. The same opening key is the same contact."""
    before = work.run(_OPENED, {"by": opening.key}).first()
    if before is not None:
        return load(work, before.id)
    key_id = keyring.new_key(work, "contact", opening.id, opening.service, opening.hub)
    need, number = opening.need, opening.number
    values: dict[str, Any] = {
        "id": opening.id,
        "opening": opening.key,
        "service": opening.service,
        "hub": opening.hub,
        "channel": opening.channel.value,
        "line": opening.line,
        "site": opening.site,
        "state": State.WAITING.value,
        "key_id": key_id,
        "crime": need.crime,
        "age": need.age,
        "language": need.language,
        "access": need.access,
        "area": need.area,
        "urgency": need.urgency,
        "gender": need.gender,
        "area_found": opening.area_found,
        "lot": opening.lot,
        "arrived_at": work.now,
        "visitor_seen_at": work.now,
        "visitor_sign_at": work.now,
    }
    if number is not None:
        values["number"] = keyring.seal(work, key_id, number, "contact", "number", opening.id)
        values["number_index"] = keyring.blind(opening.service, number)
    if not work.insert_once(contacts, **_with_defaults(values)):
        return arrive(work, keyring, opening)
    if opening.conversation is not None:
        kept = {"id": opening.conversation, "contact": opening.id, "key_id": key_id, "head": 0}
        work.run(_TALK, kept)
    _changed(work, opening.id, opening.service)
    return load(work, opening.id)


def load(work: Work, contact_id: str) -> Contact:
    """Without asking who looks: for acts. People look through app.cases.access."""
    row = work.run(_BY_ID, {"of": contact_id}).first()
    if row is None:
        raise Missing
    return to_contact(row)


def lock(work: Work, contact_id: str) -> Contact:
    """The same, and nobody else changes it before this work ends: first of all locks."""
    row = work.run(_LOCKED if work.locks_rows else _BY_ID, {"of": contact_id}).first()
    if row is None:
        raise Missing
    return to_contact(row)


def of_conversation(work: Work, conversation: str) -> Contact:
    row = work.run(_BY_CONVERSATION, {"of": conversation}).first()
    if row is None:
        raise Missing
    return to_contact(row)


def number_of(work: Work, keyring: Keyring, contact_id: str) -> str | None:
    """The number they came from, in E.164; None when withheld or not by phone."""
    row = work.run(sa.select(contacts.c.number).where(contacts.c.id == contact_id)).first()
    if row is None or row.number is None:
        return None
    return keyring.open(work, row.number, "contact", "number", contact_id)


def set_need(work: Work, contact_id: str, hub: str, need: Need, area_found: str) -> None:
    """What was learned after arrival, such as a menu key."""
    work.run(
        contacts.update()
        .where(contacts.c.id == contact_id)
        .values(
            hub=hub, crime=need.crime, age=need.age, language=need.language, access=need.access,
            area=need.area, urgency=need.urgency, gender=need.gender, area_found=area_found,
        )
    )  # fmt: skip
    _announce(work, contact_id)


def set_lead(work: Work, contact_id: str, staff_id: str) -> None:
    """The named lead worker, by staff id; "" for none. Whoever knows them from a case sets it."""
    work.run(contacts.update().where(contacts.c.id == contact_id).values(lead=staff_id))
    _announce(work, contact_id)


def queued(work: Work, contact_id: str) -> None:
    """The first time it waits; a return to the queue keeps this time."""
    work.run(_QUEUED, {"of": contact_id, "at": work.now})


def offered(work: Work, contact_id: str, offer_no: int) -> int | None:
    """waiting -> offered, if `offer_no` is still the row's. Returns the new number, or None."""
    claimed = work.run(
        contacts.update()
        .where(
            contacts.c.id == contact_id,
            contacts.c.state == State.WAITING.value,
            contacts.c.offer_no == offer_no,
        )
        .values(
            state=State.OFFERED.value,
            offer_no=offer_no + 1,
            offered_at=sa.func.coalesce(
                contacts.c.offered_at, sa.bindparam("at", work.now, contacts.c.offered_at.type)
            ),
        )
    )
    if claimed.rowcount != 1:
        return None
    _announce(work, contact_id)
    return offer_no + 1


def unoffered(work: Work, contact_id: str, offer_no: int) -> bool:
    """offered -> waiting again, if this offer is still the one. False when it moved on."""
    back = work.run(
        contacts.update()
        .where(
            contacts.c.id == contact_id,
            contacts.c.state == State.OFFERED.value,
            contacts.c.offer_no == offer_no,
        )
        .values(state=State.WAITING.value)
    )
    _announce(work, contact_id)
    return back.rowcount == 1


def assigned(work: Work, contact_id: str, offer_no: int, staff: str) -> int:
    """offered -> active with an owner. Returns the assignment's number. Raises Stale when late."""
    taken = work.run(
        contacts.update()
        .where(
            contacts.c.id == contact_id,
            contacts.c.state == State.OFFERED.value,
            contacts.c.offer_no == offer_no,
        )
        .values(
            state=State.ACTIVE.value,
            owner=staff,
            assignment_no=contacts.c.assignment_no + 1,
            answered_at=sa.func.coalesce(
                contacts.c.answered_at, sa.bindparam("at", work.now, contacts.c.answered_at.type)
            ),
        )
    )
    if taken.rowcount != 1:
        raise Stale("This one has already gone to someone else.")
    number = load(work, contact_id).assignment_no
    work.run(
        assignments.insert().values(
            contact=contact_id, number=number, staff=staff, began_at=work.now, how=""
        )
    )
    joining.leave(work, contact_id, staff)
    _announce(work, contact_id)
    return number


def released(work: Work, contact_id: str, assignment_no: int, why: str) -> bool:
    """active -> waiting: whoever held it is gone. False when this assignment is not open."""
    back = work.run(
        contacts.update()
        .where(
            contacts.c.id == contact_id,
            contacts.c.state == State.ACTIVE.value,
            contacts.c.assignment_no == assignment_no,
        )
        .values(state=State.WAITING.value, owner=None)
    )
    if back.rowcount != 1:
        return False
    _close_assignment(work, contact_id, why)
    _announce(work, contact_id)
    return True


def end(work: Work, contact_id: str, how: HowEnded, *, assignment_no: int | None = None) -> Contact:
    """The person or the advisor ended it. Twice is once. With an assignment_no, late is Stale."""
    contact = load(work, contact_id)
    if contact.state in (State.WRAPPING, State.CLOSED):
        return contact
    if assignment_no is not None and (
        contact.assignment_no != assignment_no or contact.state is not State.ACTIVE
    ):
        raise Stale("Someone else holds this contact now.")
    there = after_end(contact.state)
    how = told_apart(contact.state, how)
    closes = there is State.CLOSED
    done = work.run(
        contacts.update()
        .where(contacts.c.id == contact_id, contacts.c.state == contact.state.value)
        .values(
            state=there.value,
            how_ended=how.value,
            ended_at=work.now,
            closed_at=work.now if closes else None,
            owner=None if closes else contact.owner,
        )
    )
    if done.rowcount != 1:
        return end(work, contact_id, how, assignment_no=assignment_no)
    work.run(
        conversations.update()
        .where(conversations.c.contact == contact_id)
        .values(visitor_token=None)
    )
    _announce(work, contact_id)
    return load(work, contact_id)


def wrap_up(work: Work, actor: Actor, contact_id: str, assignment_no: int, wrap: WrapUp) -> Contact:
    """wrapping -> closed, by whoever held it. Twice is once; somebody else's is Stale."""
    contact = lock(work, contact_id)
    values: dict[str, Any] = {
        "type": wrap.type, "outcome": wrap.outcome, "speaking": wrap.speaking,
        "about": wrap.about, "new_or_repeat": wrap.new_or_repeat, "source": wrap.source,
        "reported": wrap.reported, "equality": wrap.equality, "onward": wrap.onward,
        "safe_contact_asked": wrap.safe_contact_asked, "abusive": wrap.abusive,
        "silent": wrap.silent,
    }  # fmt: skip
    if wrap.crime is not None:
        values["crime"] = wrap.crime
    if wrap.age is not None:
        values["age"] = wrap.age
    done = work.run(
        contacts.update()
        .where(
            contacts.c.id == contact_id,
            contacts.c.state == State.WRAPPING.value,
            contacts.c.assignment_no == assignment_no,
            contacts.c.owner == actor.staff,
        )
        .values(state=State.CLOSED.value, owner=None, closed_at=work.now, **values)
    )
    if done.rowcount != 1:
        if contact.state is State.CLOSED and contact.assignment_no == assignment_no:
            return contact
        raise Stale("This contact is not yours to wrap up any more.")
    _close_assignment(work, contact_id, "wrapped up")
    audit.record(work, actor.staff, "wrapped up", "contact", contact_id, service=contact.service)
    _announce(work, contact_id)
    return load(work, contact_id)


def visitor_is(work: Work, contact_id: str, where: str) -> None:
    """Where they are now: here, covered, lost signal, left quickly, closed the page, ended."""
    work.run(
        contacts.update()
        .where(contacts.c.id == contact_id)
        .values(visitor=where, visitor_seen_at=work.now)
    )
    _announce(work, contact_id)


def _close_assignment(work: Work, contact_id: str, how: str) -> None:
    work.run(
        assignments.update()
        .where(assignments.c.contact == contact_id, assignments.c.ended_at.is_(None))
        .values(ended_at=work.now, how=how)
    )


def _announce(work: Work, contact_id: str) -> None:
    row = work.run(_SERVICE, {"of": contact_id}).first()
    if row is not None:
        _changed(work, contact_id, row.service)


def _changed(work: Work, contact_id: str, service: str) -> None:
    work.announce(Hint("contact", contact_id))
    work.announce(Hint("desk", service))


def _with_defaults(values: dict[str, Any]) -> dict[str, Any]:
    empty = {
        "offer_no": 0, "assignment_no": 0, "how_ended": "", "type": "", "outcome": "",
        "speaking": "", "about": "", "new_or_repeat": "", "source": "", "reported": "",
        "equality": "", "safe_contact_asked": "", "onward": "", "abusive": False,
        "silent": False, "visitor": "here",
    }  # fmt: skip
    return empty | values


def to_contact(row: Any) -> Contact:
    return Contact(
        id=row.id,
        service=row.service,
        hub=row.hub,
        channel=Channel(row.channel),
        line=row.line,
        site=row.site,
        state=State(row.state),
        owner=row.owner,
        offer_no=row.offer_no,
        assignment_no=row.assignment_no,
        need=Need(row.crime, row.age, row.language, row.access, row.area, row.urgency, row.gender),
        area_found=row.area_found,
        arrived_at=row.arrived_at,
        queued_at=row.queued_at,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        closed_at=row.closed_at,
        how_ended=row.how_ended,
        type=row.type,
        outcome=row.outcome,
        speaking=row.speaking,
        about=row.about,
        new_or_repeat=row.new_or_repeat,
        source=row.source,
        reported=row.reported,
        equality=row.equality,
        safe_contact_asked=row.safe_contact_asked,
        lot=row.lot,
        onward=row.onward,
        abusive=row.abusive,
        silent=row.silent,
        case=row.case_id,
        conversation=row.conversation,
        visitor=row.visitor,
        visitor_seen_at=row.visitor_seen_at,
        lead=row.lead,
        visitor_sign_at=row.visitor_sign_at,
    )
