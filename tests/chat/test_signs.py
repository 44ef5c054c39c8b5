"""What a visitor's device tells of itself: kept once for everyone, and told to staff alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.bus import Hint
from app.cases import acts
from app.cases import signs as cases
from app.cases.model import SYSTEM, VISITOR
from app.cases.tables import contacts, conversations
from app.cases.transcript import epoch_of
from app.db import Work
from app.errors import Down
from chat import frames, switchboard
from chat.frames import Cursor
from chat.hosting import Hosted
from chat.session import Entry, Fetch, Got, Here, Session, Speak, Tell
from chat.signs import SIGN_AGAIN, Signs, Taken, keep
from chat.socket import VisitorSocket
from tests.chat.wire import Frame, Wire, hello, wired
from tests.house import Home, listening
from tests.people import CUMBRIA, MAYA

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BILINGUAL = {CUMBRIA.key: replace(CUMBRIA, languages=("en", "cy"))}


@pytest.fixture
async def lodge(furnished_sqlite: str, keys_file: Path) -> AsyncIterator[Home]:
    async with listening(furnished_sqlite, keys_file) as home:
        yield home


@pytest.fixture
def door(lodge: Home) -> VisitorSocket:
    return lodge.house.visitor_socket


def session(me: str = VISITOR, head: int = 4, got: int = 0) -> Session:
    made = Session(me)
    made.receive(frames.Hello(v=1, token="t", cursor=Cursor("e1", head)), NIGHT)
    made.entered(Entry("c1", "resume", "e1", head, "08081 570 142", got))
    return made


# -- one conversation, without I/O ----------------------------------------------------------------


def test_what_the_device_has_is_noted_once_and_never_goes_back() -> None:
    ella = session()
    assert ella.receive(frames.Got("c1", Cursor("e1", 3)), NIGHT) == [Got(3)]
    assert ella.receive(frames.Got("c1", Cursor("e1", 3)), NIGHT) == []
    assert ella.receive(frames.Got("c1", Cursor("e1", 2)), NIGHT) == []
    assert ella.receive(frames.Got("c1", Cursor("e1", 4)), NIGHT) == [Got(4)]


@pytest.mark.parametrize("cursor", [Cursor("e2", 1), Cursor("e1", 5)])
def test_nobody_has_lines_of_another_log_or_beyond_its_end(cursor: Cursor) -> None:
    assert session().receive(frames.Got("c1", cursor), NIGHT) == []


def test_staff_are_told_how_far_it_is_delivered_and_only_onward() -> None:
    maya = Session("staff:m")
    maya.receive(frames.Hello(v=1, token="c1", cursor=Cursor("e1", 4)), NIGHT)
    _, told = maya.entered(Entry("c1", "", "e1", 4, "", got=2))
    assert told == Tell(frames.Delivered("c1", 2))
    assert maya.delivered(2) == []
    assert maya.delivered(4) == [Tell(frames.Delivered("c1", 4))]


def test_a_visitor_is_never_told_who_has_read_what() -> None:
    ella = session(got=2)
    assert ella.delivered(4) == []
    assert ella.hinted(5) == [Fetch(4)]
    assert frames.Delivered not in frames.ToVisitor.__args__


def test_an_advisor_cannot_say_that_the_visitor_has_it() -> None:
    assert session("staff:m").receive(frames.Got("c1", Cursor("e1", 4)), NIGHT) == []


def test_covering_is_told_when_it_changes() -> None:
    ella = session()
    assert ella.receive(frames.Here("c1", True), NIGHT) == [Here(True)]
    assert ella.receive(frames.Here("c1", True), NIGHT) == []
    assert ella.receive(frames.Here("c1", False), NIGHT) == [Here(False)]
    assert ella.receive(frames.Here("c1", True, True), NIGHT) == [Here(True, True)]
    assert ella.receive(frames.Here("c1", True, True), NIGHT) == []
    assert ella.receive(frames.Here("c1", True), NIGHT) == [Here(True)]
    assert ella.receive(frames.Here("c1", False, True), NIGHT) == [Here(False)], "shown is shown"
    assert ella.receive(frames.Speak("c1", "cy"), NIGHT) == [Speak("cy")]


# -- gathered ---------------------------------------------------------------------------------


def test_a_sign_is_kept_at_once_and_then_not_again_for_a_while() -> None:
    signs = Signs()
    signs.signed.add("c1")
    first = signs.take()
    assert first is not None
    assert first.signed == {"c1"}
    signs.signed.add("c1")
    later = [signs.take() for _ in range(SIGN_AGAIN)]
    assert later[:-1] == [None] * (SIGN_AGAIN - 1)
    assert later[-1] is not None
    assert later[-1].signed == {"c1"}


def test_what_could_not_be_kept_is_tried_again_and_newer_words_stand() -> None:
    signs = Signs({"c1": 3, "c2": 1}, {"c1"}, {"c1": "covered"}, {"c1": "cy"})
    taken = signs.take()
    assert taken is not None
    signs.got, signs.screen = {"c1": 4, "c3": 9}, {"c1": "here"}
    signs.back(taken)
    again = signs.take()
    assert again is not None
    assert again.got == {"c1": 4, "c2": 1, "c3": 9}
    assert (again.screen, again.speaks) == ({"c1": "here"}, {"c1": "cy"})
    assert again.signed == {"c1"}


def test_nothing_told_is_nothing_to_keep() -> None:
    assert Signs().take() is None


# -- kept, on each database --------------------------------------------------------------------


async def test_the_place_is_kept_within_the_log_and_never_goes_back(home: Home) -> None:
    contact = await home.arrives()
    conversation = contact.conversation or ""
    await home.says(contact, VISITOR, "hello?")
    await home.says(contact, SYSTEM, "Somebody will be with you soon.")

    async def kept(seq: int) -> int:
        await home.write(cases.got, {conversation: seq})
        return await home.read(cases.got_of, conversation)

    assert [await kept(1), await kept(9), await kept(1)] == [1, 2, 2]


async def test_whoever_reads_elsewhere_is_woken_by_a_hint(home: Home) -> None:
    contact = await home.arrives()
    await home.says(contact, VISITOR, "hello?")
    async with home.house.ground.bus.subscribe(("got", None)) as hints:
        await home.write(cases.got, {contact.conversation or "": 1})
        assert await anext(aiter(hints)) == Hint("got", contact.conversation or "", 1)


async def test_signs_covers_and_languages_are_kept_with_the_contact(home: Home) -> None:
    contact = await home.arrives()
    conversation = contact.conversation or ""
    home.clock.move(seconds=300)
    told = Taken({}, frozenset({conversation}), {conversation: "covered"}, {conversation: "cy"}, {})
    await home.write(keep, BILINGUAL, told)
    now = await home.contact(contact.id)
    assert contact.visitor_sign_at is not None
    assert now.visitor_sign_at is not None
    assert (now.visitor_sign_at - contact.visitor_sign_at).total_seconds() > 290
    assert (now.visitor, now.need.language) == ("covered", "cy")


@pytest.mark.parametrize("lang", ["xx", ""])
async def test_a_language_that_the_service_has_not_changes_nothing(home: Home, lang: str) -> None:
    contact = await home.arrives()
    told = Taken({}, frozenset(), {}, {contact.conversation or "": lang}, {})
    await home.write(keep, BILINGUAL, told)
    assert (await home.contact(contact.id)).need == contact.need


async def test_a_line_that_closed_is_a_lost_signal_until_a_process_holds_it_again(
    home: Home,
) -> None:
    contact = await home.arrives()
    conversation = contact.conversation or ""
    await home.write(cases.lost, {conversation: 0.0})
    assert (await home.contact(contact.id)).visitor == "lost signal"
    await home.write(cases.here, [conversation])
    assert (await home.contact(contact.id)).visitor == "here"


async def test_whoever_is_held_elsewhere_by_now_is_not_lost(home: Home) -> None:
    contact = await home.arrives()
    conversation = contact.conversation or ""
    await home.write(cases.here, [conversation])
    await home.write(cases.lost, {conversation: 1.0})
    assert (await home.contact(contact.id)).visitor == "here"


async def test_a_covered_screen_stays_covered_while_it_is_held(home: Home) -> None:
    contact = await home.arrives()
    await home.write(acts.visitor_is, contact.id, "covered")
    await home.write(cases.here, [contact.conversation or ""])
    assert (await home.contact(contact.id)).visitor == "covered"


# -- through the doors ---------------------------------------------------------------------------


class Desk:
    """An advisor's side of one conversation, held by the same switchboard."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[Any] = asyncio.Queue()

    def tell(self, frame: Any) -> None:
        self.told.put_nowait(frame)

    def enter(self, effect: Any) -> None: ...

    def gone(self, effect: Any) -> None: ...

    def call_back(self, effect: Any) -> None: ...

    def close(self, effect: Any) -> None: ...

    async def drained(self) -> None: ...

    async def hears(self, kind: type[Any]) -> Any:
        async with asyncio.timeout(30):
            while not isinstance(frame := await self.told.get(), kind):
                pass
            return frame


