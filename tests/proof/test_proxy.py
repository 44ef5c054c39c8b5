"""The bad network does what it says, on a plain echo: else the stories through it prove nothing."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.proof.proxy import Proxy, Way, proxy_to


async def echo(reader: StreamReader, writer: StreamWriter) -> None:
    try:
        while data := await reader.read(1000):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with proxy_to(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def line_to(proxy: Proxy) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello", "the premise: at first all is well"
    try:
        yield reader, writer
    finally:
        writer.close()


async def test_a_reset_is_felt_and_the_next_line_is_good(proxy: Proxy) -> None:
    async with line_to(proxy) as (reader, _):
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
    async with line_to(proxy):
        assert proxy.opened == 2


async def test_a_half_open_line_swallows_and_says_nothing(proxy: Proxy) -> None:
    async with line_to(proxy) as (_, writer), line_to(proxy) as (_, there):
        proxy.half_open()
        passed = [dict(line.passed) for line in proxy.lines]
        for each in (writer, there):
            each.write(b"anybody?")
            await each.drain()
        async with line_to(proxy):  # one that comes after goes through, and back
            assert [line.passed for line in proxy.lines[:2]] == passed
            assert len(proxy.lines) == 3


async def until_reset(reader: StreamReader) -> bytes:
    heard = b""
    with suppress(ConnectionResetError):
        while True:
            heard += await reader.readexactly(1)
    return heard


@pytest.mark.parametrize("way", [Way.UP, Way.DOWN])
async def test_a_cut_lets_so_many_bytes_pass(proxy: Proxy, way: Way) -> None:
    async with line_to(proxy) as (reader, writer):
        proxy.cut(way, 3)
        writer.write(b"0123456789")
        assert b"012".startswith(await until_reset(reader))


async def test_what_a_sleeper_was_sent_comes_at_once_when_it_wakes(proxy: Proxy) -> None:
    async with line_to(proxy) as (reader, writer):
        proxy.freeze()
        writer.write(b"while you slept")
        waiting = asyncio.create_task(reader.readexactly(15))
        (line,) = proxy.lines
        passed = dict(line.passed)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.05)
        assert line.passed == passed
        proxy.thaw()
        assert await waiting == b"while you slept"


async def test_a_paced_line_comes_in_small_pieces_and_a_slow_one_comes_whole(proxy: Proxy) -> None:
    proxy.pace(20_000)
    async with line_to(proxy) as (reader, writer):
        writer.write(bytes(4_000))
        assert await reader.readexactly(4_000) == bytes(4_000)
        assert proxy.chunk == 1_000
    proxy.pace(None)
    proxy.delay = 0.01
    async with line_to(proxy) as (reader, writer):
        writer.write(bytes(40_000))
        assert await reader.readexactly(40_000) == bytes(40_000)
