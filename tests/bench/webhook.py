"""A call that arrives, whole: signature, one work on SQLite, the document; beside an empty page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import count
from urllib.parse import urlencode

import uvloop
from twilio.request_validator import RequestValidator

from app.definition import files
from tests.bench.machine import (
    CLIENT_CORE,
    SERVER_CORE,
    cpu_seconds,
    go_first,
    percentile,
    pin,
)
from tests.bench.serving import SERVICE, Serving, serving

ACCOUNT, TOKEN = "AC" + "0" * 32, "a bench token, no secret"
NOWHERE = "http://127.0.0.1:9"
CALLS, AT_ONCE = 400, 8
CALM, CALM_SECONDS = 20, 4.0

Ask = Callable[["Wire", int], Awaitable[None]]


class Wire:
    """One kept-open connection; one request after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, head: str, body: bytes = b"") -> bytes:
        """The body of the answer. Raises when the status is not 200."""
        size = f"Content-Length: {len(body)}\r\n" if body else ""
        self._writer.write(f"{head}Host: localhost\r\n{size}\r\n".encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise AssertionError(answer[:200].decode())
        length = answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        return await self._reader.readexactly(int(length))


def run() -> None:
    pin(SERVER_CORE)
    carrier = {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE": NOWHERE,
    }
    with serving("SQLite", more=carrier) as server:
        go_first(server.pid)
        pin(CLIENT_CORE)
        uvloop.run(_measure(server))


async def _measure(server: Serving) -> None:
    wires = [Wire(*await asyncio.open_connection("127.0.0.1", server.port)) for _ in range(AT_ONCE)]
    numbers = count()
    print(f"{'':24}{'a second':>10}{'us/each':>9}{'p50 ms':>8}{'p99 ms':>8}")
    for what, ask in (("an empty page", _empty), ("a call that arrives", _caller(server))):
        busy = await _closed(server, wires, ask, numbers)
        calm = await _open(wires, ask, numbers)
        print(
            f"{what:24}{busy[0]:10.0f}{busy[1] * 1e6:9.0f}"
            f"{percentile(calm, 50) * 1e3:8.1f}{percentile(calm, 99) * 1e3:8.1f}"
        )
    print(f"{CALLS} of each, {AT_ONCE} at once; times at {CALM} a second")


async def _empty(wire: Wire, _: int) -> None:
    await wire.ask("GET /healthz HTTP/1.1\r\n")


def _caller(server: Serving) -> Ask:
    service = files.load(files.EXAMPLES / f"{SERVICE}.toml")
    line = next(each for each in service.lines if "voice" in each.channels)
    signer = RequestValidator(TOKEN)
    address = f"http://localhost:{server.port}/telephony/voice"

    async def ask(wire: Wire, number: int) -> None:
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": f"CA{number:032x}",
            "CallStatus": "ringing",
            "Direction": "inbound",
            "From": f"+44770090{number % 1000:04d}",
            "To": line.number,
        }
        head = (
            "POST /telephony/voice HTTP/1.1\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {signer.compute_signature(address, form)}\r\n"
        )
        answer = await wire.ask(head, urlencode(form).encode())
        assert b"<Response>" in answer, answer
        assert b"999" in answer, "the emergency words come first"

    return ask


async def _closed(
    server: Serving, wires: Sequence[Wire], ask: Ask, numbers: Iterator[int]
) -> tuple[float, float]:
    """Asked as fast as answered: how many a second, and seconds of server CPU for each."""
    begun, busy = time.perf_counter(), cpu_seconds(server.pid)

    async def one(wire: Wire) -> None:
        for _ in range(CALLS // AT_ONCE):
            await ask(wire, next(numbers))

    await asyncio.gather(*(one(wire) for wire in wires))
    lasted = time.perf_counter() - begun
    return CALLS / lasted, (cpu_seconds(server.pid) - busy) / CALLS


async def _open(wires: Sequence[Wire], ask: Ask, numbers: Iterator[int]) -> list[float]:
    """Seconds from the moment each was due to its answer."""
    free: asyncio.Queue[Wire] = asyncio.Queue()
    for wire in wires:
        free.put_nowait(wire)
    late: list[float] = []

    async def one(due: float) -> None:
        wire = await free.get()
        await ask(wire, next(numbers))
        late.append(time.perf_counter() - due)
        free.put_nowait(wire)

    begun = time.perf_counter() + 0.05
    asked = []
    for number in range(int(CALM * CALM_SECONDS)):
        due = begun + number / CALM
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(one(due)))
    await asyncio.gather(*asked)
    return late
