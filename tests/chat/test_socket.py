"""The visitors' socket, frame by frame: limits, closings, and what a hang-up may interrupt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app import ids
from app.auth import visitors
from app.bus import Hint
from app.cases.model import HowEnded, State
from app.cases.tables import contacts, conversations
from app.cases.transcript import Post
from app.db import Work
from app.errors import Down
from chat import acts, socket, visit
from chat.frames import client_id_text
from chat.porch import Porch
from chat.socket import VisitorSocket
from tests.chat.wire import Frame, hello, wired
from tests.house import Home, listening
from tests.people import SITE


@pytest.fixture
async def lodge(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Home]:
    """A house where the switchboard runs, and nobody matches."""
    async with listening(furnished_sqlite, keys_file) as home:
        yield home


@pytest.fixture
def door(lodge: Home) -> VisitorSocket:
    return lodge.house.visitor_socket


async def the_contact(home: Home) -> Any:
    (row,) = await home.rows(sa.select(contacts))
    return row


def say(conversation: str, text: str = "hello?", id_: str = "") -> Frame:
    client_id = client_id_text(bytes.fromhex(id_ or ids.new()))
    return {"t": "say", "conversation": conversation, "client_id": client_id, "text": text}


# -- the door -----------------------------------------------------------------------------------


async def test_a_frame_token_opens_one_contact(lodge: Home, door: VisitorSocket) -> None:
    token = lodge.frame_token()
    async with wired(door) as ella:
        ella.says(hello(token, crime="domestic", area="CA11"))
        welcome = await ella.hears("welcome")
        assert (welcome["v"], welcome["seq"], welcome["reset"]) == (1, 0, False)
        state = await ella.hears("state")
        assert (state["state"], state["number"]) == ("waiting", "08081 570 142")
    row = await the_contact(lodge)
    assert (row.service, row.crime, row.site) == ("cumbria", "domestic", SITE.key)


async def test_the_same_page_opening_twice_is_one_contact(lodge: Home, door: VisitorSocket) -> None:
    """Its welcome was lost, so it said hello again with the token it had."""
    token = lodge.frame_token()
    heard = []
    for _ in range(2):
        async with wired(door) as ella:
            ella.says(hello(token))
            heard.append((await ella.hears("welcome"))["conversation"])
    assert heard[0] == heard[1]
    await the_contact(lodge)


@pytest.mark.parametrize("what", ["forged", "another key", "too old", "nonsense", "empty", "site"])
async def test_a_token_that_is_not_ours_opens_nothing(
    lodge: Home, door: VisitorSocket, what: str
) -> None:
    now, key = lodge.clock.now(), lodge.house.frame_key
    good = lodge.frame_token()
    token = {
        "forged": good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
        "another key": visitors.mint(b"k" * 32, "cumbria", SITE.key, "n", now),
        "too old": visitors.mint(key, "cumbria", SITE.key, "n", now - timedelta(days=1)),
        "nonsense": "a.b",
        "empty": "",
        "site": visitors.mint(key, "cumbria", "another-site", "n", now),
    }[what]
    async with wired(door) as stranger:
        stranger.says(hello(token))
        (error,) = await stranger.rest()
        assert error["t"] == "error"
        assert error["code"] == ("ended" if what == "empty" else "not_yours")
        assert stranger.closed == 4003
    assert await lodge.rows(sa.select(contacts)) == []


async def test_whoever_left_cannot_come_back_by_the_same_token(
    lodge: Home, door: VisitorSocket
) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        welcome = await ella.hears("welcome")
        ella.says({"t": "leave", "conversation": welcome["conversation"], "how": "end"})
        assert (await ella.hears("state"))["state"] in ("waiting", "ended")
    async with wired(door) as ella:
        ella.says(hello(welcome["token"]))
        assert [frame["code"] for frame in await ella.rest()] == ["ended"]
        assert ella.closed == 4003


async def test_no_hello_in_time_is_closed(
    door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "HELLO_WITHIN", 0.0)
    async with wired(door) as stranger:
        assert [frame["code"] for frame in await stranger.rest()] == ["late_hello"]
        assert stranger.closed == 4001


@pytest.mark.parametrize(
    ("frame", "code", "close"),
    [
        (say("c1"), "hello_first", 4002),
        ({"t": "hello", "v": 2, "token": "x"}, "version", 4002),
        ("x" * 70_000, "too_large", 4009),
    ],
)
async def test_last_words_leave_before_the_socket_does(
    door: VisitorSocket, frame: Frame | str, code: str, close: int
) -> None:
    async with wired(door) as stranger:
        stranger.says(frame)
        assert [told["code"] for told in await stranger.rest()] == [code]
        assert stranger.closed == close


async def test_only_so_many_may_stand_at_the_door(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who has stood there longest without a word makes room."""
    monkeypatch.setattr(door, "strangers", Porch(2, 0.0))
    async with wired(door) as silent, wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        await ella.hears("welcome")
        async with wired(door) as third, wired(door) as fourth:
            assert [told["code"] for told in await silent.rest()] == ["slow_down"]
            assert silent.closed == 4001
            for each in (third, fourth):
                each.says("?")
                await each.hears("error")
            assert len(door.strangers) == 2, "who has entered is no stranger"
    assert len(door.strangers) == 0


