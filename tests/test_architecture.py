"""The house stands as drawn: who may import whom, which modules are pure, what lies at the top.

A new room gets a word in HOUSE. A new file in a room is pure, or gets a word in SHELL.
"""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "chat", "routing", "telephony", "widgets")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Each line may import only lines below it; `|` parts those who never import each other.
HOUSE = """
    app.main  app.__main__  app.server  app.demo  app.drill  app.drill_scripts  app.staffing
    app.wiring
    app.backup  app.people
    app.migrate
    widgets.visitor | widgets.console
    widgets
    chat | telephony
    routing
    app.cases
    app.auth
    app.definition
    app.guards | app.audit
    app.ground
    app.keyring  app.migrations
    app.db  app.alone
    app.engine
    app.among  app.bus  app.crypto  app.limits
    app.settings  app.clock  app.ids  app.errors  app.log  app.words
"""

# Only the roof may import these, and they import nothing of the product but themselves.
ALONE = ("telephony.rehearsal",)
ROOF = (
    "app.main", "app.__main__", "app.server", "app.demo", "app.drill", "app.drill_scripts",
    "app.staffing", "app.wiring",
)  # fmt: skip

# The rooms with a pure heart, and in each the files that are shell beside those of every room.
SHELL_OF_EVERY_ROOM = ("tables", "acts", "web", "__main__")
SHELL = {
    "app.words": "files extract",
    "app.definition": "files",
    "app.cases": "access answering calling claims conflicts handover joining links marks notes "
    "notices promises signs trackers transcript voicemails",
    "app.auth": "changing staff visitors",
    "routing": "apart around breaks claiming course desk device duty floor giving handing leading "
    "matcher offering past pausing planning pulling reading roster seating swapping taking warning "
    "wishes",
    "chat": "answers hosting outgoing poll porch returns signs socket switchboard visit",
    "telephony": "calling_back_acts calling_back_post calling_back_web carrier carrying_on "
    "catching_up collecting errands house known line on_line outbox parties places reconciling "
    "requests rooms showing signature slowing softphone sweeping talking_acts talking_shown "
    "text_out texting voicemail_post watch",
    "telephony.rehearsal": "page post rest",
}

# What a pure module may lean on below its room.
PURE_GROUND = ("app.errors",)
IMPURE_LIBRARIES = words(
    "aiohttp alembic asyncio concurrent httpx httpx2 logging multiprocessing os psycopg random "
    "redis requests secrets selectors signal socket sqlalchemy sqlite3 sqlmodel ssl starlette "
    "structlog subprocess tempfile threading time twilio uvicorn websockets"
)
ALLOWED_ALL_THE_SAME = {
    "telephony.static_documents": ("twilio.twiml",),
    "telephony.twiml": ("twilio.twiml",),
    "telephony.verbs": ("twilio.twiml",),
}
IMPURE_CALLS = words(
    "open input print uuid1 uuid4 uuid7 uuid.uuid1 uuid.uuid4 uuid.uuid7 "
    "datetime.now datetime.utcnow datetime.today date.today"
)

TOP = words(
    "app chat telephony routing widgets tests pyproject.toml Procfile README.md "
    ".ci .gitignore Makefile requirements.txt requirements-dev.txt"
)


@dataclass(frozen=True)
class Module:
    """One file of the product, by its dotted name."""

    name: str
    path: Path

    @property
    def tree(self) -> ast.Module:
        return parsed(self.path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def modules() -> Iterator[Module]:
    for path in sorted(chain.from_iterable((ROOT / top).rglob("*.py") for top in PACKAGES)):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name, path)


ALL = tuple(modules())
NAMES = frozenset(module.name for module in ALL)


