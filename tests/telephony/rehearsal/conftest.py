"""A rehearsal and a small product, both served on this computer, fifty times as fast as life."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from telephony.rehearsal.__main__ import application
from telephony.rehearsal.acts import Rehearsal
from telephony.rehearsal.values import Line
from tests.telephony.rehearsal.product import (
    ADVISOR,
    CALLER,
    LINE,
    SID,
    TOKEN,
    Product,
    free_socket,
    served,
)


@dataclass
class Both:
    """`exchange` is the address of the rehearsal, `product` what it calls."""

    rehearsal: Rehearsal
    product: Product
    exchange: str


@pytest.fixture
def speed() -> float:
    return 50.0


@pytest.fixture
async def both(speed: float) -> AsyncIterator[Both]:
    async with contextlib.AsyncExitStack() as stack:
        ours, theirs = stack.enter_context(free_socket()), stack.enter_context(free_socket())
        base = f"http://127.0.0.1:{theirs.getsockname()[1]}"
        product = Product(base)
        rehearsal = Rehearsal(
            account_sid=SID,
            auth_token=TOKEN,
            lines=[
                Line(LINE, "Cumbria", f"{base}/voice", f"{base}/sms", None, f"{base}/line-status")
            ],
            phones=[(CALLER, "Caller"), (ADVISOR, "On-call phone")],
            speed=speed,
        )
        await stack.enter_async_context(served(Starlette(routes=product.routes), theirs))
        await stack.enter_async_context(served(application(rehearsal), ours))
        yield Both(rehearsal, product, f"http://127.0.0.1:{ours.getsockname()[1]}")
