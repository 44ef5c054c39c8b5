"""What an operator changes of the staff: what a file says of them, the password, leaving.

Who leaves, or gets a new password, is signed out everywhere at once (S7).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app import audit
from app.auth.skills import write_lapses
from app.auth.staff import STAFF_INDEX, Colleague, Joining, colleague, phone_of
from app.auth.tables import sessions, staff, tickets
from app.db import Work
from app.errors import Conflict, Missing
from app.keyring import Keyring

BY = "operator"


def known(work: Work, keyring: Keyring, email: str) -> str:
    """Whose e-mail this is, as a staff id; "" when nobody's. Who has left is known too."""
    index = keyring.blind(STAFF_INDEX, email.strip().casefold())
    row = work.run(sa.select(staff.c.id).where(staff.c.email_index == index)).first()
    return str(row.id) if row else ""


def bring_up_to_date(work: Work, keyring: Keyring, who: Joining) -> bool:
    """What is told of `who.id` now. Whoever had left is back. False when nothing changes.

    Conflict for somebody of another service: one e-mail is one person of one service.
    """
    kept, phone = colleague(work, keyring, who.id), phone_of(work, keyring, who.id)
    if kept.service != who.service:
        raise Conflict(
            f"{who.email} belongs to the service {kept.service} here. Give another e-mail."
        )
    here = work.run(sa.select(staff.c.active, staff.c.key_id).where(staff.c.id == who.id)).one()
    if here.active and (kept, phone) == (_as_kept(who), who.phone):
        return False

    def sealed(column: str, value: str) -> bytes:
        return keyring.seal(work, here.key_id, value, "staff", column, who.id)

    _set(
        work, who.id, active=True, hub=who.hub, role=who.role.value,
        first_name=sealed("first_name", who.first_name), name=sealed("name", who.name),
        phone=sealed("phone", who.phone) if who.phone else None,
        skills=" ".join(who.skills), languages=" ".join(who.languages), capacity=who.capacity,
        gender=who.gender, supervisor=who.supervisor, lapses=write_lapses(who.lapses),
        vetted_until=who.vetted_until,
    )  # fmt: skip
    audit.record(work, BY, "changed", "staff", who.id, service=who.service)
    return True


def new_password(work: Work, keyring: Keyring, email: str, password_hash: str) -> None:
    """Missing when nobody of that e-mail is here."""
    staff_id = _of(work, keyring, email)
    _set(work, staff_id, password=password_hash)
    _sign_out(work, staff_id)
    audit.record(work, BY, "new password", "staff", staff_id)


def leaves(work: Work, keyring: Keyring, email: str) -> str:
    """They sign in no more. Returns their staff id. Missing when nobody of that e-mail is here."""
    staff_id = _of(work, keyring, email)
    _set(work, staff_id, active=False)
    _sign_out(work, staff_id)
    audit.record(work, BY, "left", "staff", staff_id)
    return staff_id


def _as_kept(who: Joining) -> Colleague:
    return Colleague(
        id=who.id, first_name=who.first_name, name=who.name, role=who.role, service=who.service,
        hub=who.hub, skills=frozenset(who.skills), languages=frozenset(who.languages),
        capacity=who.capacity, gender=who.gender, supervisor=who.supervisor,
        lapses=dict(who.lapses), vetted_until=who.vetted_until,
    )  # fmt: skip


def _of(work: Work, keyring: Keyring, email: str) -> str:
    staff_id = known(work, keyring, email)
    row = work.run(sa.select(staff.c.active).where(staff.c.id == staff_id)).first()
    if row is None or not row.active:
        raise Missing(f"Nobody with the e-mail {email} is on the staff here.")
    return staff_id


def _set(work: Work, staff_id: str, **values: Any) -> None:
    work.run(staff.update().where(staff.c.id == staff_id).values(**values))


def _sign_out(work: Work, staff_id: str) -> None:
    theirs = sa.select(sessions.c.token_hash).where(sessions.c.staff == staff_id)
    work.run(tickets.delete().where(tickets.c.session.in_(theirs)))
    work.run(sessions.delete().where(sessions.c.staff == staff_id))
