"""What only a server in another process can do to us: cut us off, hold a lock, choose a victim."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app import ids
from app.cases.model import VISITOR
from app.cases.tables import contacts
from app.db import Work
from app.engine import make_engine
from app.errors import Down, Unknown
from tests.house import Home, at_rest
from tests.people import ELLA
from tests.postgres import Postgres


@pytest.fixture
async def home(furnished_postgres: str, keys_file: Path) -> AsyncIterator[Home]:
    async with at_rest(furnished_postgres, keys_file) as home:
        yield home


def hang_up(home: Home, connection: sa.Connection) -> None:
    """The server ends this session, as a crash or a failover would."""
    session = connection.connection.dbapi_connection
    assert isinstance(session, psycopg.Connection)
    url = home.house.ground.settings.database_url
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [session.info.backend_pid])


async def test_cut_off_at_the_commit_the_outcome_is_unknown_and_sending_again_settles_it(
    home: Home,
) -> None:
    ella = await home.arrives(ELLA)
    cut = [True]

    def at_commit(connection: sa.Connection) -> None:
        if cut.pop() if cut else False:
            hang_up(home, connection)

    event.listen(home.db._writer, "commit", at_commit)
    id_ = ids.new()
    with pytest.raises(Unknown):
        await home.says(ella, VISITOR, "hello?", id_)
    posted = await home.says(ella, VISITOR, "hello?", id_)
    assert (posted.seq, posted.again) == (1, False)


async def test_an_acknowledgement_lost_after_the_commit_is_given_again(home: Home) -> None:
    """The words are on disk and we do not know it: the same id finds them."""
    ella = await home.arrives(ELLA)
    cut = [True]

    def at_commit(connection: sa.Connection) -> None:
        if cut.pop() if cut else False:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN")
            hang_up(home, connection)

    event.listen(home.db._writer, "commit", at_commit)
    id_ = ids.new()
    with pytest.raises(Unknown):
        await home.says(ella, VISITOR, "hello?", id_)
    posted = await home.says(ella, VISITOR, "hello?", id_)
    assert (posted.seq, posted.again) == (1, True)


async def test_cut_off_before_the_commit_the_work_simply_runs_again(home: Home) -> None:
    cut = [True]

    def work_of_art(work: Work) -> int:
        if cut.pop() if cut else False:
            hang_up(home, work.connection)
        return int(work.run(sa.text("SELECT 42")).scalar_one())

    assert await home.write(work_of_art) == 42


async def test_a_reader_that_was_cut_off_looks_again(home: Home) -> None:
    cut = [True]

    def look(work: Work) -> int:
        if cut.pop() if cut else False:
            hang_up(home, work.connection)
        return int(work.run(sa.text("SELECT 42")).scalar_one())

    assert await home.read(look) == 42


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_lost_race_is_run_again(home: Home, state: str) -> None:
    tries: list[Any] = []

    def racing(work: Work) -> int:
        tries.append(work)
        if len(tries) < 3:
            work.run(sa.text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
        return len(tries)

    assert await home.write(racing) == 3


async def test_a_race_lost_at_the_commit_is_run_again(home: Home) -> None:
    """The database says for certain that nothing was kept, so this is not unknown."""

    def rule(work: Work) -> None:
        work.run(sa.text(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"
        ))  # fmt: skip
        work.run(sa.text("CREATE TABLE race (lane integer)"))
        work.run(sa.text(
            "CREATE CONSTRAINT TRIGGER finish AFTER INSERT ON race DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW WHEN (NEW.lane = 1) EXECUTE FUNCTION lose()"
        ))  # fmt: skip

    lanes: list[int] = []

    def run(work: Work) -> int:
        lanes.append(len(lanes) + 1)
        work.run(sa.text("INSERT INTO race VALUES (:lane)"), {"lane": lanes[-1]})
        return lanes[-1]

    await home.write(rule)
    assert await home.write(run) == 2


async def test_two_works_that_block_each_other_both_come_through(home: Home) -> None:
    """A true deadlock: the server chooses a victim, which runs again."""
    one, two = (await home.arrives(ELLA)).id, (await home.arrives(ELLA)).id
    met = threading.Barrier(2, timeout=30)

    def crossing(work: Work, first: str, second: str) -> str:
        work.run(sa.select(contacts).where(contacts.c.id == first).with_for_update())
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait()
        work.run(sa.select(contacts).where(contacts.c.id == second).with_for_update())
        met.abort()  # whoever runs again goes alone
        return first

    done = await asyncio.gather(home.write(crossing, one, two), home.write(crossing, two, one))
    assert set(done) == {one, two}


async def test_while_the_server_is_away_we_say_so_and_afterwards_we_go_on(
    home: Home, postgres: Postgres
) -> None:
    ella = await home.arrives(ELLA)
    postgres.server.stop()
    with pytest.raises(Down):
        await home.says(ella, VISITOR, "hello?")
    with pytest.raises(Down):
        await home.read(lambda work: work.now)
    with pytest.raises(Down):
        await home.write(lambda work: work.now)
    postgres.server.start()
    assert (await home.says(ella, VISITOR, "hello?")).seq == 1
    assert await home.read(lambda work: work.now)


async def test_two_nodes_write_into_one_conversation_without_a_gap(
    home: Home, furnished_postgres: str, keys_file: Path
) -> None:
    async with at_rest(furnished_postgres, keys_file) as other:
        ella = await home.arrives(ELLA)
        posted = await asyncio.gather(
            *(node.says(ella, VISITOR, f"{n}") for n in range(20) for node in (home, other))
        )
    assert sorted(each.seq for each in posted) == list(range(1, 41))


async def test_the_same_words_sent_to_two_nodes_are_kept_once(
    home: Home, furnished_postgres: str, keys_file: Path
) -> None:
    async with at_rest(furnished_postgres, keys_file) as other:
        ella = await home.arrives(ELLA)
        for _ in range(5):
            id_ = ids.new()
            one, two = await asyncio.gather(
                home.says(ella, VISITOR, "hello?", id_), other.says(ella, VISITOR, "hello?", id_)
            )
            assert one.seq == two.seq
            assert {one.again, two.again} == {True, False}


async def test_sessions_are_as_safe_as_we_say(home: Home) -> None:
    def look(work: Work) -> list[Any]:
        return [
            work.run(sa.text(f"SHOW {name}")).scalar()
            for name in (
                "synchronous_commit", "lock_timeout", "statement_timeout",
                "idle_in_transaction_session_timeout", "default_transaction_read_only",
            )
        ]  # fmt: skip

    assert await home.write(look) == ["on", "2s", "5s", "1s", "off"]
    assert (await home.read(look))[-1] == "on"


def test_a_migration_may_take_its_time(furnished_postgres: str) -> None:
    engine = make_engine(furnished_postgres, patient=True)
    with engine.connect() as connection:
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            assert connection.scalar(sa.text(f"SHOW {name}")) == "0"
    engine.dispose()
