"""Limits: how often something may happen, in one process or, with Redis, across all of them.

With Redis gone each process counts for itself at half the rate. A limit answers with the seconds
to wait, so that whoever is limited can be told, and given the number to call instead.
"""

from __future__ import annotations

import time
from typing import Any, Protocol

import redis.asyncio as redis
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from app.log import log


class Limiter(Protocol):
    async def hit(self, what: str, who: str, most: int, seconds: int) -> float | None:
        """Count one; None when allowed, else the seconds to wait. `who` is never personal data."""

    async def stop(self) -> None: ...


class LocalLimiter:
    def __init__(self) -> None:
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def hit(self, what: str, who: str, most: int, seconds: int) -> float | None:
        return await _hit(self._window, RateLimitItemPerSecond(most, seconds), what, who)

    async def stop(self) -> None:
        return None


class RedisLimiter:
    def __init__(self, url: str) -> None:
        self._pool = redis.ConnectionPool.from_url(
            url, socket_timeout=0.5, socket_connect_timeout=0.5
        )
        options: dict[str, Any] = {"implementation": "redispy", "connection_pool": self._pool}
        self._shared = SlidingWindowCounterRateLimiter(RedisStorage("async+redis://", **options))
        self._own = LocalLimiter()

    async def hit(self, what: str, who: str, most: int, seconds: int) -> float | None:
        try:
            return await _hit(self._shared, RateLimitItemPerSecond(most, seconds), what, who)
        except (RedisError, OSError):
            log.warning("limits.own_count", what=what)
            return await self._own.hit(what, who, max(1, most // 2), seconds)

    async def stop(self) -> None:
        await self._pool.disconnect()


async def _hit(
    window: SlidingWindowCounterRateLimiter, item: RateLimitItem, what: str, who: str
) -> float | None:
    if await window.hit(item, what, who):
        return None
    stats = await window.get_window_stats(item, what, who)
    return max(1.0, stats.reset_time - time.time())
