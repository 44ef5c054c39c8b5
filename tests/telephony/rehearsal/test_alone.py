"""The rehearsal runs by itself, and says in one sentence what is wrong with how it was started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.telephony.rehearsal.product import LINE, free_socket

ROOT = Path(__file__).parents[3]


def started(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "telephony.rehearsal", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--line", "nonsense"), "does not begin with a number"),
        (("--line", f"{LINE}=Cumbria", "--port", "70000"), "there is no port 70000"),
        (("--line", f"{LINE}=Cumbria", "--speed", "0"), "must be above 0"),
    ],
)
def test_a_wrong_start_is_one_sentence(arguments: tuple[str, ...], words: str) -> None:
    tried = started(*arguments)
    assert tried.returncode != 0
    assert words in tried.stderr
    assert "Traceback" not in tried.stderr


def test_a_taken_port_is_one_sentence() -> None:
    with free_socket() as taken:
        taken.listen()
        port = str(taken.getsockname()[1])
        tried = started("--line", f"{LINE}=Cumbria", "--port", port)
    assert (tried.returncode, tried.stderr.strip()) == (
        1, f"Port {port} is taken. Give another with --port.",
    )  # fmt: skip


def test_it_serves_its_page_and_stops_when_asked() -> None:
    with free_socket() as found:
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "telephony.rehearsal", "--line", f"{LINE}=Cumbria"]
    with subprocess.Popen(
        [*command, "--port", str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as alone:
        assert alone.stdout is not None
        assert f"http://localhost:{port}/rehearsal" in alone.stdout.readline()
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            assert "Cumbria" in client.get("/rehearsal").text
            assert client.get("/ui/tokens.css").status_code == 200
        alone.terminate()
    assert alone.returncode in (0, -15)
