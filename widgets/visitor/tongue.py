"""How the template speaks one language: every phrase in an element that says which phrase it is.

The script swaps those elements for the ones of another language, so that a change of language
needs no reload and loses no words. What is put into a gap stays apart from the words around it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from app.words.catalogue import Catalogue, pieces
from app.words.message import Message


@dataclass(frozen=True)
class Tongue:
    """`t("...")` for words on the page, `label("...")` for a name that is only read aloud."""

    catalogue: Catalogue

    def for_template(self) -> Mapping[str, Any]:
        return {
            "t": self.t, "raw": self.raw, "label": self.label,
            "ltr": ltr, "strong": strong, "key": key, "away": away,
        }  # fmt: skip

    def t(self, text: str, **gaps: str) -> Markup:
        words = filled(self.raw(text), gaps)
        return Markup('<span data-w="{}">{}</span>').format(mark(text), words)

    def label(self, text: str, **gaps: str) -> Markup:
        words = self.raw(text)
        for name, value in gaps.items():
            words = words.replace(f"{{{name}}}", value)
        return Markup('aria-label="{}" data-l="{}"').format(words, mark(text))

    def raw(self, text: str) -> str:
        return self.catalogue.say(Message(text))


def filled(words: str, gaps: Mapping[str, str]) -> Markup:
    """A gap holds markup of ours as it is, and any other text with its signs escaped."""
    return Markup("").join(
        escape(before) + escape(gaps.get(gap, "")) for before, gap in pieces(words)
    )


def mark(text: str) -> str:
    """The same for the same English words in every build, so that an old page finds them."""
    return hashlib.blake2s(text.encode(), digest_size=3).hexdigest()


def ltr(text: str) -> Markup:
    return Markup('<bdi class="ltr">{}</bdi>').format(text)


def strong(text: str) -> Markup:
    return Markup('<b class="ltr">{}</b>').format(text)


def key(text: str) -> Markup:
    return Markup('<kbd class="ltr">{}</kbd>').format(text)


def away(address: str, text: str) -> Markup:
    """A link to another site, which learns nothing of this page (S5)."""
    return Markup(
        '<a href="{}" target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">'
        "<bdi>{}</bdi></a>"
    ).format(address, text)