async def test_new_chats_from_one_network_are_counted_and_the_number_is_told(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "NEW_CHATS", (1, 3600))
    refuge = "203.0.113.9"
    async with wired(door, refuge) as ella:
        ella.says(hello(lodge.frame_token()))
        welcome = await ella.hears("welcome")
    async with wired(door, refuge) as sam:
        sam.says(hello(lodge.frame_token()))
        (error,) = await sam.rest()
        assert (error["code"], error["number"]) == ("slow_down", "08081 570 142")
        assert sam.closed == 4029
    async with wired(door, refuge) as ella:
        ella.says(hello(welcome["token"], {"epoch": welcome["epoch"], "seq": 0}))
        await ella.hears("welcome")
    async with wired(door, "203.0.113.10") as elsewhere:
        elsewhere.says(hello(lodge.frame_token()))
        await elsewhere.hears("welcome")


def test_a_network_is_counted_without_being_known() -> None:
    def counted(address: str, key: bytes = b"k" * 32) -> str:
        return visit.network({"client": (address, 5)}, key)

    assert counted("203.0.113.9") == counted("203.0.113.9") != counted("203.0.113.10")
    assert counted("2001:db8::1") == counted("2001:db8::2") != counted("2001:db8:0:1::1")
    assert counted("203.0.113.9") != counted("203.0.113.9", b"j" * 32), "no table can undo it"
    assert counted("127.0.0.1") == counted("not an address") == ""


# -- leaving --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "ended"),
    [("exit", HowEnded.QUICK_EXIT), ("closed", HowEnded.CLOSED_PAGE)],
)
async def test_a_leaving_is_kept_though_the_line_goes_dead_with_it(
    lodge: Home, door: VisitorSocket, how: str, ended: HowEnded
) -> None:
    """She pressed Exit and the page was gone in the same moment."""
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        conversation = (await ella.hears("welcome"))["conversation"]
        ella.says({"t": "leave", "conversation": conversation, "how": how})
        ella.hangs_up()
    row = await the_contact(lodge)
    assert (row.state, row.how_ended) == (State.CLOSED, ended)


async def test_a_leaving_is_tried_again_while_the_database_is_away(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "PATIENCE", (0.0, 0.0, 0.0))
    leave, away = acts.leave, [True, True]

    def leave_at_last(work: Work, conversation: str, how: str) -> None:
        if away:
            away.pop()
            raise Down("The database does not answer just now.")
        leave(work, conversation, how)

    monkeypatch.setattr(acts, "leave", leave_at_last)
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        conversation = (await ella.hears("welcome"))["conversation"]
        ella.says({"t": "leave", "conversation": conversation, "how": "exit"})
    assert (await the_contact(lodge)).how_ended == HowEnded.QUICK_EXIT


async def test_a_hang_up_without_a_word_is_a_lost_signal_until_they_come_back(
    lodge: Home, door: VisitorSocket
) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        token = (await ella.hears("welcome"))["token"]
    row = await lodge.lost_signal()
    assert row.state == State.WAITING
    lodge.clock.move(seconds=90)
    async with wired(door) as ella:
        ella.says(hello(token))
        await ella.hears("welcome")
        back = await the_contact(lodge)
        assert back.visitor == "here"
        assert back.visitor_seen_at > row.visitor_seen_at + timedelta(seconds=80)


async def test_a_hello_that_is_cut_off_still_leaves_no_ghost(
    lodge: Home, door: VisitorSocket
) -> None:
    """The contact exists, and is known to be gone, so that nobody is asked to take it."""
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        ella.hangs_up()
    assert await lodge.lost_signal()


async def test_one_of_two_sockets_of_a_page_may_drop(lodge: Home, door: VisitorSocket) -> None:
    async with wired(door) as first:
        first.says(hello(lodge.frame_token()))
        token = (await first.hears("welcome"))["token"]
        async with wired(door) as second:
            second.says(hello(token))
            await second.hears("welcome")
        assert (await the_contact(lodge)).visitor == "here"


