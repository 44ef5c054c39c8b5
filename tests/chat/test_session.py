"""Stories of one conversation as one side sees it: frames and answers in, effects out, no I/O."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.cases.model import SYSTEM, VISITOR, Kind, Message
from chat import frames
from chat.frames import Cursor
from chat.session import (
    MOST_BAD,
    MOST_IN_FLIGHT,
    Close,
    Effect,
    Enter,
    Entry,
    Fetch,
    Gone,
    Session,
    Store,
    Tell,
    Type,
)

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NUMBER = "08081 570 142"
C = "c1"


def client_id(n: int) -> str:
    return str(UUID(int=n))


def key(n: int) -> bytes:
    return UUID(int=n).bytes


def entry(head: int = 0, epoch: str = "e1") -> Entry:
    return Entry(C, "resume", epoch, head, NUMBER)


def ella(head: int = 0, cursor: Cursor | None = None) -> Session:
    """Ella has said hello and is in; her welcome has left."""
    session = Session(VISITOR)
    session.receive(frames.Hello(v=1, token="t", cursor=cursor), NIGHT)
    session.entered(entry(head))
    return session


def say(n: int, text: str = "hello?") -> frames.Say:
    return frames.Say(C, client_id(n), text)


def line(seq: int, sender: str = VISITOR, text: str = "hello?", n: int | None = None) -> Message:
    return Message(seq, sender, Kind.SAID, text, NIGHT, key(seq if n is None else n))


def told(effects: list[Effect]) -> list[frames.ToVisitor | frames.Delivered]:
    return [effect.frame for effect in effects if isinstance(effect, Tell)]


def messages(effects: list[Effect]) -> list[tuple[int, str, str]]:
    return [
        (frame.seq, frame.sender, frame.text)
        for frame in told(effects)
        if isinstance(frame, frames.Message)
    ]


def errors(effects: list[Effect]) -> list[str]:
    return [frame.code for frame in told(effects) if isinstance(frame, frames.Error)]


def closes(effects: list[Effect]) -> list[int]:
    return [effect.code for effect in effects if isinstance(effect, Close)]


# -- coming in -------------------------------------------------------------------------------


def test_hello_asks_to_enter_and_the_answer_is_a_welcome() -> None:
    session = Session(VISITOR)
    need = frames.Need(crime="domestic", area="CA11")
    hello = frames.Hello(v=1, token="t", need=need, lang="en")
    assert session.receive(hello, NIGHT) == [Enter("t", need, "en")]
    assert session.entered(entry()) == [Tell(frames.Welcome(1, C, "resume", "e1", 0, False))]


def test_whoever_comes_back_gets_what_they_missed_and_nothing_twice() -> None:
    session = Session(VISITOR)
    session.receive(frames.Hello(v=1, token="t", cursor=Cursor("e1", 2)), NIGHT)
    welcome, fetch = session.entered(entry(head=4))
    assert welcome == Tell(frames.Welcome(1, C, "resume", "e1", 4, False))
    assert fetch == Fetch(2)
    missed = [line(3, "staff:m", "Are you safe?"), line(4, "staff:m", "Take your time.")]
    assert messages(session.page(missed, {"m": "Maya"})) == [
        (3, "advisor", "Are you safe?"),
        (4, "advisor", "Take your time."),
    ]


@pytest.mark.parametrize("cursor", [Cursor("another epoch", 2), Cursor("e1", 9)])
def test_a_place_that_is_not_in_this_log_starts_again_from_the_first_line(cursor: Cursor) -> None:
    session = Session(VISITOR)
    session.receive(frames.Hello(v=1, token="t", cursor=cursor), NIGHT)
    assert session.entered(entry(head=4)) == [
        Tell(frames.Welcome(1, C, "resume", "e1", 4, True)),
        Fetch(0),
    ]


def test_a_hello_for_another_version_is_told_ours() -> None:
    effects = Session(VISITOR).receive(frames.Hello(v=2, token="t"), NIGHT)
    assert errors(effects) == ["version"]
    assert closes(effects) == [4002]


def test_nothing_is_heard_before_hello() -> None:
    effects = Session(VISITOR).receive(say(1), NIGHT)
    assert errors(effects) == ["hello_first"]
    assert closes(effects) == [4002]


def test_hello_comes_once() -> None:
    session = ella()
    assert errors(session.receive(frames.Hello(v=1, token="t"), NIGHT)) == ["bad_frame"]


def test_a_hello_that_never_comes_is_closed_and_one_in_time_is_not() -> None:
    assert closes(Session(VISITOR).late()) == [4001]
    session = Session(VISITOR)
    session.receive(frames.Hello(v=1, token="t"), NIGHT)
    assert session.late() == []


def test_whoever_is_refused_is_given_the_number() -> None:
    session = Session(VISITOR)
    session.receive(frames.Hello(v=1, token="t"), NIGHT)
    effects = session.refused("ended", "This chat has ended.", 4003, NUMBER)
    assert effects == [
        Tell(frames.Error("ended", "This chat has ended.", number=NUMBER)),
        Close(4003, "ended"),
    ]


# -- saying ----------------------------------------------------------------------------------


def test_words_are_acknowledged_when_they_are_on_disk_and_not_before() -> None:
    session = ella()
    assert session.receive(say(1), NIGHT) == [Store(key(1), "hello?")]
    assert session.stored(key(1), "e1", 1, NIGHT) == [
        Tell(frames.Ack(C, client_id(1), "e1", 1, NIGHT.isoformat()))
    ]


def test_the_ack_stands_for_the_line() -> None:
    """Her own words are not told to her again; the advisor's after them are."""
    session = ella()
    session.receive(say(1), NIGHT)
    session.stored(key(1), "e1", 1, NIGHT)
    assert session.hinted(1) == []
    assert session.hinted(2) == [Fetch(1)]
    assert messages(session.page([line(2, "staff:m", "Hello")], {"m": "Maya"})) == [
        (2, "advisor", "Hello")
    ]


