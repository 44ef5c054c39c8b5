"""A visitor asks to be rung: one promise, told with three digits of the number and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.cases.model import VISITOR, State
from app.cases.tables import contacts, promises
from chat import frames
from chat.effects import CallBack, Tell
from chat.session import Entry, Session
from chat.socket import VisitorSocket
from tests.chat.wire import Frame, hello, wired
from tests.house import Home, at_rest

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ID = "019f4c5e-7a3b-7c21-9d4e-5f60718293b5"


@pytest.fixture
async def lodge(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Home]:
    async with at_rest(furnished_sqlite, keys_file) as home:
        yield home


@pytest.fixture
def door(lodge: Home) -> VisitorSocket:
    return lodge.house.visitor_socket


def wish(conversation: str, **also: Any) -> Frame:
    asked = {"number": "07700 900123", "when": "evening", "voicemail": False, "say": "", "who": ""}
    return {"t": "call_back", "conversation": conversation, "id": ID, **asked, **also}


async def test_a_wish_is_kept_and_the_place_in_the_line_with_it(
    lodge: Home, door: VisitorSocket
) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        conversation = (await ella.hears("welcome"))["conversation"]
        ella.says(wish(conversation, say="It is Maya from the library"))
        told = await ella.hears("promised")
        assert (told["id"], told["number_ends"]) == (ID, "123")
        assert datetime.fromisoformat(told["by"]) > lodge.clock.now()
        assert "900123" not in str(told)
        (row,) = await lodge.rows(sa.select(contacts.c.state))
        assert row.state == State.WAITING


async def test_the_same_wish_again_is_the_same_promise_on_any_line(
    lodge: Home, door: VisitorSocket
) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        welcome = await ella.hears("welcome")
        ella.says(wish(welcome["conversation"]))
        first = await ella.hears("promised")
    async with wired(door) as ella:
        ella.says(hello(welcome["token"]))
        await ella.hears("welcome")
        ella.says(wish(welcome["conversation"]))
        assert await ella.hears("promised") == first
        ella.says(wish(welcome["conversation"], number="07700 900456"))
        assert (await ella.hears("error"))["code"] == "conflict"
    assert len(await lodge.rows(sa.select(promises))) == 1


@pytest.mark.parametrize("number", ["", "0", "withheld", "999", "+1 202 555 0100", "0909 879 0000"])
async def test_a_number_that_cannot_be_rung_is_asked_for_again(
    lodge: Home, door: VisitorSocket, number: str
) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        conversation = (await ella.hears("welcome"))["conversation"]
        ella.says(wish(conversation, number=number))
        error = await ella.hears("error")
        assert (error["code"], error["client_id"]) == ("number", ID)
        assert error["number"] == "08081 570 142", "and the one to call instead is told"
    assert await lodge.rows(sa.select(promises)) == []


def ella() -> Session:
    session = Session(VISITOR)
    session.receive(frames.Hello(v=1, token="t"), NIGHT)
    session.entered(Entry("c1", "resume", "e1", 0, "08081 570 142"))
    return session


def asked(session: Session, second: float = 0, n: int = 7) -> Any:
    frame = frames.CallBack("c1", str(UUID(int=n)), "07700 900123")
    return session.receive(frame, NIGHT + timedelta(seconds=second))[0]


def test_wishes_keep_the_pace_of_words() -> None:
    session = ella()
    assert all(isinstance(asked(session, n / 10, n), CallBack) for n in range(20))
    slowed = asked(session, 2.0)
    assert isinstance(slowed, Tell)
    assert isinstance(slowed.frame, frames.Error)
    assert slowed.frame.code == "slow_down"


def test_after_the_end_nothing_is_promised() -> None:
    session = ella()
    session.situation(frames.State("c1", "ended", "08081 570 142"))
    refused = asked(session)
    assert isinstance(refused, Tell)
    assert isinstance(refused.frame, frames.Error)
    assert (refused.frame.code, refused.frame.client_id) == ("ended", str(UUID(int=7)))


def test_an_advisor_has_no_such_wish() -> None:
    maya = Session("staff:m")
    maya.receive(frames.Hello(v=1, token="c1"), NIGHT)
    maya.entered(Entry("c1", "", "e1", 0, ""))
    assert not isinstance(asked(maya), CallBack)
