"""How long Hypothesis plays its state machines: short in `make test`, long by `make machines`.

A machine joins both by two lines: `pytestmark = pytest.mark.machine`, and `settings = played()` on
its TestCase. MACHINE_RUNS sets how many runs of 60 steps each is given.

A machine has a time limit of its own. When a run falls, Hypothesis looks up to five minutes for
the shortest such run; a limit that strikes meanwhile is told as a run that does not repeat.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

STEPS = 60
LEAST = 30 * 60
"""Seconds that every machine has."""
A_RUN = 20
"""Seconds more for each run, on a machine with much else to do."""


def played(short: int = 80) -> settings:
    """`short` runs, or as many as MACHINE_RUNS says."""
    return settings(
        max_examples=_runs(short),
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("machine"):
            item.add_marker(pytest.mark.timeout(LEAST + A_RUN * _runs(0)))


def _runs(short: int) -> int:
    return int(os.environ.get("MACHINE_RUNS", short))
