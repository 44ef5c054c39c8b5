"""What the carrier says is going on, held against our own rows: at start, and every minute (S2).

A callback is told once and may be lost, and while we were away nobody heard any. So the carrier
is asked: a call that we think lives and it says is over; a caller who waits in a queue of ours
and whom we do not know; somebody alone in a room that belongs to no call. What it cannot tell
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import ids
from app.db import Work
from app.ground import Ground
from app.log import log
from telephony import acts
from telephony.carrier import Carrier, Done
from telephony.events import CallStatus
from telephony.house import Happening, House
from telephony.keeping import opened
from telephony.states import State
from telephony.tables import call_backs, calls, legs
from telephony.twiml import Addresses
from telephony.verbs import Step

if TYPE_CHECKING:
    from twilio.rest import Client

QUEUES = "waiting-"
"""How the names of our queues begin (telephony.acts)."""
SETTLED = timedelta(seconds=20)
"""A call whose state is younger may just be on its way from one place to the next."""
MOST = 1000


@dataclass(frozen=True)
class Seen:
    """What the carrier said. `queued` and the people in `rooms` are ids of calls."""

    going_on: frozenset[str]
    queued: frozenset[str]
    rooms: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Known:
    """A call of ours that we think lives."""

    call: str
    state: State
    changed_at: datetime


def over(seen: Seen, known: Iterable[Known], now: datetime) -> list[str]:
    """Our live calls that the carrier does not name any more: to be asked about one by one."""
    return sorted(
        each.call
        for each in known
        if each.call not in seen.going_on and each.changed_at <= now - SETTLED
    )


def strangers(seen: Seen, ours: frozenset[str]) -> list[str]:
    """Who waits in a queue of ours without a row: nobody would ever come for them."""
    return sorted((seen.queued & seen.going_on) - ours)


def forsaken(seen: Seen, rooms: frozenset[str]) -> list[str]:
    """Who sits alone in a room that is no live call's: they hear nothing, for ever.

    `rooms` are those of our live calls; who is alone in one of those is told by the flow.
    """
    return sorted(
        next(iter(people))
        for name, people in seen.rooms.items()
        if name not in rooms and len(people) == 1
    )


@dataclass(frozen=True)
class _Told:
    """The carrier told us everything. It made nothing, so it has no name for it."""

    sid: str = ""


class Reconciler:
    """One look at the carrier, and what follows from it."""

    def __init__(self, ground: Ground, carrier: Carrier, house: Callable[[], House]) -> None:
        self._ground = ground
        self._carrier = carrier
        self._house = house

    async def once(self) -> None:
        """Asks the carrier first and our rows after: a call that arrived between is no stranger."""
        seen = await survey(self._carrier)
        if seen is None:
            log.warning("reconcile.not_told")
            return
        db = self._ground.db
        known, rows, legs_of_ours, now = await db.read(ours, seen)
        for call in over(seen, known, now):
            await self._ended(call)
        for call in strangers(seen, rows):
            log.warning("reconcile.stranger", call=call)
            await self._carrier.move(call, self._again(call, 0))
        rooms = frozenset(room for each in known for room in rooms_of(each.state))
        rooms |= await db.read(rooms_of_call_backs)
        numbers = {each.call: each.state.number for each in known}
        for call in forsaken(seen, rooms):
            log.warning("reconcile.forsaken", call=call)
            if call in legs_of_ours:
                await self._carrier.end(call)
            else:
                await self._carrier.move(call, self._again(call, numbers.get(call, 0)))

    async def _ended(self, call: str) -> None:
        """Asked for by name before we believe it: a list may miss a call that was just made."""
        status = await self._carrier.over(call)
        if status:
            log.info("reconcile.over", call=call, status=status)
            news = Happening(call, CallStatus(status), ids.new(), ids.new())
            await self._ground.db.write(acts.happen, self._house(), news)

    def _again(self, call: str, number: int) -> str:
        """The address that brings a caller to where they should be; a new one is welcomed."""
        return Addresses(self._house().speaker.base, call).of(Step("again", number))


async def survey(carrier: Carrier) -> Seen | None:
    """Everything that goes on at the carrier. None when it cannot tell: then nothing is true."""
    seen: Seen | None = None

    def look(client: Client) -> Any:
        nonlocal seen
        going_on = {
            call.sid
            for status in ("queued", "ringing", "in-progress")
            for call in client.calls.list(status=status, page_size=MOST)
        }
        queued = {
            member.call_sid
            for queue in client.queues.list(page_size=MOST)
            if queue.friendly_name.startswith(QUEUES) and queue.current_size
            for member in client.queues(queue.sid).members.list(page_size=MOST)
        }
        rooms = {
            room.friendly_name: frozenset(
                each.call_sid
                for each in client.conferences(room.sid).participants.list(page_size=MOST)
                if each.status == "connected"
            )
            for room in client.conferences.list(status="in-progress", page_size=MOST)
        }
        seen = Seen(frozenset(going_on), frozenset(queued), rooms)
        return _Told()

    told = await carrier.ask(look)
    return seen if isinstance(told, Done) else None


def ours(work: Work, seen: Seen) -> tuple[list[Known], frozenset[str], frozenset[str], datetime]:
    """Our live calls; of the calls the carrier named, those with a row; legs to staff; now."""
    live = work.run(
        sa.select(calls.c.sid, calls.c.state, calls.c.changed_at).where(calls.c.live.is_(True))
    ).all()
    known = [Known(row.sid, opened(row.state), row.changed_at) for row in live]
    named = seen.queued | {call for people in seen.rooms.values() for call in people}
    rows = frozenset(call for call in named if work.run(_ROW, {"call": call}).first() is not None)
    staff = frozenset(call for call in named if _is_leg(work, call))
    return known, rows, staff, work.now


_ROW = sa.select(calls.c.sid).where(calls.c.sid == sa.bindparam("call"))
_LEG = sa.select(legs.c.sid).where(legs.c.sid == sa.bindparam("call"))
_BACK = sa.select(call_backs.c.id).where(
    sa.or_(
        call_backs.c.advisor_sid == sa.bindparam("call"),
        call_backs.c.person_sid == sa.bindparam("call"),
    )
)


def _is_leg(work: Work, call: str) -> bool:
    """A phone that we rang: of staff, or of somebody who is called back."""
    return any(work.run(each, {"call": call}).first() is not None for each in (_LEG, _BACK))


def rooms_of_call_backs(work: Work) -> frozenset[str]:
    """Where an advisor waits for somebody who is being called back."""
    rows = work.run(sa.select(call_backs.c.id).where(call_backs.c.live.is_(True)))
    return frozenset(row.id for row in rows)


def rooms_of(state: State) -> list[str]:
    """The room of a call that has one."""
    room = getattr(state, "room", None)
    return [room] if room else []
