"""Through each fault of a network, visitor and advisor in turn: nothing lost, doubled, reordered.

Times are short because the settings are; nothing waits for a clock to say that it is done.
"""

from __future__ import annotations

import asyncio
import functools
from pathlib import Path

import pytest
import uvicorn

from app import server
from app.bus import LocalBus
from app.cases.acts import of_conversation
from tests.house import Served
from tests.proof.lines import Pulse
from tests.proof.proxy import Way
from tests.proof.storm import PATIENCE, Storm, storm

WHOSE = ("visitor", "advisor")
QUICK = Pulse(interval=0.3, timeout=1.0)
NEVER = None


@pytest.fixture
def server_pings(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The server asks as often as `request.param` says; None is never."""
    usual = server.config_of

    def quick(*args: object) -> uvicorn.Config:
        config = usual(*args)  # type: ignore[arg-type]  # handed on as they came
        config.ws_ping_interval, config.ws_ping_timeout = request.param, 1.0
        return config

    monkeypatch.setattr(server, "config_of", quick)


@pytest.mark.parametrize("whose", WHOSE)
async def test_a_slow_line(served: Served, keys_file: Path, whose: str) -> None:
    async with storm(served, keys_file, whose) as here:
        here.proxy.delay = 0.05
        await here.both_say(5)
        await here.settled()
        assert await here.faults() == []
        assert here.tries == 1


@pytest.mark.parametrize("whose", WHOSE)
async def test_a_line_that_is_reset_again_and_again(
    served: Served, keys_file: Path, whose: str
) -> None:
    async with storm(served, keys_file, whose) as here:
        for round_ in range(1, 5):
            await here.both_say(2)
            here.proxy.reset()
            await here.both_say(2)
            await here.settled()
            assert here.tries > round_
        assert await here.faults() == []


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("whose", WHOSE)
async def test_a_line_that_is_cut_in_the_middle_of_a_frame(
    served: Served, keys_file: Path, whose: str, way: Way
) -> None:
    """Every frame is longer than 30 bytes: whatever comes next is cut through."""
    async with storm(served, keys_file, whose) as here:
        for round_ in range(1, 4):
            here.proxy.cut(way, 10 * round_)
            await here.both_say(2)
            await here.until(functools.partial(tried_more_than, here, round_))
            await here.settled()
        assert await here.faults() == []


def tried_more_than(here: Storm, times: int) -> bool:
    return here.tries > times


@pytest.mark.parametrize("whose", WHOSE)
async def test_a_device_that_slept_and_wakes(served: Served, keys_file: Path, whose: str) -> None:
    async with storm(served, keys_file, whose) as here:
        here.proxy.freeze()
        await here.both_say(5)
        awake = here.maya.sides[here.conversation] if whose == "visitor" else here.ella.side
        await here.until(lambda: not awake.pending)
        assert not here.made.settled, "the premise: the sleeper knows nothing of it"
        here.proxy.thaw()
        await here.settled()
        assert await here.faults() == []
        assert here.tries == 1


@pytest.mark.parametrize("server_pings", [NEVER], indirect=True)
@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.usefixtures("server_pings")
async def test_a_client_notices_a_half_open_line_and_replaces_it(
    served: Served, keys_file: Path, whose: str
) -> None:
    async with storm(served, keys_file, whose, pulse=QUICK) as here:
        before = here.tries
        here.proxy.half_open()
        await here.both_say(3)
        await here.until(lambda: here.tries > before)
        await here.settled()
        assert await here.faults() == []


@pytest.mark.parametrize("server_pings", [0.3], indirect=True)
@pytest.mark.usefixtures("server_pings")
async def test_the_server_notices_a_visitor_on_a_half_open_line(
    served: Served, keys_file: Path
) -> None:
    """The advisor is told, and whoever comes back on another line finds everything."""
    async with storm(served, keys_file, "visitor") as here:
        here.proxy.half_open()
        assert await visitor_is(served, here.conversation) == "here"
        await here.both_say(2)
        async with asyncio.timeout(PATIENCE):
            while True:
                if await visitor_is(served, here.conversation) == "lost signal":
                    break
                await asyncio.sleep(0.02)
        here.proxy.reset()
        await here.settled()
        assert await visitor_is(served, here.conversation) == "here"
        assert await here.faults() == []


async def visitor_is(served: Served, conversation: str) -> str:
    return (await served.read(of_conversation, conversation)).visitor


@pytest.mark.parametrize("server_pings", [0.3], indirect=True)
@pytest.mark.usefixtures("server_pings")
async def test_the_server_notices_an_advisor_on_a_half_open_line(
    served: Served, keys_file: Path
) -> None:
    async with storm(served, keys_file, "advisor") as here:
        assert desk_is_open(served, here)
        here.proxy.half_open()
        await here.until(lambda: not desk_is_open(served, here))
        await here.ella.say()
        here.proxy.reset()
        await here.settled()
        assert desk_is_open(served, here)
        assert await here.faults() == []


def desk_is_open(served: Served, here: Storm) -> bool:
    """Whether the house still listens for this advisor's seat."""
    bus = served.house.ground.bus
    assert isinstance(bus, LocalBus)
    staff = here.maya.sides[here.conversation].recording.sender.removeprefix("staff:")
    return bool(bus.listeners.get(("seat", staff)))
