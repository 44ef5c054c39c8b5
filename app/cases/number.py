"""A number somebody typed, for us to ring them: British and their own, else one plain sentence.

A withheld number is no number (S6). Nothing here says whose it is. Pure.
"""

from __future__ import annotations

import re

import phonenumbers

from app.definition.number import is_freephone, why_not
from app.errors import Wrong

CODE = "number"
CANNOT_RING = "We cannot ring that number. Give another, or call us."
"""The same words for a number we may not ring and one nobody could: neither says why."""
_TYPED = re.compile(r"[+(]?[0-9][0-9 ().\-]{5,25}")


def read(typed: str) -> str:
    """The number in E.164. Raises Wrong, code `number`, when we could not ring them there."""
    text = typed.strip()
    if not _TYPED.fullmatch(text):
        raise Wrong(CANNOT_RING, code=CODE)
    try:
        parsed = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise Wrong(CANNOT_RING, code=CODE) from None
    return check(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def check(number: str) -> str:
    """A number in E.164 that may be rung, as it is. Raises Wrong, code `number`."""
    if why_not(number) is not None or is_freephone(number):
        raise Wrong(CANNOT_RING, code=CODE)
    return number
