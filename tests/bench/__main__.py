"""`make bench`: speed and memory, each figure beside what it is compared with, in one run.

    python -m tests.bench [NAME ...]          all of them without a name

BENCH_FIRST=1 asks the system to run the bench before everything else on a shared machine.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable

from tests.bench import (
    chat,
    decide,
    dropped,
    history,
    idle,
    nights,
    nodes,
    offers,
    page,
    phone,
    webhook,
)

SUITES: dict[str, Callable[[], None]] = {
    "chat": chat.run,
    "decide": decide.run,
    "webhook": webhook.run,
    "idle": idle.run,
    "dropped": dropped.run,
    "history": history.run,
    "nights": nights.run,
    "nodes": nodes.run,
    "offers": offers.run,
    "page": page.run,
    "phone": phone.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        print(f"No such measurement: {', '.join(unknown)}. There are: {', '.join(SUITES)}.")
        return 1
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    cores = os.sched_getaffinity(0)
    print(f"Python {platform.python_version()}, {len(cores)} cores, load {os.getloadavg()[0]:.1f}")
    for name in names or SUITES:
        begun = time.perf_counter()
        print(f"\n{name}")
        SUITES[name]()
        os.sched_setaffinity(0, cores)
        print(f"({time.perf_counter() - begun:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
