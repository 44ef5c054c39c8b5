"""A backup taken while people write, put back after a loss: open chats start again cleanly."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT, Apart, clean_environment, process_apart
from tests.postgres import postgres_programs
from tests.processes import missing


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> str:
    kind = "furnished_sqlite" if request.param == "sqlite" else "furnished_postgres"
    url: str = request.getfixturevalue(kind)
    return url


async def test_a_restored_head_never_hides_new_messages(
    place: str, keys_file: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "night.backup"
    node = process_apart(place, keys_file)
    try:
        node.server.start()
        ella = node.visitor()
        async with ella.connected():
            await ella.says("One, kept.")
            await ella.hears("ack")
            _frontdoor(node, place, "backup", str(kept))
            await ella.says("Two, lost with the disk.")
            await ella.hears("ack")
            await ella.says("Three, lost too.")
            await ella.hears("ack")
            old = ella.cursor
            node.server.kill()
            await ella.until_closed()

        # Restoring beside a process that serves is refused, and so is writing over a backup.
        _frontdoor(node, place, "restore", str(kept))
        node.server.start()
        assert "already" in _refused(node, place, "backup", str(kept))

        # Her page still holds the old place. It starts again, from what is there.
        async with ella.connected():
            await ella.hears("message", text="One, kept.")
            assert ella.cursor is not None
            assert old is not None
            assert ella.cursor["epoch"] != old["epoch"]
            await ella.says("Four, after it.")
            await ella.hears("ack")
            assert ella.said == ["One, kept.", "Four, after it."]
        assert "serves" in _refused(node, place, "restore", str(kept))
    finally:
        node.server.close()


def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(
    furnished_sqlite: str, keys_file: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "holiday.jpg"
    wrong.write_bytes(b"not a database" * 100)
    node = process_apart(furnished_sqlite, keys_file)
    before = Path(furnished_sqlite.removeprefix("sqlite:///")).read_bytes()
    assert "not a sound backup" in _refused(node, furnished_sqlite, "restore", str(wrong))
    assert "no file" in _refused(node, furnished_sqlite, "restore", str(tmp_path / "gone"))
    assert Path(furnished_sqlite.removeprefix("sqlite:///")).read_bytes() == before


def _run(node: Apart, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    environ = clean_environment(DATABASE_URL=url, FRONTDOOR_KEYS=str(node.keys))
    if url.startswith("postgresql"):
        environ["PATH"] = f"{_programs()}:{environ['PATH']}"
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        env=environ, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _frontdoor(node: Apart, url: str, *words: str) -> None:
    done = _run(node, url, *words)
    assert done.returncode == 0, done.stderr


def _refused(node: Apart, url: str, *words: str) -> str:
    done = _run(node, url, *words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def _programs() -> str:
    """Where the programs of the very server that runs lie; its pg_dump knows its version."""
    programs = postgres_programs()
    if programs is None or not (programs / "pg_dump").exists():
        missing("pg_dump", "install PostgreSQL's client programs")
    return str(programs)
