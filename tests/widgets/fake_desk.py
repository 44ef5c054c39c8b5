"""A desk that plays its part: the console's own pages and socket, with a scripted night behind.

It speaks the real frames and stands behind the real guards, so a state can be looked at without
arranging a night for it. `Night` is what the server would know; a test changes it and calls `tell`.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from msgspec import Struct
from msgspec.structs import replace as changed
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from app import ids
from app.auth.policy import Actor, Role
from app.cases.access import Filters, Page
from app.cases.model import Channel, Contact, Kind, Message, Need, Note, State
from app.definition.model import Crime, Hub, Line, Rung, Service, Site
from app.errors import Down, Missing, Refused
from app.guards import SameOrigin, SurfaceHeaders
from chat import frames as chat
from telephony.softphone import Pass
from tests.widgets.fake_call import CALLER, HELPERS, OWN, phoned
from tests.widgets.fake_call import MAYA as MAYA_TALKS
from widgets.console import asking, frames, pages, phoning, softphone, web, wishing

WIDGETS = Path(web.__file__).parents[1]
EPOCH = "e1"
PASSWORD = "a long enough password"
EMAIL = "maya.okafor@cumbria.example"
TOKEN = "maya's session"

MAYA = Actor("maya", "Maya", "Maya Okafor", Role.SUPERVISOR, "cumbria", "central")
CUMBRIA = Service(
    key="cumbria",
    name="Cumbria",
    force="Cumbria",
    hubs=(Hub("central", "Central hub", central=True), Hub("kendal", "Kendal"),
          Hub("penrith", "Penrith"), Hub("barrow", "Barrow"), Hub("carlisle", "Carlisle")),
    lines=(Line("supportline", "+448081570142", "08081 570 142", ("voice", "sms"),
                ("+441632960201", "+441632960202")),),
    sites=(Site("charity", "Lakes Victim Support", ("https://lakes.example",), "supportline"),),
    ladder=(Rung("home", 60), Rung("central", 60), Rung("numbers")),
    crimes=(Crime("domestic", "Someone close", "Someone close to me"),
            Crime("stalking", "Stalking", "Being followed"), Crime("hate", "Hate crime", "Hate"),
            Crime("theft", "Burglary or theft", "Something was taken")),
)  # fmt: skip


def ago(**spans: float) -> datetime:
    return datetime.now(UTC) - timedelta(**spans)


def ahead(**spans: float) -> datetime:
    return datetime.now(UTC) + timedelta(**spans)


@dataclass
class Night:
    """What the server knows. Lists are changed in place by tests and by the advisor's frames."""

    you: frames.You
    offers: list[frames.OfferFacts] = field(default_factory=list)
    with_you: list[frames.WithYou] = field(default_factory=list)
    waiting: list[frames.WaitingFacts] = field(default_factory=list)
    last_contact_at: datetime | None = None
    colleagues: list[frames.ColleagueFacts] = field(default_factory=list)
    hubs: list[frames.HubFacts] = field(default_factory=list)
    floor: list[frames.HeldFacts] = field(default_factory=list)
    promises: tuple[int, int] = (0, 0)
    notices: int = 0
    helpers: phoning.Helpers = HELPERS
    token: str = "a token"
    """What a browser is given to be rung by; "" where only a rehearsal is the carrier."""
    lines: dict[str, list[chat.Message]] = field(default_factory=dict)
    notes: dict[str, list[frames.Note]] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    accepts: dict[str, frames.WithYou] = field(default_factory=dict)
    """What an offer becomes once it is accepted."""
    refusals: list[chat.Error] = field(default_factory=list)
    """The next asks or words are refused so, one each."""
    hold_acks: bool = False
    sign_ins: list[tuple[str, str]] = field(default_factory=list)
    signed_in: bool = True
    reachable: bool = True

    def desk(self) -> frames.Desk:
        return frames.Desk(
            now=datetime.now(UTC),
            service=frames.ServiceFacts(
                "cumbria", "Cumbria", "08081 570 142",
                crimes=tuple(frames.Crime(one.key, one.label) for one in CUMBRIA.crimes),
            ),
            you=self.you,
            offers=tuple(self.offers),
            with_you=tuple(self.with_you),
            waiting=tuple(self.waiting),
            last_contact_at=self.last_contact_at,
            colleagues=tuple(self.colleagues),
            hubs=tuple(self.hubs),
            floor=tuple(self.floor),
            promises=self.promises[0],
            promises_late=self.promises[1],
            notices=self.notices,
            helpers=self.helpers,
        )  # fmt: skip


