"""Sends the exchange's webhooks: signed, by form, with the carrier's patience and retries.

The signature covers the URL exactly as it is sent, without its fragment. One token marks all
tries and copies of one request. HTTP time is real time, whatever the speed of the exchange.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp
from twilio.request_validator import (
    RequestValidator,
)
from yarl import URL

from telephony.rehearsal.overrides import Patience, split
from telephony.rehearsal.twiml import MOST_BYTES
from telephony.rehearsal.values import Params, Reply, Send


class Post:
    """One HTTP client with one account's key. `start` inside the running loop, then `stop`."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, send: Send) -> Reply:
        """Sends it, again after the failures its URL asks for; the last answer counts."""
        url, patience = split(send.url)
        token = str(uuid4())
        copies = [self._patiently(send, url, patience, token) for _ in range(send.copies)]
        replies = await asyncio.gather(*copies)
        return replies[0]

    async def _patiently(self, send: Send, url: str, patience: Patience, token: str) -> Reply:
        reply = Reply(0, error="rt")
        try:
            async with asyncio.timeout(patience.total):
                for _ in range(patience.retries + 1):
                    reply = await self._once(send, url, patience, token)
                    failure = reply.error or f"{reply.status // 100}xx"
                    if failure == "2xx" or not patience.tries_again(failure):
                        break
        except TimeoutError:
            reply = Reply(0, error="rt")
        return reply

    async def _once(self, send: Send, url: str, patience: Patience, token: str) -> Reply:
        assert self._session is not None, "start() comes first"
        params: Params = send.params
        body: bytes | None = urlencode(params).encode()
        if send.method == "GET":
            url += ("&" if "?" in url else "?") + urlencode(params)
            body, params = None, {}
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(url, params),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=patience.connect, sock_read=patience.read
        )
        try:
            async with self._session.request(
                send.method,
                URL(url, encoded=True),
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                content = bytearray()
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) > MOST_BYTES:
                        break
                kind = response.headers.get("Content-Type", "")
                return Reply(response.status, kind, bytes(content))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Reply(0, error="ct")
        except aiohttp.ServerTimeoutError:
            return Reply(0, error="rt")
        except (aiohttp.ClientError, OSError, ValueError) as broken:
            return Reply(0, error=f"the connection broke ({type(broken).__name__})")
