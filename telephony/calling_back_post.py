"""Sends what call backs ask of the carrier: each errand once, looked up before it is repeated.

The person's phone is rung only with a Permit that holds at that very moment (S4), with machine
detection, and never recorded (S10).
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from app.cases.model import Channel
from app.cases.safe_contact import Permit, Refusal
from app.db import Work
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from telephony import calling_back_acts as acts
from telephony import softphone
from telephony.advisor_leg import RING_SECONDS
from telephony.calling_back import RING_SECONDS as PERSON_SECONDS
from telephony.calling_back import Progress, Refused
from telephony.calling_back_web import address
from telephony.carrier import Busy, Carrier, Denied, Done, Gone, Outcome, Unclear
from telephony.house import House
from telephony.tables import back_errands as errands
from telephony.tables import call_backs as tries

if TYPE_CHECKING:
    from twilio.rest import Client

LOOK: Final = 1.0
RECONCILE: Final = 60.0
QUIET: Final = 90
AT_ONCE: Final = 5
MOST: Final = 8
BEFORE_LOOKING: Final = 2.0


@dataclass(frozen=True)
class Ring:
    """`permit` is None for a phone of the staff: legs to staff need none."""

    to: str
    from_: str
    who: str
    permit: Permit | None = None


@dataclass(frozen=True)
class LetGo:
    """`url` is where a phone that still listens hears how it ended; None: it just ends."""

    sid: str
    url: str | None


@dataclass(frozen=True)
class Claimed:
    id: str
    try_id: str
    what: Ring | LetGo
    tries: int
    since: datetime


Found: TypeAlias = Claimed | None


class CallBackPost:
    def __init__(self, ground: Ground, carrier: Carrier, house: Callable[[], House]) -> None:
        self._ground = ground
        self._carrier = carrier
        self._house = house
        self._due = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for name, run in (
            ("call-back-listen", self._listen()),
            ("call-back-send", self._again(self.pass_once, LOOK)),
            ("call-back-reconcile", self._again(self.reconcile_once, RECONCILE)),
        ):
            self._tasks.add(asyncio.create_task(run, name=name))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def pass_once(self) -> None:
        """Everything that is due, one after the other."""
        db = self._ground.db
        for id_ in await db.read(due, AT_ONCE):
            claimed = await db.write(claim, self._house(), id_)
            if claimed is not None:
                outcome = await self._send(claimed)
                await db.write(settle, claimed, outcome, random.random())

    async def reconcile_once(self) -> None:
        """Phones whose last callback we never got: the carrier knows whether they are free."""
        db = self._ground.db
        for row in await db.read(acts.stuck, QUIET):
            for who, sid in (("person", row.person_sid), ("advisor", row.advisor_sid)):
                over = await self._carrier.over(sid) if sid else None
                if over:
                    await db.write(acts.happen, row.id, Progress(who, over))

    async def _send(self, claimed: Claimed) -> Outcome:
        match claimed.what:
            case Ring():
                return await self._ring(claimed, claimed.what)
            case LetGo(sid, None):
                return await self._carrier.end(sid)
            case LetGo(sid, url):
                return await self._carrier.move(sid, url or "")

    async def _ring(self, claimed: Claimed, ring: Ring) -> Outcome:
        """A later try looks first whether an earlier one got through: a second ring is heard."""
        if claimed.tries > 1:
            found = await self._carrier.ringing(ring.to, ring.from_, claimed.since)
            if not isinstance(found, Gone):
                return found
        base, id_, who = self._house().speaker.base, claimed.try_id, ring.who
        status = address(base, id_, f"{who}-status")
        if who == "advisor":
            url = address(base, id_, "answered")
            return await self._carrier.ring(ring.to, ring.from_, url, status, RING_SECONDS)
        if ring.permit is None or not ring.permit.holds(Channel.VOICE, self._ground.clock.now()):
            return Denied(0)
        url = address(base, id_, "person")

        def create(client: Client) -> Any:
            return client.calls.create(
                to=ring.to,
                from_=ring.from_,
                url=url,
                method="POST",
                status_callback=status,
                status_callback_method="POST",
                status_callback_event=["completed"],
                timeout=PERSON_SECONDS,
                machine_detection="Enable",
                record=False,
            )

        return await self._carrier.ask(create)

    async def _listen(self) -> None:
        async with self._ground.bus.subscribe(("outbox", None)) as hints:
            async for _ in hints:
                self._due.set()

    async def _again(self, run: Callable[[], Any], pause: float) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await (self._due.wait() if pause == LOOK else asyncio.sleep(pause))
            if pause == LOOK:
                self._due.clear()
            try:
                await run()
            except FrontdoorError as problem:
                log.warning("call_back.failed", code=problem.code)
            except Exception:
                log.exception("call_back.failed")


# -- works ---------------------------------------------------------------------------------------


def due(work: Work, most: int) -> list[str]:
    rows = work.run(
        sa.select(errands.c.id)
        .where(errands.c.state == "due", errands.c.due_at <= work.now, _free(work))
        .order_by(errands.c.due_at)
        .limit(most)
    )
    return [row.id for row in rows]


def claim(work: Work, house: House, id_: str) -> Found:
    """Lease one errand, and say what to send; None when another has it, or nobody needs it."""
    taken = work.run(
        errands.update()
        .where(errands.c.id == id_, errands.c.state == "due", _free(work))
        .values(lease_until=work.now + acts.LEASE, tries=errands.c.tries + 1)
    )
    if taken.rowcount != 1:
        return None
    row = work.run(sa.select(errands).where(errands.c.id == id_)).one()
    one = work.run(sa.select(tries).where(tries.c.id == row.try_id)).one()
    what = _what(work, house, row, one)
    if what is None:
        _mark(work, id_, state="moot")
        return None
    return Claimed(id_, row.try_id, what, row.tries, row.made_at)


def _what(work: Work, house: House, row: Any, one: Any) -> Ring | LetGo | None:
    match row.kind:
        case "ring_advisor" if one.at == "advisor":
            to = softphone.address(work, house.keyring, one.staff)
            if to is None:
                acts.happen(work, row.try_id, Refused())
                return None
            return Ring(to, one.shows, "advisor")
        case "ring_person" if one.at == "person":
            zone = house.services[one.service].zone
            found = acts.permitted(work, house.keyring, zone, row.try_id)
            if isinstance(found, Refusal):
                acts.happen(work, row.try_id, Refused())
                return None
            return Ring(found[0], one.shows, "person", found[1])
        case "end_person" if one.person_sid:
            return LetGo(one.person_sid, None)
        case "tell_advisor" if one.advisor_sid:
            return LetGo(one.advisor_sid, address(house.speaker.base, row.try_id, "told"))
        case _:
            return None


def settle(work: Work, claimed: Claimed, outcome: Outcome, luck: float) -> None:
    """What the carrier said becomes rows, and news for the flow where it is some."""
    log.info("call_back.sent", kind=claimed.id.partition(":")[2], outcome=type(outcome).__name__)
    match outcome:
        case Busy() | Unclear() if claimed.tries < MOST:
            pause = BEFORE_LOOKING if isinstance(outcome, Unclear) else 0.5 + luck
            again = work.now + timedelta(seconds=pause * claimed.tries)
            _mark(work, claimed.id, due_at=again, lease_until=None)
        case Done(sid):
            _mark(work, claimed.id, state="done")
            if isinstance(claimed.what, Ring):
                column = f"{claimed.what.who}_sid"
                mine = tries.update().where(tries.c.id == claimed.try_id, tries.c[column].is_(None))
                work.run(mine.values({column: sid}))
        case _:
            _mark(work, claimed.id, state="refused")
            if isinstance(claimed.what, Ring):
                acts.happen(work, claimed.try_id, Refused())


def _mark(work: Work, id_: str, **values: Any) -> None:
    work.run(errands.update().where(errands.c.id == id_).values(**values))


def _free(work: Work) -> sa.ColumnElement[bool]:
    return sa.or_(errands.c.lease_until.is_(None), errands.c.lease_until <= work.now)
