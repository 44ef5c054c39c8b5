"""Applying: once changes, twice does not, and nobody takes what is another's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.audit import trail
from app.bus import Hint, LocalBus
from app.clock import Clock
from app.db import Database, Work
from app.definition.acts import Definitions, apply, compare, current, decode, encode
from app.definition.files import load_examples
from app.definition.model import Hub, Service
from app.definition.tables import definitions
from app.errors import Conflict, Missing

SERVICES = load_examples()
CUMBRIA, DURHAM = SERVICES["cumbria"], SERVICES["durham"]


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


@pytest.fixture
async def db(database_url: str, bus: LocalBus) -> AsyncIterator[Database]:
    database = Database(database_url, bus, Clock())
    await database.start()
    database.write_now(lambda work: SQLModel.metadata.create_all(work.connection))
    yield database
    await database.stop()


def rows(work: Work) -> int:
    return len(work.run(sa.select(definitions.c.id)).all())


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_service_is_the_same_after_it_was_kept(service: Service) -> None:
    assert decode(encode(service)) == service
    assert encode(decode(encode(service))) == encode(service)


async def test_applying_twice_changes_nothing(db: Database) -> None:
    first = await db.write(apply, "operator", CUMBRIA)
    assert first.lines == ("service cumbria: added, with 6 hubs, 2 lines, 1 site",)
    again = await db.write(apply, "operator", CUMBRIA)
    assert again.nothing
    assert await db.read(rows) == 1
    assert await db.read(current) == {"cumbria": CUMBRIA}


async def test_a_change_is_a_new_version_with_its_trail_and_a_hint(
    db: Database, bus: LocalBus
) -> None:
    await db.write(apply, "operator", CUMBRIA)
    changed = replace(CUMBRIA, name="Cumbria Line")
    async with bus.subscribe(("definition", "")) as hints:
        await db.write(apply, "hannah", changed)
        heard = [await anext(aiter(hints))]
        if heard == [Hint("definition", "", 1)]:  # it may come a turn later than its answer
            heard.append(await anext(aiter(hints)))
        assert heard[-1] == Hint("definition", "", 2)
    assert await db.read(current) == {"cumbria": changed}
    told = await db.read(lambda work: work.run(sa.select(trail).order_by(trail.c.id)).all())
    assert [(row.actor, row.verb, row.object_id) for row in told] == [
        ("operator", "applied", "cumbria:1"),
        ("hannah", "applied", "cumbria:2"),
    ]


async def test_what_would_change_is_told_before_it_does(db: Database) -> None:
    assert (await db.read(compare, CUMBRIA)).lines
    assert await db.read(rows) == 0


async def test_a_number_or_a_site_belongs_to_one_service(db: Database) -> None:
    await db.write(apply, "operator", CUMBRIA)
    await db.write(apply, "operator", DURHAM)
    line = replace(DURHAM.lines[0], number=CUMBRIA.lines[0].number)
    site = replace(DURHAM.sites[0], key="cumbria")
    for thief, said in (
        (replace(DURHAM, lines=(line, *DURHAM.lines[1:])), "The number +448081570142"),
        (replace(DURHAM, sites=(site,)), 'The site key "cumbria"'),
    ):
        with pytest.raises(Conflict) as refused:
            await db.write(apply, "operator", thief)
        assert refused.value.words.startswith(
            f'{said} belongs to the service "cumbria" already.'
        )  # fmt: skip
    assert await db.read(current) == {"cumbria": CUMBRIA, "durham": DURHAM}


async def test_a_number_given_up_may_be_taken(db: Database) -> None:
    await db.write(apply, "operator", CUMBRIA)
    await db.write(apply, "operator", replace(CUMBRIA, lines=CUMBRIA.lines[:1]))
    text = replace(DURHAM.lines[1], number=CUMBRIA.lines[1].number)
    taker = replace(DURHAM, lines=(DURHAM.lines[0], text))
    await db.write(apply, "operator", taker)
    assert (await db.read(current))["durham"] == taker


async def test_a_hub_that_is_still_held_stays(db: Database) -> None:
    def penrith_has_people(work: Work, service: Service, hub: Hub) -> str:
        return "Move Maya out of Penrith first." if hub.key == "penrith" else ""

    await db.write(apply, "operator", CUMBRIA)
    smaller = replace(CUMBRIA, hubs=tuple(hub for hub in CUMBRIA.hubs if hub.key != "penrith"))
    with pytest.raises(Conflict) as refused:
        await db.write(apply, "operator", smaller, [penrith_has_people])
    assert refused.value.words == "Move Maya out of Penrith first."
    other = replace(CUMBRIA, hubs=tuple(hub for hub in CUMBRIA.hubs if hub.key != "barrow"))
    await db.write(apply, "operator", other, [penrith_has_people])
    assert await db.read(current) == {"cumbria": other}


async def test_definitions_in_memory_follow_what_is_applied(db: Database) -> None:
    here = Definitions(db)
    assert await here.refresh()
    assert not here.services()
    await db.write(apply, "operator", CUMBRIA)
    assert await here.refresh()
    assert not await here.refresh()
    assert [service.key for service in here] == ["cumbria"]
    assert here.site("cumbria") == (CUMBRIA, CUMBRIA.sites[0])
    assert here.line_for("+448081570142")[1].key == "supportline"
    for absent in (
        lambda: here.site("no"),
        lambda: here.line_for("no"),
        lambda: here.service("no"),
    ):
        with pytest.raises(Missing):
            absent()
