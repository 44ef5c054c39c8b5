"""Asking for documents, and what happens when one cannot be had or played (S2, S9).

It goes to the fallback URL with ErrorCode and ErrorUrl; without one the caller hears that an
application error has occurred and is cut off.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony.rehearsal import queueing, rooms
from telephony.rehearsal.board import Switchboard, path, resolve
from telephony.rehearsal.ringing import pick_up
from telephony.rehearsal.state import (
    AskedScript,
    Call,
    End,
    InQueue,
    InRoom,
    Kind,
    Script,
)
from telephony.rehearsal.twiml import Broken
from telephony.rehearsal.values import Params

APOLOGY = "We are sorry. An application error has occurred. Goodbye."
STORM = 20


def fetch(
    board: Switchboard,
    call: Call,
    kind: Kind,
    url: str,
    method: str,
    more: Mapping[str, str] | None = None,
    *,
    title: str = "",
    rescue: bool = False,
) -> None:
    """Asks for a document. Too many in a row without a sound between are slowed and shown."""
    call.asked_at_once += 1
    after = 0.0
    if call.asked_at_once > STORM:
        after = 1.0
        if call.asked_at_once == STORM + 1:
            board.note("A storm of requests: documents without a sound", path(url), "error")
    call.alarm = 0
    params: Params = board.voice_params(call) | dict(more or {})
    asked = AskedScript(call.sid, kind, url, method, rescue)
    call.awaiting = board.send(asked, url, method, params, after)
    if kind in (Kind.CALL, Kind.WHISPER):
        board.note(title or "Asks what to do", f"{method} {path(url)}", "signed")


def follow(
    board: Switchboard,
    call: Call,
    url: str,
    method: str,
    params: Params,
    title: str,
    script: Script | None = None,
) -> bool:
    """Asks an address named in a document, seen from that document."""
    script = script or call.main
    assert script is not None
    whole = resolve(url, script.url)
    if whole is None:
        broken = Broken(11235, f"{url[:80]!r} is no address; inside inline TwiML it must be whole")
        fail(board, call, script.kind, script.url, broken, script.rescue)
        return False
    fetch(board, call, script.kind, whole, method, params, title=title)
    return True


def fail(
    board: Switchboard, call: Call, kind: Kind, url: str, broken: Broken, rescue: bool
) -> None:
    """A document that failed to come or to play, by whose it was."""
    board.note(f"{broken.code}: {broken.why}", path(url), "error", broken.code)
    match kind:
        case Kind.QUEUE:
            if isinstance(call.place, InQueue):
                queueing.leave(board, call, call.place, "error")
        case Kind.ROOM:
            if isinstance(call.place, InRoom):
                rooms.leave(board, call, call.place, "participant_hung_up", goes_on="failed")
        case Kind.HOLD:
            call.aside = None
        case Kind.CALL if call.fallback and not rescue:
            errors = {"ErrorCode": str(broken.code), "ErrorUrl": url}
            fetch(board, call, kind, call.fallback, "POST", errors, title="Fallback", rescue=True)
        case Kind.CALL | Kind.WHISPER:
            pick_up(board, call)
            board.hear(call, APOLOGY)
            board.then(End(call.sid, "completed"))
