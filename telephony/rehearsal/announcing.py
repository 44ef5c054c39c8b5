"""Words said into a conference by REST: everyone in it hears them, but for those on hold.

Source: Conference and Participant resources, AnnounceUrl: TwiML of Say, Play, Pause or Redirect.
"""

from __future__ import annotations

from telephony.rehearsal import verbs as v
from telephony.rehearsal.answers import method_of
from telephony.rehearsal.board import Switchboard, path
from telephony.rehearsal.overrides import is_absolute
from telephony.rehearsal.sounds import utter
from telephony.rehearsal.state import AskedAnnouncement, Room
from telephony.rehearsal.twiml import Broken, understand
from telephony.rehearsal.values import Asked, Params, Reply


def announce(board: Switchboard, asked: Asked, room: Room, call: str = "") -> None:
    """Asks for the words. `call`: the one participant who is to hear them, "" for all."""
    url = asked.one("AnnounceUrl")
    if not url or not room.live:
        return
    if not is_absolute(url):
        board.note("AnnounceUrl is no address", url, "error", 11200)
        return
    params: Params = {
        "AccountSid": board.account,
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
    }
    if call:
        params["CallSid"] = call
    errand = AskedAnnouncement(room.sid, call, url)
    board.send(errand, url, method_of(asked, "AnnounceMethod"), params)


def answered(board: Switchboard, asked: AskedAnnouncement, reply: Reply) -> None:
    room = board.rooms[asked.room]
    document = understand(reply)
    if isinstance(document, Broken):
        board.note(f"{document.code}: {document.why}", path(asked.url), "error", document.code)
        return
    for verb in document.verbs:
        if not isinstance(verb, v.Say | v.Play | v.Pause):
            name = type(verb).__name__
            board.note(f"<{name}> is not allowed in an announcement", "", "error", 13238)
            return
        for seat in room.seats.values():
            if seat.joined and not seat.hold and asked.call in ("", seat.call):
                utter(board, board.calls[seat.call], verb)
