"""What coming back costs with a short story behind it, and with a long one."""

from __future__ import annotations

import asyncio
import time

import msgspec
import uvloop

from tests.bench.line import Line, enter
from tests.bench.load import Pair, settled
from tests.bench.machine import CLIENT_CORE, SERVER_CORE, go_first, percentile, pin
from tests.bench.serving import Serving, serving

SHORT, LONG = 100, 10_000
TIMES, MISSED, BATCH = 300, 20, 100


def run() -> None:
    pin(SERVER_CORE)
    with serving("SQLite") as server:
        go_first(server.pid)
        pin(CLIENT_CORE)
        uvloop.run(_measure(server))


async def _measure(server: Serving) -> None:
    stories = {length: await _story(server, length) for length in (SHORT, LONG)}
    taken: dict[int, list[float]] = {length: [] for length in stories}
    for _ in range(TIMES):
        for length, (token, epoch) in stories.items():
            taken[length].append(await _back(server, token, epoch, length))
    medians = {length: percentile(each, 50) * 1e3 for length, each in taken.items()}
    for length, each in taken.items():
        print(
            f"{length:6} messages, {MISSED} missed: hello to the last of them "
            f"p50 {medians[length]:.2f} ms, p99 {percentile(each, 99) * 1e3:.1f} ms"
        )
    print(f"the long story costs {medians[LONG] / medians[SHORT]:.2f} times the short one")


async def _story(server: Serving, length: int) -> tuple[str, str]:
    """A conversation of that many messages: its resume token and epoch."""
    writer, welcome = await enter(server.port, server.frame_token())
    reader, _ = await enter(server.port, welcome.token)
    pair = Pair(welcome.conversation, length, writer, reader)
    for _ in range(length // BATCH):
        for _ in range(BATCH):
            pair.say()
        await settled([pair])
    writer.close()
    reader.close()
    return welcome.token, welcome.epoch


async def _back(server: Serving, token: str, epoch: str, head: int) -> float:
    """Seconds from hello to the last line missed."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    last = f'"seq":{head},'.encode()

    def heard(raw: bytes) -> None:
        if raw.startswith(b'{"t":"message"') and last in raw and not done.done():
            done.set_result(None)

    _, line = await asyncio.get_running_loop().create_connection(
        lambda: Line(heard), "127.0.0.1", server.port
    )
    await line.opened()
    cursor = {"epoch": epoch, "seq": head - MISSED}
    begun = time.perf_counter()
    line.say(msgspec.json.encode({"t": "hello", "v": 1, "token": token, "cursor": cursor}))
    await asyncio.wait_for(done, 20)
    took = time.perf_counter() - begun
    line.close()
    return took
