"""Seats as bit masks: the present seats of one hub, ready to be asked in the order of idleness.

One Python int per skill, language, channel and free-places level, kept for each hub by itself. A
bit's position is the seat's idle rank, so the lowest set bit is the longest idle; a seat that is
given work moves to a new top bit. Exact, without stale entries, nearly flat in the number of seats.
"""

from collections.abc import Iterable
from datetime import datetime

from routing.model import Board, Channel, Seat

WHOLE = 0
"""The level of a seat with every place free: what a call needs."""


def on_duty(seat: Seat, now: datetime) -> bool:
    """Whether this seat counts at all: not off line, and seen within its lease."""
    return seat.state != "offline" and seat.lease_until > now


def floors_of(board: Board, now: datetime) -> dict[str, "Floor"]:
    """The floor of each hub that has somebody on duty."""
    hubs: dict[str, list[Seat]] = {}
    for seat in board.seats:
        if on_duty(seat, now):
            hubs.setdefault(seat.hub, []).append(seat)
    return {hub: Floor(seats, board.rules.language) for hub, seats in hubs.items()}


class Floor:
    """The seats of one hub that are on duty, as they stand within one pass.

    A seat is spoken of by its number, which never changes; `place` is its bit, which does.
    """

    __slots__ = (
        "_at",
        "_highest",
        "_on",
        "_place",
        "away",
        "channel",
        "free",
        "language",
        "load",
        "number",
        "seats",
        "skill",
        "taken",
        "tongue",
    )

    def __init__(self, seats: Iterable[Seat], tongue: str) -> None:
        self.seats = sorted(seats, key=lambda seat: (seat.idle_since, seat.staff))
        self.tongue = tongue
        self.number = {seat.staff: number for number, seat in enumerate(self.seats)}
        self.load = [seat.load for seat in self.seats]
        self.taken: set[str] = set()
        self._highest = max((seat.capacity for seat in self.seats), default=0)
        self._on = [self._levels(number) for number in range(len(self.seats))]
        self._at = list(range(len(self.seats)))
        self._draw()

    def could(self, channel: Channel, language: str) -> int:
        """Everyone who may take such a contact now or later: on duty, whatever they carry."""
        mask = self.channel.get(channel, 0)
        return mask & self.language.get(language, 0) if language else mask

    def open(self, channel: Channel, level: int, language: str) -> int:
        """Everyone who may take such a contact this moment. `level` is that of `level_of`."""
        mask = self.free[level if level <= self._highest else WHOLE] & self.channel.get(channel, 0)
        return mask & self.language.get(language, 0) if language else mask

    def only(self, staff: Iterable[str]) -> int:
        """The mask of these people, those of them who are here."""
        mask = 0
        for one in staff:
            if (number := self.number.get(one)) is not None:
                mask |= 1 << self._place[number]
        return mask

    def bit(self, number: int) -> int:
        """The mask of this one seat."""
        return 1 << self._place[number]

    def longest_idle(self, mask: int) -> int:
        """The number of the seat in `mask` that has been idle longest. `mask` is not empty."""
        return self._at[(mask & -mask).bit_length() - 1]

    def take(self, number: int, channel: Channel, weight: int) -> int:
        """Give this seat a contact; it becomes the last to be asked. Returns the places used."""
        seat = self.seats[number]
        used = places_for(seat, channel, weight)
        self.taken.add(seat.staff)
        self._carry(number, self.load[number] + used)
        return used

    def give_back(self, number: int, places: int) -> None:
        """Free these places of the seat, whose idle time starts again."""
        self._carry(number, self.load[number] - places)

    def _carry(self, number: int, load: int) -> None:
        """Set the load, and move the seat to a new top bit. A full seat keeps its old one."""
        old, free = 1 << self._place[number], self.free
        for level in self._on[number]:
            free[level] ^= old
        self.load[number] = load
        levels = self._on[number] = self._levels(number)
        if not levels:
            return
        top = len(self._at)
        if top > 2 * len(self.seats) + 64:
            self._redraw(number)
            return
        self._place[number] = top
        self._at.append(number)
        new = 1 << top
        both = old | new
        seat = self.seats[number]
        for name in seat.channels:
            self.channel[name] ^= both
        for name in seat.languages or (self.tongue,):
            self.language[name] ^= both
        for name in seat.skills:
            self.skill[name] ^= both
        for level in levels:
            free[level] |= new

    def _levels(self, number: int) -> range:
        """The levels this seat is on: none unless it is available and off the phone.

        A seat with every place free is on all of them: it takes a heavy contact whole.
        """
        seat, load = self.seats[number], self.load[number]
        if seat.state != "available" or seat.on_call or load >= seat.capacity:
            return range(0)
        return range(self._highest + 1) if load == 0 else range(1, seat.capacity - load + 1)

    def _redraw(self, last: int) -> None:
        """Close the gaps that moving leaves, so that the masks stay short."""
        place = self._place
        self._at = sorted((n for n in range(len(self.seats)) if n != last), key=place.__getitem__)
        self._at.append(last)
        self._draw()

    def _draw(self) -> None:
        size = len(self.seats)
        width = size // 8 + 1
        free = [bytearray(width) for _ in range(self._highest + 1)]
        channel: dict[str, bytearray] = {}
        language: dict[str, bytearray] = {}
        skill: dict[str, bytearray] = {}
        away = bytearray(width)
        self._place = [0] * size
        for place, number in enumerate(self._at):
            self._place[number] = place
            seat = self.seats[number]
            byte, bit = place >> 3, 1 << (place & 7)
            for name in seat.channels:
                channel.setdefault(name, bytearray(width))[byte] |= bit
            for name in seat.languages or (self.tongue,):
                language.setdefault(name, bytearray(width))[byte] |= bit
            for name in seat.skills:
                skill.setdefault(name, bytearray(width))[byte] |= bit
            for level in self._on[number]:
                free[level][byte] |= bit
            if seat.state == "break":
                away[byte] |= bit
        self.channel = {name: _whole(drawn) for name, drawn in channel.items()}
        self.language = {name: _whole(drawn) for name, drawn in language.items()}
        self.skill = {name: _whole(drawn) for name, drawn in skill.items()}
        self.free = [_whole(drawn) for drawn in free]
        self.away = _whole(away)


def level_of(channel: Channel, weight: int) -> int:
    """The free-places level a contact needs: a call needs a whole seat."""
    if channel == "voice":
        return WHOLE
    return weight if weight > 1 else 1


def places_for(seat: Seat, channel: Channel, weight: int) -> int:
    """How many places of this seat a contact takes. One heavier than the seat takes it whole."""
    if channel == "voice" or weight >= seat.capacity:
        return seat.capacity
    return weight if weight > 1 else 1


def _whole(drawn: bytearray) -> int:
    return int.from_bytes(drawn, "little")
