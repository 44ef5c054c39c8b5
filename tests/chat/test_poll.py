"""The chat where no socket gets through: the same promises, one poll at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app import ids
from app.cases.model import SYSTEM, HowEnded, State
from app.cases.tables import contacts, messages
from chat import poll
from chat.answers import Answers
from chat.effects import Close
from chat.frames import LONGEST_FRAME, Move, client_id_text
from chat.poll import VisitorPoll
from tests.chat.polls import Poller, Request
from tests.chat.wire import Frame, hello
from tests.house import Home, listening


@pytest.fixture
async def lodge(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Home]:
    async with listening(furnished_sqlite, keys_file) as home:
        yield home
        await home.house.visitor_poll.stop()


@pytest.fixture
def door(lodge: Home) -> VisitorPoll:
    return lodge.house.visitor_poll


def say(conversation: str, text: str, id_: str = "") -> Frame:
    client_id = id_ or client_id_text(bytes.fromhex(ids.new()))
    return {"t": "say", "conversation": conversation, "client_id": client_id, "text": text}


async def the_contact(home: Home) -> Any:
    (row,) = await home.rows(sa.select(contacts))
    return row


async def opened(home: Home, door: VisitorPoll, client: str = "127.0.0.1") -> tuple[Poller, Frame]:
    ella = Poller(door, client)
    welcome = await ella.hears("welcome", hello(home.frame_token(), area="CA11"))
    return ella, welcome


async def test_a_chat_opens_and_words_are_acknowledged(lodge: Home, door: VisitorPoll) -> None:
    ella, welcome = await opened(lodge, door)
    assert (welcome["v"], welcome["seq"]) == (1, 0)
    ack = await ella.hears("ack", say(welcome["conversation"], "hello?"))
    assert ack["seq"] == 1
    assert len(await lodge.rows(sa.select(messages))) == 1


async def test_a_held_poll_is_answered_when_somebody_writes(lodge: Home, door: VisitorPoll) -> None:
    ella, _ = await opened(lodge, door)
    await ella.hears("state")
    held = ella.posts()
    contact = await lodge.contact((await the_contact(lodge)).id)
    await lodge.says(contact, SYSTEM, "Somebody will be with you soon.")
    told = await ella.takes(held)
    while not any(frame["t"] == "message" for frame in told):
        told = await ella.polls()
    (line,) = [frame for frame in told if frame["t"] == "message"]
    assert (line["seq"], line["from"]) == (1, "line")


async def test_with_nothing_to_tell_a_poll_is_let_go_after_a_while(
    lodge: Home, door: VisitorPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "HOLD", 0.05)
    monkeypatch.setattr("chat.switchboard.TELL_AGAIN", 10_000)
    ella, _ = await opened(lodge, door)
    await ella.hears("state")
    assert await ella.polls() == []
    assert ella.line
    assert ella.close is None


async def test_whoever_speaks_while_a_poll_waits_sends_it_home(
    lodge: Home, door: VisitorPoll
) -> None:
    ella, welcome = await opened(lodge, door)
    await ella.hears("state")
    held = ella.posts()
    await asyncio.sleep(0)
    spoken = ella.posts(say(welcome["conversation"], "are you there?"))
    await ella.takes(held)
    await ella.takes(spoken)
    while not any(frame["t"] == "ack" for frame in ella.heard):
        await ella.polls()


async def test_a_poll_that_overtakes_waits_for_its_elder(lodge: Home, door: VisitorPoll) -> None:
    ella, welcome = await opened(lodge, door)
    second = ella.posts(say(welcome["conversation"], "two"), n=3)
    first = ella.posts(say(welcome["conversation"], "one"), n=2)
    ella.n = 3
    await ella.takes(first)
    await ella.takes(second)
    lines = await lodge.read(lodge.house.transcript.after, welcome["conversation"], 0)
    while len(lines) < 2:
        await ella.polls()
        lines = await lodge.read(lodge.house.transcript.after, welcome["conversation"], 0)
    assert [line.text for line in lines] == ["one", "two"]


async def test_a_poll_sent_twice_ends_the_line_and_doubles_nothing(
    lodge: Home, door: VisitorPoll
) -> None:
    """A proxy repeated it. The client comes back by its cursor and loses nothing."""
    ella, welcome = await opened(lodge, door)
    words = say(welcome["conversation"], "hello?")
    await ella.hears("ack", words)
    again = ella.posts(words, n=2)
    assert (await again.answer())["close"] == 1012
    back = Poller(door)
    cursor = {"epoch": welcome["epoch"], "seq": 1}
    assert (await back.hears("welcome", hello(welcome["token"], cursor)))["reset"] is False
    assert (await back.hears("ack", words))["seq"] == 1
    assert len(await lodge.rows(sa.select(messages))) == 1


async def test_an_answer_that_was_lost_on_the_way_is_told_again_by_the_cursor(
    lodge: Home, door: VisitorPoll
) -> None:
    ella, welcome = await opened(lodge, door)
    contact = await lodge.contact((await the_contact(lodge)).id)
    for text in ("one", "two"):
        await lodge.says(contact, SYSTEM, text)
    await ella.hears("message")  # and that answer never arrives
    back = Poller(door)
    await back.polls(hello(welcome["token"], {"epoch": welcome["epoch"], "seq": 0}))
    while len(back.heard) < 3:
        await back.polls()
    assert [frame["seq"] for frame in back.heard if frame["t"] == "message"] == [1, 2]


async def test_a_hello_and_the_first_words_may_come_together(
    lodge: Home, door: VisitorPoll
) -> None:
    ella, welcome = await opened(lodge, door)
    back = Poller(door)
    words = say(welcome["conversation"], "still here")
    ack = await back.hears("ack", hello(welcome["token"]), words)
    assert ack["client_id"] == words["client_id"]
    assert ella.close is None


# -- going -----------------------------------------------------------------------------------


async def test_hanging_up_is_a_lost_signal_like_a_closed_socket(
    lodge: Home, door: VisitorPoll
) -> None:
    ella, _ = await opened(lodge, door)
    await ella.hears("state")
    held = ella.posts()
    held.hangs_up()
    await held.over()
    assert held.sent == []
    await door.stop()
    row = await lodge.lost_signal()
    assert row.state == State.WAITING
    assert not door.lines


async def test_whoever_stops_polling_is_gone_after_a_while(
    lodge: Home, door: VisitorPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "ABSENT", 0.0)
    await opened(lodge, door)
    while True:
        if not door.lines:
            break
        await asyncio.sleep(0.01)
    await door.stop()
    assert await lodge.lost_signal()


async def test_a_line_that_is_gone_says_so_and_the_client_comes_back(
    lodge: Home, door: VisitorPoll
) -> None:
    ella, welcome = await opened(lodge, door)
    await door.stop()
    assert await ella.polls() == []
    assert (ella.line, ella.close) == ("", 1012)
    back = Poller(door)
    await back.hears("welcome", hello(welcome["token"]))
    assert (await the_contact(lodge)).visitor == "here"


async def test_leaving_is_kept(lodge: Home, door: VisitorPoll) -> None:
    ella, welcome = await opened(lodge, door)
    leave = {"t": "leave", "conversation": welcome["conversation"], "how": "exit"}
    while (await ella.hears("state", leave))["state"] != "ended":
        pass
    assert (await the_contact(lodge)).how_ended == HowEnded.QUICK_EXIT


async def test_a_process_that_stops_asks_polls_to_move_and_begins_no_line(
    lodge: Home, door: VisitorPoll
) -> None:
    ella, _ = await opened(lodge, door)
    held = ella.posts()
    emptied = asyncio.create_task(lodge.house.switchboard.empty(0.0))
    told = await ella.takes(held)
    while not any(frame["t"] == "move" for frame in told):
        told = await ella.polls()
    late = Poller(door)
    assert await late.polls(hello(lodge.frame_token())) == []
    assert late.close == 1012
    await door.stop()
    await emptied


# -- limits ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "close"),
    [
        (b"", "bad_frame", 4002),
        (b"{", "bad_frame", 4002),
        (b"[]", "bad_frame", 4002),
        (b"\xff\xfe", "bad_frame", 4002),
        (b'{"line": 5, "n": 1, "frames": []}', "bad_frame", 4002),
        (b'{"line": "", "n": 0, "frames": []}', "bad_frame", 4002),
        (json.dumps({"line": "", "n": 1, "frames": [{}] * 17}).encode(), "bad_frame", 4002),
        (b" " * (2 * LONGEST_FRAME + 1), "too_large", 4009),
        (b'{"line": "", "n": 1, "frames": []}', "late_hello", 4001),
        (b'{"line": "", "n": 1, "frames": [{"t": "typing"}]}', "bad_frame", 4001),
        (b'{"line": "", "n": 1, "frames": [{"t": "hello", "v": 9, "token": ""}]}', "version", 4002),
        (b'{"line": "", "n": 1, "frames": [{"t": "hello", "v": 1, "token": ""}]}', "ended", 4003),
    ],
)  # fmt: skip
async def test_nonsense_is_answered_in_words(
    lodge: Home, door: VisitorPoll, body: bytes, code: str, close: int
) -> None:
    told = await Request(door, body, "127.0.0.1").answer()
    assert (told["frames"][0]["code"], told["close"]) == (code, close)
    assert told["line"] == ""
    assert not door.lines


async def test_too_many_lines_of_one_network_are_told_the_number(
    lodge: Home, door: VisitorPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "MOST_OF_NETWORK", 1)
    refuge = "203.0.113.9"
    await opened(lodge, door, refuge)
    sam = Poller(door, refuge)
    (error,) = await sam.polls(hello(lodge.frame_token()))
    assert (error["code"], error["number"], sam.close) == ("slow_down", "08081 570 142", 4029)
    await opened(lodge, door, "203.0.113.10")
    await door.stop()
    assert not door.networks
    await opened(lodge, door, refuge)


async def test_polling_without_a_breath_is_let_go(
    lodge: Home, door: VisitorPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "POLLS", ((1, timedelta(days=1)),))
    monkeypatch.setattr(poll, "HOLD", 0.0)
    ella, _ = await opened(lodge, door)
    while ella.close is None:
        await ella.polls()
    assert ella.close == 4029


async def test_whoever_does_not_fetch_is_let_go_with_4008() -> None:
    out = Answers(most=3)
    for n in range(5):
        out.tell(Move(n))
    assert out.closing
    assert out.take() == ([], 4008)
    await out.drained()


async def test_what_waits_is_taken_once_and_makes_room() -> None:
    out = Answers(most=4)
    for n in range(3):
        out.tell(Move(n))
    room = asyncio.create_task(out.drained())
    await asyncio.sleep(0)
    assert not room.done()
    assert out.take() == ([Move(0), Move(1), Move(2)], None)
    await room
    assert not out.news.is_set()
    out.close(Close(4003, "ended"))
    assert out.take() == ([], 4003)
