"""The carrier's own Python library, pointed here by host and port alone, finds its way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import pytest
from twilio.base.exceptions import (
    TwilioRestException,
)
from twilio.http.http_client import (
    TwilioHttpClient,
)
from twilio.rest import Client

from tests.telephony.rehearsal.conftest import Both
from tests.telephony.rehearsal.product import ADVISOR, CALLER, LINE, SID, TOKEN

T = TypeVar("T")


class Pointed(TwilioHttpClient):  # type: ignore[misc]  # untyped base
    """Keeps method, path, query, body and headers; only scheme, host and port change."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        whole = urlsplit(url)._replace(scheme=self.base.scheme, netloc=self.base.netloc)
        return super().request(method, urlunsplit(whole), *args, **more)


@pytest.fixture
def client(both: Both) -> Any:
    http = Pointed(both.exchange)
    yield Client(SID, TOKEN, http_client=http)
    http.session.close()


async def ask(question: Callable[[], T]) -> T:
    """The library blocks: ask it in a thread."""
    return await asyncio.to_thread(question)


async def test_a_caller_reaches_an_advisor_in_a_conference(both: Both, client: Any) -> None:
    product, rehearsal = both.product, both.rehearsal
    url = product.base
    room = '<Dial action="/after"><Conference beep="false" {0}>r1</Conference></Dial>'
    product.answers = {
        "/voice": "<Enqueue action='/left' waitUrl='/wait'>q</Enqueue>",
        "/wait": "<Say>You are next.</Say><Pause length='20'/>",
        "/agent": (
            "<Gather numDigits='1' action='/accept' timeout='600'>"
            "<Say>Press 1 to accept.</Say></Gather>"
        ),
        "/accept": room.format('endConferenceOnExit="true"'),
        "/join": room.format(""),
        "/after": "<Say>We lost your advisor. Stay on the line.</Say><Pause length='60'/>",
    }
    sid = await rehearsal.ring(CALLER, LINE)
    await rehearsal.hears(CALLER, "You are next.")

    def ring_the_advisor() -> Any:
        return client.calls.create(
            to=ADVISOR, from_=LINE, url=f"{url}/agent", timeout=600, machine_detection="Enable",
            status_callback=f"{url}/leg",
            status_callback_event=["initiated", "ringing", "answered", "completed"],
        )  # fmt: skip

    leg = await ask(ring_the_advisor)
    assert (leg.status, leg.direction) == ("queued", "outbound-api")
    await rehearsal.rings(ADVISOR)
    await rehearsal.answer(ADVISOR)
    await rehearsal.hears(ADVISOR, "Press 1 to accept.")
    await rehearsal.press(ADVISOR, "1")
    await product.hears("/accept", Digits="1", AnsweredBy="human")
    moved = await ask(lambda: client.calls(sid).update(url=f"{url}/join"))
    assert moved.sid == sid
    await product.hears("/left", QueueResult="redirected")
    await rehearsal.hears(CALLER, "connected")

    (conference,) = await ask(lambda: client.conferences.list(friendly_name="r1"))
    assert conference.status == "in-progress"
    seats = await ask(lambda: client.conferences(conference.sid).participants.list())
    assert {seat.call_sid for seat in seats} == {sid, leg.sid}
    held = await ask(lambda: client.conferences(conference.sid).participants(sid).update(hold=True))
    assert held.hold is True
    await ask(lambda: client.conferences(conference.sid).participants(sid).update(hold=False))

    await rehearsal.advisor_drops_out()
    await rehearsal.hears(CALLER, "We lost your advisor.")
    await product.hears("/leg", CallStatus="completed", SequenceNumber="3")
    assert (await ask(lambda: client.calls(leg.sid).fetch())).status == "completed"
    assert rehearsal.errors == []


async def test_lists_filters_and_pages(both: Both, client: Any) -> None:
    both.product.answers = {"/voice": "<Enqueue>q</Enqueue>"}
    await both.rehearsal.ring(CALLER, LINE)
    await both.rehearsal.hears(CALLER, "music")
    calls = await ask(lambda: client.calls.list(status="in-progress", from_=CALLER))
    assert [call.to for call in calls] == [LINE]
    assert await ask(lambda: client.calls.list(status="ringing")) == []
    for words in ("one", "two", "three"):
        await ask(partial(client.messages.create, from_=LINE, to=CALLER, body=words))
    texts = await ask(lambda: client.messages.list(page_size=2))
    assert [text.body for text in texts] == ["three", "two", "one"]
    (queue,) = await ask(client.queues.list)
    members = await ask(lambda: client.queues(queue.sid).members.list())
    assert [member.position for member in members] == [1]


async def test_a_participant_is_removed_by_delete(both: Both, client: Any) -> None:
    both.product.answers = {
        "/voice": "<Dial action='/after'><Conference>r2</Conference></Dial>",
        "/after": "<Say>Goodbye.</Say>",
    }
    sid = await both.rehearsal.ring(CALLER, LINE)
    await both.rehearsal.hears(CALLER, "music")
    (room,) = await ask(client.conferences.list)
    assert await ask(lambda: client.conferences(room.sid).participants(sid).delete()) is True
    await both.rehearsal.hears(CALLER, "Goodbye.")


async def test_a_helper_is_added_under_the_rooms_name(both: Both, client: Any) -> None:
    seat = await ask(
        lambda: client.conferences("r3").participants.create(
            from_=LINE, to=ADVISOR, label="helper", early_media=False, timeout=600
        )
    )
    assert seat.status == "queued"
    await both.rehearsal.rings(ADVISOR)
    await both.rehearsal.answer(ADVISOR)
    await both.rehearsal.hears(ADVISOR, "music")


async def test_errors_are_the_carriers(both: Both, client: Any) -> None:
    async def refused(question: Callable[[], object]) -> tuple[int, int]:
        with pytest.raises(TwilioRestException) as caught:
            await ask(question)
        return caught.value.status, caught.value.code

    gone = "CA" + "f" * 32
    assert await refused(lambda: client.calls(gone).fetch()) == (404, 20404)
    assert await refused(lambda: client.messages.create(from_=ADVISOR, to=CALLER, body="a")) == (
        400, 21606,
    )  # fmt: skip
    await both.rehearsal.carrier_refuses()
    assert await refused(lambda: client.calls(gone).fetch()) == (429, 20429)
    await both.rehearsal.carrier_refuses(503)
    assert await refused(lambda: client.calls(gone).fetch()) == (503, 20503)


async def test_a_wrong_token_is_20003(both: Both) -> None:
    http = Pointed(both.exchange)
    wrong = Client(SID, "wrong", http_client=http)
    with pytest.raises(TwilioRestException) as caught:
        await ask(lambda: wrong.calls.create(to=ADVISOR, from_=LINE, url="http://x/"))
    http.session.close()
    assert (caught.value.status, caught.value.code) == (401, 20003)
    assert both.rehearsal.state(ADVISOR) == "idle"
