"""Everyone's place in the queue of a service, read once for all who ask within two seconds.

Three hundred callers ask for their place every twenty seconds; one walk answers them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from app.definition.model import Service
from app.ground import Ground
from routing.desk import Standing, standings

FRESH = 2.0
STRANGER = 0.5


class Places:
    """`now` is any steady clock, in seconds."""

    def __init__(
        self,
        ground: Ground,
        services: Callable[[], Mapping[str, Service]],
        now: Callable[[], float],
    ) -> None:
        self._ground = ground
        self._services = services
        self._now = now
        self._read: dict[str, tuple[float, dict[str, Standing]]] = {}
        self._reading: dict[str, asyncio.Lock] = {}

    async def of(self, service: str, contact: str) -> Standing | None:
        """None when they are not waiting, or were not yet when we last looked."""
        known = self._known(service, contact)
        if known is None:
            async with self._reading.setdefault(service, asyncio.Lock()):
                known = self._known(service, contact) or await self._look(service)
        return known.get(contact)

    def _known(self, service: str, contact: str) -> dict[str, Standing] | None:
        """What was read a moment ago; a stranger is looked for a little sooner."""
        at, known = self._read.get(service, (-FRESH, {}))
        age = self._now() - at
        return known if age < (FRESH if contact in known else STRANGER) else None

    async def _look(self, service: str) -> dict[str, Standing]:
        definition = self._services().get(service)
        if definition is None:
            return {}
        known = await self._ground.db.read(standings, definition)
        self._read[service] = (self._now(), known)
        return known
