"""What the carrier makes of a body: documents, schema faults (12200) and no documents at all."""

from __future__ import annotations

import pytest

from telephony.rehearsal import verbs as v
from telephony.rehearsal.twiml import Broken, Document, parse, understand
from telephony.rehearsal.values import Reply


def document(inside: str, *, messaging: bool = False) -> Document:
    read = parse(f"<Response>{inside}</Response>".encode(), messaging=messaging)
    assert isinstance(read, Document)
    return read


def only(inside: str) -> v.Verb:
    read = document(inside)
    assert read.faults == ()
    (verb,) = read.verbs
    return verb


def test_gather_has_the_documented_defaults() -> None:
    # <Gather>: timeout 5, finishOnKey #, unlimited digits, action = current URL.
    assert only("<Gather/>") == v.Gather((), None, "POST", 5, "#", None, False)


def test_dial_has_the_documented_defaults() -> None:
    # <Dial>: timeout 30 s, timeLimit 14400 s; a bare number is a Number.
    dial = only("<Dial>+447700900184</Dial>")
    assert dial == v.Dial(numbers=(v.Number("+447700900184"),))
    assert (dial.timeout, dial.time_limit) == (30, 14400)


def test_a_number_tells_only_its_end_unless_asked() -> None:
    # <Number statusCallbackEvent>: default completed; several are parted by blanks.
    dial = only('<Dial><Number statusCallback="/s">+447700900184</Number></Dial>')
    assert isinstance(dial, v.Dial)
    assert dial.numbers[0].callback is not None
    assert dial.numbers[0].callback.events == {"completed"}


def test_ssml_inside_say_is_spoken_as_its_words() -> None:
    assert only("<Say>Call <emphasis>999</emphasis><break time='1s'/> now.</Say>") == v.Say(
        "Call 999 now."
    )


def test_a_conference_has_the_documented_defaults() -> None:
    # <Conference>: beep true, startConferenceOnEnter true, endConferenceOnExit false.
    dial = only("<Dial><Conference>r1</Conference></Dial>")
    assert isinstance(dial, v.Dial)
    assert dial.conference == v.Conference("r1")


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<say>hello</say>", "did you mean Say?"),
        ('<Gather numdigits="1"/>', "did you mean numDigits?"),
        ('<Dial statusCallbackEvent="completed">+447700900184</Dial>', "no attribute"),
        ("<Gather><Dial/></Gather>", "not known inside <Gather>"),
        ("<Response/>", "not known inside <Response>"),
        ('<Pause length="soon"/>', "not a number"),
        ('<Say loop="-1">a</Say>', "not a number"),
        ('<Redirect method="PUT">/a</Redirect>', "not one of POST, GET"),
        ("<Say></Say>", "no words"),
        ("<Dial/>", "nobody to dial"),
        ("<Enqueue></Enqueue>", "queue name"),
        ('<Dial record="record-from-answer">+447700900184</Dial>', "would record"),
        ('<Dial><Conference record="record-from-start">r</Conference></Dial>', "would record"),
    ],
)
def test_a_schema_fault_is_shown_and_the_rest_is_played(inside: str, words: str) -> None:
    # 12200, a schema warning: the call goes on without the unknown piece.
    read = document(f"{inside}<Hangup/>")
    assert read.verbs[-1] == v.Hangup()
    assert words in "; ".join(read.faults)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 12100),
        (b"   ", 12100),
        (b"hello", 12100),
        (b"\n<Response/>", 12100),
        (b"<Response><Say>", 12100),
        (b"<html></html>", 12100),
        (b"\x00\xff\xfe", 12100),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>', 12100),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><Response/>', 12100),
        (b"<Response>" + b"<Say>" * 50 + b"</Say>" * 50 + b"</Response>", 12100),
    ],
)
def test_what_is_no_document_is_12100(body: bytes, code: int) -> None:
    read = parse(body)
    assert isinstance(read, Broken)
    assert read.code == code


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(500, "text/xml", b"<Response/>"), 11200),
        (Reply(404, "text/html", b"no"), 11200),
        (Reply(302, "text/html", b""), 11200),
        (Reply(0, error="rt"), 11200),
        (Reply(0, error="ct"), 11205),
        (Reply(200, "application/json", b"{}"), 12300),
        (Reply(200, "", b"<Response/>"), 12300),
        (Reply(200, "text/xml", b"<Response>" + b" " * 65536 + b"</Response>"), 11750),
    ],
)
def test_an_answer_that_cannot_be_used_has_its_own_number(reply: Reply, code: int) -> None:
    read = understand(reply)
    assert isinstance(read, Broken)
    assert read.code == code


def test_plain_text_is_read_out_and_audio_is_played() -> None:
    # TwiML: text/plain is said to the caller, audio/* is played.
    assert understand(Reply(200, "text/plain", b"hello")) == Document((v.Say("hello"),))
    assert understand(Reply(200, "audio/mpeg", b"...")) == Document((v.Play("audio", 0),))


def test_an_empty_answer_to_a_text_is_no_reply() -> None:
    assert understand(Reply(204), messaging=True) == Document(())
    assert understand(Reply(200, "text/html", b""), messaging=True) == Document(())
    assert document("<Message>Hello</Message>", messaging=True).verbs == (v.Message("Hello"),)
    body = "<Message><Body>Hello</Body></Message>"
    assert document(body, messaging=True).verbs == (v.Message("Hello"),)


def test_voice_verbs_are_no_answer_to_a_text() -> None:
    assert "not known" in document("<Say>hello</Say>", messaging=True).faults[0]


def test_what_the_rehearsal_cannot_play_keeps_its_name() -> None:
    assert document("<Pay/>").verbs == (v.NotPlayed("Pay"),)
    assert document("<Dial><Client>u_1</Client></Dial>").verbs == (v.NotPlayed("Dial Client"),)