def test_an_ack_that_runs_ahead_of_unseen_lines_moves_nothing() -> None:
    """Maya wrote line 1 while Ella's words became line 2: both are told, in order."""
    session = ella()
    session.receive(say(2), NIGHT)
    ack, fetch = session.stored(key(2), "e1", 2, NIGHT)
    assert isinstance(ack, Tell)
    assert fetch == Fetch(0)
    lines = [line(1, "staff:m", "Hello"), line(2)]
    assert messages(session.page(lines, {"m": "Maya"})) == [
        (1, "advisor", "Hello"),
        (2, "you", "hello?"),
    ]


def test_own_lines_carry_their_id_so_that_a_page_can_match_them() -> None:
    session = Session(VISITOR)
    session.receive(frames.Hello(v=1, token="t", cursor=Cursor("e1", 0)), NIGHT)
    session.entered(entry(head=2))
    mine, hers = told(session.page([line(1), line(2, "staff:m", "Hello")], {"m": "Maya"}))
    assert isinstance(mine, frames.Message)
    assert isinstance(hers, frames.Message)
    assert (mine.client_id, mine.name) == (client_id(1), None)
    assert (hers.client_id, hers.name) == (None, "Maya")


def test_words_that_were_not_kept_are_said_to_be() -> None:
    session = ella()
    session.receive(say(1), NIGHT)
    effects = session.not_stored(key(1), "unknown", "We cannot tell if that was kept.")
    (error,) = told(effects)
    assert isinstance(error, frames.Error)
    assert (error.code, error.client_id, error.number) == ("unknown", client_id(1), NUMBER)


def test_at_most_sixteen_messages_are_on_their_way_to_disk() -> None:
    session = ella()
    for n in range(MOST_IN_FLIGHT):
        assert not session.full
        session.receive(say(n), NIGHT + timedelta(seconds=n))
    assert session.full
    session.not_stored(key(0), "down", "Not sent.")
    assert not session.full


def test_frames_for_another_conversation_do_nothing() -> None:
    session = ella()
    effects = session.receive(frames.Say("c2", client_id(1), "hello?"), NIGHT)
    assert errors(effects) == ["not_yours"]
    assert closes(effects) == []


# -- hearing ---------------------------------------------------------------------------------


def test_hints_that_come_while_reading_make_one_more_look() -> None:
    session = ella()
    assert session.hinted(1) == [Fetch(0)]
    assert session.hinted(2) == []
    effects = session.page([line(1, "staff:m")], {"m": "Maya"})
    assert effects[-1] == Fetch(1)
    assert session.page([line(2, "staff:m")], {})[-1:] == [
        Tell(frames.Message(C, "e1", 2, "advisor", "hello?", NIGHT.isoformat(), "Maya"))
    ]


def test_a_hint_about_what_was_told_already_is_nothing() -> None:
    session = ella()
    session.hinted(1)
    session.page([line(1, "staff:m")], {"m": "Maya"})
    assert session.hinted(1) == []


def test_a_hint_that_was_wrong_is_believed_once() -> None:
    session = ella()
    assert session.hinted(5) == [Fetch(0)]
    assert session.page([], {}) == []
    assert session.hinted(1) == [Fetch(0)]


