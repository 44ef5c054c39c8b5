"""One matcher for each service in each process; any node may do any step, and none leads.

An enabling event sets its flag after the commit; a sweep each second, at a random phase, sets it
everywhere. A pass reads the board without locks, decides, and claims each decision by a
conditional update. What it missed goes to the next pass; nothing lives between passes.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from app import ids
from app.bus import Lagged
from app.cases import links, promises, voicemails
from app.cases.model import HowEnded
from app.cases.transcript import Transcript
from app.definition.model import Service
from app.errors import FrontdoorError
from app.ground import Ground
from app.log import log
from routing import acts, floor
from routing.decide import decide
from routing.model import Decision, Wait
from routing.reading import board_of
from routing.warning import Warner

SWEEP = 1.0
REST = 2
"""After a pass that left people waiting and offered nobody, the matcher rests twice as long as it
took: thousands who wait for the same few seats do not keep everything else from running. With an
empty line it does not rest, so that whoever comes next is seen at once."""
STRAY = timedelta(seconds=90)
"""An advisor's console that has been silent this long loses its chats to the front of the queue."""
GONE = timedelta(minutes=10)
"""A visitor's place, and their way back in, are kept this long after their page was last there."""

Services = Callable[[], Mapping[str, Service]]


class Passed(NamedTuple):
    """What a pass came to: offers made, and people who still wait."""

    made: int
    waits: int


class Matcher:
    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground = ground
        self._services = services
        self._transcript = Transcript(ground.keyring)
        self._warner = Warner(ground)
        self._flags: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._tasks = {
            asyncio.create_task(self._listen(), name="matcher-listen"),
            asyncio.create_task(self._sweep(), name="matcher-sweep"),
        }

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def pass_once(self, service: Service) -> int:
        """One look at one service. Returns how many offers were made."""
        return (await self._pass(service)).made

    async def _pass(self, service: Service) -> Passed:
        board = await self._ground.db.read(board_of, service)
        decided = decide(board, self._ground.clock.now())
        known = {waiting.contact: waiting for waiting in board.waiting}
        news = [
            one
            for one in decided
            if not isinstance(one, Wait) or known[one.contact].rung_until is None
        ]
        seen = {one.contact: known[one.contact].offer_no for one in news}
        made, missed = await self._carry_out(news, seen, service.timings.offer)
        if missed:
            self._flag(service.key)
        return Passed(made, len(board.waiting) - made - missed)

    async def _carry_out(
        self, news: Sequence[Decision], seen: Mapping[str, int], seconds: int
    ) -> acts.CarriedOut:
        """All in one work; one by one when that fails, so that one bad row holds up nobody."""
        if not news:
            return acts.CarriedOut(0, 0)
        try:
            return await self._ground.db.write(acts.carry_out, news, seen, seconds)
        except FrontdoorError as problem:
            if len(news) == 1:
                log.warning("match.missed", contact=news[0].contact, code=problem.code)
                return acts.CarriedOut(0, 0)
            each = [await self._carry_out([one], seen, seconds) for one in news]
            return acts.CarriedOut(sum(one.made for one in each), sum(one.missed for one in each))

    def _flag(self, service: str) -> None:
        if service not in self._flags and service in self._services():
            self._flags[service] = asyncio.Event()
            task = asyncio.create_task(self._run(service), name=f"matcher-{service}")
            self._tasks.add(task)
        if service in self._flags:
            self._flags[service].set()

    async def _run(self, key: str) -> None:
        flag = self._flags[key]
        while True:
            await flag.wait()
            flag.clear()
            service = self._services().get(key)
            if service is None:
                continue
            begun = time.monotonic()
            try:
                passed = await self._pass(service)
                if passed.waits and not passed.made:
                    await asyncio.sleep(REST * (time.monotonic() - begun))
            except FrontdoorError as problem:
                log.warning("match.failed", service=key, code=problem.code)
            except Exception:
                log.exception("match.failed", service=key)
                await asyncio.sleep(0.2)

    async def _listen(self) -> None:
        async with self._ground.bus.subscribe(("match", None)) as hints:
            async for hint in hints:
                if isinstance(hint, Lagged):
                    for key in self._services():
                        self._flag(key)
                else:
                    self._flag(hint.id)

    async def _sweep(self) -> None:
        await asyncio.sleep(random.uniform(0, SWEEP))
        while True:
            try:
                await self.sweep_once()
            except FrontdoorError as problem:
                log.warning("sweep.failed", code=problem.code)
            except Exception:
                log.exception("sweep.failed")
            for key in self._services():
                self._flag(key)
            await asyncio.sleep(SWEEP)

    async def sweep_once(self) -> None:
        """What only time changes: offers lapse, silent consoles lose chats, pages are gone, and
        the leads are told of late call-backs, gaps of tonight and contacts left at closing."""
        db = self._ground.db
        await db.write(acts.lapse)
        for contact, number in await db.read(acts.strays, STRAY):
            await db.write(acts.release, contact, number, "advisor lost")
        for contact, staff in await db.read(acts.left_beside, STRAY):
            await db.write(
                floor.lose, self._transcript, self._ground.keyring, contact, staff, ids.new()
            )
        for contact in await db.read(acts.lost_visitors, GONE):
            await db.write(acts.end, contact, HowEnded.LOST_SIGNAL)
        for conversation in await db.read(links.left_behind, GONE):
            await db.write(links.cut, conversation, GONE)
        for promise in await db.read(promises.late):
            await db.write(promises.tell_late, promise)
        for voicemail in await db.read(voicemails.late):
            await db.write(voicemails.tell_late, voicemail)
        await self._warner.look(self._services())
