"""The advisor's socket on a real house: who may open it, what it tells, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app import demo, ids
from app.audit import trail
from app.cases.model import State
from app.definition.people import Person
from routing import acts as routing
from tests.house import Served
from tests.people import HANNAH, MAYA, TOM

Frame = dict[str, Any]
OWN = {"sec-fetch-site": "same-origin"}


@dataclass
class Advisor:
    """A console without a browser: signed in by the form, then frames over the socket."""

    home: Served
    socket: ClientConnection
    heard: list[Frame] = field(default_factory=list)
    _re: int = 0

    async def asks(self, kind: str, **more: Any) -> Frame:
        """Ask, and return the done or the error that answers it."""
        self._re += 1
        await self.sends(kind, re=self._re, **more)
        return await self.hears(re=self._re)

    async def sends(self, kind: str, **more: Any) -> None:
        await self.socket.send(json.dumps({"t": kind, **more}))

    async def hears(self, kind: str = "", **wanted: Any) -> Frame:
        while True:
            frame: Frame = json.loads(await self.socket.recv())
            self.heard.append(frame)
            fits = all(frame.get(key) == value for key, value in wanted.items())
            if fits and kind in ("", frame["t"]):
                return frame

    async def desk(self, part: str) -> Frame:
        """The next desk on which this part is not empty."""
        while True:
            frame = await self.hears("desk")
            if frame[part]:
                return frame

    async def offered(self) -> Frame:
        desk = await self.desk("offers")
        offer: Frame = desk["offers"][0]
        return offer

    async def takes(self, offer: Frame) -> Frame:
        return await self.asks("accept", contact=offer["contact"], offer_no=offer["offer_no"])

    @property
    def now(self) -> Frame:
        """The last desk that was told."""
        return [frame for frame in self.heard if frame["t"] == "desk"][-1]


async def sign_in(client: httpx2.AsyncClient, who: Person, password: str = demo.PASSWORD) -> int:
    form = {"email": who.email, "password": password}
    answer = await client.post("/console/sign-in", data=form, headers=OWN)
    return answer.status_code


@asynccontextmanager
async def line_of(home: Served, who: Person) -> AsyncIterator[Advisor]:
    async with httpx2.AsyncClient(base_url=home.url) as client:
        assert await sign_in(client, who) == 303
        ticket = (await client.post("/console/ticket", headers=OWN)).json()["ticket"]
    async with connect(f"ws://127.0.0.1:{home.port}/console/live") as socket:
        advisor = Advisor(home, socket)
        await advisor.sends("hello", v=1, ticket=ticket)
        await advisor.hears("desk")
        yield advisor


@asynccontextmanager
async def at_the_desk(home: Served, who: Person) -> AsyncIterator[Advisor]:
    async with line_of(home, who) as advisor:
        assert (await advisor.asks("duty", on=True))["t"] == "done"
        assert advisor.now["you"]["on_duty"] is True
        yield advisor


async def test_a_chat_from_offer_to_wrap_up(served: Served) -> None:
    ella = served.visitor(crime="domestic")
    async with at_the_desk(served, TOM) as tom, ella.connected():
        offer = await tom.offered()
        assert offer["reason"].startswith("You, because:")
        assert (await tom.takes(offer))["t"] == "done"
        [mine] = tom.now["with_you"]
        await tom.sends("open", re=90, conversation=mine["conversation"], cursor=None)
        await tom.hears("welcome")

        said = str(ids.new())
        await tom.sends(
            "say", conversation=mine["conversation"], client_id=said, text="I'm Tom. Are you safe?"
        )
        await tom.hears("ack")
        assert (await ella.hears("message"))["name"] == "Tom"
        await ella.says("yes, for now")
        assert (await tom.hears("message"))["from"] == "visitor"

        noted = str(ids.new())
        await tom.sends(
            "note", conversation=mine["conversation"], client_id=noted, text="Sounds calm."
        )
        kept = await tom.hears("note")
        assert (kept["name"], kept["after_seq"]) == ("Tom", 2)

        number = mine["assignment_no"]
        assert (await tom.asks("end", contact=mine["contact"], assignment_no=number))["t"] == "done"
        assert (await ella.hears("state", state="ended"))["how"] == "advisor_ended"
        wrap = {"type": "support", "outcome": "support_given", "speaking": "person"}
        wrapped = await tom.asks("wrap", contact=mine["contact"], assignment_no=number, **wrap)
        assert wrapped["t"] == "done"
        assert tom.now["with_you"] == []

    contact = await served.contact(mine["contact"])
    assert (contact.state, contact.type, contact.outcome) == (
        State.CLOSED, "support", "support_given",
    )  # fmt: skip
    assert [line["text"] for line in ella.lines] == ["I'm Tom. Are you safe?", "yes, for now"]


async def test_a_conversation_opens_from_where_the_advisor_was(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        for words in ("one", "two", "three"):
            await ella.says(words)
            await ella.hears("ack")
    async with line_of(served, TOM) as again:
        await again.sends("open", re=1, conversation=mine["conversation"], cursor=None)
        epoch = (await again.hears("welcome"))["epoch"]
        await again.hears("message", text="three")
        place = {"epoch": epoch, "seq": 2}
        await again.sends("open", re=2, conversation=mine["conversation"], cursor=place)
        await again.hears("welcome")
        assert (await again.hears("message"))["text"] == "three"


async def test_what_went_to_a_colleague_is_heard_no_more(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        await tom.sends("open", re=1, conversation=mine["conversation"], cursor=None)
        await tom.hears("welcome")
        await tom.asks("duty", on=False)
        number = mine["assignment_no"]
        assert await served.write(routing.release, mine["contact"], number, "lost")
        while tom.now["with_you"]:
            await tom.hears("desk")
        await ella.says("are you still there?")
        await ella.hears("ack")
        await tom.asks("duty", on=False)
        assert [frame for frame in tom.heard if frame["t"] == "message"] == []


async def test_a_late_accept_is_refused_in_words(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        offer = await tom.offered()
        assert (await tom.takes(offer))["t"] == "done"
        late = await tom.asks("accept", contact=offer["contact"], offer_no=offer["offer_no"] + 1)
        assert (late["t"], late["code"]) == ("error", "missing")


async def test_nobody_ends_or_writes_in_what_is_not_theirs(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected(), line_of(served, MAYA) as maya:
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        ended = await maya.asks("end", contact=mine["contact"], assignment_no=1)
        absent = await maya.asks("end", contact=ids.new(), assignment_no=1)
        assert (ended["code"], ended["words"]) == (absent["code"], absent["words"])
        opened = await maya.asks("open", conversation=mine["conversation"])
        unknown = await maya.asks("open", conversation=ids.new())
        assert (opened["code"], opened["words"]) == (unknown["code"], unknown["words"])
        client_id = str(ids.new())
        await maya.sends(
            "note", conversation=mine["conversation"], client_id=client_id, text="Let me in."
        )
        assert (await maya.hears("error"))["client_id"] == client_id
    assert (await served.contact(mine["contact"])).state is State.ACTIVE


async def test_every_opening_is_in_the_trail_before_a_word_is_told(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        await tom.sends("open", re=1, conversation=mine["conversation"], cursor=None)
        await tom.hears("welcome")
        opened = sa.select(trail.c.why).where(
            trail.c.verb == "opened", trail.c.object_id == mine["contact"]
        )
        assert [row.why for row in await served.rows(opened)] == ["desk"]


async def test_a_ticket_opens_once(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.url) as client:
        assert (await client.post("/console/ticket", headers=OWN)).status_code == 401
        assert await sign_in(client, TOM) == 303
        ticket = (await client.post("/console/ticket", headers=OWN)).json()["ticket"]
    assert await hello(served, ticket) == "desk"
    assert await hello(served, ticket) == "refused"
    assert await hello(served, "nobody's ticket") == "refused"


async def hello(home: Served, ticket: str) -> str:
    """What a hello with this ticket is answered with: a desk, or an error's code."""
    async with connect(f"ws://127.0.0.1:{home.port}/console/live") as socket:
        await socket.send(json.dumps({"t": "hello", "v": 1, "ticket": ticket}))
        frame = json.loads(await socket.recv())
        return str(frame.get("code", frame["t"]))


