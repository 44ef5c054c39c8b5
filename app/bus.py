"""Hints: "look there", never what is there. Ids and a number, no text, no truth (S8).

A lost hint costs a second (everyone also looks by themselves), never a message. A subscriber
that falls behind keeps only the newest number for each id, so a slow reader costs no memory.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from typing import Any, NamedTuple, Protocol

import msgspec
import redis.asyncio as redis
from redis.exceptions import RedisError

from app import ids
from app.log import log


class Hint(NamedTuple):
    """`topic` is the kind of thing, `id` which one, `number` how far it has come."""

    topic: str
    id: str
    number: int = 0


class Lagged(NamedTuple):
    """Some hints were dropped: read everything you watch again."""


Key = tuple[str, str | None]
"""(topic, id), or (topic, None) for every id of that topic."""

MOST_PENDING = 1024
CHANNEL = "frontdoor:hints"


class Subscription:
    """An async iterator of hints; use it with `async with`."""

    def __init__(self, room: LocalBus, keys: Iterable[Key]) -> None:
        self._room = room
        self._keys = set(keys)
        self._pending: dict[tuple[str, str], int] = {}
        self._lagged = False
        self._ready = asyncio.Event()

    async def __aenter__(self) -> Subscription:
        for key in self._keys:
            self._room.listeners[key].add(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        for key in self._keys:
            self._room.leave(key, self)
        self._keys.clear()

    def watch(self, key: Key) -> None:
        self._keys.add(key)
        self._room.listeners[key].add(self)

    def unwatch(self, key: Key) -> None:
        self._keys.discard(key)
        self._room.leave(key, self)

    def push(self, hint: Hint) -> None:
        where = (hint.topic, hint.id)
        if where not in self._pending and len(self._pending) >= MOST_PENDING:
            self._lagged = True
        elif hint.topic == "typing":
            self._pending[where] = hint.number
        else:
            self._pending[where] = max(hint.number, self._pending.get(where, 0))
        self._ready.set()

    def lag(self) -> None:
        self._lagged = True
        self._ready.set()

    def __aiter__(self) -> AsyncIterator[Hint | Lagged]:
        return self

    async def __anext__(self) -> Hint | Lagged:
        await self._ready.wait()
        if self._lagged:
            self._lagged = False
            self._pending.clear()
            self._ready.clear()
            return Lagged()
        (topic, id_), number = next(iter(self._pending.items()))
        del self._pending[topic, id_]
        if not self._pending:
            self._ready.clear()
        return Hint(topic, id_, number)


class Bus(Protocol):
    """Two bodies: in memory for one process, through Redis for many."""

    def publish(self, hints: Iterable[Hint]) -> None:
        """Wake whoever listens. Never waits, never raises; call it on the event loop."""

    def subscribe(self, *keys: Key) -> Subscription: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class LocalBus:
    """Wakes the subscribers of this process."""

    def __init__(self) -> None:
        self.listeners: defaultdict[Key, set[Subscription]] = defaultdict(set)

    def publish(self, hints: Iterable[Hint]) -> None:
        for hint in hints:
            for key in ((hint.topic, hint.id), (hint.topic, None)):
                for subscription in self.listeners.get(key, ()):
                    subscription.push(hint)

    def subscribe(self, *keys: Key) -> Subscription:
        return Subscription(self, keys)

    def leave(self, key: Key, subscription: Subscription) -> None:
        if key in self.listeners:
            self.listeners[key].discard(subscription)
            if not self.listeners[key]:
                del self.listeners[key]

    def lag(self) -> None:
        for subscriptions in list(self.listeners.values()):
            for subscription in subscriptions:
                subscription.lag()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None


class RedisBus(LocalBus):
    """Own subscribers are woken directly; other processes by one publish for each group.

    With Redis gone, publishing is dropped and listening retried; nobody else notices more than
    the second their own look takes.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._node = ids.new()
        self._redis: redis.Redis = redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._listen_redis: redis.Redis = redis.from_url(url, socket_connect_timeout=2)
        self._outgoing: list[Hint] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def publish(self, hints: Iterable[Hint]) -> None:
        group = list(hints)
        super().publish(group)
        if len(self._outgoing) < 10 * MOST_PENDING:
            self._outgoing.extend(group)
            self._wake.set()

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in (self._redis, self._listen_redis):
            with contextlib.suppress(RedisError, OSError):
                await client.aclose()

    async def _tell(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            group, self._outgoing = self._outgoing, []
            body = msgspec.json.encode([self._node, group])
            try:
                await self._redis.publish(CHANNEL, body)
            except (RedisError, OSError):
                log.warning("bus.not_told", hints=len(group))
                await asyncio.sleep(0.2)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._listen_redis.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    self.lag()
                    async for message in pubsub.listen():
                        self._heard(message)
            except (RedisError, OSError):
                log.warning("bus.not_heard")
            await asyncio.sleep(0.5)

    def _heard(self, message: dict[str, Any]) -> None:
        if message.get("type") != "message":
            return
        try:
            node, hints = msgspec.json.decode(message["data"], type=tuple[str, list[Hint]])
        except msgspec.MsgspecError:
            log.warning("bus.nonsense")
            return
        if node != self._node:
            super().publish(hints)
