"""What should be true on the floor, told plainly: each contact and each seat as a model. Pure.

It knows nothing of rows or of `decide`. Each method is something that happened; `may_...` says
whether a press with these numbers still counts (R3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal["waiting", "offered", "active", "wrapping", "closed"]
Answer = Literal["declined", "lapsed", "withdrawn"]


@dataclass
class Ring:
    """A contact held out to somebody. `giver` still has it; None when the matcher offers it."""

    staff: str
    number: int
    weight: int
    until: datetime
    giver: str | None = None


@dataclass
class Entry:
    """One contact. `weight` is what it takes of its owner's seat."""

    id: str
    channel: str
    crime: str
    age: str
    queued_at: datetime
    state: State = "waiting"
    owner: str | None = None
    ring: Ring | None = None
    offer_no: int = 0
    assignment_no: int = 0
    weight: int = 1
    front: bool = False
    asked: set[str] = field(default_factory=set)
    page_there: bool = True
    page_seen_at: datetime | None = None
    owners: list[str] = field(default_factory=list)
    asked_as: dict[int, str] = field(default_factory=dict)
    """Each number it was held out or taken under, and by or to whom."""
    beside: dict[str, datetime] = field(default_factory=dict)
    """Who joined, and when."""
    barred: set[str] = field(default_factory=set)
    barred_hubs: set[str] = field(default_factory=set)
    kept_by: str | None = None
    """Whoever held it when it was said that they must not meet: a call, or what is written up."""


@dataclass
class Desk:
    """One seat. `own` is the capacity it has by itself; `capacity` grows for what is pulled."""

    staff: str
    own: int
    capacity: int
    on_duty: bool = True
    seen_at: datetime | None = None
    lease_until: datetime | None = None
    resting: bool = False
    set_away: bool = False
    lapses: int = 0
    checking: bool = False
    after_hard: bool = False

    def came_back(self) -> None:
        self.resting = self.set_away = self.checking = self.after_hard = False
        self.lapses = 0

    def answered(self) -> None:
        self.checking, self.lapses = False, 0


