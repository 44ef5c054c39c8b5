"""The named peer: Node, ws and better-sqlite3, installed into `.venv/peer` and served beside us.

npm fetches exactly what peer/package-lock.json names; the database's driver is compiled with the
machine's C++ compiler, which takes a minute or two the first time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import ids
from tests.bench.serving import ROOT, Serving, answers
from tests.processes import Server, free_port, scratch_folder
from widgets import vendor

PEER = Path(__file__).parent / "peer"
INSTALLED = ROOT / ".venv" / "peer"
FILES = ("package.json", "package-lock.json", ".npmrc", "server.js")
DRIVER = Path("node_modules", "better-sqlite3", "build", "Release", "better_sqlite3.node")


@dataclass(frozen=True)
class Peer(Serving):
    """Speaks as much of the protocol as the bench's lines need; any token with a dot is new."""

    def frame_token(self) -> str:
        return f"{ids.new()}.new"


@contextmanager
def node(name: str) -> Iterator[Serving | None]:
    """The peer on a fresh database; None where it cannot be made here."""
    if not _install():
        yield None
        return
    folder, port = scratch_folder("peer"), free_port()
    command = [str(vendor.node()), str(INSTALLED / "server.js"), str(folder / "peer.db"), str(port)]
    server = Server(command, folder, lambda: answers(port, "/"))
    try:
        server.start()
        yield Peer(name, port, server.pid, (), "", b"")
    finally:
        server.close()


def _install() -> bool:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(PEER / name, INSTALLED / name)
    if (INSTALLED / DRIVER).exists():
        return True
    headers = vendor.node().parents[1]
    environ = {**os.environ, "npm_config_nodedir": str(headers)}
    environ["PATH"] = f"{vendor.node().parent}{os.pathsep}{environ.get('PATH', '')}"
    print("installing the peer into .venv/peer; its driver is compiled, once", flush=True)
    done = subprocess.run(
        [*vendor.npm(), "ci", "--no-progress", "--loglevel=error"],
        cwd=INSTALLED,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0 and (INSTALLED / DRIVER).exists()
