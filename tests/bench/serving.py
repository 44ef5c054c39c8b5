"""The product in a process of its own, as `frontdoor serve` runs it, and its own relay.

    python -m tests.bench.serving          settings from the environment, as the product reads them
    python -m tests.bench.serving relay    the own relay: Store answered from memory

The own relay differs in one call: `Database.append` is answered at once and keeps nothing. Socket,
session, frames, wake-up and reading back are the product's. A visitor's pace is lifted in both.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch
from urllib.request import urlopen

from app import ids, settings
from app.auth import visitors
from app.bus import Bus, Hint, LocalBus
from app.cases.transcript import Post, Posted
from app.clock import Clock
from app.crypto import read_root_keys, write_root_keys
from app.db import Database
from app.definition import acts, files
from app.definition.model import Service
from app.log import configure
from app.main import application
from app.migrate import migrate
from app.server import serve
from app.wiring import build
from tests.processes import Server, free_port, scratch_folder

SERVICE = "lancashire"
UNHURRIED = ((1_000_000, timedelta(seconds=10)),)
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Serving:
    """A running product: where it listens, its process, and a way in.

    `stores` are the processes of PostgreSQL and Redis, whose CPU time is told apart.
    """

    name: str
    port: int
    pid: int
    stores: Sequence[int]
    site: str
    frame_key: bytes
    environ: Mapping[str, str] = field(default_factory=dict)

    def frame_token(self) -> str:
        return visitors.mint(self.frame_key, SERVICE, self.site, ids.token(), datetime.now(UTC))


@contextmanager
def serving(
    name: str,
    *,
    database_url: str = "",
    redis_url: str = "",
    stores: Sequence[int] = (),
    relay: bool = False,
    only_prepared: bool = False,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Serving]:
    """Migrate, apply one service, serve; gone afterwards. Without a URL: SQLite in a new folder.

    `only_prepared`: all of it but the process. `more` are further settings, by the names they have
    in the environment.
    """
    folder, port = scratch_folder("bench"), free_port()
    database_url = database_url or f"sqlite:///{folder / 'frontdoor.db'}"
    keys = folder / "keys" / "root.keys"
    environ = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "FRONTDOOR_KEYS": str(keys),
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
        **more,
    }
    write_root_keys(keys)
    migrate(database_url)
    service = files.load(files.EXAMPLES / f"{SERVICE}.toml")
    asyncio.run(_apply(database_url, service))
    frame_key = read_root_keys(keys).purpose("frame")
    site = service.sites[0].key
    planned = Serving(name, port, 0, stores, site, frame_key, environ)
    try:
        with nullcontext(planned) if only_prepared else _node(planned, relay) as node:
            yield node
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def another(first: Serving, name: str) -> Iterator[Serving]:
    """A second node beside the first: the same stores, the same keys, a port of its own."""
    port = free_port()
    environ = {**first.environ, "PORT": str(port)}
    with _node(replace(first, name=name, port=port, environ=environ), False) as node:
        yield node


@contextmanager
def _node(planned: Serving, relay: bool) -> Iterator[Serving]:
    command = [sys.executable, "-m", "tests.bench.serving", *(["relay"] if relay else [])]
    server = Server(
        ["env", *(f"{key}={value}" for key, value in planned.environ.items()), *command],
        scratch_folder("bench-node"),
        lambda: answers(planned.port),
    )
    try:
        server.start()
        yield replace(planned, pid=server.pid)
    finally:
        server.close()


async def _apply(database_url: str, service: Service) -> None:
    db = Database(database_url, LocalBus(), Clock())
    await db.start()
    await db.write(acts.apply, "operator", service)
    await db.stop()


def answers(port: int, path: str = "/readyz") -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


# -- within the process that serves ---------------------------------------------------------------


class FromMemory:
    """Answers `Database.append` at once: the next seq, kept nowhere, and the hint."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._heads: defaultdict[str, int] = defaultdict(int)

    def append(self, _: Any, post: Post) -> asyncio.Future[Posted]:
        self._heads[post.conversation] += 1
        seq = self._heads[post.conversation]
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Posted] = loop.create_future()
        answer.set_result(Posted(post.conversation, post.client_id, "1", seq, self._clock.now()))
        hint = Hint("conversation", post.conversation, seq)
        answer.add_done_callback(lambda _: loop.call_soon(self._bus.publish, [hint]))
        return answer


def main(relay: bool) -> None:
    chosen = settings.load(os.environ)
    configure(chosen.log_level, chosen.log_format)
    house = build(chosen)
    house.visitor_socket.pace = UNHURRIED
    ground = house.ground
    with ExitStack() as stack:
        if relay:
            memory = FromMemory(ground.bus, ground.clock)
            stack.enter_context(patch.object(ground.db, "append", memory.append))
        serve(application(house), house, chosen)


if __name__ == "__main__":
    main("relay" in sys.argv[1:])
