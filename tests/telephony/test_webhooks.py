"""The door: forged, unsigned, replayed, oversized and odd webhooks; and a database that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel
from twilio.request_validator import (
    RequestValidator,
)

from app.cases.tables import contacts as contact_table
from app.db import Work
from app.errors import Down
from telephony import spare, web
from telephony.tables import calls, texts
from tests.telephony.night import LINE, RUTH, SID, TEXTLINE, TOKEN, Night, a_night

VOICE = {
    "AccountSid": SID, "CallSid": "CA" + "1" * 32, "From": RUTH, "To": LINE,
    "CallStatus": "ringing", "Direction": "inbound", "ApiVersion": "2010-04-01", "CallerName": "",
}  # fmt: skip
TEXT = {
    "AccountSid": SID, "MessageSid": "SM" + "1" * 32, "From": RUTH, "To": TEXTLINE,
    "Body": "Hello", "NumMedia": "0",
}  # fmt: skip
XML = "application/x-www-form-urlencoded"


class Door:
    """Posts to the line as the carrier would, or as somebody else would."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.client = httpx2.AsyncClient(base_url=night.base)

    async def post(self, path: str, form: dict[str, str], signature: str | None = None) -> Any:
        if signature is None:
            signature = RequestValidator(TOKEN).compute_signature(self.night.base + path, form)
        headers = {"X-Twilio-Signature": signature, "Content-Type": XML}
        return await self.client.post(path, content=urlencode(form), headers=headers)

    async def count(self) -> int:
        def rows(work: Work) -> int:
            return sum(
                work.run(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in SQLModel.metadata.sorted_tables
            )

        return await self.night.ground.db.read(rows)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with a_night(tmp_path, matching=False) as night:
        door = Door(night)
        yield door
        await door.client.aclose()


ROUTES = [
    "/telephony/voice",
    "/telephony/voice/status",
    "/telephony/voice/CA1/1/wait",
    "/telephony/voice/CA1/1/sorry-pressed",
    "/telephony/voice/CA1/leg/1/answered",
    "/telephony/sms",
    "/telephony/sms/status?text=x",
]


@pytest.mark.parametrize("path", ROUTES)
async def test_every_route_is_shut_to_whoever_does_not_sign(door: Door, path: str) -> None:
    assert (await door.post(path, VOICE | TEXT)).status_code != 403, "signed, it is open"
    before = await door.count()
    other = RequestValidator("another token").compute_signature(door.night.base + path, VOICE)
    elsewhere = RequestValidator(TOKEN).compute_signature("https://else.example" + path, VOICE)
    for signature in ("", "x", other, elsewhere, "é"):
        answer = await door.client.post(
            path,
            content=urlencode(VOICE),
            headers={b"X-Twilio-Signature": signature.encode(), b"Content-Type": XML.encode()},
        )
        assert answer.status_code == 403
    assert (await door.client.post(path, content=urlencode(VOICE))).status_code == 403
    assert (await door.client.get(path)).status_code == 405
    assert await door.count() == before


async def test_a_changed_field_breaks_the_signature(door: Door) -> None:
    path = "/telephony/voice"
    signature = RequestValidator(TOKEN).compute_signature(door.night.base + path, VOICE)
    assert (await door.post(path, VOICE, signature)).status_code == 200
    before = await door.count()
    for change in ({"From": "+447700900999"}, {"CallerName": "x"}, {"New": ""}):
        assert (await door.post(path, VOICE | change, signature)).status_code == 403
    without = {name: value for name, value in VOICE.items() if name != "CallerName"}
    assert (await door.post(path, without, signature)).status_code == 403, "a blank is signed too"
    assert await door.count() == before


async def test_another_account_s_webhook_is_refused_though_signed(door: Door) -> None:
    before = await door.count()
    answer = await door.post("/telephony/voice", VOICE | {"AccountSid": "AC" + "9" * 32})
    assert answer.status_code == 403
    assert await door.count() == before


async def test_too_large_and_odd_bodies_are_refused(door: Door) -> None:
    before = await door.count()
    assert (await door.post("/telephony/voice", VOICE | {"x": "a" * 70_000})).status_code == 413
    many = VOICE | {f"x{number}": "1" for number in range(300)}
    assert (await door.post("/telephony/voice", many)).status_code == 403
    signature = RequestValidator(TOKEN).compute_signature(door.night.base + "/telephony/voice", {})
    for body, kind in ((b"\xff\xfe", XML), (b"%ff=%fe", XML), (b"{}", "application/json")):
        answer = await door.client.post(
            "/telephony/voice",
            content=body,
            headers={"X-Twilio-Signature": signature, "Content-Type": kind},
        )
        assert answer.status_code == 403
    assert await door.count() == before


async def test_a_replayed_call_gets_the_same_answer_and_no_second_row(door: Door) -> None:
    first = await door.post("/telephony/voice", VOICE)
    assert first.status_code == 200
    assert "999" in first.text
    before = await door.count()
    for _ in range(20):
        assert (await door.post("/telephony/voice", VOICE)).text == first.text
    assert await door.count() == before
    assert len(await door.night.rows(calls)) == 1


async def test_replays_at_once_are_one_call_too(door: Door) -> None:
    answers = await asyncio.gather(*(door.post("/telephony/voice", VOICE) for _ in range(12)))
    assert len({answer.text for answer in answers}) == 1
    assert len(await door.night.rows(calls)) == 1
    assert len(await door.night.rows(contact_table)) == 1


async def test_a_replayed_text_is_one_line_and_the_same_answer(door: Door) -> None:
    answers = await asyncio.gather(*(door.post("/telephony/sms", TEXT) for _ in range(8)))
    assert len({answer.text for answer in answers}) == 1
    assert "Emergency? Call 999." in answers[0].text
    assert len(await door.night.rows(texts)) == 1


async def test_stop_gets_no_answer_of_ours(door: Door) -> None:
    answer = await door.post("/telephony/sms", TEXT | {"Body": "STOP"})
    assert "<Message" not in answer.text


async def test_a_text_from_no_number_opens_nothing(door: Door) -> None:
    before = len(await door.night.rows(contact_table))
    answer = await door.post("/telephony/sms", TEXT | {"From": "Parcels"})
    assert answer.status_code == 200
    assert "<Message" not in answer.text
    assert len(await door.night.rows(contact_table)) == before


async def test_two_withheld_callers_are_two_contacts_without_a_number(door: Door) -> None:
    for number in (2, 3):
        form = VOICE | {"From": "+266696687", "CallSid": f"CA{number}"}
        assert (await door.post("/telephony/voice", form)).status_code == 200
    rows = await door.night.rows(contact_table)
    assert [(row.number, row.number_index) for row in rows] == [(None, None)] * 2


async def test_a_call_to_a_number_of_nobody_s_is_still_put_to_a_person(door: Door) -> None:
    answer = await door.post("/telephony/voice", VOICE | {"To": "+448081570999"})
    assert answer.status_code == 200
    assert "999" in answer.text
    assert "<Number" in answer.text


async def test_a_step_of_nobody_s_is_missing(door: Door) -> None:
    assert (await door.post("/telephony/voice/CA1/1/dance", VOICE)).status_code == 404
    assert (await door.post("/telephony/voice/CA1/leg/1/dance", VOICE)).status_code == 404


async def test_the_hold_sound_is_there_and_nothing_beside_it(door: Door) -> None:
    sound = await door.client.get("/telephony/sounds/hold.wav")
    assert sound.headers["content-type"] == "audio/wav"
    for name in ("compose.py", "..%2Fweb.py", "__init__.py"):
        assert (await door.client.get(f"/telephony/sounds/{name}")).status_code == 404


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([path.partition("?")[0] for path in ROUTES]),
    st.dictionaries(
        st.sampled_from(
            "CallSid From To CallStatus Digits QueueResult DialBridged Body MessageSid".split()
        ),
        st.text(max_size=30),
    ),
)
async def test_no_signed_form_is_an_error_page(door: Door, path: str, form: dict[str, str]) -> None:
    """Every odd form is an answer; the client and door are shared by all examples."""
    answer = await door.post(path, form | {"AccountSid": SID})
    assert answer.status_code in (200, 204, 404)


