"""Readers at a kilobyte a second: what they have not taken stays on disk, not in memory."""

from __future__ import annotations

from pathlib import Path

from app.cases.model import VISITOR
from app.cases.transcript import Post
from tests.bench.machine import resident_bytes
from tests.house import Apart, Home, at_rest
from tests.proof.correspondent import Correspondent
from tests.proof.judge import judge
from tests.proof.lines import VisitorLine
from tests.proof.proxy import proxy_to
from tests.proof.recording import Recording
from tests.proof.scene import Scene, rows_of, scene
from tests.proof.storm import PAIR, until

READERS, LINES = 6, 2_000
FILLER = " … " + "and on and on. " * 240
"""With it every line has about 3,600 characters: 7 MB of words for each reader."""
MEGABYTE = 1024 * 1024
BOUND = 24 * MEGABYTE
"""Half of what six readers would cost if everything waited for them in memory."""


async def test_many_slow_readers_cost_the_house_little_and_miss_nothing(
    apart: Apart, furnished_sqlite: str, keys_file: Path
) -> None:
    made = await scene(furnished_sqlite, keys_file, f"127.0.0.1:{apart.port}", PAIR, filler=FILLER)
    ella, maya = made.visitors[0], made.consoles[0]
    tasks = made.begin()
    async with (
        proxy_to(apart.port) as proxy,
        at_rest(furnished_sqlite, keys_file) as home,
    ):
        await until(lambda: made.settled, tasks)
        phones = [_another(made, number, proxy.address) for number in range(READERS)]
        made.visitors.extend(phones)
        proxy.pace(1_000)
        tasks += [each.begin() for each in phones]
        await until(lambda: made.settled, tasks)
        before = resident_bytes(apart.server.pid)

        await _maya_says_everything(home, made)
        quick = [ella.side, *maya.sides.values()]
        await until(lambda: all(side.at == LINES for side in quick), tasks)

        # Whoever reads as we send has it all. The others wait, and what waits is not in memory.
        assert all(phone.side.at < LINES / 10 for phone in phones)
        assert resident_bytes(apart.server.pid) - before < BOUND

        proxy.pace(None)
        proxy.reset()
        await until(lambda: made.settled, tasks)
        rows = await rows_of(home.db, home.keyring, [ella.side.recording.conversation])
        assert judge(made.recordings, rows) == []
        for task in tasks:
            task.cancel()


def _another(made: Scene, number: int, address: str) -> VisitorLine:
    """Another device of Ella's, in the same conversation."""
    ella = made.visitors[0]
    recording = Recording(f"phone {number}", VISITOR, ella.side.recording.conversation)
    return VisitorLine(address, ella.token, Correspondent(recording))


async def _maya_says_everything(home: Home, made: Scene) -> None:
    """Straight to the hot door, as another process would: no pace holds her here."""
    (side,) = made.consoles[0].sides.values()
    sender, conversation = side.recording.sender, side.recording.conversation
    for _ in range(LINES // 100):
        said = [side.says() for _ in range(100)]
        for future in [
            home.db.append(
                home.house.transcript.append,
                Post(conversation, sender, bytes.fromhex(frame["client_id"]), frame["text"]),
            )
            for frame in said
            if frame is not None
        ]:
            await future
