"""The phone line beside its webhook: from accept to the phones, 300 who wait, and the import.

The first three rows are one process with the rehearsal as its carrier, so they hold the carrier's
own work too. `the caller is told` counts the seconds that the carrier is given to say who left.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from os import getloadavg
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
import uvloop
from twilio.request_validator import RequestValidator

from app import ids
from app.auth.policy import Role
from app.auth.staff import Joining, join
from app.bus import LocalBus
from app.clock import Clock
from app.crypto import read_root_keys
from app.db import Database
from app.definition import acts, files
from app.definition.model import Service
from app.keyring import Keyring
from app.log import configure
from routing import acts as routing
from routing.tables import offers, seats
from telephony.rehearsal.answers import Answer
from telephony.rehearsal.values import Asked
from telephony.tables import calls
from tests.bench.machine import CLIENT_CORE, SERVER_CORE, cpu_seconds, go_first, percentile, pin
from tests.bench.serving import SERVICE, Serving, serving
from tests.bench.webhook import ACCOUNT, NOWHERE, TOKEN, Wire
from tests.processes import scratch_folder
from tests.telephony.night import LINE, MAYA, RUTH, Night, a_night

ROUNDS = 8
_OFFERED = sa.select(offers.c.contact).where(offers.c.answer == "")
_LIVE = sa.select(calls.c.sid).where(calls.c.live.is_(True))
WAITING, EVERY, SECONDS = 300, 20.0, 10.0
"""Callers in the queue, seconds between two documents of one of them, seconds measured."""


def run() -> None:
    configure("CRITICAL", "text")
    print(f"load {getloadavg()[0]:.1f}")
    _imported()
    uvloop.run(_to_the_phones())
    pin(SERVER_CORE)
    carrier = {
        "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_BASE": NOWHERE,
    }  # fmt: skip
    with serving("SQLite", more=carrier) as server:
        go_first(server.pid)
        pin(CLIENT_CORE)
        uvloop.run(_waiting(server))


def _imported() -> None:
    code = (
        "import sys, time, app.main; "
        "print(f'{time.process_time():.2f} s of CPU; the REST client loaded:', "
        "'twilio.rest' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    print(f"import of the application {told.stdout.strip()}")


class Stopwatch:
    """When the carrier was asked for something."""

    def __init__(self, night: Night) -> None:
        self.asked: list[tuple[float, str]] = []
        rest = night.rehearsal.rest

        def timed(asked: Asked) -> Answer:
            if asked.method == "POST":
                self.asked.append((time.perf_counter(), asked.path))
            return rest(asked)

        night.rehearsal.rest = timed  # type: ignore[method-assign]  # a watch in its hand

    def after(self, begun: float, ending: str) -> float | None:
        """Seconds from `begun` to the first request whose path ends so."""
        return next((at - begun for at, path in self.asked if at >= begun and ending in path), None)


async def _to_the_phones() -> None:
    folder = scratch_folder("bench-phone")
    rung, moved, told = list[float](), list[float](), list[float]()
    try:
        async with a_night(folder) as night:
            watch = Stopwatch(night)
            await night.on_duty("Maya")
            await _one(night, watch, [], [], [])  # the first opens the client, and is not counted
            for _ in range(ROUNDS):
                await _one(night, watch, rung, moved, told)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'':52}{'p50 ms':>8}{'p95 ms':>8}")
    for what, late in (
        ("accept pressed, to the advisor's leg requested", rung),
        ("the advisor presses 1, to the caller's redirect", moved),
        ("the advisor's leg lost, to the caller being told", told),
    ):
        ms = [each * 1e3 for each in late]
        print(f"{what:52}{percentile(ms, 50):8.0f}{percentile(ms, 95):8.0f}")


async def _one(
    night: Night, watch: Stopwatch, rung: list[float], moved: list[float], told: list[float]
) -> None:
    carrier = night.rehearsal
    call = await carrier.ring(RUTH, LINE)
    begun = await _accepted(night)
    await _until(night, lambda: watch.after(begun, "/Calls.json"), rung)
    await carrier.rings(MAYA)
    await carrier.answer(MAYA)
    await carrier.until(lambda: _is_asked(night))
    begun = time.perf_counter()
    await carrier.press(MAYA, "1")
    await _until(night, lambda: watch.after(begun, call), moved)
    await carrier.until(lambda: (leg := carrier.call(RUTH)) is not None and leg.talking)
    heard = max(one.number for one in carrier.table.handset(RUTH).spoken)
    begun = time.perf_counter()
    await carrier.advisor_drops_out(MAYA)
    await carrier.until(lambda: _is_told(night, heard))
    told.append(time.perf_counter() - begun)
    await carrier.hang_up(RUTH)
    await night.until(lambda work: None if work.run(_OFFERED).first() else True)
    await night.until(lambda work: None if work.run(_LIVE).first() else True)
    await night.ground.db.write(lambda work: work.run(seats.update().values(load=0)) and None)


def _is_told(night: Night, heard: int) -> bool:
    """Ruth hears, after what she has `heard`, that her advisor was lost."""
    spoken = night.rehearsal.table.handset(RUTH).spoken
    return any(one.number > heard and "lost your advisor" in one.words for one in spoken)


def _is_asked(night: Night) -> bool:
    """Maya's phone waits for a key."""
    leg = night.rehearsal.call(MAYA)
    scripts = (leg.aside, leg.main) if leg is not None else ()
    return any(script is not None and script.gathering is not None for script in scripts)


