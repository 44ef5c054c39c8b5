"""A carrier's form becomes one typed event, or None when it says nothing we know (S9).

Every parameter but the call's id is optional: the carrier leaves some out and adds new ones.
`number` is the state's number that our own action URL carried; `leg` is the assignment whose
advisor's phone the event is about.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from telephony.numbers import is_relay, number_of
from telephony.states import Choice

Form: TypeAlias = Mapping[str, str]

RECORDING: Final = re.compile(r"RE[0-9a-f]{32}\Z")
FINAL: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, slots=True)
class CallArrived:
    """A call to one of our lines; `caller` is None when the number is withheld."""

    caller: str | None
    line: str


@dataclass(frozen=True, slots=True)
class Digits:
    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class NoDigits:
    number: int


@dataclass(frozen=True, slots=True)
class Passed:
    """The moment of a number that was slowed down is over, by a key or by itself."""

    number: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A key pressed over the hold sound."""

    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """The answer to "is it safe?", for what was chosen. No key at all is digits ""."""

    number: int
    choice: Choice
    digits: str


@dataclass(frozen=True, slots=True)
class MessageKey:
    """The answer to one of the questions before a message. No key at all is digits ""."""

    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """The message is over; `seconds` None when nothing was recorded."""

    number: int
    seconds: int | None
    up: bool


@dataclass(frozen=True, slots=True)
class MessageReady:
    """The carrier has the whole recording. It comes at any time, after the call too."""

    number: int
    recording: str
    seconds: int
    call_safe: bool


@dataclass(frozen=True, slots=True)
class WaitTick:
    """The carrier asks for the next bit of hold sound; `seconds` this caller has been queued."""

    number: int
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class HoldTick:
    """The same for a caller the carrier's queue would not take."""

    number: int


@dataclass(frozen=True, slots=True)
class QueueLeft:
    number: int
    result: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Our REST call moved the caller here, to be joined with their advisor."""

    number: int


@dataclass(frozen=True, slots=True)
class Returned:
    """The caller is back (moved, or after the apology) and asks what is next.

    `reached` says that the apology's own dial was answered by a person.
    """

    number: int
    reached: bool = False
    up: bool = True


@dataclass(frozen=True, slots=True)
class RoomDialEnded:
    """The caller's <Dial> into the room ended; `up` when they are still on the line."""

    number: int
    up: bool


@dataclass(frozen=True, slots=True)
class NumberDialEnded:
    """The caller's <Dial> to a fallback number ended; `bridged` None when not told."""

    number: int
    bridged: bool | None
    up: bool


@dataclass(frozen=True, slots=True)
class NumberAnswered:
    """Someone or something picked up at a fallback number; not yet a person."""

    number: int


@dataclass(frozen=True, slots=True)
class NumberPressed:
    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class AdvisorAnswered:
    leg: int


@dataclass(frozen=True, slots=True)
class AdvisorPressed:
    """`tries` is how many wrong keys came before; no key at all is digits ""."""

    leg: int
    digits: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class AdvisorAfterRoom:
    """The room ended while the advisor's phone was still in it."""

    leg: int


@dataclass(frozen=True, slots=True)
class AdvisorSent:
    """Our REST call moved the advisor's phone here, to hear that the caller has gone."""

    leg: int


@dataclass(frozen=True, slots=True)
class AdvisorStatus:
    """Progress of the advisor's phone. `sequence` orders them when the carrier says."""

    leg: int
    status: str
    sequence: int | None = None
    who: str = ""

    @property
    def over(self) -> bool:
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class HoldAsked:
    """The advisor puts the caller on hold, or takes them back."""

    on: bool


@dataclass(frozen=True, slots=True)
class MuteAsked:
    on: bool


@dataclass(frozen=True, slots=True)
class KeysAsked:
    """A silent caller is to answer by keys."""


@dataclass(frozen=True, slots=True)
class KeysHeard:
    """The caller's leg has listened for keys; "" when none was pressed."""

    number: int
    digits: str


@dataclass(frozen=True, slots=True)
class RoomAsked:
    """Something in the rows changed who hears whom."""


@dataclass(frozen=True, slots=True)
class HeldTick:
    """A caller on hold asks for the next bit of hold sound."""

    number: int


@dataclass(frozen=True, slots=True)
class PresentAsked:
    """The carrier asks for the words that name everybody on the line."""

    number: int


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """The sweeper saw who is in the room: the carrier's ids of the legs. It may be a moment old."""

    room: str
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class HandedInRoom:
    """A colleague who is in the room already has the contact now."""

    party: str
    assignment: int


@dataclass(frozen=True, slots=True)
class LeftToParty:
    """The advisor leaves the caller with a person at a number."""

    party: str


@dataclass(frozen=True, slots=True)
class PartyAsked:
    party: str
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class PartyDropped:
    party: str


@dataclass(frozen=True, slots=True)
class PartyAnswered:
    party: str


@dataclass(frozen=True, slots=True)
class PartyPressed:
    party: str
    digits: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class PartyAfterRoom:
    party: str


@dataclass(frozen=True, slots=True)
class PartyTold:
    """The carrier asks for the words that say who joined or left: `what`."""

    party: str
    what: str


@dataclass(frozen=True, slots=True)
class PartyStatus:
    party: str
    status: str

    @property
    def over(self) -> bool:
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """`kind`: join, leave, end, start, other. `who`: the call that did it, "" when not told."""

    number: int
    kind: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class CallStatus:
    """Progress of the caller's own call."""

    status: str
    sequence: int | None = None

    @property
    def over(self) -> bool:
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class CallerGone:
    """A REST call learned that the caller's call is over (the carrier's error 21220)."""


@dataclass(frozen=True, slots=True)
class Look:
    """Nobody rang: we looked at our own rows (a second's sweep, or a hint made us look)."""


CallerEvent: TypeAlias = (
    CallArrived
    | Digits
    | NoDigits
    | Passed
    | Chosen
    | Agreed
    | MessageKey
    | MessageEnded
    | MessageReady
    | WaitTick
    | HoldTick
    | QueueLeft
    | Moved
    | Returned
    | RoomDialEnded
    | NumberDialEnded
    | CallStatus
    | CallerGone
)
NumberEvent: TypeAlias = NumberAnswered | NumberPressed
LegEvent: TypeAlias = (
    AdvisorAnswered | AdvisorPressed | AdvisorAfterRoom | AdvisorSent | AdvisorStatus
)
PartyEvent: TypeAlias = (
    PartyAsked
    | PartyDropped
    | PartyAnswered
    | PartyPressed
    | PartyAfterRoom
    | PartyTold
    | PartyStatus
    | HandedInRoom
    | LeftToParty
)
TalkEvent: TypeAlias = (
    PartyEvent
    | HoldAsked
    | MuteAsked
    | KeysAsked
    | KeysHeard
    | RoomAsked
    | HeldTick
    | PresentAsked
    | RoomSeen
)
Event: TypeAlias = CallerEvent | NumberEvent | LegEvent | TalkEvent | RoomEvent | Look


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
