"""Three nodes and a crowd, for a short while: `make nodes` is the long one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from app.cases.tables import assignments
from app.cases.tables import contacts as contact_table
from app.db import Work
from routing.tables import offers, seats
from tests.house import at_rest
from tests.proof import nodes
from tests.proof.kills import silent
from tests.proof.nodes import Load, judge
from tests.redis_server import Redis

SHORT = Load(contacts=60, per_second=10, seats=8, blows=2)


async def test_a_crowd_is_reached_once_each_though_nodes_are_killed_and_frozen(
    furnished_postgres: str, redis_here: Redis, keys_file: Path
) -> None:
    figures = await nodes.run(furnished_postgres, redis_here.url, keys_file, SHORT, silent)
    assert figures.proven, "\n".join(figures.lines())
    assert (figures.contacts, figures.kills, figures.freezes) == (60, 1, 1)

    # The premise: had a contact been lost, owned twice, offered twice, or a place leaked, we know.
    async with at_rest(furnished_postgres, keys_file) as home:
        came = [row.id for row in await home.rows(sa.select(contact_table.c.id))]
        lost, twice = came[:2]
        assert await home.read(judge, came) == []
        await home.write(_damage, lost, twice)
        faults = [fault.split(": ")[1] for fault in await home.read(judge, came)]
    assert sorted(faults) == [
        "1 places leaked",
        "lost",
        "offered twice at a time",
        "owned twice at a time",
    ]


def _damage(work: Work, lost: str, twice: str) -> None:
    hour = timedelta(hours=1)
    work.run(contact_table.update().where(contact_table.c.id == lost).values(state="waiting"))
    held = work.run(
        sa.select(assignments)
        .where(assignments.c.contact == twice)
        .order_by(assignments.c.number.desc())
    ).first()
    assert held is not None
    began, ended = held.began_at - hour, held.ended_at - hour / 2
    work.run(
        assignments.insert().values(
            contact=twice, number=held.number + 1, staff=held.staff, began_at=began, ended_at=ended
        )
    )
    offer = work.run(
        sa.select(offers).where(offers.c.contact == twice).order_by(offers.c.number.desc())
    ).first()
    assert offer is not None
    again = {**offer._mapping, "number": offer.number + 1, "at": offer.at - hour}
    del again["id"]
    work.run(offers.insert().values(**again))
    one = work.run(sa.select(seats.c.staff).limit(1)).scalar_one()
    work.run(seats.update().where(seats.c.staff == one).values(load=1))
