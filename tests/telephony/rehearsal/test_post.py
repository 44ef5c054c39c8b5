"""Webhooks on the wire: signed over the exact URL, retried as asked, patient for 15 seconds."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from starlette.responses import Response

from telephony.rehearsal.post import Post
from telephony.rehearsal.values import Reply, Send
from tests.telephony.rehearsal.conftest import Both
from tests.telephony.rehearsal.product import CALLER, LINE, TOKEN, Product, free_socket


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    made = Post(TOKEN)
    await made.start()
    yield made
    await made.stop()


def question(product: Product, path: str, **more: object) -> Send:
    params = {"Body": "a & b = ü ’", "Blank": "", "From": CALLER}
    return Send(
        1,
        product.base + path,
        str(more.get("method", "POST")),
        params,
        copies=int(str(more.get("copies", 1))),
    )


@pytest.mark.parametrize("path", ["/a", "/a/", "/a?x=1&y=%20%2F", "/a?b=&c", "/%C3%BC#rc=2"])
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_signature_covers_the_url_as_it_is_sent(
    both: Both, post: Post, path: str, method: str
) -> None:
    # X-Twilio-Signature: URL without fragment, every POST parameter, blanks included.
    reply = await post.send(question(both.product, path, method=method))
    assert reply.status == 200
    (told,) = both.product.told
    assert (told.method, told.params["Blank"], told.params["Body"]) == (method, "", "a & b = ü ’")


async def test_the_product_refuses_another_accounts_key(both: Both) -> None:
    other = Post("another token")
    await other.start()
    assert (await other.send(question(both.product, "/a"))).status == 403
    await other.stop()


async def test_a_server_error_is_not_retried_unless_asked(both: Both, post: Post) -> None:
    both.product.answers["/a"] = Response(status_code=500)
    assert (await post.send(question(both.product, "/a"))).status == 500
    assert len(both.product.told) == 1
    await post.send(question(both.product, "/a#rp=5xx&rc=2"))
    assert len(both.product.told) == 4
    assert len({told.token for told in both.product.told[1:]}) == 1  # one logical request


async def test_copies_carry_one_idempotency_token(both: Both, post: Post) -> None:
    await post.send(question(both.product, "/a", copies=2))
    first, second = both.product.told
    assert first.token == second.token != ""
    assert first.params == second.params


async def test_nobody_listening_is_a_connection_failure(post: Post) -> None:
    with free_socket() as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/a"
    assert await post.send(Send(1, address, "POST", {})) == Reply(0, error="ct")


async def test_a_server_that_never_answers_is_given_up(post: Post) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/a#rt=100"
        assert await post.send(Send(1, address, "POST", {})) == Reply(0, error="rt")
        address = address.replace("rt=100", "tt=100")
        assert await post.send(Send(1, address, "POST", {})) == Reply(0, error="rt")


async def test_a_broken_connection_and_a_wrong_address_are_values_not_errors(post: Post) -> None:
    async def slam(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(slam, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert (await post.send(Send(1, f"http://127.0.0.1:{port}/", "POST", {}))).error
    server.close()
    await server.wait_closed()
    assert (await post.send(Send(1, "http://[::bad/", "POST", {}))).error
    assert (await post.send(Send(1, "http://nobody.invalid/", "POST", {}))).error


async def test_a_long_answer_is_cut_after_64_kb(both: Both, post: Post) -> None:
    both.product.answers["/a"] = Response(b"x" * 1_000_000)
    assert 65_536 < len((await post.send(question(both.product, "/a"))).body) < 400_000


async def test_the_product_may_be_away_and_come_back(both: Both) -> None:
    # The primary handler fails, there is no fallback: the apology, and the next call works.
    both.product.answers["/voice"] = Response(status_code=502)
    await both.rehearsal.ring(CALLER, LINE)
    await both.rehearsal.hears(CALLER, "application error")
    await both.rehearsal.until(lambda: both.rehearsal.state(CALLER) == "idle")
    both.product.answers["/voice"] = "<Say>Hello again.</Say>"
    await both.rehearsal.ring(CALLER, LINE)
    await both.rehearsal.hears(CALLER, "Hello again.")


async def test_a_text_and_its_answer(both: Both) -> None:
    both.product.answers["/sms"] = "<Message>In danger now? Call 999.</Message>"
    await both.rehearsal.text(CALLER, LINE, "hello")
    await both.rehearsal.receives(CALLER, "Call 999.")
    assert [text.mine for text in both.rehearsal.texts(CALLER)] == [True, False]
