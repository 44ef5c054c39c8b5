"""Numbers that are no numbers: never matched, never stored, never rung, never texted (S6)."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from app.cases.model import Channel
from app.cases.safe_contact import Permit, Purpose
from app.definition.number import why_not
from app.settings import load
from telephony.carrier import NO_NUMBER, Carrier, Denied
from telephony.forms import arrived, is_relayed
from telephony.numbers import KEYPAD_SPELLINGS, is_relay, may_be_rung, number_of, reach
from telephony.texts import text_arrived

NOW = datetime(2026, 11, 22, 0, 10, tzinfo=UTC)
WORDS = ("anonymous", "Anonymous", "ANONYMOUS", "unknown", "unavailable", "restricted", "private",
         "blocked", "withheld", "", " ", "+", "+0", "0", "12345", "+44", "+4477009001234567890",
         "client:u_1", "sip:a@b.example", "+44 7700 900123x")  # fmt: skip
NO_NUMBERS = (
    *WORDS,
    *sorted(KEYPAD_SPELLINGS),
    *(f" {each} " for each in sorted(KEYPAD_SPELLINGS)),
)
RELAY = ("18000", "18001", "+4418001", "018001", "+4418001632960301", "18002 01632960301")


@pytest.mark.parametrize("spelling", [*NO_NUMBERS, *RELAY])
def test_no_number_is_none_wherever_it_comes_in(spelling: str) -> None:
    assert number_of(spelling) is None
    assert arrived({"From": spelling, "To": "+448081570142"}).caller is None
    text = text_arrived(
        {"From": spelling, "To": "+447700900142", "MessageSid": "SM1", "Body": "Hi"}
    )
    assert text is None or text.sender is None


@pytest.mark.parametrize("spelling", sorted(KEYPAD_SPELLINGS))
def test_no_definition_and_no_call_back_may_name_a_keypad_spelling(spelling: str) -> None:
    assert why_not(spelling) is not None
    assert reach(spelling) == ""


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+447700900231", "ring text"),
        ("+441632960301", "ring"),
        ("+448081570142", ""),
        ("+447012345678", ""),
        ("+33123456789", ""),
        (None, ""),
    ],
)
def test_only_a_british_mobile_is_asked_about_texts(number: str | None, said: str) -> None:
    assert reach(number) == said


@pytest.mark.parametrize("spelling", RELAY)
def test_the_relay_s_own_spellings_are_known(spelling: str) -> None:
    assert is_relay(spelling)
    assert is_relayed({"From": spelling})
    assert is_relayed({"From": "anonymous", "ForwardedFrom": spelling})


def test_an_ordinary_number_is_no_relay() -> None:
    for number in ("+441632960301", "+447700918001", "+448081570142", "", "anonymous"):
        assert not is_relay(number)
    assert number_of("+441632960301") == "+441632960301"


async def test_what_is_no_number_never_leaves_the_house() -> None:
    """Nobody listens where this carrier points: a request would fail in another way."""
    carrier = Carrier(
        load(
            {
                "PUBLIC_URL": "http://127.0.0.1:9",
                "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
                "TWILIO_AUTH_TOKEN": "a token for tests",
                "TWILIO_API_BASE": "http://127.0.0.1:9",
            }
        )
    )
    permit = Permit(Purpose.REPLY, Channel.SMS, NOW + timedelta(minutes=30))
    try:
        for spelling in NO_NUMBERS:
            if not may_be_rung(spelling):
                rung = await carrier.ring(spelling, "+448081570142", "http://a", "http://b", 18)
                assert rung == Denied(NO_NUMBER)
            sent = await carrier.text(
                permit, spelling, "+447700900142", "Hello", "http://b", 10, NOW
            )
            assert sent == Denied(NO_NUMBER)
        good = await carrier.ring("+447700900231", "+448081570142", "http://a", "http://b", 18)
        assert good != Denied(NO_NUMBER), "the premise: a number would be rung"
        assert dataclasses.is_dataclass(good)
    finally:
        carrier.close()
