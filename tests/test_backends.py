"""The servers and the browser that tests lean on are real, fresh, and come back."""

from __future__ import annotations

import psycopg
import pytest
import redis
from playwright.async_api import Browser, Page, Route

from tests.browser import axe, open_page
from tests.postgres import Postgres
from tests.redis_server import Redis

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
FAULTY = (
    "<!doctype html><html lang=en><title>Faulty</title><main><h1>Hi</h1><img src=data:,></main>"
)
SOUND = "<!doctype html><html lang=en><title>Sound</title><main><h1>Hello</h1></main>"


async def show(page: Page, body: str, policy: str = STRICT) -> None:
    async def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": policy}
        await route.fulfill(body=body, content_type="text/html", headers=headers)

    await page.route("http://page.test/**", answer)
    await page.goto("http://page.test/")


def test_redis_answers_and_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_redis_is_empty_again(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_redis_can_be_stopped_and_started(redis_here: Redis) -> None:
    assert redis_here.answers()
    redis_here.server.stop()
    assert not redis_here.answers()
    redis_here.server.start()
    assert redis_here.answers()


def test_redis_may_be_left_dead(redis_here: Redis) -> None:
    redis_here.server.kill()
    assert not redis_here.answers()


def test_redis_left_dead_is_alive_for_the_next(redis_here: Redis) -> None:
    assert redis_here.answers()


def test_postgres_answers(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        connection.execute("CREATE TABLE left_behind ()")


def test_each_database_is_fresh(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("SELECT to_regclass('left_behind')").fetchone()
    assert found == (None,)


def test_a_database_can_be_a_copy(postgres: Postgres, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    copy = postgres.create(template=postgres_url)
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    postgres.drop(copy)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_committed_rows_outlive_postgres(postgres: Postgres, postgres_url: str, how: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    getattr(postgres.server, how)()
    assert not postgres.answers()
    postgres.server.start()
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_both_kinds_of_database_are_offered(database_url: str) -> None:
    assert database_url.split(":")[0] in {"sqlite", "postgresql"}


async def test_chromium_opens_a_blank_page(page: Page) -> None:
    await page.goto("about:blank")
    assert page.url == "about:blank"


async def test_axe_finds_a_planted_fault_under_a_strict_policy(page: Page) -> None:
    await show(page, FAULTY)
    assert [line.split(" ")[0] for line in await axe(page)] == ["image-alt"]
    assert await axe(page, without=("image-alt",)) == []


async def test_axe_finds_nothing_on_a_sound_page(page: Page) -> None:
    await show(page, SOUND)
    assert await axe(page) == []


async def test_axe_looks_into_an_opaque_frame(browser: Browser) -> None:
    frame = "<iframe sandbox='allow-scripts' title='Chat' src='http://page.test/frame'></iframe>"
    async with open_page(browser) as page:
        await show(page, FAULTY.replace("<img src=data:,>", ""), "sandbox allow-scripts")

        async def inner(route: Route) -> None:
            await route.fulfill(body=FAULTY, content_type="text/html")

        await page.route("http://page.test/frame", inner)
        await page.set_content(SOUND.replace("</main>", f"{frame}</main>"))
        await page.frame_locator("iframe").locator("h1").wait_for()
        assert [line.split(" ")[0] for line in await axe(page)] == ["image-alt"]


async def test_a_page_that_breaks_its_policy_fails_its_test(browser: Browser) -> None:
    async def opens_a_page_with_an_inline_script() -> None:
        async with open_page(browser) as page:
            await show(page, SOUND.replace("</main>", "<script>1</script></main>"))
            await page.evaluate("1")

    with pytest.raises(AssertionError, match="Content Security Policy"):
        await opens_a_page_with_an_inline_script()