def test_lines_leave_in_order_and_once() -> None:
    session = ella()
    session.hinted(3)
    effects = session.page([line(1, "staff:m"), line(1, "staff:m"), line(3, "staff:m")], {})
    assert [seq for seq, _, _ in messages(effects)] == [1]
    assert effects[-1] == Fetch(1), "the gap is read again"


def test_what_the_line_itself_says_is_from_the_line() -> None:
    session = ella()
    session.hinted(1)
    said = Message(1, SYSTEM, Kind.EVENT, "Maya is here.", NIGHT, key(1))
    assert messages(session.page([said], {})) == [(1, "line", "Maya is here.")]


def test_an_advisor_hears_the_visitor() -> None:
    maya = Session("staff:m")
    maya.receive(frames.Hello(v=1, token="c1"), NIGHT)
    maya.entered(entry(head=2))
    effects = maya.page([line(1), line(2, "staff:m", "Hello", n=2)], {"m": "Maya"})
    assert messages(effects) == [(1, "visitor", "hello?"), (2, "you", "Hello")]


def test_a_client_with_a_gap_is_given_the_lines_again() -> None:
    session = ella()
    session.hinted(2)
    session.page([line(1, "staff:m"), line(2, "staff:m")], {"m": "Maya"})
    assert session.receive(frames.Since(C, Cursor("e1", 1)), NIGHT) == [Fetch(1)]
    assert messages(session.page([line(2, "staff:m")], {})) == [(2, "advisor", "hello?")]


def test_a_client_with_a_place_that_cannot_be_starts_again() -> None:
    session = ella(head=3, cursor=Cursor("e1", 3))
    effects = session.receive(frames.Since(C, Cursor("e1", 9)), NIGHT)
    assert effects == [Tell(frames.Welcome(1, C, "resume", "e1", 3, True)), Fetch(0)]


def test_a_page_that_was_asked_for_before_a_gap_was_told_does_no_harm() -> None:
    session = ella(head=2)
    session.receive(frames.Since(C, Cursor("e1", 1)), NIGHT)
    late = session.page([line(1, "staff:m"), line(2, "staff:m")], {"m": "Maya"})
    asked = session.page([line(2, "staff:m")], {"m": "Maya"})
    assert [seq for seq, _, _ in messages(late + asked)] == [2]


# -- how things stand ---------------------------------------------------------------------------


def state(what: str, name: str | None = None) -> frames.State:
    return frames.State(C, what, NUMBER, name)  # type: ignore[arg-type]  # one of five words


def test_how_it_stands_is_told_when_it_changes() -> None:
    session = ella()
    assert session.situation(state("waiting")) == [Tell(state("waiting"))]
    assert session.situation(state("waiting")) == []
    assert session.situation(state("connected", "Maya")) == [Tell(state("connected", "Maya"))]


def test_typing_names_whoever_is_there() -> None:
    session = ella()
    session.situation(state("connected", "Maya"))
    assert session.typing(None, True) == [Tell(frames.Typing(C, True, "Maya"))]
    assert session.receive(frames.Typing(C, True), NIGHT) == [Type(True)]


def test_leaving_is_heard_once_and_not_after_the_end() -> None:
    session = ella()
    assert session.receive(frames.Leave(C, "exit"), NIGHT) == [Gone("exit")]
    session.situation(state("ended"))
    assert session.receive(frames.Leave(C, "exit"), NIGHT) == []
    assert session.receive(frames.Typing(C, True), NIGHT) == []
    assert session.typing("Maya", True) == []


# -- nonsense ------------------------------------------------------------------------------------


def test_a_bad_frame_is_answered_and_the_talk_goes_on() -> None:
    session = ella()
    assert errors(session.receive(frames.Problem("bad_frame", "?"), NIGHT)) == ["bad_frame"]
    assert session.receive(say(1), NIGHT) == [Store(key(1), "hello?")]


def test_a_frame_that_is_too_large_closes() -> None:
    problem = frames.Problem("too_large", "That frame is longer than we read.", close=4009)
    effects = ella().receive(problem, NIGHT)
    assert errors(effects) == ["too_large"]
    assert closes(effects) == [4009]


def test_nothing_but_nonsense_is_let_go() -> None:
    session = ella()
    effects = [session.receive(frames.Problem("bad_frame", "?"), NIGHT) for _ in range(MOST_BAD)]
    assert [closes(each) for each in effects] == [[]] * (MOST_BAD - 1) + [[4002]]
