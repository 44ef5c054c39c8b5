"""Runs the rehearsal alone, so that the product can be stopped and started beside it.

    python -m telephony.rehearsal --port 8099 --product http://localhost:8000 \\
        --line +448081570142=Cumbria --phone +447700900231=Caller

The account is TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN; give the product the same, and
TWILIO_API_BASE=http://127.0.0.1:8099.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from telephony.rehearsal.acts import Rehearsal
from telephony.rehearsal.ringing import is_number
from telephony.rehearsal.values import Line

UI = Path(__file__).parents[2] / "widgets" / "ui"
PHONES = ("+447700900231=Caller", "+447700900184=On-call phone")


def main() -> None:
    asked = arguments()
    sid = os.environ.get("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    token = os.environ.get("TWILIO_AUTH_TOKEN", "rehearsal")
    rehearsal = Rehearsal(
        account_sid=sid,
        auth_token=token,
        lines=[line(pair, asked.product) for pair in asked.line],
        phones=[named(pair) for pair in asked.phone or PHONES],
        speed=asked.speed,
    )
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", asked.port))
        except OSError:
            sys.exit(f"Port {asked.port} is taken. Give another with --port.")
        door.listen()
        sys.stdout.write(f"Rehearsal phones: http://localhost:{asked.port}/rehearsal\n")
        sys.stdout.flush()
        served = uvicorn.Config(application(rehearsal), log_level="warning")
        uvicorn.Server(served).run(sockets=[door])


def application(rehearsal: Rehearsal) -> Starlette:
    """The rehearsal as an application of its own, with the two shared style sheets."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await rehearsal.start()
        yield
        await rehearsal.stop()

    async def home(_: Request) -> Response:
        return RedirectResponse("/rehearsal")

    shared = Mount("/ui", StaticFiles(directory=UI))
    return Starlette(routes=[Route("/", home), shared, *rehearsal.routes], lifespan=lifespan)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rehearsal", description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--product", default="http://localhost:8000", help="where webhooks go")
    parser.add_argument("--line", action="append", required=True, metavar="NUMBER=LABEL")
    parser.add_argument("--phone", action="append", metavar="NUMBER=LABEL")
    parser.add_argument("--speed", type=float, default=1.0, help="1 is real time")
    asked = parser.parse_args()
    for pair in [*asked.line, *(asked.phone or ())]:
        if not is_number(named(pair)[0]):
            parser.error(f"{pair!r} does not begin with a number such as +448081570142")
    if not 0 < asked.port < 65536:
        parser.error(f"there is no port {asked.port}; take one from 1 to 65535")
    if asked.speed <= 0:
        parser.error("the speed must be above 0")
    return asked


def named(pair: str) -> tuple[str, str]:
    number, _, label = pair.partition("=")
    return number, label or number


def line(pair: str, product: str) -> Line:
    number, label = named(pair)
    base = product.rstrip("/")
    return Line(number, label, f"{base}/telephony/voice", f"{base}/telephony/sms")


if __name__ == "__main__":
    main()
