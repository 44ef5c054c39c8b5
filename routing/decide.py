"""The router: one Board in, one Decision per waiting contact out, each with its reason.

Who came back goes first, then by time waited with a head start for the urgent (R7). Who declined
or let it lapse is not asked again unless alone (R8). Never silence: each contact without a seat
keeps a rung and a deadline, or is handed to a number (R6, S2).
"""

from datetime import datetime, timedelta

from routing.board import Floor, floors_of, level_of
from routing.choose import find
from routing.ladder import Standing, is_overflow, overflow_kind, stand
from routing.model import Board, Climb, Decision, Offer, Overflow, Rules, Seat, Wait, Waiting
from routing.passed import why_passed, why_wait
from routing.reach import Reach, Step
from routing.reasons import Chosen, Climbed, Overflowed, Passed, Waits


def decide(board: Board, now: datetime) -> tuple[Decision, ...]:
    """One decision for every waiting contact, in the order of the line."""
    one_pass = Pass(board.rules, floors_of(board, now), now)
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

    def __init__(self, rules: Rules, floors: dict[str, Floor], now: datetime) -> None:
        self.rules = rules
        self.floors = floors
        self.now = now
        self._relaxed = now - timedelta(seconds=rules.interpreter_after)
        self._rested = now - timedelta(seconds=rules.ask_again)
        self._reaches: dict[str, Reach] = {}
        self._dry: dict[tuple[str, int, str, int, str], Waits] = {}

    def answer(self, waiting: Waiting) -> Decision:
        """The decision for the next contact in line."""
        reach = self._reaches.get(waiting.hub)
        if reach is None:
            reach = self._reaches[waiting.hub] = Reach(waiting.hub, self.rules, self.floors)
        standing = stand(waiting, self.rules, self.now, reach.staffed)
        demanded = self._demanded(waiting, reach)
        level = level_of(waiting.channel, waiting.weight)
        alike = (waiting.hub, standing.rung, waiting.channel, level, demanded)
        why = self._dry.get(alike)
        if why is None:
            held_out = self._hold_out(waiting, standing, reach, demanded)
            if isinstance(held_out, Offer):
                return held_out
            why = held_out
            if not waiting.asked and not waiting.barred:
                self._dry[alike] = why
        return self._stay(waiting, standing, reach, why)

    def _hold_out(
        self, waiting: Waiting, standing: Standing, reach: Reach, demanded: str
    ) -> Offer | Waits:
        step = reach.steps[standing.rung]
        barred = waiting.asked | waiting.barred
        found = find(step.floors, waiting, self.rules, demanded, barred)
        again = found is None and self._may_ask_again(waiting, reach)
        if again:
            barred = waiting.barred
            found = find(step.floors, waiting, self.rules, demanded, barred)
        if found is None:
            return Waits(why_wait(waiting, step.floors), step.names)
        floor, number, trained, speaks, runner_up = found
        seat = floor.seats[number]
        nearest = step.reached[0] == seat.hub
        reason = Chosen(
            step.names[step.reached.index(seat.hub)],
            () if nearest else self._passed(waiting, step, seat.hub, barred),
            trained,
            runner_up is None,
            0 if seat.staff in floor.taken else self._idle(seat),
            again,
            "" if speaks else waiting.language,
            waiting.front,
        )
        return Offer(
            waiting.contact,
            seat.staff,
            floor.take(number, waiting.channel, waiting.weight),
            standing.rung,
            standing.until,
            reason,
            runner_up,
        )

    def _stay(
        self, waiting: Waiting, standing: Standing, reach: Reach, why: Waits
    ) -> Wait | Climb | Overflow:
        rung, until, moved = standing.rung, standing.until, standing.moved
        if moved is None:
            return Wait(waiting.contact, rung, until, why)
        if is_overflow(self.rules.ladder[rung]):
            kind = overflow_kind(waiting)
            again = waiting.rung_until is not None and waiting.rung == rung
            return Overflow(waiting.contact, kind, rung, until, Overflowed(moved, kind, again))
        named = self.rules.named
        left, to = (reach.steps[at].hub or "" for at in (standing.left, rung))
        return Climb(waiting.contact, rung, until, Climbed(moved, named(left), named(to)))

    def _idle(self, seat: Seat) -> int:
        """Whole seconds without new work, for a seat that was given none in this pass."""
        return max(0, int((self.now - seat.idle_since).total_seconds()))

    def _may_ask_again(self, waiting: Waiting, reach: Reach) -> bool:
        """R8: only when nobody else on the whole ladder could, and not at once."""
        if not waiting.asked or (waiting.asked_at and waiting.asked_at > self._rested):
            return False
        return reach.alone(waiting)

    def _demanded(self, waiting: Waiting, reach: Reach) -> str:
        """The language a seat must speak: none after a while, or when nobody speaks it."""
        language = waiting.language
        if not language or waiting.queued_at <= self._relaxed or not reach.spoken(language):
            return ""
        return language

    def _passed(
        self, waiting: Waiting, step: Step, taker: str, barred: frozenset[str]
    ) -> tuple[Passed, ...]:
        nearer = step.reached.index(taker)
        return tuple(
            Passed(name, why_passed(waiting, self.floors.get(hub), barred))
            for hub, name in zip(step.reached[:nearer], step.names, strict=False)
        )
