"""A server process of our own: started, waited for, stopped by its id, gone with its parent."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

NOBODY = 65534
START_LIMIT = 90.0  # seconds, generous: a shared machine may be slow
PR_SET_PDEATHSIG = 1

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def missing(what: str, remedy: str) -> NoReturn:
    """Skips with a reason, or fails where everything must be there."""
    reason = f"NOT TESTED, no {what}: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def inside_package(package: str, *parts: str) -> Path | None:
    """A file shipped in an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*parts)
    return path if path.exists() else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def scratch_folder(name: str, *, unprivileged: bool = False) -> Path:
    """A new folder under the system's temporary folder, given away when root may not serve."""
    folder = Path(tempfile.mkdtemp(prefix=f"frontdoor-{name}-"))
    if unprivileged and AS_ROOT:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def as_nobody() -> dict[str, object]:
    """The subprocess arguments that drop root; empty for everybody else."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if AS_ROOT else {}


def reachable_by_nobody(path: Path) -> bool:
    """Whether an unprivileged user may enter every folder above `path`."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


@dataclass
class Server:
    """One server process on the loopback address. `start` after `stop` or `kill` keeps the port."""

    command: Sequence[str]
    folder: Path
    answers: Callable[[], bool]
    unprivileged: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of a running server."""
        assert self._process is not None, "start() first"
        return self._process.pid

    def start(self) -> None:
        """Returns once the server answers. Starting a running server does nothing."""
        if self.running:
            return
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches pytest, which then stops us in order
                preexec_fn=self._die_with_parent if LIBC else None,
                **(as_nobody() if self.unprivileged else {}),  # type: ignore[call-overload]  # user, group
            )
        limit = time.monotonic() + START_LIMIT
        while not self.answers():
            if not self.running or time.monotonic() > limit:
                self.kill()
                raise RuntimeError(f"{self.command[0]} did not start:\n{self.log_tail()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """An orderly stop, as an administrator would do it."""
        self._end(self.stop_signal)

    def wait(self) -> None:
        """Until it has stopped by itself."""
        process, self._process = self._process, None
        if process is not None:
            process.wait(START_LIMIT)

    def kill(self) -> None:
        """A crash: no goodbye to clients, nothing flushed."""
        self._end(self.kill_signal)

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        """The end: stopped, and its folder removed."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self) -> str:
        log = self.folder / "log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _die_with_parent(self) -> None:
        assert LIBC is not None
        LIBC.prctl(PR_SET_PDEATHSIG, int(self.stop_signal))
