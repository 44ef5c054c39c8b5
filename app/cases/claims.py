"""Many contacts offered in one work: those that still wait and are in nobody's hands (S3).

A row that another work holds is left out: the next pass sees it as it then is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.among import among, many
from app.bus import Hint
from app.cases.model import State
from app.cases.tables import contacts
from app.db import Work

_WAITING = (
    sa.select(contacts.c.id, contacts.c.service, contacts.c.hub, contacts.c.offer_no)
    .where(among(contacts.c.id, many("ids")), contacts.c.state == State.WAITING.value)
    .order_by(contacts.c.id)
)
_OFFER = (
    contacts.update()
    .where(
        contacts.c.id == sa.bindparam("contact"),
        contacts.c.state == State.WAITING.value,
        contacts.c.offer_no == sa.bindparam("before"),
    )
    .values(
        state=State.OFFERED.value,
        offer_no=sa.bindparam("before") + 1,
        offered_at=sa.func.coalesce(
            contacts.c.offered_at, sa.bindparam("at", type_=contacts.c.offered_at.type)
        ),
    )
)


def still_waiting(work: Work, contact_ids: Sequence[str]) -> Mapping[str, Any]:
    """The rows, by id: id, service, hub, offer_no. Locked where rows are."""
    chosen = _WAITING.with_for_update(skip_locked=True) if work.locks_rows else _WAITING
    return {row.id: row for row in work.run(chosen, {"ids": list(contact_ids)})}


def offered(work: Work, rows: Sequence[Any]) -> None:
    """waiting -> offered, each with its next offer_no. `rows` are of `still_waiting`."""
    claimed = [{"contact": row.id, "before": row.offer_no, "at": work.now} for row in rows]
    if not claimed:
        return
    work.run(_OFFER, claimed)
    for row in rows:
        work.announce(Hint("contact", row.id))
    for service in {row.service for row in rows}:
        work.announce(Hint("desk", service))
