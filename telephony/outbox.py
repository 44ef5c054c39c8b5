"""What the line asks of the carrier, after the commit and under a lease.

A row is claimed, sent, settled. An outcome that nobody knows is looked up before it is repeated:
a second ring or a second text would be heard or seen. What has become pointless is not sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.bus import Hint
from app.cases.transcript import Transcript
from app.db import Work
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from telephony import parties, text_out
from telephony.advisor_leg import RING_SECONDS
from telephony.carrier import OPTED_OUT, Busy, Carrier, Denied, Done, Gone, Outcome, Unclear
from telephony.events import CallerGone
from telephony.house import House
from telephony.requests import (
    MOST_TRIES,
    Drop,
    Errand,
    Move,
    Ring,
    Several,
    Text,
    lost,
    mark,
    what_of,
)
from telephony.tables import legs, outbox
from telephony.texts import VALID_MINUTES

LOOK = 1.0
LEASE = timedelta(seconds=20)
AT_ONCE = 20
BEFORE_LOOKING = 2.0
"""Seconds until we look what became of a request whose answer was lost."""


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


def claim(work: Work, house: House, transcript: Transcript, id_: str) -> Errand | None:
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
    what = what_of(work, house, transcript, row)
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
        mark(work, row.id, "due", told, due_at=due_at, lease_until=None)
        return
    match outcome:
        case Done(sid):
            mark(work, row.id, "done", told)
            _done(work, row, sid)
            if row.kind == "text":
                _next_text(work, row)
        case Gone():
            mark(work, row.id, "moot", told)
            lost(work, house, transcript, row, CallerGone() if row.kind == "move" else None, "")
        case Denied(code):
            mark(work, row.id, "refused", f"{told} {code}")
            if row.kind == "text" and code == OPTED_OUT:
                text_out.opted_out(work, row.text)
            lost(work, house, transcript, row, None, str(code))
        case Busy() | Unclear():
            mark(work, row.id, "refused", f"{told} too often")
            lost(work, house, transcript, row, None, told)


# -- within --------------------------------------------------------------------------------


def _free(work: Work) -> sa.ColumnElement[bool]:
    return sa.or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= work.now)


def _pause(tries: int, outcome: Outcome, luck: float) -> float:
    """Longer with each try, and never in step with the other processes."""
    if isinstance(outcome, Unclear):
        return BEFORE_LOOKING
    return float(min(30.0, 0.5 * 2**tries) * (0.5 + luck))


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
