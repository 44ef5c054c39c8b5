"""The router once more, told plainly: a scan of every seat for every contact, and no bit anywhere.

It shares no code with the real one but its values. Slow, short, and what the fast one must equal.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from routing.model import Board, Seat, Waiting

ANSWERS = ("numbers", "message", "promise")


@dataclass(frozen=True)
class Plain:
    """What should be decided: who is asked and as what, or where the contact stands instead."""

    contact: str
    verb: Literal["offer", "wait", "climb", "overflow"]
    staff: str | None
    rung: int
    until: datetime
    own: str = ""
    tell_lead: bool = False


@dataclass
class Plainly:
    """A walk along the line, seat by seat. `turns`: who was given work, and in which order."""

    board: Board
    now: datetime
    given: dict[str, int] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)
    left_waiting: int = 0

    def decide(self) -> list[Plain]:
        return [self.one(each) for each in sorted(self.board.waiting, key=self._turn)]

    def _turn(self, each: Waiting) -> tuple[int, datetime, str]:
        ahead = timedelta(seconds=self.board.rules.head_start.get(each.urgency, 0))
        return (0 if each.front else 1, each.queued_at - ahead, each.contact)

    def one(self, each: Waiting) -> Plain:
        rung, until, moved = self._stand(each)
        own, who = self._own(each)
        if own is not None:
            if self._free(own, each):
                return self._give(own, each, *self._kept(each, rung, until, moved), who)
            if self._may_wait(each):
                return self._left(each, rung, until, moved)
        hubs = self._hubs_to(each, rung)
        able = [
            seat
            for seat in self.board.seats
            if seat.hub in hubs
            and self._could(seat, each)
            and self._free(seat, each)
            and self._will_do(seat, each)
        ]
        fresh = [seat for seat in able if seat.staff not in each.asked]
        if not fresh and able and self._alone(each):
            fresh = able
        if fresh:
            best = min(fresh, key=lambda seat: self._rank(seat, each, hubs))
            return self._give(best, each, *self._kept(each, rung, until, moved), "")
        return self._left(each, rung, until, moved)

    def _give(self, seat: Seat, each: Waiting, rung: int, until: datetime, own: str) -> Plain:
        self.given[seat.staff] = self.given.get(seat.staff, 0) + self.places(seat, each)
        self.turns[seat.staff] = len(self.turns) + sum(self.given.values())
        skill = self.board.rules.skill_for_age.get("under18")
        tell = each.age == "under18" and skill not in seat.skills
        return Plain(each.contact, "offer", seat.staff, rung, until, own, tell)

    def _kept(self, each: Waiting, rung: int, until: datetime, moved: bool) -> tuple[int, datetime]:
        """The end of the ladder is not answered by an offer: it is when the offer comes back."""
        if moved and self.board.rules.ladder[rung].kind in ANSWERS:
            return each.rung, self.now
        return rung, until

    def _left(self, each: Waiting, rung: int, until: datetime, moved: bool) -> Plain:
        self.left_waiting += 1
        if not moved:
            return Plain(each.contact, "wait", None, rung, until)
        answer = self.board.rules.ladder[rung].kind in ANSWERS
        return Plain(each.contact, "overflow" if answer else "climb", None, rung, until)

    # -- the ladder ------------------------------------------------------------------------

    def _stand(self, each: Waiting) -> tuple[int, datetime, bool]:
        rules, end = self.board.rules, len(self.board.rules.ladder) - 1
        rung, until = min(each.rung, end), each.rung_until
        moved = until is None or until <= self.now
        full = 0 < rules.queue_most <= self.left_waiting and not each.front
        if until is None and full:
            rung = end
        elif moved and until is not None:
            rung = min(rung + 1, end)
        while rung < end and rules.ladder[rung].kind not in ANSWERS and self._pointless(each, rung):
            rung, moved = rung + 1, True
        if until is None or moved:
            until = self.now + timedelta(seconds=rules.ladder[rung].seconds or rules.tell_again)
        return rung, until, moved

    def _pointless(self, each: Waiting, rung: int) -> bool:
        here = self._hubs(each, rung)
        if not any(seat.hub in here and self._could(seat, each) for seat in self.board.seats):
            return True
        later = [
            hub
            for at in range(rung + 1, len(self.board.rules.ladder))
            for hub in self._hubs(each, at)
        ]
        unasked = self._unasked(each)
        here_left = any(seat.hub in here for seat in unasked)
        later_left = any(seat.hub in later for seat in unasked)
        return bool(each.asked) and not here_left and later_left

    def _hubs(self, each: Waiting, rung: int) -> tuple[str, ...]:
        rules = self.board.rules
        home = each.hub or rules.central
        match rules.ladder[rung].kind:
            case "home":
                return (home,)
            case "neighbours":
                return rules.neighbours.get(home, ())
            case "central":
                return (rules.central,)
            case "numbers" | "message" | "promise":
                return ()

    def _hubs_to(self, each: Waiting, rung: int) -> list[str]:
        """Every hub reached up to this rung, the nearest first."""
        hubs: list[str] = []
        for at in range(rung + 1):
            hubs += [hub for hub in self._hubs(each, at) if hub not in hubs]
        return hubs

    def _whole_ladder(self, each: Waiting) -> list[Seat]:
        """Everyone on any rung who could ever take it."""
        hubs = self._hubs_to(each, len(self.board.rules.ladder) - 1)
        return [seat for seat in self.board.seats if seat.hub in hubs and self._could(seat, each)]

    def _alone(self, each: Waiting) -> bool:
        again = timedelta(seconds=self.board.rules.ask_again)
        rested = each.asked_at is None or self.now >= each.asked_at + again
        return rested and not self._unasked(each)

    def _unasked(self, each: Waiting) -> list[Seat]:
        return [
            seat
            for seat in self._whole_ladder(each)
            if seat.state != "break" and not seat.checking and seat.staff not in each.asked
        ]

    # -- who may -----------------------------------------------------------------------------

    def _could(self, seat: Seat, each: Waiting) -> bool:
        """Whether this seat may ever take this contact."""
        if seat.role == "volunteer":
            never = each.age == "under18" or each.crime in self.board.rules.volunteers_never
            if never or not self._supervised(seat):
                return False
        return (
            self._on_duty(seat)
            and seat.vetted
            and seat.hub not in self.board.paused
            and seat.hub not in each.barred_hubs
            and seat.staff not in each.barred
            and each.channel in seat.channels
            and each.channel not in seat.closing
        )

    def _supervised(self, seat: Seat) -> bool:
        return any(
            by.staff == seat.supervisor
            and by.role != "volunteer"
            and by.vetted
            and self._on_duty(by)
            and by.state != "break"
            and not by.checking
            for by in self.board.seats
        )

    def _on_duty(self, seat: Seat) -> bool:
        return seat.state != "offline" and seat.lease_until > self.now

    def _free(self, seat: Seat, each: Waiting) -> bool:
        load = seat.load + self.given.get(seat.staff, 0)
        return (
            seat.state == "available"
            and not seat.checking
            and not seat.on_call
            and load + self.places(seat, each) <= seat.capacity
        )

    def _will_do(self, seat: Seat, each: Waiting) -> bool:
        """Whether the language and the gender that are asked for just now are this seat's."""
        if self._wants_speaker(each) and not self._speaks(seat, each):
            return False
        return not self._wants_gender(each) or seat.gender == each.gender

    def _wants_speaker(self, each: Waiting) -> bool:
        relaxes = timedelta(seconds=self.board.rules.interpreter_after)
        if not each.language or self.now >= each.queued_at + relaxes:
            return False
        return any(
            self._speaks(seat, each) and seat.staff not in each.asked
            for seat in self._whole_ladder(each)
        )

    def _wants_gender(self, each: Waiting) -> bool:
        relaxes = timedelta(seconds=self.board.rules.gender_after)
        if not each.gender or self.now >= each.queued_at + relaxes:
            return False
        return any(
            seat.gender == each.gender and seat.staff not in each.asked
            for seat in self._whole_ladder(each)
        )

    def _speaks(self, seat: Seat, each: Waiting) -> bool:
        own = seat.languages or {self.board.rules.language}
        return not each.language or each.language in own

    # -- who best ----------------------------------------------------------------------------

    def _own(self, each: Waiting) -> tuple[Seat | None, str]:
        for who, staff in (("lead", each.lead), ("last", each.last)):
            for seat in self.board.seats:
                if (
                    seat.staff == staff
                    and self._could(seat, each)
                    and seat.state != "break"
                    and not seat.checking
                    and staff not in each.asked
                    and (not self._wants_gender(each) or seat.gender == each.gender)
                ):
                    return seat, who
        return None, ""

    def _may_wait(self, each: Waiting) -> bool:
        rules = self.board.rules
        since = each.returned_at or each.queued_at
        urgent = rules.head_start.get(each.urgency, 0) > 0
        return not urgent and self.now < since + timedelta(seconds=rules.stick)

    def _rank(self, seat: Seat, each: Waiting, hubs: list[str]) -> tuple[object, ...]:
        """Speakers, the gender asked for, workers for the age, the nearer hub, training, idle."""
        age = self.board.rules.skill_for_age.get(each.age)
        return (
            not self._speaks(seat, each),
            bool(each.gender) and seat.gender != each.gender,
            age is not None and age not in seat.skills,
            hubs.index(seat.hub),
            -self._level(seat, each),
            self.turns.get(seat.staff, 0),
            seat.idle_since,
            seat.staff,
        )

    def _level(self, seat: Seat, each: Waiting) -> int:
        """The level of training held in what the crime asks for, and no more than it asks."""
        skill, _, most = self.board.rules.skill_for_crime.get(each.crime, "").partition(".")
        held = [1] if skill in seat.skills else []
        held += [at for at in range(2, int(most or 1) + 1) if f"{skill}.{at}" in seat.skills]
        return max(held, default=0) if skill else 0

    @staticmethod
    def places(seat: Seat, each: Waiting) -> int:
        return seat.capacity if each.channel == "voice" else min(max(1, each.weight), seat.capacity)
