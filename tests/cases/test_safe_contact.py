"""May we reach them? Blank means no, what forbids comes first, and a Permit runs out (S4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.cases.model import Channel
from app.cases.safe_contact import Permit, Purpose, Refusal, SafeContact, decide

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
JUST_WROTE = SafeContact(last_word_at=NOON - timedelta(minutes=1))


def test_they_wrote_a_minute_ago_so_we_may_reply() -> None:
    permit = decide(Purpose.REPLY, Channel.SMS, JUST_WROTE, NOON)
    assert permit == Permit(Purpose.REPLY, Channel.SMS, NOON + timedelta(minutes=29))


def test_they_are_on_the_line_so_we_may_speak() -> None:
    assert isinstance(
        decide(Purpose.REPLY, Channel.VOICE, SafeContact(on_the_line=True), NOON), Permit
    )


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (SafeContact(), "They have not written here."),
        (SafeContact(last_word_at=NOON - timedelta(minutes=30)), "30 minutes"),
        (SafeContact(last_word_at=NOON, forbidden="he reads her phone"), "he reads her phone"),
        (SafeContact(last_word_at=NOON, opted_out=True), "STOP"),
        (SafeContact(last_word_at=NOON, number_known=False), "withheld"),
    ],
)
def test_a_reply_is_refused_with_its_reason(facts: SafeContact, why: str) -> None:
    assert isinstance(decide(Purpose.REPLY, Channel.SMS, JUST_WROTE, NOON), Permit), "else allowed"
    refusal = decide(Purpose.REPLY, Channel.SMS, facts, NOON)
    assert isinstance(refusal, Refusal)
    assert why in refusal.why


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.REPLY])
def test_every_other_purpose_is_no_for_blank_means_no(purpose: Purpose) -> None:
    assert isinstance(decide(purpose, Channel.SMS, JUST_WROTE, NOON), Refusal)


def test_a_permit_runs_out_and_is_for_its_channel_alone() -> None:
    permit = Permit(Purpose.REPLY, Channel.SMS, NOON)
    assert permit.holds(Channel.SMS, NOON - timedelta(seconds=1))
    assert not permit.holds(Channel.SMS, NOON)
    assert not permit.holds(Channel.VOICE, NOON - timedelta(seconds=1))
