"""One of many ids, on both databases: the same rows as an IN list, and one statement for all."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.among import among
from app.cases.tables import contacts
from app.db import Work
from tests.house import Home
from tests.people import ELLA


@pytest.mark.parametrize("strangers", [0, 1, 2_000])
async def test_those_who_are_named_are_found_and_nobody_else(home: Home, strangers: int) -> None:
    ella, sam, _ = [await home.arrives(ELLA) for _ in range(3)]
    named = [ella.id, sam.id, *(f"nobody {number}\"'" for number in range(strangers))]

    def look(work: Work) -> set[str]:
        return set(work.run(sa.select(contacts.c.id).where(among(contacts.c.id, named))).scalars())

    assert await home.read(look) == {ella.id, sam.id}


async def test_among_none_is_nobody(home: Home) -> None:
    await home.arrives(ELLA)

    def look(work: Work) -> list[str]:
        return list(work.run(sa.select(contacts.c.id).where(among(contacts.c.id, []))).scalars())

    assert await home.read(look) == []


async def test_the_statement_is_the_same_for_any_number(home: Home) -> None:
    """Each length a statement of its own, kept by every connection, was 60 KiB a visitor."""

    def written(work: Work) -> set[str]:
        made = (sa.select(contacts.c.id).where(among(contacts.c.id, ["x"] * n)) for n in (1, 500))
        return {str(each.compile(work.connection)) for each in made}

    assert len(await home.read(written)) == 1
