"""Which of the carrier's spellings are a person's number, and which are no number at all (S6).

A withheld caller never becomes a number: every withheld caller would match every other.
"""

import re
from typing import Final

from app.definition.number import is_freephone, why_not

E164: Final = re.compile(r"\+[1-9]\d{6,14}\Z")

# "ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE" and "INF", typed on a keypad.
KEYPAD_SPELLINGS: Final = frozenset(
    {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"}
)


MOBILE: Final = re.compile(r"\+447[1-9]\d{8}\Z")
RELAYED: Final = re.compile(r"(\+?44|0)?1800[0-2]")
"""18000 is the emergency relay, 18001 and 18002 come before a number dialled through it."""


def is_relay(spelling: str | None) -> bool:
    """Whether a calling number is spelled as the relay service's own."""
    return bool(RELAYED.match((spelling or "").strip()))


def may_be_rung(to: str) -> bool:
    """A number, or the browser of somebody on shift; never a withheld caller's spelling."""
    return number_of(to) is not None or to.startswith("client:")


def reach(number: str | None) -> str:
    """How a number may be asked for: "" not at all, "ring", or "ring text" for a British mobile.

    A landline would read a text aloud, to whoever is in the house; 070 is no mobile.
    """
    if number is None or why_not(number) is not None or is_freephone(number):
        return ""
    return "ring text" if MOBILE.match(number) else "ring"


def number_of(spelling: str | None) -> str | None:
    """The E.164 number in `spelling`, or None when the caller withheld it or it is not a number.

    Words ("anonymous", "Restricted", ""), browser identities ("client:…") and SIP addresses are
    not numbers.
    """
    if spelling is None:
        return None
    number = spelling.strip()
    if number in KEYPAD_SPELLINGS or is_relay(number) or not E164.match(number):
        return None
    return number
