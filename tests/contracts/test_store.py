"""One contract for works on both databases: all or nothing, announced after, never in doubt.

Stories about the transcript's hot door are in test_transcript.py; what only a server in another
process can do to us is in test_postgres.py.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import event

from app import audit
from app.audit import trail
from app.bus import Hint, LocalBus
from app.cases.transcript import epoch_of
from app.clock import Clock
from app.db import Database, Work
from app.engine import make_engine
from app.errors import Conflict, Down, FrontdoorError, Misconfigured, Unknown
from app.migrate import HERE, _config, difference, is_current, migrate
from tests.house import Home

Looking = Callable[[Callable[[Work], Any]], Any]


def note(work: Work, what: str) -> str:
    """A work that keeps one row and says so."""
    audit.record(work, "system", what, "story", what)
    work.announce(Hint("desk", what))
    return what


def refuse(work: Work, what: str) -> str:
    note(work, what)
    raise Conflict("Not this one.")


async def kept(home: Home) -> set[str]:
    rows = await home.rows(sa.select(trail.c.verb).where(trail.c.kind == "story"))
    return {row.verb for row in rows}


async def test_a_work_is_there_for_everybody_once_it_returns(home: Home) -> None:
    assert await home.write(note, "kept") == "kept"
    assert await kept(home) == {"kept"}


async def test_a_work_commits_and_then_announces(home: Home) -> None:
    """Whoever is woken finds what they were woken for."""
    async with home.house.ground.bus.subscribe(("desk", None)) as hints:
        writing = asyncio.create_task(home.write(note, "kept"))
        assert await anext(hints) == Hint("desk", "kept")
        assert await kept(home) == {"kept"}
        await writing


async def test_a_work_that_fails_keeps_nothing_and_wakes_nobody(home: Home) -> None:
    async with home.house.ground.bus.subscribe(("desk", None)) as hints:
        with pytest.raises(Conflict):
            await home.write(refuse, "refused")
        await home.write(note, "kept")
        assert await anext(hints) == Hint("desk", "kept")
    assert await kept(home) == {"kept"}


async def test_in_a_group_a_failing_work_rolls_back_alone(home: Home) -> None:
    """The first holds the writer until the others have queued up behind it."""
    queued = threading.Event()

    def first(work: Work) -> str:
        queued.wait(30)
        return note(work, "first")

    holding = asyncio.create_task(home.write(first))
    others = [
        asyncio.create_task(home.write(refuse if n % 3 == 1 else note, f"work {n}"))
        for n in range(9)
    ]
    await asyncio.sleep(0)
    queued.set()
    answers = await asyncio.gather(holding, *others, return_exceptions=True)
    assert [isinstance(answer, Conflict) for answer in answers[1:]] == [
        n % 3 == 1 for n in range(9)
    ]
    assert await kept(home) == {"first"} | {f"work {n}" for n in range(9) if n % 3 != 1}


async def test_a_statement_the_database_refuses_fails_that_work_alone(home: Home) -> None:
    def twice(work: Work) -> None:
        for _ in range(2):
            work.run(trail.insert().values(
                id=70_000, at=work.now, actor="system", verb="twice", kind="story", object_id="",
                service="", why="",
            ))  # fmt: skip

    answers = await asyncio.gather(
        home.write(note, "before"), home.write(twice), home.write(note, "after"),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(answers[1], sa.exc.IntegrityError)
    assert await kept(home) == {"before", "after"}


async def test_inserting_once_tells_who_was_first(home: Home) -> None:
    def once(work: Work) -> bool:
        return work.insert_once(
            trail, id=70_000, at=work.now, actor="system", verb="once", kind="story", object_id="",
            service="", why="",
        )  # fmt: skip

    assert await home.write(once) is True
    assert await home.write(once) is False


async def test_readers_cannot_write(home: Home) -> None:
    with pytest.raises((FrontdoorError, sa.exc.DBAPIError)):
        await home.read(note, "by a reader")
    await home.write(note, "by a writer")
    assert await kept(home) == {"by a writer"}


async def test_the_time_is_read_once_in_a_work(home: Home) -> None:
    def times(work: Work) -> tuple[Any, Any]:
        before = work.now
        work.run(sa.select(sa.func.count()).select_from(trail))
        return before, work.now

    one, two = await home.write(times), await home.write(times)
    assert one[0] == one[1]
    assert two[0] > one[0]
    assert one[0].utcoffset() is not None


async def test_a_test_may_move_the_time(home: Home) -> None:
    now = await home.write(lambda work: work.now)
    home.clock.move(hours=3)
    later = await home.write(lambda work: work.now)
    assert (later - now).total_seconds() >= 3 * 3600
    assert (await home.read(lambda work: work.now)) >= later


async def test_times_come_back_as_they_went_in(home: Home) -> None:
    def timed(work: Work) -> datetime:
        note(work, "timed")
        return work.now

    now = await home.write(timed)
    (row,) = await home.rows(sa.select(trail.c.at).where(trail.c.verb == "timed"))
    assert row.at == now
    assert row.at.utcoffset() is not None


async def test_a_commit_that_fails_leaves_its_work_unknown(home: Home) -> None:
    """A promise that is only judged at the commit, and broken: neither kept nor surely lost."""

    def rule(work: Work) -> None:
        work.run(sa.text("CREATE TABLE other (id integer PRIMARY KEY)"))
        work.run(sa.text(
            "CREATE TABLE vow (other integer REFERENCES other (id) "
            "DEFERRABLE INITIALLY DEFERRED)"
        ))  # fmt: skip

    def broken_promise(work: Work) -> None:
        note(work, "promised")
        work.run(sa.text("INSERT INTO vow VALUES (1)"))

    await home.write(rule)
    async with home.house.ground.bus.subscribe(("desk", None)) as hints:
        with pytest.raises(Unknown):
            await home.write(broken_promise)
        await home.write(note, "kept")
        assert await anext(hints) == Hint("desk", "kept")
    assert await kept(home) == {"kept"}


async def test_our_own_fault_in_the_writer_is_answered_and_the_next_is_served(home: Home) -> None:
    """Nobody may wait for ever because a thread died."""
    writer = home.db._writer

    def break_down(_: Any) -> None:
        raise RuntimeError("not what a database says")

    event.listen(writer, "begin", break_down)
    with pytest.raises(Down):
        await home.write(note, "lost")
    event.remove(writer, "begin", break_down)
    assert await home.write(note, "kept") == "kept"


async def test_a_caller_who_goes_away_takes_nothing_back(home: Home) -> None:
    """Their work is still committed, and whoever it concerns is still woken."""
    running, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(work: Work) -> None:
        loop.call_soon_threadsafe(running.set)
        go.wait(30)
        note(work, "kept")

    async with home.house.ground.bus.subscribe(("desk", None)) as hints:
        caller = asyncio.create_task(home.write(slow))
        await running.wait()
        caller.cancel()
        go.set()
        assert await anext(hints) == Hint("desk", "kept")
    assert await kept(home) == {"kept"}


async def test_closing_commits_what_was_asked_and_refuses_what_comes_later(
    database_url: str,
) -> None:
    migrate(database_url)
    db = Database(database_url, LocalBus(), Clock())
    await db.start()
    asked = [asyncio.create_task(db.write(note, f"work {n}")) for n in range(5)]
    await asyncio.sleep(0)
    await db.stop()
    assert await asyncio.gather(*asked) == [f"work {n}" for n in range(5)]
    with pytest.raises(Down):
        await db.write(note, "too late")


# -- starting ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weaker", ["synchronous=NORMAL", "foreign_keys=OFF", "journal_mode=DELETE"]
)
async def test_start_refuses_a_sqlite_that_promises_less(sqlite_url: str, weaker: str) -> None:
    db = Database(sqlite_url, LocalBus(), Clock())

    def weaken(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute(f"PRAGMA {weaker}")

    event.listen(db._writer, "connect", weaken)
    with pytest.raises(Misconfigured, match=weaker.split("=")[0]):
        await db.start()
    await db.stop()


async def test_start_says_when_no_server_answers() -> None:
    db = Database("postgresql://frontdoor@127.0.0.1:1/nothing", LocalBus(), Clock())
    with pytest.raises(Misconfigured, match="does not answer"):
        await db.start()
    await db.stop()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Misconfigured, match="cannot be written"):
        Database(f"sqlite:///{tmp_path / 'file' / 'frontdoor.db'}", LocalBus(), Clock())


# -- the schema ------------------------------------------------------------------------------


@pytest.fixture
def looked_at(database_url: str) -> Looking:
    def look(at: Callable[[Work], Any]) -> Any:
        db = Database(database_url, LocalBus(), Clock())
        try:
            return db.look_now(at)
        finally:
            db._reader.dispose()
            db._writer.dispose()

    return look


def test_a_migrated_database_is_what_the_program_means(
    database_url: str, looked_at: Looking
) -> None:
    migrate(database_url)
    assert difference(database_url) == []
    assert looked_at(is_current)


def test_migrating_twice_changes_nothing(database_url: str, looked_at: Looking) -> None:
    step = migrate(database_url)
    epoch = looked_at(epoch_of)
    assert migrate(database_url) == step
    assert looked_at(epoch_of) == epoch


def test_two_who_migrate_at_once_both_find_it_done(database_url: str) -> None:
    with ThreadPoolExecutor(2) as two:
        steps = list(two.map(migrate, [database_url, database_url]))
    assert steps[0] == steps[1]
    assert difference(database_url) == []


def test_every_step_can_be_taken_back(database_url: str, looked_at: Looking) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "base")
    with engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    migrate(database_url)
    assert difference(database_url) == []


def test_a_newer_database_is_refused(database_url: str) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Misconfigured, match="newer Frontdoor"):
        migrate(database_url)


def test_the_steps_follow_one_another() -> None:
    assert len(ScriptDirectory(str(HERE)).get_heads()) == 1
