"""What a desk asks of the phone, and how a call stands. Frames, and no rule.

Every ask of a call goes to telephony.talking_acts; `Leg` chooses by what the next calls come.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.frames import Id

Word = Annotated[str, Meta(max_length=80)]
Question = Annotated[str, Meta(max_length=200)]


class Hold(Struct, frozen=True, tag_field="t", tag="hold"):
    re: int
    contact: Id
    on: bool


class Mute(Struct, frozen=True, tag_field="t", tag="mute"):
    re: int
    contact: Id
    on: bool


class AddParty(Struct, frozen=True, tag_field="t", tag="add_party"):
    """Ring one more into the call. `said`: the caller was told first."""

    re: int
    contact: Id
    kind: Literal["interpreter", "police", "hub", "number"]
    to: Word
    gender: Literal["", "woman", "man"] = ""
    said: bool = False


class DropParty(Struct, frozen=True, tag_field="t", tag="drop_party"):
    re: int
    contact: Id
    party: Word


class Transfer(Struct, frozen=True, tag_field="t", tag="transfer"):
    """To a colleague (`staff`) or a hub: at once, or warm in steps: begin, join, leave; cancel."""

    re: int
    contact: Id
    how: Literal["cold", "begin", "join", "leave", "cancel"]
    staff: Word = ""
    hub: Word = ""


class Listen(Struct, frozen=True, tag_field="t", tag="listen"):
    """A lead on a colleague's call: join it, be heard by the advisor alone or by all, leave."""

    re: int
    contact: Id
    how: Literal["join", "whisper", "speak", "leave"]


class ChangeLeg(Struct, frozen=True, tag_field="t", tag="change_leg"):
    """Go on with this call on my other phone."""

    re: int
    contact: Id
    to: Literal["phone", "browser"]


class SilentKeys(Struct, frozen=True, tag_field="t", tag="silent_keys"):
    """Ten seconds in which the caller answers by key, and hears nobody."""

    re: int
    contact: Id


class SilentAnswer(Struct, frozen=True, tag_field="t", tag="silent_answer"):
    re: int
    contact: Id
    question: Question
    answer: Literal["yes", "no", "nothing"]


class EndCall(Struct, frozen=True, tag_field="t", tag="end_call"):
    """End it; "abusive" lets the set words be said, and keeps the flag beside the support."""

    re: int
    contact: Id
    words: Literal["", "abusive"] = ""


class Leg(Struct, frozen=True, tag_field="t", tag="leg"):
    """By what my calls come from now on."""

    re: int
    to: Literal["phone", "browser"]


class Device(Struct, frozen=True, tag_field="t", tag="device"):
    """The phone in this browser is registered, or is not any more. With every beat, and at once
    when it changes."""

    ready: bool


CallAsk = (
    Hold | Mute | AddParty | DropParty | Transfer | Listen | ChangeLeg | SilentKeys
    | SilentAnswer | EndCall
)  # fmt: skip
PhoneAsk = CallAsk | Leg


class OnLine(Struct, frozen=True):
    """One leg of a call. `kind` is caller, advisor, interpreter, police, hub, number, supervisor or
    colleague; `state` is ringing, talking, held, left or failed. `you`: it is your own."""

    id: str
    kind: str
    name: str
    state: str
    muted: bool = False
    coaching: bool = False
    you: bool = False


class Answered(Struct, frozen=True):
    """What a silent caller was asked, and answered by tap, cough or key."""

    question: str
    answer: str
    at: datetime


class CallFacts(Struct, frozen=True):
    """`state` is "waiting", "ringing you", "talking", "on hold" or "ended".

    `keys` is "", "asking", or the digits heard last. `transfer` is the id of the leg that a warm
    transfer is for. `leg` is what you talk by.
    """

    state: str
    since: datetime | None = None
    legs: tuple[OnLine, ...] = ()
    hold: bool = False
    muted: bool = False
    keys: str = ""
    leg: str = "phone"
    transfer: str = ""
    answers: tuple[Answered, ...] = ()


class OwnPhone(Struct, frozen=True):
    """By what your calls come. `browsers`: this service can ring browsers; `rehearsed`: only on the
    rehearsal's table. `number` is your own phone, masked; "" when none is known."""

    leg: str = "phone"
    ready: bool = False
    browsers: bool = False
    rehearsed: bool = False
    number: str = ""


class Helper(Struct, frozen=True):
    """Somebody outside who can be rung into a call, by key."""

    key: str
    name: str


class Helpers(Struct, frozen=True):
    interpreters: tuple[Helper, ...] = ()
    forces: tuple[Helper, ...] = ()
