"""Bent frames over real sockets to a real server process, while two good people go on talking.

Every line of bent frames ends with a good ask: it is answered, or the socket was closed with a code
that says why. 1011, a client that hears nothing, and an error in the log are falls (S9). 1006 is
none: whoever sends on into a closed socket may lose the code on the way.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app import ids
from tests.house import process_apart
from tests.proof.fuzz import CLOSES, LIFE, Count, Fell
from tests.proof.judge import judge
from tests.proof.kills import wrong_lines
from tests.proof.lines import ConsoleLine, VisitorLine
from tests.proof.mutations import CONSOLE, VISITOR, Frame, Raw, bent, filled
from tests.proof.scene import Cast, rows_at, scene
from tests.proof.storm import until

VISITORS, CONSOLES = 3, 2
CAST = Cast(advisors=2, conversations_each=1, alone=VISITORS)
GIVES_UP = 30.0
OURS = CLOSES - {1001, 1011, 1012, 1013} | {1000, 1006, 1007}
"""1007 is the websocket's own word for text that is no UTF-8 (RFC 6455, 8.1)."""


async def live(url: str, keys: Path, seed: int, frames: int) -> Count:
    """So many frames, from number 0 on. Raises Fell, and AssertionError for what the good saw."""
    apart = process_apart(url, keys, LOG_LEVEL="WARNING")
    made = await scene(url, keys, f"127.0.0.1:{apart.port}", CAST)
    bad_visitors, bad_console = made.visitors[2:], made.consoles[1]
    made.visitors, made.consoles = made.visitors[:1], made.consoles[:1]
    counted, numbers = Count(), iter(range(frames))
    good: list[asyncio.Task[None]] = []
    try:
        await asyncio.to_thread(apart.server.start)
        good = made.begin()
        bad: list[Face] = [_VisitorFace(line) for line in bad_visitors]
        desks: list[Face] = [_ConsoleFace(bad_console) for _ in range(CONSOLES)]
        async with asyncio.TaskGroup() as storm:
            for face in (*bad, *desks):
                storm.create_task(_bends(face, seed, numbers, counted))
            storm.create_task(_good(made.visitors[0], made.consoles[0], good, counted, frames))
        await until(lambda: made.settled, good)
        assert apart.server.running
        logged = wrong_lines(apart.server.folder / "log")
    finally:
        for task in good:
            task.cancel()
        await asyncio.gather(*good, return_exceptions=True)
        await asyncio.to_thread(apart.server.close)
    assert logged == [], f"seed {seed}: the log says {logged[:5]}"
    assert judge(made.recordings, await rows_at(url, keys, made)) == []
    return counted


async def _good(
    ella: VisitorLine,
    maya: ConsoleLine,
    tasks: Sequence[asyncio.Task[None]],
    counted: Count,
    frames: int,
) -> None:
    """A word to and fro for every so many bent frames; each is answered before the next."""
    (conversation,) = maya.sides
    for part in range(10):
        enough = functools.partial(_sent, counted, frames * part // 11)
        await until(enough, tasks, patience=None)
        await ella.say()
        await maya.say(conversation)
        await until(lambda: not ella.side.pending and not maya.sides[conversation].pending, tasks)


def _sent(counted: Count, wanted: int) -> bool:
    return counted.ends["sent"] >= wanted


@dataclass
class _VisitorFace:
    line: VisitorLine
    samples: Sequence[Frame] = VISITOR

    async def open(self) -> ClientConnection:
        return await _connected(f"ws://{self.line.address}/chat/v1/socket")

    async def hello(self, socket: ClientConnection) -> None:
        await _send(socket, {"t": "hello", "v": 1, "token": self.line.token, "cursor": None})
        welcome = await _hears(socket, lambda frame: frame["t"] in ("welcome", "error"))
        if welcome["t"] == "welcome":
            conversation = welcome["conversation"]
            self.samples = filled(VISITOR, self.line.token, conversation, "K")

    async def answers(self, socket: ClientConnection) -> None:
        """A word that was not said before is acknowledged, or refused by its id."""
        conversation = str(self.samples[1]["conversation"])
        id_ = ids.new()
        say = {"t": "say", "conversation": conversation, "client_id": id_, "text": "still open?"}
        await _send(socket, say)
        dashed = "-".join((id_[:8], id_[8:12], id_[12:16], id_[16:20], id_[20:]))
        await _hears(
            socket,
            lambda frame: (
                frame.get("client_id") in (id_, dashed)
                or frame.get("code") in ("not_yours", "ended")
            ),
        )


@dataclass
class _ConsoleFace:
    line: ConsoleLine
    samples: Sequence[Frame] = CONSOLE

    async def open(self) -> ClientConnection:
        return await _connected(f"ws://{self.line.address}/console/live")

    async def hello(self, socket: ClientConnection) -> None:
        await _send(socket, {"t": "hello", "v": 1, "ticket": await self.line.ticket()})
        desk = await _hears(socket, lambda frame: frame["t"] == "desk")
        for mine in desk["with_you"]:
            self.samples = filled(CONSOLE, "T", mine["conversation"], mine["contact"])

    async def answers(self, socket: ClientConnection) -> None:
        await _send(socket, {"t": "duty", "re": 987_654, "on": True})
        await _hears(
            socket, lambda frame: frame.get("re") == 987_654 or frame.get("code") == "hello_first"
        )


Face = _VisitorFace | _ConsoleFace


async def _bends(face: Face, seed: int, numbers: Iterator[int], counted: Count) -> None:
    for turn in count():
        chosen = list(islice(numbers, LIFE))
        if not chosen:
            return
        await _line(face, seed, chosen, counted, greeted=turn % 4 > 0)


async def _line(face: Face, seed: int, chosen: list[int], counted: Count, *, greeted: bool) -> None:
    """One line of bent frames, and as many more as it takes when the server closes it."""
    while chosen:
        socket = await face.open()
        number = chosen[0]
        raw: Raw = ""
        try:
            with suppress(ConnectionClosed):
                async with asyncio.timeout(GIVES_UP):
                    if greeted:
                        await face.hello(socket)
                    while chosen:
                        number = chosen.pop(0)
                        raw = bent(face.samples, seed, number)
                        counted.ends["sent"] += 1
                        await _send_raw(socket, raw)
                    await face.answers(socket)
        except Exception as problem:
            raise Fell(seed, number, raw, problem) from problem
        finally:
            await socket.close()
        code = socket.close_code
        counted.ends[f"closed {code}"] += code != 1000
        if code not in OURS:
            raise Fell(seed, number, raw, f"closed with {code}")


async def _connected(url: str) -> ClientConnection:
    return await connect(
        url, compression=None, ping_interval=None, open_timeout=GIVES_UP, close_timeout=5,
        proxy=None, max_size=None,
    )  # fmt: skip


async def _send(socket: ClientConnection, frame: Frame) -> None:
    await socket.send(json.dumps(frame))


async def _send_raw(socket: ClientConnection, raw: Raw) -> None:
    """Text that is no UTF-8 goes out as text all the same."""
    if isinstance(raw, bytes):
        await socket.send(raw)
    else:
        await socket.send(raw.encode(errors="surrogatepass"), text=True)


async def _hears(socket: ClientConnection, fits: Callable[[Frame], bool]) -> Frame:
    while True:
        frame: Frame = json.loads(await socket.recv())
        if frame["t"] == "error":
            assert frame["code"], "an error without a code"
            assert frame["words"], "an error without words"
        if fits(frame):
            return frame