# The database is away


class Broken:
    """Reads and works fail, or hang, as a database does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, door: Door, hang: bool = False) -> None:
        async def away(*_: object) -> object:
            if hang:
                await asyncio.Event().wait()
            raise Down("away")

        self.patch = monkeypatch
        monkeypatch.setattr(door.night.ground.db, "write", away)
        monkeypatch.setattr(door.night.ground.db, "read", away)

    def mends(self) -> None:
        self.patch.undo()


async def test_the_database_is_away_and_the_caller_still_hears_a_person(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(monkeypatch, door)
    answer = await door.post("/telephony/voice", VOICE)
    assert answer.status_code == 200
    assert answer.text.index("999") < answer.text.index("We are sorry.")
    assert "+441632960211</Number>" in answer.text
    path = f"/telephony/voice/{VOICE['CallSid']}/0/again?tries=1"
    missed = await door.post(path, VOICE | {"DialBridged": "false"})
    assert "+441632960212</Number>" in missed.text
    path = path.replace("tries=1", "tries=2")
    missed = await door.post(path, VOICE | {"DialBridged": "false"})
    assert "We are trying again." in missed.text
    assert "/0/again</Redirect>" in missed.text
    broken.mends()
    back = await door.post(path, VOICE | {"DialBridged": "false", "CallStatus": "in-progress"})
    assert "Press the key for the team near you." in back.text
    assert len(await door.night.rows(calls)) == 1


async def test_a_person_reached_by_the_apology_is_in_the_record(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(monkeypatch, door)
    await door.post("/telephony/voice", VOICE)
    pressed = f"/telephony/voice/{VOICE['CallSid']}/0/sorry-pressed"
    assert (await door.post(pressed, VOICE | {"Digits": "1"})).text.endswith("<Response />")
    broken.mends()
    path = f"/telephony/voice/{VOICE['CallSid']}/0/again?tries=1"
    over = await door.post(path, VOICE | {"DialBridged": "true", "CallStatus": "in-progress"})
    assert "ring this number at any time" in over.text
    assert (await door.night.contact()).how_ended == "handed_to_number"


async def test_past_the_budget_the_apology_answers_and_a_late_commit_is_reconciled(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "BUDGET", 0.01)
    write, gate = door.night.ground.db.write, asyncio.Event()

    async def slow(*asked: Any) -> Any:
        await gate.wait()
        return await write(*asked)

    monkeypatch.setattr(door.night.ground.db, "write", slow)
    answer = await door.post("/telephony/voice", VOICE)
    assert "We are sorry." in answer.text
    gate.set()
    await door.night.until(lambda work: True if work.run(sa.select(calls)).first() else None)
    monkeypatch.undo()
    path = f"/telephony/voice/{VOICE['CallSid']}/0/again?tries=1"
    back = await door.post(path, VOICE | {"DialBridged": "false", "CallStatus": "in-progress"})
    assert "Press the key" in back.text, "the call goes on where the late commit left it"
    assert len(await door.night.rows(calls)) == 1


async def test_a_hanging_database_does_not_make_the_carrier_wait(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "BUDGET", 0.01)
    Broken(monkeypatch, door, hang=True)
    for path in ("/telephony/voice", "/telephony/voice/CA1/1/left", "/telephony/voice/CA1/1/join"):
        assert "<Number" in (await door.post(path, VOICE)).text


async def test_a_waiting_caller_keeps_hearing_sound_while_the_database_is_away(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    Broken(monkeypatch, door)
    answer = await door.post("/telephony/voice/CA1/1/wait", VOICE)
    assert "hold.wav" in answer.text
    monkeypatch.setattr(spare, "LONG", 0.0)
    answer = await door.post("/telephony/voice/CA1/1/wait", VOICE)
    assert "<Leave" in answer.text, "long enough: a person at a fallback number instead"


async def test_an_advisor_s_phone_can_be_answered_while_the_database_is_away(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    Broken(monkeypatch, door)
    leg = "/telephony/voice/CA1/leg/1"
    assert "Press 1 to take it." in (await door.post(f"{leg}/answered", VOICE)).text
    again = await door.post(f"{leg}/pressed", VOICE | {"Digits": "1"})
    assert "pressed?tries=1" in again.text
    assert "Goodbye" in (await door.post(f"{leg}/pressed?tries=2", VOICE)).text
    assert (await door.post(f"{leg}/status", VOICE)).status_code == 503


async def test_a_text_that_could_not_be_kept_is_said_so(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    Broken(monkeypatch, door)
    answer = await door.post("/telephony/sms", TEXT)
    assert "Emergency? Call 999. Your message did not reach us." in answer.text


async def test_without_a_carrier_account_the_door_is_shut(tmp_path: Path) -> None:
    async with a_night(tmp_path, carrier=False) as night:
        door = Door(night)
        assert (await door.post("/telephony/voice", VOICE)).status_code == 403
        await door.client.aclose()
