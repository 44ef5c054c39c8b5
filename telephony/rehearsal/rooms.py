"""The conference: who is in it, when it starts and ends, and the events it tells.

It starts with two participants of whom one has startConferenceOnEnter; before that each hears
the wait document. Its callback and events are those of the first participant to join.
Source: TwiML Voice `<Conference>`; REST Conference and Participant.
"""

from __future__ import annotations

from telephony.rehearsal import verbs as v
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.state import Call, End, GoOn, InRoom, Room, Seat
from telephony.rehearsal.values import Params

_ASKED_AS = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
}


def find(board: Switchboard, name_or_sid: str) -> Room | None:
    """By SID any room; by name only one that is still live."""
    room = board.rooms.get(name_or_sid)
    if room is not None:
        return room
    return next((one for one in board.rooms.values() if one.live and one.name == name_or_sid), None)


def named(board: Switchboard, name: str) -> Room:
    room = find(board, name)
    if room is None or not room.live:
        room = Room(board.mint("CF"), name, board.now)
        board.rooms[room.sid] = room
    return room


def seat_for(board: Switchboard, call: Call, noun: v.Conference) -> Seat:
    return Seat(
        call.sid,
        start_on_enter=noun.start_on_enter,
        end_on_exit=noun.end_on_exit,
        muted=noun.muted,
        label=noun.label,
        coach=noun.coach,
        created=board.now,
    )


def join(
    board: Switchboard, call: Call, room: Room, noun: v.Conference, dial: v.Dial | None
) -> None:
    """Brings the call in. If the room has not started, the caller waits (see `player`)."""
    seat = room.seats.setdefault(call.sid, seat_for(board, call, noun))
    seat.joined = True
    call.place = InRoom(room.sid, dial)
    if room.callback is None and noun.callback is not None:
        room.callback = noun.callback
    joined = [one for one in room.seats.values() if one.joined]
    starts = room.status == "init" and len(joined) > 1 and any(one.start_on_enter for one in joined)
    if noun.beep and room.status == "in-progress":
        _hear_all(board, room, "(beep)", but=call.sid)
    tell(board, room, "participant-join", seat)
    if starts:
        room.status = "in-progress"
        tell(board, room, "conference-start", seat)
        board.note("The conference starts", room.name, "act")
        for one in joined:
            _connect(board, board.calls[one.call], one)
    elif room.status == "in-progress":
        _connect(board, call, seat)


def leave(board: Switchboard, call: Call, place: InRoom, reason: str, goes_on: str = "") -> None:
    """Takes the call out; the room ends with its last, or with one who has endConferenceOnExit.

    With `goes_on` (a DialCallStatus) the call itself plays on; otherwise it is over or elsewhere.
    """
    room = board.rooms[place.room]
    started = room.status == "in-progress"
    seat = room.seats.pop(call.sid)
    call.place, call.aside = None, None
    tell(
        board,
        room,
        "participant-leave",
        seat,
        {"ParticipantCallStatus": call.status, "ReasonParticipantLeft": reason},
    )
    if goes_on:
        _go_on(board, call, place, goes_on, started)
    stayed = [one for one in room.seats.values() if one.joined]
    kicked = reason == "participant_updated_via_api"
    if seat.end_on_exit and room.live:
        why = "participant-with-end-conference-on-exit-" + ("kicked" if kicked else "left")
        end(board, room, why, by=call.sid)
    elif not room.seats and room.live:
        _close(board, room, "last-participant-" + ("kicked" if kicked else "left"), call.sid)
    elif len(stayed) == 1 and started:
        board.hear(board.calls[stayed[0].call], "(silence: nobody else is on the line)", "sound")


def end(board: Switchboard, room: Room, why: str, by: str = "") -> None:
    """Sends everyone out: each one's `<Dial>` is over and their own document goes on."""
    by_api = why == "conference-ended-via-api"
    reason = "conference_ended_via_api" if by_api else "moderator_ended_conference"
    started = room.status == "in-progress"
    for seat in list(room.seats.values()):
        del room.seats[seat.call]
        call = board.calls[seat.call]
        place = call.place
        if not (seat.joined and isinstance(place, InRoom)):
            board.then(End(seat.call, "canceled"))
            continue
        call.place, call.aside = None, None
        left = {"ParticipantCallStatus": call.status, "ReasonParticipantLeft": reason}
        tell(board, room, "participant-leave", seat, left)
        _go_on(board, call, place, "answered", started)
    _close(board, room, why, by)


