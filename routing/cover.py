"""Who would find nobody: the rota of a night asked with the router's own rules. Pure.

For every stretch of time in which the same people are on shift, each kind of contact that the
service serves walks the real ladder through the real `decide`. Nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from app.definition.model import Service
from routing.closing import BEFORE, closing
from routing.decide import decide
from routing.ladder import hubs_up_to
from routing.model import Board, Channel, Climb, Offer, Overflow, Rules, Seat, Waiting, rules_of
from routing.placing import asked_now
from routing.rota import Spell

What = Literal["anyone", "crime", "skill", "language", "under18"]
LONGEST_WALK = 200
"""Looks at one contact before it counts as one that found nobody."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What is asked for. Empty parts ask for nothing special."""

    channel: Channel
    crime: str = ""
    language: str = ""
    age: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """From `start` to `end` these contacts find nobody, or (`nobody` False) nobody trained for it.

    `what` says which `key` of crime, skill or language; "anyone" is every contact. No `hubs`: of
    every hub.
    """

    start: datetime
    end: datetime
    nobody: bool
    what: What
    key: str
    channels: tuple[Channel, ...]
    hubs: tuple[str, ...] = ()


def gaps(
    service: Service,
    people: Mapping[str, Seat],
    spells: Mapping[str, Sequence[Spell]],
    languages: Iterable[str],
    frm: datetime,
    to: datetime,
) -> tuple[Gap, ...]:
    """What is not covered in [frm, to), in order.

    `people` are seats as they would be on shift, free and at their desk, by staff id; `languages`
    are those a contact may ask for beside the service's own.
    """
    found: dict[tuple[bool, What, str, tuple[str, ...], Channel], list[tuple[int, int]]] = {}
    marks = _marks(service, spells, frm, to)
    others = tuple(sorted(set(languages) - {service.languages[0]}))
    asking = Asking(service, people, others, frm)
    for at, (start, _) in enumerate(pairwise(marks)):
        on_shift = {
            who: closing(spell, start)
            for who, theirs in spells.items()
            for spell in theirs
            if spell.holds(start) and who in people
        }
        for lacking in asking.at(start, on_shift):
            stretches = found.setdefault(lacking, [])
            if stretches and stretches[-1][1] == at:
                stretches[-1] = (stretches[-1][0], at + 1)
            else:
                stretches.append((at, at + 1))
    merged: dict[Gap, list[Channel]] = {}
    for (nobody, what, key, hubs, channel), stretches in found.items():
        for first, last in stretches:
            one = Gap(marks[first], marks[last], nobody, what, key, (), hubs)
            merged.setdefault(one, []).append(channel)
    return tuple(sorted(replace(gap, channels=tuple(by)) for gap, by in merged.items()))


Lack = tuple[bool, What, str, tuple[str, ...], Channel]


