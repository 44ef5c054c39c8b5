"""The router: one Board in, one Decision per waiting contact out, each with its reason.

Who came back goes first, then by time waited with a head start for the urgent (R7). Who declined
or let it lapse is not asked again unless alone (R8). Never silence: each contact without a seat
keeps a rung and a deadline, or is handed to a number (R6, S2).
"""

from datetime import datetime, timedelta
from typing import Literal

from routing.board import Floor, floors_of, level_of
from routing.choose import Found, find
from routing.ladder import Standing, hub_on, hubs_up_to, is_overflow, overflow_kind, stand
from routing.model import Board, Climb, Decision, Offer, Overflow, Rules, Wait, Waiting
from routing.reasons import Chosen, Climbed, Overflowed, Passed, PassedWhy, Waits, WaitWhy


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
        self._dry: dict[tuple[str, int, str, int, str], WaitWhy] = {}
        self._spoken: dict[tuple[str, str], bool] = {}

    def answer(self, waiting: Waiting) -> Decision:
        standing = stand(waiting, self.rules, self.now, lambda rung: self._staff(waiting, rung))
        hubs = hubs_up_to(waiting, self.rules, standing.rung)
        demanded = self._demanded(waiting)
        level = level_of(waiting.channel, waiting.weight)
        kind = (waiting.hub, standing.rung, waiting.channel, level, demanded)
        why = self._dry.get(kind)
        if why is None:
            held_out = self._offer(waiting, standing, hubs, demanded)
            if isinstance(held_out, Offer):
                return held_out
            why = held_out
            if not waiting.asked and not waiting.barred:
                self._dry[kind] = why
        return self._stay(waiting, standing, hubs, why)

    def _offer(
        self, waiting: Waiting, standing: Standing, hubs: tuple[str, ...], demanded: str
    ) -> Offer | WaitWhy:
        floors = [self.floors[hub] for hub in hubs if hub in self.floors]
        barred = waiting.asked | waiting.barred
        best, second = find(floors, waiting, self.rules, demanded, barred)
        again = best is None and bool(waiting.asked) and self._may_ask_again(waiting)
        if again:
            barred = waiting.barred
            best, second = find(floors, waiting, self.rules, demanded, barred)
        if best is None:
            return self._why_wait(waiting, floors)
        reason = Chosen(
            hub=self.rules.named(best.seat.hub),
            passed=self._passed(waiting, hubs, best, barred),
            trained=best.trained,
            only=second is None,
            idle=self._idle(best),
            again=again,
            interpreter="" if best.speaks else waiting.language,
            front=waiting.front,
        )
        return Offer(
            contact=waiting.contact,
            staff=best.seat.staff,
            weight=best.floor.take(best.number, waiting.channel, waiting.weight),
            rung=standing.rung,
            until=standing.until,
            reason=reason,
            runner_up=None if second is None else second.seat.staff,
        )

    def _stay(
        self, waiting: Waiting, standing: Standing, hubs: tuple[str, ...], why: WaitWhy
    ) -> Wait | Climb | Overflow:
        rung, until, moved = standing.rung, standing.until, standing.moved
        named = self.rules.named
        if moved is None:
            reached = tuple(named(hub) for hub in hubs)
            return Wait(waiting.contact, rung, until, Waits(why, reached))
        if is_overflow(self.rules.ladder[rung]):
            kind = overflow_kind(waiting)
            again = waiting.rung_until is not None and waiting.rung == rung
            return Overflow(waiting.contact, kind, rung, until, Overflowed(moved, kind, again))
        left, to = (hub_on(waiting, self.rules, at) or "" for at in (standing.left, rung))
        return Climb(waiting.contact, rung, until, Climbed(moved, named(left), named(to)))

    def _idle(self, found: Found) -> int:
        """Whole seconds without new work; none for a seat that was given work in this pass."""
        if found.seat.staff in found.floor.taken:
            return 0
        return max(0, int((self.now - found.seat.idle_since).total_seconds()))

    def _staff(self, waiting: Waiting, rung: int) -> Literal["yes", "nobody", "asked"]:
        """Could somebody on this rung ever take it? An interpreter helps with any language."""
        could = self._could(waiting, rung)
        if not could:
            return "nobody"
        if not waiting.asked or self._unasked(waiting, rung):
            return "yes"
        later = range(rung + 1, len(self.rules.ladder))
        return "asked" if any(self._unasked(waiting, each) for each in later) else "yes"

    def _could(self, waiting: Waiting, rung: int) -> int:
        floor = self.floors.get(hub_on(waiting, self.rules, rung) or "")
        if floor is None:
            return 0
        could = floor.could(waiting.channel, "")
        return could & ~floor.only(waiting.barred) if waiting.barred else could

    def _unasked(self, waiting: Waiting, rung: int) -> int:
        """Those on this rung who are at their desk and were not asked yet, busy ones included."""
        floor = self.floors.get(hub_on(waiting, self.rules, rung) or "")
        if floor is None:
            return 0
        return self._could(waiting, rung) & ~floor.away & ~floor.only(waiting.asked)

    def _may_ask_again(self, waiting: Waiting) -> bool:
        """R8: only when nobody else on the whole ladder could, and not at once."""
        pause = timedelta(seconds=self.rules.ask_again)
        if waiting.asked_at is not None and self.now < waiting.asked_at + pause:
            return False
        return not any(self._unasked(waiting, rung) for rung in range(len(self.rules.ladder)))

    def _demanded(self, waiting: Waiting) -> str:
        """The language a seat must speak: none after a while, or when nobody speaks it."""
        language = waiting.language
        if not language:
            return ""
        if self.now >= waiting.queued_at + timedelta(seconds=self.rules.interpreter_after):
            return ""
        key = (waiting.hub, language)
        if (spoken := self._spoken.get(key)) is None:
            hubs = hubs_up_to(waiting, self.rules, len(self.rules.ladder) - 1)
            floors = [self.floors[hub] for hub in hubs if hub in self.floors]
            spoken = self._spoken[key] = any(language in floor.language for floor in floors)
        return language if spoken else ""

    def _passed(
        self, waiting: Waiting, hubs: tuple[str, ...], best: Found, barred: frozenset[str]
    ) -> tuple[Passed, ...]:
        nearer = hubs[: hubs.index(best.seat.hub)]
        return tuple(
            Passed(self.rules.named(hub), self._why_passed(waiting, self.floors.get(hub), barred))
            for hub in nearer
        )

    def _why_passed(
        self, waiting: Waiting, floor: Floor | None, barred: frozenset[str]
    ) -> PassedWhy:
        could = floor.could(waiting.channel, "") if floor else 0
        if floor is None or not could:
            return "nobody"
        at_desk = could & ~floor.away
        if not at_desk:
            return "break"
        unasked = at_desk & ~floor.only(barred)
        if not unasked:
            return "asked"
        is_open = unasked & floor.open(waiting.channel, waiting.weight, "")
        return "language" if is_open else "full"

    def _why_wait(self, waiting: Waiting, floors: list[Floor]) -> WaitWhy:
        could = [(floor, floor.could(waiting.channel, "")) for floor in floors]
        if not any(mask for _, mask in could):
            return "nobody"
        at_desk = [(floor, mask & ~floor.away) for floor, mask in could]
        if not any(mask for _, mask in at_desk):
            return "break"
        barred = waiting.asked | waiting.barred
        unasked = [(floor, mask & ~floor.only(barred)) for floor, mask in at_desk]
        if not any(mask for _, mask in unasked):
            return "asked"
        if any(mask & floor.only(floor.taken) for floor, mask in unasked):
            return "ahead"
        if any(mask & floor.open(waiting.channel, waiting.weight, "") for floor, mask in unasked):
            return "language"
        return "full"