async def _accepted(night: Night) -> float:
    """The moment in which Maya presses accept."""
    pressed = 0.0
    write = night.ground.db.write

    async def timed(*args: object, **more: object) -> object:
        nonlocal pressed
        if args[0] is routing.accept:
            pressed = time.perf_counter()
        return await write(*args, **more)  # type: ignore[arg-type]  # passed on as it came

    night.ground.db.write = timed  # type: ignore[assignment,method-assign]  # a watch in its hand
    try:
        await night.accepts("Maya")
    finally:
        night.ground.db.write = write  # type: ignore[method-assign]  # as it was
    return pressed


async def _until(night: Night, seen: Callable[[], float | None], late: list[float]) -> None:
    found = await night.rehearsal.until(seen)
    assert found is not None
    late.append(found)


async def _waiting(server: Serving) -> None:
    service = await _patient(server)
    line = next(each for each in service.lines if "voice" in each.channels)
    addresses = []
    wire = Wire(*await asyncio.open_connection("127.0.0.1", server.port))
    for number in range(WAITING):
        form = _form(number, line.number)
        said = await _post(server, wire, "/telephony/voice", form)
        while b"waitUrl" not in said:
            found = re.search(rb"<Redirect[^>]*>([^<]+)<", said)
            assert found is not None, said
            said = await _post(server, wire, _path(found[1]), form)
        found = re.search(rb'waitUrl="([^"]+)"', said)
        assert found is not None, said
        addresses.append((_path(found[1]), form))
    await asyncio.sleep(2)
    idle = cpu_seconds(server.pid)
    await asyncio.sleep(SECONDS / 2)
    idle = (cpu_seconds(server.pid) - idle) / (SECONDS / 2)
    wires = [Wire(*await asyncio.open_connection("127.0.0.1", server.port)) for _ in range(8)]
    begun, busy = time.perf_counter(), cpu_seconds(server.pid)
    asked, stayed = int(WAITING / EVERY * SECONDS), 0
    for at in count():
        if at == asked:
            break
        await asyncio.sleep(max(0.0, begun + at * EVERY / WAITING - time.perf_counter()))
        path, form = addresses[at % WAITING]
        said = await _post(server, wires[at % len(wires)], path, form | {"QueueTime": "45"})
        stayed += b"<Play>" in said
    lasted = time.perf_counter() - begun
    share = (cpu_seconds(server.pid) - busy) / lasted
    print(
        f"{WAITING} callers wait: {share:.1%} of a core, {idle:.1%} of it without their documents; "
        f"{(share - idle) * lasted / asked * 1e6:.0f} us a document; "
        f"{stayed} of {asked} heard the hold sound, the others were led on to a number"
    )


async def _patient(server: Serving) -> Service:
    """The same service with an hour on each rung and one advisor: whoever waits goes on waiting."""
    service = files.load(files.EXAMPLES / f"{SERVICE}.toml")
    ladder = tuple(replace(rung, seconds=3600) if rung.seconds else rung for rung in service.ladder)
    patient = replace(service, ladder=ladder)
    db = Database(server.environ["DATABASE_URL"], LocalBus(), Clock())
    await db.start()
    await db.write(acts.apply, "operator", patient)
    keyring = Keyring(read_root_keys(Path(server.environ["FRONTDOOR_KEYS"])))
    who = Joining(
        ids.new(), service.key, service.central.key, Role.ADVISOR, "maya@bench.example",
        "Maya", "Maya", None, (), service.languages, 2,
    )  # fmt: skip
    await db.write(join, keyring, who, "nobody signs in")
    await db.write(routing.go_on_duty, who.id, 3600)
    await db.stop()
    await asyncio.sleep(3)  # the server reads the definitions in force every second
    return patient


def _form(number: int, line: str) -> dict[str, str]:
    return {
        "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallSid": f"CA{number:032x}",
        "CallStatus": "in-progress", "Direction": "inbound",
        "From": f"+44770090{number:04d}", "To": line,
    }  # fmt: skip


def _path(address: bytes) -> str:
    return urlsplit(address.decode().replace("&amp;", "&")).path


async def _post(server: Serving, wire: Wire, path: str, form: dict[str, str]) -> bytes:
    signed = RequestValidator(TOKEN).compute_signature(
        f"http://localhost:{server.port}{path}", form
    )
    head = (
        f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signed}\r\n"
    )
    return await wire.ask(head, urlencode(form).encode())
