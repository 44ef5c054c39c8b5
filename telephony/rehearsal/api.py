"""The carrier's REST face, pure: a request in, status and JSON out, the exchange changed.

Paths, form names, JSON and error numbers are those of the API 2010-04-01 (S9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn, TypeVar
from urllib.parse import urlencode

from telephony.rehearsal import legs, player, resources, rooms, texts
from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.overrides import is_absolute
from telephony.rehearsal.queueing import named
from telephony.rehearsal.resources import Json
from telephony.rehearsal.ringing import is_number
from telephony.rehearsal.schema import CONFERENCE, PROGRESS
from telephony.rehearsal.state import (
    Call,
    InRoom,
    Kind,
    Queue,
    Room,
    Seat,
    TextMessage,
    ToRoom,
    ToUrl,
    ToVerbs,
    WhenAnswered,
)
from telephony.rehearsal.twiml import Broken, parse
from telephony.rehearsal.values import Asked, Callback

MOST_INLINE = 4000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` None is an empty answer (204)."""

    status: int
    body: Json | None


class _Refused(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        self.answer = refusal(status, code, message)


def refusal(status: int, code: int, message: str) -> Answer:
    """An error as the carrier writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, {"code": code, "message": message, "more_info": more, "status": status})


def serve(board: Switchboard, asked: Asked) -> Answer:
    """Answers one request; `asked.path` starts below `/2010-04-01/`."""
    if board.refuse_next:
        status, board.refuse_next = board.refuse_next, 0
        board.note(f"The carrier refuses a request: {status}", asked.path, "error", 20000 + status)
        words = "Too Many Requests" if status == 429 else "Service Unavailable"
        return refusal(status, 20000 + status, words)
    parts = asked.path.strip("/").removesuffix(".json").split("/")
    try:
        match parts:
            case ["Accounts", account, *rest] if account == board.account:
                return _route(board, asked, rest)
            case _:
                raise _gone(asked.path)
    except _Refused as refused:
        body = refused.answer.body or {}
        title = f"{body['code']}: {body['message']}"
        board.note(title, f"{asked.method} {asked.path.rpartition('/')[2]}", "error")
        return refused.answer


def _route(board: Switchboard, asked: Asked, rest: list[str]) -> Answer:
    match asked.method, rest:
        case "GET", []:
            account = {"sid": board.account, "friendly_name": "Rehearsal", "status": "active"}
            return Answer(200, dict(account))
        case "POST", ["Calls"]:
            return Answer(201, resources.call(board, _create_call(board, asked)))
        case "GET", ["Calls"]:
            calls = [one for one in reversed(board.calls.values()) if _call_wanted(one, asked)]
            return _page(asked, "calls", calls, lambda one: resources.call(board, one))
        case ("GET" | "POST") as method, ["Calls", sid]:
            call = board.calls.get(sid) or _none(sid)
            if method == "POST":
                _update_call(board, call, asked)
            return Answer(200, resources.call(board, call))
        case "GET", ["Conferences"]:
            found = [one for one in reversed(board.rooms.values()) if _room_wanted(one, asked)]
            return _page(asked, "conferences", found, lambda one: resources.conference(board, one))
        case ("GET" | "POST") as method, ["Conferences", sid]:
            room = board.rooms.get(sid) or _none(sid)
            if method == "POST" and asked.one("Status") == "completed" and room.live:
                rooms.end(board, room, "conference-ended-via-api")
            return Answer(200, resources.conference(board, room))
        case method, ["Conferences", name, "Participants", *who]:
            return _participants(board, asked, method, name, who)
        case "GET", ["Queues"]:
            queues = list(board.queues.values())
            return _page(asked, "queues", queues, lambda one: resources.queue(board, one))
        case "POST", ["Queues"]:
            return Answer(
                201, resources.queue(board, named(board, asked.one("FriendlyName") or ""))
            )
        case "GET", ["Queues", sid]:
            return Answer(200, resources.queue(board, board.queues.get(sid) or _none(sid)))
        case method, ["Queues", sid, "Members", *who]:
            return _members(board, asked, method, board.queues.get(sid) or _none(sid), who)
        case "POST", ["Messages"]:
            return _create_message(board, asked)
        case "GET", ["Messages"]:
            sent = [one for one in reversed(board.texts.values()) if _text_wanted(one, asked)]
            return _page(asked, "messages", sent, lambda one: resources.message(board, one))
        case ("GET" | "POST") as method, ["Messages", sid]:
            text = board.texts.get(sid) or _none(sid)
            if method == "POST" and asked.one("Body") == "":
                text.body = ""  # redacts a message, as the carrier documents
            return Answer(200, resources.message(board, text))
        case _:
            raise _gone(asked.path)


def _create_call(board: Switchboard, asked: Asked) -> Call:
    call = _leg(board, asked, _document(asked))
    call.fallback = asked.one("FallbackUrl")
    if (asked.one("MachineDetection") or "").lower() in ("enable", "detectmessageend"):
        call.answered_by = "human"
    return call


def _leg(board: Switchboard, asked: Asked, then: WhenAnswered) -> Call:
    """A call to be rung as soon as the pace of the account allows."""
    to, from_ = asked.one("To") or "", asked.one("From") or ""
    if not to:
        raise _Refused(400, 21201, "No 'To' number is specified")
    if not is_number(to):
        raise _Refused(
            400, 21211, f"The phone number you are attempting to call, {to}, is not valid."
        )
    if from_ not in board.lines:
        raise _Refused(
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
            _method(asked, "StatusCallbackMethod"),
            _events(board, asked, "StatusCallbackEvent", PROGRESS, "completed"),
        )
        if url
        else None,
    )
    start = max(board.now + 0.1, board.next_call)
    board.next_call = start + board.seconds_between_calls
    call.ring_alarm = board.wake(call.sid, start - board.now)
    return board.add(call)


def _document(asked: Asked) -> ToUrl | ToVerbs:
    """`Url` wins over `Twiml`; inline TwiML may have 4,000 characters."""
    url, inline = asked.one("Url"), asked.one("Twiml")
    if url:
        if not is_absolute(url):
            raise _Refused(400, 21205, f"Url is not a valid URL: {url}")
        return ToUrl(url, _method(asked, "Method"))
    if not inline:
        raise _Refused(400, 21205, "Url parameter is required.")
    if len(inline) > MOST_INLINE:
        raise _Refused(400, 20001, "Twiml must be at most 4000 characters")
    document = parse(inline.encode())
    if isinstance(document, Broken):
        raise _Refused(400, document.code, document.why)
    if document.faults:
        raise _Refused(400, 12200, document.faults[0])
    return ToVerbs(document.verbs)


def _update_call(board: Switchboard, call: Call, asked: Asked) -> None:
    """A new document for a call in progress, or its end; 21220 once it is over."""
    status = asked.one("Status")
    if not call.live or (status is None and call.status != "in-progress"):
        raise _Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
    match status:
        case None:
            legs.move(board, call, _document(asked))
        case "completed":
            legs.end(board, call, "completed" if call.answered is not None else "canceled")
        case "canceled":
            if call.status in ("queued", "ringing"):
                legs.end(board, call, "canceled")
        case _:
            raise _Refused(400, 20001, f"Invalid Status {status}")


def _participants(
    board: Switchboard, asked: Asked, method: str, name: str, who: list[str]
) -> Answer:
    room = rooms.find(board, name)
    if method == "POST" and not who:
        if room is None and name.startswith("CF") and len(name) == 34:
            raise _gone(name)
        return Answer(201, _add_participant(board, asked, room or rooms.named(board, name)))
    if room is None or not room.live:
        if method == "GET" and not who and room is not None:
            return _page(asked, "participants", [], lambda one: one)
        raise _gone(name)
    if method == "GET" and not who:
        seats = [seat for seat in room.seats.values() if _seat_wanted(seat, asked)]
        where = room
        return _page(asked, "participants", seats, lambda s: resources.participant(board, where, s))
    if len(who) != 1:
        raise _gone(asked.path)
    seat = room.seats.get(who[0]) or next(
        (one for one in room.seats.values() if one.label and one.label == who[0]), None
    )
    if seat is None:
        raise _gone(who[0])
    match method:
        case "GET":
            pass
        case "POST":
            _update_participant(board, asked, room, seat)
        case "DELETE":
            rooms.remove(board, room, seat)
            return Answer(204, None)
        case _:
            raise _gone(asked.path)
    return Answer(200, resources.participant(board, room, seat))


def _add_participant(board: Switchboard, asked: Asked, room: Room) -> Json:
    """Rings a number; when it is answered it joins the conference, which is made if need be."""
    if not room.live:
        raise _gone(room.sid)
    url = asked.one("ConferenceStatusCallback")
    events = _events(board, asked, "ConferenceStatusCallbackEvent", CONFERENCE, "start end")
    noun = v.Conference(
        name=room.name,
        muted=asked.flag("Muted") or False,
        beep=asked.one("Beep") != "false",
        start_on_enter=asked.flag("StartConferenceOnEnter") is not False,
        end_on_exit=asked.flag("EndConferenceOnExit") or False,
        wait_url=asked.one("WaitUrl"),
        wait_method=_method(asked, "WaitMethod"),
        callback=Callback(url, _method(asked, "ConferenceStatusCallbackMethod"), events)
        if url
        else None,
        label=asked.one("Label") or "",
        coach=asked.one("CallSidToCoach") or "",
    )
    call = _leg(board, asked, ToRoom(room.sid, noun))
    seat = rooms.seat_for(board, call, noun)
    room.seats[call.sid] = seat
    return resources.participant(board, room, seat)


def _update_participant(board: Switchboard, asked: Asked, room: Room, seat: Seat) -> None:
    call = board.calls[seat.call]
    if not isinstance(call.place, InRoom):
        raise _gone(seat.call)
    ends, muted, held = asked.flag("EndConferenceOnExit"), asked.flag("Muted"), asked.flag("Hold")
    if ends is not None:
        rooms.exit_ends(board, room, seat, ends)
    if muted is not None:
        rooms.mute(board, room, seat, muted)
    if asked.one("AnnounceUrl"):
        board.note("The rehearsal does not play AnnounceUrl yet", room.name, "error")
    coach = asked.one("CallSidToCoach")
    if asked.flag("Coaching"):
        if not coach or coach not in room.seats:
            raise _Refused(400, 13240, "Invalid CallSidToCoach")
        seat.coach = coach
    elif asked.flag("Coaching") is False:
        seat.coach = ""
    if held is not None and rooms.hold(board, room, seat, held) and held:
        url = asked.one("HoldUrl")
        if url and is_absolute(url):
            player.fetch(board, call, Kind.HOLD, url, _method(asked, "HoldMethod", "GET"))


def _members(board: Switchboard, asked: Asked, method: str, queue: Queue, who: list[str]) -> Answer:
    if method == "GET" and not who:
        sids = list(queue.members)
        return _page(asked, "queue_members", sids, lambda sid: resources.member(board, queue, sid))
    sid = who[0] if len(who) == 1 else ""
    if sid == "Front":
        sid = next(iter(queue.members), "")
    if sid not in queue.members:
        raise _gone(asked.path)
    body = resources.member(board, queue, sid)
    if method == "POST":
        url = asked.one("Url")
        if not url or not is_absolute(url):
            raise _Refused(400, 21205, "Url parameter is required.")
        legs.move(board, board.calls[sid], ToUrl(url, _method(asked, "Method")))
    return Answer(200, body)


def _create_message(board: Switchboard, asked: Asked) -> Answer:
    from_, to, words = (asked.one(name) or "" for name in ("From", "To", "Body"))
    if asked.one("MediaUrl"):
        board.note("The rehearsal does not carry media", to, "error")
    sent = texts.send(board, from_, to, words, asked.one("StatusCallback"), "outbound-api")
    if isinstance(sent, tuple):
        raise _Refused(400, *sent)
    return Answer(201, resources.message(board, sent))


def _page(asked: Asked, key: str, found: Iterable[T], show: Callable[[T], Json]) -> Answer:
    """One page of a list, newest first, with the address of the next."""
    everything = list(found)
    number, size = _natural(asked.one("Page"), 0), min(1000, _natural(asked.one("PageSize"), 50))
    size = size or 50
    here = everything[number * size : (number + 1) * size]
    more = len(everything) > (number + 1) * size
    kept = {name: values[-1] for name, values in asked.form.items()}

    def uri(page: int) -> str:
        query = urlencode(kept | {"Page": str(page), "PageSize": str(size)})
        return f"/2010-04-01/{asked.path.strip('/')}?{query}"

    return Answer(
        200,
        {
            key: [show(one) for one in here],
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": max(0, number * size + len(here) - 1),
            "uri": uri(number),
            "first_page_uri": uri(0),
            "next_page_uri": uri(number + 1) if more else None,
            "previous_page_uri": uri(number - 1) if number else None,
        },
    )


def _events(
    board: Switchboard, asked: Asked, name: str, known: frozenset[str], default: str
) -> frozenset[str]:
    """One parameter per event. Words joined into one value are no event, and are shown."""
    given = asked.form.get(name)
    if not given:
        return frozenset(default.split())
    for unknown in sorted(set(given) - known):
        board.note(f"{name}={unknown[:60]!r} is no event", "one parameter for each", "error")
    return frozenset(given) & known


def _call_wanted(call: Call, asked: Asked) -> bool:
    have = (call.status, call.to, call.from_, call.parent)
    wanted = (asked.one(name) for name in ("Status", "To", "From", "ParentCallSid"))
    return all(want is None or want == has for want, has in zip(wanted, have, strict=True))


def _room_wanted(room: Room, asked: Asked) -> bool:
    status, name = asked.one("Status"), asked.one("FriendlyName")
    return status in (None, room.status) and name in (None, room.name)


def _seat_wanted(seat: Seat, asked: Asked) -> bool:
    return asked.flag("Muted") in (None, seat.muted) and asked.flag("Hold") in (None, seat.hold)


def _text_wanted(text: TextMessage, asked: Asked) -> bool:
    return asked.one("To") in (None, text.to) and asked.one("From") in (None, text.from_)


def _seconds(text: str | None) -> int:
    """Ringing time: 5 to 600 seconds, 60 if not said."""
    return min(600, max(5, _natural(text, 60)))


def _natural(text: str | None, default: int) -> int:
    plain = text is not None and text.isascii() and text.isdigit() and len(text) < 7
    return int(text or "0") if plain else default


def _method(asked: Asked, name: str, default: str = "POST") -> str:
    method = (asked.one(name) or default).upper()
    return method if method in ("GET", "POST") else default


def _gone(what: str) -> _Refused:
    return _Refused(404, 20404, f"The requested resource {what} was not found")


def _none(what: str) -> NoReturn:
    raise _gone(what)
