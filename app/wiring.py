"""The only file that names concrete adapters: from settings to a house that stands."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from app import ids
from app.auth import visitors
from app.auth.tables import staff
from app.bus import Bus, LocalBus, RedisBus
from app.cases.tables import contacts
from app.cases.transcript import Transcript
from app.clock import Clock
from app.crypto import RootKeys, read_root_keys
from app.db import Database, Work
from app.definition.acts import Definitions
from app.definition.model import Hub, Service, Site
from app.errors import FrontdoorError, Misconfigured
from app.ground import Ground
from app.keyring import Keyring
from app.limits import Limiter, LocalLimiter, RedisLimiter
from app.log import log
from app.migrate import BEHIND, is_current
from app.settings import Settings
from chat.poll import VisitorPoll
from chat.socket import VisitorSocket
from chat.switchboard import Switchboard
from routing.matcher import Matcher
from telephony import showing, talking_shown
from telephony.line import PhoneLine
from telephony.rehearsal.acts import Rehearsal
from telephony.rehearsal.values import Line as RehearsedLine
from widgets.console.telephone import CallState, Delivered, Telephone

Phones = Iterable[tuple[str, str]]
"""(number in E.164, label)."""


@dataclass
class House:
    """Everything one process needs, made once. `start` and `stop` are called by the roof."""

    ground: Ground
    definitions: Definitions
    transcript: Transcript
    switchboard: Switchboard
    visitor_socket: VisitorSocket
    visitor_poll: VisitorPoll
    matcher: Matcher
    phone_line: PhoneLine
    frame_key: bytes
    rehearsal: Rehearsal | None = None
    draining: bool = False

    async def start(self) -> None:
        await self.ground.db.start()
        if not await self.ground.db.read(is_current):
            raise Misconfigured(BEHIND)
        await self.definitions.refresh()
        await self.ground.bus.start()
        await self.switchboard.start()
        await self.matcher.start()
        await self.phone_line.start()
        if self.rehearsal is not None:
            await self.rehearsal.start()
        self._refresher = asyncio.create_task(self._refresh(), name="definitions")

    async def stop(self) -> None:
        self._refresher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._refresher
        if self.rehearsal is not None:
            await self.rehearsal.stop()
        await self.phone_line.stop()
        await self.matcher.stop()
        await self.visitor_poll.stop()
        await self.switchboard.stop()
        await self.ground.bus.stop()
        await self.ground.limiter.stop()
        await self.ground.db.stop()

    def mint_frame_token(self, service: Service, site: Site, now: datetime) -> str:
        return visitors.mint(self.frame_key, service.key, site.key, ids.token(), now)

    def services(self) -> Mapping[str, Service]:
        return self.definitions.services()

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(1)
            try:
                await self.definitions.refresh()
            except FrontdoorError as problem:
                log.warning("definitions.not_read", code=problem.code)
            except Exception:
                log.exception("definitions.not_read")


def staff_of_hub(work: Work, service: Service, hub: Hub) -> str:
    """Why a hub cannot be taken out of a definition: people work there."""
    count = work.run(
        sa.select(sa.func.count())
        .select_from(staff)
        .where(staff.c.service == service.key, staff.c.hub == hub.key, staff.c.active.is_(True))
    ).scalar_one()
    return f"{count} people work at {hub.name}. Move them to another hub first." if count else ""


def contacts_of_hub(work: Work, service: Service, hub: Hub) -> str:
    """Why a hub cannot be taken out of a definition: someone is still with it."""
    count = work.run(
        sa.select(sa.func.count())
        .select_from(contacts)
        .where(
            contacts.c.service == service.key,
            contacts.c.hub == hub.key,
            contacts.c.state != "closed",
        )
    ).scalar_one()
    return f"{count} contacts are open at {hub.name}. End or move them first." if count else ""


HELD = (staff_of_hub, contacts_of_hub)


def root_keys(settings: Settings) -> RootKeys:
    """Raises Misconfigured when no key file is named: nothing is ever kept unsealed."""
    if not settings.frontdoor_keys:
        raise Misconfigured(
            "FRONTDOOR_KEYS is not set. Make a key file with `frontdoor keys new FILE`, "
            "keep a copy elsewhere, and set FRONTDOOR_KEYS to it."
        )
    return read_root_keys(Path(settings.frontdoor_keys))


def build(settings: Settings, clock: Clock | None = None) -> House:
    """Wire everything. Raises Misconfigured with one plain sentence."""
    clock = clock or Clock()
    keyring = Keyring(root_keys(settings))
    bus: Bus = RedisBus(settings.redis_url) if settings.redis_url else LocalBus()
    limiter: Limiter = RedisLimiter(settings.redis_url) if settings.redis_url else LocalLimiter()
    db = Database(settings.database_url, bus, clock)
    ground = Ground(settings, clock, bus, db, keyring, limiter)
    definitions = Definitions(db)
    transcript = Transcript(keyring)
    frame_key = keyring.root.purpose("frame")
    switchboard = Switchboard(ground, definitions.services)
    door = VisitorSocket(ground, transcript, switchboard, definitions.services, frame_key)
    return House(
        ground=ground,
        definitions=definitions,
        transcript=transcript,
        switchboard=switchboard,
        visitor_socket=door,
        visitor_poll=VisitorPoll(door),
        matcher=Matcher(ground, definitions.services),
        phone_line=PhoneLine(ground, definitions, transcript),
        frame_key=frame_key,
    )


def _calls(work: Work, contact_ids: Sequence[str]) -> Mapping[str, CallState]:
    talks = talking_shown.talks_of(work, contact_ids)
    return {
        contact: CallState(state, since, talks.get(contact))
        for contact, (state, since) in showing.calls_of(work, contact_ids).items()
    }


TELEPHONE = Telephone(
    calls=_calls,
    replies=showing.replies_of,
    deliveries=lambda work, conversation: [
        Delivered(seq, state) for seq, state in showing.left(work, conversation)
    ],
)
"""What the desk is told of calls and texts."""


def rehearsal(
    settings: Settings,
    services: Iterable[Service],
    phones: Phones,
    names: Phones = (),
    *,
    speed: float = 1.0,
) -> Rehearsal:
    """A carrier on this machine, with the lines of these services and these phones on its table.

    Other phones join the table when they are rung, under their name in `names`. `speed` is that
    of the carrier's own time.
    """
    hooks = settings.hooks_url
    return Rehearsal(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        lines=[
            RehearsedLine(
                number=line.number,
                label=f"{service.name}, {'calls' if 'voice' in line.channels else 'texts'}",
                voice_url=f"{hooks}/telephony/voice",
                sms_url=f"{hooks}/telephony/sms" if "sms" in line.channels else None,
                status_callback=f"{hooks}/telephony/voice/status",
            )
            for service in services
            for line in service.lines
        ],
        phones=phones,
        names=dict(names),
        speed=speed,
    )
