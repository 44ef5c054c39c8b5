"""What every look must hold to: who may be asked, who is never asked, and who is served first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from routing.model import Board, Decision, Offer, Rules, Seat, Waiting


def may_meet(each: Waiting, one: Seat) -> bool:
    return one.staff not in each.barred and one.hub not in each.barred_hubs


def has_anyone(each: Waiting, seats: Mapping[str, Seat], rules: Rules) -> bool:
    """Whether anybody on its whole ladder may ever take it. If nobody, it has the number."""
    return any(
        one.hub in {each.hub or "central", "central"}
        and may_meet(each, one)
        and (one.role != "volunteer" or _suits_a_volunteer(each, rules))
        for one in seats.values()
    )


def may_be_asked(
    offer: Offer, each: Waiting, seats: Mapping[str, Seat], board: Board, now: datetime
) -> None:
    """`seats` as they stand after the offers before this one."""
    one, rules = seats[offer.staff], board.rules
    assert one.state == "available"
    assert one.lease_until > now
    assert one.load + offer.weight <= one.capacity
    assert one.vetted
    assert not one.checking
    assert one.hub not in board.paused
    assert each.channel not in one.closing
    assert may_meet(each, one)
    if one.role == "volunteer":
        assert _is_there(seats[one.supervisor], now), "a volunteer is never alone"
        assert _suits_a_volunteer(each, rules)
    if offer.reason.own:
        assert offer.staff == (each.lead if offer.reason.own == "lead" else each.last)
        assert offer.staff not in each.asked
        return
    assert one.hub in {each.hub or "central", "central"}
    if one.hub != (each.hub or "central"):
        assert offer.rung > 0
    if offer.staff in each.asked:
        assert offer.reason.again
        assert each.asked_at is not None
        assert (now - each.asked_at).total_seconds() >= rules.ask_again


def who_came_back_is_first(decisions: Sequence[Decision], line: Mapping[str, Waiting]) -> None:
    """R2: nobody who stands in the line like somebody who came back is served before them."""
    passed_over: set[tuple[object, ...]] = set()
    for decision in decisions:
        each = line[decision.contact]
        wishes = each.language or each.gender or each.lead or each.last
        if wishes or each.asked or each.barred or each.barred_hubs:
            continue
        alike = (each.channel, each.hub, each.crime, each.age, decision.rung)
        if isinstance(decision, Offer):
            assert alike not in passed_over
        else:
            passed_over.add(alike)


def _is_there(one: Seat, now: datetime) -> bool:
    at_a_desk = one.state not in ("offline", "break") and not one.checking
    return at_a_desk and one.vetted and one.lease_until > now


def _suits_a_volunteer(each: Waiting, rules: Rules) -> bool:
    return each.age != "under18" and each.crime not in rules.volunteers_never
