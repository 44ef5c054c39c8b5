"""What a session asks its shell to do, in order. Values only; chat/hosting.py carries them out."""

from __future__ import annotations

from dataclasses import dataclass

from chat import frames


@dataclass(frozen=True)
class Tell:
    """Send this frame to the peer."""

    frame: frames.ToVisitor | frames.Delivered


@dataclass(frozen=True)
class Enter:
    """Find or open the conversation this token is for; answer with `entered` or `refused`."""

    token: str
    need: frames.Need | None
    lang: str


@dataclass(frozen=True)
class Store:
    """Append these words; answer with `stored` or `not_stored`."""

    client_id: bytes
    text: str


@dataclass(frozen=True)
class Fetch:
    """Read a page of lines after `seq`; answer with `page`."""

    seq: int


@dataclass(frozen=True)
class Type:
    """Tell the others that this peer is writing, or stopped. Never on disk."""

    on: bool


@dataclass(frozen=True)
class Got:
    """The visitor's device has every line up to `seq`."""

    seq: int


@dataclass(frozen=True)
class Here:
    """The visitor's screen was covered, or shown again; `paused` by the code phrase."""

    covered: bool
    paused: bool = False


@dataclass(frozen=True)
class Speak:
    """The visitor chose another language."""

    lang: str


@dataclass(frozen=True)
class CallBack:
    """The visitor wishes to be rung; answer with `promised` or `not_promised`."""

    id: bytes
    number: str
    """As it was typed."""
    when: str
    voicemail: bool
    say: str
    who: str


@dataclass(frozen=True)
class Gone:
    """The peer left, and said how."""

    how: str


@dataclass(frozen=True)
class Close:
    code: int
    why: str


Effect = Tell | Enter | Store | Fetch | Type | Got | Here | Speak | CallBack | Gone | Close
