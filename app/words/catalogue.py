"""One language of the product as a frozen value: its words, its plurals, its direction. Pure.

A phrase that is missing is said in English: a stranger's words are better than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.words.message import Message

SOURCE = "en"
COUNTED = 200
"""Plural rules look at a number below 100, or at its last two figures: 200 answers hold all."""

_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`own_name` is how its speakers call it. `draft`: no speaker has checked it yet.

    `forms` has COUNTED digits: which plural form each number takes.
    """

    language: str
    own_name: str
    right_to_left: bool = False
    draft: bool = False
    forms: str = "10" + "1" * (COUNTED - 2)
    texts: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @property
    def direction(self) -> str:
        return "rtl" if self.right_to_left else "ltr"

    def say(self, message: Message) -> str:
        """The phrase with its gaps still in it."""
        return self.every_form(message)[0]

    def every_form(self, message: Message) -> tuple[str, ...]:
        """One text, or for a counted phrase one for each plural form, in the order of `forms`."""
        known = self.texts.get(message.key)
        if known:
            return known
        return (message.text, message.many) if message.many else (message.text,)

    def count(self, message: Message, n: int) -> str:
        """A counted phrase for this number."""
        texts = self.every_form(message)
        return texts[min(self.form(n), len(texts) - 1)]

    def form(self, n: int) -> int:
        return int(self.forms[n if n < 100 else 100 + n % 100])


def gaps(text: str) -> frozenset[str]:
    """The names in {brackets}."""
    return frozenset(_GAP.findall(text))


def pieces(text: str) -> list[tuple[str, str]]:
    """The text cut at its gaps: (words, the gap after them), the last gap is ""."""
    cut = _GAP.split(text)
    return list(zip(cut[::2], [*cut[1::2], ""], strict=True))


def choose(offered: Sequence[str], asked: str = "", accepts: str = "") -> str:
    """The language of a page: the one asked for, else the browser's best, else the first.

    `accepts` is an Accept-Language header (RFC 9110, 12.5.4). Case and region do not matter.
    """
    for tag in (asked, *_by_quality(accepts)):
        base = tag.strip().casefold().split("-")[0]
        if base in offered:
            return base
    return offered[0]


def _by_quality(header: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, quality = part.partition(";")
        found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", quality) if quality else None
        rank = float(found[1]) if found else (0.0 if quality else 1.0)
        if rank > 0:
            ranked.append((rank, tag))
    return [tag for _, tag in sorted(ranked, key=lambda pair: -pair[0])]