class Ledger:
    def __init__(self) -> None:
        self.contacts: dict[str, Entry] = {}
        self.desks: dict[str, Desk] = {}

    # -- what a seat holds ---------------------------------------------------------------------

    def load(self, staff: str) -> int:
        """R4, derived: the places of what rings and of what is held."""
        rings = sum(
            c.ring.weight for c in self.contacts.values() if c.ring and c.ring.staff == staff
        )
        return rings + sum(each.weight for each in self.held(staff))

    def held(self, staff: str) -> list[Entry]:
        return [
            c
            for c in self.contacts.values()
            if c.owner == staff and c.state in ("active", "wrapping")
        ]

    def presence(self, staff: str, now: datetime) -> str:
        desk = self.desks[staff]
        held = self.held(staff)
        if not desk.on_duty or desk.lease_until is None or desk.lease_until <= now:
            return "offline"
        if desk.resting or desk.set_away or desk.checking:
            return "break"
        if any(each.state == "wrapping" for each in held):
            return "wrap"
        if desk.after_hard:
            return "break"
        if any(each.channel == "voice" for each in held) or self.load(staff) >= desk.capacity:
            return "busy"
        return "available"

    def on_call(self, staff: str) -> bool:
        return any(each.channel == "voice" and each.state == "active" for each in self.held(staff))

    def room(self, staff: str) -> int:
        desk = self.desks.get(staff)
        return desk.capacity - self.load(staff) if desk is not None and desk.on_duty else 0

    def _grows(self, staff: str) -> None:
        desk = self.desks[staff]
        desk.capacity = max(desk.capacity, self.load(staff))

    def _shrinks(self, staff: str) -> None:
        desk = self.desks[staff]
        desk.capacity = max(desk.own, self.load(staff))

    # -- whether a press counts ------------------------------------------------------------------

    def may_answer(self, one: Entry, staff: str, number: int) -> bool:
        return one.ring is not None and (one.ring.staff, one.ring.number) == (staff, number)

    def may_accept(self, one: Entry, staff: str, number: int, now: datetime) -> bool:
        if not self.may_answer(one, staff, number) or one.ring is None:
            return False
        return one.ring.until > now and one.ring.giver in (None, one.owner)

    def may_act_on(self, one: Entry, staff: str, number: int) -> bool:
        """Hand over, withdraw, give to a queue: by who has it, under this assignment."""
        return self.has(one, staff, number)

    def has(self, one: Entry, staff: str, number: int) -> bool:
        return one.state == "active" and (one.owner, one.assignment_no) == (staff, number)

    # -- what happened ---------------------------------------------------------------------------

    def offered(
        self, one: Entry, staff: str, weight: int, until: datetime, giver: str | None = None
    ) -> None:
        self.not_held_out(one, "withdrawn")
        one.offer_no += 1
        one.ring = Ring(staff, one.offer_no, weight, until, giver)
        one.asked_as[one.offer_no] = staff
        if giver is None:
            one.state = "offered"

    def accepted(self, one: Entry) -> None:
        ring = one.ring
        assert ring is not None
        giver, one.ring = one.owner, None
        self.taken(one, ring.staff, ring.weight)
        self.desks[ring.staff].answered()
        if giver is not None:
            one.asked.add(giver)
            self._shrinks(giver)

    def taken(self, one: Entry, staff: str, weight: int) -> None:
        one.state, one.owner, one.weight = "active", staff, weight
        one.assignment_no += 1
        one.owners.append(staff)
        one.kept_by = None
        one.beside.pop(staff, None)
        self._grows(staff)

    def not_held_out(self, one: Entry, answer: Answer) -> None:
        ring, one.ring = one.ring, None
        if ring is None:
            return
        if one.state == "offered":
            one.state = "waiting"
        self._shrinks(ring.staff)
        desk = self.desks[ring.staff]
        if answer != "withdrawn":
            one.asked.add(ring.staff)
        if answer == "declined":
            desk.answered()
        if answer == "lapsed":
            desk.lapses += 1
            desk.checking = desk.checking or desk.lapses >= 2

    def gives_back(self, staff: str) -> None:
        for one in self.contacts.values():
            if one.ring is not None and one.ring.staff == staff:
                self.not_held_out(one, "withdrawn")

    def returned(self, one: Entry, *, handed: bool) -> None:
        """R2: back to the front; `handed` by its owner, who is not asked again."""
        self.not_held_out(one, "withdrawn")
        owner, one.owner = one.owner, None
        assert owner is not None
        one.state, one.front = "waiting", True
        if handed:
            one.asked.add(owner)
        self._shrinks(owner)

    def pulled(self, one: Entry, staff: str, weight: int) -> None:
        one.offer_no += 1
        one.asked_as[one.offer_no] = staff
        self.taken(one, staff, weight)
        desk = self.desks[staff]
        desk.resting = desk.set_away = False
        desk.answered()

    def taken_over(self, one: Entry, staff: str) -> None:
        self.not_held_out(one, "withdrawn")
        before = one.owner
        assert before is not None
        one.offer_no += 1
        one.asked_as[one.offer_no] = staff
        self.taken(one, staff, one.weight)
        self._shrinks(before)

    def ended(self, one: Entry) -> None:
        if one.state in ("wrapping", "closed"):
            return
        owned = one.state == "active"
        self.not_held_out(one, "withdrawn")
        one.beside.clear()
        one.state = "wrapping" if owned else "closed"

    def wrapped_up(self, one: Entry, *, hard: bool) -> None:
        owner, one.owner = one.owner, None
        assert owner is not None
        one.state = "closed"
        self.desks[owner].after_hard |= hard
        self._shrinks(owner)
