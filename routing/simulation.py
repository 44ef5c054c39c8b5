"""A day in a second: arrivals through the real decide and ladder, with no database. Pure.

What decides here is what decides at night: the same Board, the same `decide`. Time jumps from
one event to the next; whenever something has happened and somebody waits, a pass is made.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from math import inf
from typing import Literal

from routing.closing import BEFORE, closing
from routing.decide import decide
from routing.model import Board, Climb, Offer, Overflow, Rules, Seat, Wait, Waiting
from routing.rota import Spell
from routing.simulated import Arrival, Ended, How, Present, Told

Answer = Callable[[str, str], float | None]
"""Of a contact and a staff id: seconds until accept is pressed, None when the offer lapses."""

Event = Literal[
    "comes", "begins", "closes", "ends shift", "answers", "ends", "leaves", "due", "look"
]

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


def at_once(contact: str, staff: str) -> float | None:
    """Everyone accepts the moment they are asked."""
    return 0.0


def simulate(
    rules: Rules,
    people: Sequence[Present],
    coming: Iterable[Arrival],
    *,
    answer: Answer = at_once,
    offer: float = 20.0,
    promise: timedelta = timedelta(hours=24),
    afterwards: timedelta = timedelta(days=2),
) -> Told:
    """Everyone who comes, until each has ended or `afterwards` has passed since the last.

    `offer` is seconds until an offer lapses. `promise` is the time in which a call back is owed:
    it keeps its place in line, and whoever frees first makes it.
    """
    day = _Day(rules, answer, timedelta(seconds=offer), promise)
    for one in people:
        day.expects(one)
    last = None
    for arrival in coming:
        day.run_until(arrival.at)
        day.comes(arrival)
        last = arrival.at
    if last is not None:
        day.run_until(last + afterwards)
    return day.told()


@dataclass(slots=True)
class _Story:
    """One contact while it lasts. `offer_no` tells a late answer from the one that is awaited."""

    arrival: Arrival
    rung: int = 0
    offer_no: int = 0
    promised: bool = False
    ended: Ended | None = None


class _Day:
    def __init__(self, rules: Rules, answer: Answer, lapses: timedelta, promise: timedelta) -> None:
        self._rules = rules
        self._answer = answer
        self._lapses = lapses
        self._promise = promise
        self._now = datetime.min.replace(tzinfo=UTC)
        self._events: list[tuple[datetime, int, Event, str, int]] = []
        self._order = 0
        self._seats: dict[str, Seat] = {}
        self._spells: dict[str, list[Spell]] = {}
        self._line: dict[str, Waiting] = {}
        self._ringing: dict[str, tuple[Waiting, Offer]] = {}
        self._held: dict[str, tuple[str, int]] = {}
        self._stories: dict[str, _Story] = {}
        self._overflowed: dict[int, set[str]] = {}
        self._look = False

    # -- what is known beforehand -------------------------------------------------------------

    def expects(self, one: Present) -> None:
        staff = one.seat.staff
        self._seats[staff] = replace(one.seat, state="offline", lease_until=FOR_EVER, load=0)
        for spell in one.spells:
            self._at(spell.start, "begins", staff)
            self._at(spell.end, "ends shift", staff)
            for before in set(BEFORE.values()):
                if spell.end - before > spell.start:
                    self._at(spell.end - before, "closes", staff)
        self._spells[staff] = sorted(one.spells, key=lambda spell: spell.start)

    def comes(self, arrival: Arrival) -> None:
        self._now = arrival.at
        contact = arrival.contact
        waiting = replace(arrival.kind, contact=contact, queued_at=self._now)
        self._stories[contact] = _Story(arrival)
        self._line[contact] = waiting
        if arrival.patience != inf:
            self._in(arrival.patience, "leaves", contact)
        if waiting.language:
            self._in(self._rules.interpreter_after, "look", contact)
        if waiting.gender:
            self._in(self._rules.gender_after, "look", contact)
        if waiting.lead or waiting.last:
            self._in(self._rules.stick, "look", contact)
        self._pass()

    # -- time -----------------------------------------------------------------------------------

    def run_until(self, moment: datetime) -> None:
        """Everything that happens before this moment or at it."""
        events = self._events
        while events and events[0][0] <= moment:
            self._now = events[0][0]
            self._look = False
            while events and events[0][0] == self._now:
                _, _, event, key, number = heappop(events)
                self._happens(event, key, number)
            if self._look:
                self._pass()

    def _at(self, moment: datetime, event: Event, key: str, number: int = 0) -> None:
        self._order += 1
        heappush(self._events, (moment, self._order, event, key, number))

    def _in(self, seconds: float, event: Event, key: str, number: int = 0) -> None:
        self._at(self._now + timedelta(seconds=seconds), event, key, number)

    def _happens(self, event: Event, key: str, number: int) -> None:
        match event:
            case "begins":
                self._change(key, state="available", idle_since=self._now, closing=frozenset())
            case "closes":
                self._closes(key)
            case "ends shift":
                self._leaves_desk(key)
            case "answers":
                self._answers(key, number)
            case "ends":
                self._frees(*self._held.pop(key))
            case "leaves":
                self._leaves(key)
            case "due":
                self._is_due(key)
            case "look" | "comes":
                self._look = self._look or key in self._line

    # -- people at desks ------------------------------------------------------------------------

    def _closes(self, staff: str) -> None:
        for spell in self._spells[staff]:
            if spell.start <= self._now < spell.end:
                self._change(staff, closing=closing(spell, self._now))

    def _leaves_desk(self, staff: str) -> None:
        """Off line for new work; what they hold stays with them until it ends (S13)."""
        if not any(spell.start <= self._now < spell.end for spell in self._spells[staff]):
            self._change(staff, state="offline")

    def _change(self, staff: str, **facts: object) -> None:
        self._seats[staff] = replace(self._seats[staff], **facts)  # type: ignore[arg-type]  # named
        self._look = True

    def _frees(self, staff: str, places: int) -> None:
        seat = self._seats[staff]
        self._change(staff, load=seat.load - places, on_call=False, idle_since=self._now)

    # -- contacts -------------------------------------------------------------------------------

    def _pass(self) -> None:
        if not self._line:
            return
        board = Board(self._rules, tuple(self._line.values()), tuple(self._seats.values()))
        for decision in decide(board, self._now):
            contact, before = decision.contact, self._line[decision.contact]
            if before.rung_until != decision.until:
                now_on = replace(before, rung=decision.rung, rung_until=decision.until)
                self._line[contact] = now_on
                self._stories[contact].rung = decision.rung
                if decision.rung < len(self._rules.ladder) - 1:  # the end only says itself again
                    self._at(decision.until, "look", contact)
            match decision:
                case Offer():
                    self._rings(self._line[contact], decision)
                case Overflow():
                    self._overflows(decision)
                case Wait() | Climb():
                    pass

    def _rings(self, waiting: Waiting, offer: Offer) -> None:
        contact, story = waiting.contact, self._stories[waiting.contact]
        del self._line[contact]
        self._ringing[contact] = waiting, offer
        story.offer_no += 1
        seat = self._seats[offer.staff]
        self._seats[offer.staff] = replace(
            seat,
            load=seat.load + offer.weight,
            idle_since=self._now,
            on_call=waiting.channel == "voice",
        )
        seconds = self._answer(contact, offer.staff)
        if seconds is None or timedelta(seconds=seconds) >= self._lapses:
            self._at(self._now + self._lapses, "answers", contact, -story.offer_no)
        elif seconds:
            self._in(seconds, "answers", contact, story.offer_no)
        else:
            self._answers(contact, story.offer_no)

    def _answers(self, contact: str, number: int) -> None:
        """The offer with this number is accepted; a number below nothing says that it lapsed."""
        story = self._stories[contact]
        if contact not in self._ringing or abs(number) != story.offer_no:
            return
        waiting, offer = self._ringing.pop(contact)
        if number < 0:
            self._lapsed(waiting, offer)
            return
        self._held[contact] = offer.staff, offer.weight
        self._in(story.arrival.handling, "ends", contact)
        home = waiting.hub or self._rules.central
        local = self._seats[offer.staff].hub == home
        self._end(contact, "promise" if story.promised else "person", offer.staff, local)

    def _lapsed(self, waiting: Waiting, offer: Offer) -> None:
        self._frees(offer.staff, offer.weight)
        self._line[waiting.contact] = replace(
            waiting, asked=waiting.asked | {offer.staff}, asked_at=self._now
        )
        self._in(self._rules.ask_again, "look", waiting.contact)

    def _overflows(self, decision: Overflow) -> None:
        contact, story = decision.contact, self._stories[decision.contact]
        self._overflowed.setdefault(decision.rung, set()).add(contact)
        arrival = story.arrival
        if decision.kind == "promise" and arrival.calls_back and not story.promised:
            story.promised = True
            self._at(self._now + self._promise, "due", contact)
        elif decision.kind == "numbers" or (decision.kind == "message" and arrival.rings):
            del self._line[contact]
            self._end(contact, "number")

    def _leaves(self, contact: str) -> None:
        story = self._stories[contact]
        if story.ended is None and not story.promised:
            self._gone(contact, "left")

    def _is_due(self, contact: str) -> None:
        if self._stories[contact].ended is None:
            self._gone(contact, "broken")

    def _gone(self, contact: str, how: How) -> None:
        self._line.pop(contact, None)
        if contact in self._ringing:
            _, offer = self._ringing.pop(contact)
            self._frees(offer.staff, offer.weight)
        self._end(contact, how)

    def _end(self, contact: str, how: How, staff: str = "", local: bool = False) -> None:
        story = self._stories[contact]
        waited = (self._now - story.arrival.at).total_seconds()
        story.ended = Ended(
            contact, story.arrival.at, waited, how, story.rung, story.offer_no, local, staff
        )

    def told(self) -> Told:
        for contact, story in self._stories.items():
            if story.ended is None:
                self._end(contact, "nobody")
        return Told(
            tuple(story.ended for story in self._stories.values() if story.ended is not None),
            {rung: len(contacts) for rung, contacts in self._overflowed.items()},
        )
