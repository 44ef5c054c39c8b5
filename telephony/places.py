"""Everyone's place in the queue of a service, read once for all who ask within two seconds.

Three hundred callers ask for their place every twenty seconds; one walk answers them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.definition.model import Service
from app.ground import Ground
from routing.desk import Standing, standings

FRESH = 2.0


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

    async def of(self, service: str, contact: str) -> int | None:
        """From 1; None when they are not waiting, or were not yet when we last looked."""
        at, known = self._read.get(service, (-FRESH, {}))
        if self._now() - at >= FRESH or contact not in known:
            definition = self._services().get(service)
            if definition is None:
                return None
            known = await self._ground.db.read(standings, definition)
            self._read[service] = (self._now(), known)
        standing = known.get(contact)
        return standing.place if standing is not None else None
