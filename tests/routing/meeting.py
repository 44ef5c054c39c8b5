"""The night goes on: a lead joins in the open, and it is said who must not meet whom.

Said at the door, while holding it, of a whole hub; and undone. Nobody is asked why.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing import apart, floor
from routing.reading import board_of
from tests.routing import eight
from tests.routing.ledger import Entry
from tests.routing.night import HUBS, LATE, PICK, WHO, Shift
from tests.routing.scratch import SERVICE, STAFF, actor

LEAD = st.one_of(st.just("hannah"), st.just("hannah"), WHO)


class Apart(Shift):
    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, tuple[Entry, str, str]] = {}
        """What stands, by its id: the contact, the one of the staff or "", the hub or ""."""

    # -- beside the owner ---

    @rule(at=PICK, who=LEAD)
    def somebody_joins(self, at: int, who: str) -> None:
        one = self.pick(at, "active") or self.pick(at)
        if one is None:
            return
        counts = one.state == "active" and one.owner != who and who == "hannah"
        meets = not eight.keeps_apart(one, who)
        args = (self.floor.transcript, actor(who), SERVICE, one.id, self.line_id())
        if self.r3_press(floor.join, *args, counts=counts, may_refuse=not meets):
            assert meets, "whoever must not meet them does not join"
            one.beside.setdefault(who, self.floor.now)

    @rule(at=PICK, who=LEAD)
    def somebody_leaves(self, at: int, who: str) -> None:
        joined = [each for each in self.ledger.contacts.values() if who in each.beside]
        one = joined[at % len(joined)] if joined else self.pick(at)
        if one is None:
            return
        args = (self.floor.transcript, actor(who), one.id, self.line_id())
        if self.r3_press(floor.leave, *args, counts=who in one.beside):
            del one.beside[who]

    # -- who must not meet whom ---

    @rule(at=PICK, late=LATE, other=st.one_of(st.none(), WHO))
    def it_is_said_at_the_door(self, at: int, late: int, other: str | None) -> None:
        one = self.pick(at, "offered") or self.pick(at)
        if one is None:
            return
        number, said = one.offer_no - late, self.line_id()
        who = other or one.asked_as.get(number, "maya")
        counts = one.asked_as.get(number) == who and one.owner != who
        args = (self.floor.transcript, actor(who), one.id, said, number, self.line_id())
        if self.r3_press(apart.at_the_door, *args, counts=counts):
            if who not in one.barred:
                self._bars(one, said, staff=who)
            if one.ring is not None and one.ring.staff == who:
                self.ledger.not_held_out(one, "declined")

    @rule(at=PICK, late=LATE, other=st.one_of(st.none(), st.none(), WHO))
    def it_is_said_by_who_holds_it(self, at: int, late: int, other: str | None) -> None:
        one = self.pick(at, "active", "wrapping") or self.pick(at)
        if one is None:
            return
        who, number, said = other or one.owner or "maya", one.assignment_no - late, self.line_id()
        counts = one.owner == who and late == 0
        args = (self.floor.transcript, actor(who), one.id, said, number, self.line_id())
        if self.r3_press(apart.while_holding, *args, counts=counts):
            if who not in one.barred:
                self._bars(one, said, staff=who)
            one.kept_by = who
            if one.state == "active" and one.channel != "voice":
                self.ledger.returned(one, handed=True)

    @rule(at=PICK, hub=HUBS, other=st.one_of(st.none(), LEAD))
    def it_is_said_of_a_hub(self, at: int, hub: str, other: str | None) -> None:
        one = self.pick(at, "waiting", "offered", "active") or self.pick(at)
        if one is None:
            return
        who, said = other or one.owner or "hannah", self.line_id()
        leads = who == "hannah" and not eight.keeps_apart(one, who)
        counts = (one.owner == who or leads) and one.state != "closed"
        args = (self.floor.transcript, self.floor.keyring, actor(who), SERVICE, one.id, said, hub)
        if self.r3_press(apart.from_hub, *args, "He works there.", self.line_id(), counts=counts):
            if hub in one.barred_hubs:
                return
            self._bars(one, said, hub=hub)
            if one.ring is not None and eight.keeps_apart(one, one.ring.staff):
                self.ledger.not_held_out(one, "withdrawn")
            for beside in [each for each in one.beside if eight.keeps_apart(one, each)]:
                del one.beside[beside]
            if one.owner is not None and STAFF[one.owner].hub == hub:
                one.kept_by = one.owner

    @precondition(lambda self: self.said)
    @rule(at=PICK, who=LEAD)
    def they_may_meet_after_all(self, at: int, who: str) -> None:
        said = list(self.said)[at % len(self.said)]
        one, staff, hub = self.said[said]
        counts = who == "hannah" and not eight.keeps_apart(one, who)
        if self.r3_press(apart.undo, actor(who), SERVICE, said, counts=counts):
            del self.said[said]
            one.barred.discard(staff)
            one.barred_hubs.discard(hub)

    def _bars(self, one: Entry, said: str, staff: str = "", hub: str = "") -> None:
        self.said[said] = (one, staff, hub)
        if staff:
            one.barred.add(staff)
            one.beside.pop(staff, None)
        else:
            one.barred_hubs.add(hub)

    def has_anyone(self, one: Entry) -> bool:
        """Whether anybody on its whole ladder may ever take it. If nobody, it has the number."""
        board = self.floor.act(board_of, SERVICE)
        waits = next(each for each in board.waiting if each.contact == one.id)
        hubs = {waits.hub or board.rules.central, board.rules.central}
        return any(
            who.hub in hubs and eight.may_ever(self.ledger, one, staff, self.floor.now)
            for staff, who in STAFF.items()
        )
