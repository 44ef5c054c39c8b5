"""Marks: a phrase in the code that the catalogue translates. English is the source. Pure.

`make words` finds them by these names, so write the words out inside the brackets.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """`many` is the English plural, "" when nothing is counted. `context` parts equal words."""

    text: str
    many: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


def phrase(text: str) -> Message:
    return Message(text)


def phrase_in(context: str, text: str) -> Message:
    """The same English words may need two translations: the context says which is meant."""
    return Message(text, context=context)


def counted(one: str, many: str) -> Message:
    """Words around {n}, in as many forms as a language has."""
    return Message(one, many)
