"""A work is one transaction: a plain function that reads, changes and announces.

`await db.write(act, ...)` runs `act(work, ...)` in a writer thread and returns only after the
commit (S1); then the hints it announced go out. A work cannot await, so no network call can hide
in it. It may run twice (a lost race, a deadlock, a cut connection): ids are arguments, and it
touches nothing but its rows.

SQLite: one writer thread commits whatever has arrived, each work in a savepoint of its own, so
that a failing one rolls back alone. PostgreSQL: each work is its own transaction, and only the
hot doors of `append` are grouped, because grouped works in mixed order deadlock.
A group whose commit fails leaves each of its works *unknown*: send the same ids again.
"""

from __future__ import annotations

import asyncio
import functools
import queue
import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlmodel import SQLModel

from app.bus import Bus, Hint
from app.clock import Clock
from app.engine import READERS, WRITERS, check_promises, make_engine
from app.errors import Down, FrontdoorError, Unknown
from app.log import log

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_IN_GROUP = 512
RETRIES = 6
RETRY_STATES = {"40001", "40P01"}
"""PostgreSQL: serialization_failure and deadlock_detected."""


def _utc(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(kept + "+00:00")


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out, on both databases. A naive time is a mistake."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], Any] | None:
        """One call for each time that is read from SQLite, where three would do the same."""
        return _utc if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def table_of(model: type[SQLModel]) -> sa.Table:
    """The Core table of an SQLModel class; statements are written against it."""
    return cast(sa.Table, sa.inspect(model).local_table)


@functools.cache
def _insert_once(table: sa.Table, postgres: bool) -> sa.Executable:
    """Built once for each table: building costs more than running."""
    make = postgresql.insert if postgres else sqlite.insert
    return make(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


class Work:
    """One transaction in progress."""

    __slots__ = ("_clock", "_now", "connection", "hints")

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.hints: list[Hint] = []
        self._clock = clock
        self._now: datetime | None = None

    @property
    def now(self) -> datetime:
        """The database's time, read once, plus whatever a test added to the clock."""
        if self._now is None:
            if self.connection.dialect.name == "postgresql":
                told = self.connection.scalar(sa.func.clock_timestamp())
                self._now = told.astimezone(UTC) + self._clock.offset
            else:
                self._now = self._clock.now()
        return self._now

    @property
    def locks_rows(self) -> bool:
        """PostgreSQL locks rows; SQLite has one writer at a time and needs none."""
        return self.connection.dialect.name == "postgresql"

    def run(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[Any]:
        return cast("CursorResult[Any]", self.connection.execute(statement, parameters))

    def insert_once(self, table: sa.Table, **values: Any) -> bool:
        """Insert, or leave the row that already holds one of these unique values. True if new."""
        return self.run(_insert_once(table, self.locks_rows), values).rowcount == 1

    def insert_all(self, insert: sa.Insert, rows: Sequence[dict[str, Any]]) -> bool:
        """Insert every row, or none: False when one holds a unique value that is there already."""
        self.connection.exec_driver_sql("SAVEPOINT all_rows")
        try:
            self.connection.execute(insert, rows)
        except IntegrityError:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT all_rows")
            return False
        self.connection.exec_driver_sql("RELEASE SAVEPOINT all_rows")
        return True

    def announce(self, hint: Hint) -> None:
        """Told to the bus after the commit, and only then."""
        self.hints.append(hint)


Act = Callable[Concatenate[Work, P], T]
Door = Callable[[Work, Sequence[Item]], Sequence[Result | FrontdoorError]]


@dataclass
class _Job:
    """`door` is set for an item of a hot door; then `act` is unused."""

    act: Callable[[Work], Any] | None
    door: Callable[[Work, Sequence[Any]], Sequence[Any]] | None
    item: Any
    answer: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None
    hints: list[Hint] = field(default_factory=list)


class Database:
    """Both databases behind one contract; see the module's words."""

    def __init__(self, url: str, bus: Bus, clock: Clock) -> None:
        self.url = url
        self.embedded = url.startswith("sqlite")
        self._bus = bus
        self._clock = clock
        self._writer = make_engine(url)
        self._reader = make_engine(url, readers=READERS)
        self._readers = ThreadPoolExecutor(READERS, "db-read")
        self._workers = ThreadPoolExecutor(WRITERS, "db-write")
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False

    async def start(self) -> None:
        """Raises Misconfigured when the database cannot be reached or promises too little."""
        self._loop = asyncio.get_running_loop()
        await self._loop.run_in_executor(self._readers, check_promises, self._writer)
        self._thread = threading.Thread(target=self._write_groups, name="db-group", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Everything asked for before this call is still committed; what comes later is Down."""
        self._stopped = True
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None
        await asyncio.to_thread(self._workers.shutdown)
        await asyncio.to_thread(self._readers.shutdown)
        self._writer.dispose()
        self._reader.dispose()

    # -- asking ---------------------------------------------------------------------------

    async def write(self, act: Act[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Returns what `act` returned, after the commit. Raises what it raised, or Unknown."""
        job = self._job(lambda work: act(work, *args, **kwargs), None, None)
        if self.embedded:
            self._jobs.put(job)
        else:
            self._workers.submit(self._run_and_deliver, [job])
        return cast(T, await job.answer)

    def append(self, door: Door[Item, Result], item: Item) -> asyncio.Future[Result]:
        """Hand one item to a hot door; items that arrive together are committed together.

        Not a coroutine: whoever reads a socket reads on while its words commit.
        """
        job = self._job(None, door, item)
        self._jobs.put(job)
        return job.answer

    async def read(self, look: Act[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `look` on a reader; it sees only what is committed and can change nothing."""
        assert self._loop is not None, "start() first"
        return await self._loop.run_in_executor(
            self._readers, lambda: self._look(lambda work: look(work, *args, **kwargs))
        )

    def look_now(self, look: Callable[[Work], T]) -> T:
        """For commands and start-up, where no loop runs yet."""
        return self._look(look)

    def write_now(self, act: Callable[[Work], T]) -> T:
        """For commands and start-up: one transaction, no hints."""
        with self._writer.begin() as connection:
            return act(Work(connection, self._clock))

    def _job(self, act: Any, door: Any, item: Any) -> _Job:
        if self._stopped:
            raise Down("We are closing. Please come back in a moment.")
        assert self._loop is not None, "start() first"
        return _Job(act, door, item, self._loop.create_future())

    def _look(self, look: Callable[[Work], T]) -> T:
        attempt = 0
        while True:
            try:
                with self._reader.begin() as connection:
                    return look(Work(connection, self._clock))
            except DBAPIError as problem:
                attempt += 1
                if problem.connection_invalidated and attempt < RETRIES:
                    continue
                told = _told(problem)
                if told is problem:
                    raise
                raise told from problem

    # -- writing in groups --------------------------------------------------------------------

    def _write_groups(self) -> None:
        stop = False
        while not stop:
            group: list[_Job] = []
            first = self._jobs.get()
            while first is not None and len(group) < MOST_IN_GROUP:
                group.append(first)
                try:
                    first = self._jobs.get_nowait()
                except queue.Empty:
                    break
            stop = first is None
            if group:
                self._run_and_deliver(group)

    def _run_and_deliver(self, group: list[_Job]) -> None:
        try:
            self._run_together(group)
        except Exception:
            log.exception("db.broke", works=len(group))
            for job in group:
                job.error = Down("Something broke on our side.")
        self._deliver(group)

    def _run_together(self, group: list[_Job]) -> None:
        """One transaction for the group. Tries again where the database asks for it."""
        for attempt in range(RETRIES):
            try:
                self._attempt(group)
                return
            except _CommitLost as lost:
                log.warning("db.unknown", works=len(group), error=lost.why)
                for job in group:
                    job.error = job.error or Unknown("We cannot tell if that was kept.")
                return
            except DBAPIError as problem:
                if _worth_another_try(problem) and attempt < RETRIES - 1:
                    time.sleep(random.uniform(0, 0.01 * 2**attempt))
                    continue
                log.warning("db.failed", works=len(group), error=type(problem.orig).__name__)
                for job in group:
                    job.error = Down("The database does not answer just now.")
                return

    def _attempt(self, group: list[_Job]) -> None:
        for job in group:
            job.result, job.error, job.hints = None, None, []
        with self._writer.connect() as connection:
            transaction = connection.begin()
            try:
                parts = _parts(group)
                for part in parts:
                    # What runs alone needs no savepoint: the transaction is what is undone.
                    around = transaction if len(parts) == 1 else connection.begin_nested()
                    self._run(Work(connection, self._clock), part, around)
                    if around is not transaction and around.is_active:
                        around.commit()
            except BaseException:
                transaction.rollback()
                raise
            if not transaction.is_active:
                return
            try:
                transaction.commit()
            except DBAPIError as problem:
                connection.invalidate()  # nobody knows what it still holds open
                if getattr(problem.orig, "sqlstate", None) in RETRY_STATES:
                    raise  # rolled back for certain
                raise _CommitLost(type(problem.orig).__name__) from problem

    def _run(self, work: Work, part: list[_Job], around: sa.engine.Transaction) -> None:
        """Run one act, or one door with its items, inside `around`; undone when it fails."""
        first = part[0]
        answers: Sequence[Any]
        try:
            if first.door is None:
                assert first.act is not None
                answers = [first.act(work)]
            else:
                answers = first.door(work, [job.item for job in part])
        except Exception as problem:
            if isinstance(problem, DBAPIError) and _worth_another_try(problem):
                raise
            around.rollback()
            if first.door is not None:
                log.exception("db.door_failed")
            for job in part:
                job.error = _told(problem)
            return
        for job, answer in zip(part, answers, strict=True):
            if isinstance(answer, FrontdoorError):
                job.error = answer
            else:
                job.result = answer
        kept = next((job for job in part if job.error is None), first)
        kept.hints = work.hints

    def _deliver(self, group: list[_Job]) -> None:
        """One hop from the thread to the loop for the whole group."""
        assert self._loop is not None
        loop = self._loop

        def settle() -> None:
            for job in group:
                if job.answer.done():
                    continue
                if job.error is not None:
                    job.answer.set_exception(job.error)
                else:
                    job.answer.set_result(job.result)
            # Hints come after the answers, so that nobody looks for what he is about to be told.
            loop.call_soon(self._tell, group)

        loop.call_soon_threadsafe(settle)

    def _tell(self, group: Iterable[_Job]) -> None:
        hints = [hint for job in group if job.error is None for hint in job.hints]
        if hints:
            self._bus.publish(hints)


def _parts(group: list[_Job]) -> list[list[_Job]]:
    """What is undone together: each act alone, the items of one door as one."""
    acts: list[list[_Job]] = []
    doors: dict[Any, list[_Job]] = {}
    for job in group:
        if job.door is None:
            acts.append([job])
        else:
            doors.setdefault(job.door, []).append(job)
    return [*acts, *doors.values()]


def _worth_another_try(problem: DBAPIError) -> bool:
    """A lost race, a deadlock or a cut connection: nothing was kept, so the work runs again."""
    state = getattr(problem.orig, "sqlstate", None)
    return state in RETRY_STATES or bool(problem.connection_invalidated)


def _told(problem: Exception) -> Exception:
    """What the caller hears: a database that is away or too busy is Down, our faults stay."""
    away = isinstance(problem, OperationalError | InterfaceError)
    if isinstance(problem, DBAPIError) and (away or problem.connection_invalidated):
        log.warning("db.failed", error=type(problem.orig).__name__)
        down = Down("The database does not answer just now.")
        down.__cause__ = problem
        return down
    return problem


class _CommitLost(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
