"""The record of a call, as its page tells it: who was on the line, what was held, and what somebody
who could not speak answered. What is not known here by name is told by its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.cases.marks import Mark
from app.definition.model import Service
from widgets.console import pages

ANSWERS = {"yes": "Yes", "no": "No", "nothing": "Nothing heard"}
OTHERS = {"system": "The line", "caller": "The caller"}


@dataclass(frozen=True)
class Line:
    at: str
    who: str
    words: str


def told(marks: Sequence[Mark], names: Mapping[str, str], service: Service) -> list[Line]:
    """In order. `names` is staff id to a name."""
    return [
        Line(
            pages.local(mark.at, service).strftime("%H:%M:%S"),
            names.get(mark.by, OTHERS.get(mark.by, "Staff")),
            _words(mark),
        )
        for mark in marks
    ]


def _words(mark: Mark) -> str:
    if mark.kind == "answer":
        return f"Heard: {ANSWERS.get(mark.about, mark.about)}. Asked: {mark.said}"
    words = f"{mark.kind} {mark.about}".strip().capitalize()
    return f"{words}: {mark.said}" if mark.said else f"{words}."
