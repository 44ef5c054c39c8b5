"""Going somewhere: into a queue, a conference, or ringing other phones."""

from __future__ import annotations

from dataclasses import replace

from telephony.rehearsal import dialling, queueing, rooms
from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard, resolve
from telephony.rehearsal.fetching import fail, fetch
from telephony.rehearsal.ringing import pick_up
from telephony.rehearsal.state import (
    Call,
    GoOn,
    InQueue,
    Kind,
    Room,
    Script,
)
from telephony.rehearsal.twiml import Broken


def enqueue(board: Switchboard, call: Call, verb: v.Enqueue, script: Script) -> None:
    if not queueing.enter(board, call, verb):
        return
    board.note("Waits in the queue", verb.name, "act")
    if verb.wait_url is None:
        board.hear(call, "(the carrier's own hold music)", "sound")
    else:
        ask_wait_document(board, call)


def ask_wait_document(board: Switchboard, call: Call) -> None:
    """Fetches a queue's wait document, the first time or because its verbs ran out."""
    place = call.place
    if not isinstance(place, InQueue) or place.verb.wait_url is None or call.main is None:
        return
    url = resolve(place.verb.wait_url, call.main.url)
    if url is None:
        broken = Broken(11235, f"{place.verb.wait_url[:80]!r} is no address")
        fail(board, call, Kind.QUEUE, call.main.url, broken, rescue=False)
        return
    params = queueing.wait_params(board, call, board.queues[place.queue])
    fetch(board, call, Kind.QUEUE, url, place.verb.wait_method, params)


def dial(board: Switchboard, call: Call, script: Script, verb: v.Dial) -> None:
    if not verb.answer_on_bridge or verb.conference:
        pick_up(board, call)
    if verb.conference is not None:
        noun = verb.conference
        enter_room(board, call, rooms.named(board, noun.name), noun, verb, script.url)
        return
    caller_id = verb.caller_id or call.from_
    if caller_id not in {*board.lines, call.from_, call.to}:
        broken = Broken(13214, f"the caller id {caller_id[:40]} is not ours to show")
        fail(board, call, script.kind, script.url, broken, script.rescue)
    elif not verb.numbers:
        board.then(GoOn(call.sid, verb.action, verb.method, {"DialCallStatus": "failed"}))
    else:
        dialling.start(board, call, verb, caller_id)


def enter_room(
    board: Switchboard,
    call: Call,
    room: Room,
    noun: v.Conference,
    dial: v.Dial | None,
    base: str,
) -> None:
    """Joins a conference; while it has not started, its wait document plays, once."""
    if noun.callback is not None:
        whole = resolve(noun.callback.url, base) or noun.callback.url
        noun = _with_callback(noun, whole)
    board.note("Enters a conference", room.name, "act")
    rooms.join(board, call, room, noun, dial)
    if room.status != "init":
        return
    if noun.wait_url is None:
        board.hear(call, "(the carrier's own hold music)", "sound")
    elif noun.wait_url:
        url = resolve(noun.wait_url, base)
        if url is None:
            broken = Broken(11235, f"{noun.wait_url[:80]!r} is no address")
            fail(board, call, Kind.ROOM, base, broken, rescue=False)
        else:
            fetch(board, call, Kind.ROOM, url, noun.wait_method)


def _with_callback(noun: v.Conference, url: str) -> v.Conference:
    assert noun.callback is not None
    return replace(noun, callback=replace(noun.callback, url=url))
