"""What goes into and comes out of the rehearsal exchange: lines, calls' paperwork, effects.

All values are frozen. Times are seconds since 1970 of the exchange's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Params: TypeAlias = dict[str, str]
Chip = Literal["signed", "said", "act", "ring", "done", "error"]
How = Literal["said", "sound", "self", "told"]


class CannotDo(Exception):
    """The act makes no sense now; the message says why, in words for the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A number of the service, as it would be configured with the carrier."""

    number: str
    label: str
    voice_url: str
    sms_url: str | None = None
    voice_fallback_url: str | None = None
    status_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """Where status events are told, and which ones (`initiated ringing answered completed`)."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Send:
    """A signed webhook to send. Its answer comes back under `ticket`."""

    ticket: int
    url: str
    method: str
    params: Params
    after: float = 0.0
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Wake:
    """Call `woke(sid, number)` at this time. A number no longer expected is ignored."""

    at: float
    sid: str
    number: int


@dataclass(frozen=True, slots=True)
class Hear:
    """Words or a sound that reach the ear at this phone."""

    phone: str
    words: str
    how: How = "said"


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the list of what happens. `code` is the carrier's error number, 0 if none."""

    title: str
    detail: str = ""
    chip: Chip = "act"
    code: int = 0


@dataclass(frozen=True, slots=True)
class Got:
    """A text message that is now on a phone: received, or sent from it (`mine`)."""

    phone: str
    line: str
    words: str
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Cannot:
    """The act makes no sense now, such as keys pressed in no call. Nothing has changed."""

    title: str
    detail: str = ""


Effect: TypeAlias = Send | Wake | Hear | Note | Got | Cannot


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a webhook. `error` names a transport failure; then `status` is 0."""

    status: int
    content_type: str = ""
    body: bytes = b""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A REST request as the carrier sees it: path below `/2010-04-01`, form with repeats."""

    method: str
    path: str
    form: dict[str, list[str]] = field(default_factory=dict)

    def one(self, name: str) -> str | None:
        values = self.form.get(name)
        return values[-1] if values else None

    def flag(self, name: str) -> bool | None:
        value = self.one(name)
        return None if value is None else value.lower() == "true"
