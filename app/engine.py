"""How each database is opened, so that a commit means what S1 needs it to mean.

SQLite: write-ahead log, `synchronous=FULL`, foreign keys. PostgreSQL: `synchronous_commit=on`, and
limits on how long anything may wait or lie idle.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from app.errors import Misconfigured

READERS = 4
WRITERS = 8
TURNS = 6
SQLITE_PROMISES: tuple[tuple[str, object], ...] = (
    ("journal_mode", "wal"),
    ("synchronous", 2),
    ("foreign_keys", 1),
)


def make_engine(
    url: str, *, readers: int = 0, size: int = WRITERS + 1, patient: bool = False
) -> Engine:
    """`readers` is 0 for the writing engine; `patient` lets a migration take its time.

    Raises Misconfigured when the place is not usable.
    """
    if not url.startswith("sqlite"):
        reads_only = bool(readers)
        return _postgres_engine(url, size=readers or size, reads_only=reads_only, patient=patient)
    file = Path(url.removeprefix("sqlite:///"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        with file.open("r+b"):
            pass
    except OSError:
        raise Misconfigured(
            f"The data file {file} cannot be written. "
            "Give this user leave to write there, or set DATABASE_URL."
        ) from None
    return _sqlite_engine(file, readers=readers)


def check_promises(engine: Engine) -> None:
    """Raises Misconfigured when the database cannot be reached, or promises too little."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name != "sqlite":
                connection.exec_driver_sql("SELECT 1")
                return
            for pragma, wanted in SQLITE_PROMISES:
                found = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
                if found != wanted:
                    raise Misconfigured(
                        f"SQLite gives {pragma}={found}, and {wanted} is needed to lose nothing. "
                        "Put the data file on a local disk."
                    )
    except DBAPIError:
        raise Misconfigured(
            "The database does not answer. Check DATABASE_URL and that its server runs."
        ) from None


def _sqlite_engine(file: Path, *, readers: int) -> Engine:
    engine = sa.create_engine(
        f"sqlite:///{file}",
        poolclass=QueuePool,
        pool_size=max(readers, 1),
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=10000")
        _turn_to_wal(connection)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "temp_store=MEMORY",
            *(["query_only=ON"] if readers else []),
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if readers else "BEGIN IMMEDIATE")

    return engine


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait when two turn a new file at once: whoever is second asks again."""
    for attempt in range(TURNS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if attempt == TURNS - 1:
                raise
            time.sleep(0.05 * 2**attempt)


def _postgres_engine(url: str, *, size: int, reads_only: bool, patient: bool) -> Engine:
    options = "-c synchronous_commit=on -c timezone=UTC"
    if not patient:
        options += (
            " -c lock_timeout=2s -c statement_timeout=5s -c idle_in_transaction_session_timeout=1s"
        )
    if reads_only:
        options += " -c default_transaction_read_only=on"
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=False,
        connect_args={"options": options, "connect_timeout": 3, "application_name": "frontdoor"},
    )
