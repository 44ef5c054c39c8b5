"""PostgreSQL and Redis for the bench: those of the tests, but flushing as they would at work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.postgres import postgres_programs, start_postgres
from tests.processes import Server
from tests.redis_server import redis_binary, start_redis


@dataclass(frozen=True)
class Stores:
    """Where they are, the processes whose CPU time is theirs, and Redis to stop and start."""

    database_url: str
    redis_url: str
    pids: tuple[int, ...]
    redis: Server


@contextmanager
def stores() -> Iterator[Stores | None]:
    """Both servers on the cores of whoever asks; None where one of the programs is missing."""
    programs, binary = postgres_programs(), redis_binary()
    if programs is None or binary is None:
        yield None
        return
    postgres = start_postgres(programs)
    try:
        postgres.server.stop()
        postgres.server.command = [
            word.replace("fsync=off", "fsync=on").replace("_writes=off", "_writes=on")
            for word in postgres.server.command
        ]
        postgres.server.start()
        redis = start_redis(binary)
        try:
            pids = (postgres.server.pid, redis.server.pid)
            yield Stores(postgres.create(), redis.url, pids, redis.server)
        finally:
            redis.server.close()
    finally:
        postgres.server.close()
