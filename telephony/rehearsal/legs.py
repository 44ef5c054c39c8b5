"""Ending a leg and moving it elsewhere: out of its queue, room or dial first, then on."""

from __future__ import annotations

from telephony.rehearsal import dialling, entering, fetching, player, queueing, recording, rooms
from telephony.rehearsal.board import Switchboard, path, resolve
from telephony.rehearsal.ringing import pick_up, tell_progress
from telephony.rehearsal.state import (
    Call,
    Dialling,
    InQueue,
    InRoom,
    Kind,
    Recorder,
    Script,
    Told,
    ToParent,
    ToRoom,
    ToUrl,
    ToVerbs,
)

SPOKEN_ENDS = {
    "completed": "The call is over",
    "busy": "Busy",
    "no-answer": "Nobody answered",
    "failed": "The call could not be made",
    "canceled": "Stopped ringing",
}


def end(board: Switchboard, call: Call, status: str) -> None:
    """The leg is over. `status` is its last: completed, busy, no-answer, failed, canceled."""
    if not call.live:
        return
    call.status, call.ended = status, board.now
    call.awaiting = call.alarm = call.ring_alarm = call.limit_alarm = 0
    call.ringing_in = False
    if board.hands.get(call.phone) == call.sid:
        del board.hands[call.phone]
        board.hear(call, f"({SPOKEN_ENDS[status]})", "told")
    if call.main is not None and call.main.recorder is not None:
        _hung_up_on_message(board, call, call.main, call.main.recorder)
    match call.place:
        case InQueue():
            queueing.leave(board, call, call.place, "hangup")
        case InRoom():
            rooms.leave(board, call, call.place, "participant_hung_up")
        case Dialling():
            dialling.parent_left(board, call, call.place, told=True)
        case None:
            pass
    if isinstance(call.then, ToRoom) and call.answered is None:
        rooms.add_failed(board, board.rooms[call.then.room], call)
    call.main, call.aside = None, None
    dialling.child_ended(board, call)
    board.note(SPOKEN_ENDS[status], f"{call.phone}, {status}", "done")
    tell_progress(board, call, "completed")


def _hung_up_on_message(board: Switchboard, call: Call, script: Script, wait: Recorder) -> None:
    """Ended by hang-up: the action is told with Digits=hangup, and its answer plays to nobody."""
    script.recorder = None
    params = recording.ended(board, call, wait, "hangup")
    url = resolve(wait.verb.action, script.url) if wait.verb.action is not None else script.url
    if params is not None and url is not None:
        said = Told("The message is over: they hung up")
        board.send(said, url, wait.verb.method, board.voice_params(call) | params)


def answered(board: Switchboard, call: Call) -> None:
    """The person rung has picked up: their document, their room, or the caller who dialled."""
    pick_up(board, call)
    board.hear(call, "(you picked up)", "told")
    match call.then:
        case ToUrl(url, method):
            fetching.fetch(board, call, Kind.CALL, url, method, title="Answered: asks what to do")
        case ToVerbs(verbs):
            player.play(board, call, Script(Kind.CALL, "", "POST", verbs))
        case ToRoom(room, noun):
            if board.rooms[room].live:
                entering.enter_room(board, call, board.rooms[room], noun, None, "")
            else:
                end(board, call, "completed")
        case ToParent(number):
            dialling.picked_up(board, call)
            if number.url:
                fetching.fetch(
                    board, call, Kind.WHISPER, number.url, number.method, title="Answered: whisper"
                )
            else:
                dialling.join(board, call)
        case None:
            end(board, call, "completed")


def move(board: Switchboard, call: Call, to: ToUrl | ToVerbs) -> None:
    """REST gives the call a new document: it leaves where it is and plays that."""
    match call.place:
        case InQueue():
            queueing.leave(board, call, call.place, "redirected")
        case InRoom():
            rooms.leave(board, call, call.place, "participant_updated_via_api")
        case Dialling():
            dialling.parent_left(board, call, call.place, told=False)
        case None:
            dialling.child_ended(board, call)
    if call.main is not None and call.main.recorder is not None:
        recording.ended(board, call, call.main.recorder, "")
    call.place, call.aside, call.awaiting, call.alarm = None, None, 0, 0
    match to:
        case ToUrl(url, method):
            board.note("Moved by REST", path(url), "act")
            fetching.fetch(board, call, Kind.CALL, url, method)
        case ToVerbs(verbs):
            board.note("Moved by REST", "inline TwiML", "act")
            player.play(board, call, Script(Kind.CALL, "", "POST", verbs))
