"""Which of the carrier's spellings are a person's number, and which are no number at all (S6).

A withheld caller never becomes a number: every withheld caller would match every other.
"""

import re
from typing import Final

E164: Final = re.compile(r"\+[1-9]\d{6,14}\Z")

# "ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE" and "INF", typed on a keypad.
KEYPAD_SPELLINGS: Final = frozenset(
    {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"}
)


def number_of(spelling: str | None) -> str | None:
    """The E.164 number in `spelling`, or None when the caller withheld it or it is not a number.

    Words ("anonymous", "Restricted", ""), browser identities ("client:…") and SIP addresses are
    not numbers.
    """
    if spelling is None:
        return None
    number = spelling.strip()
    if number in KEYPAD_SPELLINGS or not E164.match(number):
        return None
    return number
