"""Ringing a phone, and telling a call's progress as the carrier does.

Events `initiated ringing answered completed` are told only if asked for, each with the next
SequenceNumber; `answered` is told as CallStatus in-progress, `completed` with the final state.
"""

from __future__ import annotations

import re

from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.state import Call, End

_CLIENT = re.compile(r"client:[A-Za-z0-9_]{1,121}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_number(text: str) -> bool:
    """E.164, as the carrier wants it: a plus, the country, no blanks."""
    return _E164.fullmatch(text) is not None


def is_browser(text: str) -> bool:
    """`client:` and an identity of letters, digits and underscore. Source: Calls resource, To."""
    return _CLIENT.fullmatch(text) is not None


def tell_progress(board: Switchboard, call: Call, event: str) -> None:
    if call.callback is None or event not in call.callback.events:
        return
    params = board.voice_params(call) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
        "Timestamp": board.stamp(),
    }
    call.sequence += 1
    if event == "completed":
        seconds = 0 if call.answered is None else round((call.ended or board.now) - call.answered)
        params |= {"CallDuration": str(seconds), "Duration": str(-(-seconds // 60))}
    board.tell(f"Callback: {event}", call.callback, params)


def ring(board: Switchboard, call: Call, seconds: int) -> None:
    """Lets the phone ring. A phone already in a call is busy; a wrong number fails."""
    tell_progress(board, call, "initiated")
    if not (is_number(call.to) or is_browser(call.to)):
        board.note("Cannot be dialled", call.to[:40], "error", 13224)
        board.then(End(call.sid, "failed"))
        return
    if board.on_call(call.phone) is not None:
        board.note(f"{call.phone} is busy", "already in a call", "ring")
        board.then(End(call.sid, "busy"))
        return
    call.status = "ringing"
    call.ringing_in = True
    board.hands[call.phone] = call.sid
    call.ring_alarm = board.wake(call.sid, seconds)
    board.note(f"{call.phone} rings", f"from {call.from_}, up to {seconds} s", "ring")
    tell_progress(board, call, "ringing")


def pick_up(board: Switchboard, call: Call) -> None:
    """The call is answered: by the person rung, or by the first verb that answers."""
    if call.status not in ("queued", "ringing"):
        return
    call.status = "in-progress"
    call.answered = board.now
    call.ringing_in = False
    call.ring_alarm = 0
    tell_progress(board, call, "answered")
