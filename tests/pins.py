"""Writes the requirements files: every package exact and hashed, no address named.

Run by `make pins`. The moment of resolution is `exclude-newer` in pyproject.toml.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = {
    "requirements.txt": ["--no-dev"],
    "requirements-dev.txt": ["--group", "dev"],
}


def uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else (shutil.which("uv") or "uv")


def export(choice: list[str]) -> str:
    """The text of a requirements file. Raises RuntimeError with uv's own words."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(ROOT / "pyproject.toml", scratch)
        done = subprocess.run(
            [uv(), "export", "--quiet", "--no-emit-project", "--no-header", *choice],
            cwd=scratch,
            env={**os.environ, "UV_PYTHON": sys.executable},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


if __name__ == "__main__":
    for name, choice in FILES.items():
        text = export(choice)
        if not (ROOT / name).exists() or (ROOT / name).read_text() != text:
            (ROOT / name).write_text(text)
