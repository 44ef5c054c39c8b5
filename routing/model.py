"""Who waits, who can take work, and what may be decided: frozen values, nothing that acts.

A Board is one service at one moment. `decide` turns it into one Decision per waiting contact,
each with its reason (S2: always a next step with a deadline; R1-R8 of the router). What goes in is
a dataclass; what comes out by the ten thousand is a frozen struct, seven times quicker to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from app.definition.model import Rung, Service
from routing.reasons import Chosen, Climbed, Overflowed, Waits

Channel = Literal["chat", "voice", "sms"]
Presence = Literal["available", "busy", "wrap", "break", "offline"]
OverflowKind = Literal["numbers", "message", "promise"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a service says about routing. Times are seconds.

    `ladder` must end with an answer: "numbers", "promise" or "message"; each serves all channels.
    `skill_for_crime` and `skill_for_age` name the training a need asks for: preferred, never
    demanded. `head_start` is urgency to seconds: an urgent contact is ranked as if it had come
    that much earlier, so it goes first and yet nobody starves. A skill of level 2 is "skill.2".

    `volunteers_never` are crimes no volunteer takes. `stick` is how long a contact waits for its
    own worker, `gender_after` for a worker of the gender asked for. `queue_most`: when this many
    wait already, a newcomer is answered by the end of the ladder at once; 0 is no limit.
    """

    service: str
    central: str
    ladder: tuple[Rung, ...]
    hub_names: Mapping[str, str] = field(default_factory=dict)
    skill_for_crime: Mapping[str, str] = field(default_factory=dict)
    skill_for_age: Mapping[str, str] = field(default_factory=dict)
    head_start: Mapping[str, int] = field(default_factory=dict)
    neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    volunteers_never: frozenset[str] = frozenset()
    language: str = "en"
    interpreter_after: int = 30
    gender_after: int = 120
    stick: int = 20
    queue_most: int = 0
    ask_again: int = 30
    tell_again: int = 300

    def __post_init__(self) -> None:
        if not self.ladder or self.ladder[-1].kind not in ("numbers", "promise", "message"):
            raise ValueError("a ladder must end with numbers or a promise")

    def named(self, hub: str) -> str:
        """The hub as people say it."""
        return self.hub_names.get(hub) or hub.replace("-", " ").title()


def rules_of(service: Service) -> Rules:
    """The routing part of a service definition."""
    asked = service.routing
    return Rules(
        service=service.key,
        central=service.central.key,
        ladder=service.ladder,
        hub_names={hub.key: hub.name for hub in service.hubs},
        skill_for_crime={crime.key: crime.training for crime in service.crimes if crime.skill},
        skill_for_age={"under18": service.under18_skill} if service.under18_skill else {},
        head_start={"danger": asked.danger, "today": asked.today},
        neighbours={hub.key: hub.neighbours for hub in service.hubs if hub.neighbours},
        volunteers_never=frozenset(asked.volunteers_never),
        language=service.languages[0],
        interpreter_after=asked.interpreter,
        gender_after=asked.gender,
        stick=asked.own,
        queue_most=asked.queue_most,
        ask_again=asked.ask_again,
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """A place an advisor takes work in. `load` counts places used, open offers included.

    `idle_since` is when this seat was last given or finished work. No languages means the
    service's own. `on_call` keeps everything else away, whatever the load says.

    A skill of level 2 is two tokens, "skill" and "skill.2"; lapsed skills are left out. A
    volunteer counts while `supervisor` (staff id) is at a desk. `vetted` False: no work at all.
    `closing` are the channels no longer offered because the shift ends. `checking`: asked
    whether they are there, and not answered yet.
    """

    staff: str
    first_name: str
    hub: str
    idle_since: datetime
    lease_until: datetime
    service: str = ""
    role: str = ""
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    capacity: int = 2
    load: int = 0
    channels: frozenset[str] = frozenset({"chat", "voice", "sms"})
    state: Presence = "available"
    because: str = ""
    on_call: bool = False
    gender: str = ""
    supervisor: str = ""
    vetted: bool = True
    closing: frozenset[str] = frozenset()
    checking: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact with nobody yet and no open offer. Empty need parts are unknown.

    `rung_until` None: it has not been put on rung `rung` yet. `asked` are those who declined or
    let it lapse, the last of them at `asked_at`. `barred` must never meet this contact.
    `weight` is in places; a call takes a whole seat whatever its weight. `front` came back
    after an advisor was lost, and keeps its first `queued_at`; `returned_at` is when it did.

    `gender` of worker, when asked for. `lead` is the named lead worker, `last` the last advisor,
    or the one whose call was cut (staff ids). `barred_hubs` are tied to somebody they must not
    meet. `offer_no` is of its last offer: what is decided counts while that is so.
    """

    contact: str
    channel: Channel
    hub: str
    queued_at: datetime
    service: str = ""
    crime: str = ""
    age: str = ""
    language: str = ""
    urgency: str = ""
    front: bool = False
    rung: int = 0
    rung_until: datetime | None = None
    asked: frozenset[str] = frozenset()
    asked_at: datetime | None = None
    barred: frozenset[str] = frozenset()
    weight: int = 1
    returned_at: datetime | None = None
    gender: str = ""
    lead: str = ""
    last: str = ""
    barred_hubs: frozenset[str] = frozenset()
    offer_no: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """One service at one moment: its rules, who waits without an offer, and every seat.

    `paused` are hubs whose queue a supervisor has paused: nobody there is asked.
    """

    rules: Rules
    waiting: tuple[Waiting, ...]
    seats: tuple[Seat, ...]
    paused: frozenset[str] = frozenset()


class Offer(msgspec.Struct, frozen=True):
    """Hold this contact out to this seat; it takes `weight` of its places.

    `rung` and `until` are where the contact now stands; keep them with it.
    """

    contact: str
    staff: str
    weight: int
    rung: int
    until: datetime
    reason: Chosen
    runner_up: str | None


class Wait(msgspec.Struct, frozen=True):
    """Stay where it stands. Look again at `until` at the latest."""

    contact: str
    rung: int
    until: datetime
    reason: Waits


class Climb(msgspec.Struct, frozen=True):
    """Put the contact on `rung` until `until`. The first rung counts: a new contact climbs on."""

    contact: str
    rung: int
    until: datetime
    reason: Climbed


class Overflow(msgspec.Struct, frozen=True):
    """Nobody took it: ring the numbers (voice), or send the honest message (chat, SMS).

    "promise" is that message with the offer of a safe call-back, which somebody then owes.

    Keep `rung` and `until`: the contact stays in the queue, and a seat that frees still gets it.
    """

    contact: str
    kind: OverflowKind
    rung: int
    until: datetime
    reason: Overflowed


Decision = Offer | Wait | Climb | Overflow
