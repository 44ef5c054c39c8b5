"""The Participant resource: who is in a conference, added, held, muted and removed by REST."""

from __future__ import annotations

from telephony.rehearsal import announcing, fetching, resources, rooms
from telephony.rehearsal import verbs as v
from telephony.rehearsal.answers import Answer, Refused, events_of, gone, method_of, page
from telephony.rehearsal.board import Switchboard
from telephony.rehearsal.outbound import leg
from telephony.rehearsal.overrides import is_absolute
from telephony.rehearsal.resources import Json
from telephony.rehearsal.schema import CONFERENCE
from telephony.rehearsal.state import (
    InRoom,
    Kind,
    Room,
    Seat,
    ToRoom,
)
from telephony.rehearsal.values import Asked, Callback


def participants(
    board: Switchboard, asked: Asked, method: str, name: str, who: list[str]
) -> Answer:
    room = rooms.find(board, name)
    if method == "POST" and not who:
        if room is None and name.startswith("CF") and len(name) == 34:
            raise gone(name)
        return Answer(201, _add_participant(board, asked, room or rooms.named(board, name)))
    if room is None or not room.live:
        if method == "GET" and not who and room is not None:
            return page(asked, "participants", [], lambda one: one)
        raise gone(name)
    if method == "GET" and not who:
        seats = [seat for seat in room.seats.values() if _seat_wanted(seat, asked)]
        where = room
        return page(asked, "participants", seats, lambda s: resources.participant(board, where, s))
    if len(who) != 1:
        raise gone(asked.path)
    seat = room.seats.get(who[0]) or next(
        (one for one in room.seats.values() if one.label and one.label == who[0]), None
    )
    if seat is None:
        raise gone(who[0])
    match method:
        case "GET":
            pass
        case "POST":
            _update_participant(board, asked, room, seat)
        case "DELETE":
            rooms.remove(board, room, seat)
            return Answer(204, None)
        case _:
            raise gone(asked.path)
    return Answer(200, resources.participant(board, room, seat))


def _add_participant(board: Switchboard, asked: Asked, room: Room) -> Json:
    """Rings a number; when it is answered it joins the conference, which is made if need be."""
    if not room.live:
        raise gone(room.sid)
    url = asked.one("ConferenceStatusCallback")
    events = events_of(board, asked, "ConferenceStatusCallbackEvent", CONFERENCE, "start end")
    noun = v.Conference(
        name=room.name,
        muted=asked.flag("Muted") or False,
        beep=asked.one("Beep") != "false",
        start_on_enter=asked.flag("StartConferenceOnEnter") is not False,
        end_on_exit=asked.flag("EndConferenceOnExit") or False,
        wait_url=asked.one("WaitUrl"),
        wait_method=method_of(asked, "WaitMethod"),
        callback=Callback(url, method_of(asked, "ConferenceStatusCallbackMethod"), events)
        if url
        else None,
        label=asked.one("Label") or "",
        coach=asked.one("CallSidToCoach") or "",
    )
    call = leg(board, asked, ToRoom(room.sid, noun))
    seat = rooms.seat_for(board, call, noun)
    room.seats[call.sid] = seat
    return resources.participant(board, room, seat)


def _update_participant(board: Switchboard, asked: Asked, room: Room, seat: Seat) -> None:
    call = board.calls[seat.call]
    if not isinstance(call.place, InRoom):
        raise gone(seat.call)
    ends, muted, held = asked.flag("EndConferenceOnExit"), asked.flag("Muted"), asked.flag("Hold")
    if ends is not None:
        rooms.exit_ends(board, room, seat, ends)
    if muted is not None:
        rooms.mute(board, room, seat, muted)
    announcing.announce(board, asked, room, seat.call)
    coach = asked.one("CallSidToCoach")
    if asked.flag("Coaching"):
        if not coach or coach not in room.seats:
            raise Refused(400, 13240, "Invalid CallSidToCoach")
        seat.coach = coach
    elif asked.flag("Coaching") is False:
        seat.coach = ""
    if held is not None and rooms.hold(board, room, seat, held) and held:
        url = asked.one("HoldUrl")
        if url and is_absolute(url):
            fetching.fetch(board, call, Kind.HOLD, url, method_of(asked, "HoldMethod", "GET"))


def _seat_wanted(seat: Seat, asked: Asked) -> bool:
    return asked.flag("Muted") in (None, seat.muted) and asked.flag("Hold") in (None, seat.hold)
