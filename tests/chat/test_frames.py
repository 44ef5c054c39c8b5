"""One parse, one dump: what a peer sends becomes a frame or a Problem, and never raises (S9)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import frames
from chat.frames import LONGEST_FRAME, LONGEST_TEXT, Problem, parse

ID = "019f4c5e-7a3b-7c21-9d4e-5f60718293a4"
SAY = {"t": "say", "conversation": "c1", "client_id": ID, "text": "hello?"}
SAMPLES: list[dict[str, Any]] = [
    {"t": "hello", "v": 1, "token": "abc", "cursor": {"epoch": "e", "seq": 4},
     "need": {"crime": "domestic", "area": "CA11", "age": "adult"}, "lang": "en"},
    SAY,
    {"t": "typing", "conversation": "c1", "on": True},
    {"t": "since", "conversation": "c1", "cursor": {"epoch": "e", "seq": 0}},
    {"t": "got", "conversation": "c1", "cursor": {"epoch": "e", "seq": 4}},
    {"t": "here", "conversation": "c1", "covered": True},
    {"t": "here", "conversation": "c1", "covered": True, "paused": True},
    {"t": "speak", "conversation": "c1", "lang": "cy"},
    {"t": "call_back", "conversation": "c1", "id": ID, "number": "07700 900123", "when": "any",
     "voicemail": False, "say": "Maya from the library", "who": "only me"},
    {"t": "leave", "conversation": "c1", "how": "exit"},
]  # fmt: skip


def problem(raw: str | bytes | dict[str, Any]) -> str:
    found = parse(json.dumps(raw) if isinstance(raw, dict) else raw)
    assert isinstance(found, Problem), found
    return found.code


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample["t"]))
def test_what_the_protocol_says_is_read(sample: dict[str, Any]) -> None:
    frame = parse(json.dumps(sample))
    assert not isinstance(frame, Problem)
    assert parse(frames.dump(frame)) == frame


@pytest.mark.parametrize(
    "raw",
    [
        "", "{", "null", "[]", "42", '"say"', "{}", '{"t": "knock"}', '{"t": 5}', b"\xff\x00",
        b'{"t": "hello", "v": 1, "token": "a"}', "[" * 10_000, '{"t": "hello", "v": "1"}',
        '{"t": "welcome"}', '{"t": "say"', '{"t": "say", "text": "\\ud800"}', "\x00",
    ],
)  # fmt: skip
def test_nonsense_is_a_bad_frame(raw: str | bytes) -> None:
    assert problem(raw) == "bad_frame"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "not a uuid, but as long as one is.."}, "bad_frame"),
        ({"client_id": ID[:-1]}, "bad_frame"),
        ({"client_id": None}, "bad_frame"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "too_long"),
        ({"text": "   \n "}, "empty"),
        ({"text": ""}, "empty"),
        ({"text": "nul \0"}, "bad_frame"),
        ({"text": 5}, "bad_frame"),
        ({"conversation": ""}, "bad_frame"),
        ({"conversation": "c" * 65}, "bad_frame"),
        ({"text": "x" * LONGEST_FRAME}, "too_large"),
    ],
)
def test_words_we_cannot_keep_are_told_apart(change: dict[str, Any], code: str) -> None:
    assert problem(SAY | change) == code


def test_the_longest_words_in_any_script_fit_into_a_frame() -> None:
    for letter in ("x", "ж", "字", "😶"):
        assert isinstance(parse(json.dumps(SAY | {"text": letter * LONGEST_TEXT})), frames.Say)


def test_a_broken_half_of_a_letter_is_refused() -> None:
    half = '"\\ud83d"'
    for sample, name in ((SAY, "text"), (SAY, "conversation"), (SAMPLES[0], "token")):
        whole = json.dumps(sample | {name: "HALF"})
        assert problem(whole.replace('"HALF"', half)) == "bad_frame"


@pytest.mark.parametrize("seq", [-1, 1.5, "4", None])
def test_a_place_is_a_whole_number(seq: object) -> None:
    hello = SAMPLES[0] | {"cursor": {"epoch": "e", "seq": seq}}
    assert problem(hello) == "bad_frame"


def test_half_a_place_is_no_place() -> None:
    assert problem(SAMPLES[0] | {"cursor": {"seq": 4}}) == "bad_frame"
    assert problem(SAMPLES[0] | {"cursor": {"epoch": "e", "seq": 4, "and": 1}}) == "bad_frame"


def test_what_a_newer_client_adds_is_passed_over() -> None:
    assert isinstance(parse(json.dumps(SAY | {"colour": "green"})), frames.Say)


def test_an_id_is_read_with_or_without_dashes_and_written_with() -> None:
    for text in (ID, ID.replace("-", ""), ID.upper()):
        frame = parse(json.dumps(SAY | {"client_id": text}))
        assert isinstance(frame, frames.Say)
        key = frames.client_id_of(frame)
        assert key is not None
        assert frames.client_id_text(key) == ID


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A frame as it should be, then bent: a value replaced, a key lost, letters cut or changed."""
    sample = json.loads(json.dumps(draw(st.sampled_from(SAMPLES))))
    for key in draw(st.lists(st.sampled_from(sorted(sample)), max_size=2)):
        if draw(st.booleans()):
            sample[key] = draw(json_values)
        else:
            sample.pop(key, None)
    text = json.dumps(sample, ensure_ascii=draw(st.booleans()))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.text(max_size=2)) + text[at + draw(st.integers(0, 3)) :]
    return text


@given(mutated() | st.text() | st.binary())
@settings(max_examples=300, deadline=None)
def test_nothing_a_peer_sends_raises(raw: str | bytes) -> None:
    found = parse(raw)
    if not isinstance(found, Problem):
        assert isinstance(frames.dump(found), str)
