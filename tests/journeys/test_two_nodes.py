"""Two processes on PostgreSQL and Redis: words cross, with Redis there and with Redis gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import Apart, process_apart
from tests.redis_server import Redis


@pytest.fixture
def nodes(
    furnished_postgres: str, redis_here: Redis, keys_file: Path
) -> Iterator[tuple[Apart, Apart]]:
    made = [process_apart(furnished_postgres, keys_file, REDIS_URL=redis_here.url) for _ in "ab"]
    try:
        for node in made:
            node.server.start()
        yield made[0], made[1]
    finally:
        for node in made:
            node.server.close()


async def test_words_cross_between_nodes_and_outlive_redis(
    nodes: tuple[Apart, Apart], redis_here: Redis
) -> None:
    here, there = nodes
    ella = here.visitor()
    async with ella.connected():
        # The same conversation, read on the other node.
        reader = there.visitor(token=ella.token)
        async with reader.connected():
            await ella.says("One, with Redis there.")
            await reader.hears("message", text="One, with Redis there.")

            # Redis dies. Words take about a second longer, and that is all.
            redis_here.server.kill()
            for count in range(2, 6):
                await ella.says(f"{count}, with Redis gone.")
                await reader.hears("message", text=f"{count}, with Redis gone.")

            # It comes back, and so do the hints.
            redis_here.server.start()
            await ella.says("Six, with Redis back.")
            await reader.hears("message", text="Six, with Redis back.")

            assert [line["seq"] for line in reader.lines] == [1, 2, 3, 4, 5, 6]
            assert len(set(reader.said)) == 6


async def test_a_node_that_is_killed_hands_its_visitors_to_the_other(
    nodes: tuple[Apart, Apart],
) -> None:
    here, there = nodes
    ella = here.visitor()
    async with ella.connected():
        await ella.says("Before.")
        await ella.hears("ack")
        here.server.kill()
        await ella.until_closed()
    ella.url = there.visitor(token=ella.token).url
    async with ella.connected():
        await ella.says("After.")
        await ella.hears("ack")
    assert ella.said == ["Before.", "After."]
