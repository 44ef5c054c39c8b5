"""Calls that REST makes: who may be rung, what is played when they answer, at what pace."""

from __future__ import annotations

from telephony.rehearsal.answers import Refused, events_of, method_of, natural
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.overrides import is_absolute
from telephony.rehearsal.ringing import is_browser, is_number
from telephony.rehearsal.schema import PROGRESS
from telephony.rehearsal.state import (
    Call,
    ToUrl,
    ToVerbs,
    WhenAnswered,
)
from telephony.rehearsal.twiml import Broken, parse
from telephony.rehearsal.values import Asked, Callback

MOST_INLINE = 4000


def leg(board: Switchboard, asked: Asked, then: WhenAnswered) -> Call:
    """A call to be rung as soon as the pace of the account allows."""
    to, from_ = asked.one("To") or "", asked.one("From") or ""
    if not to:
        raise Refused(400, 21201, "No 'To' number is specified")
    if not (is_number(to) or is_browser(to)):
        raise Refused(
            400, 21211, f"The phone number you are attempting to call, {to}, is not valid."
        )
    if from_ not in board.lines:
        raise Refused(
            400, 21210, f"The source phone number provided, {from_}, is not yet verified."
        )
    if asked.flag("Record"):
        board.note("Record=true would record the call", "Calls", "error")
    url = asked.one("StatusCallback")
    call = Call(
        sid=board.mint("CA"),
        phone=to,
        from_=from_,
        to=to,
        direction="outbound-api",
        created=board.now,
        then=then,
        timeout=_seconds(asked.one("Timeout")),
        callback=Callback(
            url,
            method_of(asked, "StatusCallbackMethod"),
            events_of(board, asked, "StatusCallbackEvent", PROGRESS, "completed"),
        )
        if url
        else None,
    )
    start = max(board.now + 0.1, board.next_call)
    board.next_call = start + board.seconds_between_calls
    call.ring_alarm = board.wake(call.sid, start - board.now)
    return board.add(call)


def document(asked: Asked) -> ToUrl | ToVerbs:
    """`Url` wins over `Twiml`; inline TwiML may have 4,000 characters."""
    url, inline = asked.one("Url"), asked.one("Twiml")
    if url:
        if not is_absolute(url):
            raise Refused(400, 21205, f"Url is not a valid URL: {url}")
        return ToUrl(url, method_of(asked, "Method"))
    if not inline:
        raise Refused(400, 21205, "Url parameter is required.")
    if len(inline) > MOST_INLINE:
        raise Refused(400, 20001, "Twiml must be at most 4000 characters")
    document = parse(inline.encode())
    if isinstance(document, Broken):
        raise Refused(400, document.code, document.why)
    if document.faults:
        raise Refused(400, 12200, document.faults[0])
    return ToVerbs(document.verbs)


def _seconds(text: str | None) -> int:
    """Ringing time: 5 to 600 seconds, 60 if not said."""
    return min(600, max(5, natural(text, 60)))
