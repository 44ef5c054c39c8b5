"""Who may stand at the door without a word, and who makes room for whom."""

from __future__ import annotations

import asyncio
from functools import partial

from chat.porch import Porch


async def test_there_is_room_until_it_is_full() -> None:
    porch = Porch(2, chance=60)
    await porch.enter("ella", never)
    await porch.enter("sam", never)
    assert len(porch) == 2


async def test_whoever_is_silent_while_a_newer_one_is_heard_makes_room() -> None:
    porch, out = Porch(2, chance=0), list[str]()
    await porch.enter("silent", partial(out.append, "silent"))
    await porch.enter("ella", never)
    porch.known("ella")
    await porch.enter("sam", never)
    await porch.enter("joan", never)
    assert out == ["silent"]
    assert len(porch) == 2


async def test_nobody_makes_room_while_nobody_newer_was_heard() -> None:
    """We may not have read their words yet."""
    porch = Porch(2, chance=0)
    await porch.enter("ella", never)
    await porch.enter("sam", never)
    joan = asyncio.create_task(porch.enter("joan", never))
    await asyncio.sleep(0)
    assert not joan.done()
    porch.known("ella")
    await joan
    assert len(porch) == 2


async def test_nobody_is_pushed_out_before_their_chance() -> None:
    porch = Porch(1, chance=60)
    await porch.enter("ella", never)
    sam = asyncio.create_task(porch.enter("sam", never))
    await asyncio.sleep(0)
    assert not sam.done()
    porch.leave("ella")
    await sam
    assert len(porch) == 1


async def test_the_newest_outside_goes_first() -> None:
    porch, inside = Porch(1, chance=60), list[str]()

    async def comes(name: str) -> None:
        await porch.enter(name, never)
        inside.append(name)

    await comes("ella")
    tasks = []
    for name in ("sam", "joan"):
        tasks.append(asyncio.create_task(comes(name)))
        await asyncio.sleep(0)
    porch.leave("ella")
    await tasks[1]
    assert inside == ["ella", "joan"]
    porch.leave("joan")
    await tasks[0]
    assert inside == ["ella", "joan", "sam"]


async def test_time_alone_makes_room_for_all_who_wait() -> None:
    porch, out = Porch(2, chance=0.01), list[int]()
    for n in (0, 1):
        await porch.enter(n, partial(out.append, n))
    waiting = [asyncio.create_task(porch.enter(n, never)) for n in (2, 3)]
    await asyncio.sleep(0)
    porch.leave(0)
    await waiting[1]
    porch.known(3)
    await waiting[0]
    late = asyncio.create_task(porch.enter(4, never))
    async with asyncio.timeout(20):
        await late
    assert out == [1]


async def test_whoever_gives_up_outside_passes_the_turn_on() -> None:
    porch = Porch(1, chance=60)
    await porch.enter("ella", never)
    sam = asyncio.create_task(porch.enter("sam", never))
    joan = asyncio.create_task(porch.enter("joan", never))
    await asyncio.sleep(0)
    porch.leave("ella")
    joan.cancel()
    await sam
    assert joan.cancelled()


def never() -> None:
    raise AssertionError("nobody is pushed out here")
