"""The one carrier client: the twilio library, in threads, five seconds a request.

Every request keeps method, path, query, body, headers and authorisation; TWILIO_API_BASE changes
scheme, host and port alone. What happened comes back as a value. An outcome that nobody knows is
`Unclear`: whoever asked looks before asking again. No request here can start a recording (S10).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from app.cases.model import Channel
from app.cases.safe_contact import Permit
from app.log import log
from app.settings import Settings
from telephony.numbers import may_be_rung, number_of
from telephony.talk_events import FINAL

if TYPE_CHECKING:
    from twilio.rest import Client

TIMEOUT: Final = 5.0
AT_ONCE: Final = 8
GONE: Final = {20404, 21220}
"""No such call, or the call is not in progress any more."""
OPTED_OUT: Final = 21610
NO_NUMBER: Final = 21211
"""Their code for a number that is none; ours too, before it leaves the house."""
LIVE_LEG: Final = ("queued", "ringing", "in-progress")


@dataclass(frozen=True)
class Done:
    """The carrier took it; `sid` is its name for what was made or changed."""

    sid: str


@dataclass(frozen=True)
class Gone:
    """The call it was about is over."""


@dataclass(frozen=True)
class Denied:
    """The carrier said no, and will say no again. `code` is its error number."""

    code: int


@dataclass(frozen=True)
class Busy:
    """Too many requests, or the carrier is unwell (429, 5xx): try later."""


@dataclass(frozen=True)
class Unclear:
    """The line broke: it may have been done. Look before asking again."""


Outcome: TypeAlias = Done | Gone | Denied | Busy | Unclear


class Carrier:
    """Opened on first use: the REST client is slow to import and not every process needs it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client | None = None
        self._warmed = False
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, "carrier")

    @property
    def there(self) -> bool:
        return self._settings.has_carrier

    def warm(self) -> None:
        """Somebody rang, so an advisor will be rung soon: open the client in a thread, once."""
        if self.there and not self._warmed:
            self._warmed = True
            self._threads.submit(self._opened)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    # -- calls ----------------------------------------------------------------------------

    async def ring(
        self, to: str, from_: str, url: str, status_url: str, seconds: int, digits: str = ""
    ) -> Outcome:
        """Ring a phone of the staff, or a desk that a talk needs; when it answers, the carrier
        presses `digits` on it (w: half a second) and asks `url` what to say. What is no number is
        never rung, whoever asks (S6)."""
        if not may_be_rung(to):
            return Denied(NO_NUMBER)
        return await self._ask(
            lambda client: client.calls.create(
                to=to,
                from_=from_,
                url=url,
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                timeout=seconds,
                record=False,
                **({"send_digits": digits} if digits else {}),
            )
        )

    async def ringing(self, to: str, from_: str, since: datetime) -> Outcome:
        """Was a call made after all? Done with its sid, or Gone when there is none."""

        def look(client: Client) -> Any:
            made = client.calls.list(to=to, from_=from_, limit=20)
            return next(
                (each for each in made if each.status in LIVE_LEG and _since(each, since)), None
            )

        return await self._ask(look)

    async def move(self, call: str, url: str) -> Outcome:
        return await self._ask(lambda client: client.calls(call).update(url=url, method="POST"))

    async def end(self, call: str) -> Outcome:
        return await self._ask(lambda client: client.calls(call).update(status="completed"))

    async def over(self, call: str) -> str | None:
        """The final status of a call, "" while it goes on; None when the carrier cannot tell."""
        final = ""

        def look(client: Client) -> Any:
            nonlocal final
            found = client.calls(call).fetch()
            final = found.status if found.status in FINAL else ""
            return found

        outcome = await self._ask(look)
        if isinstance(outcome, Gone):
            return "completed"
        return final if isinstance(outcome, Done) else None

    async def ask(self, request: Callable[[Client], Any]) -> Outcome:
        """Requests that belong together, one after the other: about one room (telephony.rooms)."""
        return await self._ask(request)

    # -- texts ----------------------------------------------------------------------------

    async def text(
        self,
        permit: Permit,
        to: str,
        from_: str,
        body: str,
        status_url: str,
        minutes: int,
        now: datetime,
    ) -> Outcome:
        """Send one text. The Permit is checked here again, as the last thing (S4)."""
        if not permit.holds(Channel.SMS, now):
            return Denied(0)
        if number_of(to) is None:
            return Denied(NO_NUMBER)
        return await self._ask(
            lambda client: client.messages.create(
                to=to,
                from_=from_,
                body=body,
                status_callback=status_url,
                validity_period=minutes * 60,
            )
        )

    async def texted(
        self, to: str, from_: str, body: str, since: datetime, known: frozenset[str] = frozenset()
    ) -> Outcome:
        """Was this very text sent after all? Done with its sid, or Gone when it was not.

        `known` are those that other texts of ours became: the same words twice are two texts.
        """

        def look(client: Client) -> Any:
            sent = client.messages.list(to=to, from_=from_, limit=50)
            same = (each for each in sent if each.body == body and _since(each, since))
            return next((each for each in same if each.sid not in known), None)

        return await self._ask(look)

    # -- within ---------------------------------------------------------------------------

    async def _ask(self, request: Callable[[Client], Any]) -> Outcome:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._asked, request)

    def _asked(self, request: Callable[[Client], Any]) -> Outcome:
        from requests.exceptions import RequestException
        from twilio.base.exceptions import (
            TwilioException,
            TwilioRestException,
        )

        try:
            made = request(self._opened())
        except TwilioRestException as refused:
            return _refused(refused.status, refused.code or 0)
        except TwilioException as failed:
            # A failed list() has no code, only the response as its second argument.
            status = getattr(failed.args[1], "status_code", 500) if len(failed.args) > 1 else 500
            return _refused(status, 0)
        except RequestException as broken:
            log.warning("carrier.unclear", error=type(broken).__name__)
            return Unclear()
        return Gone() if made is None else Done(made.sid)

    def _opened(self) -> Client:
        with self._lock:
            if self._client is None:
                self._client = _client(self._settings)
            return self._client


def _since(made: Any, since: datetime) -> bool:
    """Clocks differ a little, and the carrier's has whole seconds."""
    return made.date_created is None or made.date_created > since - timedelta(seconds=5)


def _refused(status: int, code: int) -> Outcome:
    if status == 429 or status >= 500 or code == 20429:
        log.warning("carrier.busy", status=status)
        return Busy()
    if code in GONE or status == 404:
        return Gone()
    log.warning("carrier.denied", status=status, error_code=code)
    return Denied(code)


def _client(settings: Settings) -> Client:
    from twilio.http.http_client import (
        TwilioHttpClient,
    )
    from twilio.rest import Client

    base = settings.twilio_api_base

    class OtherHost(TwilioHttpClient):  # type: ignore[misc]  # untyped base
        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            return super().request(method, moved_to(base, url), *args, **kwargs)

    http = (OtherHost if base else TwilioHttpClient)(timeout=TIMEOUT)
    if base:
        log.info("carrier.other_host", loopback=not base.startswith("https://"))
    account = settings.twilio_account_sid
    if settings.twilio_api_key and settings.twilio_api_secret:
        return Client(
            settings.twilio_api_key, settings.twilio_api_secret, account, http_client=http
        )
    return Client(account, settings.twilio_auth_token, http_client=http)


def moved_to(base: str, url: str) -> str:
    """The same address on another host: only scheme, host and port change."""
    there, here = urlsplit(base), urlsplit(url)
    return urlunsplit((there.scheme, there.netloc, here.path, here.query, here.fragment))
