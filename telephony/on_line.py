"""A call as one of the staff acts on it: whose it is, and whom they may ring into it.

Absent, not a call and not yours answer alike (S7). Lock order: call, contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.auth.policy import Actor
from app.cases import acts as contacts
from app.cases import marks
from app.cases.model import State
from app.cases.tables import contacts as contact_rows
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Refused, Stale
from telephony import acts, keeping, parties
from telephony.events import Event
from telephony.house import Happening, House
from telephony.states import Asking, Talking
from telephony.states import State as CallState
from telephony.tables import calls
from telephony.tables import parties as party_rows
from telephony.talk_events import PartyAsked

NO_LINE = "00" * 16
"""A call has no transcript, so no line of it needs an id."""
MOST_PARTIES = 6


@dataclass(frozen=True)
class Call:
    """A living call whose contact somebody has. `owner` is a staff id."""

    sid: str
    contact: str
    state: CallState
    owner: str
    assignment_no: int


@dataclass(frozen=True)
class NewParty:
    id: str
    kind: str
    to: str = ""
    staff: str = ""
    number: str = ""
    gender: str = ""
    leg: str = ""


def on_line(work: Work, actor: Actor, contact_id: str) -> Call:
    """The call of a contact, for its owner, or for a lead who asks to join or has joined."""
    chosen = (
        sa.select(calls.c.sid, calls.c.state)
        .where(calls.c.contact == contact_id, calls.c.live.is_(True))
        .order_by(calls.c.arrived_at.desc())
        .limit(1)
    )
    row = work.run(chosen.with_for_update() if work.locks_rows else chosen).first()
    contact = contacts.lock(work, contact_id)
    if contact.service != actor.service:
        raise Missing
    if row is None or contact.state is not State.ACTIVE or contact.owner is None:
        raise Stale("This call is over, or with nobody just now.")
    state = keeping.opened(row.state)
    return Call(row.sid, contact_id, state, contact.owner, contact.assignment_no)


def held(work: Work, actor: Actor, contact_id: str) -> Call:
    """The actor's own call."""
    owner = work.run(
        sa.select(contact_rows.c.owner).where(contact_rows.c.id == contact_id)
    ).scalar()
    if owner != actor.staff:
        raise Missing
    return on_line(work, actor, contact_id)


def happens(work: Work, house: House, call: Call, event: Event) -> None:
    acts.happen(work, house, Happening(call.sid, event, "", ""))


def service_of(house: House, actor: Actor) -> Service:
    found = house.services.get(actor.service)
    if found is None:
        raise Missing
    return found


def ring(
    work: Work, house: House, actor: Actor, call: Call, party: NewParty, *, transfer: bool = False
) -> bool:
    """One more onto the line. False when this very party was asked before."""
    if parties.one(work, party.id) is not None:
        return False
    if not isinstance(call.state, Talking | Asking):
        raise Stale("You are not talking with them just now.")
    if isinstance(call.state, Asking):
        raise Refused("They are answering by keys. Wait a moment.")
    there = [row for row in parties.of_call(work, call.sid) if row.state in parties.OPEN]
    if len(there) >= MOST_PARTIES:
        raise Refused("Too many are on the line. Let somebody go first.")
    sealed = None
    if party.number:
        key_id = work.run(
            sa.select(contact_rows.c.key_id).where(contact_rows.c.id == call.contact)
        ).scalar_one()
        sealed = house.keyring.seal(work, key_id, party.number, "call_party", "number", party.id)
    work.insert_once(
        party_rows, id=party.id, call=call.sid, kind=party.kind, to=party.to, staff=party.staff,
        number=sealed, gender=party.gender, leg=party.leg, sid="", state="asked", coaching=False,
        assignment=0, by=actor.staff, made_at=work.now,
    )  # fmt: skip
    if not parties.address(work, house, parties.one(work, party.id))[0]:
        raise Refused("No phone of theirs is known.", code="no_phone")
    happens(work, house, call, PartyAsked(party.id, transfer))
    return True


def party_of(work: Work, call: Call, party_id: str) -> Any:
    row = parties.one(work, party_id)
    if row is None or row.call != call.sid:
        raise Missing
    return row


def mine_of(work: Work, call: Call, actor: Actor) -> Any:
    """The leg of a lead who joined this call, None when they have none."""
    rows = parties.of_call(work, call.sid)
    return next(
        (
            row
            for row in rows
            if row.kind == "supervisor" and row.staff == actor.staff and row.state in parties.OPEN
        ),
        None,
    )


def transferring(work: Work, call: Call) -> Any:
    """The party of the warm transfer, who must be on the line."""
    if not isinstance(call.state, Talking) or not call.state.transfer:
        raise Stale("Nobody is being rung for this call.")
    row = party_of(work, call, call.state.transfer)
    if row.state != "talking":
        raise Refused("They have not answered yet.")
    return row


def tell_next(work: Work, house: House, actor: Actor, contact_id: str, words: str) -> None:
    """What the next person should know, so that nobody has to tell it twice."""
    if words.strip():
        said = " ".join(words.split())[:2000]
        marks.make(work, contact_id, actor.staff, "tell once", keyring=house.keyring, said=said)
