"""Bent frames through the real parse and the real session, in memory: nothing may raise (S9).

Each is read, or ends in a typed error or a close code, of those that chat/PROTOCOL.md names.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.cases.model import VISITOR as VISITOR_SENDER
from chat import frames
from chat.session import Close, Effect, Enter, Entry, Fetch, Session, Store, Tell
from tests.proof.mutations import CONSOLE, HEX, VISITOR, Frame, Raw, bent
from widgets.console import asking

PROTOCOL = (Path(__file__).parents[2] / "chat" / "PROTOCOL.md").read_text(encoding="utf-8")
CODES = frozenset(re.findall(r"^\| `([a-z_]+)` \|", PROTOCOL.partition("### error")[2], re.M)) - {
    "code"
}
CLOSES = frozenset(int(code) for code in re.findall(r"\b(1\d{3}|4\d{3})\b(?=[, |])", PROTOCOL))
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIFE = 12
"""Frames to one session before the next begins."""


ROOM = f"{asking.__package__}."
"""Where everything a desk may ask is written."""


class Fell(AssertionError):
    """A frame that was not borne. Run the same seed and number again to see it."""

    def __init__(self, seed: int, number: int, raw: Raw, why: object) -> None:
        shown = repr(raw) if len(raw) < 600 else f"{raw[:600]!r} … {len(raw)} long"
        super().__init__(f"seed {seed}, frame {number}: {why!r}\n{shown}")


@dataclass
class Count:
    """What became of the frames: read, an error code, or a close code."""

    ends: Counter[str] = field(default_factory=Counter)

    @property
    def frames(self) -> int:
        return sum(self.ends.values())

    def __str__(self) -> str:
        return ", ".join(f"{what} {count:,}" for what, count in self.ends.most_common())


Parse = Callable[[Raw], object]
FACES: tuple[tuple[str, Parse, tuple[Frame, ...], str], ...] = (
    ("visitor", frames.parse, VISITOR, VISITOR_SENDER),
    ("console", asking.parse, CONSOLE, "staff:m"),
)


def in_memory(seed: int, first: int, count: int) -> Count:
    """So many frames, from number `first` on. Raises Fell."""
    counted = Count()
    session, number = None, first
    for number in range(first, first + count):
        face = (number // LIFE) % 2
        if number % LIFE == 0 or session is None or session.closed:
            session = _Peer(face, entered=number % 36 >= LIFE)
        raw = bent(FACES[face][2], seed, number)
        try:
            counted.ends[session.bears(raw, NIGHT + timedelta(milliseconds=300 * number))] += 1
        except Exception as problem:
            raise Fell(seed, number, raw, problem) from problem
    return counted


class _Peer:
    """A session whose shell answers everything at once."""

    def __init__(self, face: int, *, entered: bool) -> None:
        _, self._parse, self._samples, me = FACES[face]
        self._session = Session(me)
        self.closed = False
        if entered:
            self._carry(self._session.receive(frames.Hello(frames.VERSION, "t"), NIGHT), Counter())

    def bears(self, raw: Raw, now: datetime) -> str:
        frame = self._parse(raw)
        told: Counter[str] = Counter()
        if isinstance(frame, frames.Problem | frames.FromVisitor):
            self._carry(self._session.receive(frame, now), told)
        elif not type(frame).__module__.startswith(ROOM):
            raise AssertionError(f"parsed as {type(frame)}")
        if isinstance(frame, frames.Problem) and not told:
            raise AssertionError("a problem that nobody was told of")
        return max(told, default="read")

    def _carry(self, effects: list[Effect], told: Counter[str]) -> None:
        for effect in effects:
            match effect:
                case Tell(frames.Error() as error):
                    assert error.code in CODES, f"no such code: {error.code}"
                    assert error.words, "an error without words"
                    told[error.code] += 1
                    json.loads(frames.dump(error))
                case Tell(frame):
                    json.loads(frames.dump(frame))
                case Close(code):
                    assert code in CLOSES, f"no such close code: {code}"
                    told[f"closed {code}"] += 1
                    self.closed = True
                case Enter():
                    self._carry(self._session.entered(Entry("C", "t", HEX, 3, "08081")), told)
                case Store(client_id):
                    self._carry(self._session.stored(client_id, HEX, 4, NIGHT), told)
                case Fetch():
                    self._carry(self._session.page([], {}), told)
                case _:
                    pass
