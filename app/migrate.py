"""Bring a database to this program's schema, or say how the two differ.

A schema newer than the program is refused: an old program must not write over what it does not
know. Every first migration begins an epoch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlmodel import SQLModel

from app.cases.transcript import begin_epoch, epoch_of
from app.clock import Clock
from app.db import Work
from app.engine import make_engine
from app.errors import Misconfigured

HERE = Path(__file__).parent / "migrations"
LOCK = 7700
BEHIND = "The database is not up to date. Run: frontdoor migrate"


def migrate(url: str) -> str:
    """Upgrade to the newest step; returns its name. Raises Misconfigured."""
    engine = make_engine(url, patient=True)
    try:
        with engine.begin() as connection:
            work = Work(connection, Clock())
            if work.locks_rows:  # two nodes that start together: the second finds it done
                work.run(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            try:
                command.upgrade(_config(connection), "head")
            except CommandError:
                raise Misconfigured(
                    "The database was made by a newer Frontdoor. Run that one, or a newer."
                ) from None
            if epoch_of(work) == "0":
                begin_epoch(work)
            return str(MigrationContext.configure(connection).get_current_revision())
    except sa.exc.OperationalError:
        raise Misconfigured(
            "The database does not answer. Check DATABASE_URL and that its server runs."
        ) from None
    finally:
        engine.dispose()


def is_current(work: Work) -> bool:
    """Whether the database stands at this program's newest step."""
    found = MigrationContext.configure(work.connection).get_current_revision()
    return bool(found == ScriptDirectory(str(HERE)).get_current_head())


def new_step(url: str, message: str, name: str) -> None:
    """For developers: write the step from the database's schema to the tables' of the program."""
    engine = make_engine(url, patient=True)
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=name)
    engine.dispose()


def difference(url: str) -> list[Any]:
    """What a migrated database lacks against the tables of the program; empty when nothing."""
    engine = make_engine(url, patient=True)
    try:
        with engine.begin() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, SQLModel.metadata))
    finally:
        engine.dispose()


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = SQLModel.metadata
    return config
