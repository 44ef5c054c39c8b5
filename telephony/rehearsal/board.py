"""The switchboard: everything the exchange knows, and the effects of the step under way.

Pure: the time of a step and the seed for new names are given; nothing is fetched here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from urllib.parse import urldefrag, urljoin

from telephony.rehearsal.overrides import is_absolute
from telephony.rehearsal.sids import sid
from telephony.rehearsal.state import (
    AskedScript,
    Call,
    Errand,
    Kind,
    Queue,
    Recorded,
    Room,
    Step,
    TextMessage,
    Told,
)
from telephony.rehearsal.values import (
    Callback,
    Chip,
    Effect,
    Got,
    Hear,
    How,
    Line,
    Note,
    Params,
    Send,
    Wake,
)

LATE = 20.0
KEPT_CALLS = 500


class Switchboard:
    """State and outgoing effects. Rooms of the exchange change it; `exchange` drives it."""

    def __init__(self, account: str, lines: Iterable[Line], seed: str) -> None:
        self.account = account
        self.lines = {line.number: line for line in lines}
        self.seed = seed
        self.now = 0.0
        self.calls: dict[str, Call] = {}
        self.rooms: dict[str, Room] = {}
        self.queues: dict[str, Queue] = {}
        self.texts: dict[str, TextMessage] = {}
        self.recordings: dict[str, Recorded] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.hands: dict[str, str] = {}
        self.errands: dict[int, Errand] = {}
        self.effects: list[Effect] = []
        self.steps: deque[Step] = deque()
        self.repeat_next = False
        self.delay_next = False
        self.lose_next = False
        self.refuse_next = 0
        self.refuse_asked = ""
        self.withhold_next = False
        self.seconds_between_calls = 0.0
        self.next_call = 0.0
        self._count = 0

    def mint(self, prefix: str) -> str:
        return sid(prefix, self.seed, self._next())

    def add(self, call: Call) -> Call:
        self.calls[call.sid] = call
        if len(self.calls) > KEPT_CALLS:
            self._forget()
        return call

    def on_call(self, phone: str) -> Call | None:
        return self.calls.get(self.hands.get(phone, ""))

    def then(self, step: Step) -> None:
        self.steps.append(step)

    def hear(self, call: Call, words: str, how: How = "said") -> None:
        self.effects.append(Hear(call.phone, words, how))

    def note(self, title: str, detail: str = "", chip: Chip = "act", code: int = 0) -> None:
        self.effects.append(Note(title, detail, chip, code))

    def got(self, phone: str, line: str, words: str, mine: bool = False) -> None:
        self.effects.append(Got(phone, line, words, mine))

    def wake(self, name: str, seconds: float) -> int:
        number = self._next()
        self.effects.append(Wake(self.now + seconds, name, number))
        return number

    def send(
        self, errand: Errand, url: str, method: str, params: Mapping[str, str], after: float = 0.0
    ) -> int:
        """Sends a webhook now, or late or twice when that was asked for."""
        ticket = self._next()
        self.errands[ticket] = errand
        copies = 1
        waits = isinstance(errand, AskedScript) and errand.kind in (
            Kind.QUEUE,
            Kind.ROOM,
            Kind.HOLD,
        )
        if self.repeat_next and not waits:
            self.repeat_next, copies = False, 2
            self.note("The same callback goes out twice", path(url))
        self.effects.append(Send(ticket, url, method, dict(params), after, copies))
        return ticket

    def tell(
        self, what: str, callback: Callback, params: Mapping[str, str], base: str = ""
    ) -> None:
        """Sends a status callback. A lost answer is shown and not repeated."""
        url = resolve(callback.url, base)
        if url is None:
            self.note(f"{what}: no address", callback.url, "error", 11235)
            return
        if self.lose_next:
            self.lose_next = False
            self.note(f"{what}: lost on the way", path(url), "error", 11200)
            return
        after = 0.0
        if self.delay_next:
            self.delay_next, after = False, LATE
            self.note(f"{what}: goes out {LATE:.0f} s late", path(url))
        self.send(Told(what), url, callback.method, params, after)

    def voice_params(self, call: Call) -> Params:
        """What every voice request carries. Town and postcode are known for no UK number."""
        params = {
            "AccountSid": self.account,
            "ApiVersion": "2010-04-01",
            "CallSid": call.sid,
            "CallStatus": call.status,
            "Direction": call.direction,
            "From": call.from_,
            "To": call.to,
            "Caller": call.from_,
            "Called": call.to,
        }
        if call.parent:
            params["ParentCallSid"] = call.parent
        if call.answered_by:
            params["AnsweredBy"] = call.answered_by
        return params | geography(call.from_, call.to, ("From", "Caller"), ("To", "Called"))

    def stamp(self) -> str:
        return rfc2822(self.now)

    def _forget(self) -> None:
        """Drops the oldest calls that are over, together with the legs they dialled."""
        over = [one for one in self.calls.values() if not one.live]
        for old in over[:50]:
            parent = self.calls.get(old.parent or "")
            if parent is None or not parent.live:
                del self.calls[old.sid]

    def _next(self) -> int:
        self._count += 1
        return self._count


def rfc2822(at: float) -> str:
    """As the carrier writes a time: `Sun, 22 Nov 2026 03:04:05 +0000`."""
    return formatdate(at).replace("-0000", "+0000")


def geography(
    from_: str, to: str, ours: Iterable[str] = ("From",), theirs: Iterable[str] = ("To",)
) -> Params:
    """The prefix's country and nothing else: `FromCountry=GB`, `FromCity=` and so on."""
    params: Params = {}
    for names, number in ((ours, from_), (theirs, to)):
        for name in names:
            params[f"{name}Country"] = "GB" if number.startswith("+44") else ""
            params |= {f"{name}{part}": "" for part in ("City", "State", "Zip")}
    return params


def resolve(url: str, base: str) -> str | None:
    """An address in a document, seen from that document; None if it leads nowhere."""
    try:
        whole = urljoin(urldefrag(base).url, url) if base else url
    except ValueError:
        return None
    return whole if is_absolute(whole) else None


def path(url: str) -> str:
    """The address as the list of what happens shows it: without scheme, host and fragment."""
    rest = urldefrag(url).url.partition("://")[2]
    return "/" + rest.partition("/")[2]
