"""The machine's own figures: cores, CPU time of other processes, memory, percentiles."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

SLOW_FLUSH = Path(__file__).parent / "slow_flush.c"
SERVER_CORE, CLIENT_CORE = 0, 1
KIB = 1024


def pin(core: int) -> None:
    """Keep this process on one core, where there are two to share out."""
    if len(os.sched_getaffinity(0)) >= 2 or core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})


def go_first(*pids: int) -> None:
    """On a shared machine, before everyone else for a moment, where the system lets us.

    The scheduler shares out by group first (autogroup), then by niceness within the group.
    """
    if "BENCH_FIRST" not in os.environ:
        return
    for one in (child for pid in pids for child in (pid, *_children(pid))):
        with contextlib.suppress(OSError):
            Path(f"/proc/{one}/autogroup").write_text("-19")
            for task in os.listdir(f"/proc/{one}/task"):
                os.setpriority(os.PRIO_PROCESS, int(task), -15)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and all its threads, by the kernel's clock for it: clock_getcpuclockid
    of the C library, which Python lacks.
    """
    return time.clock_gettime(((~pid) << 3) | 2)


def family_cpu_seconds(pid: int) -> float:
    """The same for a process and the children it has now: PostgreSQL is one for each connection."""
    total = 0.0
    for one in (pid, *_children(pid)):
        try:
            total += cpu_seconds(one)
        except OSError:
            continue
    return total


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def flush_seconds(folder: Path, times: int = 200) -> list[float]:
    """What it costs to put 4 KiB on this disk for good, each time: what every commit pays."""
    taken = []
    handle = os.open(folder / "flush", os.O_RDWR | os.O_CREAT)
    try:
        for number in range(times):
            os.pwrite(handle, bytes(4096), 4096 * number)
            begun = time.perf_counter()
            os.fdatasync(handle)
            taken.append(time.perf_counter() - begun)
    finally:
        os.close(handle)
    return taken


def slow_flush(folder: Path) -> dict[str, str] | None:
    """A setting under which each flush of a process takes 2 ms longer; None without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "slow_flush.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SLOW_FLUSH), "-ldl"]
    subprocess.run(command, check=True)
    return {"LD_PRELOAD": str(library)}


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def median(values: Sequence[float]) -> float:
    return percentile(values, 50)


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