def mute(board: Switchboard, room: Room, seat: Seat, muted: bool) -> None:
    """A muted participant hears all and is heard by nobody."""
    if seat.muted != muted:
        seat.muted = muted
        tell(board, room, "participant-mute" if muted else "participant-unmute", seat)
        board.hear(board.calls[seat.call], "(muted)" if muted else "(no longer muted)", "told")


def hold(board: Switchboard, room: Room, seat: Seat, held: bool) -> bool:
    """On hold one hears music and nobody; True if that changed."""
    if seat.hold == held:
        return False
    seat.hold = held
    call = board.calls[seat.call]
    call.aside, call.alarm, call.awaiting = None, 0, 0
    tell(board, room, "participant-hold" if held else "participant-unhold", seat)
    board.hear(call, "(on hold)" if held else "(connected again)", "told")
    return True


def exit_ends(board: Switchboard, room: Room, seat: Seat, ends: bool) -> None:
    """endConferenceOnExit; while on hold a change is accepted and has no effect (observed)."""
    if not seat.hold and seat.end_on_exit != ends:
        seat.end_on_exit = ends
        tell(board, room, "participant-modify", seat)


def remove(board: Switchboard, room: Room, seat: Seat) -> None:
    """Takes a participant out: their `<Dial>` is over; one who still rings stops ringing."""
    call = board.calls[seat.call]
    if isinstance(call.place, InRoom):
        leave(board, call, call.place, "participant_updated_via_api", goes_on="answered")
    else:
        board.then(End(call.sid, "canceled"))


def add_failed(board: Switchboard, room: Room, call: Call) -> None:
    """A participant added by REST who never came: busy, no answer, failed, canceled."""
    seat = room.seats.pop(call.sid, None)
    if seat is None:
        return
    why = {"ParticipantCallStatus": call.status, "ReasonParticipantLeft": "participant_add_failed"}
    tell(board, room, "participant-leave", seat, why)
    if not room.seats and room.live:
        _close(board, room, "last-participant-left", call.sid)


def tell(
    board: Switchboard, room: Room, event: str, seat: Seat | None, more: Params | None = None
) -> None:
    """Sends one conference event, if the first participant asked for its kind."""
    if room.callback is None or _ASKED_AS[event] not in room.callback.events:
        return
    room.sequence += 1
    params: Params = {
        "AccountSid": board.account,
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
        "StatusCallbackEvent": event,
        "SequenceNumber": str(room.sequence),
        "Timestamp": board.stamp(),
    }
    if seat is not None:
        params |= {
            "CallSid": seat.call,
            "Muted": str(seat.muted).lower(),
            "Hold": str(seat.hold).lower(),
            "Coaching": str(bool(seat.coach)).lower(),
            "EndConferenceOnExit": str(seat.end_on_exit).lower(),
            "StartConferenceOnEnter": str(seat.start_on_enter).lower(),
        }
        if seat.label:
            params["ParticipantLabel"] = seat.label
    board.tell(f"Callback: {event}", room.callback, params | (more or {}))


def _connect(board: Switchboard, call: Call, seat: Seat) -> None:
    call.aside, call.alarm, call.awaiting = None, 0, 0
    muted = ", muted: nobody hears this phone" if seat.muted else ""
    board.hear(call, f"(connected: you can talk now{muted})", "told")


def _go_on(board: Switchboard, call: Call, place: InRoom, status: str, started: bool) -> None:
    dial = place.dial
    params = {"DialCallStatus": status, "DialBridged": str(started).lower()}
    board.then(
        GoOn(call.sid, dial.action if dial else None, dial.method if dial else "POST", params)
    )


def _close(board: Switchboard, room: Room, why: str, by: str) -> None:
    room.status, room.why_ended, room.ended_by = "completed", why, by
    more = {"ReasonConferenceEnded": why}
    if by:
        more["CallSidEndingConference"] = by
    tell(board, room, "conference-end", None, more)
    board.note("The conference ends", why.replace("-", " "), "done")


def _hear_all(board: Switchboard, room: Room, words: str, but: str) -> None:
    for seat in room.seats.values():
        if seat.call != but and seat.joined:
            board.hear(board.calls[seat.call], words, "sound")
