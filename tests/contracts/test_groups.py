"""Items that arrive together share a transaction and nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from app.bus import Hint
from app.db import Work
from app.errors import Conflict
from tests.house import Home


async def test_a_refused_neighbour_swallows_nobody_elses_hint(home: Home) -> None:
    begun, free = threading.Event(), threading.Event()

    def holds_the_writer(_: Work, items: Sequence[str]) -> Sequence[str]:
        begun.set()
        free.wait(10)
        return items

    def refuses_the_first(work: Work, items: Sequence[str]) -> Sequence[str | Conflict]:
        assert list(items) == ["refused", "kept"], "they came together"
        work.announce(Hint("desk", "kept"))
        return [Conflict("Not this one."), "kept"]

    async with home.house.ground.bus.subscribe(("desk", None)) as hints:
        before = home.db.append(holds_the_writer, "before")
        await asyncio.to_thread(begun.wait, 10)
        refused = home.db.append(refuses_the_first, "refused")
        kept = home.db.append(refuses_the_first, "kept")
        free.set()
        with pytest.raises(Conflict):
            await refused
        assert (await before, await kept) == ("before", "kept")
        assert await anext(hints) == Hint("desk", "kept")
