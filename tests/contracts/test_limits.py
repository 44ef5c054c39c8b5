"""Both bodies of the limiter count alike; with Redis gone each process counts at half the rate."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.limits import Limiter, LocalLimiter, RedisLimiter
from tests.redis_server import Redis


@pytest.fixture(params=["memory", "redis"])
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[Limiter]:
    redis = request.param == "redis"
    made = RedisLimiter(request.getfixturevalue("redis_url")) if redis else LocalLimiter()
    yield made
    await made.stop()


async def hits(limiter: Limiter, who: str, times: int, *, most: int = 4) -> list[bool]:
    """For each hit whether it was allowed, in an hour long enough for any machine."""
    return [await limiter.hit("new chats", who, most, 3600) is None for _ in range(times)]


async def test_so_many_are_allowed_and_then_no_more(limiter: Limiter) -> None:
    assert await hits(limiter, "refuge", 6) == [True] * 4 + [False] * 2


async def test_whoever_is_limited_is_told_how_long(limiter: Limiter) -> None:
    await hits(limiter, "refuge", 4)
    wait = await limiter.hit("new chats", "refuge", 4, 3600)
    assert wait is not None
    assert 1.0 <= wait <= 2 * 3600


async def test_each_is_counted_alone(limiter: Limiter) -> None:
    await hits(limiter, "refuge", 4)
    assert await hits(limiter, "library", 1) == [True]
    assert await limiter.hit("sign-ins", "refuge", 4, 3600) is None


async def test_two_processes_count_together(redis_url: str) -> None:
    one, two = RedisLimiter(redis_url), RedisLimiter(redis_url)
    assert await hits(one, "refuge", 2) + await hits(two, "refuge", 4) == [True] * 4 + [False] * 2
    await one.stop()
    await two.stop()


async def test_without_redis_each_counts_for_itself_at_half_the_rate(redis_here: Redis) -> None:
    limiter = RedisLimiter(redis_here.url)
    redis_here.server.stop()
    assert await hits(limiter, "refuge", 4) == [True] * 2 + [False] * 2
    assert await hits(limiter, "alone", 2, most=1) == [True, False]
    await limiter.stop()
