"""The carrier's webhooks: signed or refused, one work each, answered within two seconds.

Past two seconds, or on any error, a caller hears the apology and one of the line's fallback
numbers is rung (S2, S12); that needs nothing but what is in memory. A work that commits late is
reconciled when the caller comes back to `again`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app import ids
from app.cases.model import Channel
from app.cases.safe_contact import Permit, Purpose, SafeContact, decide
from app.cases.transcript import Transcript
from app.definition.acts import Definitions
from app.definition.model import Line
from app.errors import FrontdoorError, Missing
from app.ground import Ground
from app.log import log
from telephony import acts, apology, forms, spare, text_out, texting
from telephony.events import AdvisorStatus, CallStatus, Event, RoomEvent
from telephony.house import Happening, House
from telephony.places import Places
from telephony.signature import Gate, Webhook
from telephony.talk_events import PartyStatus
from telephony.texts import text_arrived, text_status
from telephony.twiml import EMPTY
from telephony.verbs import Verb

BUDGET = 2.0
LONGEST_SID = 64
SOUNDS = Path(__file__).parent / "sounds"
OUR_SOUNDS = frozenset(path.name for path in SOUNDS.glob("*.wav"))
ASKED_AGAIN = frozenset({"wait", "hold", "again", "held", "present", "joined", "left"})
"""Asked for again and again with the very same form: answered by the state, not from the store."""
PLACED = frozenset({"wait", "hold", "left"})

T = TypeVar("T")
Steps = Callable[[Request, Webhook], Awaitable[Response]]


class Hooks:
    """The routes of the phone line, and what they share."""

    def __init__(
        self,
        ground: Ground,
        definitions: Definitions,
        transcript: Transcript,
        house: Callable[[], House],
        somebody_rang: Callable[[], None],
    ) -> None:
        self._somebody_rang = somebody_rang
        self._ground = ground
        self._definitions = definitions
        self._transcript = transcript
        self._house = house
        self._gate = Gate(ground.settings)
        self._places = Places(ground, definitions.services, time.monotonic)
        self._trouble_since: float | None = None
        self._late: set[asyncio.Future[Any]] = set()

    def routes(self) -> list[BaseRoute]:
        post = ["POST"]
        return [
            Route("/telephony/voice", self._gated(self.arrived), methods=post),
            Route("/telephony/voice/status", self._gated(self.call_status), methods=post),
            Route(
                "/telephony/voice/{call}/leg/{leg:int}/{step}", self._gated(self.leg), methods=post
            ),
            Route(
                "/telephony/voice/{call}/party/{party}/{step}",
                self._gated(self.party),
                methods=post,
            ),
            Route(
                "/telephony/voice/{call}/{number:int}/{step}",
                self._gated(self.caller),
                methods=post,
            ),
            Route("/telephony/sms", self._gated(self.text), methods=post),
            Route("/telephony/sms/status", self._gated(self.text_status), methods=post),
            Route("/telephony/sounds/{name}", sound),
        ]

    def _gated(self, answer: Steps) -> Callable[[Request], Awaitable[Response]]:
        """Nothing passes unsigned; nothing leaves as an error page."""

        async def passed(request: Request) -> Response:
            try:
                return await answer(request, await self._gate.open(request))
            except FrontdoorError as refused:
                log.warning("webhook.refused", code=refused.code)
                return PlainTextResponse(refused.words, refused.status)
            except Exception as problem:
                self._troubled(problem, "status")
                return PlainTextResponse("Not now.", 503)

        return passed

    # -- voice ----------------------------------------------------------------------------

    async def arrived(self, request: Request, hook: Webhook) -> Response:
        call = _sid(hook.form.get("CallSid", ""))
        event = forms.arrived(hook.form)
        self._somebody_rang()
        return await self._voice(hook, call, "arrived", 0, 0, event)

    async def caller(self, request: Request, hook: Webhook) -> Response:
        """A caller's own document, or that of whoever answered a fallback number."""
        call, step = _sid(request.path_params["call"]), request.path_params["step"]
        number, tries = request.path_params["number"], _tries(request)
        if step == "sorry-whisper":
            return self._document(call, apology.whisper(number))
        if step == "sorry-pressed":
            return self._document(call, apology.pressed(hook.form.get("Digits", "").strip()))
        reached = tries > 0 and hook.form.get("DialBridged") == "true"
        event = forms.caller_event(step, number, hook.form, reached)
        if event is None:
            raise Missing
        return await self._voice(hook, call, step, number, tries, event)

    async def leg(self, request: Request, hook: Webhook) -> Response:
        """The phone of an advisor."""
        call, step = _sid(request.path_params["call"]), request.path_params["step"]
        leg, tries = request.path_params["leg"], _tries(request)
        event = forms.leg_event(step, leg, hook.form, tries)
        if event is None:
            raise Missing
        happening = self._happening(hook, call, event)
        try:
            return _xml(await self._in_time(self._heard(hook, step, happening)))
        except Missing:
            return _xml(EMPTY)
        except Exception as problem:
            self._troubled(problem, step)
            return self._spare(call, spare.for_leg(step, leg, tries))

    async def party(self, request: Request, hook: Webhook) -> Response:
        """The phone of one more on the line, and the words that name them."""
        call, step = _sid(request.path_params["call"]), request.path_params["step"]
        tries = _tries(request)
        event = forms.party_event(step, request.path_params["party"][:32], hook.form, tries)
        if event is None:
            raise Missing
        happening = self._happening(hook, call, event)
        try:
            return _xml(await self._in_time(self._heard(hook, step, happening)))
        except Missing:
            return _xml(EMPTY)
        except Exception as problem:
            self._troubled(problem, step)
            return self._spare(call, spare.for_party(step))

    async def call_status(self, request: Request, hook: Webhook) -> Response:
        call = _sid(hook.form.get("CallSid", ""))
        happening = self._happening(hook, call, forms.call_status(hook.form))
        try:
            return _xml(await self._in_time(self._heard(hook, "call-status", happening)))
        except Missing:
            return _xml(EMPTY)

    async def _voice(
        self, hook: Webhook, call: str, step: str, number: int, tries: int, event: Event
    ) -> Response:
        happening = self._happening(hook, call, event)
        try:
            document = await self._in_time(self._heard(hook, step, happening))
        except Exception as problem:
            self._troubled(problem, step)
            numbers, line = self._numbers(hook.form.get("To", ""))
            trouble = time.monotonic() - (self._trouble_since or time.monotonic())
            verbs = spare.for_caller(step, number, tries, hook.form, numbers, line, trouble)
            return self._spare(call, verbs)
        self._trouble_since = None
        return _xml(document)

    async def _heard(self, hook: Webhook, step: str, happening: Happening) -> str:
        db, house, event = self._ground.db, self._house(), happening.event
        if step in PLACED:
            happening = await self._placed(happening)
        if step in ASKED_AGAIN or isinstance(event, RoomEvent | CallStatus):
            document = await db.read(acts.glance, house, happening)
            if document is not None:
                return document
            return await db.write(acts.happen, house, happening)
        if isinstance(event, AdvisorStatus | PartyStatus):
            return await db.write(acts.happen, house, happening)
        key = texting.webhook_key(repr((hook.path, sorted(hook.form.pairs))))
        return await db.write(acts.answered, house, key, happening)

    async def _placed(self, happening: Happening) -> Happening:
        known = await self._ground.db.read(acts.whereabouts, happening.call)
        if known is None:
            return happening
        standing = await self._places.of(*known)
        return happening.at(standing.place, standing.minutes) if standing else happening

    def _happening(self, hook: Webhook, call: str, event: Event) -> Happening:
        return Happening(
            call=call,
            event=event,
            contact=ids.new(),
            room=ids.new(),
            dialled=hook.form.get("To", "").strip(),
            caller=forms.arrived(hook.form).caller,
            relay=forms.is_relayed(hook.form),
            by=hook.form.get("CallSid", "")[:LONGEST_SID],
        )

    def _numbers(self, dialled: str) -> tuple[tuple[str, ...], str]:
        """The fallback numbers of the line, else of any line: in doubt, a human (S12)."""
        lines: list[Line] = [line for service in self._definitions for line in service.lines]
        ours = next((line for line in lines if line.number == dialled.strip()), None)
        line = ours or next((line for line in lines if "voice" in line.channels), None)
        return (tuple(line.fallback), line.number) if line is not None else ((), "")

    # -- texts ----------------------------------------------------------------------------

    async def text(self, request: Request, hook: Webhook) -> Response:
        text = text_arrived(hook.form)
        if text is None:
            raise Missing
        try:
            service, line = self._definitions.line_for(text.line)
        except Missing:
            log.error("text.unknown_line", message=text.message)
            return _xml(EMPTY)
        arrival = texting.Arrival(text, service, line, ids.new(), ids.new())
        try:
            answer = await self._in_time(
                self._ground.db.write(texting.text_came, self._house(), self._transcript, arrival)
            )
        except Exception as problem:
            self._troubled(problem, "text")
            return self._could_not_keep()
        return _xml(answer)

    async def text_status(self, request: Request, hook: Webhook) -> Response:
        told = text_status(hook.form)
        text_id = request.query_params.get("text", "")
        if told is None or not text_id:
            raise Missing
        await self._in_time(
            self._ground.db.write(text_out.status_came, self._transcript, text_id[:80], told)
        )
        return Response(status_code=204)

    def _could_not_keep(self) -> Response:
        """They wrote this very moment, so one line may go back: it did not reach us (S4)."""
        now = self._ground.clock.now()
        permit = decide(Purpose.REPLY, Channel.SMS, SafeContact(last_word_at=now), now)
        if not isinstance(permit, Permit):
            return _xml(EMPTY)
        return _xml(self._house().speaker.answer(permit, "fault", now))

    # -- shared ---------------------------------------------------------------------------

    async def _in_time(self, work: Awaitable[T]) -> T:
        """The work goes on when the time is over; only the carrier's answer no longer waits."""
        task: asyncio.Future[T] = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=BUDGET)
        if done:
            return task.result()
        self._late.add(task)
        task.add_done_callback(self._came_late)
        raise TimeoutError

    def _came_late(self, task: asyncio.Future[Any]) -> None:
        self._late.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("webhook.late_and_lost", error=type(task.exception()).__name__)

    def _troubled(self, problem: Exception, step: str) -> None:
        if self._trouble_since is None:
            self._trouble_since = time.monotonic()
        known = isinstance(problem, FrontdoorError | TimeoutError)
        log.error("webhook.spare", step=step, exc_info=None if known else problem,
                  code=getattr(problem, "code", type(problem).__name__))  # fmt: skip

    def _spare(self, call: str, verbs: tuple[Verb, ...] | None) -> Response:
        if verbs is None:
            return PlainTextResponse("Not now.", 503)
        return self._document(call, verbs)

    def _document(self, call: str, verbs: tuple[Verb, ...]) -> Response:
        return _xml(self._house().speaker.document(call, verbs))


async def sound(request: Request) -> Response:
    """Our own sounds, and nothing else that lies in the folder."""
    name = request.path_params["name"]
    if name not in OUR_SOUNDS:
        return PlainTextResponse(Missing().words, 404)
    headers = {"Cache-Control": "public, max-age=86400"}
    return FileResponse(SOUNDS / name, media_type="audio/wav", headers=headers)


def _xml(document: str) -> Response:
    return Response(document, media_type="application/xml")


def _sid(sid: str) -> str:
    if not sid or len(sid) > LONGEST_SID or not sid.isascii():
        raise Missing
    return sid


def _tries(request: Request) -> int:
    tries = forms.whole(request.query_params.get("tries"))
    return min(tries, 99) if tries is not None else 0
