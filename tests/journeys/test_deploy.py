"""A new version goes out while people talk: they are asked to move, and nobody is cut off."""

import asyncio
import os
import signal
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from app.server import MOVE_OVER
from tests.house import Apart


async def test_whoever_talks_is_asked_to_move_and_loses_nothing(apart: Apart) -> None:
    ella = apart.visitor()
    async with ella.connected():
        await ella.says("One, before.")
        await ella.hears("ack")
        os.kill(apart.server.pid, signal.SIGTERM)
        asked = await ella.hears("move")
        assert 0 <= asked["after"] <= MOVE_OVER

        # Nothing is different until she goes: her words are kept and acknowledged.
        await ella.says("Two, while it drains.")
        await ella.hears("ack")
        assert await asyncio.to_thread(_ready, apart) == 503

        # Somebody new is told to come back in a moment.
        sam = apart.visitor()
        with pytest.raises(Exception, match="1012"):
            async with sam.connected():
                pass

    # She was the last: the process stops by itself, and the next one knows her.
    apart.server.wait()
    apart.server.start()
    async with ella.connected():
        await ella.says("Three, after.")
        await ella.hears("ack")
    assert ella.said == ["One, before.", "Two, while it drains.", "Three, after."]


def _ready(node: Apart) -> int:
    try:
        with urlopen(f"{node.url}/readyz", timeout=5) as answer:
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code
