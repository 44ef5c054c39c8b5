"""The rehearsal: the exchange, a clock, an HTTP client, and the acts of people at phones.

All state is in memory. `speed` makes the exchange's own time run faster, never HTTP's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar, assert_never
from uuid import uuid4

from starlette.routing import BaseRoute

from telephony.rehearsal import page, rest
from telephony.rehearsal.answers import Answer
from telephony.rehearsal.exchange import Exchange
from telephony.rehearsal.post import Post
from telephony.rehearsal.state import Call
from telephony.rehearsal.table import Handset, Json, Table, Texted, state
from telephony.rehearsal.values import (
    Asked,
    Cannot,
    CannotDo,
    Effect,
    Got,
    Hear,
    Line,
    Note,
    Send,
    Wake,
)

T = TypeVar("T")
STOPPING = 2.0


class Rehearsal:
    """A carrier on this computer: `routes` to mount, `start` and `stop`, and acts to call.

    Numbers are E.164. `phones` are (number, label) pairs that lie on the table from the start;
    any other number that is rung joins them, under its name in `names`. Acts raise CannotDo if
    they make no sense now.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        lines: Iterable[Line],
        phones: Iterable[tuple[str, str]] = (),
        names: Mapping[str, str] = MappingProxyType({}),
        speed: float = 1.0,
        seconds_between_calls: float = 0.0,
        api_key: tuple[str, str] | None = None,
        seed: str = "",
    ) -> None:
        self.account_sid = account_sid
        self.credentials = {account_sid: auth_token} | dict([api_key] if api_key else [])
        self.lines = tuple(lines)
        self.speed = speed
        self._began = (time.time(), time.monotonic())
        self.exchange = Exchange(
            account_sid,
            self.lines,
            seed or uuid4().hex,
            seconds_between_calls=seconds_between_calls,
        )
        self.table = Table(phones, names, self.now())
        self._post = Post(auth_token)
        self._errands: set[asyncio.Task[None]] = set()
        self._alarms: set[asyncio.TimerHandle] = set()
        self._changed = asyncio.Event()
        self._running = False

    @cached_property
    def routes(self) -> list[BaseRoute]:
        """`/2010-04-01/...`, `/rehearsal` and everything below it."""
        return [*rest.routes(self), *page.routes(self)]

    async def start(self) -> None:
        await self._post.start()
        self._running = True

    async def stop(self) -> None:
        """Ends all calls of the exchange's memory without telling anyone, as a power cut would."""
        self._running = False
        for alarm in self._alarms:
            alarm.cancel()
        self._alarms.clear()
        for errand in list(self._errands):
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self._post.stop()
        self._tell()

    def now(self) -> float:
        """The exchange's time: seconds since 1970, run ahead by `speed`."""
        wall, mark = self._began
        return wall + (time.monotonic() - mark) * self.speed

    # Acts at a phone.

    async def ring(self, phone: str, line: str, *, withheld: bool = False) -> str:
        """Rings a line; answers the CallSid. Withheld: the carrier gives From=anonymous."""
        if not any(call.live for call in self.exchange.board.calls.values()):
            self.table.begin(self.now())
        self._do(self.exchange.ring(phone, line, self.now(), withheld=withheld))
        call = self.call(phone)
        return call.sid if call is not None else ""

    async def press(self, phone: str, keys: str) -> None:
        """Presses keys 0-9, * and #, one after the other."""
        self._do(self.exchange.press(phone, keys, self.now()))

    async def speak(self, phone: str, words: str) -> None:
        """Says words into this phone; a message being recorded keeps them."""
        self._do(self.exchange.speak(phone, words, self.now()))

    async def hang_up(self, phone: str) -> None:
        self._do(self.exchange.hang_up(phone, self.now()))

    async def lose_signal(self, phone: str) -> None:
        self._do(self.exchange.lose_signal(phone, self.now()))

    async def answer(self, phone: str, by: str = "human") -> None:
        """`by`: human, machine_start, fax or unknown, as machine detection would tell it."""
        self._do(self.exchange.answer(phone, self.now(), by))

    async def decline(self, phone: str) -> None:
        self._do(self.exchange.decline(phone, self.now()))

    async def no_answer(self, phone: str) -> None:
        """Nobody picks up: the ringing time of this phone is over at once."""
        self._do(self.exchange.ignore(phone, self.now()))

    async def text(self, phone: str, line: str, words: str) -> None:
        """Sends a text from this phone to a line."""
        self._do(self.exchange.text(phone, line, words, self.now()))

    async def add_phone(self, number: str = "", label: str = "") -> Handset:
        """Lays another handset on the table; without a number, a free invented one."""
        free = (f"+447700900{n}" for n in range(200, 1000))
        number = number or next(one for one in free if one not in self.table.handsets)
        handset = self.table.handset(number, label)
        self._tell()
        return handset

    # What can go wrong.

    async def same_callback_twice(self) -> None:
        self._do(self.exchange.repeat_next(self.now()))

    async def late_callback(self) -> None:
        self._do(self.exchange.delay_next(self.now()))

    async def callback_lost(self) -> None:
        self._do(self.exchange.lose_next(self.now()))

    async def carrier_refuses(self, status: int = 429, asked: str = "") -> None:
        """The next request, or the next that `asked` is part of: "POST", or a name of the path."""
        self._do(self.exchange.refuse_next(self.now(), status, asked))

    async def withhold_next(self) -> None:
        self._do(self.exchange.withhold_next(self.now()))

    async def advisor_drops_out(self, phone: str | None = None) -> None:
        """The rung phone that talks loses its leg: this one, or the last that joined."""
        self._do(self.exchange.drop_advisor(self.now(), phone))

    # What a person at a phone can tell.

    def call(self, phone: str) -> Call | None:
        """The leg this phone holds now, ringing or answered."""
        return self.exchange.board.on_call(phone)

    def state(self, phone: str) -> str:
        """`idle`, `ringing`, `calling` or `in call`."""
        return state(self.call(phone))

    def heard(self, phone: str) -> list[str]:
        """Everything that reached this ear, oldest first; sounds stand in brackets."""
        return [one.words for one in self.table.handset(phone).spoken if one.how != "self"]

    def texts(self, phone: str) -> list[Texted]:
        """The texts on this phone, oldest first; `mine` marks those sent from it."""
        return list(self.table.handset(phone).texts)

    @property
    def errors(self) -> list[Note]:
        """Everything shown as an error so far: TwiML faults, refused requests, dead webhooks."""
        return list(self.table.errors)

    def picture(self) -> Json:
        return self.table.picture(self.exchange.board, self.now()) | {"speed": self.speed}

    async def until(self, condition: Callable[[], T], within: float = 15.0) -> T:
        """Waits, without polling, until the condition is truthy; TimeoutError after `within` s."""
        async with asyncio.timeout(within):
            while not (found := condition()):
                await self._changed.wait()
        return found

    async def hears(self, phone: str, words: str, within: float = 15.0) -> str:
        """Waits until this ear has heard these words; answers the whole sentence."""
        return await self.until(
            lambda: next((one for one in self.heard(phone) if words in one), ""), within
        )

    async def rings(self, phone: str, within: float = 15.0) -> None:
        """Waits until this phone rings."""
        await self.until(lambda: self.state(phone) == "ringing", within)

    async def receives(self, phone: str, words: str, within: float = 15.0) -> Texted:
        """Waits until a text with these words has reached this phone."""

        def found() -> Texted | None:
            theirs = (one for one in self.texts(phone) if not one.mine)
            return next((one for one in theirs if words in one.words), None)

        text = await self.until(found, within)
        assert text is not None
        return text

    def next_change(self) -> asyncio.Event:
        """Set at the next change of anything."""
        return self._changed

    def rest(self, asked: Asked) -> Answer:
        """A REST request whose credentials were right."""
        answer, effects = self.exchange.rest(asked, self.now())
        self._do(effects)
        return answer

    # Carrying effects out.

    def _do(self, effects: list[Effect]) -> None:
        cannot: Cannot | None = None
        for effect in effects:
            match effect:
                case Send():
                    self._begin(self._errand(effect))
                case Wake():
                    self._set(effect)
                case Hear():
                    self.table.hear(effect)
                case Got():
                    self.table.got(effect)
                case Note():
                    self.table.note(effect, self.now())
                case Cannot():
                    cannot = effect
                case _:
                    assert_never(effect)
        self._tell()
        if cannot is not None:
            raise CannotDo(f"{cannot.title}: {cannot.detail}" if cannot.detail else cannot.title)

    def _begin(self, errand: Coroutine[Any, Any, None]) -> None:
        if not self._running:
            errand.close()
            return
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _errand(self, send: Send) -> None:
        if send.after:
            await asyncio.sleep(send.after / self.speed)
        reply = await self._post.send(send)
        self._do(self.exchange.reply(send.ticket, reply, self.now()))

    def _set(self, wake: Wake) -> None:
        if not self._running:
            return
        seconds = max(0.0, wake.at - self.now()) / self.speed

        def ring() -> None:
            self._alarms.discard(handle)
            self._do(self.exchange.woke(wake.sid, wake.number, self.now()))

        handle = asyncio.get_running_loop().call_later(seconds, ring)
        self._alarms.add(handle)

    def _tell(self) -> None:
        told, self._changed = self._changed, asyncio.Event()
        told.set()
