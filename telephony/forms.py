"""A carrier's form becomes one typed event, or None when it says nothing we know (S9).

Every parameter but the call's id is optional: the carrier leaves some out and adds new ones.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from telephony.events import (
    AdvisorAfterRoom,
    AdvisorAnswered,
    AdvisorPressed,
    AdvisorSent,
    AdvisorStatus,
    Agreed,
    CallArrived,
    CallStatus,
    Chosen,
    Digits,
    Event,
    HoldTick,
    LegEvent,
    MessageEnded,
    MessageKey,
    MessageReady,
    Moved,
    NoDigits,
    NumberAnswered,
    NumberDialEnded,
    NumberPressed,
    Passed,
    QueueLeft,
    Returned,
    RoomDialEnded,
    RoomEvent,
    WaitTick,
)
from telephony.numbers import is_relay, number_of
from telephony.states import Choice
from telephony.talk_events import (
    FINAL,
    HeldTick,
    KeysHeard,
    PartyAfterRoom,
    PartyAnswered,
    PartyEvent,
    PartyPressed,
    PartyStatus,
    PartyTold,
    PresentAsked,
)

Form: TypeAlias = Mapping[str, str]

RECORDING: Final = re.compile(r"RE[0-9a-f]{32}\Z")


def whole(text: str | None) -> int | None:
    """A small whole number from a form, or None."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    return int(text)


def caller_event(step: str, number: int, form: Form, reached: bool = False) -> Event | None:
    """The event of a caller's webhook at `/telephony/voice/{call}/{number}/{step}`."""
    up = form.get("CallStatus", "in-progress") not in FINAL
    digits = form.get("Digits", "").strip()[:32]
    match step:
        case "menu":
            return Digits(number, digits) if digits else NoDigits(number)
        case "passed":
            return Passed(number)
        case "choice":
            return Chosen(number, digits)
        case Choice.CALL_BACK.value | Choice.TEXT.value:
            return Agreed(number, Choice(step), digits)
        case "message":
            return MessageKey(number, digits)
        case "recorded":
            return MessageEnded(number, whole(form.get("RecordingDuration")), up)
        case "recording" | "recording-call":
            return _message_ready(step, number, form)
        case "wait":
            return WaitTick(number, whole(form.get("QueueTime")))
        case "hold":
            return HoldTick(number)
        case "left":
            return QueueLeft(number, form.get("QueueResult", ""))
        case "join":
            return Moved(number)
        case "again":
            return Returned(number, reached=reached, up=up)
        case "after-room":
            return RoomDialEnded(number, up=up)
        case "rung":
            bridged = {"true": True, "false": False}.get(form.get("DialBridged", ""))
            return NumberDialEnded(number, bridged=bridged, up=up)
        case "whisper":
            return NumberAnswered(number)
        case "pressed":
            return NumberPressed(number, digits)
        case "room":
            return room_event(number, form)
        case "listen":
            return Returned(number, up=up)
        case "keys":
            return KeysHeard(number, digits)
        case "held":
            return HeldTick(number)
        case "present":
            return PresentAsked(number)
        case _:
            return None


def _message_ready(step: str, number: int, form: Form) -> MessageReady | None:
    """Only a recording that a person made by speaking to us: nothing else starts one (S10)."""
    recording, seconds = form.get("RecordingSid", ""), whole(form.get("RecordingDuration"))
    known = RECORDING.match(recording) and form.get("RecordingSource") == "RecordVerb"
    if not known or form.get("RecordingStatus") != "completed":
        return None
    return MessageReady(number, recording, seconds or 0, step == "recording-call")


def leg_event(step: str, leg: int, form: Form, tries: int = 0) -> LegEvent | None:
    """The event of an advisor's phone at `/telephony/voice/{call}/leg/{leg}/{step}`."""
    match step:
        case "answered" if _browser(form):
            return AdvisorPressed(leg, "1")
        case "answered":
            return AdvisorAnswered(leg)
        case "pressed":
            return AdvisorPressed(leg, form.get("Digits", "").strip()[:32], tries)
        case "after-room":
            return AdvisorAfterRoom(leg)
        case "gone":
            return AdvisorSent(leg)
        case "status":
            sequence, who = whole(form.get("SequenceNumber")), form.get("CallSid", "")
            return AdvisorStatus(leg, form.get("CallStatus", ""), sequence, who)
        case _:
            return None


def _browser(form: Form) -> bool:
    """A browser has no voicemail: a person pressed Answer there, which is the key we ask for."""
    return form.get("To", "").startswith("client:")


def party_event(step: str, party: str, form: Form, tries: int = 0) -> PartyEvent | None:
    """The event of a party's phone at `/telephony/voice/{call}/party/{party}/{step}`."""
    match step:
        case "answered":
            return PartyPressed(party, "1") if _browser(form) else PartyAnswered(party)
        case "pressed":
            return PartyPressed(party, form.get("Digits", "").strip()[:32], tries)
        case "after-room":
            return PartyAfterRoom(party)
        case "joined" | "left":
            return PartyTold(party, step)
        case "status":
            return PartyStatus(party, form.get("CallStatus", ""))
        case _:
            return None


def room_event(number: int, form: Form) -> RoomEvent:
    kinds = {
        "conference-start": "start",
        "conference-end": "end",
        "participant-join": "join",
        "participant-leave": "leave",
    }
    kind = kinds.get(form.get("StatusCallbackEvent", ""), "other")
    who = form.get("CallSidEndingConference") or form.get("CallSid") or ""
    return RoomEvent(number, kind, who)


def arrived(form: Form) -> CallArrived:
    """A browser phone's "client:…" and a withheld number both are no number."""
    return CallArrived(number_of(form.get("From")), form.get("To", "").strip())


def is_relayed(form: Form) -> bool:
    """A call through the text relay, where the network says so; a line of its own is surer."""
    return is_relay(form.get("From")) or is_relay(form.get("ForwardedFrom"))


def call_status(form: Form) -> CallStatus:
    return CallStatus(form.get("CallStatus", ""), whole(form.get("SequenceNumber")))
