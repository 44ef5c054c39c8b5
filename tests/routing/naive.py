"""The router once more, told plainly: a scan of every seat for every contact, and no bit anywhere.

It shares no code with the real one but its values. Slow, short, and what the fast one must equal.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from routing.model import Board, Seat, Waiting


@dataclass(frozen=True)
class Plain:
    """What should be decided: who is asked, or where the contact stands instead."""

    contact: str
    verb: Literal["offer", "wait", "climb", "overflow"]
    staff: str | None
    rung: int
    until: datetime


@dataclass
class Plainly:
    """A walk along the line, seat by seat."""

    board: Board
    now: datetime
    given: dict[str, int] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)

    def decide(self) -> list[Plain]:
        return [self._one(each) for each in sorted(self.board.waiting, key=self._turn)]

    def _turn(self, each: Waiting) -> tuple[int, datetime, str]:
        ahead = timedelta(seconds=self.board.rules.head_start.get(each.urgency, 0))
        return (0 if each.front else 1, each.queued_at - ahead, each.contact)

    def _one(self, each: Waiting) -> Plain:
        rung, until, moved = self._stand(each)
        able = [seat for seat in self.board.seats if self._able(seat, each, rung)]
        fresh = [seat for seat in able if seat.staff not in each.asked]
        if not fresh and self._alone(each):
            fresh = able
        if fresh:
            best = min(fresh, key=lambda seat: self._rank(seat, each))
            self.given[best.staff] = self.given.get(best.staff, 0) + self.places(best, each)
            self.turns[best.staff] = len(self.turns) + sum(self.given.values())
            return Plain(each.contact, "offer", best.staff, rung, until)
        if not moved:
            return Plain(each.contact, "wait", None, rung, until)
        verb: Literal["climb", "overflow"] = "climb" if self._hub(each, rung) else "overflow"
        return Plain(each.contact, verb, None, rung, until)

    def _stand(self, each: Waiting) -> tuple[int, datetime, bool]:
        end = len(self.board.rules.ladder) - 1
        rung, until = min(each.rung, end), each.rung_until
        moved = until is None or until <= self.now
        if moved and until is not None:
            rung = min(rung + 1, end)
        while self._hub(each, rung) and self._pointless(each, rung):
            rung, moved = rung + 1, True
        if until is None or moved:
            seconds = self.board.rules.ladder[rung].seconds or self.board.rules.tell_again
            until = self.now + timedelta(seconds=seconds)
        return rung, until, moved

    def _pointless(self, each: Waiting, rung: int) -> bool:
        hub = self._hub(each, rung)
        if not any(seat.hub == hub and self._could(seat, each) for seat in self.board.seats):
            return True
        later = {self._hub(each, at) for at in range(rung + 1, len(self.board.rules.ladder))}
        here_left = any(seat.hub == hub for seat in self._unasked(each))
        later_left = any(seat.hub in later for seat in self._unasked(each))
        return bool(each.asked) and not here_left and later_left

    def _alone(self, each: Waiting) -> bool:
        rested = each.asked_at is None or self.now >= each.asked_at + timedelta(
            seconds=self.board.rules.ask_again
        )
        ladder = {self._hub(each, rung) for rung in range(len(self.board.rules.ladder))}
        return rested and not any(seat.hub in ladder for seat in self._unasked(each))

    def _unasked(self, each: Waiting) -> list[Seat]:
        return [
            seat
            for seat in self.board.seats
            if self._could(seat, each) and seat.state != "break" and seat.staff not in each.asked
        ]

    def _could(self, seat: Seat, each: Waiting) -> bool:
        return (
            seat.state != "offline"
            and seat.lease_until > self.now
            and each.channel in seat.channels
            and seat.staff not in each.barred
        )

    def _able(self, seat: Seat, each: Waiting, rung: int) -> bool:
        load = seat.load + self.given.get(seat.staff, 0)
        return (
            self._could(seat, each)
            and seat.state == "available"
            and not seat.on_call
            and load + self.places(seat, each) <= seat.capacity
            and seat.hub in [self._hub(each, at) for at in range(rung + 1)]
            and (self._speaks(seat, each) or self._interpreter(each))
        )

    def _rank(self, seat: Seat, each: Waiting) -> tuple[object, ...]:
        """Speakers, then the nearer hub, then training, then idle, then id."""
        rules = self.board.rules
        age, crime = rules.skill_for_age.get(each.age), rules.skill_for_crime.get(each.crime)
        return (
            not self._speaks(seat, each),
            seat.hub != (each.hub or rules.central),
            age is not None and age not in seat.skills,
            crime is not None and crime not in seat.skills,
            self.turns.get(seat.staff, 0),
            seat.idle_since,
            seat.staff,
        )

    def _speaks(self, seat: Seat, each: Waiting) -> bool:
        own = seat.languages or {self.board.rules.language}
        return not each.language or each.language in own

    def _interpreter(self, each: Waiting) -> bool:
        rules = self.board.rules
        if self.now >= each.queued_at + timedelta(seconds=rules.interpreter_after):
            return True
        ladder = {self._hub(each, rung) for rung in range(len(rules.ladder))}
        return not any(
            self._speaks(seat, each)
            for seat in self.board.seats
            if seat.hub in ladder and seat.state != "offline" and seat.lease_until > self.now
        )

    def _hub(self, each: Waiting, rung: int) -> str | None:
        match self.board.rules.ladder[rung].kind:
            case "home":
                return each.hub or self.board.rules.central
            case "central":
                return self.board.rules.central
            case "numbers" | "message":
                return None

    @staticmethod
    def places(seat: Seat, each: Waiting) -> int:
        return seat.capacity if each.channel == "voice" else min(max(1, each.weight), seat.capacity)