class FakeDesk:
    """The server's side. `heard` is every frame the console sent."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.heard: list[asking.Asking] = []
        self.sockets: set[WebSocket] = set()
        self.url = ""
        self.signed_out = False
        self.passes = 0

    # -- the socket ------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The socket's ASGI face, as ConsoleSocket has it."""
        await self.live(WebSocket(scope, receive, send))

    async def live(self, ws: WebSocket) -> None:
        if not self.night.reachable:
            await ws.close(1013)
            return
        await ws.accept()
        self.sockets.add(ws)
        try:
            while True:
                frame = asking.parse(await ws.receive_text())
                assert not isinstance(frame, chat.Problem), frame
                self.heard.append(frame)
                await self.answer(ws, frame)
        except WebSocketDisconnect:
            pass
        finally:
            self.sockets.discard(ws)

    async def answer(self, ws: WebSocket, frame: asking.Asking) -> None:
        night = self.night
        re = getattr(frame, "re", None)
        client_id = getattr(frame, "client_id", None)
        asked = client_id is not None or (re is not None and not isinstance(frame, asking.Open))
        if night.refusals and asked:
            refusal = night.refusals.pop(0)
            await self.send(ws, changed(refusal, re=re, client_id=client_id))
            return
        match frame:
            case asking.Hello():
                await self.send(ws, night.desk())
            case asking.Open():
                await self.opened(ws, frame)
            case chat.Say() if not night.hold_acks:
                line = self.line(frame.conversation, frame.text, "you", client_id=frame.client_id)
                ack = chat.Ack(frame.conversation, frame.client_id, EPOCH, line.seq, line.at)
                await self.send(ws, ack)
            case asking.Keep():
                await self.send(ws, self.note(frame.conversation, frame.text, frame.client_id))
            case asking.Duty():
                state = "available" if frame.on else "offline"
                night.you = changed(night.you, on_duty=frame.on, state=state)
                await self.done(ws, frame.re)
            case asking.Accept():
                night.offers = [one for one in night.offers if one.contact != frame.contact]
                night.waiting = [one for one in night.waiting if one.contact != frame.contact]
                night.with_you.append(night.accepts[frame.contact])
                await self.done(ws, frame.re)
            case asking.Decline():
                night.offers = [one for one in night.offers if one.contact != frame.contact]
                await self.done(ws, frame.re)
            case asking.Explain():
                await self.send(ws, explained(frame))
                await self.done(ws, frame.re)
            case wishing.Needs():
                await self.send(ws, needed(frame))
                await self.done(ws, frame.re)
            case wishing.Apart():
                night.offers = [one for one in night.offers if one.contact != frame.contact]
                night.with_you = [one for one in night.with_you if one.contact != frame.contact]
                await self.done(ws, frame.re)
            case wishing.Wish() | wishing.ApartHub() | wishing.Together():
                await self.done(ws, frame.re)
            case (
                asking.Pull() | asking.Rest() | asking.Back() | asking.Hand() | asking.HoldOn()
                | asking.Join() | asking.Part() | asking.TakeOver() | asking.Move()
                | asking.Pause() | asking.Unpause() | asking.Away()
            ):  # fmt: skip
                acted(night, frame)
                await self.done(ws, frame.re)
            case phoning.Device():
                if night.you.phone.ready != frame.ready:
                    night.you = changed(
                        night.you, phone=changed(night.you.phone, ready=frame.ready)
                    )
                    await self.send(ws, night.desk())
            case (
                phoning.Hold() | phoning.Mute() | phoning.AddParty() | phoning.DropParty()
                | phoning.Transfer() | phoning.Listen() | phoning.ChangeLeg()
                | phoning.SilentKeys() | phoning.SilentAnswer() | phoning.EndCall() | phoning.Leg()
            ):  # fmt: skip
                phoned(night, frame)
                await self.done(ws, frame.re)
            case asking.End():
                night.with_you = [
                    changed(one, state="wrapping", visitor="ended", call=None)
                    if one.contact == frame.contact
                    else one
                    for one in night.with_you
                ]
                await self.done(ws, frame.re)
            case asking.Wrap():
                night.with_you = [one for one in night.with_you if one.contact != frame.contact]
                night.last_contact_at = datetime.now(UTC)
                await self.done(ws, frame.re)
            case _:
                pass

    async def opened(self, ws: WebSocket, frame: asking.Open) -> None:
        lines = self.night.lines.get(frame.conversation, [])
        seen = frame.cursor.seq if frame.cursor else 0
        welcome = chat.Welcome(1, frame.conversation, "", EPOCH, len(lines), False)
        await self.send(ws, welcome)
        for line in lines[seen:]:
            await self.send(ws, line)
        for note in self.night.notes.get(frame.conversation, [])[frame.notes :]:
            await self.send(ws, note)

    async def done(self, ws: WebSocket, re: int) -> None:
        await self.send(ws, self.night.desk())
        await self.send(ws, frames.Done(re))

    async def send(self, ws: WebSocket, frame: Struct) -> None:
        await ws.send_text(msgspec.json.encode(frame).decode())

    async def tell(self, *told: Struct) -> None:
        """To every open desk: these frames, or how things stand."""
        for ws in list(self.sockets):
            for frame in told or (self.night.desk(),):
                await self.send(ws, frame)

    async def drop(self) -> None:
        """The line goes, and stays gone until `night.reachable`."""
        self.night.reachable = False
        for ws in list(self.sockets):
            await ws.close(1001)

    def line(
        self,
        conversation: str,
        text: str,
        sender: str = "visitor",
        *,
        at: datetime | None = None,
        name: str | None = None,
        client_id: str | None = None,
    ) -> chat.Message:
        lines = self.night.lines.setdefault(conversation, [])
        line = chat.Message(
            conversation=conversation, epoch=EPOCH, seq=len(lines) + 1, sender=sender, text=text,
            at=(at or datetime.now(UTC)).isoformat(), name=name, client_id=client_id,
        )  # fmt: skip
        lines.append(line)
        return line

    def note(
        self, conversation: str, text: str, client_id: str | None = None, at: datetime | None = None
    ) -> frames.Note:
        notes = self.night.notes.setdefault(conversation, [])
        after = len(self.night.lines.get(conversation, []))
        note = frames.Note(
            conversation, len(notes) + 1, after, "Maya", text, at or datetime.now(UTC), client_id
        )
        notes.append(note)
        return note

    # -- the pages -------------------------------------------------------------------------------

    async def sign_in(self, email: str, password: str, address: str) -> str:
        if (email, password) != (EMAIL, PASSWORD):
            raise Refused("That did not match.")
        self.night.signed_in = True
        return TOKEN

    async def sign_out(self, token: str) -> None:
        self.night.signed_in = False

    async def actor(self, token: str) -> Actor | None:
        return MAYA if token == TOKEN and self.night.signed_in else None

    async def ticket(self, token: str) -> str:
        if not self.night.reachable:
            raise Down("The desk is away.")
        return ids.token()

    async def go_on_duty(self, actor: Actor) -> None:
        self.night.you = changed(self.night.you, on_duty=True, state="available")

    async def log(self, actor: Actor, filters: Filters, offset: int) -> web.Log:
        found = [
            one
            for one in self.night.contacts
            if filters.channel in ("", one.channel) and filters.how_ended in ("", one.how_ended)
        ]
        page = Page(tuple(found), len(found), older=False)
        return web.Log(page, {one.id: "Maya Okafor" for one in found if one.answered_at})

    async def contact(self, actor: Actor, contact_id: str) -> web.Whole:
        for one in self.night.contacts:
            if one.id == contact_id:
                return self.whole(one)
        raise Missing

    def whole(self, contact: Contact) -> web.Whole:
        at = contact.arrived_at
        conversation = contact.conversation or ""
        lines: Sequence[Message] = [
            Message(line.seq, {"you": "staff:maya", "line": "system"}.get(line.sender, line.sender),
                    Kind.SAID, line.text, datetime.fromisoformat(line.at), bytes(16))
            for line in self.night.lines.get(conversation, [])
        ]  # fmt: skip
        notes = [
            Note(note.number, note.after_seq, "maya", note.text, note.at, bytes(16))
            for note in self.night.notes.get(conversation, [])
        ]
        offers = [
            pages.Offered(at + timedelta(seconds=20), "Tom Birkett", "You, because: you are free "
                          "and idle longest (9 min).", "lapsed"),
            pages.Offered(at + timedelta(seconds=41), "Maya Okafor", "You, because: nobody at "
                          "Kendal is on duty; you are the only one free.", "accepted"),
        ]  # fmt: skip
        return web.Whole(contact, lines, notes, offers, {"maya": "Maya Okafor"}, "Maya Okafor")

    async def browser_pass(self, actor: Actor) -> Pass:
        if not self.night.you.on_duty:
            raise Refused("The browser phone works while you are on duty.")
        self.passes += 1
        return Pass(f"u_{actor.staff}", self.night.token, 600)

    def app(self) -> Starlette:
        doors = web.Doors(
            sign_in=self.sign_in, sign_out=self.sign_out, actor=self.actor, ticket=self.ticket,
            go_on_duty=self.go_on_duty, service=lambda key: CUMBRIA, log=self.log,
            contact=self.contact, now=lambda: datetime.now(UTC),
            demo_sign_ins=self.night.sign_ins,
            desk_allows=softphone.headers(account=True),
        )  # fmt: skip
        return Starlette(
            routes=[
                *softphone.routes(web.Console(doors, secure=False), self.browser_pass),
                *web.routes(doors, self, secure=False),
                Mount("/ui", StaticFiles(directory=WIDGETS / "ui")),
                Mount("/vendor", StaticFiles(directory=WIDGETS / "vendor")),
            ],
            middleware=[Middleware(SurfaceHeaders), Middleware(SameOrigin, own=(self.url,))],
        )


