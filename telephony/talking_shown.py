"""Who is on the line of a call, as a desk shows it. No names of staff: ids, which a desk names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from app.among import among
from app.cases.tables import contacts
from app.db import Work
from telephony import keeping
from telephony.states import Asking, Ringing, State, Talking
from telephony.tables import calls, legs, parties

NO_ROOM = Talking(0, 0, "")

LegKind = Literal[
    "caller", "advisor", "interpreter", "police", "hub", "number", "supervisor", "colleague"
]
LegState = Literal["ringing", "talking", "held", "left", "failed"]


@dataclass(frozen=True)
class OnLine:
    """`id` is the party's ("caller" and "advisor" for the first two). `staff` is an id or "";
    `name` the key of the language, force or hub for who is not staff. `coaching`: heard by the
    advisor alone."""

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
    if not contact_ids:
        return {}
    rows = work.run(
        sa.select(calls.c.sid, calls.c.state, calls.c.contact, contacts.c.owner,
                  contacts.c.assignment_no)
        .join(contacts, contacts.c.id == calls.c.contact)
        .where(among(calls.c.contact, contact_ids), calls.c.live.is_(True))
        .order_by(calls.c.arrived_at)
    ).all()  # fmt: skip
    sids = [row.sid for row in rows]
    beside: dict[str, list[Any]] = {sid: [] for sid in sids}
    by_leg: dict[str, dict[int, Any]] = {sid: {} for sid in sids}
    if sids:
        found = sa.select(parties).where(among(parties.c.call, sids)).order_by(parties.c.id)
        for party in work.run(found):
            beside[party.call].append(party)
        for leg in work.run(sa.select(legs).where(among(legs.c.call, sids))):
            by_leg[leg.call][leg.assignment] = leg
    return {
        row.contact: _talk(
            keeping.opened(row.state), row, by_leg[row.sid].get(row.assignment_no), beside[row.sid]
        )
        for row in rows
    }


def _talk(state: State, row: Any, leg: Any, beside: Sequence[Any]) -> Talk:
    talk = state.talk if isinstance(state, Asking) else state
    room = talk if isinstance(talk, Talking) else NO_ROOM
    held, muted = room.held, room.muted
    shown = [OnLine("caller", "caller", "held" if held else "talking")]
    own = next((each for each in beside if leg is not None and each.sid == leg.sid), None)
    if isinstance(talk, Talking | Ringing) and row.owner:
        rings = isinstance(talk, Ringing)
        shown.append(
            OnLine("advisor", "advisor", "ringing" if rings else "talking", staff=row.owner,
                   muted=muted)
        )  # fmt: skip
    for each in beside:
        if each.sid and leg is not None and each.sid == leg.sid:
            continue
        if each.kind == "advisor" and each.state in ("left", "failed"):
            continue
        stands: LegState = "ringing" if each.state == "asked" else each.state
        shown.append(
            OnLine(each.id, each.kind, stands, each.staff, each.to, coaching=each.coaching,
                   since=each.joined_at or each.made_at)
        )  # fmt: skip
    return Talk(
        legs=tuple(shown),
        hold=held,
        muted=muted,
        keys="asking" if isinstance(state, Asking) else room.keys,
        leg=_leg(leg, own),
        transfer=room.transfer,
    )


def _leg(leg: Any, own: Any) -> Literal["phone", "browser"]:
    """A leg that was changed is a party's; the first one says itself what it was rung by."""
    if own is not None:
        return "browser" if own.leg == "browser" else "phone"
    return "browser" if leg is not None and getattr(leg, "by", "") == "browser" else "phone"
