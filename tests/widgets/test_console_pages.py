"""What the pages say: words for every value, times as staff read them, and frames that hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from app.cases.marks import Mark
from app.cases.model import (
    SYSTEM,
    VISITOR,
    Channel,
    HowEnded,
    Kind,
    Message,
    Need,
    Note,
    State,
)
from app.cases.safe_contact import Permit, Purpose, Refusal
from chat.frames import Problem, Say
from tests.widgets.fake_desk import CUMBRIA, log
from widgets.console import acts, asking, changes, facts, frames, pages, phones, record, words
from widgets.console.filters import Asked

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # 13:00 in the service's own summer time
CONTACT = log()[0]
CLIENT_ID = "0197a3c2-0000-7000-8000-000000000001"


# -- the log -----------------------------------------------------------------------------------


def test_every_ending_has_a_word_and_an_icon_of_its_own_kind() -> None:
    assert set(words.ENDINGS) == set(HowEnded)
    assert {state for state in State if state is not State.CLOSED} == set(words.STATES)
    assert set(words.CHANNELS) == set(Channel)


def test_the_endings_a_watcher_of_the_log_must_tell_apart_do_not_read_alike() -> None:
    apart = ("quick_exit", "lost_signal", "hung_up_waiting", "number_given", "wrapped_up")
    assert len({words.ENDINGS[HowEnded(how)][0] for how in apart}) == len(apart)


def test_times_are_those_of_the_service_and_older_days_are_named() -> None:
    assert pages.clock(NOON, CUMBRIA, NOON) == "13:00"
    assert pages.clock(NOON - timedelta(days=1), CUMBRIA, NOON) == "31 May 13:00"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0:00"), (252, "4:12"), (599, "9:59"), (660, "11 min"), (7500, "2 h 05"), (-3, "0:00")],
)
def test_lengths_read_as_on_the_desk(seconds: int, said: str) -> None:
    assert pages.length(NOON, NOON + timedelta(seconds=seconds)) == said


def test_a_need_is_said_in_one_line_and_never_left_blank() -> None:
    adult = replace(CONTACT, need=Need("domestic", "adult", "pl"))
    assert pages.need_words(adult, CUMBRIA) == "Someone close, adult, Polish"
    assert pages.need_words(replace(CONTACT, need=Need()), CUMBRIA) == "Not asked yet"


def test_a_quick_exit_says_not_to_contact() -> None:
    left = replace(CONTACT, how_ended="quick_exit", state=State.CLOSED)
    assert pages.who(left, {left.id: "Maya Okafor"}) == "Maya Okafor. Do not contact"
    assert pages.how(left).words == "left quickly"


def test_the_record_shows_every_unknown_as_a_word() -> None:
    assert all(value for _, value in pages.facts(CONTACT, CUMBRIA))
    assert all(value for _, value in pages.route(CONTACT, CUMBRIA))
    assert dict(pages.times(CONTACT, CUMBRIA, NOON))["Ended"] == "–"


def test_notes_stand_after_the_line_they_were_written_after() -> None:
    def line(seq: int, sender: str, text: str, kind: Kind = Kind.SAID) -> Message:
        return Message(seq, sender, kind, text, NOON, bytes(16))

    def note(number: int, after: int, text: str) -> Note:
        return Note(number, after, "maya", text, NOON, bytes(16))

    said = pages.conversation(
        [line(1, VISITOR, "hello"), line(2, "staff:maya", "hi"), line(3, SYSTEM, "she left")],
        [note(1, 0, "before"), note(2, 2, "between"), note(3, 9, "after all")],
        {"maya": "Maya Okafor"},
        CUMBRIA,
    )
    assert [(one.kind, one.text) for one in said] == [
        ("pn", "before"), ("v", "hello"), ("a", "hi"), ("pn", "between"), ("ev", "she left"),
        ("pn", "after all"),
    ]  # fmt: skip
    assert {one.name for one in said if one.kind in ("a", "pn")} == {"Maya Okafor"}


# -- filters -----------------------------------------------------------------------------------


def asked(query: str) -> Asked:
    request: Any = SimpleNamespace(query_params=QueryParams(query))
    return Asked.of(request)


def test_a_filter_that_means_nothing_counts_as_not_asked() -> None:
    assert asked("when=tomorrow&by=pigeon&ended=well&from=-1&tests=yes") == Asked()
    assert asked("from=99999999999").offset == asked("from=²").offset == 0


def test_each_filter_in_force_can_be_cleared_alone() -> None:
    shown = asked("when=week&by=chat&ended=quick_exit")
    without = {name: parse_qs(urlsplit(link).query) for name, link in shown.picked}
    assert without["Chat"] == {"when": ["week"], "ended": ["quick_exit"]}
    assert without["Left quickly"] == {"when": ["week"], "by": ["chat"]}
    assert shown.filters(NOON).since == NOON - timedelta(days=7)
    assert asked("when=").filters(NOON).since is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_address_can_break_the_log(name: str, value: str) -> None:
    for key in (name, "when", "by", "hub", "ended", "tests", "from"):
        request: Any = SimpleNamespace(query_params=QueryParams({key: value}))
        Asked.of(request).filters(NOON)


# -- the desk's words --------------------------------------------------------------------------


def test_a_number_is_shown_so_that_two_callers_differ_and_neither_can_be_rung() -> None:
    assert phones.masked("+447700900341") == "07700 900 ••1"
    assert phones.masked("+441632960201") == "01632 960 ••1"
    assert phones.masked("12345") == "••••"


def test_somebody_without_a_name_is_called_by_the_team_they_are_near() -> None:
    near = replace(CONTACT, hub="kendal", area_found="exact", need=Need(area="South Lakeland"))
    assert facts.label(near, CUMBRIA) == "Visitor from Kendal"
    assert facts.label(replace(near, area_found="not said"), CUMBRIA) == "Visitor"
    assert facts.label(replace(near, channel=Channel.VOICE, area_found=""), CUMBRIA) == "Caller"


def test_a_permit_tells_until_when_and_a_refusal_why() -> None:
    until = NOON + timedelta(minutes=30)
    assert facts.reply_of(Permit(Purpose.REPLY, Channel.SMS, until)) == frames.Reply(
        True, "", until
    )
    assert facts.reply_of(Refusal("Too old.")) == frames.Reply(False, "Too old.")
    assert facts.reply_of(None) is None


def test_the_seconds_since_a_beat_are_no_news() -> None:
    def desk(seen: str, load: int = 0) -> frames.Desk:
        you = frames.You("m", "Maya O", "Maya", "c", "C", "advisor", True, "available",
                         (frames.Because(True, seen),), load)  # fmt: skip
        return frames.Desk(NOON, frames.ServiceFacts("cumbria", "Cumbria", "1"), you)

    assert changes.same(desk("Seen 1 s ago"), desk("Seen 2 s ago"))
    assert not changes.same(desk("Seen 1 s ago"), desk("Seen 2 s ago", load=1))
    assert not changes.same(None, desk("Seen 1 s ago"))


# -- frames ------------------------------------------------------------------------------------


def frame(**parts: Any) -> asking.Asking | Problem:
    return asking.parse(json.dumps(parts))


def test_a_note_keeps_the_rules_of_a_line() -> None:
    note = {"t": "note", "conversation": "c", "client_id": CLIENT_ID}
    assert frame(**note, text="He has a key.") == asking.Keep("c", CLIENT_ID, "He has a key.")
    assert frame(**note, text="  ") == Problem("empty", "There were no words in that.")
    assert getattr(frame(**note, text="x" * 4001), "code", "") == "too_long"
    assert getattr(frame(**note | {"client_id": "z" * 32}, text="x"), "code", "") == "bad_frame"


def test_a_note_and_a_line_are_never_the_same_frame() -> None:
    """A `say` that calls itself a note is still said: only the tag counts."""
    said = frame(t="say", conversation="c", client_id=CLIENT_ID, text="x", kind="note")
    assert isinstance(said, Say)


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_nothing_that_is_sent_raises(raw: str | bytes) -> None:
    assert isinstance(asking.parse(raw), (Problem, asking.Beat))


@pytest.mark.parametrize("kind", [*words.TYPES])
def test_the_wrap_up_asks_for_nothing_but_its_type(kind: str) -> None:
    wrapped = frame(t="wrap", re=1, contact="c", assignment_no=1, type=kind)
    assert isinstance(wrapped, asking.Wrap)
    assert acts.wrap_up_of(wrapped, CUMBRIA).type == kind


def test_the_record_of_a_call_tells_who_what_and_what_was_answered_without_words() -> None:
    at = datetime(2026, 11, 22, 3, 6, 5, tzinfo=UTC)
    marks = [
        Mark(1, at, "maya", "on hold"),
        Mark(2, at, "maya", "answer", "no", "Are you hurt?"),
        Mark(3, at, "system", "rang", "interpreter pl"),
    ]
    assert record.told(marks, {"maya": "Maya Okafor"}, CUMBRIA) == [
        record.Line("03:06:05", "Maya Okafor", "On hold."),
        record.Line("03:06:05", "Maya Okafor", "Heard: No. Asked: Are you hurt?"),
        record.Line("03:06:05", "The line", "Rang interpreter pl."),
    ]
