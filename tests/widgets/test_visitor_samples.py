"""The visitor's own script reads every sample of the protocol, and says what the protocol says."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from typing import Any

import pytest

from chat import frames, poll
from chat.frames import FromVisitor, Problem
from tests.test_docs import ROOT, SAMPLES, STRUCTS, tag
from widgets.vendor import node

FRAME = dict[str, Any]
TO_VISITOR = [each for each in SAMPLES if isinstance(frames.parse(json.dumps(each)), Problem)]
BOTH = [each for each in SAMPLES if each["t"] == "typing"]
TOLD: list[FRAME] = [*TO_VISITOR, *(each for each in BOTH if each not in TO_VISITOR)]
NEXT_YEAR: list[FRAME] = [
    {"t": "weather", "conversation": "c1", "rain": True},
    {"t": "error", "code": "of next year", "words": "Something new."},
    {"t": "state", "conversation": "", "state": "of next year", "number": "08081 570 142"},
    {"t": "message"},
    {"t": 5},
    {},
]
"""What a newer server may say within version 1, or a broken one."""
HEARD = {
    "welcome": "welcome",
    "ack": "sent",
    "message": "message",
    "typing": "typing",
    "state": "state",
    "promised": "promised",
    "error": "slow",
}


@cache
def in_node() -> dict[str, Any]:
    welcome = next(each for each in TOLD if each["t"] == "welcome")
    given = {
        "line": str(ROOT / "widgets" / "visitor" / "assets" / "line.js"),
        "welcome": welcome,
        "told": [*TOLD, *NEXT_YEAR],
    }
    done = subprocess.run(
        [str(node()), str(ROOT / "tests" / "widgets" / "line_in_node.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@pytest.mark.parametrize("number", range(len(TOLD)), ids=lambda n: str(TOLD[n]["t"]))
def test_every_sample_is_heard_as_what_it_is(number: int) -> None:
    sample, made = TOLD[number], in_node()["made"][number]
    if sample["t"] in ("move", "beat"):
        assert made == [], "it comes back later, or knows that it lives, and says nothing of it"
        return
    assert HEARD[sample["t"]] in [name for name, *_ in made]
    if sample["t"] in ("message", "state"):
        assert [told[-1] for name, *told in made if name == sample["t"]] == [sample]


@pytest.mark.parametrize("number", range(len(NEXT_YEAR)))
def test_what_a_newer_server_adds_is_passed_over(number: int) -> None:
    made = in_node()["made"][len(TOLD) + number]
    assert [name for name, *_ in made if name in ("message", "refused", "failed")] == []


def test_whatever_the_script_says_is_a_frame_of_the_protocol() -> None:
    for said in in_node()["said"]:
        assert not isinstance(frames.parse(json.dumps(said)), Problem), said
        shown = {name for sample in SAMPLES if sample["t"] == said["t"] for name in sample}
        assert set(said) <= shown


def test_the_script_says_everything_there_is_to_say() -> None:
    kinds = {tag(struct) for struct in STRUCTS if struct in FromVisitor.__args__}
    assert {said["t"] for said in in_node()["said"]} == kinds


def test_where_no_socket_answers_the_script_polls_with_the_same_hello() -> None:
    (posted,) = in_node()["posted"]
    assert posted["address"] == "https://chat.example/chat/v1/poll"
    said = poll._read(json.dumps(posted["body"]).encode())
    assert isinstance(said, poll.Poll)
    (first,) = said.frames
    assert isinstance(poll._frame(first), frames.Hello)
