"""Definitions and demo people from files: the only reading from disk in this room."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.definition.check import check
from app.definition.model import Service
from app.definition.people import Person, read_people
from app.definition.problem import DefinitionProblems, Problem

EXAMPLES = Path(__file__).parent / "examples"
SHIPPED = ("lancashire", "cumbria", "warwickshire", "durham")
MOST_BYTES = 1_000_000


def load(path: Path) -> Service:
    """The service this file defines. Raises DefinitionProblems with everything that is wrong."""
    found = check(text_of(path), path.name)
    if isinstance(found, list):
        raise DefinitionProblems(found)
    return found


def load_examples() -> dict[str, Service]:
    """The four services that ship with the product, by key."""
    return {key: load(EXAMPLES / f"{key}.toml") for key in SHIPPED}


def load_people(path: Path, services: Mapping[str, Service]) -> tuple[Person, ...]:
    """The people of this file. Raises DefinitionProblems with everything that is wrong."""
    found = read_people(text_of(path), path.name, services)
    if isinstance(found, list):
        raise DefinitionProblems(found)
    return found


def text_of(path: Path) -> str:
    """The text of a file. Raises DefinitionProblems when it is not there or is not text."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _cannot(path, "There is no such file.", "Check the path.") from None
    except IsADirectoryError:
        raise _cannot(path, "This is a folder.", "Name the .toml file in it.") from None
    except OSError:
        raise _cannot(path, "It cannot be read.", "Give this user leave to read it.") from None
    if len(content) > MOST_BYTES:
        raise _cannot(path, "It is larger than 1 MB.", "Name a definition, not another file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = "A letter here is not UTF-8."
        raise _cannot(path, what, "Save the file as UTF-8.", line) from None


def _cannot(path: Path, what: str, remedy: str, line: int = 0) -> DefinitionProblems:
    return DefinitionProblems([Problem(path.name or str(path), line, what, remedy)])
