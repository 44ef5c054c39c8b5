"""Phone numbers a definition may name: E.164, British, and free or ordinary to call. Pure."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberType

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_FICTION = re.compile(r"\+44(1632960|7700900|8081570)[0-9]{3}")
"""Ranges Ofcom keeps free for drama: no real telephone rings. Examples and demos use them."""
_HOME = frozenset({"GB", "GG", "JE", "IM"})
_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.UAN,
        PhoneNumberType.VOIP,
    }
)
_FREEPHONE = re.compile(r"\+44(800|808)[0-9]+")


def why_not(number: str) -> str | None:
    """Why a number cannot be used, as the end of a sentence; None when it can."""
    if not _E164.fullmatch(number):
        return "is not in international form"
    if _FICTION.fullmatch(number):
        return None
    parsed = phonenumbers.parse(number)
    if not phonenumbers.is_valid_number(parsed):
        return "is not a number anyone can ring"
    if phonenumbers.region_code_for_number(parsed) not in _HOME:
        return "is not a British number"
    if phonenumbers.number_type(parsed) not in _ORDINARY:
        return "costs the caller extra"
    return None


def is_freephone(number: str) -> bool:
    """0800 and 0808: free to ring, and unable to carry a text."""
    return _FREEPHONE.fullmatch(number) is not None


def shown(number: str) -> str:
    """How a British reader expects to see the number: 08081 570 142, 01632 960 201."""
    if _FICTION.fullmatch(number):
        digits = "0" + number[3:]
        return f"{digits[:5]} {digits[5:8]} {digits[8:]}"
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def same_number(shown: str, number: str) -> bool:
    """Whether what is shown, with its spaces and its leading 0, is this E.164 number."""
    digits = re.sub(r"[\s().-]", "", shown)
    return digits == number or (digits.startswith("0") and "+44" + digits[1:] == number)
