"""A real Redis and a real PostgreSQL for every test that asks for one.

A server named in the environment wins, then the machine's own, then the one from a wheel.
Nothing is skipped silently: without a server the reason is printed, and CI fails.
Each xdist worker has servers of its own, so a test may stop, start or kill them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres, postgres_programs, start_postgres
from tests.processes import missing
from tests.redis_server import Redis, redis_binary, start_redis


@pytest.fixture(scope="session")
def _redis() -> Iterator[Redis]:
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield Redis(given, None)
        return
    binary = redis_binary()
    if binary is None:
        missing("Redis", "install redis-server or valkey, or set TEST_REDIS_URL")
    started = start_redis(binary)
    try:
        yield started
    finally:
        started.server.close()


@pytest.fixture
def redis_here(_redis: Redis) -> Iterator[Redis]:
    """An empty, running Redis that the test may stop; it runs again afterwards."""
    _redis.empty()
    yield _redis
    if _redis._server is not None:
        _redis._server.start()


@pytest.fixture
def redis_url(redis_here: Redis) -> str:
    """The address of an empty Redis. TEST_REDIS_URL's database is emptied: name a spare one."""
    return redis_here.url


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Postgres]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Postgres(re.sub(r"^postgres://", "postgresql://", given), None)
        return
    programs = postgres_programs()
    if programs is None:
        missing("PostgreSQL", "install postgresql, or set TEST_DATABASE_URL")
    running = start_postgres(programs)
    try:
        yield running
    finally:
        running.server.close()


@pytest.fixture
def postgres(_postgres: Postgres) -> Iterator[Postgres]:
    """A running PostgreSQL that the test may stop; it runs again afterwards."""
    yield _postgres
    if _postgres._server is not None:
        _postgres._server.start()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a fresh, empty database, dropped after the test."""
    url = postgres.create()
    yield url
    if postgres._server is not None:
        postgres._server.start()
    postgres.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'frontdoor.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database of each kind in turn: for the contract suites."""
    url: str = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "postgres_url"
    )
    return url
