"""Outward postcode codes (`CA11`, `SW1A`) and the patterns that cover them. Pure.

Exact beats range beats area. Only the outward half is ever kept: the rest of a postcode is a
street, and no room may know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Tier = Literal["exact", "range", "area"]
TIERS: tuple[Tier, ...] = ("exact", "range", "area")

_AREAS = """
AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY
E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE
LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL
SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
AREAS = frozenset(_AREAS.split())
"""The 121 postcode areas of the United Kingdom, with Guernsey, Jersey and the Isle of Man."""

_LETTERED = frozenset({"E", "EC", "N", "NW", "SE", "SW", "W", "WC"})
"""Only inner London ends an outward code in a letter; elsewhere O and I are slips for 0 and 1."""

_CODE = re.compile(r"([A-Z]{1,2})([0-9]{1,2})([A-Z]?)")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) *(?:[0-9][A-Z]{0,2})?")
_SLIPS = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Outward:
    """CA11 is ("CA", 11, ""); SW1A is ("SW", 1, "A")."""

    area: str
    district: int
    letter: str = ""

    def __str__(self) -> str:
        return f"{self.area}{self.district}{self.letter}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """`CA11` (exact), `CA10-CA12` (range, both ends covered) or `CA*` (area)."""

    tier: Tier
    area: str
    first: int = 0
    last: int = 99
    letter: str = ""

    def covers(self, code: Outward) -> bool:
        if self.area != code.area:
            return False
        match self.tier:
            case "exact":
                return (self.first, self.letter) == (code.district, code.letter)
            case "range":
                return self.first <= code.district <= self.last
            case "area":
                return True

    def codes(self) -> tuple[Outward, ...]:
        """Every code of a range or an exact pattern; none for an area, which has no end."""
        match self.tier:
            case "exact":
                return (Outward(self.area, self.first, self.letter),)
            case "range":
                return tuple(Outward(self.area, n) for n in range(self.first, self.last + 1))
            case "area":
                return ()


def outward(text: str) -> Outward | None:
    """One outward code, written as such. None when it is not one."""
    found = _CODE.fullmatch(text)
    if found is None or found[1] not in AREAS or (len(found[2]) > 1 and found[2][0] == "0"):
        return None
    if found[3] and (found[1] not in _LETTERED or len(found[2]) > 1):
        return None
    return Outward(found[1], int(found[2]), found[3])


def outward_in(said: str) -> Outward | None:
    """The outward code at the start of what somebody typed, whole postcode or not.

    `ca11 7xx` and `CA117XX` are CA11; `CA1O` is CA10. None when it does not read as a code.
    """
    text = " ".join(re.sub(r"[^A-Z0-9 ]", " ", said.upper()).split())
    attempts = (text, _mended(text)) if any(letter.isdigit() for letter in text) else ()
    for attempt in attempts:
        found = _POSTCODE.fullmatch(attempt)
        if found and (code := outward(found[1])):
            return code
    return None


def pattern(text: str) -> Pattern | str:
    """The pattern a definition wrote, or what is wrong with it in a few words."""
    first, dash, last = (part.strip() for part in text.upper().partition("-"))
    if first.endswith("*") and not dash:
        area = first[:-1]
        return Pattern("area", area) if area in AREAS else f"there is no postcode area {area}"
    start = outward(first)
    if start is None:
        return f"{first or 'nothing'} is not an outward code"
    if not dash:
        return Pattern("exact", start.area, start.district, start.district, start.letter)
    end = outward(last)
    if end is None:
        return f"{last or 'nothing'} is not an outward code"
    if start.area != end.area:
        return "a range stays in one postcode area"
    if start.letter or end.letter:
        return "a code that ends in a letter cannot be in a range"
    if start.district >= end.district:
        return "a range goes from the lower code to the higher"
    return Pattern("range", start.area, start.district, end.district)


def patterns(texts: Iterable[str]) -> tuple[Pattern, ...]:
    """The readable patterns among these."""
    read = (pattern(text) for text in texts)
    return tuple(each for each in read if isinstance(each, Pattern))


def _mended(text: str) -> str:
    area = text[:1] if text[1:2].isdigit() else text[:2]
    return area + text[len(area) : len(area) + 2].translate(_SLIPS) + text[len(area) + 2 :]
