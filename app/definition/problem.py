"""What is wrong with a definition, and what to do about it, for the person who wrote it.

DefinitionProblems (an errors.Wrong) carries every Problem of a file at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from app.errors import Wrong


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to change. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what} {self.remedy}".rstrip()


class DefinitionProblems(Wrong):
    """A definition that cannot be used: `.problems`, in the order of the file."""

    code = "definition"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The remedy for a name that is not known: the nearest one, or all there are."""
    names = sorted(known)
    near = get_close_matches(given, names, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    if not names:
        return "Take it out: there is nothing it could name."
    return f"Use one of: {', '.join(names)}."
