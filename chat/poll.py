"""The same chat where a network lets no socket through: POST /chat/v1/poll, again and again.

A line is a session behind another shell. A poll brings frames and takes what waits; with nothing
to tell it is held. One poll waits at a time: a younger one sends the older home. Whoever stops
polling is gone like a closed socket. It opens by tokens alone, and every limit names the number.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app import ids
from app.log import log
from chat import frames
from chat.answers import Answers
from chat.pace import POLLS, Pacer
from chat.socket import MOST_UNREAD
from chat.visit import Door, Visit

HOLD = 25.0
"""Seconds after which a poll is answered with nothing: less than any proxy's patience."""
ABSENT = 20.0
"""Seconds without a poll after which nobody is there: as long as a socket has for its pong."""
GATHER = 0.02
"""Seconds in which several frames become one answer."""
IN_TURN = 5.0
"""Seconds a poll waits for the one before it, which another connection carries."""
MOST_LINES = 2_000
MOST_OF_NETWORK = 60
MOST_FRAMES = 16
LONGEST_POLL = 2 * frames.LONGEST_FRAME
"""Bytes."""
AGAIN = 1012
"""Close code: no such line here. Come back by the cursor, with a hello."""
HEADERS = {"Access-Control-Allow-Origin": "*"}


class Poll(Struct, frozen=True):
    """`line` is empty the first time; `n` counts the polls of a line from 1."""

    line: Annotated[str, Meta(max_length=64)]
    n: Annotated[int, Meta(ge=1)]
    frames: Annotated[list[Raw], Meta(max_length=MOST_FRAMES)]


class Answer(Struct, frozen=True, omit_defaults=True):
    """`close` ends the line, with the meaning of a socket's close code."""

    line: str
    frames: list[Struct]
    close: int | None = None


_poll = msgspec.json.Decoder(Poll)


