"""What the telephone tells a desk: calls, texts, and whether browsers can be rung.

It comes in as functions, so that a desk stands where no phone line is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cases.safe_contact import Permit, Refusal
from app.db import Work
from telephony.house import House
from telephony.talking_shown import Talk


@dataclass(frozen=True)
class CallState:
    """`state` is waiting, ringing you, talking, on hold or ended. `talk`: who is on the line."""

    state: str
    since: datetime | None = None
    talk: Talk | None = None


@dataclass(frozen=True)
class Delivered:
    """What became of line `seq` once it left as a text: waiting, sent, delivered or refused."""

    seq: int
    state: str
    words: str = ""


@dataclass(frozen=True)
class Telephone:
    """What the telephone tells a desk, by contact id (deliveries: by conversation)."""

    calls: Callable[[Work, Sequence[str]], Mapping[str, CallState]] = lambda work, ids: {}
    replies: Callable[[Work, Sequence[str]], Mapping[str, Permit | Refusal]] = lambda work, ids: {}
    deliveries: Callable[[Work, str], Sequence[Delivered]] = lambda work, conversation: ()
    house: Callable[[], House] | None = None
    """What acts of a call stand on; None where there is no phone line."""
    browsers: bool = False
    rehearsed: bool = False
    """Whether browsers can be rung at all, and whether only on the rehearsal's table."""


NO_TELEPHONE = Telephone()
