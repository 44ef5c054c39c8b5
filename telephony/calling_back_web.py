"""The carrier's webhooks about call backs: signed or refused, one work each.

Nothing is ever said to the person's phone here: it is joined to an advisor, or let go.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app.errors import FrontdoorError, Missing
from app.ground import Ground
from app.log import log
from telephony import calling_back as flow
from telephony import calling_back_acts as acts
from telephony import forms
from telephony.calling_back import Event
from telephony.house import House
from telephony.signature import Gate, Webhook
from telephony.twiml import EMPTY, Addresses, Telling
from telephony.verbs import Hangup, Step, Verb

ROOT = "/telephony/back"
LONGEST = 64


def address(base: str, try_id: str, step: str) -> str:
    return f"{base}{ROOT}/{try_id}/{step}"


class BackAddresses(Addresses):
    """Our own webhook addresses of one call back: `call` is the id of the try."""

    def of(self, step: Step) -> str:
        tries = f"?tries={step.tries}" if step.tries else ""
        return f"{address(self.base, self.call, step.name)}{tries}"


class CallBackHooks:
    def __init__(self, ground: Ground, house: Callable[[], House]) -> None:
        self._ground = ground
        self._house = house
        self._gate = Gate(ground.settings)

    def routes(self) -> list[BaseRoute]:
        return [Route(f"{ROOT}/{{id}}/{{step}}", self._heard, methods=["POST"])]

    async def _heard(self, request: Request) -> Response:
        try:
            hook = await self._gate.open(request)
            return await self._answer(request, hook)
        except FrontdoorError as refused:
            log.warning("webhook.refused", code=refused.code)
            return PlainTextResponse(refused.words, refused.status)
        except Exception:
            log.exception("webhook.call_back")
            return self._document(request.path_params["id"], (Hangup(),))

    async def _answer(self, request: Request, hook: Webhook) -> Response:
        id_, step = request.path_params["id"][:32], request.path_params["step"]
        if step in ("room", "bye"):
            return _xml(EMPTY)
        tries = min(forms.whole(request.query_params.get("tries")) or 0, 9)
        event = read(step, tries, hook)
        if event is None:
            raise Missing
        sid = hook.form.get("CallSid", "")[:LONGEST]
        turn = await self._in_work(acts.happen, id_, event, sid)
        return self._document(id_, turn.verbs)

    async def _in_work(
        self, act: Callable[..., flow.Turn], id_: str, event: Event, sid: str
    ) -> flow.Turn:
        answer: Awaitable[flow.Turn] = self._ground.db.write(act, id_, event, sid)
        return await answer

    def _document(self, id_: str, verbs: tuple[Verb, ...]) -> Response:
        speaker = self._house().speaker
        telling = Telling(speaker, BackAddresses(speaker.base, id_), speaker.prompts)
        return _xml(telling.document(verbs))


def read(step: str, tries: int, hook: Webhook) -> Event | None:
    """The event of a webhook; None when it says nothing we know (S9)."""
    form = hook.form
    match step:
        case "answered":
            return flow.AdvisorAnswered()
        case "pressed":
            return flow.AdvisorPressed(form.get("Digits", "").strip()[:32], tries)
        case "told":
            return flow.AdvisorTold()
        case "person":
            return flow.PersonAnswered(form.get("AnsweredBy", ""))
        case "advisor-status" | "person-status":
            return flow.Progress(step.partition("-")[0], form.get("CallStatus", ""))
        case _:
            return None


def _xml(document: str) -> Response:
    return Response(document, media_type="application/xml")
