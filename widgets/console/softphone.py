"""The browser phone's own door: a pass for whoever is signed in and on shift, and what the desk's
page must allow for it. No other page, and no other surface, may listen or reach the carrier.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.policy import Actor
from app.errors import FrontdoorError
from app.guards import EVERYWHERE, STRICT
from app.settings import Settings
from telephony import softphone
from telephony.softphone import Pass
from widgets.console.web import Console

SIGNALS = "wss://voice-js.roaming.twilio.com"
QUALITY = "https://eventgw.twilio.com"
"""Where the SDK speaks to the carrier, and where it tells how a call sounded. Source: the SDK's
COMMON_ISSUES.md, Content Security Policy. Its sounds are ours, so its two sound hosts stay shut."""

PassFor = Callable[[Actor], Awaitable[Pass]]


def allowed(settings: Settings) -> Mapping[str, str]:
    """Headers of the desk's page: the microphone, and with a real account the carrier's hosts."""
    if not softphone.can_ring_browsers(settings):
        return {}
    return headers(account=softphone.has_keys(settings))


def headers(*, account: bool) -> Mapping[str, str]:
    policy = STRICT
    if account:
        policy = policy.replace("connect-src 'self'", f"connect-src 'self' {SIGNALS} {QUALITY}")
        policy = policy.replace("media-src 'self'", "media-src 'self' mediastream:")
    microphone = EVERYWHERE["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
    return {"Content-Security-Policy": policy, "Permissions-Policy": microphone}


def routes(console: Console, pass_for: PassFor) -> list[BaseRoute]:
    async def token(request: Request) -> Response:
        actor = await console.actor(request)
        if actor is None:
            return JSONResponse(
                {"code": "signed_out", "words": "You are signed out. Sign in again."},
                HTTPStatus.UNAUTHORIZED,
            )
        try:
            made = await pass_for(actor)
        except FrontdoorError as refusal:
            return JSONResponse({"code": refusal.code, "words": refusal.words}, refusal.status)
        return JSONResponse(
            {
                "identity": made.identity,
                "token": made.token,
                "seconds": made.seconds,
                "rehearsed": not made.token,
            }
        )

    return [Route("/console/phone/token", token, methods=["POST"])]
