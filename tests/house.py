"""A whole house for a test: the product's own wiring on a real database, the example services
applied and their people joined. Served in this process, or by `python -m app serve` beside it.

Furnishing is done once for each kind of database; every test gets a copy of its own.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.error import URLError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import uvicorn

from app import demo, ids, server
from app.auth import visitors
from app.auth.policy import Actor
from app.bus import LocalBus
from app.cases import acts as contacts
from app.cases.model import Channel, Contact
from app.cases.tables import contacts as contact_table
from app.cases.transcript import Post, Posted
from app.clock import Clock
from app.crypto import read_root_keys, write_root_keys
from app.db import Database, Work
from app.definition.people import Person
from app.keyring import Keyring
from app.main import application
from app.migrate import migrate
from app.settings import Settings, load
from app.wiring import House, build, rehearsal
from routing import acts as routing
from tests.people import CUMBRIA, ELLA, PEOPLE, SERVICES, SITE, Caller, Visitor, actor_for
from tests.postgres import Postgres
from tests.processes import Server, free_port, scratch_folder

P = ParamSpec("P")
T = TypeVar("T")
ROOT = Path(__file__).parents[1]
LEASE = CUMBRIA.timings.lease


def noon() -> Clock:
    """The next noon: every hub has its day, whenever the tests run. A night moves on from here."""
    clock = Clock()
    local = clock.now().astimezone(ZoneInfo(CUMBRIA.zone))
    today = local.replace(hour=12, minute=0, second=0, microsecond=0)
    clock.offset = (today if today > local else today + timedelta(days=1)) - local
    return clock


@dataclass
class Home:
    """A house with the words a story needs. `clock.move(seconds=…)` moves its time."""

    house: House
    clock: Clock

    @property
    def db(self) -> Database:
        return self.house.ground.db

    @property
    def keyring(self) -> Keyring:
        return self.house.ground.keyring

    async def write(
        self, act: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self.db.write(act, *args, **kwargs)

    async def read(
        self, look: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self.db.read(look, *args, **kwargs)

    async def rows(self, statement: Any) -> list[Any]:
        return list(await self.read(lambda work: work.run(statement).all()))

    async def lost_signal(self) -> Any:
        """The only contact's row, once its visitor's line is known to be gone."""
        lost = sa.select(contact_table).where(contact_table.c.visitor == "lost signal")
        while True:
            if rows := await self.rows(lost):
                return rows[0]
            await asyncio.sleep(0.02)

    # -- people ---------------------------------------------------------------------------

    async def actor(self, who: Person) -> Actor:
        return await self.read(actor_for, self.keyring, who)

    async def on_duty(self, *who: Person) -> Actor:
        """Each goes on duty; returns the first."""
        actors = [await self.actor(each) for each in who]
        for actor in actors:
            await self.write(routing.go_on_duty, actor.staff, LEASE)
        return actors[0]

    async def arrives(
        self, caller: Caller = ELLA, channel: Channel = Channel.CHAT, *, queued: bool = True
    ) -> Contact:
        """Somebody comes to the door, and is put in the queue."""
        contact = await self.write(contacts.arrive, self.keyring, caller.opening(channel))
        if queued:
            await self.write(routing.request_seat, contact.id)
        return await self.contact(contact.id)

    async def contact(self, id_: str) -> Contact:
        return await self.read(contacts.load, id_)

    async def pages_are_there(self) -> None:
        """Every waiting visitor's page has just been seen, after the time was moved."""
        await self.write(
            lambda work: work.run(contact_table.update().values(visitor_seen_at=work.now)).rowcount
        )

    async def match(self) -> int:
        """One pass of the matcher over Cumbria. Returns how many offers were made."""
        return await self.house.matcher.pass_once(CUMBRIA)

    async def taken_by(self, who: Person, caller: Caller = ELLA) -> Contact:
        """A contact that this person, on duty alone, was offered and has accepted."""
        actor = await self.on_duty(who)
        contact = await self.arrives(caller)
        assert await self.match() == 1
        offered = await self.contact(contact.id)
        await self.write(routing.accept, actor.staff, contact.id, offered.offer_no)
        return await self.contact(contact.id)

    async def says(self, contact: Contact, sender: str, text: str, client_id: str = "") -> Posted:
        assert contact.conversation is not None
        post = Post(contact.conversation, sender, bytes.fromhex(client_id or ids.new()), text)
        return await self.db.append(self.house.transcript.append, post)

    def frame_token(self) -> str:
        return self.house.mint_frame_token(CUMBRIA, SITE, self.clock.now())


