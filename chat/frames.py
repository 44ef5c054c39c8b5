"""Protocol v1 on the wire: one parse, one dump. chat/PROTOCOL.md tells it to strangers.

A frame is a JSON object in a text message; "t" says which. `parse` never raises for what a peer
sent: it returns the frame or the Problem to answer with (S9).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

VERSION = 1
LONGEST_TEXT = 4_000
"""Characters."""
LONGEST_FRAME = 64 * 1024
"""Bytes."""

T = TypeVar("T")
Id = Annotated[str, Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, Meta(min_length=32, max_length=36)]
Short = Annotated[str, Meta(max_length=60)]
Token = Annotated[str, Meta(max_length=600)]
Lang = Annotated[str, Meta(max_length=12)]
Wish = Annotated[str, Meta(max_length=500)]


class Cursor(Struct, frozen=True, forbid_unknown_fields=True):
    """A reader's place: one value, never half of it."""

    epoch: Annotated[str, Meta(max_length=32)]
    seq: Annotated[int, Meta(ge=0)]


class Need(Struct, frozen=True):
    """What the visitor chose to say before the first word. Empty is "rather not say"."""

    crime: Short = ""
    area: Short = ""
    age: Literal["", "adult", "under18"] = ""


# -- from a visitor --------------------------------------------------------------------------


class Hello(Struct, frozen=True, tag_field="t", tag="hello"):
    v: int
    token: Token
    cursor: Cursor | None = None
    need: Need | None = None
    lang: Lang = ""


class Say(Struct, frozen=True, tag_field="t", tag="say"):
    conversation: Id
    client_id: ClientId
    text: str


class Typing(Struct, frozen=True, tag_field="t", tag="typing"):
    conversation: Id
    on: bool
    name: str | None = None


class Since(Struct, frozen=True, tag_field="t", tag="since"):
    conversation: Id
    cursor: Cursor


class Got(Struct, frozen=True, tag_field="t", tag="got"):
    """Every line up to the cursor is on the visitor's screen."""

    conversation: Id
    cursor: Cursor


class Here(Struct, frozen=True, tag_field="t", tag="here"):
    """`paused`: covered by the code phrase, because someone may be beside them."""

    conversation: Id
    covered: bool
    paused: bool = False


class Speak(Struct, frozen=True, tag_field="t", tag="speak"):
    conversation: Id
    lang: Lang


class CallBack(Struct, frozen=True, tag_field="t", tag="call_back"):
    """The visitor wishes to be rung. The same id again is the same wish."""

    conversation: Id
    id: ClientId
    number: Annotated[str, Meta(max_length=30)]
    when: Literal["any", "morning", "afternoon", "evening"] = "any"
    voicemail: bool = False
    say: Wish = ""
    who: Wish = ""


class Leave(Struct, frozen=True, tag_field="t", tag="leave"):
    conversation: Id
    how: Literal["exit", "end", "closed"]


# -- to a visitor ------------------------------------------------------------------------------


class Welcome(Struct, frozen=True, tag_field="t", tag="welcome"):
    v: int
    conversation: str
    token: str
    epoch: str
    seq: int
    reset: bool


class Ack(Struct, frozen=True, tag_field="t", tag="ack"):
    conversation: str
    client_id: str
    epoch: str
    seq: int
    at: str


class Message(Struct, frozen=True, tag_field="t", tag="message", omit_defaults=True):
    conversation: str
    epoch: str
    seq: int
    sender: str = msgspec.field(name="from")
    text: str = ""
    at: str = ""
    name: str | None = None
    client_id: str | None = None


class State(Struct, frozen=True, tag_field="t", tag="state"):
    conversation: str
    state: Literal["waiting", "connected", "away", "nobody", "ended"]
    number: str
    name: str | None = None
    place: int | None = None
    minutes: tuple[int, int] | None = None
    rung: int | None = None
    rungs: int | None = None
    how: str | None = None


class Promised(Struct, frozen=True, tag_field="t", tag="promised"):
    """The wish to be rung is on disk. `number_ends` is its last three digits, and no more of it."""

    conversation: str
    id: str
    number_ends: str
    by: str


class Beat(Struct, frozen=True, tag_field="t", tag="beat"):
    """The line still carries: whoever hears none for long begins again."""


class Move(Struct, frozen=True, tag_field="t", tag="move"):
    """This process is about to stop: come back by the cursor, after so many seconds."""

    after: float


class Error(Struct, frozen=True, tag_field="t", tag="error", omit_defaults=True):
    code: str
    words: str
    conversation: str | None = None
    client_id: str | None = None
    after: float | None = None
    number: str | None = None
    re: int | None = None


# -- to staff alone ------------------------------------------------------------------------------


class Delivered(Struct, frozen=True, tag_field="t", tag="delivered"):
    """The visitor's device has the lines up to `seq`. Never told to a visitor: see ToVisitor."""

    conversation: str
    seq: int


FromVisitor = Hello | Say | Typing | Since | Got | Here | Speak | CallBack | Leave
ToVisitor = Welcome | Ack | Message | Typing | State | Promised | Beat | Move | Error


class Problem(Struct, frozen=True):
    """What was wrong with a frame, and the close code when the socket cannot go on."""

    code: str
    words: str
    close: int | None = None


_from_visitor = msgspec.json.Decoder(FromVisitor)
_encoder = msgspec.json.Encoder()
_HEX = re.compile(r"^[0-9a-f]{32}$")
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")
"""No database takes NUL in a text, and half a pair of surrogates is no character."""


def parse(raw: str | bytes) -> FromVisitor | Problem:
    """One frame from a visitor. `raw` is what the socket gave: str for text, bytes for binary."""
    return parse_as(_from_visitor, raw)


def parse_as(decoder: msgspec.json.Decoder[T], raw: str | bytes) -> T | Problem:
    """The same rules for any set of frames: the console's socket speaks a few more."""
    if isinstance(raw, bytes):
        return Problem("bad_frame", "Frames are text, not binary.")
    if 4 * len(raw) > LONGEST_FRAME < len(raw.encode(errors="replace")):
        return Problem("too_large", "That frame is longer than we read.", close=4009)
    try:
        frame = decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Problem("bad_frame", "We could not read that.")
    return _checked(frame)


def _checked(frame: T) -> T | Problem:
    if isinstance(frame, Say):
        if key_of(frame.client_id) is None:
            return Problem("bad_frame", "client_id must be a UUID.")
        if len(frame.text) > LONGEST_TEXT:
            return Problem("too_long", f"That is more than {LONGEST_TEXT} characters.")
        if not frame.text.strip():
            return Problem("empty", "There were no words in that.")
        if _NOT_KEPT.search(frame.text):
            return Problem("bad_frame", "That text holds characters we cannot keep.")
    if isinstance(frame, CallBack):
        if key_of(frame.id) is None:
            return Problem("bad_frame", "id must be a UUID.")
        if _NOT_KEPT.search(frame.say + frame.who):
            return Problem("bad_frame", "That text holds characters we cannot keep.")
    return frame


def client_id_of(frame: Say) -> bytes | None:
    """The 16 bytes of a message's id, None when it is no UUID."""
    return key_of(frame.client_id)


def key_of(written: str) -> bytes | None:
    """The 16 bytes of a UUID with or without dashes, None when it is none."""
    text = written.replace("-", "").lower()
    return bytes.fromhex(text) if _HEX.match(text) else None


def client_id_text(client_id: bytes) -> str:
    """As a client wrote it: 8-4-4-4-12."""
    h = client_id.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def dump(frame: Struct) -> str:
    return _encoder.encode(frame).decode()
