"""The carrier's REST face, pure: a request in, status and JSON out, the exchange changed.

Paths, form names, JSON and error numbers are those of the API 2010-04-01 (S9).
"""

from __future__ import annotations

from datetime import UTC, datetime

from telephony.rehearsal import announcing, legs, recording, resources, rooms, texts
from telephony.rehearsal.answers import Answer, Refused, gone, method_of, none, page, refusal
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.outbound import document, leg
from telephony.rehearsal.overrides import is_absolute
from telephony.rehearsal.participants import participants
from telephony.rehearsal.queueing import named
from telephony.rehearsal.state import (
    Call,
    Queue,
    Recorded,
    Room,
    TextMessage,
    ToUrl,
)
from telephony.rehearsal.values import Asked


def serve(board: Switchboard, asked: Asked) -> Answer:
    """Answers one request; `asked.path` starts below `/2010-04-01/`."""
    if board.refuse_next and board.refuse_asked in f"{asked.method} {asked.path}":
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
                raise gone(asked.path)
    except Refused as refused:
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
            return page(asked, "calls", calls, lambda one: resources.call(board, one))
        case ("GET" | "POST") as method, ["Calls", sid]:
            call = board.calls.get(sid) or none(sid)
            if method == "POST":
                _update_call(board, call, asked)
            return Answer(200, resources.call(board, call))
        case "GET", ["Conferences"]:
            found = [one for one in reversed(board.rooms.values()) if _room_wanted(one, asked)]
            return page(asked, "conferences", found, lambda one: resources.conference(board, one))
        case ("GET" | "POST") as method, ["Conferences", sid]:
            room = board.rooms.get(sid) or none(sid)
            if method == "POST" and asked.one("Status") == "completed" and room.live:
                rooms.end(board, room, "conference-ended-via-api")
            elif method == "POST":
                announcing.announce(board, asked, room)
            return Answer(200, resources.conference(board, room))
        case method, ["Conferences", name, "Participants", *who]:
            return participants(board, asked, method, name, who)
        case "GET", ["Queues"]:
            queues = list(board.queues.values())
            return page(asked, "queues", queues, lambda one: resources.queue(board, one))
        case "POST", ["Queues"]:
            return Answer(
                201, resources.queue(board, named(board, asked.one("FriendlyName") or ""))
            )
        case "GET", ["Queues", sid]:
            return Answer(200, resources.queue(board, board.queues.get(sid) or none(sid)))
        case method, ["Queues", sid, "Members", *who]:
            return _members(board, asked, method, board.queues.get(sid) or none(sid), who)
        case "GET", ["Recordings"]:
            kept = [one for one in reversed(board.recordings.values()) if _kept_wanted(one, asked)]
            return page(asked, "recordings", kept, lambda one: resources.recording(board, one))
        case ("GET" | "DELETE") as method, ["Recordings", name]:
            return _recording(board, asked, method, name)
        case "POST", ["Messages"]:
            return _create_message(board, asked)
        case "GET", ["Messages"]:
            sent = [one for one in reversed(board.texts.values()) if _text_wanted(one, asked)]
            return page(asked, "messages", sent, lambda one: resources.message(board, one))
        case ("GET" | "POST") as method, ["Messages", sid]:
            text = board.texts.get(sid) or none(sid)
            if method == "POST" and asked.one("Body") == "":
                text.body = ""  # redacts a message, as the carrier documents
            return Answer(200, resources.message(board, text))
        case _:
            raise gone(asked.path)


def _create_call(board: Switchboard, asked: Asked) -> Call:
    call = leg(board, asked, document(asked))
    call.fallback = asked.one("FallbackUrl")
    if (asked.one("MachineDetection") or "").lower() in ("enable", "detectmessageend"):
        call.detects = True
    return call


def _update_call(board: Switchboard, call: Call, asked: Asked) -> None:
    """A new document for a call in progress, or its end; 21220 once it is over."""
    status = asked.one("Status")
    if not call.live or (status is None and call.status != "in-progress"):
        raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
    match status:
        case None:
            legs.move(board, call, document(asked))
        case "completed":
            legs.end(board, call, "completed" if call.answered is not None else "canceled")
        case "canceled":
            if call.status in ("queued", "ringing"):
                legs.end(board, call, "canceled")
        case _:
            raise Refused(400, 20001, f"Invalid Status {status}")


def _members(board: Switchboard, asked: Asked, method: str, queue: Queue, who: list[str]) -> Answer:
    if method == "GET" and not who:
        sids = list(queue.members)
        return page(asked, "queue_members", sids, lambda sid: resources.member(board, queue, sid))
    sid = who[0] if len(who) == 1 else ""
    if sid == "Front":
        sid = next(iter(queue.members), "")
    if sid not in queue.members:
        raise gone(asked.path)
    body = resources.member(board, queue, sid)
    if method == "POST":
        url = asked.one("Url")
        if not url or not is_absolute(url):
            raise Refused(400, 21205, "Url parameter is required.")
        legs.move(board, board.calls[sid], ToUrl(url, method_of(asked, "Method")))
    return Answer(200, body)


def _create_message(board: Switchboard, asked: Asked) -> Answer:
    from_, to, words = (asked.one(name) or "" for name in ("From", "To", "Body"))
    if asked.one("MediaUrl"):
        board.note("The rehearsal does not carry media", to, "error")
    sent = texts.send(board, from_, to, words, asked.one("StatusCallback"), "outbound-api")
    if isinstance(sent, tuple):
        raise Refused(400, *sent)
    return Answer(201, resources.message(board, sent))


def _recording(board: Switchboard, asked: Asked, method: str, name: str) -> Answer:
    """`.wav` or `.mp3` is the sound itself (always a WAV here); deleted, it is gone (20404)."""
    sid = name.partition(".")[0]
    kept = board.recordings.get(sid) or none(name)
    if method == "DELETE":
        del board.recordings[sid]
        return Answer(204, None)
    if not asked.path.endswith(".json"):
        return Answer(200, None, recording.sound(kept))
    return Answer(200, resources.recording(board, kept))


def _kept_wanted(kept: Recorded, asked: Asked) -> bool:
    return asked.one("CallSid") in (None, kept.call)


def seconds_of(time: str) -> float:
    """`DateSent>=` takes a day or a time in GMT; what is neither shuts nothing out."""
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return 0.0
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _call_wanted(call: Call, asked: Asked) -> bool:
    have = (call.status, call.to, call.from_, call.parent)
    wanted = (asked.one(name) for name in ("Status", "To", "From", "ParentCallSid"))
    return all(want is None or want == has for want, has in zip(wanted, have, strict=True))


def _room_wanted(room: Room, asked: Asked) -> bool:
    status, name = asked.one("Status"), asked.one("FriendlyName")
    return status in (None, room.status) and name in (None, room.name)


def _text_wanted(text: TextMessage, asked: Asked) -> bool:
    since = asked.one("DateSent>")
    return (
        asked.one("To") in (None, text.to)
        and asked.one("From") in (None, text.from_)
        and (since is None or text.created >= seconds_of(since))
    )
