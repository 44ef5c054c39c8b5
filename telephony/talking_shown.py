"""Who is on the line of a call, as a desk shows it. No names of staff: ids, which a desk names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.db import Work

LegKind = Literal[
    "caller", "advisor", "interpreter", "police", "hub", "number", "supervisor", "colleague"
]
LegState = Literal["ringing", "talking", "held", "left", "failed"]


@dataclass(frozen=True)
class OnLine:
    """`id` is the party's ("caller" and "advisor" for the first two). `staff` is an id or "";
    `name` the language, force or hub for who is not staff. `coaching`: heard by staff alone."""

    id: str
    kind: LegKind
    state: LegState
    staff: str = ""
    name: str = ""
    muted: bool = False
    coaching: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Talk:
    """`keys` is "", "asking", or the digits heard last. `leg` is what the advisor talks by.
    `transfer`: the party a warm transfer is for, "" when none."""

    legs: tuple[OnLine, ...] = ()
    hold: bool = False
    muted: bool = False
    keys: str = ""
    leg: Literal["phone", "browser"] = "phone"
    transfer: str = ""


def talks_of(work: Work, contact_ids: Sequence[str]) -> Mapping[str, Talk]:
    """The talk of each contact that is a living call; others are not in it."""
    raise NotImplementedError