async def test_a_wrong_password_and_a_wrong_email_answer_alike(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.url) as client:
        wrong = await client.post(
            "/console/sign-in", data={"email": TOM.email, "password": "not this"}, headers=OWN
        )
        unknown = await client.post(
            "/console/sign-in", data={"email": "x@y.example", "password": "not this"}, headers=OWN
        )
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace(TOM.email, "") == unknown.text.replace("x@y.example", "")
    assert "set-cookie" not in wrong.headers


async def test_a_form_from_elsewhere_changes_nothing(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.url) as client:
        form = {"email": TOM.email, "password": demo.PASSWORD}
        elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
        refused = await client.post("/console/sign-in", data=form, headers=elsewhere)
        assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)
        assert await sign_in(client, TOM) == 303


async def test_nonsense_is_answered_and_the_desk_lives_on(served: Served) -> None:
    async with line_of(served, TOM) as tom:
        for nonsense in ("{", "[]", '{"t":"what"}', '{"t":"accept"}', '"' * 100, "null", "\x00"):
            await tom.socket.send(nonsense)
            assert (await tom.hears("error"))["code"] == "bad_frame"
        await tom.socket.send(b"\xff\xfe")
        assert (await tom.hears("error"))["code"] == "bad_frame"
        assert (await tom.asks("wrap", contact="x", assignment_no=1, type="poem"))["t"] == "error"
        assert (await tom.asks("duty", on=False))["t"] == "done"


