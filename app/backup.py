"""A copy of everything while it is served, and the way back.

A restored database gets a new epoch: whoever still has a chat open starts again from what is
there, so that a restored head never hides new messages (S1). The key file is not part of a
backup; keep it elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from app.alone import claim
from app.cases.transcript import begin_epoch
from app.clock import Clock
from app.db import Work
from app.engine import make_engine
from app.errors import Misconfigured
from app.migrate import migrate
from app.settings import Settings


def backup(settings: Settings, target: Path, environ: Mapping[str, str]) -> None:
    """Write `target` whole or not at all. Raises Misconfigured with what to do."""
    if target.exists():
        raise Misconfigured(f"{target} is there already. A backup never writes over a file.")
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(0o600)
        if settings.sqlite_file is not None:
            _copy(settings.sqlite_file, part)
        else:
            _run(["pg_dump", "--format=custom", "--no-owner", f"--file={part}"], settings, environ)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(target)
    except OSError:
        raise Misconfigured(
            f"{target} cannot be written. Choose a place you may write, with room enough."
        ) from None
    finally:
        part.unlink(missing_ok=True)


def restore(settings: Settings, source: Path, environ: Mapping[str, str]) -> None:
    """Put a backup in the place of what is there, and begin a new epoch.

    Raises Misconfigured when a process still serves, or the file is no backup of ours.
    """
    if not source.is_file():
        raise Misconfigured(f"There is no file {source}. Check the path.")
    alone = claim(settings)
    if settings.sqlite_file is not None:
        _put_back(source, settings.sqlite_file)
    else:
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
        _run([*command, "--dbname", _name(settings), str(source)], settings, environ)
    migrate(settings.database_url)
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        begin_epoch(Work(connection, Clock()))
    engine.dispose()
    del alone


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: a consistent copy, however much is written meanwhile."""
    if not source.exists():
        raise Misconfigured(f"There is no data file {source} yet. Nothing to back up.")
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as whole,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        whole.backup(copy, pages=1000)
        copy.execute("PRAGMA journal_mode=DELETE")


def _put_back(source: Path, target: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as file:
            sound = file.execute("PRAGMA quick_check").fetchone() == ("ok",)
            file.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise Misconfigured(f"{source} is not a sound backup of Frontdoor. Try an older one.")
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    with part.open("rb") as written:
        os.fsync(written.fileno())
    for beside in ("-wal", "-shm"):
        Path(f"{target}{beside}").unlink(missing_ok=True)
    part.replace(target)


def _run(command: list[str], settings: Settings, environ: Mapping[str, str]) -> None:
    """The password goes by the environment, never on a command line that others can list."""
    url = sa.make_url(settings.database_url)
    told = {
        "PGHOST": str(url.query.get("host") or url.host or ""),
        "PGPORT": str(url.query.get("port") or url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    try:
        done = subprocess.run(
            command,
            env={**environ, **{name: value for name, value in told.items() if value}},
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise Misconfigured(f"{command[0]} is not installed here. Install it first.") from None
    if done.returncode != 0:
        raise Misconfigured(f"{command[0]} could not finish. Check DATABASE_URL and its server.")


def _name(settings: Settings) -> str:
    return sa.make_url(settings.database_url).database or ""