async def opened(home: Home, conversation: str) -> Desk:
    """Maya reads along."""
    maya, desk = await home.actor(MAYA), Desk()
    reads = Session(f"staff:{maya.staff}")
    hosted = Hosted(home.house.ground, home.house.transcript, reads, desk)
    epoch = await home.read(epoch_of)
    hosted.carry(reads.receive(frames.Hello(1, conversation), NIGHT))
    got = await home.read(cases.got_of, conversation)
    hosted.carry(reads.entered(Entry(conversation, "", epoch, 0, "", got)))
    home.house.switchboard.host(hosted)
    return desk


async def has(ella: Wire, welcome: Frame, seq: int) -> None:
    cursor = {"epoch": welcome["epoch"], "seq": seq}
    ella.says({"t": "got", "conversation": welcome["conversation"], "cursor": cursor})


async def test_the_advisor_sees_it_delivered_now_and_after_coming_back(
    lodge: Home, door: VisitorSocket
) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        welcome = await ella.hears("welcome")
        conversation = welcome["conversation"]
        desk = await opened(lodge, conversation)
        contact = await the_contact(lodge)
        await lodge.says(contact, SYSTEM, "Somebody will be with you soon.")
        await ella.hears("message")
        await has(ella, welcome, 1)
        assert await desk.hears(frames.Delivered) == frames.Delivered(conversation, 1)
        again = await opened(lodge, conversation)
        assert (await again.hears(frames.Delivered)).seq == 1


