"""No line for operators ever holds words, numbers or names (S8)."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from uvicorn.protocols.websockets import websockets_sansio_impl

from app import log as logs
from app.log import configure, log

CANARIES = ("he-is-at-the-door", "Ella Canary", "ella@canary.example", "+44 7700 900 123",
            "07700900123", "+447700900123")  # fmt: skip


@pytest.fixture
def lines(quiet_logging: None, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure("DEBUG", "json")
    return written


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def silent_about_people(lines: io.StringIO) -> bool:
    return not any(canary in lines.getvalue() for canary in CANARIES)


def test_a_line_has_its_event_and_ids(lines: io.StringIO) -> None:
    log.info("call.arrived", call="CA123", contact="019f4c5e7a3b7c219d4e5f60718293a4")
    (line,) = read(lines)
    assert (line["event"], line["call"], line["level"]) == ("call.arrived", "CA123", "info")
    assert line["contact"] == "019f4c5e7a3b7c219d4e5f60718293a4"
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("key", sorted(logs._FORBIDDEN))
def test_a_key_that_may_hold_a_person_is_kept_out(lines: io.StringIO, key: str) -> None:
    log.info("oops", **{key: "he-is-at-the-door", key.upper(): "Ella Canary"})
    assert silent_about_people(lines)
    assert "[kept out]" in lines.getvalue()


@pytest.mark.parametrize("canary", CANARIES[2:])
def test_what_looks_like_a_number_or_an_address_is_masked(lines: io.StringIO, canary: str) -> None:
    log.info("oops", detail=f"sent to {canary} just now")
    logging.getLogger("some.library").warning("sent to %s just now", canary)
    assert silent_about_people(lines)
    assert len(read(lines)) == 2


def test_an_exception_is_told_by_its_type_and_places_alone(lines: io.StringIO) -> None:
    secret = "he-is-at-the-door"
    try:
        raise ValueError(f"cannot keep {secret!r} of Ella Canary")
    except ValueError:
        log.exception("chat.broke")
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    assert silent_about_people(lines)
    for line in read(lines):
        assert line["error"] == "ValueError"
        assert "test_log.py" in line["at"]


def test_times_ids_and_counts_stay_as_they_are(lines: io.StringIO) -> None:
    said = {"at": "2026-11-22T03:00:00Z", "works": 12, "seconds": 0.25, "code": "slow_down"}
    log.info("fine", **said)
    (line,) = read(lines)
    assert {key: line[key] for key in said} == said


def test_what_lies_within_a_value_is_masked_too(lines: io.StringIO) -> None:
    log.info("oops", details={"number": "he-is-at-the-door", "list": ["+447700900123"]})
    assert silent_about_people(lines)


def test_the_text_shape_is_as_silent(quiet_logging: None, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure("INFO", "text")
    log.info("oops", number="+447700900123", detail="ella@canary.example")
    assert "oops" in written.getvalue()
    assert silent_about_people(written)


def test_text_that_is_no_utf8_is_the_peers_fault_and_no_alarm(lines: io.StringIO) -> None:
    def served(words: str) -> None:
        try:
            b"\xff".decode()
        except UnicodeDecodeError:
            logging.getLogger("uvicorn.error").exception(words)

    served(logs.NO_UTF8)
    served("Exception in ASGI application")
    first, second = read(lines)
    assert first["level"] == "info"
    assert "error" not in first
    assert (second["level"], second["error"]) == ("error", "UnicodeDecodeError")
    assert f'"{logs.NO_UTF8}"' in Path(websockets_sansio_impl.__file__).read_text()


def test_with_only_warnings_wanted_a_peers_fault_is_not_told(lines: io.StringIO) -> None:
    configure("WARNING", "json")
    logging.getLogger("uvicorn.error").error(logs.NO_UTF8)
    assert lines.getvalue() == ""
