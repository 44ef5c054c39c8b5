"""Texts: webhook in, <Message> and REST out, delivery told, and the carrier's STOP."""

from __future__ import annotations

import pytest

from telephony.rehearsal.texts import segments
from telephony.rehearsal.values import Reply
from tests.telephony.rehearsal.stage import ANNA, BASE, LINE, Stage


def texted(words: str, answer: str | Reply = "") -> Stage:
    stage = Stage({"/sms": answer})
    stage.do(stage.exchange.text(ANNA, LINE, words, stage.now))
    return stage


def received(stage: Stage) -> list[str]:
    return [one.words for one in stage.got if not one.mine and one.phone == ANNA]


def test_the_webhook_carries_the_message() -> None:
    # Messaging webhook parameters; SmsSid mirrors MessageSid.
    (told,) = texted("Is anyone there?").at("/sms")
    assert told["MessageSid"] == told["SmsSid"]
    assert told["MessageSid"].startswith("SM")
    assert (told["From"], told["To"], told["Body"]) == (ANNA, LINE, "Is anyone there?")
    assert (told["NumMedia"], told["NumSegments"], told["SmsStatus"]) == ("0", "1", "received")


def test_a_message_verb_answers() -> None:
    stage = texted("hello", "<Message>In danger now? Call 999.</Message>")
    stage.wait(3)
    assert received(stage) == ["In danger now? Call 999."]


def test_an_empty_response_answers_nothing() -> None:
    stage = texted("hello")
    stage.wait(3)
    assert received(stage) == []
    assert stage.errors() == []


def test_a_failing_webhook_has_no_fallback_and_the_message_is_not_handled() -> None:
    stage = texted("hello", Reply(500))
    assert stage.errors() == [11200]


def test_rest_sends_and_tells_sent_then_delivered() -> None:
    # queued -> sent -> delivered; MessageStatus mirrored by SmsStatus.
    stage = Stage()
    status, body = stage.rest(
        "POST", "Messages.json", From=LINE, To=ANNA, Body="Hello", StatusCallback=f"{BASE}/s"
    )
    assert (status, body["status"], body["num_segments"]) == (201, "queued", "1")
    stage.wait(3)
    assert [told["MessageStatus"] for told in stage.at("/s")] == ["sent", "delivered"]
    assert stage.at("/s")[0]["SmsStatus"] == "sent"
    assert received(stage) == ["Hello"]
    _, body = stage.rest("GET", f"Messages/{body['sid']}.json")
    assert body["status"] == "delivered"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": ANNA, "To": ANNA, "Body": "a"}, 21606),
        ({"From": LINE, "To": "07700 900231", "Body": "a"}, 21211),
        ({"From": LINE, "To": ANNA, "Body": ""}, 21602),
        ({"From": LINE, "To": ANNA, "Body": "a" * 1601}, 21617),
    ],
)
def test_refusals(form: dict[str, str], code: int) -> None:
    status, body = Stage().rest("POST", "Messages.json", **form)
    assert (status, body["code"]) == (400, code)


def test_an_exact_stop_is_answered_by_the_carrier_and_blocks_the_line() -> None:
    # Default STOP filtering: own reply, further sends are 21610, the webhook still comes.
    stage = texted("Stop")
    assert len(stage.at("/sms")) == 1
    assert "unsubscribed" in received(stage)[0]
    status, body = stage.rest("POST", "Messages.json", From=LINE, To=ANNA, Body="a")
    assert (status, body["code"]) == (400, 21610)
    stage.do(stage.exchange.text(ANNA, LINE, "START", stage.now))
    assert stage.rest("POST", "Messages.json", From=LINE, To=ANNA, Body="a")[0] == 201


def test_stop_in_a_sentence_is_no_stop() -> None:
    stage = texted("stop please")
    assert received(stage) == []
    assert stage.rest("POST", "Messages.json", From=LINE, To=ANNA, Body="a")[0] == 201


def test_segments_are_counted_as_the_network_does() -> None:
    assert [segments("a" * n) for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [segments("’" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
