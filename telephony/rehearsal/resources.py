"""Calls, rooms, queues and texts as the carrier's JSON."""

from __future__ import annotations

from typing import TypeAlias

from telephony.rehearsal.board import Switchboard, rfc2822
from telephony.rehearsal.state import Call, InRoom, Queue, Recorded, Room, Seat, TextMessage
from telephony.rehearsal.texts import segments

Json: TypeAlias = dict[str, object]


def root(board: Switchboard) -> str:
    return f"/2010-04-01/Accounts/{board.account}"


def call(board: Switchboard, one: Call) -> Json:
    over = None if one.ended is None or one.answered is None else round(one.ended - one.answered)
    return {
        "sid": one.sid,
        "account_sid": board.account,
        "api_version": "2010-04-01",
        "parent_call_sid": one.parent,
        "from": one.from_,
        "from_formatted": one.from_,
        "to": one.to,
        "to_formatted": one.to,
        "status": one.status,
        "direction": one.direction,
        "answered_by": one.answered_by or None,
        "date_created": rfc2822(one.created),
        "date_updated": rfc2822(one.ended or one.answered or one.created),
        "start_time": None if one.answered is None else rfc2822(one.answered),
        "end_time": None if one.ended is None else rfc2822(one.ended),
        "duration": "0" if over is None and one.ended is not None else over and str(over),
        "queue_time": "0",
        "price": None,
        "price_unit": "USD",
        "uri": f"{root(board)}/Calls/{one.sid}.json",
        "subresource_uris": {},
    }


def conference(board: Switchboard, room: Room) -> Json:
    return {
        "sid": room.sid,
        "account_sid": board.account,
        "api_version": "2010-04-01",
        "friendly_name": room.name,
        "status": room.status,
        "region": "us1",
        "date_created": rfc2822(room.created),
        "date_updated": rfc2822(room.created),
        "reason_conference_ended": room.why_ended or None,
        "call_sid_ending_conference": room.ended_by or None,
        "uri": f"{root(board)}/Conferences/{room.sid}.json",
        "subresource_uris": {},
    }


def participant(board: Switchboard, room: Room, seat: Seat) -> Json:
    leg = board.calls[seat.call]
    status = "connected" if isinstance(leg.place, InRoom) else leg.status
    return {
        "account_sid": board.account,
        "call_sid": seat.call,
        "conference_sid": room.sid,
        "label": seat.label or None,
        "muted": seat.muted,
        "hold": seat.hold,
        "coaching": bool(seat.coach),
        "call_sid_to_coach": seat.coach or None,
        "start_conference_on_enter": seat.start_on_enter,
        "end_conference_on_exit": seat.end_on_exit,
        "status": status,
        "queue_time": "0",
        "date_created": rfc2822(seat.created),
        "date_updated": rfc2822(seat.created),
        "uri": f"{root(board)}/Conferences/{room.sid}/Participants/{seat.call}.json",
    }


def queue(board: Switchboard, one: Queue) -> Json:
    return {
        "sid": one.sid,
        "account_sid": board.account,
        "friendly_name": one.name,
        "current_size": len(one.members),
        "max_size": one.max_size,
        "average_wait_time": one.average(),
        "date_created": rfc2822(one.created),
        "date_updated": rfc2822(one.created),
        "uri": f"{root(board)}/Queues/{one.sid}.json",
    }


def member(board: Switchboard, one: Queue, sid: str) -> Json:
    since = one.members[sid]
    return {
        "call_sid": sid,
        "queue_sid": one.sid,
        "position": list(one.members).index(sid) + 1,
        "wait_time": round(board.now - since),
        "date_enqueued": rfc2822(since),
        "uri": f"{root(board)}/Queues/{one.sid}/Members/{sid}.json",
    }


def recording(board: Switchboard, one: Recorded) -> Json:
    return {
        "sid": one.sid,
        "account_sid": board.account,
        "api_version": "2010-04-01",
        "call_sid": one.call,
        "status": "completed",
        "duration": str(one.seconds),
        "channels": 1,
        "source": "RecordVerb",
        "date_created": rfc2822(one.created),
        "date_updated": rfc2822(one.created),
        "start_time": rfc2822(one.created),
        "uri": f"{root(board)}/Recordings/{one.sid}.json",
        "subresource_uris": {},
    }


def message(board: Switchboard, text: TextMessage) -> Json:
    return {
        "sid": text.sid,
        "account_sid": board.account,
        "api_version": "2010-04-01",
        "from": text.from_,
        "to": text.to,
        "body": text.body,
        "status": text.status,
        "direction": text.direction,
        "num_segments": str(segments(text.body)),
        "num_media": "0",
        "error_code": text.error,
        "error_message": None,
        "messaging_service_sid": None,
        "date_created": rfc2822(text.created),
        "date_updated": rfc2822(text.created),
        "date_sent": None if text.status == "queued" else rfc2822(text.created),
        "price": None,
        "price_unit": "USD",
        "uri": f"{root(board)}/Messages/{text.sid}.json",
        "subresource_uris": {},
    }
