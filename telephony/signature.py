"""Is this webhook truly the carrier's, and of our own account? Fail closed, before anything else.

The signature covers the public address exactly as the carrier was given it: HOOKS_URL with the
raw path and query, never what a proxy says of itself; and every form field, blanks included.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from twilio.request_validator import (
    RequestValidator,
)

from app.errors import Refused, TooLarge
from app.settings import Settings

MOST_BYTES = 64 * 1024
MOST_FIELDS = 200
FORM = "application/x-www-form-urlencoded"


class SignedForm(Mapping[str, str]):
    """A form as it was signed: reads as one value a name, keeps every value for the check."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        return self._values[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        """The name that the carrier's validator asks for."""
        return self._values.get(name, [])


@dataclass(frozen=True)
class Webhook:
    """A request that the carrier signed. `path` has the query with it, as it came."""

    path: str
    form: SignedForm


class Gate:
    """Lets only the carrier in. Without credentials in the settings nobody comes in."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.hooks_url
        self._account = settings.twilio_account_sid
        token = settings.twilio_auth_token
        self._validator = RequestValidator(token) if token and self._account else None

    async def open(self, request: Request) -> Webhook:
        """Raises Refused for whatever is not signed for this address, TooLarge past 64 kB."""
        signature = request.headers.get("x-twilio-signature", "")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self._validator is None or not signature or kind != FORM:
            raise Refused("This address is for the carrier alone.")
        pairs = _pairs(await _body(request))
        path = _path(request)
        form = SignedForm(pairs)
        if not self._validator.validate(self._base + path, form, signature):
            raise Refused("This address is for the carrier alone.")
        if not hmac.compare_digest(form.get("AccountSid", "").encode(), self._account.encode()):
            raise Refused("This address is for the carrier alone.")
        return Webhook(path, form)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge("That is longer than we read.")
    return body


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="strict",
        )
    except ValueError:
        raise Refused("This address is for the carrier alone.") from None


def _path(request: Request) -> str:
    """The path and query as the carrier sent them, encoding and order untouched."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope.get("query_string", b"")
    path = raw.partition(b"?")[0]
    return (path + b"?" + query if query else path).decode("latin-1")