class Announced(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@asynccontextmanager
async def served(night: Night) -> AsyncIterator[FakeDesk]:
    """The fake desk on a free port of this machine."""
    desk = FakeDesk(night)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    desk.url = f"http://localhost:{listening.getsockname()[1]}"
    config = uvicorn.Config(desk.app(), log_level="warning", ws="websockets-sansio", lifespan="off")
    server = Announced(config)
    serving = asyncio.create_task(server.serve([listening]))
    await server.listens.wait()
    try:
        yield desk
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving
        listening.close()


def acted(night: Night, frame: asking.Asking) -> None:
    """What an act changes in a night, as the rooms would change it."""
    match frame:
        case asking.Pull():
            night.waiting = [one for one in night.waiting if one.contact != frame.contact]
            night.with_you.append(pulled(frame.contact))
        case asking.Rest():
            night.you = changed(night.you, state="break", resting=True)
        case asking.Back():
            night.you = changed(night.you, state="available", resting=False, checking=False)
        case asking.Hand(staff=""):
            night.with_you = [one for one in night.with_you if one.contact != frame.contact]
        case asking.Hand():
            first = next(one.first for one in night.colleagues if one.staff == frame.staff)
            until = ahead(seconds=60)
            _with(night, frame.contact, handing_to=first, handing_until=until)
        case asking.HoldOn():
            _with(night, frame.contact, handing_to="", handing_until=None)
        case asking.Join() | asking.TakeOver():
            held = next(one for one in night.floor if one.contact == frame.contact)
            owner = held.owner if isinstance(frame, asking.Join) else ""
            night.floor = [one for one in night.floor if one is not held]
            night.with_you.append(pulled(held.contact, owner=owner))
        case asking.Part():
            night.with_you = [one for one in night.with_you if one.contact != frame.contact]
        case asking.Move():
            name = next(hub.name for hub in night.hubs if hub.key == frame.hub)
            night.waiting = [
                changed(one, hub_name=name) if one.contact == frame.contact else one
                for one in night.waiting
            ]
        case asking.Pause():
            until = ahead(minutes=frame.minutes)
            _hub(night, frame.hub, paused="too few people, Maya", paused_until=until)
        case asking.Unpause():
            _hub(night, frame.hub, paused="", paused_until=None)
        case asking.Away():
            night.colleagues = [
                changed(one, away=frame.away, free=0, words="Maya set you away.")
                if one.staff == frame.staff
                else one
                for one in night.colleagues
            ]
        case _:
            pass


def _with(night: Night, contact: str, **changes: Any) -> None:
    night.with_you = [
        changed(one, **changes) if one.contact == contact else one for one in night.with_you
    ]


def _hub(night: Night, key: str, **changes: Any) -> None:
    night.hubs = [changed(one, **changes) if one.key == key else one for one in night.hubs]


def needed(frame: wishing.Needs) -> wishing.Needed:
    """What is kept of somebody's need, with Kendal kept away from them."""
    choice = wishing.Choice
    return wishing.Needed(
        frame.re, frame.contact, crime="domestic", age="adult", language="pl", gender="woman",
        urgency="", interpreter=True, lead="tom",
        crimes=tuple(choice(one.key, one.label) for one in CUMBRIA.crimes),
        languages=(choice("en", "English"), choice("pl", "Polish"), choice("ur", "Urdu")),
        people=(choice("aisha", "Aisha Khan, Carlisle"), choice("tom", "Tom Birkett, Central hub")),
        apart=(wishing.KeptApart("k1", "Kendal", "Hannah", ago(minutes=4)),),
        leads=True,
    )  # fmt: skip


def explained(frame: asking.Explain) -> frames.Explained:
    return frames.Explained(
        frame.re, frame.contact, "Rung 2 of 3. Then the next.", ahead(seconds=40),
        (frames.Told(ago(minutes=4), "Penrith is asked first."),
         frames.Told(ago(minutes=3), "Nobody took it at Penrith in time. Carlisle is asked too.")),
        (frames.Asked("Tom", ago(minutes=4), "went by unanswered"),),
        (frames.Against("Aisha", "Kendal", ("2 of 2 places used.",)),
         frames.Against("Marek", "Barrow", ("On a break.", "Does not speak the language."))),
    )  # fmt: skip


# -- nights ------------------------------------------------------------------------------------


def because(*said: str, no: Sequence[str] = ()) -> tuple[frames.Because, ...]:
    good = tuple(frames.Because(True, one) for one in said)
    return good + tuple(frames.Because(False, one) for one in no)


def maya(**changes: Any) -> frames.You:
    you = frames.You(
        staff="maya", name="Maya Okafor", first="Maya", hub="central", hub_name="central hub",
        role="supervisor", on_duty=True, state="available",
        because=because("On duty since 19:00", "Signed in here", "Seen just now",
                        "1 of 2 places used"),
        load=1, capacity=2, phone=OWN,
    )  # fmt: skip
    return changed(you, **changes)


def offered(**changes: Any) -> frames.OfferFacts:
    offer = frames.OfferFacts(
        contact="penrith", offer_no=1, channel="chat", hub_name="Penrith",
        need_words="Someone close. Adult, English.", waited_from=ago(minutes=4, seconds=12),
        until=ahead(seconds=18),
        reason="You, because: Penrith is full; you are free and idle longest (14 min).",
    )  # fmt: skip
    return changed(offer, **changes)


def with_you(**changes: Any) -> frames.WithYou:
    one = frames.WithYou(
        contact="hannah", assignment_no=1, conversation="c-hannah", channel="chat",
        state="active", label="Hannah", since=ago(minutes=41),
        need=frames.NeedFacts(crime="Stalking", age="Adult", language="English", area="Kendal"),
        need_words="Stalking, adult", area_found="Outward code, LA9", hub_name="Kendal",
        visitor="here",
        asked=(frames.Asked("Tom", ago(minutes=42), "went by after 20 s"),
               frames.Asked("You", ago(minutes=41), "accepted")),
    )  # fmt: skip
    return changed(one, **changes)


def pulled(contact: str, **changes: Any) -> frames.WithYou:
    """Somebody who came another way than by an offer."""
    return with_you(
        contact=contact, conversation=f"c-{contact}", label="Visitor from Barrow", asked=(),
        since=ago(seconds=5), hub_name="Barrow", need_words="Polish, adult",
        need=frames.NeedFacts(language="Polish", age="Adult"), **changes,
    )  # fmt: skip


def hubs() -> list[frames.HubFacts]:
    return [frames.HubFacts(hub.key, hub.name, hub.central, lead=True) for hub in CUMBRIA.hubs]


def colleagues() -> list[frames.ColleagueFacts]:
    return [
        frames.ColleagueFacts("tom", "Tom", "Penrith", "available", "2 places free", 2, lead=True),
        frames.ColleagueFacts("aisha", "Aisha", "Kendal", "busy", "2 of 2 places used", 0,
                              lead=True),
        frames.ColleagueFacts("marek", "Marek", "Barrow", "break", "On a break: a meal", 0,
                              lead=True),
    ]  # fmt: skip


def led_night() -> Night:
    """The same night as its supervisor sees it."""
    night = busy_night()
    night.offers = []
    night.you = changed(night.you, lead=True)
    night.waiting = [changed(one, lead=True) for one in night.waiting]
    night.floor = [
        frames.HeldFacts("dawn", 1, "chat", "Kendal", "Stalking, adult", "Aisha",
                         ago(minutes=26), "here"),
        frames.HeldFacts("ray", 2, "voice", "Barrow", "", "Marek", ago(minutes=3), "here"),
        frames.HeldFacts("jo", 1, "chat", "Carlisle", "Under 18", "Tom", ago(minutes=9),
                         "lost signal"),
    ]  # fmt: skip
    night.promises = (3, 1)
    night.notices = 2
    return night


def texter(**changes: Any) -> frames.WithYou:
    return with_you(
        **{
            "contact": "dean", "conversation": "c-dean", "channel": "sms", "label": "Dean",
            "since": ago(minutes=14), "need": frames.NeedFacts(), "need_words": "Not asked yet",
            "area_found": "The line texted", "hub_name": "Central hub", "asked": (),
            "number": "07700 900 ••1",
            "reply": frames.Reply(True, "They wrote within 30 minutes.", ahead(minutes=28)),
        }
        | changes
    )  # fmt: skip


def caller(state: str = "talking", **changes: Any) -> frames.WithYou:
    return with_you(
        **{
            "contact": "caller", "conversation": None, "channel": "voice", "label": "Caller",
            "since": ago(minutes=6, seconds=24), "need": frames.NeedFacts(),
            "need_words": "Not asked yet", "area_found": "The line called",
            "hub_name": "Barrow", "asked": (), "number": "07700 900 ••1, not verified",
            "call": phoning.CallFacts(
                state, ago(minutes=6, seconds=24), legs=(CALLER, MAYA_TALKS)
            ),
        }
        | changes
    )  # fmt: skip


def waiting() -> list[frames.WaitingFacts]:
    def one(contact: str, **changes: Any) -> frames.WaitingFacts:
        base = frames.WaitingFacts(contact, "chat", "Penrith", "", ago(seconds=65), "", "")
        return changed(base, **changes)

    return [
        one("barrow", channel="voice", hub_name="Barrow", need_words="Polish, adult",
            since=ago(minutes=6, seconds=40), rung_words="Central rung",
            next_words="ringing Marek", late=True),
        one("penrith", need_words="Someone close, adult", since=ago(minutes=4, seconds=12),
            rung_words="Rung 2 of 3", next_words="", offered_to="Maya"),
        one("nowhere", hub_name="Rather not say", need_words="Under 18",
            rung_words="Rung 1 of 3", next_at=ahead(seconds=40)),
        one("workington", channel="sms", hub_name="Workington", need_words="Hate crime",
            since=ago(seconds=20), rung_words="Rung 1 of 3", next_at=ahead(seconds=85)),
    ]  # fmt: skip


def quiet_night() -> Night:
    return Night(
        maya(load=0, because=because("On duty since 19:00", "Signed in here", "Seen just now",
                                     "0 of 2 places used")),
        last_contact_at=ago(minutes=28), hubs=hubs(), colleagues=colleagues(),
    )  # fmt: skip


def busy_night() -> Night:
    """Hannah is here, Dean writes by text, one left quickly, one rings at the door."""
    gone = with_you(
        contact="gone", conversation="c-gone", label="No name given", state="wrapping",
        visitor="left quickly", since=ago(seconds=42), need=frames.NeedFacts(),
        need_words="Not asked yet", hub_name="Central hub", area_found="Rather not say", asked=(),
    )  # fmt: skip
    night = Night(
        maya(), offers=[offered()], with_you=[with_you(), texter(), gone], waiting=waiting(),
        hubs=hubs(), colleagues=colleagues(),
        accepts={"penrith": with_you(
            contact="penrith", conversation="c-penrith", label="Visitor from Penrith",
            since=ago(seconds=1), hub_name="Penrith", asked=(),
            need=frames.NeedFacts(crime="Someone close", age="Adult", language="English"),
        )},
    )  # fmt: skip
    desk = FakeDesk(night)
    hannah = "c-hannah"
    desk.line(hannah, "Hannah has come by chat. Stalking, adult.", "line", at=ago(minutes=42))
    desk.line(hannah, "its hannah from last week. he was outside again", at=ago(minutes=41))
    desk.line(hannah, "Hello Hannah, I'm Maya. Is it safe for you to write just now?", "you",
              at=ago(minutes=40), name="Maya")  # fmt: skip
    desk.line(hannah, "yes. kids asleep, doors locked", at=ago(minutes=39))
    desk.note(hannah, "Back door: he still had a key on 14 Nov. Ask about the lock first.",
              at=ago(minutes=37))  # fmt: skip
    desk.line(hannah, "Was the lock on the back door changed?", "you", at=ago(minutes=36),
              name="Maya")  # fmt: skip
    desk.line(
        hannah,
        "no council said 10 days. he posted a note through. says he knows where mum lives",
        at=ago(minutes=2),
    )
    desk.line("c-dean", "are you there on sundays", at=ago(minutes=14))
    desk.line("c-dean", "Yes, day and night. How are you tonight?", "you", at=ago(minutes=12),
              name="Maya")  # fmt: skip
    desk.line("c-dean", "ok thanks will ring tomoro", at=ago(minutes=2))
    desk.line("c-gone", "hi", at=ago(minutes=1))
    desk.line("c-penrith", "hello is someone there", at=ago(minutes=4))
    night.contacts = log()
    return night


def log() -> list[Contact]:
    """A night's contacts, one of each ending that this console tells apart."""
    nobody = Contact(
        id="0", service="cumbria", hub="kendal", channel=Channel.CHAT, line="", site="charity",
        state=State.CLOSED, owner=None, offer_no=1, assignment_no=1, need=Need(),
        area_found="exact", arrived_at=ago(minutes=4), queued_at=ago(minutes=4), offered_at=None,
        answered_at=None, ended_at=None, closed_at=None, how_ended="", type="", outcome="",
        speaking="", about="", new_or_repeat="", source="", reported="", equality="",
        safe_contact_asked="", lot="", onward="", abusive=False, silent=False, case=None,
        conversation=None, visitor="here", visitor_seen_at=None,
    )  # fmt: skip

    def one(id_: str, minutes: float, **changes: Any) -> Contact:
        at = ago(minutes=minutes)
        answered = changes.pop("answered", 0.4)
        lasted = changes.pop("lasted", None)
        times: dict[str, Any] = {"arrived_at": at, "queued_at": at}
        if answered is not None:
            times["answered_at"] = at + timedelta(minutes=answered)
            if lasted is not None:
                times["ended_at"] = times["answered_at"] + timedelta(minutes=lasted)
        return replace(nobody, id=id_, **times, **changes)

    adult = Need("domestic", "adult")
    return [
        one("waits", 4.2, answered=None, state=State.OFFERED, hub="penrith", need=adult),
        one("call", 7, answered=0.2, state=State.ACTIVE, hub="barrow", channel=Channel.VOICE,
            line="supportline", site="", area_found="line"),
        one("text", 15, answered=1.3, state=State.ACTIVE, hub="carlisle", channel=Channel.SMS,
            need=Need("hate", "adult")),
        one("exit", 30, lasted=11, hub="central", how_ended="quick_exit", area_found="not said"),
        one("hannah", 42, state=State.ACTIVE, need=Need("stalking", "adult", area="South Lakeland"),
            conversation="c-hannah", owner="maya"),
        one("done", 75, answered=0.15, lasted=22, hub="carlisle", channel=Channel.VOICE,
            how_ended="advisor_ended", type="support", outcome="support_given",
            need=Need("theft", "adult")),
        one("hung", 112, answered=None, hub="barrow", channel=Channel.VOICE,
            how_ended="hung_up_waiting", need=Need("", "adult", "pl")),
        one("lost", 151, lasted=6, how_ended="lost_signal", hub="penrith"),
        one("number", 190, answered=None, how_ended="number_given", hub="barrow"),
        one("wrong", 212, answered=0.3, lasted=1, channel=Channel.VOICE, how_ended="advisor_ended",
            type="wrong_number", hub="central"),
    ]  # fmt: skip
