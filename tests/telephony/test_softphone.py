"""A token for a browser: only for whoever is on shift, naming nobody, able to call nobody."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit import trail
from app.errors import Refused
from app.settings import Settings, load
from routing import acts as routing
from routing import device
from telephony import softphone
from tests.house import Home
from tests.people import CUMBRIA, MAYA

ACCOUNT, KEY = "AC" + "1" * 32, "SK" + "2" * 32
CARRIER = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "a token"}
KEYS = {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": "a secret of thirty-two characters"}
REHEARSAL = {"TWILIO_API_BASE": "http://127.0.0.1:8099"}


def settings(*parts: dict[str, str]) -> Settings:
    return load({name: value for part in parts for name, value in part.items()})


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    head, body = (
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        for part in token.split(".")[:2]
    )
    return head, body


def test_a_token_lets_a_browser_be_rung_and_nothing_else() -> None:
    made = softphone.token(settings(CARRIER, KEYS), "0192abc")
    head, body = read(made.token)
    assert head["cty"] == "twilio-fpa;v=1"
    assert (body["iss"], body["sub"]) == (KEY, ACCOUNT)
    assert body["grants"] == {"identity": "u_0192abc", "voice": {"incoming": {"allow": True}}}
    assert body["exp"] - body["nbf"] in (softphone.LASTS, softphone.LASTS + 1)
    assert made.seconds == softphone.LASTS


def test_without_an_api_key_only_a_rehearsal_has_browsers_to_ring() -> None:
    assert not softphone.can_ring_browsers(settings())
    assert not softphone.can_ring_browsers(settings(CARRIER))
    assert softphone.can_ring_browsers(settings(CARRIER, KEYS))
    assert softphone.can_ring_browsers(settings(CARRIER, REHEARSAL))
    assert softphone.token(settings(CARRIER, REHEARSAL), "maya").token == ""
    assert not softphone.rehearsed(settings(CARRIER, REHEARSAL, KEYS))


async def test_whoever_is_off_duty_or_not_seen_gets_no_token(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    await home.write(softphone.allow, maya, CUMBRIA)
    home.clock.move(minutes=10)
    with pytest.raises(Refused, match="while you are on duty"):
        await home.write(softphone.allow, maya, CUMBRIA)
    await home.write(routing.beat, maya.staff, 60)
    await home.write(softphone.allow, maya, CUMBRIA)
    await home.write(routing.go_off_duty, maya.staff)
    with pytest.raises(Refused, match="while you are on duty"):
        await home.write(softphone.allow, maya, CUMBRIA)


async def test_every_token_is_in_the_trail(home: Home) -> None:
    maya = await home.on_duty(MAYA)
    await home.write(softphone.allow, maya, CUMBRIA)
    said = await home.rows(sa.select(trail.c.actor).where(trail.c.verb == "browser phone"))
    assert [row.actor for row in said] == [maya.staff]


async def test_the_browser_rings_while_its_phone_is_heard_of_and_else_their_own(
    home: Home,
) -> None:
    maya = await home.on_duty(MAYA)
    own = await home.read(softphone.address, home.keyring, maya.staff)
    assert str(own).startswith("+44")
    await home.write(device.choose, maya.staff, browser=True)
    assert await home.read(softphone.address, home.keyring, maya.staff) == own
    await home.write(device.beat, maya.staff, ready=True)
    here = f"client:u_{maya.staff}"
    assert await home.read(softphone.address, home.keyring, maya.staff) == here
    assert await home.read(softphone.address, home.keyring, maya.staff, "phone") == own
    home.clock.move(seconds=device.LEASE.total_seconds() + 1)
    assert await home.read(softphone.address, home.keyring, maya.staff) == own
