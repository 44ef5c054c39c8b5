"""From the text of a definition to a Service, or everything that is wrong with it. Pure.

Each Problem names file, line and what to do; all of them are told at once.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from app.definition import shape
from app.definition.model import Service
from app.definition.problem import DefinitionProblems, Problem
from app.definition.reading import Reading, Table
from app.definition.rules.asking import check_asking
from app.definition.rules.hubs import check_hubs
from app.definition.rules.keys import check_keys
from app.definition.rules.ladder import check_ladder, check_timings
from app.definition.rules.lines import check_lines
from app.definition.rules.lots import check_lots
from app.definition.rules.sites import check_sites
from app.definition.rules.speech import check_code_phrase, check_speech

__all__ = ["DefinitionProblems", "Problem", "check", "parse"]

_AT_LINE = re.compile(r" ?\(at line (\d+), column (\d+)\)$")


def check(text: str, file: str) -> Service | list[Problem]:
    """The service this text defines, or its problems in the order of the file."""
    values = parse(text, file)
    if isinstance(values, Problem):
        return [values]
    reading = Reading(file, text)
    service = shape.service(Table(reading, values))
    for rule in (
        check_keys,
        check_hubs,
        check_lines,
        check_sites,
        check_ladder,
        check_asking,
        check_timings,
        check_lots,
        check_code_phrase,
        check_speech,
    ):
        rule(service, reading)
    return reading.problems or service


def parse(text: str, file: str) -> dict[str, Any] | Problem:
    """The tables of a TOML text, or where it stops being TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = _AT_LINE.search(said)
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        what = _AT_LINE.sub("", said).removesuffix(" (at end of document)").rstrip(".")
        return Problem(file, line, f"This is not TOML: {_lowered(what)}.", _remedy(what))
    except (ValueError, RecursionError):
        return Problem(
            file, 0, "A number is too long, or brackets are too deep.", "Write it in plain TOML."
        )


def _lowered(what: str) -> str:
    return what[:1].lower() + what[1:]


def _remedy(what: str) -> str:
    """What usually helps, by what tomllib says."""
    if "twice" in what or "overwrite" in what or "already" in what:
        return "It is there twice: take one out, or begin a list of tables with [[name]]."
    if "'='" in what or "key" in what.lower():
        return 'Write it as name = value, as in key = "cumbria".'
    if "value" in what.lower():
        return 'Put text in double quotes, as in name = "Penrith"; write numbers without.'
    return "Look for a quote or a bracket that is not closed on this line or above."
