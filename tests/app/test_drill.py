"""A definition is rehearsed before it goes live: where each call ended, and whether one did not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app import drill as drills
from app import drill_scripts
from app.definition import files
from app.definition.model import Service
from app.drill import Drill, Played, drill
from tests.app.test_commands import CUMBRIA, Run, frontdoor

__all__ = ["frontdoor"]

SERVICE = files.load(CUMBRIA)


async def never(house: Drill) -> str:
    """Nobody is on duty, and the caller waits for a phone that is none of the line's."""
    await house.rings()
    await house.waits_for("+441632960999")
    return "a person"


async def test_each_call_is_told_and_one_that_ends_nowhere_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drills, "PATIENCE", 20.0)
    scripts = (
        ("nobody comes", never),
        ("nobody is on duty", drill_scripts.nobody_on_duty),
        ("an advisor takes it", drill_scripts.taken),
    )
    played = [each async for each in drill(SERVICE, scripts)]
    line = next(each for each in SERVICE.lines if "voice" in each.channels)
    assert [each.somewhere for each in played] == [False, True, True]
    assert str(played[0]).startswith(f"NOWHERE  {line.number}: nobody comes: +441632960999")
    assert played[1].ended == f"talked with a person at {line.fallback[0]}"
    assert played[2].ended == "talked with an advisor"


@pytest.mark.parametrize("somewhere", [True, False])
def test_one_call_that_ended_nowhere_is_exit_code_1(
    frontdoor: Run, monkeypatch: pytest.MonkeyPatch, somewhere: bool
) -> None:
    async def played(service: Service, _: object) -> AsyncIterator[Played]:
        yield Played(service.lines[0].number, "nobody is on duty", "a person", True)
        yield Played(service.lines[0].number, "the last one", "told", somewhere)

    monkeypatch.setattr(drills, "drill", played)
    told = frontdoor("drill", CUMBRIA)
    assert told.code == (0 if somewhere else 1)
    assert "nobody is on duty: a person" in told.out
    assert ("NOWHERE" in told.out) is not somewhere
    assert ("1 ended nowhere." in told.err) is not somewhere
