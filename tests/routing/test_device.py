"""The phone in the browser: heard of in beats, counted into presence, never trusted beyond them."""

from __future__ import annotations

from app.auth.tables import staff
from app.cases.model import Channel
from app.db import Work
from routing import acts, device
from routing.presence import Because, because
from routing.reading import WITHOUT_PHONE, seats_of
from tests.house import Home
from tests.people import CUMBRIA, MAYA
from tests.routing.rows import facts

READY = Because(True, "Browser phone ready")
INSTEAD = Because(False, "Browser phone not heard. Calls ring your own phone.")
LOST = Because(False, "Browser phone not heard. No calls till it is back.")


async def last_tick(home: Home) -> Because:
    return because(await facts(home, MAYA), home.clock.now())[-1]


async def channels(home: Home) -> frozenset[str]:
    who = (await home.actor(MAYA)).staff
    return next(s.channels for s in await home.read(seats_of, CUMBRIA) if s.staff == who)


async def offered_calls(home: Home) -> bool:
    return Channel.VOICE.value in await channels(home)


async def without_a_phone(home: Home) -> None:
    def forget(work: Work) -> None:
        work.run(staff.update().values(phone=None))

    await home.write(forget)


async def test_whoever_takes_calls_in_the_browser_reads_whether_its_phone_is_there(
    home: Home,
) -> None:
    maya = await home.on_duty(MAYA)
    before = because(await facts(home, MAYA), home.clock.now())
    await home.write(device.choose, maya.staff, browser=True)
    assert await last_tick(home) == INSTEAD
    await home.write(device.beat, maya.staff, ready=True)
    assert await last_tick(home) == READY
    await home.write(device.choose, maya.staff, browser=False)
    assert len(because(await facts(home, MAYA), home.clock.now())) == len(before)


async def test_a_silent_phone_is_gone_after_its_lease_though_the_console_beats_on(
    home: Home,
) -> None:
    maya = await home.on_duty(MAYA)
    await home.write(device.choose, maya.staff, browser=True)
    await home.write(device.beat, maya.staff, ready=True)
    assert (await home.read(device.device_of, maya.staff)).rings
    home.clock.move(seconds=device.LEASE.total_seconds() + 1)
    await home.write(acts.beat, maya.staff, 60)
    assert not (await home.read(device.device_of, maya.staff)).rings
    assert await last_tick(home) == INSTEAD


async def test_without_any_phone_no_call_is_offered_and_with_the_browsers_they_come(
    home: Home,
) -> None:
    maya = await home.on_duty(MAYA)
    assert await offered_calls(home)
    await without_a_phone(home)
    assert await channels(home) == WITHOUT_PHONE
    await home.write(device.choose, maya.staff, browser=True)
    assert await last_tick(home) == LOST
    assert not await offered_calls(home)
    await home.write(device.beat, maya.staff, ready=True)
    assert await offered_calls(home)
    await home.write(device.beat, maya.staff, ready=False)
    assert not await offered_calls(home)


async def test_a_beat_of_a_phone_that_was_not_chosen_rings_nothing(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    await home.write(device.beat, maya.staff, ready=True)
    assert not (await home.read(device.device_of, maya.staff)).rings
