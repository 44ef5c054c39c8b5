"""Durable chat through the product's own socket, beside the own relay, in interleaved rounds."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from tests.bench.load import Pair, Saturated, pairs, saturate, steady
from tests.bench.machine import (
    CLIENT_CORE,
    SERVER_CORE,
    flush_seconds,
    go_first,
    median,
    percentile,
    pin,
    slow_flush,
)
from tests.bench.node import node
from tests.bench.serving import Serving, serving
from tests.bench.stores import stores

CONVERSATIONS, IN_FLIGHT = 100, 4
WARM_UP, SECONDS, ROUNDS = 0.5, 3.0, 3
CALM, CALM_SECONDS = 200, 4.0
"""Messages a second in the open loop, and for how long."""

RELAY, EMBEDDED, SLOW = "own relay, no store", "SQLite", "SQLite, a flush + 2 ms"
SCALED, NODE = "PostgreSQL + Redis", "Node ws + SQLite FULL"


def run() -> None:
    with TemporaryDirectory(prefix="frontdoor-bench-") as folder:
        flush = flush_seconds(Path(folder))
        print(
            f"a flush on this disk: {percentile(flush, 50) * 1e3:.2f} ms, "
            f"p99 {percentile(flush, 99) * 1e3:.2f} ms"
        )
        gc.disable()
        with ExitStack() as stack:
            servers = list(_servers(stack, Path(folder)))
            for each in servers:
                go_first(each.pid, *each.stores)
            go_first(os.getpid())
            pin(CLIENT_CORE)
            uvloop.run(_rounds(servers))
        gc.enable()
        gc.collect()


def _servers(stack: ExitStack, folder: Path) -> Iterator[Serving]:
    """Each with what it needs; one that cannot be had here is named and left out."""
    pin(SERVER_CORE)
    peer = stack.enter_context(node(NODE))
    yield stack.enter_context(serving(RELAY, relay=True))
    yield stack.enter_context(serving(EMBEDDED))
    slower = slow_flush(folder)
    if slower is None:
        print(f"{SLOW}: NOT MEASURED, there is no C compiler")
    else:
        yield stack.enter_context(serving(SLOW, more=slower))
    found = stack.enter_context(stores())
    if found is None:
        print(f"{SCALED}: NOT MEASURED, their programs are not installed")
    else:
        yield stack.enter_context(
            serving(
                SCALED,
                database_url=found.database_url,
                redis_url=found.redis_url,
                stores=found.pids,
            )
        )
    if peer is None:
        print(f"{NODE}: NOT MEASURED, its driver could not be compiled")
    else:
        yield peer


async def _rounds(servers: Sequence[Serving]) -> None:
    lines = {each.name: await pairs(each, CONVERSATIONS) for each in servers}
    rounds: dict[str, list[Saturated]] = {each.name: [] for each in servers}
    for _ in range(ROUNDS):
        for each in servers:
            rounds[each.name].append(
                await saturate(each, lines[each.name], IN_FLIGHT, WARM_UP, SECONDS)
            )
    late = {name: await steady(each, CALM, CALM_SECONDS) for name, each in lines.items()}
    _print(rounds, late, lines)


def _print(
    rounds: Mapping[str, Sequence[Saturated]],
    late: Mapping[str, Sequence[float]],
    lines: Mapping[str, Sequence[Pair]],
) -> None:
    print(
        f"{CONVERSATIONS} conversations x {IN_FLIGHT} in flight, {ROUNDS} rounds of {SECONDS:.0f} s"
        f"; each message acked and read by a second line; ack times at {CALM} messages a second"
    )
    print(f"{'':24}{'of relay':>9}{'by CPU':>8}{'msg/s':>8}{'us/msg':>8}{'+ store':>8}", end="")
    print(f"{'ack p50':>9}{'p99 ms':>8}   rounds msg/s; server and client core busy")
    relay = rounds[RELAY]
    for name, each in rounds.items():
        of_relay = median([a.per_second / b.per_second for a, b in zip(each, relay, strict=True)])
        by_cpu = median([b.cpu_us / a.cpu_us for a, b in zip(each, relay, strict=True)])
        print(
            f"{name:24}{of_relay:9.2f}{by_cpu:8.2f}"
            f"{median([one.per_second for one in each]):8.0f}"
            f"{median([one.server_us for one in each]):8.0f}"
            f"{median([one.store_us for one in each]):8.0f}"
            f"{percentile(late[name], 50) * 1e3:9.1f}{percentile(late[name], 99) * 1e3:8.1f}   "
            f"{' '.join(f'{one.per_second:.0f}' for one in each)}; "
            f"{median([one.server_busy for one in each]):.2f} "
            f"{median([one.client_busy for one in each]):.2f}"
        )
    if NODE in rounds:
        beside = [
            a.per_second / b.per_second for a, b in zip(rounds[EMBEDDED], rounds[NODE], strict=True)
        ]
        print(f"{EMBEDDED} is {median(beside):.2f} times {NODE}")
    said = sum(pair.said for each in lines.values() for pair in each)
    print(f"{said} messages said, every one acked and read.")