# -- much to say, much to hear --------------------------------------------------------------


async def with_lines(home: Home, many: int) -> str:
    """A waiting chat with so many lines. Returns its resume token."""
    contact = await home.arrives()
    token = ids.token()

    def write(work: Work) -> None:
        posts = [
            Post(contact.conversation or "", "visitor", bytes.fromhex(ids.new()), f"line {n}")
            for n in range(1, many + 1)
        ]
        home.house.transcript.append(work, posts)
        work.run(
            conversations.update()
            .where(conversations.c.id == contact.conversation)
            .values(visitor_token=visitors.hashed(token))
        )

    await home.write(write)
    return token


async def test_a_long_conversation_is_told_whole_to_whoever_reads(
    lodge: Home, door: VisitorSocket
) -> None:
    token = await with_lines(lodge, 700)
    async with wired(door) as ella:
        ella.says(hello(token))
        told = [await ella.hears("message") for _ in range(700)]
        assert [line["seq"] for line in told] == list(range(1, 701))


async def test_whoever_does_not_read_is_let_go_and_comes_back_by_their_place(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await with_lines(lodge, 3)
    async with wired(door) as slow:
        slow.says(hello(token))
        heard = [await slow.hears("message") for _ in range(3)]
        slow.blocked.clear()
        conversation = heard[0]["conversation"]
        for n in range(socket.MOST_UNREAD + 2):
            lodge.house.switchboard._wake(Hint("typing", conversation, 2 + n % 2))
        slow.blocked.set()
        rest = await slow.rest()
        assert slow.closed == 4008
        assert len(rest) <= 2, "what waited was dropped, not sent after the fact"
    async with wired(door) as ella:
        ella.says(hello(token, {"epoch": heard[0]["epoch"], "seq": 2}))
        assert (await ella.hears("message"))["seq"] == 3


async def test_a_socket_reads_on_while_its_words_commit(lodge: Home, door: VisitorSocket) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        conversation = (await ella.hears("welcome"))["conversation"]
        for n in range(20):
            ella.says(say(conversation, f"line {n}"))
        acks = [(await ella.hears("ack"))["seq"] for _ in range(20)]
    assert acks == list(range(1, 21))


async def test_words_said_with_the_last_breath_are_kept(lodge: Home, door: VisitorSocket) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        conversation = (await ella.hears("welcome"))["conversation"]
        ella.says(say(conversation, "he is at the door"))
        ella.hangs_up()
    while True:
        if lines := await lodge.read(lodge.house.transcript.after, conversation, 0):
            break
        await asyncio.sleep(0.01)
    assert [line.text for line in lines] == ["he is at the door"]


async def test_two_pages_of_one_chat_both_hear(lodge: Home, door: VisitorSocket) -> None:
    token = await with_lines(lodge, 1)
    async with wired(door) as one, wired(door) as two:
        for wire in (one, two):
            wire.says(hello(token))
            await wire.hears("message")
        one.says(say((await the_conversation(lodge)), "second line"))
        await one.hears("ack")
        heard = await two.hears("message")
        assert (heard["seq"], heard["from"], heard["text"]) == (2, "you", "second line")


async def the_conversation(home: Home) -> str:
    (row,) = await home.rows(sa.select(conversations))
    return str(row.id)


async def test_a_lost_hint_costs_a_second_and_no_message(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await with_lines(lodge, 1)
    async with wired(door) as ella:
        ella.says(hello(token))
        await ella.hears("message")
        monkeypatch.setattr(lodge.house.ground.bus, "publish", lambda hints: None)
        conversation = await the_conversation(lodge)
        post = Post(conversation, "system", bytes(16), "Somebody will be with you soon.")
        await lodge.db.append(lodge.house.transcript.append, post)
        assert (await ella.hears("message"))["text"] == "Somebody will be with you soon."


async def test_many_come_at_once(lodge: Home, door: VisitorSocket) -> None:
    async def one(n: int) -> str:
        async with wired(door) as wire:
            wire.says(hello(lodge.frame_token(), crime="domestic", area="CA11"))
            conversation = str((await wire.hears("welcome"))["conversation"])
            wire.says(say(conversation, f"I am {n}"))
            assert (await wire.hears("ack"))["seq"] == 1
            return conversation

    conversations_ = await asyncio.gather(*(one(n) for n in range(20)))
    assert len(set(conversations_)) == 20
