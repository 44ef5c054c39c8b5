"""Reads a parsed TOML table into typed values, and keeps every problem with its line.

Nothing raises: a value that cannot be used becomes a blank of the right type and one Problem, so
that the rest of the file is still read and everything wrong is told at once. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from app.definition.problem import Problem, did_you_mean
from app.definition.where import Path, Places

BLANK_DAY = date(1, 1, 1)

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]) ?[-–] ?([01][0-9]|2[0-3]):([0-5][0-9])")


class Reading:
    """The problems of one file. Shape says `wrong`; a rule says `breaks`, and is not heard where
    the shape is already wrong, so that one slip is told once."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._places = Places(text)
        self._wrong: set[Path] = set()
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> list[Problem]:
        return sorted(self._problems)

    def wrong(self, path: Path, what: str, remedy: str) -> None:
        self._wrong.add(path)
        self._tell(path, what, remedy)

    def breaks(self, path: Path, what: str, remedy: str) -> None:
        if not self.is_wrong(path):
            self._tell(path, what, remedy)

    def is_wrong(self, path: Path) -> bool:
        """Whether the shape of this, or of what it stands in, is wrong already."""
        return any(path[:depth] in self._wrong for depth in range(1, len(path) + 1))

    def _tell(self, path: Path, what: str, remedy: str) -> None:
        self._problems[Problem(self.file, self._places.line_of(path), what, remedy)] = None


class Table:
    """One table of the file. `title` is how a person would call it: `hub "penrith"`."""

    def __init__(
        self, reading: Reading, values: Mapping[str, Any], path: Path = (), kind: str = ""
    ) -> None:
        self.reading = reading
        self.values = values
        self.path = path
        self._asked: set[str] = set()
        self.title = _title(kind, values, path)

    def wrong(self, key: str, what: str, remedy: str) -> None:
        self.reading.wrong((*self.path, key), self._said(what), remedy)

    def known(self, key: str) -> Any:
        """The value as it stands, for a shape of its own; None when it is not there."""
        return self._value(key, "", ()) if key in self.values else None

    def text(self, key: str, example: str, default: str | None = None, longest: int = 200) -> str:
        """A line of text, without control characters. Missing without a default is a problem."""
        value = self._value(key, f'"{example}"', default)
        if value is None or value is default:
            return default or ""
        return self._clean((*self.path, key), key, value, example, longest)

    def slug(self, key: str, example: str, default: str | None = None) -> str:
        """A lower-case key: letters, digits and single dashes, at most 40."""
        text = self.text(key, example, default)
        if text and (not _SLUG.fullmatch(text) or len(text) > 40):
            self.wrong(
                key,
                f'{key} "{text}" is not a key.',
                f'Use small letters, digits and dashes, as in "{example}".',
            )
        return text

    def texts(
        self, key: str, example: str, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of texts. A bad element stays as "" so that places keep their numbers."""
        value = self._value(key, example, default)
        if value is None or value is default:
            return default or ()
        if not isinstance(value, list):
            self.wrong(key, f"{key} is not a list.", f"Write {key} = {example}.")
            return ()
        one = example.strip('["]').partition('"')[0]
        return tuple(
            self._clean((*self.path, key, place), key, each, one, 200)
            for place, each in enumerate(value)
        )

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number from low to high."""
        value = self._value(key, str(max(low, 20)), default)
        if key not in self.values:
            return default or 0
        if isinstance(value, bool) or not isinstance(value, int):
            plain = value if isinstance(value, str) and value.isdecimal() else max(low, 20)
            self.wrong(key, f"{key} is not a whole number.", f"Write {key} = {plain}.")
            return default or 0
        if not low <= value <= high:
            self.wrong(key, f"{key} is {value}.", f"Use a number from {low} to {high}.")
            return default or 0
        return value

    def flag(self, key: str) -> bool:
        value = self._value(key, "true", False)
        if not isinstance(value, bool):
            self.wrong(key, f"{key} is neither true nor false.", f"Write {key} = true.")
            return False
        return value

    def day(self, key: str) -> date:
        value = self._value(key, "2025-04-01", None)
        if value is None:
            return BLANK_DAY
        if isinstance(value, datetime) or not isinstance(value, date):
            self.wrong(key, f"{key} is not a date.", f"Write {key} = 2025-04-01, without quotes.")
            return BLANK_DAY
        return value

    def hours(self, key: str) -> tuple[time, time] | None:
        """Local opening and closing time, as in "08:00-20:00"."""
        text = self.text(key, "08:00-20:00", "")
        if not text:
            return None
        found = _HOURS.fullmatch(text)
        if found is None:
            self.wrong(key, f'{key} "{text}" cannot be read.', 'Write them as "08:00-20:00".')
            return None
        opens = time(int(found[1]), int(found[2]))
        closes = time(int(found[3]), int(found[4]))
        if opens == closes:
            self.wrong(key, f"{key} open and close at once.", f"Leave {key} out for day and night.")
            return None
        return opens, closes

    def tables(self, key: str, kind: str) -> list[Table]:
        """The `[[key]]` tables, in order; none when there are none."""
        value = self._value(key, "", ())
        if not isinstance(value, list | tuple) or not all(isinstance(each, dict) for each in value):
            self.wrong(key, f"{key} is not a list of tables.", f"Begin each with [[{key}]].")
            return []
        return [
            Table(self.reading, each, (*self.path, key, place), kind)
            for place, each in enumerate(value)
        ]

    def table(self, key: str, kind: str) -> Table | None:
        value = self._value(key, "", ())
        if value == ():
            return None
        if not isinstance(value, dict):
            self.wrong(key, f"{key} is not a table.", f"Begin it with [{self._header(key)}].")
            return None
        return Table(self.reading, value, (*self.path, key), kind)

    def no_more(self) -> None:
        """Refuses every key that nobody has asked for."""
        for key in self.values:
            if key not in self._asked:
                self.wrong(key, f'"{key}" is not known here.', did_you_mean(key, self._asked))

    def _value(self, key: str, example: str, default: Any) -> Any:
        self._asked.add(key)
        if key in self.values:
            return self.values[key]
        if default is None:
            self.wrong(key, f"{key} is missing.", f"Add {key} = {example}.")
        return default

    def _clean(self, path: Path, key: str, value: Any, example: str, longest: int) -> str:
        what = remedy = ""
        text = value.strip() if isinstance(value, str) else ""
        if not isinstance(value, str):
            what = f"{key} holds something that is not text."
            remedy = f'Put it in quotes, as in "{example}".'
        elif not text:
            what, remedy = f"{key} is empty.", f'Write something, as in "{example}".'
        elif len(text) > longest:
            what, remedy = f"{key} is {len(text)} letters long.", f"Keep it to {longest}."
        elif any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
            what = f"{key} holds a letter nobody can see."
            remedy = "Type it again, on one line."
        if not what:
            return text
        self.reading.wrong(path, self._said(what), remedy)
        return ""

    def _said(self, what: str) -> str:
        return f"{self.title}: {what}" if self.title else what

    def _header(self, key: str) -> str:
        return ".".join([*(str(part) for part in self.path if isinstance(part, str)), key])


def _title(kind: str, values: Mapping[str, Any], path: Path) -> str:
    named = values.get("key", values.get("name"))
    if path and isinstance(named, str) and named.strip():
        return f'{kind} "{named.strip()}"'
    if path and isinstance(path[-1], int):
        return f"{kind} {path[-1] + 1}"
    return kind
