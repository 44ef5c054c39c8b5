"""The record of a talk: who was on the line, what was held, what a silent caller answered (S7).

A call has no transcript. What is typed is sealed with the contact's key (S8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.bus import Hint
from app.cases.tables import call_marks, contacts
from app.db import Work
from app.keyring import Keyring


@dataclass(frozen=True)
class Mark:
    """`by` is a staff id or "system"; `about` a plain word, such as the kind of a party."""

    number: int
    at: datetime
    by: str
    kind: str
    about: str = ""
    said: str = ""


def make(
    work: Work,
    contact_id: str,
    by: str,
    kind: str,
    about: str = "",
    *,
    keyring: Keyring | None = None,
    said: str = "",
) -> None:
    """One line of the record. `said` needs the keyring. The contact is locked by the caller."""
    last = work.run(
        sa.select(sa.func.coalesce(sa.func.max(call_marks.c.number), 0)).where(
            call_marks.c.contact == contact_id
        )
    ).scalar_one()
    number, sealed = last + 1, None
    if said:
        assert keyring is not None
        key_id = work.run(
            sa.select(contacts.c.key_id).where(contacts.c.id == contact_id)
        ).scalar_one()
        sealed = keyring.seal(work, key_id, said, "call_mark", "said", f"{contact_id}:{number}")
    work.run(
        call_marks.insert().values(
            contact=contact_id, number=number, at=work.now, by=by, kind=kind, about=about,
            said=sealed,
        )
    )  # fmt: skip
    work.announce(Hint("contact", contact_id))


def of_contact(work: Work, keyring: Keyring, contact_id: str) -> list[Mark]:
    """In order. For whoever has passed the contact's door."""
    rows = work.run(
        sa.select(call_marks)
        .where(call_marks.c.contact == contact_id)
        .order_by(call_marks.c.number)
    )
    return [
        Mark(
            row.number, row.at, row.by, row.kind, row.about,
            keyring.open(work, row.said, "call_mark", "said", f"{contact_id}:{row.number}")
            if row.said is not None else "",
        )
        for row in rows
    ]  # fmt: skip
