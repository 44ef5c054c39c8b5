"""What is written down stays true: every frame, code and setting, and every sample parses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from app import errors
from app.cases import number
from app.settings import Settings
from chat import frames, pace, poll, session, socket, visit, web
from chat.frames import FromVisitor, Problem, ToVisitor

ROOT = Path(__file__).parents[1]
PROTOCOL = (ROOT / "chat" / "PROTOCOL.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLES: list[dict[str, Any]] = [
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", PROTOCOL, re.DOTALL)
]
STRUCTS = dict.fromkeys((*get_args(FromVisitor), *get_args(ToVisitor)))


def tag(struct: type[msgspec.Struct]) -> str:
    return str(struct.__struct_config__.tag)


def wire_names(struct: type[msgspec.Struct]) -> set[str]:
    return {"t", *(field.encode_name for field in msgspec.structs.fields(struct))}


def table(heading: str) -> dict[str, str]:
    """The table of a section: its first cells, without backticks, and its second."""
    section = re.search(rf"^##+ {heading}\n(.*?)(?=^##|\Z)", PROTOCOL, re.DOTALL | re.MULTILINE)
    assert section is not None, heading
    head, *rows = re.findall(r"^\| `?([\w, ]+)`? \| *(.*?) *\|", section[1], re.MULTILINE)
    assert head[0] in ("code", "state")
    return dict(rows)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample["t"]))
def test_every_sample_is_a_frame(sample: dict[str, Any]) -> None:
    raw = json.dumps(sample)
    from_visitor = not isinstance(frames.parse(raw), Problem)
    to_visitor = True
    try:
        msgspec.json.decode(raw, type=ToVisitor)
    except msgspec.ValidationError:
        to_visitor = False
    assert from_visitor or to_visitor
    known = [wire_names(struct) for struct in STRUCTS if tag(struct) == sample["t"]]
    assert any(set(sample) <= names for names in known)


@pytest.mark.parametrize("struct", STRUCTS, ids=tag)
def test_every_frame_has_a_sample_that_shows_every_field(struct: type[msgspec.Struct]) -> None:
    shown = {name for sample in SAMPLES if sample["t"] == tag(struct) for name in sample}
    only_for_consoles = {"re"} if struct is frames.Error else set()
    assert wire_names(struct) - only_for_consoles <= shown
    assert re.search(rf"^### {tag(struct)}$", PROTOCOL, re.MULTILINE)


def test_every_poll_and_every_answer_is_what_the_code_reads_and_writes() -> None:
    polls = re.findall(r"```json poll\n(.*?)```", PROTOCOL, re.DOTALL)
    assert len(polls) == 2
    for raw in polls:
        said = poll._read(raw.encode())
        assert not isinstance(said, Problem)
        assert not any(isinstance(poll._frame(each), Problem) for each in said.frames)
    answers = [
        json.loads(raw) for raw in re.findall(r"```json answer\n(.*?)```", PROTOCOL, re.DOTALL)
    ]
    assert {name for answer in answers for name in answer} == set(poll.Answer.__struct_fields__)
    for answer in answers:
        for frame in answer["frames"]:
            msgspec.json.decode(json.dumps(frame), type=ToVisitor)


def test_every_sample_of_a_goodbye_is_taken() -> None:
    (sample,) = re.findall(r"```json goodbye\n(.*?)```", PROTOCOL, re.DOTALL)
    assert msgspec.json.decode(sample, type=web.Goodbye).how == "closed"


def test_every_state_and_every_way_of_leaving_is_told() -> None:
    states = msgspec.structs.fields(frames.State)[1].type
    assert set(get_args(states)) == set(table("state"))
    (how,) = [field.type for field in msgspec.structs.fields(frames.Leave) if field.name == "how"]
    assert all(f"`{word}`" in PROTOCOL for word in get_args(how))


def spoken(pattern: str) -> set[str]:
    """What the room's own files say, by a pattern with one group."""
    files = (ROOT / "chat").glob("*.py")
    return {found for file in files for found in re.findall(pattern, file.read_text())}


def test_every_code_that_can_be_told_is_in_the_table() -> None:
    said = spoken(r'(?:Error|Problem|_error|refused)\(\s*"(\w+)"') | spoken(r'code="(\w+)"')
    tree = {errors.Conflict.code, errors.Unknown.code, errors.Down.code}
    kept = tree | {"ended", "not_yours", number.CODE}
    assert "slow_down" in said
    assert said | kept == set(table("error"))


def test_every_close_code_is_in_the_table() -> None:
    said = {int(code) for code in spoken(r'(?:Close\(|close=|", )(\d{4})\b')}
    tree = {errors.Refused.close, errors.Conflict.close, errors.Down.close, errors.TooMuch.close}
    told = {int(code) for cell in table("Close codes") for code in cell.split(", ")}
    assert said | tree <= told
    assert {code for code in told if code >= 4000} == {c for c in said | tree if c >= 4000}


@pytest.mark.parametrize(
    "number",
    [
        f"{frames.LONGEST_TEXT:,} characters",
        f"over {frames.LONGEST_FRAME // 1024} KiB",
        f"{pace.PACE[0][0]} messages in ten seconds",
        f"{pace.PACE[1][0]} in a minute",
        f"{session.MOST_BAD} frames that cannot be read",
        f"{visit.NEW_CHATS[0]} new chats an hour",
        f"at most {poll.MOST_FRAMES} frames",
        f"at most {poll.LONGEST_POLL // 1024} KiB",
        f"up to {poll.HOLD:.0f} seconds",
        f"after {poll.ABSENT:.0f} seconds without a poll",
        f"{pace.POLLS[0][0]} polls in ten seconds",
        f"{poll.MOST_OF_NETWORK} lines of one network",
        "within five seconds" if socket.HELLO_WITHIN == 5 else "another time",
    ],
)
def test_every_limit_is_told_as_it_is(number: str) -> None:
    assert number in PROTOCOL


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme_in_the_same_words(name: str) -> None:
    help_ = Settings.model_fields[name].description
    assert f"| `{name.upper()}` | {help_} |" in README


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    named = re.findall(r"^\| `([A-Z][A-Z_]+)` \|", README, re.MULTILINE)
    assert named == [name.upper() for name in Settings.model_fields]
