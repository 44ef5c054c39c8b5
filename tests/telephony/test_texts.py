"""Texts: what came in, how far an answer has got, how many messages of the network it takes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony import texts

FORM = {
    "MessageSid": "SM1",
    "From": "+447700900123",
    "To": "+447700900001",
    "Body": "  Can you talk? ",
    "NumMedia": "0",
}


def test_a_text_keeps_its_words_as_they_were_written() -> None:
    text = texts.text_arrived(FORM)
    assert text is not None
    assert text.body == "  Can you talk? "
    assert text.sender == "+447700900123"


def test_a_text_without_an_id_is_nothing_and_one_without_a_number_has_no_sender() -> None:
    assert texts.text_arrived({"Body": "hello"}) is None
    text = texts.text_arrived({**FORM, "From": "anonymous", "NumMedia": "many"})
    assert text is not None
    assert text.sender is None
    assert text.media == 0


@pytest.mark.parametrize(
    ("body", "keyword"),
    [
        ("STOP", "stop"), (" stop ", "stop"), ("stop please", ""), ("End", "stop"),
        ("HELP", "help"), ("help me", ""), ("START", "start"), ("", ""),
    ],
)  # fmt: skip
def test_only_the_single_word_is_what_the_carrier_acts_on(body: str, keyword: str) -> None:
    text = texts.text_arrived({**FORM, "Body": body})
    assert text is not None
    assert text.keyword == keyword


def test_a_delivery_state_never_goes_back_in_any_order() -> None:
    for order in itertools.permutations(["queued", "sending", "sent", "delivered"]):
        state = ""
        for status in order:
            state = texts.later(state, status)
        assert state == "delivered"
    assert texts.later("delivered", "failed") == "delivered"
    assert texts.later("sent", "nonsense") == "sent"


def test_segments_as_the_networks_count_them() -> None:
    assert texts.segments("a" * 160) == 1
    assert texts.segments("a" * 161) == 2
    assert texts.segments("€" * 81) == 2
    assert texts.segments("ê" * 70) == 1, "not in GSM-7: 70 to a message"
    assert texts.segments("ê" * 71) == 2
    assert texts.segments("🙂" * 36) == 2, "two units each"


@given(st.text(alphabet="ab c\n", max_size=400), st.integers(5, 60))
def test_a_long_answer_is_cut_at_blanks_and_nothing_is_lost(body: str, longest: int) -> None:
    cut = texts.pieces(body, longest)
    assert all(0 < len(piece) <= longest for piece in cut)
    assert "".join("".join(cut).split()) == "".join(body.split())
