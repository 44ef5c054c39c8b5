"""Visitors: a signed frame token opens a chat, a resume token holds it. Both live in memory (S5).

A frame token says which site and when, and carries a nonce, so that the same frame opening twice
is one contact. A resume token is random; only its hash is kept with the conversation, and it is
dead the moment the visitor leaves. Its end is a seal of ours: whether it still opens anything only
the database knows, but a token we never made is known as such without asking it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from app.errors import Refused

LIFE = timedelta(hours=12)
"""A page may stay open unused for a night; the token only lets a chat begin."""

SEAL = 16
"""Letters at the end of a resume token: 96 bits."""


@dataclass(frozen=True)
class FramePass:
    service: str
    site: str
    nonce: str
    at: int
    """Seconds since 1970."""


def mint(key: bytes, service: str, site: str, nonce: str, now: datetime) -> str:
    """A token for one frame; `key` is Keyring.root.purpose("frame")."""
    body = msgspec.json.encode([service, site, nonce, int(now.timestamp())])
    return f"{_text(body)}.{_text(_signature(key, body))}"


def read(key: bytes, token: str, now: datetime) -> FramePass:
    """Raises Refused for a token that is forged, damaged or too old."""
    refused = Refused("Open the chat again from the page.", code="not_yours")
    try:
        body_text, signature_text = token.split(".")
        body, signature = _bytes(body_text), _bytes(signature_text)
        if not hmac.compare_digest(signature, _signature(key, body)):
            raise refused
        service, site, nonce, at = msgspec.json.decode(body, type=tuple[str, str, str, int])
    except (ValueError, msgspec.MsgspecError):
        raise refused from None
    age = now - datetime.fromtimestamp(at, UTC)
    if not timedelta(minutes=-5) <= age <= LIFE:
        raise refused
    return FramePass(service, site, nonce, at)


def resume_token(key: bytes, secret: str) -> str:
    """`secret` is ids.token(): 192 random bits, and their seal behind them."""
    return secret + _seal(key, secret)


def ours(key: bytes, token: str, now: datetime) -> bool:
    """Whether we made this token, of either kind. It may be too old or dead all the same."""
    if "." in token:
        try:
            read(key, token, now)
        except Refused:
            return False
        return True
    secret, seal = token[:-SEAL], token[-SEAL:]
    return hmac.compare_digest(seal.encode(), _seal(key, secret).encode())


def hashed(resume_token: str) -> bytes:
    return hashlib.sha256(resume_token.encode()).digest()


def _seal(key: bytes, secret: str) -> str:
    return _text(_signature(key, b"resume " + secret.encode()))[:SEAL]


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(value: str) -> bytes:
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))
