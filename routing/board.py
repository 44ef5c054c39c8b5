"""Seats as bit masks: the present seats of one hub, ready to be asked in the order of idleness.

One Python int per skill, language, channel and free-places level, kept for each hub by itself. A
bit's position is the seat's idle rank, so the lowest set bit is the longest idle; a seat that is
given work moves to a new top bit. Exact, without stale entries, nearly flat in the number of seats.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from routing.model import Board, Channel, Seat

WHOLE = 0
"""The level of a seat with every place free: what a call needs."""
VOLUNTEER = "volunteer"

Mark = str
"""One thing a seat is asked for by: a language, a skill, a gender, a channel."""


def on_duty(seat: Seat, now: datetime) -> bool:
    """Whether this seat counts at all: not off line, and seen within its lease."""
    return seat.state != "offline" and seat.lease_until > now


def at_desk(seat: Seat, now: datetime) -> bool:
    """On duty, not resting, and not silent to two offers."""
    return on_duty(seat, now) and seat.state != "break" and not seat.checking


def supervised(seat: Seat, staff: Mapping[str, Seat], now: datetime) -> bool:
    """A volunteer is never alone: the named supervisor, an employed one, is at a desk."""
    if seat.role != VOLUNTEER:
        return True
    by = staff.get(seat.supervisor)
    return by is not None and by.role != VOLUNTEER and by.vetted and at_desk(by, now)


def floors_of(board: Board, now: datetime) -> dict[str, "Floor"]:
    """The floor of each hub that has somebody who may work, the paused hubs left out."""
    staff = {seat.staff: seat for seat in board.seats}
    hubs: dict[str, list[Seat]] = {}
    for seat in board.seats:
        if (
            seat.vetted
            and on_duty(seat, now)
            and seat.hub not in board.paused
            and supervised(seat, staff, now)
        ):
            hubs.setdefault(seat.hub, []).append(seat)
    rules = board.rules
    return {hub: Floor(seats, rules.language, hub, rules.named(hub)) for hub, seats in hubs.items()}


class Floor:
    """The seats of one hub that may work, as they stand within one pass.

    A seat is spoken of by its number, which never changes; `place` is its bit, which does.
    """

    __slots__ = (
        "_at",
        "_highest",
        "_marks",
        "_on",
        "_place",
        "away",
        "free",
        "hub",
        "load",
        "marked",
        "name",
        "number",
        "resting",
        "seats",
        "taken",
    )

    def __init__(self, seats: Iterable[Seat], tongue: str, hub: str = "", name: str = "") -> None:
        self.hub = hub
        self.name = name
        self.seats = sorted(seats, key=lambda seat: (seat.idle_since, seat.staff))
        self.number = {seat.staff: number for number, seat in enumerate(self.seats)}
        self.load = [seat.load for seat in self.seats]
        self.taken: set[str] = set()
        self._highest = max((seat.capacity for seat in self.seats), default=0)
        self._marks = [_marks(seat, tongue) for seat in self.seats]
        self._on = [self._levels(number) for number in range(len(self.seats))]
        self._at = list(range(len(self.seats)))
        self._draw()

    def having(self, mark: Mark) -> int:
        """Everyone here with this mark, whatever they carry."""
        return self.marked.get(mark, 0)

    def fit(self, takes: Mark, *, employed: bool) -> int:
        """Everyone who may take such a contact now or later; `employed`: but for volunteers."""
        mask = self.marked.get(takes, 0)
        return mask & ~self.marked.get(VOLUNTEER, 0) if employed else mask

    def open(self, level: int) -> int:
        """Everyone with room this moment. `level` is that of `level_of`."""
        return self.free[level if level <= self._highest else WHOLE]

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

    def among(self, mask: int) -> list[int]:
        """The numbers of the seats in `mask`, the longest idle first."""
        found: list[int] = []
        while mask:
            found.append(self.longest_idle(mask))
            mask &= mask - 1
        return found

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
        if top > 3 * len(self.seats) + 256:
            self._redraw(number)
            return
        self._place[number] = top
        self._at.append(number)
        new = 1 << top
        both = old | new
        marked = self.marked
        for mark in self._marks[number]:
            marked[mark] ^= both
        for level in levels:
            free[level] |= new

    def _levels(self, number: int) -> range:
        """The levels this seat is on: none unless it is available and off the phone.

        A seat with every place free is on all of them: it takes a heavy contact whole.
        """
        seat, load = self.seats[number], self.load[number]
        if seat.state != "available" or seat.checking or seat.on_call or load >= seat.capacity:
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
        marked: dict[Mark, bytearray] = {}
        resting, away = bytearray(width), bytearray(width)
        self._place = [0] * size
        for place, number in enumerate(self._at):
            self._place[number] = place
            seat = self.seats[number]
            byte, bit = place >> 3, 1 << (place & 7)
            for mark in self._marks[number]:
                marked.setdefault(mark, bytearray(width))[byte] |= bit
            for level in self._on[number]:
                free[level][byte] |= bit
            if seat.state == "break":
                resting[byte] |= bit
            if seat.state == "break" or seat.checking:
                away[byte] |= bit
        self.marked = {mark: _whole(drawn) for mark, drawn in marked.items()}
        self.free = [_whole(drawn) for drawn in free]
        self.resting, self.away = _whole(resting), _whole(away)


def takes(channel: str) -> Mark:
    """May be given this channel at all."""
    return f"takes {channel}"


def speaks(language: str) -> Mark:
    return f"speaks {language}"


def holds(skill: str) -> Mark:
    return f"holds {skill}"


def is_a(gender: str) -> Mark:
    return f"is {gender}"


def _marks(seat: Seat, tongue: str) -> tuple[Mark, ...]:
    """All that a seat is asked for by. A channel that closes with the shift is not among it."""
    return (
        *(takes(each) for each in seat.channels - seat.closing),
        *((VOLUNTEER,) if seat.role == VOLUNTEER else ()),
        *(speaks(each) for each in seat.languages or (tongue,)),
        *(holds(each) for each in seat.skills),
        *((is_a(seat.gender),) if seat.gender else ()),
    )


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