# -- furnishing ----------------------------------------------------------------------------


@dataclass
class Furnished:
    """Templates of a migrated database with services and people, made when first asked for."""

    folder: Path
    postgres: Callable[[], Postgres]
    _made: dict[str, str]

    @property
    def keys(self) -> Path:
        return self.folder / "keys" / "root.keys"

    def sqlite(self, target: Path) -> str:
        if "sqlite" not in self._made:
            self._made["sqlite"] = self._furnish(f"sqlite:///{self.folder / 'template.db'}")
        shutil.copyfile(self.folder / "template.db", target)
        return f"sqlite:///{target}"

    def postgresql(self) -> str:
        if "postgresql" not in self._made:
            self._made["postgresql"] = self._furnish(self.postgres().create())
        return self.postgres().create(template=self._made["postgresql"])

    def _furnish(self, url: str) -> str:
        migrate(url)
        settings = load({"DATABASE_URL": url, "FRONTDOOR_KEYS": str(self.keys)})

        async def work() -> None:
            db = Database(url, LocalBus(), Clock())
            await db.start()
            try:
                await demo.seed(db, Keyring(read_root_keys(self.keys)), settings)
            finally:
                await db.stop()

        asyncio.run(work())
        return url


@pytest.fixture(scope="session")
def _furnished(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Furnished:
    folder = tmp_path_factory.mktemp("house")
    made = Furnished(folder, lambda: request.getfixturevalue("_postgres"), {})
    write_root_keys(made.keys)
    return made


@pytest.fixture
def keys_file(_furnished: Furnished) -> Path:
    """The root keys that every furnished database is sealed with."""
    return _furnished.keys


@pytest.fixture
def furnished_sqlite(_furnished: Furnished, tmp_path: Path) -> str:
    return _furnished.sqlite(tmp_path / "frontdoor.db")


@pytest.fixture
def furnished_postgres(_furnished: Furnished, postgres: Postgres) -> Iterator[str]:
    url = _furnished.postgresql()
    yield url
    if postgres._server is not None:
        postgres._server.start()
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def furnished_url(request: pytest.FixtureRequest) -> str:
    """A migrated database with services and people, of each kind in turn."""
    sqlite = request.param == "sqlite"
    url: str = request.getfixturevalue("furnished_sqlite" if sqlite else "furnished_postgres")
    return url


def settings_of(url: str, keys: Path, **more: str) -> Settings:
    return load({"DATABASE_URL": url, "FRONTDOOR_KEYS": str(keys), **more})


@asynccontextmanager
async def at_rest(url: str, keys: Path, **more: str) -> AsyncIterator[Home]:
    """A house whose doors work, with nobody inside who acts by themselves: no matcher runs."""
    clock = noon()
    house = build(settings_of(url, keys, **more), clock)
    await house.ground.db.start()
    await house.definitions.refresh()
    try:
        yield Home(house, clock)
    finally:
        await house.ground.db.stop()


@asynccontextmanager
async def listening(url: str, keys: Path, **more: str) -> AsyncIterator[Home]:
    """The same, where the switchboard tells and hears, and nobody matches."""
    async with at_rest(url, keys, **more) as home:
        await home.house.ground.bus.start()
        await home.house.switchboard.start()
        yield home
        await home.house.switchboard.stop()
        await home.house.ground.bus.stop()


@pytest.fixture
async def home(furnished_url: str, keys_file: Path) -> AsyncIterator[Home]:
    """At rest, on each database in turn."""
    async with at_rest(furnished_url, keys_file) as home:
        yield home


@pytest.fixture
async def lodge(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Home]:
    """At rest, on SQLite alone: for what does not depend on the database."""
    async with at_rest(furnished_sqlite, keys_file) as home:
        yield home


# -- serving in this process ---------------------------------------------------------------


@dataclass
class Served(Home):
    """A house that listens on a port of this machine, in this very process."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visitor(self, token: str = "", **need: str) -> Visitor:
        """Somebody whose page has loaded, and not yet said hello."""
        socket_url = f"ws://127.0.0.1:{self.port}/chat/v1/socket"
        return Visitor(socket_url, token or self.frame_token(), dict(need))


@asynccontextmanager
async def serving(
    url: str, keys: Path, *, rehearsed: float = 0.0, **more: str
) -> AsyncIterator[Served]:
    """The whole product behind a real port, as `frontdoor serve` configures it.

    `rehearsed` is the speed of a rehearsal carrier inside it; 0 is none.
    """
    clock, port = noon(), free_port()
    if rehearsed:
        more |= {
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "a token for tests",
            "TWILIO_API_BASE": f"http://127.0.0.1:{port}",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
    settings = settings_of(url, keys, PORT=str(port), **more)
    house = build(settings, clock)
    if rehearsed:
        names = [(who.phone, f"{who.first}’s phone") for who in PEOPLE]
        house.rehearsal = rehearsal(
            settings, SERVICES.values(), [demo.CALLER], names, speed=rehearsed
        )
    config = server.config_of(application(house), settings)
    runs = server.Server(config, house)
    listening = socket.create_server(("127.0.0.1", port))
    task = asyncio.create_task(_serve(runs, listening))
    try:
        while not runs.started:
            if task.done():
                task.result()
                raise RuntimeError("the house did not open")
            await asyncio.sleep(0.01)
        yield Served(house, clock, port)
    finally:
        runs.should_exit = True
        await task
        listening.close()


async def _serve(runs: uvicorn.Server, listening: socket.socket) -> None:
    """Without uvicorn's signal handlers, which belong to pytest here."""
    await runs._serve([listening])


@pytest.fixture
async def served(
    furnished_sqlite: str, keys_file: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    """Served on SQLite, in this process."""
    monkeypatch.setattr(server, "NOTICE", 0.0)
    async with serving(furnished_sqlite, keys_file) as house:
        yield house


@pytest.fixture
async def served_on_each(
    furnished_url: str, keys_file: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    """Served on each database in turn, in this process."""
    monkeypatch.setattr(server, "NOTICE", 0.0)
    async with serving(furnished_url, keys_file) as house:
        yield house


# -- serving in a process of its own -------------------------------------------------------


@dataclass
class Apart:
    """`python -m app serve` in a process of its own: `server` can be stopped, killed, started."""

    server: Server
    port: int
    keys: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visitor(self, token: str = "", **need: str) -> Visitor:
        return Visitor(
            f"ws://127.0.0.1:{self.port}/chat/v1/socket", token or self.frame_token(), dict(need)
        )

    def frame_token(self) -> str:
        key = read_root_keys(self.keys).purpose("frame")
        return visitors.mint(key, CUMBRIA.key, SITE.key, ids.token(), Clock().now())


def clean_environment(**more: str) -> dict[str, str]:
    """What a process of ours needs, and nothing of the tests' own environment."""
    return {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **more}


def process_apart(url: str, keys: Path, **more: str) -> Apart:
    port, folder = free_port(), scratch_folder("serve")
    environ = clean_environment(
        DATABASE_URL=url, FRONTDOOR_KEYS=str(keys), PORT=str(port), LOG_FORMAT="json", **more
    )
    command = [
        *("env", "-i", *(f"{name}={value}" for name, value in environ.items())),
        *(sys.executable, "-m", "app", "serve"),
    ]
    return Apart(Server(command, folder, lambda: _ready(port)), port, keys)


def _ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@pytest.fixture
def apart(furnished_sqlite: str, keys_file: Path) -> Iterator[Apart]:
    """Served on SQLite by a process of its own, running."""
    made = process_apart(furnished_sqlite, keys_file)
    try:
        made.server.start()
        yield made
    finally:
        made.server.close()
