"""Why not the others: of every seat that was not chosen, each reason that stood against it.

It is asked for one contact at a time, so it reads seats plainly, one by one, and so is a second
opinion on what the masks said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from routing.board import VOLUNTEER, on_duty, places_for, supervised
from routing.decide import decide
from routing.ladder import hubs_up_to
from routing.model import Board, Channel, Decision, Offer, Rules, Seat, Waiting
from routing.need import Need, need_of, trained_in
from routing.reasons import skill_words, spoken

Why = Literal[
    "offline", "unseen", "break", "wrap", "busy", "checking", "unvetted", "alone", "volunteer",
    "channel", "closing", "call", "places", "hub", "paused", "tied", "asked", "barred",
    "language", "gender", "ahead", "own", "child", "farther", "untrained", "idle",
]  # fmt: skip


class Against(msgspec.Struct, frozen=True, gc=False):
    """One reason against a seat: a code to count by, words to show."""

    code: Why
    text: str

    def words(self) -> str:
        return self.text


class WhyNot(msgspec.Struct, frozen=True, gc=False):
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


@dataclass(frozen=True, slots=True)
class _Asking:
    """One contact in one pass: what every seat is held against."""

    board: Board
    waiting: Waiting
    need: Need
    decision: Decision
    given: dict[str, int]
    now: datetime
    staff: dict[str, Seat]
    reached: tuple[str, ...]
    chosen: Seat | None

    @property
    def rules(self) -> Rules:
        return self.board.rules


def _each_seat(
    board: Board, waiting: Waiting, decision: Decision, given: dict[str, int], now: datetime
) -> Iterator[WhyNot]:
    staff = {seat.staff: seat for seat in board.seats}
    asking = _Asking(
        board,
        waiting,
        need_of(waiting, board.rules),
        decision,
        given,
        now,
        staff,
        hubs_up_to(waiting.hub, board.rules, decision.rung),
        staff.get(decision.staff) if isinstance(decision, Offer) else None,
    )
    for seat in board.seats:
        if seat is asking.chosen:
            continue
        against: list[Against] = []
        for against_it in (_absent, _not_for_this, _no_room, _wishes):
            against += against_it(seat, asking)
        yield WhyNot(seat.staff, tuple(against or _behind(seat, asking)))


def _absent(seat: Seat, asking: _Asking) -> Iterator[Against]:
    """What keeps this seat from any work now."""
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
    if seat.state != "offline" and not on_duty(seat, asking.now):
        late = int((asking.now - seat.lease_until).total_seconds())
        yield Against("unseen", f"Not seen for {spoken(late)} longer than allowed.")
    if seat.checking:
        yield Against("checking", "Let two offers lapse, and is asked whether they are there.")
    if not seat.vetted:
        yield Against("unvetted", "Training or vetting has lapsed.")
    if not supervised(seat, asking.staff, asking.now):
        yield Against("alone", "A volunteer, and their supervisor is not at a desk.")


def _not_for_this(seat: Seat, asking: _Asking) -> Iterator[Against]:
    """What keeps this seat from such a contact, whatever it carries."""
    waiting, rules = asking.waiting, asking.rules
    if waiting.channel not in seat.channels:
        yield Against("channel", f"Does not take {_CHANNELS[waiting.channel]}.")
    elif waiting.channel in seat.closing:
        yield Against("closing", f"Takes no new {_CHANNELS[waiting.channel]}: the shift ends soon.")
    if seat.role == VOLUNTEER and asking.need.child:
        yield Against("volunteer", "A volunteer, and this person is under 18.")
    elif seat.role == VOLUNTEER and waiting.crime in rules.volunteers_never:
        yield Against("volunteer", "A volunteer, and this is never for one.")
    if not _is_own(seat, asking) and seat.hub not in asking.reached:
        yield Against("hub", f"Works at {rules.named(seat.hub)}, which is not asked now.")
    if seat.hub in asking.board.paused:
        yield Against("paused", f"The queue of {rules.named(seat.hub)} is paused.")
    if seat.hub in waiting.barred_hubs:
        yield Against("tied", f"{rules.named(seat.hub)} is not asked for this person.")
    if seat.staff in waiting.barred:
        yield Against("barred", "Must not meet this person.")
    if seat.staff in waiting.asked:
        yield Against("asked", "Asked already, and did not take it.")


def _no_room(seat: Seat, asking: _Asking) -> Iterator[Against]:
    if seat.on_call:
        yield Against("call", "On a call.")
    elif not _room(seat, asking.waiting, seat.load):
        yield Against("places", f"{seat.load} of {seat.capacity} places used.")
    elif not _room(seat, asking.waiting, seat.load + asking.given.get(seat.staff, 0)):
        yield Against("ahead", "Just given to someone ahead in line.")


def _wishes(seat: Seat, asking: _Asking) -> Iterator[Against]:
    """A language or gender that this seat has not, unless whoever was chosen has it neither."""
    waiting, rules, chosen = asking.waiting, asking.rules, asking.chosen
    own = isinstance(asking.decision, Offer) and asking.decision.reason.own
    tongue, gender = waiting.language, waiting.gender
    asked_for = tongue and not own and (chosen is None or _speaks(chosen, tongue, rules))
    if asked_for and not _speaks(seat, tongue, rules):
        yield Against("language", "Does not speak the language.")
    if gender and (chosen is None or chosen.gender == gender) and seat.gender != gender:
        yield Against("gender", "Not of the gender asked for.")


def _behind(seat: Seat, asking: _Asking) -> Iterator[Against]:
    """What put this able seat behind the chosen one, or behind somebody who is waited for."""
    decision, chosen, need = asking.decision, asking.chosen, asking.need
    if chosen is None or not isinstance(decision, Offer):
        if not isinstance(decision, Offer) and _waits_for_own(asking):
            yield Against("own", "Their own advisor is waited for, a few seconds.")
        return
    first_name = chosen.first_name or "the one asked"
    if decision.reason.own:
        who = "is their lead worker" if decision.reason.own == "lead" else "spoke to them last"
        yield Against("own", f"{first_name} {who}.")
        return
    mine, theirs = trained_in(need, seat.skills), trained_in(need, chosen.skills)
    if need.age and need.skills[0] in theirs and need.skills[0] not in mine:
        yield Against("child", f"Not trained for {skill_words(need.skills[0])}.")
    elif seat.hub != chosen.hub:
        yield Against("farther", f"{asking.rules.named(chosen.hub)} is nearer.")
    elif wanting := [skill for skill in theirs if skill not in mine]:
        yield Against("untrained", f"Not trained for {skill_words(wanting[-1])}.")
    elif seat.staff in asking.given:
        yield Against("idle", "Was just given someone else.")
    else:
        yield Against("idle", f"Idle less long than {first_name}.")


def _waits_for_own(asking: _Asking) -> bool:
    """Whether somebody of their own is there, and so why nobody else was asked yet."""
    return any(who in asking.staff for who in (asking.waiting.lead, asking.waiting.last))


def _is_own(seat: Seat, asking: _Asking) -> bool:
    return seat.staff in (asking.waiting.lead, asking.waiting.last)


def _speaks(seat: Seat, language: str, rules: Rules) -> bool:
    return language in (seat.languages or {rules.language})


def _room(seat: Seat, waiting: Waiting, load: int) -> bool:
    return load + places_for(seat, waiting.channel, waiting.weight) <= seat.capacity


_CHANNELS: dict[Channel, str] = {"chat": "chats", "voice": "calls", "sms": "texts"}
