"""The command line: whatever an operator must change is one plain sentence, and exit code 1."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import __main__ as commands
from app.alone import claim
from app.definition import files
from app.migrate import migrate
from app.settings import Settings, load
from tests.house import clean_environment
from tests.processes import free_port

CUMBRIA = files.EXAMPLES / "cumbria.toml"


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str


Run = Callable[..., Told]


@pytest.fixture
def frontdoor(
    tmp_path: Path,
    quiet_logging: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """`frontdoor COMMAND` in a folder of its own, with nothing in the environment but this."""

    def run(*command: str | Path, **environ: str | Path) -> Told:
        for name in (*map(str.upper, Settings.model_fields), "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, str(value))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["frontdoor", *map(str, command)])
        capsys.readouterr()
        try:
            commands.main()
            code = 0
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 1
        said = capsys.readouterr()
        return Told(code, said.out, said.err)

    return run


def one_plain_sentence(told: Told, *words: str) -> bool:
    assert told.code == 1
    assert told.out == ""
    assert "Traceback" not in told.err
    lines = told.err.strip().splitlines()
    assert len(lines) == 1, told.err
    assert all(word in lines[0] for word in words), lines[0]
    return True


@pytest.fixture
def keys(frontdoor: Run, tmp_path: Path) -> Path:
    path = tmp_path / "root.keys"
    assert frontdoor("keys", "new", path).code == 0
    return path


# -- what stands in the way of serving -----------------------------------------------------------


def test_without_keys_nothing_is_served(frontdoor: Run, tmp_path: Path) -> None:
    assert one_plain_sentence(frontdoor("serve"), "FRONTDOOR_KEYS", "frontdoor keys new")


def test_keys_that_are_not_there_are_told_with_the_remedy(frontdoor: Run, tmp_path: Path) -> None:
    missing = frontdoor("serve", FRONTDOOR_KEYS=tmp_path / "none")
    assert one_plain_sentence(missing, "cannot be read", "frontdoor keys new")


def test_keys_that_others_can_read_are_refused(frontdoor: Run, keys: Path) -> None:
    keys.chmod(0o644)
    assert one_plain_sentence(frontdoor("serve", FRONTDOOR_KEYS=keys), "chmod 600")


def test_a_database_that_was_never_made_is_told_with_the_remedy(frontdoor: Run, keys: Path) -> None:
    told = frontdoor("serve", FRONTDOOR_KEYS=keys, PORT=str(free_port()))
    assert one_plain_sentence(told, "frontdoor migrate")


def test_a_taken_port_is_told(frontdoor: Run, keys: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert one_plain_sentence(frontdoor("serve", FRONTDOOR_KEYS=keys, PORT=port), port, "PORT")


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_folder_that_cannot_be_written_is_told(
    frontdoor: Run, keys: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "file").write_text("not a folder")
    url = f"sqlite:///{tmp_path / 'file' / 'frontdoor.db'}"
    told = frontdoor(command, FRONTDOOR_KEYS=keys, DATABASE_URL=url)
    assert one_plain_sentence(told, "cannot be written", "DATABASE_URL")


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_server_that_does_not_answer_is_told(frontdoor: Run, keys: Path, command: str) -> None:
    nobody = f"postgresql://frontdoor@127.0.0.1:{free_port()}/frontdoor"
    told = frontdoor(command, FRONTDOOR_KEYS=keys, DATABASE_URL=nobody)
    assert one_plain_sentence(told, "does not answer", "DATABASE_URL")


def test_a_wrong_setting_is_told(frontdoor: Run) -> None:
    for command in ("serve", "migrate", "check", "demo"):
        told = frontdoor(command, PUBLIC_URL="http://help.example")
        assert one_plain_sentence(told, "PUBLIC_URL", "https://")


def test_a_second_process_on_one_file_is_refused(
    frontdoor: Run, keys: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'frontdoor.db'}"
    first = claim(load({"DATABASE_URL": url}))
    told = frontdoor("serve", FRONTDOOR_KEYS=keys, DATABASE_URL=url)
    assert told.code == 1
    assert "Traceback" not in told.err
    assert len(told.err.strip().splitlines()) == 1
    del first


def test_a_worker_beside_one_file_is_refused(frontdoor: Run, keys: Path) -> None:
    assert one_plain_sentence(frontdoor("work", FRONTDOOR_KEYS=keys), "PostgreSQL and Redis")


# -- the schema and the definitions ----------------------------------------------------------------


def test_migrating_says_where_the_database_stands(frontdoor: Run) -> None:
    for _ in range(2):
        told = frontdoor("migrate")
        assert (told.code, told.err) == (0, "")
        assert told.out.startswith("The database stands at ")


def test_a_definition_is_applied_once(frontdoor: Run) -> None:
    frontdoor("migrate")
    first, again = frontdoor("apply", CUMBRIA), frontdoor("apply", CUMBRIA)
    assert (first.code, again.code) == (0, 0)
    assert first.out != again.out


def test_a_wrong_definition_is_told_by_file_line_and_remedy(frontdoor: Run, tmp_path: Path) -> None:
    frontdoor("migrate")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(CUMBRIA.read_text().replace('key = "cumbria"', 'key = "Cumbria!"', 1))
    told = frontdoor("apply", wrong)
    assert told.code == 1
    assert "wrong.toml" in told.err
    assert "Traceback" not in told.err


def test_a_definition_that_is_not_there_is_told(frontdoor: Run, tmp_path: Path) -> None:
    frontdoor("migrate")
    told = frontdoor("apply", tmp_path / "none.toml")
    assert told.code == 1
    assert "none.toml" in told.err
    assert "Traceback" not in told.err


def test_a_definition_needs_a_database_that_was_made(frontdoor: Run) -> None:
    assert one_plain_sentence(frontdoor("apply", CUMBRIA), "frontdoor migrate")


def test_two_services_cannot_have_one_number(frontdoor: Run, tmp_path: Path) -> None:
    frontdoor("migrate")
    frontdoor("apply", CUMBRIA)
    other = tmp_path / "other.toml"
    other.write_text(CUMBRIA.read_text().replace('key = "cumbria"', 'key = "elsewhere"', 1))
    assert one_plain_sentence(frontdoor("apply", other), "belongs to the service")


# -- keys ------------------------------------------------------------------------------------------


def test_keys_are_made_and_never_overwritten(frontdoor: Run, tmp_path: Path) -> None:
    made = frontdoor("keys", "new", tmp_path / "keys" / "root.keys")
    assert made.code == 0
    assert "Keep a copy" in made.out
    again = frontdoor("keys", "new", tmp_path / "keys" / "root.keys")
    assert one_plain_sentence(again, "never overwritten")
    (tmp_path / "file").write_text("not a folder")
    assert one_plain_sentence(frontdoor("keys", "new", tmp_path / "file" / "x"), "written")


# -- check -----------------------------------------------------------------------------------------


def test_check_prints_every_setting_and_its_source(frontdoor: Run, keys: Path) -> None:
    told = frontdoor("check", FRONTDOOR_KEYS=keys, PORT="9000")
    for name, field in Settings.model_fields.items():
        (line,) = [line for line in told.out.splitlines() if line.split(" ")[0] == name.upper()]
        assert field.description is not None
        assert field.description in line
        assert ("environment" in line) is (name in ("port", "frontdoor_keys"))


def test_check_says_what_is_missing(frontdoor: Run, keys: Path) -> None:
    told = frontdoor("check")
    assert told.code == 1
    assert "FRONTDOOR_KEYS is not set" in told.out
    assert "TWILIO_ACCOUNT_SID" in told.out.splitlines()[-1]
    whole = frontdoor(
        "check", FRONTDOOR_KEYS=keys, TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="secret-token"
    )
    assert whole.code == 0
    assert whole.out.splitlines()[-1] == "Nothing is missing."


def test_check_shows_no_secret(frontdoor: Run, keys: Path) -> None:
    secret = "sesame-canary"
    told = frontdoor(
        "check",
        FRONTDOOR_KEYS=keys,
        DATABASE_URL=f"postgresql://frontdoor:{secret}@db.example/frontdoor?password={secret}",
        REDIS_URL=f"redis://:{secret}@redis.example/0",
        TWILIO_AUTH_TOKEN=secret,
        TWILIO_API_KEY=secret,
        TWILIO_API_SECRET=secret,
        METRICS_TOKEN=secret,
    )
    assert secret not in told.out + told.err
    assert "db.example" in told.out
    assert keys.read_text().split()[-1] not in told.out


# -- as an operator runs it ------------------------------------------------------------------------


def test_the_command_itself_ends_with_one_sentence_and_no_traceback(
    tmp_path: Path, keys: Path
) -> None:
    """Through a process of its own: what the tests above see within this one."""
    migrate(f"sqlite:///{tmp_path / 'data.db'}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = subprocess.run(
            [sys.executable, "-m", "app", "serve"],
            env=clean_environment(
                DATABASE_URL=f"sqlite:///{tmp_path / 'data.db'}",
                FRONTDOOR_KEYS=str(keys),
                PORT=str(taken.getsockname()[1]),
            ),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert one_plain_sentence(Told(ended.returncode, ended.stdout, ended.stderr), "taken")
    assert os.environ.get("PORT") is None


def test_fallback_documents_are_written_to_be_hosted_elsewhere(
    frontdoor: Run, tmp_path: Path
) -> None:
    told = frontdoor("fallback-twiml", "out", CUMBRIA, "--at", "https://files.example/help/")
    assert told.code == 0
    service = files.load(CUMBRIA)
    for line in (each for each in service.lines if "voice" in each.channels):
        assert f"{line.number}  https://files.example/help/cumbria/{line.key}.xml" in told.out
        document = (tmp_path / "out" / "cumbria" / f"{line.key}.xml").read_text("utf-8")
        assert "999" in document
        assert all(number in document for number in line.fallback)
    refused = frontdoor("fallback-twiml", "out", CUMBRIA, "--at", "http://files.example")
    assert refused.code == 1
    assert "https" in refused.err