def inside(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def imported(module: Module) -> Iterator[str]:
    """Every name that a file imports, lazily or for types alone too."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=source, names=names, level=level):
                start = source or ""
                if level:
                    package = module.name.split(".")
                    if module.path.name != "__init__.py":
                        package = package[:-1]
                    base = package[: len(package) - level + 1]
                    start = ".".join([*base, *([source] if source else [])])
                for one in names:
                    inner = f"{start}.{one.name}"
                    yield inner if inner in NAMES or start not in NAMES else start
            case _:
                pass


def ours(module: Module) -> list[str]:
    return [name for name in imported(module) if name.split(".")[0] in PACKAGES]


@dataclass(frozen=True)
class Place:
    """Where a module lives: its room, its line of HOUSE (0 is the roof), whether `|` parts it."""

    room: str
    line: int
    parted: bool


def places() -> tuple[Place, ...]:
    lines = enumerate(HOUSE.strip().splitlines())
    return tuple(
        Place(room, number, "|" in line)
        for number, line in lines
        for room in line.replace("|", " ").split()
    )


def place_of(name: str) -> Place | None:
    found = [place for place in places() if inside(name, place.room)]
    return max(found, key=lambda place: len(place.room), default=None)


def may_import(source: Place, target: Place) -> bool:
    if source.room == target.room or source.line < target.line:
        return True
    return source.line == target.line and not source.parted


def room_of(name: str) -> str | None:
    """The room with a pure heart that a module lies in."""
    found = [room for room in SHELL if inside(name, room) and name != room]
    return max(found, key=len, default=None)


def is_pure(name: str) -> bool:
    room = room_of(name)
    if room is None:
        return False
    file = name.removeprefix(f"{room}.").split(".")[0]
    return file not in (*SHELL_OF_EVERY_ROOM, *SHELL[room].split())


ONLY_PACKAGES = {"app"}
JUDGED = [module for module in ALL if module.name not in ONLY_PACKAGES]
PURE = [module for module in ALL if is_pure(module.name)]


def by_name(module: Module) -> str:
    return module.name


@pytest.mark.parametrize("module", JUDGED, ids=by_name)
def test_every_module_has_a_place_in_the_house(module: Module) -> None:
    assert place_of(module.name), f"{module.name} has no place yet: give it a word in HOUSE"


@pytest.mark.parametrize("module", JUDGED, ids=by_name)
def test_imports_point_down(module: Module) -> None:
    source = place_of(module.name)
    assert source is not None
    wrong = [
        name
        for name in ours(module)
        if name not in ONLY_PACKAGES
        and not ((target := place_of(name)) and may_import(source, target))
    ]
    assert wrong == [], f"{module.name} may not import {', '.join(wrong)}"


@pytest.mark.parametrize("module", JUDGED, ids=by_name)
def test_what_stands_alone_is_met_only_under_the_roof(module: Module) -> None:
    own = next((room for room in ALONE if inside(module.name, room)), None)
    for name in ours(module):
        if own is not None:
            assert inside(name, own), f"{own} may not import {name}"
        elif any(inside(name, room) for room in ALONE):
            assert module.name in ROOF, f"only the roof may import {name}"


@pytest.mark.parametrize("module", PURE, ids=by_name)
def test_a_pure_module_imports_only_pure_things(module: Module) -> None:
    allowed = ALLOWED_ALL_THE_SAME.get(module.name, ())
    for name in imported(module):
        if name.split(".")[0] in PACKAGES:
            lawful = is_pure(name) or name in SHELL or any(inside(name, g) for g in PURE_GROUND)
        else:
            lawful = name.split(".")[0] not in IMPURE_LIBRARIES or any(
                inside(name, one) for one in allowed
            )
        assert lawful, f"{module.name} is pure and imports {name}; a shell gets a word in SHELL"


@pytest.mark.parametrize("module", PURE, ids=by_name)
def test_a_pure_module_never_waits_or_asks_the_clock(module: Module) -> None:
    for node in ast.walk(module.tree):
        where = f"{module.name}:{getattr(node, 'lineno', 0)}"
        assert not isinstance(
            node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith
        ), f"{where} is pure and waits"
        if isinstance(node, ast.Call):
            called = spoken(node.func)
            assert called not in IMPURE_CALLS, f"{where} is pure and calls {called}()"


def spoken(function: ast.expr) -> str:
    """A called name as it reads, with at most one word before it."""
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name, value=ast.Name(id=before) | ast.Attribute(attr=before)):
            return f"{before}.{name}"
        case _:
            return ""


def test_nothing_more_lies_at_the_top() -> None:
    assert tops() <= TOP


def tops() -> set[str]:
    """The top-level names of the checkout, or of the folder where there is no git."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return {name.split("/")[0] for name in listed.split("\0") if name}
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    return set(os.listdir(ROOT)) - ignored


# The test itself is tested: a planted fault is found.


def planted(name: str, text: str, tmp_path: Path) -> Module:
    path = tmp_path / f"{name}.py"
    path.write_text(text)
    return Module(name, path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app.db", "import app.cases.acts"),
        ("app.db", "def f():\n    from app import cases"),
        ("chat.socket", "from telephony import flow"),
        ("app.cases.acts", "from routing.model import Board"),
        ("routing.web", "import widgets.console"),
        ("app.audit", "from app import guards"),
    ],
)
def test_an_arrow_upward_is_found(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="may not import"):
        test_imports_point_down(planted(name, text, tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "import asyncio",
        "from os import environ",
        "from sqlalchemy import select",
        "from app.db import Work",
        "from app.clock import Clock",
        "async def wait(): ...",
        "from datetime import datetime\ndatetime.now()",
        "open('a')",
    ],
)
def test_an_impure_heart_is_found(text: str, tmp_path: Path) -> None:
    def judge() -> None:
        module = planted("routing.decide", text, tmp_path)
        test_a_pure_module_imports_only_pure_things(module)
        test_a_pure_module_never_waits_or_asks_the_clock(module)

    with pytest.raises(AssertionError, match="is pure and"):
        judge()


def test_the_rehearsal_knows_nothing_of_the_product(tmp_path: Path) -> None:
    module = planted("telephony.rehearsal.exchange", "from telephony import verbs", tmp_path)
    with pytest.raises(AssertionError, match="may not import"):
        test_what_stands_alone_is_met_only_under_the_roof(module)
    module = planted("telephony.carrier", "from telephony.rehearsal import exchange", tmp_path)
    with pytest.raises(AssertionError, match="only the roof"):
        test_what_stands_alone_is_met_only_under_the_roof(module)
