"""Brings messages home: fetched, sealed in our store, then deleted at the carrier.

The rows say what is still to be done, so a lost callback, a killed process or a day without the
carrier only delays it. Nothing is deleted there before it is kept here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import sqlalchemy as sa

from app.cases import voicemails
from app.db import Work
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from telephony import collecting
from telephony.carrier import Carrier, Done, Gone
from telephony.collecting import Recorded, Sound
from telephony.house import House
from telephony.tables import calls

LOOK = 2.0
RECONCILE = 60.0
AT_ONCE = 10
MOST = 20
BACK = timedelta(hours=24)
"""How long the phone line may have been away without losing a message."""


class VoicemailPost:
    def __init__(self, ground: Ground, carrier: Carrier, house: Callable[[], House]) -> None:
        self._ground = ground
        self._carrier = carrier
        self._house = house
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for name, run, pause in (
            ("voicemail-post", self.pass_once, LOOK),
            ("voicemail-reconcile", self.reconcile_once, RECONCILE),
        ):
            self._tasks.add(asyncio.create_task(self._again(run, pause), name=name))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def pass_once(self) -> None:
        """Whatever the carrier still has of a message is fetched, or deleted there."""
        for id_ in await self._ground.db.read(voicemails.to_fetch, AT_ONCE):
            await self._one(id_)

    async def reconcile_once(self) -> None:
        """A message whose callback we never got is found in the carrier's own list. Whether a
        call back is safe was told to nobody then: blank means no (S4)."""
        db = self._ground.db
        found = await collecting.recordings(self._carrier, self._ground.clock.now() - BACK)
        for recorded in (found or [])[:MOST]:
            if not await db.read(voicemails.known, recorded.recording):
                await db.write(adopt, self._house(), recorded)

    async def _one(self, id_: str) -> None:
        db = self._ground.db
        claimed = await db.write(voicemails.fetching, id_)
        if claimed is None:
            return
        recording, to_fetch = claimed
        base = self._ground.settings.twilio_api_base
        if to_fetch:
            sound = await collecting.sound(self._carrier, base, recording)
            if not isinstance(sound, Sound):
                log.warning("voicemail.not_fetched", outcome=type(sound).__name__)
                return
            await db.write(voicemails.keep, self._ground.keyring, id_, sound.wav)
        if isinstance(await collecting.erase(self._carrier, recording), Done | Gone):
            await db.write(voicemails.erased, id_)

    async def _again(self, run: Callable[[], Awaitable[None]], pause: float) -> None:
        while True:
            try:
                await run()
            except FrontdoorError as problem:
                log.warning("voicemail.failed", code=problem.code)
            except Exception:
                log.exception("voicemail.failed")
            await asyncio.sleep(pause)


def adopt(work: Work, house: House, recorded: Recorded) -> None:
    """A recording of a call of ours becomes a message; one of nobody's is left, and reported."""
    row = work.run(
        sa.select(calls.c.contact, calls.c.service).where(calls.c.sid == recorded.call)
    ).first()
    if row is None:
        log.error("voicemail.of_no_call", recording=recorded.recording)
        return
    zone = house.services[row.service].zone
    voicemails.left(
        work, house.keyring, row.contact, recorded.recording, recorded.seconds, False, zone
    )
