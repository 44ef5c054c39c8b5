"""Both bodies of the bus wake, coalesce, and say so when they dropped something.

A pair is two ends of one bus: the same object in one process, two nodes with Redis between them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import redis.asyncio as redis

from app.bus import CHANNEL, MOST_PENDING, Bus, Hint, Lagged, LocalBus, RedisBus, Subscription
from tests.redis_server import Redis

PATIENCE = 30.0
"""Seconds after which a test gives up; nothing here is measured."""
ELLA, SAM = "conversation-of-ella", "conversation-of-sam"


@dataclass
class Pair:
    here: Bus
    there: Bus


async def heard(subscription: Subscription) -> Hint | Lagged:
    async with asyncio.timeout(PATIENCE):
        return await anext(subscription)


async def connected(bus: Bus) -> None:
    """Start; a node with Redis says Lagged when its listening begins."""
    async with bus.subscribe(("seat", None)) as subscription:
        await bus.start()
        if isinstance(bus, RedisBus):
            assert await heard(subscription) == Lagged()


@pytest.fixture(params=["memory", "redis"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    if request.param == "memory":
        bus = LocalBus()
        await bus.start()
        yield Pair(bus, bus)
        await bus.stop()
        return
    url: str = request.getfixturevalue("redis_url")
    here, there = RedisBus(url), RedisBus(url)
    await connected(here)
    await connected(there)
    yield Pair(here, there)
    await here.stop()
    await there.stop()


async def test_a_hint_wakes_whoever_watches_that_one(pair: Pair) -> None:
    async with pair.there.subscribe(("conversation", ELLA)) as hints:
        pair.here.publish([Hint("conversation", SAM, 1), Hint("conversation", ELLA, 42)])
        assert await heard(hints) == Hint("conversation", ELLA, 42)


async def test_a_hint_wakes_whoever_watches_its_topic(pair: Pair) -> None:
    async with pair.there.subscribe(("desk", None)) as hints:
        pair.here.publish([Hint("seat", "maya"), Hint("desk", "cumbria")])
        assert await heard(hints) == Hint("desk", "cumbria")


async def test_a_slow_reader_keeps_the_newest_number(pair: Pair) -> None:
    """Published together, read late: one hint for each, the highest number."""
    async with (
        pair.there.subscribe(("conversation", None)) as slow,
        pair.there.subscribe(("seat", "end")) as end,
    ):
        pair.here.publish(Hint("conversation", ELLA, number) for number in (1, 3, 2))
        pair.here.publish([Hint("conversation", SAM, 7), Hint("seat", "end")])
        await heard(end)
        assert await heard(slow) == Hint("conversation", ELLA, 3)
        assert await heard(slow) == Hint("conversation", SAM, 7)


async def test_typing_is_told_as_it_is_now_and_not_as_it_was_most(pair: Pair) -> None:
    async with (
        pair.there.subscribe(("typing", None)) as slow,
        pair.there.subscribe(("seat", "end")) as end,
    ):
        pair.here.publish([Hint("typing", ELLA, 1), Hint("typing", ELLA, 0), Hint("seat", "end")])
        await heard(end)
        assert await heard(slow) == Hint("typing", ELLA, 0)


async def test_a_reader_who_fell_too_far_behind_is_told_to_read_again(pair: Pair) -> None:
    async with (
        pair.there.subscribe(("conversation", None)) as slow,
        pair.there.subscribe(("seat", "end")) as end,
    ):
        pair.here.publish(Hint("conversation", str(n), n) for n in range(MOST_PENDING + 1))
        pair.here.publish([Hint("seat", "end")])
        await heard(end)
        assert await heard(slow) == Lagged()
        pair.here.publish([Hint("conversation", ELLA, 1)])
        assert await heard(slow) == Hint("conversation", ELLA, 1)


async def test_what_is_said_here_is_heard_here_once(pair: Pair) -> None:
    """The own words coming back from Redis are dropped."""
    async with pair.here.subscribe(("conversation", None)) as hints:
        pair.here.publish([Hint("conversation", ELLA, 1)])
        assert await heard(hints) == Hint("conversation", ELLA, 1)
        async with pair.there.subscribe(("conversation", None)) as others:
            pair.there.publish([Hint("conversation", SAM, 2)])
            assert await heard(hints) == Hint("conversation", SAM, 2)
            assert await heard(others) == Hint("conversation", SAM, 2)


async def test_nobody_is_woken_after_leaving(pair: Pair) -> None:
    async with pair.there.subscribe(("conversation", ELLA)) as gone:
        pass
    async with pair.there.subscribe(("conversation", ELLA)) as stays:
        pair.here.publish([Hint("conversation", ELLA, 1)])
        await heard(stays)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await anext(gone)


async def test_what_is_watched_may_change(pair: Pair) -> None:
    async with pair.there.subscribe(("conversation", ELLA)) as hints:
        hints.watch(("conversation", SAM))
        hints.unwatch(("conversation", ELLA))
        pair.here.publish([Hint("conversation", ELLA, 1), Hint("conversation", SAM, 2)])
        assert await heard(hints) == Hint("conversation", SAM, 2)


async def test_redis_stops_and_comes_back(redis_here: Redis) -> None:
    """Own subscribers never notice; the others are told to read again, and then hear as before."""
    here, there = RedisBus(redis_here.url), RedisBus(redis_here.url)
    await connected(here)
    await connected(there)
    try:
        async with (
            here.subscribe(("conversation", None)) as own,
            there.subscribe(("conversation", None)) as others,
        ):
            redis_here.server.stop()
            here.publish([Hint("conversation", ELLA, 1)])
            assert await heard(own) == Hint("conversation", ELLA, 1)

            redis_here.server.start()
            assert await heard(others) == Lagged()
            while True:
                here.publish([Hint("conversation", ELLA, 2)])
                try:
                    async with asyncio.timeout(0.5):
                        news = await anext(others)
                except TimeoutError:
                    continue
                if news == Hint("conversation", ELLA, 2):
                    break
    finally:
        await here.stop()
        await there.stop()


async def test_a_house_opens_while_redis_is_away(redis_here: Redis) -> None:
    redis_here.server.stop()
    bus = RedisBus(redis_here.url)
    await bus.start()
    try:
        async with bus.subscribe(("desk", None)) as hints:
            bus.publish([Hint("desk", "cumbria")])
            assert await heard(hints) == Hint("desk", "cumbria")
    finally:
        await bus.stop()


async def test_a_stranger_on_the_channel_says_nothing_to_us(redis_url: str) -> None:
    bus = RedisBus(redis_url)
    await connected(bus)
    try:
        async with bus.subscribe(("desk", None)) as hints, redis.from_url(redis_url) as stranger:
            for nonsense in (b"\xff", b"[]", b'["node", [["desk"]]]', b'["node", [1]]'):
                await stranger.publish(CHANNEL, nonsense)
            await stranger.publish(CHANNEL, b'["node", [["desk", "cumbria", 1]]]')
            assert await heard(hints) == Hint("desk", "cumbria", 1)
    finally:
        await bus.stop()
