"""The clockwork of the ladder: on which rung a contact stands, until when, and why it moved (S2).

A rung is left when its time is up, and at once when nobody on it could ever take the contact. The
last rung never ends: the person is told again each time its deadline passes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from app.definition.model import Rung
from routing.model import OverflowKind, Rules, Waiting
from routing.need import Need
from routing.reasons import ClimbWhy

Staffed = Callable[[Waiting, Need, int], Literal["yes", "nobody", "asked", "paused"]]
"""Of a staffed rung: could somebody on it take the contact, or why not."""


class Standing(NamedTuple):
    """Where a contact stands after this moment. `moved` is why, None when it stays."""

    rung: int
    until: datetime
    moved: ClimbWhy | None = None
    left: int = 0


def stand(
    waiting: Waiting,
    need: Need,
    rules: Rules,
    now: datetime,
    staffed: Staffed,
    *,
    full: bool = False,
) -> Standing:
    """Where this contact stands now. It may pass several rungs in one look.

    `full`: as many wait as may, so a newcomer is answered by the end of the ladder at once.
    """
    ladder = rules.ladder
    last = len(ladder) - 1
    rung = left = waiting.rung if waiting.rung < last else last
    until = waiting.rung_until
    moved: ClimbWhy | None = None
    if until is None:
        moved = "full" if full else "arrived"
        rung = last if full else rung
        until = deadline(rules, rung, now)
    elif until <= now:
        moved, rung = "time", min(rung + 1, last)
        until = deadline(rules, rung, now)
    while rung < last and not is_overflow(ladder[rung]):
        match staffed(waiting, need, rung):
            case "yes":
                break
            case "nobody" | "asked" | "paused" as why:
                moved, left, rung = why, rung, rung + 1
                until = deadline(rules, rung, now)
    return Standing(rung, until, moved, left)


def deadline(rules: Rules, rung: int, now: datetime) -> datetime:
    """When a contact put on this rung now is looked at again. The end has its own rhythm."""
    seconds = rules.ladder[rung].seconds or rules.tell_again
    return now + timedelta(seconds=seconds)


def is_overflow(rung: Rung) -> bool:
    """Whether this rung is an answer in itself, not hubs that are asked."""
    return rung.kind in ("numbers", "message", "promise")


def overflow_kind(waiting: Waiting, rung: Rung) -> OverflowKind:
    """A caller is put through to the line's numbers, whatever the rung.

    Who writes gets a message with the number, and on a promise rung the offer of a call-back.
    """
    if waiting.channel == "voice":
        return "numbers"
    return "promise" if rung.kind == "promise" else "message"


def hubs_on(home: str, rules: Rules, rung: int) -> tuple[str, ...]:
    """The hubs this rung asks, nearest first; none when it is an answer in itself."""
    match rules.ladder[rung].kind:
        case "home":
            return (home or rules.central,)
        case "neighbours":
            return rules.neighbours.get(home or rules.central, ())
        case "central":
            return (rules.central,)
        case "numbers" | "message" | "promise":
            return ()


def hubs_up_to(home: str, rules: Rules, rung: int) -> tuple[str, ...]:
    """The hubs that may take it on this rung, nearest first: each hub once asked stays so."""
    return tuple(
        dict.fromkeys(hub for each in range(rung + 1) for hub in hubs_on(home, rules, each))
    )
