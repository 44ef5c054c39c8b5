"""Each of the twenty promises of widgets/visitor/SAFETY.md names stories, and they are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAFETY = (ROOT / "widgets" / "visitor" / "SAFETY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", SAFETY, re.MULTILINE)


def test_there_are_twenty_promises() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 21))


@pytest.mark.parametrize(("number", "promise", "stories"), ROWS, ids=[row[0] for row in ROWS])
def test_each_promise_names_stories_that_are_told(number: str, promise: str, stories: str) -> None:
    named = re.findall(r"`(\w+\.py)::(\w+)`", stories)
    assert named, f"line {number} is only words: {promise}"
    for file, story in named:
        (path,) = (ROOT / "tests").rglob(file)
        told = {
            each.name
            for each in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert story in told, f"{file} does not tell {story}"
