"""A whole floor in memory: the real acts on the real tables, and after each night all is undone.

Acts run as the writer runs them: each in a savepoint, undone when it is refused. One at a time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

import app.wiring  # every table of the product
from app.auth.policy import Actor, Role
from app.auth.tables import staff
from app.cases.tables import assignments, conflicts, contacts, epochs, joinings
from app.cases.transcript import Transcript
from app.clock import Clock
from app.crypto import RootKeys
from app.db import Work
from app.definition.files import load_examples
from app.keyring import Keyring
from routing.tables import offers, places, seats

P = ParamSpec("P")
T = TypeVar("T")

_EXAMPLE = load_examples()["cumbria"]
SERVICE = replace(_EXAMPLE, routing=replace(_EXAMPLE.routing, volunteers_never=("sexual",)))
KEPT = (contacts, assignments, places, offers, seats, joinings, conflicts)
"""What a press that comes too late must leave as it was."""


@dataclass(frozen=True)
class Worker:
    hub: str
    role: Role = Role.ADVISOR
    capacity: int = 2
    skills: str = ""
    languages: str = "en"
    phone: bool = True
    supervisor: str = ""


STAFF = {
    "maya": Worker("penrith", skills="sexual-violence sexual-violence.2"),
    "tom": Worker("central", capacity=3),
    "aisha": Worker("penrith", capacity=1, skills="young-people", languages="en ur"),
    "marek": Worker("penrith", Role.VOLUNTEER, 1, languages="en pl", supervisor="hannah"),
    "hannah": Worker("central", Role.HUB_LEAD, skills="young-people"),
    "jo": Worker("kendal", phone=False),
}
"""By staff id. Hannah leads them all."""


@dataclass
class Held(Clock):
    """Time stands still between two moves."""

    begins: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.begins + self.offset


class Scratch:
    """One night on the floor. `closes` undoes all of it."""

    def __init__(self) -> None:
        self.clock = Held()
        self.keyring = _furnished()[1]
        self.transcript = Transcript(self.keyring)
        self._connection: Connection = _furnished()[0].connect()
        self._night = self._connection.begin()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def closes(self) -> None:
        self._night.rollback()
        self._connection.close()

    def act(self, act: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One work. What it raises undoes it, and it alone."""
        with self._connection.begin_nested():
            return act(Work(self._connection, self.clock), *args, **kwargs)

    def rows(self, statement: sa.Select[Any]) -> list[Any]:
        return list(self._connection.execute(statement))

    def all_that_is_kept(self) -> list[list[Any]]:
        """Every row that a press may change, to be compared."""
        return [self.rows(sa.select(table)) for table in KEPT]


def actor(who: str) -> Actor:
    return Actor(who, who.title(), who.title(), STAFF[who].role, SERVICE.key, STAFF[who].hub)


@functools.cache
def _furnished() -> tuple[Engine, Keyring]:
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    keyring = Keyring(RootKeys(((bytes(16), bytes(32)),)))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    assert app.wiring, "its import brings the tables"
    SQLModel.metadata.create_all(engine)
    with engine.begin() as connection:
        work = Work(connection, Held())
        work.run(epochs.insert().values(id=1, value="1"))
        for who, one in STAFF.items():
            work.run(staff.insert().values(**_row(work, keyring, who, one)))
    return engine, keyring


def _row(work: Work, keyring: Keyring, who: str, one: Worker) -> dict[str, Any]:
    key_id = keyring.new_key(work, "staff", who, SERVICE.key, one.hub)
    names = {
        each: keyring.seal(work, key_id, who.title(), "staff", each, who)
        for each in ("first_name", "name")
    }
    return names | {
        "id": who, "service": SERVICE.key, "hub": one.hub, "role": one.role.value,
        "email_index": who.encode(), "password": "",
        "key_id": key_id, "phone": b"x" if one.phone else None,
        "skills": one.skills, "languages": one.languages, "supervisor": one.supervisor,
        "capacity": one.capacity, "active": True, "gender": "", "lapses": "",
    }  # fmt: skip