class Asking:
    """The same question for each stretch; stretches with the same people have one answer."""

    def __init__(
        self,
        service: Service,
        people: Mapping[str, Seat],
        languages: tuple[str, ...],
        moment: datetime,
    ) -> None:
        self.service = service
        self.rules = rules_of(service)
        self.people = people
        self.languages = languages
        self.moment = moment
        self.channels = channels_of(service)
        self._known: dict[object, tuple[Lack, ...]] = {}
        self._walked: dict[object, bool] = {}

    def at(self, now: datetime, on_shift: Mapping[str, frozenset[str]]) -> tuple[Lack, ...]:
        seats = self._seats(on_shift)
        staffed = any(seat.hub == self.rules.central for seat in seats)
        homes = tuple(
            asked_now(self.service, hub.key, now=now, central_staffed=staffed)
            for hub in self.service.hubs
        )
        alike = (frozenset(on_shift.items()), homes)
        if alike not in self._known:
            self._known[alike] = tuple(self._lacks(seats, homes))
        return self._known[alike]

    def _seats(self, on_shift: Mapping[str, frozenset[str]]) -> tuple[Seat, ...]:
        return tuple(
            replace(
                self.people[who], closing=closed, idle_since=self.moment,
                lease_until=self.moment + 7 * A_DAY,
                state="available", load=0,
            )
            for who, closed in sorted(on_shift.items())
        )  # fmt: skip

    def _lacks(self, seats: tuple[Seat, ...], homes: tuple[str, ...]) -> Iterator[Lack]:
        keys = [hub.key for hub in self.service.hubs]
        for channel in self.channels:
            for what, key, kind in self._kinds(channel):
                reached = {home: self._reaches(kind, home, seats) for home in {*homes}}
                out = tuple(hub for hub, home in zip(keys, homes, strict=True) if not reached[home])
                plain = self._plainly(channel, seats, homes)
                more = tuple(hub for hub in out if what == "anyone" or hub not in plain)
                if more:
                    yield True, what, key, () if len(more) == len(keys) else more, channel
                if len(out) < len(keys) and self._untrained(what, key, channel, seats):
                    yield False, what, key, (), channel

    def _kinds(self, channel: Channel) -> Iterator[tuple[What, str, Kind]]:
        yield "anyone", "", Kind(channel)
        skills: set[str] = set()
        for crime in self.service.crimes:
            kind = Kind(channel, crime=crime.key)
            if crime.key in self.rules.volunteers_never:
                yield "crime", crime.key, kind
            skill = self.rules.skill_for_crime.get(crime.key, "")
            if skill and skill not in skills:
                skills.add(skill)
                yield "skill", skill, kind
        if self.rules.skill_for_age:
            yield "under18", self.rules.skill_for_age["under18"], Kind(channel, age="under18")
        for language in self.languages:
            yield "language", language, Kind(channel, language=language)

    def _plainly(
        self, channel: Channel, seats: tuple[Seat, ...], homes: tuple[str, ...]
    ) -> frozenset[str]:
        """The hubs from which no contact of this channel finds anyone, whatever it asks for."""
        return frozenset(
            hub.key
            for hub, home in zip(self.service.hubs, homes, strict=True)
            if not self._reaches(Kind(channel), home, seats)
        )

    def _untrained(self, what: What, key: str, channel: Channel, seats: tuple[Seat, ...]) -> bool:
        """Nobody on shift has what is asked for. Some kinds ask for nothing of the sort."""
        there = [seat for seat in seats if channel in seat.channels and channel not in seat.closing]
        match what:
            case "skill" | "under18":
                return not any(key in seat.skills for seat in there)
            case "language":
                return not any(key in seat.languages for seat in there)
            case "anyone" | "crime":
                return False

    def _reaches(self, kind: Kind, home: str, seats: tuple[Seat, ...]) -> bool:
        """Whether this contact, alone in line, is offered to somebody before the ladder ends.

        The hour is settled by who is there and by `home`, so hubs that reach the same people, at
        whatever hour, share one walk.
        """
        on_ladder = hubs_up_to(home, self.rules, len(self.rules.ladder) - 1)
        there = tuple(seat for seat in seats if seat.hub in on_ladder)
        alike = (kind, tuple((seat.staff, seat.closing) for seat in there))
        if alike not in self._walked:
            self._walked[alike] = walks(self.rules, kind, home, there, self.moment)
        return self._walked[alike]


def walks(rules: Rules, kind: Kind, home: str, seats: tuple[Seat, ...], now: datetime) -> bool:
    """One contact, one walk up the ladder: True when somebody is asked before its end."""
    waiting = Waiting(
        contact="tonight", channel=kind.channel, hub=home, queued_at=now, service=rules.service,
        crime=kind.crime, language=kind.language, age=kind.age,
    )  # fmt: skip
    for _ in range(LONGEST_WALK):
        (decided,) = decide(Board(rules, (waiting,), seats), now)
        if isinstance(decided, Offer):
            return True
        if isinstance(decided, Overflow):
            return False
        if not isinstance(decided, Climb):
            now = min(decided.until, now + timedelta(seconds=rules.interpreter_after))
        waiting = replace(waiting, rung=decided.rung, rung_until=decided.until)
    return False


def channels_of(service: Service) -> tuple[Channel, ...]:
    """The channels this service is reached by."""
    lines: set[str] = {channel for line in service.lines for channel in line.channels}
    wanted: tuple[Channel, ...] = ("chat", "voice", "sms")
    return tuple(each for each in wanted if each in lines or (each == "chat" and service.sites))


def _marks(
    service: Service, spells: Mapping[str, Sequence[Spell]], frm: datetime, to: datetime
) -> list[datetime]:
    """Every moment at which somebody comes, goes or takes nothing new, or a hub opens or closes."""
    marks = {frm, to}
    for spell in (spell for theirs in spells.values() for spell in theirs):
        marks |= {spell.start, spell.end, *(spell.end - before for before in BEFORE.values())}
    zone = ZoneInfo(service.zone)
    day = frm.astimezone(zone).date() - A_DAY
    while day <= to.astimezone(zone).date():
        for hub in service.hubs:
            for at in hub.hours or ():
                marks.add(datetime.combine(day, at, tzinfo=zone).astimezone(frm.tzinfo))
        day += A_DAY
    return sorted(mark for mark in marks if frm <= mark <= to)
