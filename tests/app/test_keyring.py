"""Keys in the database: one a hub, under it one for each contact; the root stays outside."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import ids
from app.crypto import CannotOpen, RootKeys, make_root_keys, read_root_keys
from app.db import Work
from app.keyring import Keyring, data_keys, hub_keys
from tests.house import Home


def sealed(work: Work, keyring: Keyring, owner: str, words: str) -> bytes:
    key = keyring.new_key(work, "contact", owner, "cumbria", "penrith")
    return keyring.seal(work, key, words, "contact", "number", owner)


def opened(work: Work, keyring: Keyring, value: bytes, owner: str) -> str:
    return keyring.open(work, value, "contact", "number", owner)


async def test_a_value_opens_for_its_own_row_alone(home: Home) -> None:
    ella, sam = ids.new(), ids.new()
    value = await home.write(sealed, home.keyring, ella, "+447700900123")
    assert await home.read(opened, home.keyring, value, ella) == "+447700900123"
    with pytest.raises(CannotOpen):
        await home.read(opened, home.keyring, value, sam)


async def test_another_process_with_the_same_root_opens_it(home: Home) -> None:
    ella = ids.new()
    value = await home.write(sealed, home.keyring, ella, "words")
    other = Keyring(home.keyring.root)
    assert await home.read(opened, other, value, ella) == "words"


async def test_another_root_opens_nothing(home: Home, tmp_path: Path) -> None:
    ella = ids.new()
    value = await home.write(sealed, home.keyring, ella, "words")
    path = tmp_path / "other.keys"
    path.write_text(make_root_keys())
    path.chmod(0o600)
    with pytest.raises(CannotOpen):
        await home.read(opened, Keyring(read_root_keys(path)), value, ella)


async def test_a_rotated_root_opens_what_the_old_one_kept(home: Home) -> None:
    ella = ids.new()
    value = await home.write(sealed, home.keyring, ella, "words")
    rotated = Keyring(RootKeys(((b"n" * 16, b"n" * 32), *home.keyring.root.keys)))
    assert await home.read(opened, rotated, value, ella) == "words"
    assert rotated.blind("cumbria", "+447700900123") == home.keyring.blind(
        "cumbria", "+447700900123"
    )


async def test_a_deleted_key_is_the_end_of_what_it_sealed(home: Home) -> None:
    ella = ids.new()
    value = await home.write(sealed, home.keyring, ella, "words")

    def erase(work: Work) -> None:
        work.run(data_keys.delete().where(data_keys.c.owner == ella))

    await home.write(erase)
    with pytest.raises(CannotOpen):
        await home.read(opened, Keyring(home.keyring.root), value, ella)


async def test_a_hub_has_one_key_however_many_come_at_once(home: Home) -> None:
    def first(work: Work, owner: str) -> str:
        return home.keyring.new_key(work, "contact", owner, "cumbria", "a-new-hub")

    await asyncio.gather(*(home.write(first, ids.new()) for _ in range(8)))
    rows = await home.rows(sa.select(hub_keys).where(hub_keys.c.hub == "a-new-hub"))
    assert len(rows) == 1
    keys = await home.rows(sa.select(data_keys).where(data_keys.c.hub_key == rows[0].id))
    assert len(keys) == 8


async def test_no_secret_lies_open_in_the_database(home: Home) -> None:
    for row in await home.rows(sa.select(hub_keys.c.wrapped)):
        assert len(row.wrapped) == 1 + 16 + 12 + 32 + 16
        assert bytes(row.wrapped)[1:17] == home.keyring.root.keys[0][0]


async def test_a_key_wrapped_for_another_row_is_refused(home: Home) -> None:
    """Somebody with the database alone swaps two wrapped keys."""
    ella, sam = ids.new(), ids.new()
    value = await home.write(sealed, home.keyring, ella, "words")
    await home.write(sealed, home.keyring, sam, "other words")

    def swap(work: Work) -> None:
        other = sa.select(data_keys.c.wrapped).where(data_keys.c.owner == sam).scalar_subquery()
        work.run(data_keys.update().where(data_keys.c.owner == ella).values(wrapped=other))

    await home.write(swap)
    with pytest.raises(CannotOpen):
        await home.read(opened, Keyring(home.keyring.root), value, ella)
