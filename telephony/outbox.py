"""What the line asks of the carrier, after the commit and under a lease.

A row is claimed, sent, settled. An outcome that nobody knows is looked up before it is repeated:
a second ring or a second text would be heard or seen. What has become pointless is not sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from app import ids
from app.bus import Hint
from app.cases.safe_contact import Refusal
from app.cases.transcript import Transcript
from app.db import Work
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from telephony import acts, parties, rooms, softphone, text_out, texting
from telephony.acts import Happening, House
from telephony.advisor_leg import RING_SECONDS
from telephony.carrier import OPTED_OUT, Busy, Carrier, Denied, Done, Gone, Outcome, Unclear
from telephony.events import FINAL, AdvisorStatus, CallerGone, PartyStatus
from telephony.states import Bridging, Ended, Ringing
from telephony.tables import legs, outbox
from telephony.text_out import Outgoing
from telephony.texts import VALID_MINUTES
from telephony.twiml import Addresses
from telephony.verbs import Step

LOOK = 1.0
LEASE = timedelta(seconds=20)
AT_ONCE = 20
MOST_TRIES = 8
BEFORE_LOOKING = 2.0
"""Seconds until we look what became of a request whose answer was lost."""


@dataclass(frozen=True)
class Ring:
    to: str
    from_: str
    url: str
    status_url: str
    digits: str = ""


@dataclass(frozen=True)
class Move:
    call: str
    url: str


@dataclass(frozen=True)
class Drop:
    """`url` is None while the phone still rings: there is nobody to speak to."""

    sid: str
    url: str | None


@dataclass(frozen=True)
class Several:
    """Requests about one room, which may be asked again: they look before they change."""

    request: rooms.Request


@dataclass(frozen=True)
class Text:
    out: Outgoing
    status_url: str


@dataclass(frozen=True)
class Errand:
    id: str
    what: Ring | Move | Drop | Several | Text
    tries: int
    since: datetime


Claimed: TypeAlias = Errand | None


class Outbox:
    def __init__(
        self,
        ground: Ground,
        carrier: Carrier,
        transcript: Transcript,
        house: Callable[[], House],
    ) -> None:
        self._ground = ground
        self._carrier = carrier
        self._transcript = transcript
        self._house = house
        self._due = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for name, run in (("outbox-listen", self._listen()), ("outbox-send", self._run())):
            task = asyncio.create_task(run, name=name)
            self._tasks.add(task)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def pass_once(self) -> int:
        """Sends all that is due, each under its own lease. Returns how many were claimed."""
        due = await self._ground.db.read(due_rows, AT_ONCE)
        done = await asyncio.gather(*(self._errand(id_) for id_ in due), return_exceptions=True)
        for id_, outcome in zip(due, done, strict=True):
            if isinstance(outcome, BaseException):
                log.error("outbox.failed", row=id_, error=type(outcome).__name__)
        return sum(1 for outcome in done if outcome is True)

    async def _errand(self, id_: str) -> bool:
        db, house = self._ground.db, self._house()
        errand = await db.write(claim, house, self._transcript, id_)
        if errand is None:
            return False
        outcome = await self._send(errand)
        wait = _pause(errand.tries, outcome, random.random())
        await db.write(settle, house, self._transcript, errand, outcome, wait)
        return True

    async def _send(self, errand: Errand) -> Outcome:
        """A first try sends. A later one looks first whether an earlier one got through."""
        carrier, again = self._carrier, errand.tries > 1
        match errand.what:
            case Ring(to, from_, url, status_url, digits):
                if again:
                    found = await carrier.ringing(to, from_, errand.since)
                    if not isinstance(found, Gone):
                        return found
                return await carrier.ring(to, from_, url, status_url, RING_SECONDS, digits)
            case Move(call, url):
                return await carrier.move(call, url)
            case Drop(sid, url):
                return await (carrier.end(sid) if url is None else carrier.move(sid, url))
            case Several(request):
                return await carrier.ask(request)
            case Text(out, status_url):
                if again:
                    found = await carrier.texted(
                        out.to, out.from_, out.body, errand.since, out.known
                    )
                    if not isinstance(found, Gone):
                        return found
                now = self._ground.clock.now()
                return await carrier.text(
                    out.permit, out.to, out.from_, out.body, status_url, VALID_MINUTES, now
                )

    async def _listen(self) -> None:
        async with self._ground.bus.subscribe(("outbox", None)) as hints:
            async for _ in hints:
                self._due.set()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._due.wait()
            self._due.clear()
            try:
                await self.pass_once()
            except FrontdoorError as problem:
                log.warning("outbox.failed", code=problem.code)
            except Exception:
                log.exception("outbox.failed")


def due_rows(work: Work, most: int) -> list[str]:
    rows = work.run(
        sa.select(outbox.c.id)
        .where(outbox.c.state == "due", outbox.c.due_at <= work.now, _free(work))
        .order_by(outbox.c.due_at)
        .limit(most)
    )
    return [row.id for row in rows]


def claim(work: Work, house: House, transcript: Transcript, id_: str) -> Claimed:
    """Lease one row, and say what to send for it; None when somebody else has it, or it is moot."""
    taken = work.run(
        outbox.update()
        .where(
            outbox.c.id == id_, outbox.c.state == "due", outbox.c.due_at <= work.now, _free(work)
        )
        .values(lease_until=work.now + LEASE, tries=outbox.c.tries + 1)
    )
    if taken.rowcount != 1:
        return None
    row = work.run(sa.select(outbox).where(outbox.c.id == id_)).one()
    what = _what(work, house, transcript, row)
    if what is None:
        return None
    return Errand(id_, what, row.tries, row.made_at)


def settle(
    work: Work,
    house: House,
    transcript: Transcript,
    errand: Errand,
    outcome: Outcome,
    wait: float,
) -> None:
    """What the carrier said becomes rows, and news for the flow where it is some."""
    row = work.run(sa.select(outbox).where(outbox.c.id == errand.id)).one()
    if row.state != "due":
        return
    told = type(outcome).__name__.lower()
    log.info("outbox.sent", kind=row.kind, outcome=told, tries=errand.tries)
    if isinstance(outcome, Busy | Unclear) and errand.tries < MOST_TRIES:
        due_at = work.now + timedelta(seconds=wait)
        _mark(work, row.id, "due", told, due_at=due_at, lease_until=None)
        return
    match outcome:
        case Done(sid):
            _mark(work, row.id, "done", told)
            _done(work, row, sid)
            if row.kind == "text":
                _next_text(work, row)
        case Gone():
            _mark(work, row.id, "moot", told)
            _lost(work, house, transcript, row, CallerGone() if row.kind == "move" else None, "")
        case Denied(code):
            _mark(work, row.id, "refused", f"{told} {code}")
            if row.kind == "text" and code == OPTED_OUT:
                text_out.opted_out(work, row.text)
            _lost(work, house, transcript, row, None, str(code))
        case Busy() | Unclear():
            _mark(work, row.id, "refused", f"{told} too often")
            _lost(work, house, transcript, row, None, told)


# -- within --------------------------------------------------------------------------------


def _free(work: Work) -> sa.ColumnElement[bool]:
    return sa.or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= work.now)


def _mark(work: Work, id_: str, state: str, outcome: str, **more: Any) -> None:
    work.run(outbox.update().where(outbox.c.id == id_).values(state=state, outcome=outcome, **more))


def _pause(tries: int, outcome: Outcome, luck: float) -> float:
    """Longer with each try, and never in step with the other processes."""
    if isinstance(outcome, Unclear):
        return BEFORE_LOOKING
    return float(min(30.0, 0.5 * 2**tries) * (0.5 + luck))


def _what(
    work: Work, house: House, transcript: Transcript, row: Any
) -> Ring | Move | Drop | Several | Text | None:
    match row.kind:
        case "ring":
            return _ring(work, house, transcript, row)
        case "move":
            return _move(work, house, row)
        case "drop":
            return _drop(work, house, row)
        case "party":
            return _party(work, house, row)
        case "part" | "unleg":
            return _part(work, house, row)
        case "room":
            return _room(work, house, row)
        case _:
            return _text(work, house, transcript, row)


def _ring(work: Work, house: House, transcript: Transcript, row: Any) -> Ring | None:
    state = acts.state_of(work, row.call)
    line = acts.line_of(work, house, row.call)
    if not isinstance(state, Ringing) or state.assignment != row.assignment or line is None:
        _mark(work, row.id, "moot", "not ringing any more")
        return None
    phone = softphone.address(work, house.keyring, row.staff)
    if phone is None:
        _mark(work, row.id, "refused", "no phone")
        _lost(work, house, transcript, row, None, "no phone")
        return None
    work.run(
        legs.update()
        .where(legs.c.call == row.call, legs.c.assignment == row.assignment)
        .values(by="browser" if phone.startswith("client:") else "phone")
    )
    addresses = Addresses(house.speaker.base, row.call)
    return Ring(
        to=phone,
        from_=line.number,
        url=addresses.of(Step("answered", leg=row.assignment)),
        status_url=addresses.of(Step("status", leg=row.assignment)),
    )


def _party(work: Work, house: House, row: Any) -> Ring | None:
    party, line = parties.one(work, row.text), acts.line_of(work, house, row.call)
    if party is None or party.state not in parties.OPEN or line is None:
        _mark(work, row.id, "moot", "not wanted any more")
        return None
    to, digits = parties.address(work, house, party)
    if not to:
        _mark(work, row.id, "refused", "no phone")
        _lost_party(work, house, row)
        return None
    addresses = Addresses(house.speaker.base, row.call)
    return Ring(
        to=to,
        from_=line.number,
        url=addresses.of(Step("answered", party=row.text)),
        status_url=addresses.of(Step("status", party=row.text)),
        digits=digits,
    )


def _part(work: Work, house: House, row: Any) -> Several | None:
    """A party, or a leg the advisor no longer talks by, goes; the room goes on."""
    sid, talks = row.text, True
    if row.kind == "part":
        party = parties.one(work, row.text)
        if party is None or party.state not in parties.OPEN:
            _mark(work, row.id, "moot", "gone already")
            return None
        sid, talks = party.sid, party.state == "talking"
    if not sid:
        rung = work.run(sa.select(outbox).where(outbox.c.id == f"{row.call}:party:{row.text}"))
        ring = rung.first()
        if ring is None or ring.tries == 0 or row.tries >= MOST_TRIES:
            if ring is not None and ring.tries == 0:
                _mark(work, ring.id, "moot", "not wanted any more")
            _mark(work, row.id, "moot", "never rung")
            _lost_party(work, house, row)
        else:
            later = work.now + timedelta(seconds=1)
            _mark(work, row.id, "due", "", due_at=later, lease_until=None)
        return None
    addresses = Addresses(house.speaker.base, row.call)
    gone = Step("gone", leg=row.assignment)
    after = addresses.of(Step("after-room", party=row.text) if row.kind == "part" else gone)
    room = rooms.room_of(acts.state_of(work, row.call)) if talks else ""
    return Several(rooms.leaving(room, sid, after if talks else None))


def _room(work: Work, house: House, row: Any) -> Several | None:
    """One at a time for one room: two that cross could leave it in neither's wish."""
    other = work.run(
        sa.select(outbox.c.id).where(
            outbox.c.kind == "room", outbox.c.call == row.call, outbox.c.id != row.id,
            outbox.c.state == "due", outbox.c.lease_until > work.now,
        )
    ).first()  # fmt: skip
    if other is not None:
        later = work.now + timedelta(seconds=0.3)
        _mark(work, row.id, "due", "", due_at=later, lease_until=None, tries=row.tries - 1)
        return None
    wanted = rooms.plan(work, house, row)
    if wanted is None:
        _mark(work, row.id, "moot", "the call went on")
        return None
    return Several(rooms.arranging(wanted))