async def test_a_socket_that_does_not_say_hello_first_is_closed(served: Served) -> None:
    async with connect(f"ws://127.0.0.1:{served.port}/console/live") as socket:
        await socket.send(json.dumps({"t": "beat"}))
        assert json.loads(await socket.recv())["code"] == "hello_first"
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4002


async def test_signing_out_is_going_off_duty(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.url) as client, line_of(served, TOM) as tom:
        form = {"email": TOM.email, "password": demo.PASSWORD, "duty": "on"}
        await client.post("/console/sign-in", data=form, headers=OWN)
        while not tom.now["you"]["on_duty"]:
            await tom.hears("desk")
        assert (await client.post("/console/sign-out", headers=OWN)).status_code == 303
        while tom.now["you"]["on_duty"]:
            await tom.hears("desk")
        assert (await client.get("/console")).headers["location"] == "/console/sign-in"


async def test_the_log_shows_ones_own_hub_and_nothing_else(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
    address = f"/console/contacts/{mine['contact']}"
    async with httpx2.AsyncClient(base_url=served.url) as client:
        assert await sign_in(client, TOM) == 303
        assert address in (await client.get("/console/contacts")).text
        assert (await client.get(address)).status_code == 200
    async with httpx2.AsyncClient(base_url=served.url) as client:
        assert await sign_in(client, MAYA) == 303
        assert address not in (await client.get("/console/contacts")).text
        theirs = await client.get(address)
        nobodys = await client.get(f"/console/contacts/{ids.new()}")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text == nobodys.text


# -- around the desk ---------------------------------------------------------------------------


async def test_an_offer_taken_in_one_tab_is_gone_from_the_other(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, line_of(served, TOM) as other, ella.connected():
        offer = await tom.offered()
        assert (await other.offered())["contact"] == offer["contact"]
        assert (await tom.takes(offer))["t"] == "done"
        assert (await other.desk("with_you"))["offers"] == []
        assert (await other.takes(offer))["t"] == "done", "pressed in both: it is once"


async def test_a_chat_is_handed_over_and_the_visitor_and_both_desks_see_it(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        contact, number = mine["contact"], mine["assignment_no"]
        async with at_the_desk(served, HANNAH) as hannah:
            to = hannah.now["you"]["staff"]
            while to not in [one["staff"] for one in tom.now["colleagues"]]:
                await tom.hears("desk")
            asked = await tom.asks("hand", contact=contact, assignment_no=number, staff=to)
            assert asked["t"] == "done", asked
            assert tom.now["with_you"][0]["handing_to"] == "Hannah"
            offer = await hannah.offered()
            assert (offer["giver"], offer["seconds"]) == ("Tom", 60)
            assert (await hannah.takes(offer))["t"] == "done"
            assert (await ella.hears("message"))["text"] == (
                "Hannah will take over. Hannah can read all of this. You need not say it again."
            )
            while tom.now["with_you"]:
                await tom.hears("desk")
            [theirs] = hannah.now["with_you"]
            assert (theirs["contact"], theirs["assignment_no"]) == (contact, number + 1)


async def test_a_lead_joins_a_chat_in_the_open_writes_and_leaves(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        contact, conversation = mine["contact"], mine["conversation"]
        async with line_of(served, HANNAH) as hannah, line_of(served, MAYA) as maya:
            refused = await maya.asks("join", contact=contact)
            assert (refused["t"], refused["code"]) == ("error", "not_lead")
            while contact not in [one["contact"] for one in hannah.now["floor"]]:
                await hannah.hears("desk")
            assert (await hannah.asks("join", contact=contact))["t"] == "done"
            assert (await ella.hears("message"))["text"] == "Hannah joined."
            await hannah.sends("open", re=50, conversation=conversation, cursor=None)
            await hannah.hears("welcome")
            said = str(ids.new())
            await hannah.sends("say", conversation=conversation, client_id=said, text="I am here.")
            await hannah.hears("ack")
            assert (await ella.hears("message"))["name"] == "Hannah"
            noted = str(ids.new())
            await hannah.sends("note", conversation=conversation, client_id=noted, text="Staff.")
            await hannah.hears("note")
            while not tom.now["with_you"][0]["beside"]:
                await tom.hears("desk")
            assert (await hannah.asks("part", contact=contact))["t"] == "done"
            assert (await ella.hears("message"))["text"] == "Hannah left."
            await hannah.sends("say", conversation=conversation, client_id=ids.new(), text="More.")
            assert (await hannah.hears("error"))["code"] in ("not_open", "not_yours")
    assert "Staff." not in json.dumps(ella.frames)


async def test_a_lone_advisor_pulls_and_a_lead_asks_who_and_why(served: Served) -> None:
    ella = served.visitor(crime="domestic")
    async with at_the_desk(served, TOM) as tom, line_of(served, HANNAH) as hannah:
        assert (await hannah.asks("duty", on=False))["t"] == "done"
        assert (await tom.asks("rest", reason="meal"))["t"] == "done"
        assert tom.now["you"]["resting"] is True
        async with ella.connected():
            waits = (await tom.desk("waiting"))["waiting"][0]
            told = await hannah.asks("explain", contact=waits["contact"])
            assert told["t"] == "explained", told
            assert "Tom" in [one["first"] for one in told["against"]]
            assert told["next_words"]
            refused = await tom.asks("explain", contact=waits["contact"])
            assert refused["code"] == "not_lead"
            pulled = await tom.asks("pull", contact=waits["contact"], offer_no=waits["offer_no"])
            assert pulled["t"] == "done", pulled
            assert tom.now["with_you"][0]["contact"] == waits["contact"]
            assert tom.now["you"]["resting"] is False


async def test_a_paused_queue_is_shown_to_everybody(served: Served) -> None:
    async with line_of(served, HANNAH) as hannah, line_of(served, MAYA) as maya:
        refused = await maya.asks("pause", hub="penrith", reason="staff", minutes=30)
        assert refused["code"] == "not_lead"
        paused = await hannah.asks("pause", hub="penrith", reason="staff", minutes=30)
        assert paused["t"] == "done", paused
        while not any(hub["paused"] for hub in maya.now["hubs"]):
            await maya.hears("desk")
        [shown] = [hub for hub in maya.now["hubs"] if hub["paused"]]
        assert (shown["key"], shown["paused"]) == ("penrith", "too few people, Hannah")
        assert (await hannah.asks("unpause", hub="penrith"))["t"] == "done"


async def test_a_lead_sees_the_floor_move_while_their_own_desk_stands_still(served: Served) -> None:
    ella = served.visitor()
    async with line_of(served, HANNAH) as hannah, at_the_desk(served, TOM) as tom:
        assert hannah.now["floor"] == []
        async with ella.connected():
            await tom.takes(await tom.offered())
            [mine] = tom.now["with_you"]
            while mine["contact"] not in [one["contact"] for one in hannah.now["floor"]]:
                await hannah.hears("desk")
            assert hannah.now["with_you"] == []


async def test_who_lost_a_chat_to_a_lead_hears_who_has_it(served: Served) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        contact, number = mine["contact"], mine["assignment_no"]
        async with at_the_desk(served, HANNAH) as hannah:
            took = await hannah.asks("take_over", contact=contact, assignment_no=number)
            assert took["t"] == "done", took
            assert (await tom.hears("went"))["to"] == "Hannah"
            told = await hannah.asks("explain", contact=contact)
            said = [one["words"] for one in told.get("told", [])]
            assert not any(words.startswith("You, because") for words in said), said


async def test_nobody_reads_that_the_owner_types_when_it_is_the_one_who_joined(
    served: Served,
) -> None:
    ella = served.visitor()
    async with at_the_desk(served, TOM) as tom, ella.connected():
        await tom.takes(await tom.offered())
        [mine] = tom.now["with_you"]
        contact, conversation = mine["contact"], mine["conversation"]
        await tom.sends("open", re=1, conversation=conversation, cursor=None)
        await tom.hears("welcome")
        async with line_of(served, HANNAH) as hannah:
            assert (await hannah.asks("join", contact=contact))["t"] == "done"
            await hannah.sends("open", re=2, conversation=conversation, cursor=None)
            await hannah.hears("welcome")
            await hannah.sends("typing", conversation=conversation, on=True)
            said = str(ids.new())
            await hannah.sends("say", conversation=conversation, client_id=said, text="Hello.")
            await ella.hears("message", text="Hello.")
            assert [one for one in ella.frames if one["t"] == "typing"] == []
            await tom.sends("typing", conversation=conversation, on=True)
            assert (await ella.hears("typing"))["name"] == "Tom"
