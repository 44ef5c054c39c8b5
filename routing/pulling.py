"""Pull: an advisor on duty takes somebody who waits, though the board would not give them now.

Their seat grows for this contact alone, and the reason is kept. The number in the row fences it: of
two who pull at once, one wins (S3). What no rule lets them take, they cannot pull either.
"""

from __future__ import annotations

import sqlalchemy as sa

from app import audit
from app.auth.policy import Actor
from app.bus import Hint
from app.cases import acts as contacts
from app.cases.model import Channel, Contact, State
from app.db import Work
from app.definition.model import Service
from app.errors import Missing, Refused, Stale
from routing.board import places_for
from routing.model import Board, Seat
from routing.offering import Assigned, accept, rings_at
from routing.reading import board_of
from routing.seating import answers, look, make_room
from routing.tables import decisions, offers, places, seats
from routing.taking import check_may_take


def pull(
    work: Work, actor: Actor, service: Service, contact_id: str, offer_no: int, why: str = "pulled"
) -> Assigned:
    """Take a waiting contact. `offer_no` is the number that was seen. Twice is once."""
    contact = contacts.lock(work, contact_id)
    if contact.service != actor.service:
        raise Missing
    if contact.owner == actor.staff and contact.offer_no == offer_no + 1:
        return Assigned(contact_id, contact.assignment_no, contact.conversation)
    seen = contact.offer_no in (offer_no, offer_no + 1)  # it may have begun to ring since
    if contact.state is State.OFFERED and seen and rings_at(work, contact.id) == actor.staff:
        return accept(work, actor.staff, contact_id, contact.offer_no)
    if contact.state is State.OFFERED:
        raise Stale("It is offered to a colleague just now. Wait a moment.")
    if contact.state is not State.WAITING or contact.offer_no != offer_no:
        raise Stale("A colleague took it first. Nothing for you to do.")
    board = board_of(work, service)
    seat = _seat(board, actor.staff)
    waits = next((one for one in board.waiting if one.contact == contact_id), None)
    check_may_take(work, service, contact, actor.staff)
    _check_phone(seat, contact)
    number = contacts.offered(work, contact_id, offer_no)
    weight = places_for(seat, contact.channel.value, waits.weight if waits else 1)
    raised = make_room(work, actor.staff, weight)
    if number is None or raised is None:
        raise Stale("A colleague took it first. Nothing for you to do.")
    reason = f"{actor.first_name} {why} it: {seat.load} of {seat.capacity} places were used."
    keep(work, contact, number, actor.staff, weight, raised, why, reason)
    assignment = contacts.assigned(work, contact_id, number, actor.staff)
    work.run(
        seats.update()
        .where(seats.c.staff == actor.staff)
        .values(break_reason=None, break_at=None, away_by=None)
    )
    answers(work, actor.staff)
    audit.record(work, actor.staff, why, "contact", contact_id, service=contact.service,
                 why=f"raised by {raised}")  # fmt: skip
    work.announce(Hint("seat", actor.staff))
    look(work, contact.service)
    return Assigned(contact_id, assignment, contact.conversation)


def keep(
    work: Work,
    contact: Contact,
    number: int,
    staff_id: str,
    weight: int,
    raised: int,
    kind: str,
    reason: str,
) -> None:
    """An offer that was taken as it was made, and the decision with its reason."""
    row = work.run(sa.select(places.c.rung).where(places.c.contact == contact.id)).first()
    rung = row.rung if row else 0
    work.run(
        offers.insert().values(
            contact=contact.id, number=number, staff=staff_id, weight=weight, rung=rung,
            reason=reason, runner_up=None, at=work.now, until=work.now, answer="accepted",
            answered_at=work.now, raised=raised,
        )
    )  # fmt: skip
    work.run(
        decisions.insert().values(
            contact=contact.id, at=work.now, kind=kind[:10], rung=rung, staff=staff_id,
            reason=reason,
        )
    )  # fmt: skip
    work.run(places.update().where(places.c.contact == contact.id).values(waits=False))


def _check_phone(seat: Seat, contact: Contact) -> None:
    if contact.channel is not Channel.VOICE:
        return
    if Channel.VOICE.value not in seat.channels:
        raise Refused("No phone of yours is known, so a call cannot ring it.", code="no_phone")
    if seat.on_call:
        raise Refused("You are on a call. One call at a time.", code="on_call")


def _seat(board: Board, staff_id: str) -> Seat:
    seat = next((one for one in board.seats if one.staff == staff_id), None)
    if seat is None or seat.state == "offline":
        raise Refused("Go on duty first.", code="off_duty")
    return seat
