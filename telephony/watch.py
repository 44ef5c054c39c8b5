"""The second's look: a lost hint or a lost callback costs a second, never a caller.

An assignment without a phone, a talk with one side gone, an advisor's words in a text
conversation: each is found in our own rows. A hint only makes us look sooner.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable

from app import ids
from app.cases.transcript import Transcript
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from telephony import acts, carrying_on, text_out, texting
from telephony.carrier import Carrier
from telephony.events import Look
from telephony.house import Happening, House
from telephony.reconciling import Reconciler
from telephony.sweeping import SWEEP, Sweeper

LOOK = 1.0
GAP = 0.05
"""Seconds between two looks, however many hints come."""
RECONCILE = 60.0
KEPT_HOURS = 48
CLEAN = 600.0


class Watch:
    def __init__(
        self,
        ground: Ground,
        transcript: Transcript,
        house: Callable[[], House],
        carrier: Carrier,
    ) -> None:
        self._carrier = carrier
        self._reconciler = Reconciler(ground, carrier, house)
        self.sweeper = Sweeper(ground, carrier, house)
        self._ground = ground
        self._transcript = transcript
        self._house = house
        self._due = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for name, run in (
            ("watch-listen", self._listen()),
            ("watch-look", self._run()),
            ("watch-reconcile", self._reconcile()),
            ("watch-rooms", self._sweep()),
            ("watch-clean", self._clean()),
        ):
            self._tasks.add(asyncio.create_task(run, name=name))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def look_once(self) -> None:
        """Everything once: calls first, for somebody is on the line."""
        db, house = self._ground.db, self._house()
        for call in await db.read(acts.unsettled, house):
            looking = Happening(call, Look(), ids.new(), ids.new())
            await db.write(acts.happen, house, looking)
        for conversation in await db.read(texting.overflowed):
            await db.write(texting.tell_nobody, house, self._transcript, conversation)
        for call in await db.read(carrying_on.asked):
            fresh = carrying_on.Fresh(ids.new(), ids.new())
            await db.write(carrying_on.begin, house, self._transcript, call, fresh)
        if await db.read(text_out.anything_to_say):
            await db.write(text_out.look_for_words, house, self._transcript)

    async def reconcile_once(self) -> None:
        """What the carrier says goes on, held against our rows."""
        await self._reconciler.once()

    async def _listen(self) -> None:
        async with self._ground.bus.subscribe(("contact", None), ("conversation", None)) as hints:
            async for _ in hints:
                self._due.set()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._due.wait()
                    await asyncio.sleep(GAP)
            self._due.clear()
            try:
                await self.look_once()
            except FrontdoorError as problem:
                log.warning("watch.failed", code=problem.code)
            except Exception:
                log.exception("watch.failed")

    async def _reconcile(self) -> None:
        """At start, for what happened while we were away, and every minute, never all in step."""
        while self._carrier.there:
            try:
                await self.reconcile_once()
            except FrontdoorError as problem:
                log.warning("reconcile.failed", code=problem.code)
            except Exception:
                log.exception("reconcile.failed")
            await asyncio.sleep(RECONCILE * random.uniform(0.8, 1.2))

    async def _sweep(self) -> None:
        while self._carrier.there:
            await asyncio.sleep(SWEEP)
            try:
                await self.sweeper.sweep_once()
            except FrontdoorError as problem:
                log.warning("sweep.failed", code=problem.code)
            except Exception:
                log.exception("sweep.failed")

    async def _clean(self) -> None:
        while True:
            await asyncio.sleep(CLEAN)
            with contextlib.suppress(FrontdoorError):
                await self._ground.db.write(acts.forget_webhooks, KEPT_HOURS)
