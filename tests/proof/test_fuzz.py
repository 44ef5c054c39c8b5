"""A short storm of bent frames: `make fuzz` sends the long one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from chat import frames
from tests.proof import fuzz
from tests.proof.fuzz import Fell, in_memory
from tests.proof.fuzz_live import live
from tests.proof.mutations import CONSOLE, VISITOR, bent
from widgets.console import asking

SEED, IN_MEMORY, LIVE = 20_261_122, 4_000, 600


def tags(union: object) -> set[object]:
    return {each.__struct_config__.tag for each in get_args(union)}


def test_every_frame_that_may_be_sent_is_bent() -> None:
    assert {frame["t"] for frame in VISITOR} == tags(frames.FromVisitor)
    assert {frame["t"] for frame in CONSOLE} == tags(asking.Asking)
    assert not [one for one in map(str, VISITOR) if "TOKEN" in one and "hello" not in one]


def test_every_sample_is_good_before_it_is_bent() -> None:
    for _, parse, samples, _ in fuzz.FACES:
        for sample in samples:
            read = parse(json.dumps(sample))
            assert not isinstance(read, frames.Problem), sample


def test_bent_frames_end_in_typed_errors_or_close_codes() -> None:
    counted = in_memory(SEED, 0, IN_MEMORY)
    assert counted.frames == IN_MEMORY
    for what in ("read", "bad_frame", "too_large", "hello_first"):
        assert counted.ends[what] > IN_MEMORY / 100, f"too few {what}: {counted}"


def test_the_same_seed_and_number_are_the_same_frame() -> None:
    assert [bent(VISITOR, SEED, n) for n in range(50)] == [
        bent(VISITOR, SEED, n) for n in range(50)
    ]
    assert len({bent(VISITOR, SEED, n) for n in range(50)}) > 40


def test_a_fall_names_the_frame_that_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(raw: str | bytes) -> object:
        raise KeyError("a planted fault")

    monkeypatch.setattr(fuzz, "FACES", ((*fuzz.FACES[0][:1], falls, *fuzz.FACES[0][2:]),) * 2)
    with pytest.raises(Fell, match=f"seed {SEED}, frame 36: KeyError"):
        in_memory(SEED, 36, 10)


async def test_a_served_house_bears_bent_frames_and_serves_the_others(
    furnished_url: str, keys_file: Path
) -> None:
    counted = await live(furnished_url, keys_file, SEED, LIVE)
    assert counted.ends["sent"] == LIVE
    assert counted.ends["closed 4002"] > 0
