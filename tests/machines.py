"""How long Hypothesis plays its state machines: short in `make test`, long by `make machines`.

A machine joins both by two lines: `pytestmark = pytest.mark.machine`, and `settings = played()` on
its TestCase. MACHINE_RUNS sets how many runs of 60 steps each is given.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

STEPS = 60


def played(short: int = 80) -> settings:
    """`short` runs, or as many as MACHINE_RUNS says."""
    return settings(
        max_examples=int(os.environ.get("MACHINE_RUNS", short)),
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
