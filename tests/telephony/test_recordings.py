"""Calls are never recorded (S10): no verb, no document and no request of ours can start it.

Only a voicemail may, after saying so. Whoever adds a verb, a document or a request that records
finds it refused here, until it is a voicemail's.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from app.__main__ import spoken
from app.cases.model import Channel
from app.cases.safe_contact import Permit, Purpose
from app.definition import files
from app.settings import load
from telephony import apology, flow, spare, static_documents, verbs
from telephony.carrier import Carrier
from telephony.events import Event
from telephony.states import Arrived, Facts, State
from telephony.twiml import Speaker
from telephony.verbs import Step, Verb
from tests.telephony.test_flow_total import worlds

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "telephony").glob("*.py"))
SPEAKER = Speaker(spoken()["en"], "https://help.example")
VOICEMAIL = frozenset({"Record"})
"""The verbs of ours that may record: those of the voicemail alone."""
THAT_RECORD = {"Record", "Start", "Stream", "Siprec", "Transcription", "Recording", "Connect"}
"""Elements of the carrier's that keep or carry away what is said."""
NO = (None, "do-not-record", "false")


def faults(document: str) -> list[str]:
    """Everything in a document that would keep what is said."""
    found = []
    for element in ElementTree.fromstring(document).iter():
        if element.tag in THAT_RECORD:
            found.append(element.tag)
        for name, value in element.attrib.items():
            lowered = name.lower()
            if lowered == "record" and value not in NO:
                found.append(f"{element.tag} {name}={value}")
            if lowered.startswith(("recording", "transcri", "trim")):
                found.append(f"{element.tag} {name}")
    return found


def test_the_proof_sees_a_recording() -> None:
    for inside in (
        "<Record/>",
        '<Dial record="record-from-answer">+441632960201</Dial>',
        '<Dial><Conference record="record-from-start">r</Conference></Dial>',
        "<Start><Recording/></Start>",
        '<Dial recordingStatusCallback="/x">+441632960201</Dial>',
    ):
        assert faults(f"<Response>{inside}</Response>"), inside
    assert faults('<Response><Dial record="do-not-record">x</Dial></Response>') == []


# Strings that are somewhere between words and an attack on a document.
WORDS = st.sampled_from(["", "1", "room-1", '"/><Record/>', "<Record/>", "record-from-start", "&"])
STEPS = st.builds(Step, WORDS, st.integers(0, 9), st.none() | st.integers(0, 3), st.integers(0, 2))


def of_type(hint: Any, name: str) -> st.SearchStrategy[Any]:
    if hint is Step:
        return STEPS
    if hint is str:
        keyed = {"key": st.sampled_from(["emergency", "welcome", "whisper"]),
                 "sound": st.just("hold.wav"), "language": st.just("")}  # fmt: skip
        return keyed.get(name, WORDS)
    if hint is int:
        return st.integers(1, 60)
    if hint is bool:
        return st.booleans()
    options = get_args(hint)
    if options and all(is_dataclass(each) for each in options):
        return st.one_of(*(of_verb(each) for each in options))
    if str(hint).startswith("tuple"):
        inner = options[0] if options else None
        union = get_args(inner)
        if union and all(is_dataclass(each) for each in union):
            return st.lists(st.one_of(*(of_verb(each) for each in union)), max_size=2).map(tuple)
        return st.just(())
    return st.just(None)


def of_verb(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, vars(verbs))
    return st.builds(
        kind, **{each.name: of_type(hints[each.name], each.name) for each in fields(kind)}
    )


KINDS = [kind for kind in get_args(Verb) if kind.__name__ not in VOICEMAIL]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_no_verb_records_whatever_it_is_given(kind: Any) -> None:
    @settings(max_examples=25, deadline=None)
    @given(of_verb(kind))
    def holds(verb: Verb) -> None:
        assert faults(SPEAKER.document("CA1", (verb,))) == []

    holds()


def test_only_a_voicemail_is_let_off() -> None:
    names = {kind.__name__ for kind in get_args(Verb)}
    assert {kind.__name__ for kind in KINDS} == names - VOICEMAIL
    assert all("record" not in each.name.lower() for kind in KINDS for each in fields(kind))


@settings(max_examples=120, deadline=None)
@given(worlds())
def test_no_document_of_the_flow_records(told: list[tuple[Event, Facts]]) -> None:
    state: State = Arrived()
    for event, facts in told:
        turn = flow.step(state, event, facts)
        if not any(type(verb).__name__ in VOICEMAIL for verb in turn.verbs):
            assert faults(SPEAKER.document("CA1", turn.verbs)) == []
        state = turn.state