class VisitorPoll:
    """One for each process; called once for each poll."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.lines: dict[str, PolledLine] = {}
        self.networks: Counter[str] = Counter()
        self._ending: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        answer = await self._answer(body, self.door.network(scope), receive)
        if answer is not None:
            told = Response(msgspec.json.encode(answer), 200, HEADERS, "application/json")
            await told(scope, receive, send)

    async def stop(self) -> None:
        """Every line ends, and what it began is carried to its end."""
        for line in list(self.lines.values()):
            self.end(line)
        if self._ending:
            await asyncio.wait(self._ending)

    async def _answer(self, body: bytes, network: str, receive: Receive) -> Answer | None:
        said = _read(body)
        if isinstance(said, frames.Problem):
            log.info("chat.bad_poll", code=said.code)
            number = self.door.number_for()
            error = frames.Error(said.code, said.words, number=number)
            return Answer("", [error], said.close)
        line = self.lines.get(said.line) if said.line else await self._begin(said, network)
        if isinstance(line, Answer):
            return line
        if line is None:
            return Answer("", [], AGAIN)
        return await line.answer(said, receive)

    async def _begin(self, said: Poll, network: str) -> PolledLine | Answer:
        """A new line, or the answer that says why there is none."""
        if self.door.switchboard.closing:
            return Answer("", [], AGAIN)
        line = PolledLine(self, network)
        crowded = network and self.networks[network] >= MOST_OF_NETWORK
        if crowded or len(self.lines) >= MOST_LINES:
            return line.turned_away(self.door.number_for(_token(said)))
        self.lines[line.id] = line
        self.networks[network] += 1
        return line

    def end(self, line: PolledLine) -> None:
        """Like a socket that closed. Twice is once."""
        if self.lines.pop(line.id, None) is None:
            return
        self.networks[line.network] -= 1
        if not self.networks[line.network]:
            del self.networks[line.network]
        task = asyncio.create_task(line.over())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


class PolledLine:
    """One visitor's polls, from hello to the last."""

    def __init__(self, polls: VisitorPoll, network: str) -> None:
        self.id = ids.token()
        self.network = network
        self._polls = polls
        self._clock = polls.door.ground.clock
        self._out = Answers(MOST_UNREAD)
        self._visit = Visit(polls.door, self._out, network)
        self._pacer = Pacer(POLLS)
        self._n = 0
        self._turn = asyncio.Condition()
        self._younger = asyncio.Event()
        self._absent: asyncio.TimerHandle | None = None

    async def answer(self, said: Poll, receive: Receive) -> Answer | None:
        """Take the frames, then whatever waits, or wait for it. None when the peer hung up."""
        wait, flooding = self._pacer.hurry(self._clock.now())
        if flooding or not await self._in_turn(said.n):
            self._polls.end(self)
            return Answer("", [], 4029 if flooding else AGAIN)
        self._younger.set()
        younger = self._younger = asyncio.Event()
        if self._absent is not None:
            self._absent.cancel()
        try:
            await self._take(said)
            if wait is not None:
                await asyncio.sleep(min(wait, 1.0))
            here = await self._news(younger, receive)
        finally:
            if self._younger is younger:
                loop = asyncio.get_running_loop()
                self._absent = loop.call_later(ABSENT, self._polls.end, self)
        if not here:
            self._polls.end(self)
            return None
        told, close = self._out.take()
        if close is not None:
            self._polls.end(self)
        return Answer(self.id if close is None else "", told, close)

    def turned_away(self, number: str | None) -> Answer:
        words = "Too many chats are open from this network. Please call."
        self._visit.hosted.carry(self._visit.session.refused("slow_down", words, 4029, number))
        return Answer("", *self._out.take())

    async def over(self) -> None:
        if self._absent is not None:
            self._absent.cancel()
        await self._visit.over()

    async def _in_turn(self, n: int) -> bool:
        """False for a poll that came before, or whose elder never comes."""
        async with self._turn:
            try:
                async with asyncio.timeout(IN_TURN):
                    await self._turn.wait_for(lambda: self._n >= n - 1)
            except TimeoutError:
                return False
            if self._n != n - 1:
                return False
            self._n = n
            self._turn.notify_all()
            return True

    async def _take(self, said: Poll) -> None:
        """The frames of a poll, in order; hello is carried to its end before the next."""
        visit = self._visit
        async with self._turn:
            for raw in said.frames:
                if self._out.closing:
                    return
                frame = _frame(raw)
                if isinstance(frame, frames.Problem):
                    log.info("chat.bad_frame", code=frame.code)
                visit.hosted.carry(visit.session.receive(frame, self._clock.now()))
                await visit.settled()
                await visit.hosted.room()
            if visit.session.entry is None:
                visit.hosted.carry(visit.session.late(self._polls.door.number_for()))

    async def _news(self, younger: asyncio.Event, receive: Receive) -> bool:
        """Until there is something to tell, a younger poll, or nobody. False for nobody."""
        waits: set[asyncio.Task[Any]] = {
            _task(self._out.news.wait()), _task(younger.wait()), hung_up := _task(_hung_up(receive))
        }  # fmt: skip
        try:
            await asyncio.wait(waits, timeout=HOLD, return_when=asyncio.FIRST_COMPLETED)
            if self._out.news.is_set() and not self._out.closing:
                await asyncio.wait({hung_up}, timeout=GATHER)
            return not hung_up.done()
        finally:
            for each in waits:
                each.cancel()


def _token(said: Poll) -> str:
    first = _frame(said.frames[0]) if said.frames else None
    return first.token if isinstance(first, frames.Hello) else ""


def _frame(raw: Raw) -> frames.FromVisitor | frames.Problem:
    return frames.parse(bytes(raw).decode(errors="replace"))


def _task(wait: Awaitable[Any]) -> asyncio.Task[Any]:
    return asyncio.ensure_future(wait)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive) -> bytes | None:
    """The whole body, no further than we read; None when the peer hung up."""
    body = b""
    while len(body) <= LONGEST_POLL:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


def _read(body: bytes) -> Poll | frames.Problem:
    if len(body) > LONGEST_POLL:
        return frames.Problem("too_large", "That poll is longer than we read.", close=4009)
    try:
        return _poll.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return frames.Problem("bad_frame", "We could not read that.", close=4002)
