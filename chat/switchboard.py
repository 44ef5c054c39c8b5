"""Everyone this process holds a conversation for, and what wakes them.

Hints wake at once; once a second one query asks for the heads of all conversations held here, so
that with every hint lost a message is a second late and never lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping

from app.bus import Hint, Lagged
from app.cases import signs
from app.definition.model import Service
from app.errors import Down, FrontdoorError, Unknown
from app.ground import Ground
from app.log import log
from chat.acts import glances, situations
from chat.hosting import Hosted
from chat.signs import Signs, keep

GATHER = 0.25
"""Seconds in which several hints that somebody's device has lines become one look."""
LOOK = 1.0
"""Seconds between two glances at everything held here: so much does a lost hint cost."""
TELL_AGAIN = 5
"""Glances after which visitors are told how they stand though nothing moved: waits grow."""
TELL_SHARE = 4
"""Telling everyone rests four times as long as it took: a full house is told a little later, and
what people say is not kept waiting by it."""
STRAGGLERS = 2.0
"""Seconds for the last to leave once everybody's time has come."""
DOWN_AFTER = 10.0
"""Seconds without one look that succeeds; then visitors are told to call, within twenty in all."""
BEATS = 15
"""Seconds between two beats of a line. A part of all lines beats each second."""
SEEN = 20.0
"""Seconds between the one update that says which visitors are here."""


class Switchboard:
    def __init__(self, ground: Ground, services: Callable[[], Mapping[str, Service]]) -> None:
        self._ground = ground
        self._services = services
        self._held: defaultdict[str, set[Hosted]] = defaultdict(set)
        self._due = asyncio.Event()
        self._stood: dict[str, tuple[str, int, int, str]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._soon = asyncio.Event()
        self._well_at = 0.0
        self._down = False
        self.signs = Signs()
        self._nobody = asyncio.Event()
        self._nobody.set()
        self.closing = False
        """True while everyone is asked to move: nobody new is let in."""

    async def start(self) -> None:
        self._well_at = time.monotonic()
        self._tasks = [
            asyncio.create_task(each, name=f"switchboard-{name}")
            for name, each in (
                ("listen", self._listen()),
                ("tell", self._tell()),
                ("look", self._look()),
                ("seen", self._seen()),
                ("beat", self._beat()),
            )
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(FrontdoorError):
            await self._keep()

    def host(self, hosted: Hosted) -> None:
        self._held[hosted.conversation].add(hosted)
        if not hosted.is_staff:
            self.signs.gone.pop(hosted.conversation, None)
        self._nobody.clear()
        self._due.set()

    def let_go(self, hosted: Hosted) -> bool:
        """True when nobody else here holds the conversation for the same side."""
        hosted.stop()
        others = self._held.get(hosted.conversation)
        if others is None:
            return True
        others.discard(hosted)
        if not others:
            del self._held[hosted.conversation]
        if not self._held:
            self._nobody.set()
        return not any(other.is_staff == hosted.is_staff for other in others)

    async def empty(self, seconds: float) -> None:
        """Ask everyone to come back elsewhere, spread over `seconds`; wait until they have left.

        Nobody is cut off before: whoever stays longer stays until the process stops.
        """
        self.closing = True
        for hosted in [each for held in self._held.values() for each in held]:
            hosted.move(round(random.uniform(0, seconds), 1))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds + STRAGGLERS):
                await self._nobody.wait()

    def gone(self, hosted: Hosted) -> None:
        """A visitor's line was closed and nothing was said. They have until the next look to be
        back before anybody reads that their signal is lost."""
        self.signs.gone[hosted.conversation] = time.monotonic()

    def visitors(self) -> list[str]:
        return [id_ for id_, held in self._held.items() if any(not each.is_staff for each in held)]

    def _wake(self, hint: Hint) -> None:
        for hosted in list(self._held.get(hint.id, ())):
            if hint.topic == "typing":
                hosted.typed(hint.number, None)
            else:
                hosted.hinted(hint.number)

    async def _listen(self) -> None:
        topics = ("conversation", "typing", "contact", "desk", "got")
        async with self._ground.bus.subscribe(*((each, None) for each in topics)) as hints:
            async for hint in hints:
                if isinstance(hint, Lagged):
                    self._due.set()
                    with contextlib.suppress(FrontdoorError):  # the next second looks again
                        await self._glance()
                elif hint.topic in ("contact", "desk"):
                    self._due.set()
                elif hint.topic == "got":
                    if hint.id in self._held:
                        self._soon.set()
                else:
                    self._wake(hint)

    async def _tell(self) -> None:
        """Tell visitors how they stand, in one look for all, when something changed."""
        took = 0.0
        while True:
            await self._due.wait()
            await asyncio.sleep(max(0.02, TELL_SHARE * took))
            self._due.clear()
            begun = time.monotonic()
            try:
                told = await self._ground.db.read(
                    situations, self._ground.keyring, self._services(), self.visitors()
                )
            except FrontdoorError:
                await asyncio.sleep(LOOK)
                self._due.set()
                continue
            except Exception:
                log.exception("switchboard.not_told")
                continue
            for conversation, state in told.items():
                for hosted in list(self._held.get(conversation, ())):
                    if not hosted.is_staff:
                        hosted.situation(state)
            took = time.monotonic() - begun

    async def _look(self) -> None:
        for count in itertools.count(1):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._soon.wait(), LOOK)
                await asyncio.sleep(GATHER)
            try:
                await self._keep()
                await self._glance()
                self._well()
            except FrontdoorError:
                continue
            except Exception:
                log.exception("switchboard.no_look")
            finally:
                self._soon.clear()  # our own hint among them
            if count % TELL_AGAIN == 0:
                self._due.set()

    def _well(self) -> None:
        self._well_at = time.monotonic()
        if self._down:
            self._down = False
            self._due.set()

    async def _beat(self) -> None:
        """Tell some each second that the line carries, and all when nothing answers us any more.

        Who beats when is settled by where they lie in memory: it never moves, and costs nothing.
        """
        for second in itertools.count():
            await asyncio.sleep(LOOK)
            down = time.monotonic() - self._well_at > DOWN_AFTER and not self._down
            self._down = self._down or down
            here = [each for held in self._held.values() for each in held if not each.is_staff]
            for hosted in here:
                if down:
                    hosted.down()
                elif id(hosted) // 64 % BEATS == second % BEATS:
                    hosted.beat()

    async def _glance(self) -> None:
        if not self._held:
            return
        seen = await self._ground.db.read(glances, list(self._held))
        stood = {id_: glance.stands for id_, glance in seen.items()}
        if stood != self._stood:
            self._stood = stood
            self._due.set()
        for id_, glance in seen.items():
            for hosted in list(self._held.get(id_, ())):
                hosted.glanced(glance.head, glance.got)

    async def _keep(self) -> None:
        """What the visitors' devices told, in one work for all."""
        taken = self.signs.take()
        if taken is None:
            return
        try:
            await self._ground.db.write(keep, self._services(), taken)
        except (Down, Unknown):
            self.signs.back(taken)

    async def _seen(self) -> None:
        while True:
            await asyncio.sleep(SEEN)
            here = self.visitors()
            if not here:
                continue
            try:
                await self._ground.db.write(signs.here, here)
            except FrontdoorError:
                continue
            except Exception:
                log.exception("switchboard.not_seen")
