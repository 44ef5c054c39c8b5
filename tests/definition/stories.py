"""A small definition that is right in every line, and ways to get one thing wrong."""

from __future__ import annotations

from app.definition.check import check
from app.definition.model import Service
from app.definition.problem import Problem

FILE = "eden.toml"

GOOD = """\
key = "eden"
name = "Eden Supportline"
force = "Cumbria Constabulary"

[[hubs]]
key = "penrith"
name = "Penrith"
areas = ["CA10-CA12", "CA16"]
towns = ["Penrith"]

[[hubs]]
key = "kendal"
name = "Kendal"
areas = ["LA7-LA9"]
towns = ["Kendal"]
hours = "08:00-20:00"

[[hubs]]
key = "central"
name = "Central"
central = true

[[lines]]
key = "supportline"
number = "+448081570142"
shown = "08081 570 142"
channels = ["voice"]
fallback = ["+441632960201", "+441632960202"]

[lines.menu]
say = "Press a key for the team near you."
keys = [
  { digit = 1, hub = "penrith", label = "For Penrith" },
  { digit = 2, hub = "kendal", label = "For Kendal" },
]

[[lines]]
key = "textline"
number = "+447700900142"
channels = ["sms"]
fallback = ["+441632960201", "+441632960203"]

[[sites]]
key = "eden-www"
name = "Eden"
origins = ["https://www.eden.example"]
line = "supportline"
accent = "#1d5b57"

[[ladder]]
kind = "home"
seconds = 60

[[ladder]]
kind = "central"
seconds = 90

[[ladder]]
kind = "numbers"

[[providers]]
key = "safeline"
name = "Safeline"

[[lots]]
key = "sexual"
name = "Sexual violence"
provider = "safeline"
crimes = ["sexual"]
ages = [0, 17]
hubs = ["penrith"]
starts = 2025-04-01
ends = 2028-03-31

[[crimes]]
key = "sexual"
label = "Sexual violence"
asks = "Something sexual"
skill = "sexual-violence"

[[crimes]]
key = "other"
label = "Something else"
asks = "Something else"

[timings]
offer = 20
heartbeat = 15
lease = 35

[words]
greeting = "Hello. A person will be with you."
"""


def changed(*swaps: tuple[str, str]) -> str:
    """GOOD with each first text, which stands in it once, replaced by the second."""
    allowed(GOOD)
    text = GOOD
    for old, new in swaps:
        assert text.count(old) == 1, f"{text.count(old)} times in the story: {old}"
        text = text.replace(old, new)
    return text


def problems_of(text: str) -> list[Problem]:
    found = check(text, FILE)
    assert isinstance(found, list), "nothing was refused"
    return found


def allowed(text: str) -> Service:
    found = check(text, FILE)
    assert isinstance(found, Service), [str(problem) for problem in found]
    return found


def only_problem(*swaps: tuple[str, str], at: str | int) -> Problem:
    """The one problem of the changed definition, on line `at`, or on the line that holds it."""
    text = changed(*swaps)
    if isinstance(at, str):
        lines = [number for number, line in enumerate(text.splitlines(), start=1) if at in line]
        assert len(lines) == 1, f"{at} stands on lines {lines}"
        at = lines[0]
    found = problems_of(text)
    assert len(found) == 1, [str(problem) for problem in found]
    assert (found[0].file, found[0].line) == (FILE, at), str(found[0])
    assert found[0].remedy, "a refusal says what to do"
    return found[0]
