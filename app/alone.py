"""One process serves, unless PostgreSQL and Redis are both named.

Two processes on one SQLite file would each think themselves the only one; two without Redis would
wake each other only by looking. Both are refused at start, in one plain sentence.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

import sqlalchemy as sa

from app.engine import make_engine
from app.errors import Misconfigured
from app.settings import Settings

LOCK = 7702


class Alone:
    """Held for as long as the process serves; let go by the system when the process dies."""

    def __init__(self, held: Any) -> None:
        self._held = held


def claim(settings: Settings) -> Alone:
    """Raises Misconfigured when another process serves already and may not be joined."""
    if settings.sqlite_file is not None:
        path = settings.sqlite_file.with_suffix(".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise Misconfigured(
                f"The folder {path.parent} cannot be written. "
                "Give this user leave to write there, or set DATABASE_URL."
            ) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise Misconfigured(
                "Another Frontdoor serves this data file already. "
                "For more than one process, set DATABASE_URL to PostgreSQL and REDIS_URL."
            ) from None
        return Alone(handle)
    if settings.redis_url:
        return Alone(None)
    engine = make_engine(settings.database_url, size=1)
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK)))
    except sa.exc.OperationalError:
        raise Misconfigured(
            "The database does not answer. Check DATABASE_URL and that its server runs."
        ) from None
    if not taken:
        raise Misconfigured(
            "Another Frontdoor serves this database already. For more than one, set REDIS_URL."
        )
    return Alone((engine, connection))
