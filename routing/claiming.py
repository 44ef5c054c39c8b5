"""What a pass decided, made true in one work: each decision if the rows are still as it saw them.

Lock order: contact, seat; a row that is in use elsewhere is missed and goes to the next pass (S3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.among import among, many
from app.bus import Hint
from app.cases import claims, conflicts, notices
from app.db import Work
from routing.model import Decision, Offer, Overflow
from routing.seating import take_each
from routing.tables import decisions, offers, places

LONGEST_REASON = 300
"""Characters."""

_PLACE = places.update().where(places.c.contact == sa.bindparam("of")).values(
    rung=sa.bindparam("rung"), rung_until=sa.bindparam("until", type_=places.c.rung_until.type)
)  # fmt: skip
_OVERFLOW = places.update().where(places.c.contact == sa.bindparam("of")).values(
    overflow=sa.bindparam("kind"),
    overflow_at=sa.bindparam("at", type_=places.c.overflow_at.type),
)  # fmt: skip
_HOLD_OUT = offers.insert()
_REMEMBER = decisions.insert()
_LAST = sa.select(decisions).where(
    decisions.c.id.in_(
        sa.select(sa.func.max(decisions.c.id))
        .where(among(decisions.c.contact, many("ids")))
        .group_by(decisions.c.contact)
    )
)


class CarriedOut(NamedTuple):
    """How many offers were made, and how many rows had moved on."""

    made: int
    missed: int


def carry_out(
    work: Work, decided: Sequence[Decision], seen: Mapping[str, int], offer_seconds: int
) -> CarriedOut:
    """`seen` is the offer_no each contact had on the board. One that was offered since is missed:
    whoever has just declined it is not asked again by a node that was slow (R3, R8)."""
    wanted = [one for one in decided if isinstance(one, Offer)]
    waiting = {
        contact: row
        for contact, row in claims.still_waiting(work, [one.contact for one in wanted]).items()
        if row.offer_no == seen[contact]
    }
    still = _that_may_meet(work, [one for one in wanted if one.contact in waiting])
    seated = take_each(work, [(one.staff, one.weight) for one in still])
    made = [one for one, has_room in zip(still, seated, strict=True) if has_room]
    missed = {one.contact for one in wanted} - {one.contact for one in made}
    true = [one for one in decided if one.contact not in missed]
    claims.offered(work, [waiting[one.contact] for one in made])
    _hold_out(work, made, waiting, offer_seconds)
    _stand(work, true)
    _remember(work, true)
    return CarriedOut(len(made), len(missed))


def _that_may_meet(work: Work, wanted: Sequence[Offer]) -> list[Offer]:
    """Without those that somebody said must not meet while the pass was thinking."""
    apart = conflicts.barred_of(work, [one.contact for one in wanted])
    if not apart:
        return list(wanted)
    return [
        one
        for one in wanted
        if one.contact not in apart or not conflicts.keeps_apart(work, one.contact, one.staff)
    ]


def _hold_out(work: Work, made: Sequence[Offer], waiting: Any, offer_seconds: int) -> None:
    if not made:
        return
    until = work.now + timedelta(seconds=offer_seconds)
    work.run(
        _HOLD_OUT,
        [
            {
                "contact": one.contact, "number": waiting[one.contact].offer_no + 1,
                "staff": one.staff, "weight": one.weight, "rung": one.rung,
                "reason": one.reason.words()[:LONGEST_REASON], "runner_up": one.runner_up,
                "at": work.now, "until": until, "answer": "", "answered_at": None,
            }
            for one in made
        ],
    )  # fmt: skip
    for one in made:
        work.announce(Hint("seat", one.staff))
        if one.reason.tell_lead:
            row = waiting[one.contact]
            kind = notices.Kind.CHILD_ANSWERED
            notices.tell(work, None, row.service, row.hub, kind, one.contact, one.staff)


def _stand(work: Work, true: Sequence[Decision]) -> None:
    """Where each contact now stands on its ladder."""
    if true:
        work.run(
            _PLACE, [{"of": one.contact, "rung": one.rung, "until": one.until} for one in true]
        )
    over = [one for one in true if isinstance(one, Overflow)]
    if over:
        work.run(_OVERFLOW, [{"of": one.contact, "kind": one.kind, "at": work.now} for one in over])
    for each in over:
        work.announce(Hint("contact", each.contact))


def _remember(work: Work, true: Sequence[Decision]) -> None:
    """Every decision is kept with its reason; one that says the same as the last is not."""
    if not true:
        return
    last = {row.contact: row for row in work.run(_LAST, {"ids": [one.contact for one in true]})}
    said = [
        {
            "contact": one.contact, "at": work.now, "kind": type(one).__name__.lower(),
            "rung": one.rung, "staff": one.staff if isinstance(one, Offer) else None,
            "reason": one.reason.words()[:LONGEST_REASON],
        }
        for one in true
    ]  # fmt: skip
    new = [row for row in said if _is_new(row, last.get(str(row["contact"])))]
    if new:
        work.run(_REMEMBER, new)


def _is_new(said: dict[str, Any], last: Any) -> bool:
    return (
        said["kind"] == "offer"
        or last is None
        or any(getattr(last, name) != said[name] for name in ("kind", "rung", "staff", "reason"))
    )
