"""A short kill loop on a real server process: `make kills` runs the long one."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from app.cases.tables import messages
from app.db import Work
from tests.house import at_rest
from tests.proof import kills
from tests.proof.judge import Fault, judge
from tests.proof.kills import Load
from tests.proof.scene import Cast, rows_of

SHORT = Load(kills=4, acks=400, cast=Cast(advisors=3, conversations_each=4, alone=4))


async def test_a_server_killed_again_and_again_keeps_every_word(
    furnished_sqlite: str, keys_file: Path
) -> None:
    figures, recordings = await kills.run(furnished_sqlite, keys_file, SHORT)
    assert figures.proven, "\n".join(figures.lines())
    assert figures.acks >= SHORT.acks
    assert figures.rows >= figures.acks
    assert figures.said_again > 0, "no kill came between words and their ack"
    assert len(figures.resumes) > SHORT.kills * 10

    # The premise: had the database lost one row and bent another, we would know.
    async with at_rest(furnished_sqlite, keys_file) as home:
        await home.write(_damage)
        chosen = sorted({each.conversation for each in recordings})
        rows = await rows_of(home.db, home.keyring, chosen)
    faults = {found.fault for found in judge(recordings, rows)}
    assert {Fault.ACK_WITHOUT_ROW, Fault.ROW_WITHOUT_WORDS} <= faults


def _damage(work: Work) -> None:
    first, second = work.run(sa.select(messages.c.id).order_by(messages.c.id).limit(2)).scalars()
    work.run(messages.delete().where(messages.c.id == first))
    work.run(messages.update().where(messages.c.id == second).values(body=bytes(64)))