def _lost_party(work: Work, house: House, row: Any) -> None:
    event = PartyStatus(row.text, "failed")
    acts.happen(work, house, Happening(row.call, event, ids.new(), ids.new()))


def _move(work: Work, house: House, row: Any) -> Move | Several | None:
    state = acts.state_of(work, row.call)
    wanted = (
        state is not None
        and state.number == row.number
        and not isinstance(state, Ended)
        and (row.step != "join" or isinstance(state, Bridging))
    )
    if not wanted:
        _mark(work, row.id, "moot", "the call went on")
        return None
    url = Addresses(house.speaker.base, row.call).of(Step(row.step, row.number))
    room = rooms.room_of(state)
    if row.step == "listen" and room:
        return Several(rooms.leaving(room, row.call, url))
    return Move(row.call, url)


def _drop(work: Work, house: House, row: Any) -> Drop | Several | None:
    leg = work.run(
        sa.select(legs).where(legs.c.call == row.call, legs.c.assignment == row.assignment)
    ).first()
    if leg is None or leg.status in FINAL:
        _mark(work, row.id, "moot", "the phone is free")
        return None
    if leg.sid is not None:
        talks = leg.status == "in-progress"
        addresses = Addresses(house.speaker.base, row.call)
        url = addresses.of(Step("gone", leg=row.assignment)) if talks else None
        room = rooms.room_of(acts.state_of(work, row.call))
        return Several(rooms.leaving(room, leg.sid, url)) if talks and room else Drop(leg.sid, url)
    ring = work.run(
        sa.select(outbox).where(outbox.c.id == f"{row.call}:ring:{row.assignment}")
    ).first()
    if ring is None or ring.state in ("moot", "refused") or row.tries >= MOST_TRIES:
        _mark(work, row.id, "moot", "never rung")
    elif ring.tries == 0:
        _mark(work, ring.id, "moot", "not ringing any more")
        _mark(work, row.id, "moot", "never rung")
    else:
        _mark(work, row.id, "due", "", due_at=work.now + timedelta(seconds=1), lease_until=None)
    return None


