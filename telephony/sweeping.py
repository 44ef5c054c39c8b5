"""Finds whoever is alone in a room, when the carrier's word of it was lost: no silent rooms.

It only reports what it saw; the flow decides. A sighting that cannot be had changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import ids
from app.db import Work
from app.ground import Ground
from app.log import log
from telephony import acts, keeping, parties, rooms
from telephony.carrier import Carrier, Done, Gone
from telephony.events import CallStatus
from telephony.house import Happening, House
from telephony.states import Away, Talking
from telephony.tables import calls, legs
from telephony.tables import parties as party_rows
from telephony.talk_events import FINAL, RoomSeen

if TYPE_CHECKING:
    from twilio.rest import Client

SWEEP = 4.0
"""Seconds between two sweeps. With the flow's own five, a lost callback costs less than ten."""
AT_ONCE = 12
"""Rooms looked at in one sweep, those seen longest ago first: the carrier's pace is shared."""
STRANDED = timedelta(hours=5)  # longer than the carrier lets a call be


class Sweeper:
    """One process's own; several processes see the same and report it twice, which is once."""

    def __init__(self, ground: Ground, carrier: Carrier, house: Callable[[], House]) -> None:
        self._ground = ground
        self._carrier = carrier
        self._house = house
        self._seen: dict[str, float] = {}

    async def sweep_once(self) -> None:
        db = self._ground.db
        talks = await db.read(talks_now)
        self._seen = {call: self._seen.get(call, 0.0) for call, _ in talks}
        for call, room in sorted(talks, key=lambda talk: self._seen[talk[0]])[:AT_ONCE]:
            self._seen[call] = time.monotonic()
            await self._look(call, room)
        for sid in await db.read(stranded):
            await self._free(sid)

    async def _look(self, call: str, room: str) -> None:
        people = await people_in(self._carrier, room)
        if people is None:
            return
        db, house = self._ground.db, self._house()
        news: RoomSeen | CallStatus = RoomSeen(room, people)
        if call not in people:
            status = await self._carrier.over(call)
            if status is None:
                return
            news = CallStatus(status) if status else news
        happening = Happening(call, news, ids.new(), ids.new())
        if isinstance(news, RoomSeen) and await db.read(acts.glance, house, happening) is not None:
            return
        log.warning("room.alone", call=call, people=len(people))
        await db.write(acts.happen, house, happening)

    async def _free(self, sid: str) -> None:
        """A phone of a talk that is over, which still stands in some room."""
        status = await self._carrier.over(sid)
        if status is None:
            return
        if not status:
            log.warning("leg.stranded", leg=sid)
            if not isinstance(await self._carrier.end(sid), Done | Gone):
                return
        await self._ground.db.write(freed, sid, status or "completed")


async def people_in(carrier: Carrier, room: str) -> frozenset[str] | None:
    """The carrier's ids of the legs in a room, none when it is over; None: it cannot tell now."""
    found: list[frozenset[str]] = []

    def look(client: Client) -> Any:
        found.append(rooms.present(client, room) or frozenset())
        return SimpleNamespace(sid=room)

    return found[-1] if isinstance(await carrier.ask(look), Done) else None


def talks_now(work: Work) -> list[tuple[str, str]]:
    """(call, room) of every talk that is on."""
    rows = work.run(
        sa.select(calls.c.sid, calls.c.state).where(
            calls.c.live.is_(True),
            sa.or_(
                calls.c.state.contains('"at":"Talking"', autoescape=True),
                calls.c.state.contains('"at":"Away"', autoescape=True),
            ),
        )
    )
    states = [(row.sid, keeping.opened(row.state)) for row in rows]
    return [(sid, state.room) for sid, state in states if isinstance(state, Talking | Away)]


def stranded(work: Work) -> list[str]:
    """Legs that should be over: of calls that are, and parties that were let go."""
    since = work.now - STRANDED
    of_legs = work.run(
        sa.select(legs.c.sid)
        .join(calls, calls.c.sid == legs.c.call)
        .where(
            calls.c.live.is_(False), calls.c.changed_at > since,
            calls.c.changed_at < work.now - timedelta(seconds=20),
            legs.c.sid.is_not(None), legs.c.status.not_in(FINAL),
        )
    )  # fmt: skip
    of_parties = work.run(
        sa.select(party_rows.c.sid)
        .join(calls, calls.c.sid == party_rows.c.call)
        .where(
            calls.c.live.is_(False), calls.c.changed_at > since,
            calls.c.changed_at < work.now - timedelta(seconds=20),
            party_rows.c.sid != "", party_rows.c.state.in_(parties.OPEN),
        )
    )  # fmt: skip
    return [row.sid for row in (*of_legs, *of_parties)]


def freed(work: Work, sid: str, status: str) -> None:
    work.run(legs.update().where(legs.c.sid == sid).values(status=status))
    work.run(
        party_rows.update()
        .where(party_rows.c.sid == sid, party_rows.c.state.in_(parties.OPEN))
        .values(state="left", left_at=work.now)
    )
