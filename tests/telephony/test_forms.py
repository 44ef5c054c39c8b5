"""The carrier's forms become events; what is missing or odd is a value, never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony import events, forms, talk_events
from telephony.events import (
    AdvisorPressed,
    AdvisorStatus,
    CallArrived,
    Digits,
    NoDigits,
    NumberDialEnded,
    RoomEvent,
    WaitTick,
)
from telephony.numbers import number_of


@pytest.mark.parametrize(
    "spelling",
    [
        None, "", " ", "anonymous", "Anonymous", "ANONYMOUS", "unknown", "unavailable",
        "restricted", "private", "blocked", "+266696687", "+7378742833", "+2562533", "+8656696",
        "+86282452253", "+464", "client:u_1", "sip:someone@example.org", "07700900123", "+0441",
        "+44 7700 900123", "+447700900123x",
    ],
)  # fmt: skip
def test_a_withheld_number_is_no_number(spelling: str | None) -> None:
    assert number_of(spelling) is None


def test_a_number_is_kept_as_the_carrier_writes_it() -> None:
    assert number_of("+447700900123") == "+447700900123"
    assert number_of(" +447700900123 ") == "+447700900123"


def test_an_arrival_needs_nothing_but_the_line() -> None:
    assert forms.arrived({"To": "+448081570142"}) == CallArrived(None, "+448081570142")
    assert forms.arrived({"To": "+448081570142", "From": "+447700900123"}).caller == (
        "+447700900123"
    )


def test_a_key_and_no_key_are_told_apart() -> None:
    assert forms.caller_event("menu", 1, {"Digits": "2"}) == Digits(1, "2")
    assert forms.caller_event("menu", 1, {"Digits": ""}) == NoDigits(1)
    assert forms.caller_event("menu", 1, {}) == NoDigits(1)


def test_odd_numbers_in_a_form_are_unknown() -> None:
    for odd in ("", "-1", "x", "٣", "9" * 30):
        assert forms.caller_event("wait", 1, {"QueueTime": odd}) == WaitTick(1, None)
    assert forms.caller_event("wait", 1, {"QueueTime": "40"}) == WaitTick(1, 40)


def test_a_dial_to_a_number_tells_bridged_from_completed() -> None:
    form = {"DialCallStatus": "completed", "CallStatus": "in-progress"}
    assert forms.caller_event("rung", 3, form) == NumberDialEnded(3, None, True)
    form["DialBridged"] = "false"
    assert forms.caller_event("rung", 3, form) == NumberDialEnded(3, False, True)
    form |= {"DialBridged": "true", "CallStatus": "completed"}
    assert forms.caller_event("rung", 3, form) == NumberDialEnded(3, True, False)


def test_the_advisor_s_phone_speaks_for_its_assignment() -> None:
    assert forms.leg_event("pressed", 2, {"Digits": "1"}, tries=1) == AdvisorPressed(2, "1", 1)
    form = {"CallStatus": "no-answer", "SequenceNumber": "3"}
    assert forms.leg_event("status", 2, form) == AdvisorStatus(2, "no-answer", 3)


def test_who_ended_a_room_is_told() -> None:
    form = {"StatusCallbackEvent": "conference-end", "CallSidEndingConference": "CA1"}
    assert forms.caller_event("room", 2, form) == RoomEvent(2, "end", "CA1")
    form = {"StatusCallbackEvent": "participant-leave", "CallSid": "CA2"}
    assert forms.caller_event("room", 2, form) == RoomEvent(2, "leave", "CA2")
    assert forms.caller_event("room", 2, {}) == RoomEvent(2, "other", "")


def test_an_unknown_step_is_nothing() -> None:
    assert forms.caller_event("dance", 1, {}) is None
    assert forms.leg_event("dance", 1, {}) is None


@given(
    st.text(max_size=20),
    st.dictionaries(
        st.sampled_from(
            "Digits QueueTime QueueResult CallStatus DialBridged StatusCallbackEvent".split()
        ),
        st.text(max_size=60),
    ),
)
def test_no_form_is_an_error(step: str, form: dict[str, str]) -> None:
    forms.caller_event(step, 1, form)
    forms.leg_event(step, 1, form)
    forms.arrived(form)
    forms.call_status(form)


def test_a_browser_that_was_answered_was_answered_by_a_person() -> None:
    phone, browser = {"To": "+447700900184"}, {"To": "client:u_maya"}
    assert forms.leg_event("answered", 3, phone) == events.AdvisorAnswered(3)
    assert forms.leg_event("answered", 3, browser) == AdvisorPressed(3, "1")
    assert forms.party_event("answered", "p", phone) == talk_events.PartyAnswered("p")
    assert forms.party_event("answered", "p", browser) == talk_events.PartyPressed("p", "1")