def test_no_document_of_a_bad_night_records() -> None:
    numbers = ("+441632960201", "+441632960202")
    for index in range(4):
        assert (
            faults(SPEAKER.document("CA1", apology.ring(1, index, numbers, "+448081570142"))) == []
        )
    for step in ("menu", "wait", "hold", "left", "join", "again", "after-room", "rung", "whisper"):
        for trouble in (0.0, 60.0):
            said = spare.for_caller(step, 1, 1, {}, numbers, "+448081570142", trouble)
            assert faults(SPEAKER.document("CA1", said or ())) == []
    examples = files.load_examples().values()
    for each in static_documents.documents(examples, spoken(), "en", "https://else.example"):
        assert faults(each.text) == []


# -- what is asked by REST ------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    form: dict[str, Any]


def recordings_of(asked: Asked) -> list[str]:
    found = [
        f"{name}={value}"
        for name, value in asked.form.items()
        if "record" in name.lower() and str(value).lower() not in ("false", "do-not-record")
    ]
    made = asked.method == "POST" and any(
        part in asked.path for part in ("/Recordings", "/Transcriptions", "/Streams", "/Siprec")
    )
    return [*found, *([asked.path] if made else [])]


def value_of(hint: Any) -> Any:
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    known = {
        str: "+447700900184",
        int: 5,
        bool: True,
        datetime: now,
        Permit: Permit(Purpose.REPLY, Channel.SMS, now + timedelta(minutes=9)),
    }
    return known.get(hint)


async def test_no_request_to_the_carrier_starts_a_recording(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every request that the carrier client has a method for, as it goes out on the wire."""
    asked: list[Asked] = []

    def request(self: Any, method: str, url: str, *args: Any, **more: Any) -> Response:
        asked.append(Asked(method, url, {**(more.get("params") or {}), **(more.get("data") or {})}))
        for each in args:
            if isinstance(each, dict):
                asked.append(Asked(method, url, each))
        return Response(200, '{"sid": "CA1", "status": "queued", "calls": [], "messages": []}')

    monkeypatch.setattr(TwilioHttpClient, "request", request)
    environ = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "no secret"}
    carrier = Carrier(load(environ | {"PUBLIC_URL": "http://localhost:1"}))
    methods = [
        (name, method)
        for name, method in inspect.getmembers(carrier, inspect.iscoroutinefunction)
        if not name.startswith("_") and name != "ask"
    ]
    assert {"ring", "move", "end"} <= {name for name, _ in methods}
    for _, method in methods:
        hints = get_type_hints(method)
        arguments = {
            name: value_of(hints[name])
            for name, parameter in inspect.signature(method).parameters.items()
            if parameter.default is inspect.Parameter.empty
        }
        await method(**arguments)
    carrier.close()
    assert any(each.path.endswith("/Calls.json") and each.method == "POST" for each in asked)
    assert [fault for each in asked for fault in recordings_of(each)] == []
    assert recordings_of(Asked("POST", "/Calls/CA1/Recordings.json", {}))
    assert recordings_of(Asked("POST", "/Calls.json", {"Record": True}))


def calls_in(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield f"{path.name}:{node.lineno} {ast.unparse(node.func)}", node


CARRIERS = ("response.", "dial.", "client.", "leg.", "self._client")
"""How the carrier's documents and its client are called in our code."""


def starts(node: ast.Call) -> bool:
    """A call, somewhere in our code, of what makes a recording at the carrier."""
    spelled = ast.unparse(node.func)
    if ".recordings" in spelled and spelled.endswith((".create", ".update")):
        return True
    if not spelled.startswith(CARRIERS):
        return False
    if spelled.endswith((".record", ".start", ".stream", ".siprec", ".transcription")):
        return True
    said_no = (False, "do-not-record")
    return any(
        keyword.arg is not None
        and keyword.arg.startswith("record")
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value in said_no)
        for keyword in node.keywords
    )


def test_no_line_of_ours_starts_a_recording_but_the_voicemail_s() -> None:
    """At most one place in the product makes a <Record>: where the verb of a voicemail is told."""
    found = [where for path in SOURCES for where, node in calls_in(path) if starts(node)]
    assert [where for where in found if not where.endswith("response.record")] == []
    assert len(found) <= 1
    for line in ("client.calls(sid).recordings.create()", "dial.conference(room, record='yes')"):
        planted = ast.parse(line, mode="eval").body
        assert isinstance(planted, ast.Call)
        assert starts(planted), line
