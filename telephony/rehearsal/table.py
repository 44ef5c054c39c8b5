"""The table the phones lie on: what was heard at each, and what happened between them.

Pure: it folds the exchange's effects and draws one picture of everything for the page.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.state import Call, Dialling, InQueue, InRoom
from telephony.rehearsal.values import Got, Hear, Note

Json: TypeAlias = dict[str, object]

KEPT_SPOKEN = 60
KEPT_TEXTS = 40
KEPT_EVENTS = 80
MOST_PHONES = 40


@dataclass(frozen=True, slots=True)
class Heard:
    number: int
    how: str
    words: str


@dataclass(frozen=True, slots=True)
class Texted:
    """A text on a phone: `line` is the other end, `mine` says who wrote it."""

    number: int
    line: str
    words: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Happened:
    number: int
    at: float
    note: Note


@dataclass(slots=True)
class Handset:
    number: str
    label: str
    spoken: deque[Heard] = field(default_factory=lambda: deque(maxlen=KEPT_SPOKEN))
    texts: deque[Texted] = field(default_factory=lambda: deque(maxlen=KEPT_TEXTS))


class Table:
    """Handsets by number. One that is rung and not on the table yet is laid there.

    `names` says whose a number is, for phones that are not on the table yet.
    """

    def __init__(
        self, phones: Iterable[tuple[str, str]], names: Mapping[str, str], began: float
    ) -> None:
        self.handsets = {number: Handset(number, label) for number, label in phones}
        self._names = dict(names)
        self.events: deque[Happened] = deque(maxlen=KEPT_EVENTS)
        self.errors: deque[Note] = deque(maxlen=KEPT_EVENTS)
        self.began = began
        self._count = 0

    def handset(self, number: str, label: str = "") -> Handset:
        found = self.handsets.get(number)
        if found is None:
            known = label or self._names.get(number)
            other = "A browser" if number.startswith("client:") else "Handset"
            found = Handset(number, known or f"{other} {len(self.handsets) + 1}")
            self.handsets[number] = found
            if len(self.handsets) > MOST_PHONES:
                del self.handsets[next(iter(self.handsets))]
        return found

    def hear(self, heard: Hear) -> None:
        self.handset(heard.phone).spoken.append(Heard(self._next(), heard.how, heard.words))

    def got(self, got: Got) -> None:
        text = Texted(self._next(), got.line, got.words, got.mine)
        self.handset(got.phone).texts.append(text)

    def note(self, note: Note, now: float) -> None:
        self.events.append(Happened(self._next(), now - self.began, note))
        if note.chip == "error":
            self.errors.append(note)

    def begin(self, now: float) -> None:
        """A new scene: the list counts from here."""
        self.began = now

    def picture(self, board: Switchboard, now: float) -> Json:
        """Everything the page shows. Times in seconds."""
        for call in board.calls.values():
            if call.live:
                self.handset(call.phone)
        return {
            "phones": [self._phone(board, one, now) for one in self.handsets.values()],
            "events": [
                {
                    "n": one.number,
                    "at": max(0, round(one.at)),
                    "title": self._friendly(board, one.note.title),
                    "detail": self._friendly(board, one.note.detail),
                    "chip": one.note.chip,
                }
                for one in self.events
            ],
            "armed": {
                "repeat": board.repeat_next,
                "delay": board.delay_next,
                "lose": board.lose_next,
                "refuse": bool(board.refuse_next),
                "withhold": board.withhold_next,
            },
        }

    def _phone(self, board: Switchboard, handset: Handset, now: float) -> Json:
        call = board.on_call(handset.number)
        return {
            "number": handset.number,
            "shown": shown(handset.number),
            "label": handset.label,
            "state": state(call),
            "where": where(board, call),
            "from": caller(board, call),
            "since": None if call is None else round(now - (call.answered or call.created)),
            "spoken": [
                {"n": one.number, "how": one.how, "words": one.words} for one in handset.spoken
            ],
            "texts": [
                {
                    "n": one.number,
                    "who": _name(board, one.line),
                    "words": one.words,
                    "mine": one.mine,
                }
                for one in handset.texts
            ],
        }

    def _friendly(self, board: Switchboard, words: str) -> str:
        """The same words with the names people gave to these numbers."""

        def name(found: re.Match[str]) -> str:
            number = found[0]
            if number in board.lines:
                return board.lines[number].label
            return self.handsets[number].label if number in self.handsets else shown(number)

        return re.sub(r"\+[1-9][0-9]{6,14}|client:[A-Za-z0-9_]+", name, words)

    def _next(self) -> int:
        self._count += 1
        return self._count


def state(call: Call | None) -> str:
    """`idle`, `ringing` (this phone rings), `calling` (not answered yet) or `in call`."""
    if call is None:
        return "idle"
    if call.ringing_in:
        return "ringing"
    return "calling" if call.answered is None else "in call"


def where(board: Switchboard, call: Call | None) -> str:
    """Where the call is, as the carrier sees it, in words."""
    if call is None:
        return ""
    parent = board.calls.get(call.parent or "")
    match call.place:
        case InQueue(queue):
            members = list(board.queues[queue].members)
            return f"in the queue, {members.index(call.sid) + 1} of {len(members)}"
        case InRoom(room):
            others = sum(seat.joined for seat in board.rooms[room].seats.values()) - 1
            if board.rooms[room].status == "init":
                return "in a conference that has not started"
            return "alone in a conference" if others == 0 else f"talking with {others} other"
        case Dialling(bridged=None):
            return "another phone rings"
        case Dialling():
            return "talking with 1 other"
        case None if parent is not None and isinstance(parent.place, Dialling):
            return "talking with 1 other" if parent.place.bridged else "listening first"
        case None:
            return "listening"


def caller(board: Switchboard, call: Call | None) -> str:
    """Who a rung phone is told is calling: the line's name, a number, or withheld."""
    if call is None:
        return ""
    return _name(board, call.to if call.direction == "inbound" else call.from_)


def shown(number: str) -> str:
    """A British number as people write it: 07700 900 231. A browser has none."""
    if number.startswith("client:"):
        return "In a browser"
    if not number.startswith("+44") or len(number) != 13:
        return number
    whole = "0" + number[3:]
    return f"{whole[:5]} {whole[5:8]} {whole[8:]}"


def _name(board: Switchboard, number: str) -> str:
    line = board.lines.get(number)
    if line is not None:
        return f"{line.label}, {shown(number)}"
    return "Number withheld" if number == "anonymous" else shown(number)
