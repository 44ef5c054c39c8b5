"""The long proofs, with their figures.

    python -m tests.proof kills [--kills N] [--acks N] [--postgres] [--seed N]
    python -m tests.proof fuzz [--frames N] [--seed N]

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
from tests.proof import kills

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


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof")
    parts = parser.add_subparsers(required=True)
    loop = parts.add_parser("kills", help="kill the server again and again while people write")
    loop.add_argument("--kills", type=int, default=kills.Load.kills)
    loop.add_argument("--acks", type=int, default=kills.Load.acks)
    loop.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    loop.add_argument("--seed", type=int, default=1)
    loop.set_defaults(prove=_kills)
    asked = parser.parse_args(words)
    prove: Callable[[argparse.Namespace], bool] = asked.prove
    load = getloadavg()[0]
    print(f"Python {platform.python_version()}, {cpu_count()} cores, load {load:.1f}", flush=True)
    return 0 if prove(asked) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
