"""The contact's own people: the named lead worker first, else the advisor they last spoke to.

Nobody should tell their story twice. Yet nobody waits for long either: only somebody who is at a
desk and may take it is waited for, some seconds, and never in danger.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from routing.board import Floor
from routing.model import Rules, Waiting
from routing.need import Need


class Own(NamedTuple):
    """`free`: may take it this moment."""

    floor: Floor
    number: int
    who: Literal["lead", "last"]
    free: bool


def own_of(
    waiting: Waiting, need: Need, whose: Mapping[str, Floor], *, same_gender: bool
) -> Own | None:
    """The first of their own people who is there, at whatever hub, and was not asked yet.

    `whose` is the floor of everyone on one. Language is no bar: they have spoken before.
    """
    lead: tuple[Literal["lead", "last"], str] = ("lead", waiting.lead)
    for who, staff in (lead, ("last", waiting.last)):
        floor = whose.get(staff)
        if floor is None or floor.hub in waiting.barred_hubs:
            continue
        if staff in waiting.asked or staff in waiting.barred:
            continue
        number = floor.number[staff]
        there = need.fit(floor) & ~floor.away & floor.bit(number)
        if there and same_gender:
            there &= floor.having(need.gender)
        if there:
            free = bool(there & need.able(floor))
            return Own(floor, number, who, free)
    return None


def may_wait(waiting: Waiting, need: Need, rules: Rules, now: datetime) -> bool:
    """Whether this contact is still held for its own people while they are with someone."""
    since = waiting.returned_at or waiting.queued_at
    return not need.urgent and now < since + timedelta(seconds=rules.stick)
