"""The clockwork of the ladder: on which rung a contact stands, until when, and why it moved (S2).

A rung is left when its time is up, and at once when nobody on it could ever take the contact. The
last rung never ends: the person is told again each time its deadline passes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from app.definition.model import Rung
from routing.model import OverflowKind, Rules, Waiting
from routing.reasons import ClimbWhy

Staffed = Callable[[Waiting, int], Literal["yes", "nobody", "asked"]]
"""Of a staffed rung: could somebody on it take the contact, or why not."""


class Standing(NamedTuple):
    """Where a contact stands after this moment. `moved` is why, None when it stays."""

    rung: int
    until: datetime
    moved: ClimbWhy | None = None
    left: int = 0


def stand(waiting: Waiting, rules: Rules, now: datetime, staffed: Staffed) -> Standing:
    """Where this contact stands now. It may pass several rungs in one look."""
    ladder = rules.ladder
    last = len(ladder) - 1
    rung = left = waiting.rung if waiting.rung < last else last
    until = waiting.rung_until
    moved: ClimbWhy | None = None
    if until is None:
        until, moved = deadline(rules, rung, now), "arrived"
    elif until <= now:
        moved, rung = "time", min(rung + 1, last)
        until = deadline(rules, rung, now)
    while rung < last and not is_overflow(ladder[rung]):
        match staffed(waiting, rung):
            case "yes":
                break
            case "nobody" | "asked" as why:
                moved, left, rung = why, rung, rung + 1
                until = deadline(rules, rung, now)
    return Standing(rung, until, moved, left)


def deadline(rules: Rules, rung: int, now: datetime) -> datetime:
    """When a contact put on this rung now is looked at again. The end has its own rhythm."""
    seconds = rules.ladder[rung].seconds or rules.tell_again
    return now + timedelta(seconds=seconds)


def is_overflow(rung: Rung) -> bool:
    """Whether this rung is an answer in itself, not a hub that is asked."""
    return rung.kind in ("numbers", "message")


def overflow_kind(waiting: Waiting) -> OverflowKind:
    """A caller is put through to a number; who writes gets a message with the number."""
    return "numbers" if waiting.channel == "voice" else "message"


def hub_on(home: str, rules: Rules, rung: int) -> str | None:
    """The hub this rung asks, None when it is an answer in itself."""
    match rules.ladder[rung].kind:
        case "home":
            return home or rules.central
        case "central":
            return rules.central
        case "numbers" | "message":
            return None


def hubs_up_to(home: str, rules: Rules, rung: int) -> tuple[str, ...]:
    """The hubs that may take it on this rung, nearest first: each hub once asked stays so."""
    hubs: list[str] = []
    for each in range(rung + 1):
        hub = hub_on(home, rules, each)
        if hub is not None and hub not in hubs:
            hubs.append(hub)
    return tuple(hubs)
