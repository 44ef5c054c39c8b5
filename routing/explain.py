"""Why not the others: of every seat that was not chosen, each reason that stood against it.

It is asked for one contact at a time, so it reads seats plainly, one by one, and so is a second
opinion on what the masks said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from routing.board import on_duty, places_for
from routing.choose import wants_of
from routing.decide import decide
from routing.ladder import hubs_up_to
from routing.model import Board, Channel, Decision, Offer, Rules, Seat, Waiting
from routing.reasons import spoken

Why = Literal[
    "offline", "unseen", "break", "wrap", "busy", "channel", "call", "places", "hub",
    "asked", "barred", "language", "ahead", "farther", "untrained", "idle",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Against:
    """One reason against a seat: a code to count by, words to show."""

    code: Why
    text: str

    def words(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A seat that was not asked, and everything that stood against it, the hardest first."""

    staff: str
    reasons: tuple[Against, ...]


def explain(
    board: Board,
    contact: str,
    now: datetime,
    decisions: tuple[Decision, ...] | None = None,
) -> tuple[WhyNot, ...]:
    """Why each other seat was not offered this contact. KeyError when it does not wait.

    `decisions` are those of the same Board and moment, when they are at hand already.
    """
    waiting = next((each for each in board.waiting if each.contact == contact), None)
    if waiting is None:
        raise KeyError(contact)
    given: dict[str, int] = {}
    for decision in decide(board, now) if decisions is None else decisions:
        if decision.contact == contact:
            return tuple(_each_seat(board, waiting, decision, given, now))
        if isinstance(decision, Offer):
            given[decision.staff] = given.get(decision.staff, 0) + decision.weight
    raise KeyError(contact)


def _each_seat(
    board: Board, waiting: Waiting, decision: Decision, given: dict[str, int], now: datetime
) -> Iterator[WhyNot]:
    asked = decision.staff if isinstance(decision, Offer) else None
    chosen = next((seat for seat in board.seats if seat.staff == asked), None)
    reached = hubs_up_to(waiting.hub, board.rules, decision.rung)
    for seat in board.seats:
        if seat is chosen:
            continue
        against = tuple(_unable(seat, waiting, board.rules, reached, given, now))
        if not against and chosen is not None:
            against = (_behind(seat, chosen, waiting, board.rules, given),)
        yield WhyNot(seat.staff, against)


def _unable(
    seat: Seat,
    waiting: Waiting,
    rules: Rules,
    reached: tuple[str, ...],
    given: dict[str, int],
    now: datetime,
) -> Iterator[Against]:
    """What keeps this seat from taking the contact at all, whoever else there is."""
    match seat.state:
        case "offline":
            yield Against("offline", "Not on duty.")
        case "break":
            yield Against("break", "On a break.")
        case "wrap":
            yield Against("wrap", "Wrapping up.")
        case "busy":
            yield Against("busy", "With someone.")
        case "available":
            pass
    if seat.state != "offline" and not on_duty(seat, now):
        late = int((now - seat.lease_until).total_seconds())
        yield Against("unseen", f"Not seen for {spoken(late)} longer than allowed.")
    if waiting.channel not in seat.channels:
        yield Against("channel", f"Does not take {_CHANNELS[waiting.channel]}.")
    if seat.on_call:
        yield Against("call", "On a call.")
    elif not _room(seat, waiting, seat.load):
        yield Against("places", f"{seat.load} of {seat.capacity} places used.")
    elif not _room(seat, waiting, seat.load + given.get(seat.staff, 0)):
        yield Against("ahead", "Just given to someone ahead in line.")
    if seat.hub not in reached:
        yield Against("hub", f"Works at {rules.named(seat.hub)}, which is not asked now.")
    if seat.staff in waiting.barred:
        yield Against("barred", "Must not meet this person.")
    if seat.staff in waiting.asked:
        yield Against("asked", "Asked already, and did not take it.")
    tongues = seat.languages or {rules.language}
    if waiting.language and waiting.language not in tongues:
        yield Against("language", "Does not speak the language.")


def _behind(
    seat: Seat, chosen: Seat, waiting: Waiting, rules: Rules, given: dict[str, int]
) -> Against:
    """What put this able seat behind the chosen one."""
    if seat.hub != chosen.hub:
        return Against("farther", f"{rules.named(chosen.hub)} is nearer.")
    for want in wants_of(waiting, rules):
        if want in chosen.skills and want not in seat.skills:
            return Against("untrained", f"Not trained for {want.replace('-', ' ')}.")
    if seat.staff in given:
        return Against("idle", "Was just given someone else.")
    return Against("idle", f"Idle less long than {chosen.first_name or 'the one asked'}.")


def _room(seat: Seat, waiting: Waiting, load: int) -> bool:
    return load + places_for(seat, waiting.channel, waiting.weight) <= seat.capacity


_CHANNELS: dict[Channel, str] = {"chat": "chats", "voice": "calls", "sms": "texts"}
