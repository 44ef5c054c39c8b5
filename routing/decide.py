"""The router: one Board in, one Decision per waiting contact out, each with its reason.

Who came back goes first, then by time waited with a head start for the urgent (R7). Who declined
or let it lapse is not asked again unless alone (R8). Never silence: each contact without a seat
keeps a rung and a deadline, or is handed to a number (R6, S2).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from routing.board import Floor, floors_of
from routing.choose import Demand, Found, find
from routing.ladder import Standing, is_overflow, overflow_kind, stand
from routing.model import Board, Climb, Decision, Offer, Overflow, Rules, Seat, Wait, Waiting
from routing.need import Need, need_of, trained_in
from routing.own import Own, may_wait, own_of
from routing.passed import passed_by, why_wait
from routing.reach import Reach, Step
from routing.reasons import Chosen, Climbed, Overflowed, Passed, Waits, listed
from routing.reasons import Own as OwnWorker


def decide(board: Board, now: datetime) -> tuple[Decision, ...]:
    """One decision for every waiting contact, in the order of the line."""
    one_pass = Pass(board.rules, floors_of(board, now), now, board.paused)
    return tuple(one_pass.answer(waiting) for waiting in in_order(board))


def in_order(board: Board) -> list[Waiting]:
    """The line: who came back first, then by time waited, the urgent as if they came earlier."""
    head_start = board.rules.head_start

    def turn(waiting: Waiting) -> tuple[bool, datetime, str]:
        ahead = head_start.get(waiting.urgency, 0)
        since = waiting.queued_at - timedelta(seconds=ahead) if ahead else waiting.queued_at
        return not waiting.front, since, waiting.contact

    return sorted(board.waiting, key=turn)


class Pass:
    """One walk along the line. It knows what earlier contacts have taken; nothing outlives it."""

    def __init__(
        self,
        rules: Rules,
        floors: dict[str, Floor],
        now: datetime,
        paused: frozenset[str] = frozenset(),
    ) -> None:
        self.rules = rules
        self.floors = floors
        self.now = now
        self.paused = paused
        self._relaxed = now - timedelta(seconds=rules.interpreter_after)
        self._any_gender = now - timedelta(seconds=rules.gender_after)
        self._rested = now - timedelta(seconds=rules.ask_again)
        self._reaches: dict[str, Reach] = {}
        self._needs: dict[tuple[str | int, ...], Need] = {}
        self._whose: Mapping[str, Floor] | None = None
        self._dry: dict[tuple[str, int, Need, Demand], Waits] = {}
        self._left_waiting = 0

    def answer(self, waiting: Waiting) -> Decision:
        """The decision for the next contact in line."""
        need, reach = self._need(waiting), self._reach(waiting.hub)
        full = 0 < self.rules.queue_most <= self._left_waiting and not waiting.front
        standing = stand(waiting, need, self.rules, self.now, reach.staffed, full=full)
        step = reach.steps[standing.rung]
        demand = self._demand(waiting, need, reach)
        if waiting.lead or waiting.last:
            own = own_of(waiting, need, self._everyone(), same_gender=demand.gender)
            if own is not None and own.free:
                found = self._own(waiting, need, demand, step, own)
                return self._offer(waiting, need, standing, found, own=own.who)
            if own is not None and may_wait(waiting, need, self.rules, self.now):
                return self._stay(waiting, standing, reach, Waits("own", step.names))
        alike = (waiting.hub, standing.rung, need, demand)
        why = self._dry.get(alike)
        if why is None:
            held_out = self._hold_out(waiting, need, demand, standing, reach)
            if isinstance(held_out, Offer):
                return held_out
            why = held_out
            if not (waiting.asked or waiting.barred or waiting.barred_hubs):
                self._dry[alike] = why
        return self._stay(waiting, standing, reach, why)

    def look_again(self) -> None:
        """Work has ended on these floors: where nobody was free, somebody may be."""
        self._dry.clear()

    def _hold_out(
        self, waiting: Waiting, need: Need, demand: Demand, standing: Standing, reach: Reach
    ) -> Offer | Waits:
        step = reach.steps[standing.rung]
        floors = _allowed(step, waiting)
        but_for = waiting.asked | waiting.barred if waiting.asked else waiting.barred
        found = find(floors, need, demand, but_for)
        again = found is None and self._may_ask_again(waiting, need, reach)
        if again:
            but_for = waiting.barred
            found = find(floors, need, demand, but_for)
        if found is None:
            return Waits(why_wait(waiting, need, demand, step, self.paused), step.names)
        passed: tuple[Passed, ...] = ()
        if step.reached[0] != found.floor.hub:
            passed = passed_by(waiting, need, step, found, but_for, self.paused)
        return self._offer(waiting, need, standing, found, passed, again=again)

    def _own(self, waiting: Waiting, need: Need, demand: Demand, step: Step, own: Own) -> Found:
        """Their own worker, with who would have been asked instead."""
        floor, bit = own.floor, own.floor.bit(own.number)
        but_for = waiting.asked | waiting.barred | {floor.seats[own.number].staff}
        other = find(_allowed(step, waiting), need, demand, but_for)
        return Found(
            floor,
            own.number,
            not need.speaks or bool(floor.having(need.speaks) & bit),
            not need.gender or bool(floor.having(need.gender) & bit),
            None if other is None else other.floor.seats[other.number].staff,
        )

    def _offer(
        self,
        waiting: Waiting,
        need: Need,
        standing: Standing,
        found: Found,
        passed: tuple[Passed, ...] = (),
        own: OwnWorker = "",
        *,
        again: bool = False,
    ) -> Offer:
        floor, number, speaks, suits, runner_up = found
        seat = floor.seats[number]
        rung, until = standing.rung, standing.until
        if standing.moved is not None and is_overflow(self.rules.ladder[rung]):
            # Nobody has told them yet: if the offer comes back, they are told at once (S2).
            rung, until = waiting.rung, self.now
        trained = trained_in(need, seat.skills) if need.skills else ()
        reason = Chosen(
            floor.name,
            passed,
            trained,
            runner_up is None,
            0 if seat.staff in floor.taken else self._idle(seat),
            again,
            "" if speaks else waiting.language,
            waiting.front,
            own,
            need.child and not (need.age and need.skills[0] in trained),
            "" if suits else waiting.gender,
        )
        return Offer(
            waiting.contact,
            seat.staff,
            floor.take(number, waiting.channel, waiting.weight),
            rung,
            until,
            reason,
            runner_up,
        )

    def _stay(
        self, waiting: Waiting, standing: Standing, reach: Reach, why: Waits
    ) -> Wait | Climb | Overflow:
        self._left_waiting += 1
        rung, until, moved = standing.rung, standing.until, standing.moved
        if moved is None:
            return Wait(waiting.contact, rung, until, why)
        if is_overflow(self.rules.ladder[rung]):
            kind = overflow_kind(waiting, self.rules.ladder[rung])
            again = waiting.rung_until is not None and waiting.rung == rung
            return Overflow(waiting.contact, kind, rung, until, Overflowed(moved, kind, again))
        left, to = (self._hubs(reach.steps[at]) for at in (standing.left, rung))
        return Climb(waiting.contact, rung, until, Climbed(moved, left, to))

    def _hubs(self, step: Step) -> str:
        return listed(tuple(self.rules.named(hub) for hub in step.hubs))

    def _idle(self, seat: Seat) -> int:
        """Whole seconds without new work, for a seat that was given none in this pass."""
        return max(0, int((self.now - seat.idle_since).total_seconds()))

    def _may_ask_again(self, waiting: Waiting, need: Need, reach: Reach) -> bool:
        """R8: only when nobody else on the whole ladder could, and not at once."""
        if not waiting.asked or (waiting.asked_at and waiting.asked_at > self._rested):
            return False
        return reach.alone(waiting, need)

    def _demand(self, waiting: Waiting, need: Need, reach: Reach) -> Demand:
        """What a seat must have: nothing that nobody there has, and nothing for ever."""
        language = (
            bool(need.speaks)
            and waiting.queued_at > self._relaxed
            and reach.there(waiting, need, need.speaks)
        )
        gender = (
            bool(need.gender)
            and waiting.queued_at > self._any_gender
            and reach.there(waiting, need, need.gender)
        )
        return _DEMANDS[language, gender]

    def _need(self, waiting: Waiting) -> Need:
        key = (
            waiting.channel,
            waiting.weight,
            waiting.crime,
            waiting.age,
            waiting.language,
            waiting.gender,
            waiting.urgency,
        )
        need = self._needs.get(key)
        if need is None:
            need = self._needs[key] = need_of(waiting, self.rules)
        return need

    def _reach(self, hub: str) -> Reach:
        reach = self._reaches.get(hub)
        if reach is None:
            reach = self._reaches[hub] = Reach(hub, self.rules, self.floors, self.paused)
        return reach

    def _everyone(self) -> Mapping[str, Floor]:
        if self._whose is None:
            self._whose = {staff: floor for floor in self.floors.values() for staff in floor.number}
        return self._whose


_DEMANDS = {(a, b): Demand(a, b) for a in (False, True) for b in (False, True)}


def _allowed(step: Step, waiting: Waiting) -> tuple[Floor, ...]:
    """The floors of a rung, without the hubs tied to somebody they must not meet."""
    if not waiting.barred_hubs:
        return step.floors
    return tuple(floor for floor in step.floors if floor.hub not in waiting.barred_hubs)
