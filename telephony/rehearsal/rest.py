"""The carrier's API over HTTP: checks who asks, reads the form, answers as `api` decides."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from telephony.rehearsal.answers import Answer, refusal
from telephony.rehearsal.values import Asked

if TYPE_CHECKING:
    from telephony.rehearsal.acts import Rehearsal

MOST_FORM = 256 * 1024


def routes(rehearsal: Rehearsal) -> list[Route]:
    async def serve(request: Request) -> Response:
        if not known(request.headers.get("authorization", ""), rehearsal.credentials):
            return written(refusal(401, 20003, "Authenticate"))
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_FORM:
                return written(refusal(413, 20001, "The request is too large"))
        form = parse_qs(request.url.query, keep_blank_values=True)
        try:
            form |= parse_qs(body.decode(), keep_blank_values=True, max_num_fields=1000)
        except ValueError:
            return written(refusal(400, 20001, "The form cannot be read"))
        asked = Asked(request.method, request.path_params["path"], form)
        return written(rehearsal.rest(asked))

    return [Route("/2010-04-01/{path:path}", serve, methods=["GET", "POST", "DELETE"])]


def known(header: str, credentials: dict[str, str]) -> bool:
    """HTTP Basic: the account's SID and token, or an API key and its secret."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    wanted = credentials.get(name)
    return wanted is not None and hmac.compare_digest(wanted.encode(), secret.encode())


def written(answer: Answer) -> Response:
    if answer.media is not None:
        return Response(answer.media, answer.status, media_type="audio/wav")
    if answer.body is None:
        return Response(status_code=answer.status)
    return JSONResponse(answer.body, answer.status)
