"""The advisor's leg in a browser: who it is to the carrier, a token to be it, and what rings.

A token is made only for whoever is signed in and on shift, names no person (S8), and soon ends.
Outgoing calls cannot be made with it: everyone on a line is rung by us (S4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app import audit
from app.auth.policy import Actor
from app.auth.staff import phone_of
from app.db import Work
from app.definition.model import Service
from app.errors import Refused
from app.keyring import Keyring
from app.settings import Settings
from routing import device
from routing.presence import state_of
from routing.reading import facts_of

LASTS = 600
"""Seconds. The browser asks for the next in good time; a sign-out is felt within ten minutes."""

Leg = Literal["phone", "browser"]


@dataclass(frozen=True)
class Pass:
    """What a browser needs to be rung. `token` is "" where only the rehearsal is the carrier."""

    identity: str
    token: str
    seconds: int


def identity(staff_id: str) -> str:
    """Who a browser is to the carrier: letters, digits, underscore, and nobody's name."""
    return f"u_{staff_id}"


def can_ring_browsers(settings: Settings) -> bool:
    """A standard API key is there, or the carrier is a rehearsal on this machine."""
    return settings.has_carrier and (has_keys(settings) or rehearsed(settings))


def has_keys(settings: Settings) -> bool:
    return bool(settings.twilio_api_key and settings.twilio_api_secret)


def rehearsed(settings: Settings) -> bool:
    return bool(settings.twilio_api_base) and not has_keys(settings)


def allow(work: Work, actor: Actor, service: Service) -> None:
    """Raises Refused unless they are on duty and their console is in use."""
    state, why = state_of(facts_of(work, actor.staff, service), work.now)
    if state == "offline":
        raise Refused(f"The browser phone works while you are on duty. {why}", code="off_shift")
    audit.record(work, actor.staff, "browser phone", "staff", actor.staff, service=service.key)


def token(settings: Settings, staff_id: str) -> Pass:
    """Signed here, with no question to the carrier."""
    who = identity(staff_id)
    if not has_keys(settings):
        return Pass(who, "", LASTS)
    from twilio.jwt.access_token import AccessToken
    from twilio.jwt.access_token.grants import VoiceGrant

    made = AccessToken(
        settings.twilio_account_sid,
        settings.twilio_api_key,
        settings.twilio_api_secret,
        identity=who,
        ttl=LASTS,
    )
    made.add_grant(VoiceGrant(incoming_allow=True))
    return Pass(who, str(made.to_jwt()), LASTS)


def address(work: Work, keyring: Keyring, staff_id: str, leg: Leg | None = None) -> str | None:
    """What to ring for a member of staff: `client:...` or a number; None when nothing would ring.

    Without `leg`: as they chose, and their own phone while the browser's is not heard of (S2).
    """
    if leg == "browser" or (leg is None and device.device_of(work, staff_id).rings):
        return f"client:{identity(staff_id)}"
    return phone_of(work, keyring, staff_id)
