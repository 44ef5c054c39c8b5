"""R1 to R8, the rules of the router, held against the rows, the ledger and what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.cases.tables import assignments, contacts, joinings
from routing.decide import decide
from routing.model import Board, Decision, Offer, Waiting
from routing.reading import UNSEEN, board_of
from routing.tables import offers, places, seats
from tests.routing.ledger import Entry, Ledger
from tests.routing.naive import Plainly
from tests.routing.scratch import SERVICE, STAFF, Scratch

# Written once: building a statement costs more than running it.
_CONTACTS = sa.select(
    contacts.c.id, contacts.c.state, contacts.c.owner, contacts.c.offer_no, contacts.c.assignment_no
)
_HAVING = sa.select(assignments.c.contact, assignments.c.staff).where(
    assignments.c.ended_at.is_(None)
)
_RINGING = sa.select(offers.c.contact, offers.c.staff, offers.c.number, offers.c.until).where(
    offers.c.answer == ""
)
_PLACES = sa.select(places.c.contact, places.c.queued_at, places.c.waits, places.c.front)
_BESIDE = sa.select(joinings.c.contact, joinings.c.staff).where(joinings.c.left_at.is_(None))
_SEATS = sa.select(seats.c.staff, seats.c.load, seats.c.capacity)
_WAITING = (
    sa.select(places)
    .join(contacts, contacts.c.id == places.c.contact)
    .where(places.c.waits.is_(True), contacts.c.state == "waiting")
)


def r1_one_state_and_at_most_one_owner(ledger: Ledger, floor: Scratch) -> None:
    for row in floor.rows(_CONTACTS):
        one = ledger.contacts[row.id]
        assert (row.state, row.owner) == (one.state, one.owner), row.id
        assert (row.offer_no, row.assignment_no) == (one.offer_no, one.assignment_no), row.id
        assert (row.owner is not None) == (row.state in ("active", "wrapping"))
    having = floor.rows(_HAVING)
    owned = [(each.id, each.owner) for each in ledger.contacts.values() if each.owner]
    assert Counter((row.contact, row.staff) for row in having) == Counter(owned)
    rings = floor.rows(_RINGING)
    held_out = [
        (each.id, each.ring.staff, each.ring.number)
        for each in ledger.contacts.values()
        if each.ring
    ]
    assert Counter((row.contact, row.staff, row.number) for row in rings) == Counter(held_out)


def r1_who_stands_beside_owns_nothing_and_is_seen(ledger: Ledger, floor: Scratch) -> None:
    beside = [(each.id, who) for each in ledger.contacts.values() for who in each.beside]
    rows = floor.rows(_BESIDE)
    assert Counter((row.contact, row.staff) for row in rows) == Counter(beside), "who is beside"
    assert not [each.id for each in ledger.contacts.values() if each.owner in each.beside]


def who_must_not_meet_does_not(ledger: Ledger) -> None:
    """Not by an offer, not by standing beside, and not by holding it but for who held it then."""
    for each in ledger.contacts.values():
        asked = each.ring.staff if each.ring else None
        assert asked is None or not keeps_apart(each, asked), f"{each.id} rings at {asked}"
        assert not [who for who in each.beside if keeps_apart(each, who)], f"beside {each.id}"
        if each.owner is not None and keeps_apart(each, each.owner):
            assert each.kept_by == each.owner, f"{each.owner} and {each.id} must not meet"


def r2_who_comes_back_keeps_the_first_time_and_goes_to_the_front(
    ledger: Ledger, floor: Scratch
) -> None:
    for row in floor.rows(_PLACES):
        one = ledger.contacts[row.contact]
        assert row.queued_at == one.queued_at, "the place in time is kept"
        assert row.waits == (one.state in ("waiting", "offered")), row.contact
        assert row.front == one.front, row.contact


def r4_no_seat_holds_more_than_its_places(ledger: Ledger, floor: Scratch) -> None:
    for row in floor.rows(_SEATS):
        assert row.load == ledger.load(row.staff), f"{row.staff}: the load is what is held"
        assert 0 <= row.load <= row.capacity
        assert row.capacity == ledger.desks[row.staff].capacity, row.staff


def nobody_talks_on_two_lines(ledger: Ledger) -> None:
    talks = Counter(
        each.owner
        for each in ledger.contacts.values()
        if each.channel == "voice" and each.state == "active"
    )
    assert not [who for who, lines in talks.items() if lines > 1]


def the_board_says_what_is_so(ledger: Ledger, board: Board, now: datetime) -> None:
    """Whatever is decided is decided of the truth."""
    waits = {
        each.id: each.asked
        for each in ledger.contacts.values()
        if each.state == "waiting" and not _dark(each, now)
    }
    assert {each.contact: set(each.asked) for each in board.waiting} == waits
    for each in board.waiting:
        told = ledger.contacts[each.contact]
        apart = (set(each.barred), set(each.barred_hubs))
        assert apart == (told.barred, told.barred_hubs), each.contact
    on_duty = {who: desk for who, desk in ledger.desks.items() if desk.on_duty}
    assert {seat.staff: seat.state for seat in board.seats} == {
        who: ledger.presence(who, now) for who in on_duty
    }


def r5_nobody_waits_while_a_seat_that_may_take_them_is_free(floor: Scratch) -> None:
    """Right after a pass another finds nothing to do, nor does the plain scan of every seat."""
    board = floor.act(board_of, SERVICE)
    assert not [one for one in decide(board, floor.now) if isinstance(one, Offer)]
    assert not [one for one in Plainly(board, floor.now).decide() if one.verb == "offer"]


def r6_everyone_who_waits_has_a_next_step_with_a_deadline(ledger: Ledger, floor: Scratch) -> None:
    last, longest = len(SERVICE.ladder) - 1, 300
    for row in floor.rows(_WAITING):
        if _dark(ledger.contacts[row.contact], floor.now):
            continue
        assert row.rung_until is not None, "never silence"
        assert 0 < (row.rung_until - floor.now).total_seconds() <= longest
        assert row.rung < last or row.overflow, "at the end of the ladder there is an answer"
    for row in floor.rows(_RINGING):
        assert row.until > floor.now, "no offer rings past its time"


def r7_urgency_first_then_who_waits_longest(board: Board, decided: Sequence[Decision]) -> None:
    """Nobody with the same need on the same rung is asked for before whoever stands further up."""
    waits = {each.contact: each for each in board.waiting}
    left: list[tuple[object, ...]] = []
    order = []
    for one in decided:
        each = waits[one.contact]
        order.append(_turn(board, each))
        alike = (each.channel, each.hub, one.rung, each.crime, each.age, each.language)
        if isinstance(one, Offer):
            assert alike not in left, "somebody was passed over"
        elif not (each.asked or each.last or each.barred or each.barred_hubs):
            left.append(alike)
    assert order == sorted(order)


def _turn(board: Board, each: Waiting) -> tuple[bool, float]:
    ahead = board.rules.head_start.get(each.urgency, 0)
    return not each.front, each.queued_at.timestamp() - ahead


def r8_who_declined_is_not_asked_again_unless_alone(
    ledger: Ledger, board: Board, decided: Sequence[Decision], now: datetime
) -> None:
    for one in decided:
        if not isinstance(one, Offer) or one.staff not in ledger.contacts[one.contact].asked:
            continue
        entry = ledger.contacts[one.contact]
        others = [
            seat
            for seat in board.seats
            if seat.staff not in entry.asked
            and ledger.presence(seat.staff, now) in ("available", "busy", "wrap")
            and may_ever(ledger, entry, seat.staff, now)
            and one.contact in _reaches(board, one.contact, seat.hub)
            and seat.hub not in board.paused
        ]
        assert not others, f"{one.staff} had passed it on, and {others[0].staff} was there"


def only_who_may_take_it_is_asked(
    ledger: Ledger, board: Board, decided: Sequence[Decision], now: datetime
) -> None:
    """A volunteer alone never, nor for a need that is not theirs; nobody away, paused or full."""
    room = {who: ledger.room(who) for who in ledger.desks}
    for one in decided:
        if isinstance(one, Offer):
            assert ledger.presence(one.staff, now) == "available"
            assert may_ever(ledger, ledger.contacts[one.contact], one.staff, now)
            assert STAFF[one.staff].hub not in board.paused
            room[one.staff] -= one.weight
            assert room[one.staff] >= 0


def keeps_apart(entry: Entry, staff: str) -> bool:
    return staff in entry.barred or STAFF[staff].hub in entry.barred_hubs


def may_ever(ledger: Ledger, entry: Entry, staff: str, now: datetime) -> bool:
    worker = STAFF[staff]
    if keeps_apart(entry, staff):
        return False
    if entry.channel == "voice" and not worker.phone:
        return False
    if worker.role.value == "volunteer":
        there = worker.supervisor in ledger.desks and ledger.presence(worker.supervisor, now) in (
            "available",
            "busy",
            "wrap",
        )
        return there and entry.age != "under18" and entry.crime != "sexual"
    return True


def _reaches(board: Board, contact: str, hub: str) -> set[str]:
    """The contacts, of this one, whose ladder ever reaches this hub."""
    waits = next(each for each in board.waiting if each.contact == contact)
    return {contact} if hub in (waits.hub or board.rules.central, board.rules.central) else set()


def _dark(entry: Entry, now: datetime) -> bool:
    """A chat whose page has been away for a while: nobody is asked for who cannot answer."""
    seen = entry.page_seen_at
    return entry.channel == "chat" and seen is not None and (now - seen).total_seconds() > UNSEEN
