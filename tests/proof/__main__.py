"""The long proofs, with their figures.

    python -m tests.proof kills [--kills N] [--acks N] [--postgres] [--seed N]
    python -m tests.proof fuzz [--frames N] [--postgres] [--seed N]
    python -m tests.proof nodes [--contacts N] [--per-second N] [--blows N] [--seed N]

Exit code 1 when something was found.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import cpu_count, getloadavg
from pathlib import Path

from app.crypto import write_root_keys
from tests.house import Furnished
from tests.postgres import Postgres, postgres_programs, start_postgres
from tests.processes import scratch_folder
from tests.proof import fuzz, fuzz_live, kills, nodes
from tests.redis_server import redis_binary, start_redis

Started = list[Postgres]


@contextmanager
def furnished(*, postgres: bool) -> Iterator[tuple[str, Path]]:
    """(URL, key file) of a fresh database with services and people; gone afterwards."""
    folder = scratch_folder("proof")
    started: Started = []
    made = Furnished(folder, lambda: _postgres(started), {})
    try:
        write_root_keys(made.keys)
        yield (made.postgresql() if postgres else made.sqlite(folder / "frontdoor.db")), made.keys
    finally:
        for each in started:
            each.server.close()
        shutil.rmtree(folder, ignore_errors=True)


def _postgres(started: Started) -> Postgres:
    if not started:
        programs = postgres_programs()
        if programs is None:
            raise SystemExit("PostgreSQL is not installed here.")
        started.append(start_postgres(programs))
    return started[0]


def _say(line: str) -> None:
    print(line, flush=True)


def _kills(asked: argparse.Namespace) -> bool:
    load = kills.Load(kills=asked.kills, acks=asked.acks, seed=asked.seed)
    with furnished(postgres=asked.postgres) as (url, keys):
        figures, _ = asyncio.run(kills.run(url, keys, load, tell=_say))
    print("\n".join(figures.lines()))
    return figures.proven


def _fuzz(asked: argparse.Namespace) -> bool:
    """Most of them in memory, one in fifty over a real socket; the same each time."""
    over_sockets, found = asked.frames // 50, list[BaseException]()
    with furnished(postgres=asked.postgres) as (url, keys):
        try:
            served = asyncio.run(fuzz_live.live(url, keys, asked.seed, over_sockets))
            print(f"{served.ends.pop('sent'):,} over sockets: {served}", flush=True)
            counted = fuzz.in_memory(asked.seed, over_sockets, asked.frames - over_sockets)
            print(f"{counted.frames:,} in memory: {counted}")
        except* AssertionError as problems:
            found.extend(problems.exceptions)
    for each in found:
        print(f"found        {each}")
    if found:
        return False
    print("verdict      each was read, or ended in a typed error or a close code; nothing broke")
    return True


def _nodes(asked: argparse.Namespace) -> bool:
    binary = redis_binary()
    if binary is None:
        raise SystemExit("Redis is not installed here.")
    load = nodes.Load(asked.contacts, asked.per_second, blows=asked.blows, seed=asked.seed)
    redis = start_redis(binary)
    try:
        with furnished(postgres=True) as (url, keys):
            figures = asyncio.run(nodes.run(url, redis.url, keys, load, _say))
    finally:
        redis.server.close()
    print("\n".join(figures.lines()))
    return figures.proven


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof")
    parts = parser.add_subparsers(required=True)
    loop = parts.add_parser("kills", help="kill the server again and again while people write")
    loop.add_argument("--kills", type=int, default=kills.Load.kills)
    loop.add_argument("--acks", type=int, default=kills.Load.acks)
    loop.set_defaults(prove=_kills)
    storm = parts.add_parser("fuzz", help="bent frames to both faces")
    storm.add_argument("--frames", type=int, default=250_000)
    storm.set_defaults(prove=_fuzz)
    three = parts.add_parser("nodes", help="three nodes, killed and frozen while a crowd arrives")
    three.add_argument("--contacts", type=int, default=nodes.Load.contacts)
    three.add_argument("--per-second", type=float, default=nodes.Load.per_second)
    three.add_argument("--blows", type=int, default=nodes.Load.blows)
    three.set_defaults(prove=_nodes)
    for part in (loop, storm, three):
        part.add_argument("--seed", type=int, default=1)
    for part in (loop, storm):
        part.add_argument("--postgres", action="store_true", help="on PostgreSQL, not SQLite")
    asked = parser.parse_args(words)
    prove: Callable[[argparse.Namespace], bool] = asked.prove
    cores = cpu_count()
    _say(f"Python {platform.python_version()}, {cores} cores, load {getloadavg()[0]:.1f}")
    proven = prove(asked)
    _say(f"load at the end {getloadavg()[0]:.1f}")
    return 0 if proven else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