def _text(work: Work, house: House, transcript: Transcript, row: Any) -> Text | None:
    if text_out.after_another(work, row.text):
        later = work.now + timedelta(seconds=LOOK)
        _mark(work, row.id, "due", "", due_at=later, lease_until=None, tries=row.tries - 1)
        return None
    out = text_out.ready(work, house, transcript, row.text)
    if out is None:
        _mark(work, row.id, "moot", "nothing to send")
        return None
    if isinstance(out, Refusal):
        _mark(work, row.id, "refused", "no permit")
        text_out.text_refused(work, transcript, row.text, "refused", "no permit", out.why)
        return None
    return Text(out, f"{house.speaker.base}/telephony/sms/status?text={row.text}")


def _done(work: Work, row: Any, sid: str) -> None:
    if row.kind == "ring":
        work.run(
            legs.update()
            .where(
                legs.c.call == row.call,
                legs.c.assignment == row.assignment,
                legs.c.sid.is_(None),
            )
            .values(sid=sid)
        )
    elif row.kind == "party":
        parties.rung(work, row.text, sid)
    elif row.kind == "text":
        text_out.text_sent(work, row.text, sid)


def _next_text(work: Work, row: Any) -> None:
    """The next of the same conversation need not wait for its second to be over."""
    conversation = row.text.partition(":")[0]
    work.run(
        outbox.update()
        .where(
            outbox.c.state == "due",
            outbox.c.tries == 0,
            outbox.c.text.startswith(f"{conversation}:", autoescape=True),
        )
        .values(due_at=work.now)
    )
    work.announce(Hint("outbox", ""))


def _lost(
    work: Work,
    house: House,
    transcript: Transcript,
    row: Any,
    news: CallerGone | None,
    why: str,
) -> None:
    """It did not happen: the flow hears of it, or the advisor reads of it."""
    if row.kind == "party":
        _lost_party(work, house, row)
        return
    event = AdvisorStatus(row.assignment, "failed") if row.kind == "ring" else news
    if row.kind == "text":
        words = texting.STOPPED if why == str(OPTED_OUT) else text_out.NOT_TAKEN
        text_out.text_refused(work, transcript, row.text, "failed", why, words)
    elif event is not None:
        acts.happen(work, house, Happening(row.call, event, ids.new(), ids.new()))
