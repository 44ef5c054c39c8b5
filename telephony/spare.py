"""What each webhook is answered with when the database does not answer, or not in time.

Pure: it needs the address that was asked, the form, and the line's fallback numbers in memory.
None: nobody listens to the answer, and the second's look will find out by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony import apology, documents
from telephony.verbs import Redirect, Step, Verb

LONG = 20.0
"""Seconds of trouble after which waiting callers are brought to a human number too."""


def for_caller(
    step: str,
    number: int,
    tries: int,
    form: Mapping[str, str],
    numbers: tuple[str, ...],
    line: str,
    trouble: float,
) -> tuple[Verb, ...] | None:
    """`trouble`: for how many seconds nothing has been answered as it should be."""
    match step:
        case "room" | "present":
            return None
        case "held":
            return (*apology.hold(), Redirect(Step("held", number)))
        case "wait":
            return documents.LEAVE if trouble >= LONG else apology.hold()
        case "hold" if trouble < LONG:
            return (*apology.hold(), Redirect(Step("hold", number)))
        case "whisper":
            return documents.number_whisper(number)
        case "pressed":
            return apology.pressed(form.get("Digits", ""))
        case "again" if tries and form.get("DialBridged") == "true":
            return apology.over()
        case "again":
            return apology.ring(number, tries, numbers, line)
        case _:
            return apology.ring(number, 0, numbers, line)


def for_party(step: str) -> tuple[Verb, ...] | None:
    """Nobody is left listening to nothing: they are let go, and rung again when all is well."""
    return None if step in ("status", "joined", "left") else documents.let_go("not_taken")


def for_leg(step: str, leg: int, tries: int) -> tuple[Verb, ...] | None:
    match step:
        case "status":
            return None
        case "answered":
            return documents.whisper(leg)
        case "pressed" if tries < 2:
            return documents.whisper(leg, tries + 1)
        case "pressed":
            return documents.let_go("not_taken")
        case _:
            return documents.let_go("caller_left")
