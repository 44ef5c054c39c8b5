"""What a visitor costs who has entered and says nothing: memory of the server, socket by socket."""

from __future__ import annotations

import asyncio

import uvloop

from tests.bench.line import Line, enter
from tests.bench.machine import (
    CLIENT_CORE,
    KIB,
    SERVER_CORE,
    cpu_seconds,
    go_first,
    pin,
    resident_bytes,
)
from tests.bench.serving import Serving, serving

FIRST, VISITORS, AT_ONCE = 100, 1_000, 25
QUIET = 3.0


def run() -> None:
    pin(SERVER_CORE)
    with serving("SQLite") as server:
        go_first(server.pid)
        pin(CLIENT_CORE)
        uvloop.run(_measure(server))


async def _measure(server: Serving) -> None:
    lines = await _enter(server, FIRST)
    before = resident_bytes(server.pid)
    lines += await _enter(server, VISITORS)
    await asyncio.sleep(QUIET)
    after = resident_bytes(server.pid)
    busy = cpu_seconds(server.pid)
    await asyncio.sleep(QUIET)
    busy = (cpu_seconds(server.pid) - busy) / QUIET
    assert not any(line.closed for line in lines)
    print(
        f"{(after - before) / VISITORS / KIB:.1f} KiB for each of {VISITORS} visitors who entered; "
        f"server {before / KIB**2:.0f} MiB before, {after / KIB**2:.0f} MiB after; "
        f"{busy:.0%} of a core while {len(lines)} wait in line"
    )


async def _enter(server: Serving, count: int) -> list[Line]:
    lines: list[Line] = []
    for _ in range(0, count, AT_ONCE):
        entered = await asyncio.gather(
            *(enter(server.port, server.frame_token()) for _ in range(AT_ONCE))
        )
        lines.extend(line for line, _ in entered)
    return lines
