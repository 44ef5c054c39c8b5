"""Every table, key and element is found on its line, however the file is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.definition.files import EXAMPLES
from app.definition.where import Path, Places

ODD = (
    r'''
a = 1 # not b = 2
"b.c" = """x = 1
y "" z\" """
d.e.f = [1, 2,
  # g = 3
  { g = 'it''s', h = [[3], []] }, # last
]
when = 2020-01-01 10:00:00
'single' = '''.replace("''s", "s")
    + r"""'''
[not.a.table]
'''
"é" = 1.5e3
"tab\u0041" = true

[[hubs]]
key = "a"
  [[hubs.x]]
  y = 1
  [[hubs.x]]
  y = 2
[[hubs]]
[hubs.z]
q = 2
[lines.menu]
say = "[[hubs]]"
[ lines . "other" ]
"""
)


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths_of(each, (*path, key))
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from paths_of(each, (*path, place))


def test_an_odd_file_keeps_its_lines() -> None:
    tomllib.loads(ODD)
    lines = ODD.splitlines()
    places = Places(ODD)
    for path, beginning in (
        (("a",), "a = 1"),
        (("b.c",), '"b.c"'),
        (("d", "e", "f"), "d.e.f"),
        (("d", "e", "f", 2, "h", 0, 0), "  { g"),
        (("when",), "when"),
        (("single",), "'single'"),
        (("tabA",), '"tab'),
        (("hubs", 0, "x", 1, "y"), "  y = 2"),
        (("hubs", 1, "z", "q"), "q = 2"),
        (("lines", "menu", "say"), "say"),
        (("lines", "other"), "[ lines"),
    ):
        assert lines[places.line_of(path) - 1].startswith(beginning), path


@pytest.mark.parametrize("text", [ODD, *(file.read_text() for file in EXAMPLES.glob("*.toml"))])
def test_nothing_in_a_file_is_without_a_line(text: str) -> None:
    assert {*paths_of(tomllib.loads(text))} <= {*Places(text).lines}
    assert {*paths_of(tomllib.loads(text))} <= {*Places(text.replace("\n", "\r\n")).lines}


def test_what_is_not_there_has_the_line_of_what_it_would_stand_in() -> None:
    places = Places("\n[[hubs]]\nkey = 1\n")
    assert places.line_of(("hubs", 0, "name")) == 2
    assert places.line_of(("lines", 0)) == 1


@settings(deadline=None)
@given(st.text(alphabet="ab.=[]{}\"'\\,#\n 1u", max_size=60))
def test_no_text_makes_it_raise_or_hang(text: str) -> None:
    places = Places(text)
    assert 1 <= places.line_of(("a", 0, "b")) <= text.count("\n") + 1


_KEYS = st.text(alphabet="ab-_é .\"'", min_size=1, max_size=4)
_VALUES = st.recursive(
    st.integers() | st.text(max_size=8) | st.booleans() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_every_path_of_any_document_has_the_line_of_its_key(document: dict[str, Any]) -> None:
    text = "".join(f"{_quoted(key)} = {_written(value)}\n" for key, value in document.items())
    assert tomllib.loads(text) == document
    places = Places(text)
    assert {*paths_of(document)} <= {*places.lines}
    for number, (key, value) in enumerate(document.items(), start=1):
        assert {places.line_of((key, *rest)) for rest in paths_of(value)} == {number}


def _written(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case list():
            return "[" + ", ".join(map(_written, value)) + "]"
        case dict():
            pairs = (f"{_quoted(str(key))} = {_written(each)}" for key, each in value.items())
            return "{" + ", ".join(pairs) + "}"
        case _:
            return str(value)


def _quoted(text: str) -> str:
    return '"' + "".join(
        letter if letter.isalnum() and ord(letter) < 0xD800 else f"\\U{ord(letter):08x}"
        for letter in text
    ) + '"'  # fmt: skip
