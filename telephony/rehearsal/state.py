"""What the exchange knows: calls and where they are, rooms, queues, texts, errands under way.

Pure state, changed only by the exchange's own rooms while one step is played.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from telephony.rehearsal import verbs as v
from telephony.rehearsal.values import Callback, Params


class Kind(StrEnum):
    """Whose document it is: the call's own, or one played aside while it is in some place."""

    CALL = "call"
    QUEUE = "queue wait"
    ROOM = "room wait"
    HOLD = "hold"
    WHISPER = "whisper"


@dataclass(slots=True)
class Gathering:
    verb: v.Gather
    digits: str = ""
    inside: int = 0
    listening: bool = False


@dataclass(slots=True)
class Recorder:
    """A message being spoken. `heard_until`: until when its words so far last."""

    verb: v.Record
    sid: str
    since: float
    heard_until: float = 0.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that lies with the carrier until it is deleted."""

    sid: str
    call: str
    created: float
    seconds: int
    words: str


@dataclass(slots=True)
class Script:
    """A document being played. `index` is the next verb; `again` repeats the one before."""

    kind: Kind
    url: str
    method: str
    verbs: tuple[v.Verb, ...]
    rescue: bool = False
    index: int = 0
    again: int = 0
    gathering: Gathering | None = None
    recorder: Recorder | None = None


@dataclass(frozen=True, slots=True)
class InQueue:
    queue: str
    verb: v.Enqueue


@dataclass(frozen=True, slots=True)
class InRoom:
    """`dial` is None for a participant added by REST: they have no document to go back to."""

    room: str
    dial: v.Dial | None


@dataclass(frozen=True, slots=True)
class Dialling:
    verb: v.Dial
    children: tuple[str, ...]
    winner: str | None = None
    bridged: float | None = None


Place: TypeAlias = InQueue | InRoom | Dialling


@dataclass(frozen=True, slots=True)
class ToUrl:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class ToVerbs:
    verbs: tuple[v.Verb, ...]


@dataclass(frozen=True, slots=True)
class ToRoom:
    room: str
    noun: v.Conference


@dataclass(frozen=True, slots=True)
class ToParent:
    number: v.Number


WhenAnswered: TypeAlias = ToUrl | ToVerbs | ToRoom | ToParent


@dataclass(slots=True)
class Call:
    """One leg between a phone and the exchange. `phone` is the handset that holds it."""

    sid: str
    phone: str
    from_: str
    to: str
    direction: str
    created: float
    then: WhenAnswered | None = None
    parent: str | None = None
    status: str = "queued"
    answered: float | None = None
    ended: float | None = None
    timeout: int = 60
    fallback: str | None = None
    callback: Callback | None = None
    sequence: int = 0
    detects: bool = False
    """MachineDetection=Enable: the document is asked for once it is known who answered."""
    answered_by: str = ""
    main: Script | None = None
    aside: Script | None = None
    place: Place | None = None
    awaiting: int = 0
    alarm: int = 0
    ring_alarm: int = 0
    limit_alarm: int = 0
    asked_at_once: int = 0
    ringing_in: bool = False

    @property
    def live(self) -> bool:
        return self.ended is None

    @property
    def talking(self) -> bool:
        """Joined to another person, or in a room with one."""
        return isinstance(self.place, InRoom) or (
            isinstance(self.place, Dialling) and self.place.bridged is not None
        )


@dataclass(slots=True)
class Seat:
    """A participant of a conference."""

    call: str
    start_on_enter: bool
    end_on_exit: bool
    muted: bool
    hold: bool = False
    label: str = ""
    coach: str = ""
    joined: bool = False
    created: float = 0.0


@dataclass(slots=True)
class Room:
    sid: str
    name: str
    created: float
    status: str = "init"
    seats: dict[str, Seat] = field(default_factory=dict)
    callback: Callback | None = None
    sequence: int = 0
    why_ended: str = ""
    ended_by: str = ""

    @property
    def live(self) -> bool:
        return self.status != "completed"


@dataclass(slots=True)
class Queue:
    sid: str
    name: str
    created: float
    members: dict[str, float] = field(default_factory=dict)
    max_size: int = 1000
    waits: deque[float] = field(default_factory=lambda: deque(maxlen=20))

    def average(self) -> int:
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0


@dataclass(slots=True)
class TextMessage:
    sid: str
    from_: str
    to: str
    body: str
    direction: str
    created: float
    status: str
    callback: str | None = None
    error: int | None = None


@dataclass(frozen=True, slots=True)
class AskedScript:
    """A document asked for. Its answer counts only while the call still waits for this ticket."""

    call: str
    kind: Kind
    url: str
    method: str
    rescue: bool = False


@dataclass(frozen=True, slots=True)
class AskedAnnouncement:
    """Words asked for, to be said into a room: to all, or to one `call`."""

    room: str
    call: str
    url: str


@dataclass(frozen=True, slots=True)
class AskedText:
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """A callback: only its failure is of interest."""

    what: str


Errand: TypeAlias = AskedScript | AskedAnnouncement | AskedText | Told


@dataclass(frozen=True, slots=True)
class End:
    call: str
    status: str


@dataclass(frozen=True, slots=True)
class Run:
    call: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """The verb that held this call is over: ask its action URL, or play the next verb."""

    call: str
    action: str | None
    method: str
    params: Params


Step: TypeAlias = End | Run | GoOn