async def the_contact(home: Home) -> Any:
    (row,) = await home.rows(sa.select(contacts.c.id))
    return await home.contact(row.id)


async def until_covered(home: Home) -> None:
    while True:
        if (await the_contact(home)).visitor == "covered":
            return
        await asyncio.sleep(0.01)


async def test_a_thousand_signs_are_a_few_writes(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[str] = []
    write = lodge.db.write

    async def counted(act: Any, *args: Any, **kwargs: Any) -> Any:
        writes.append(act.__name__)
        return await write(act, *args, **kwargs)

    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        welcome = await ella.hears("welcome")
        monkeypatch.setattr(lodge.db, "write", counted)
        for n in range(500):
            ella.says({"t": "here", "conversation": welcome["conversation"], "covered": not n % 2})
            ella.says({"t": "typing", "conversation": welcome["conversation"], "on": not n % 2})
        ella.says({"t": "here", "conversation": welcome["conversation"], "covered": True})
        await until_covered(lodge)
    assert 1 <= writes.count("keep") < 50


async def test_a_covered_screen_that_loses_its_line_is_a_lost_signal(
    lodge: Home, door: VisitorSocket
) -> None:
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        welcome = await ella.hears("welcome")
        ella.says({"t": "here", "conversation": welcome["conversation"], "covered": True})
        await until_covered(lodge)
    assert await lodge.lost_signal()


async def test_what_was_told_while_the_database_was_away_is_kept_when_it_is_back(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [True, True]

    def keep_at_last(work: Work, *args: Any) -> None:
        if away:
            away.pop()
            raise Down("The database does not answer just now.")
        keep(work, *args)

    monkeypatch.setattr(switchboard, "keep", keep_at_last)
    monkeypatch.setattr(switchboard, "LOOK", 0.01)
    async with wired(door) as ella:
        ella.says(hello(lodge.frame_token()))
        welcome = await ella.hears("welcome")
        ella.says({"t": "here", "conversation": welcome["conversation"], "covered": True})
        await until_covered(lodge)
    assert away == []


async def test_the_language_of_the_page_is_the_language_of_the_need(
    lodge: Home, door: VisitorSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "services", lambda: BILINGUAL)
    for lang, kept in (("cy", "cy"), ("xx", "en"), ("", "en")):
        async with wired(door) as ella:
            ella.says({**hello(lodge.frame_token()), "lang": lang})
            conversation = (await ella.hears("welcome"))["conversation"]
        (row,) = await lodge.rows(
            sa.select(contacts.c.language)
            .join(conversations, conversations.c.contact == contacts.c.id)
            .where(conversations.c.id == conversation)
        )
        assert row.language == kept
