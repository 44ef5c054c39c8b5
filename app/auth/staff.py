"""Staff: joining, signing in, sessions that live on the server, tickets for one socket.

Passwords are Argon2id. A token is 192 random bits; only its hash is kept. An unknown e-mail takes
the same time and gets the same answer as a wrong password (S7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app import audit
from app.auth.policy import Actor, Role
from app.auth.skills import held, read_lapses, vetted, write_lapses
from app.auth.tables import sessions, staff, tickets
from app.db import Work
from app.errors import Refused, Wrong
from app.keyring import Keyring

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
TICKET = timedelta(seconds=30)
SHORTEST_PASSWORD = 12
STAFF_INDEX = "staff"

_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
_nobody = _hasher.hash("nobody has this password")


@dataclass(frozen=True)
class Joining:
    """A person of the staff as an operator enters them."""

    id: str
    service: str
    hub: str
    role: Role
    email: str
    first_name: str
    name: str
    phone: str | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    gender: str = ""
    supervisor: str = ""
    lapses: Mapping[str, date] = field(default_factory=dict)
    vetted_until: date | None = None


@dataclass(frozen=True)
class Colleague:
    """What others may know of a member of staff.

    `skills` are all they ever trained for; `held_on` leaves out what has lapsed. `supervisor` is
    the staff id of whom a volunteer works under.
    """

    id: str
    first_name: str
    name: str
    role: Role
    service: str
    hub: str
    skills: frozenset[str]
    languages: frozenset[str]
    capacity: int
    gender: str = ""
    supervisor: str = ""
    lapses: Mapping[str, date] = field(default_factory=dict)
    vetted_until: date | None = None

    def held_on(self, today: date) -> frozenset[str]:
        return held(self.skills, self.lapses, today)

    def vetted_on(self, today: date) -> bool:
        return vetted(self.vetted_until, today)


def hash_password(password: str) -> str:
    """Slow on purpose: run it in a thread, never in a work. Raises Wrong for a short one."""
    if len(password) < SHORTEST_PASSWORD:
        raise Wrong(f"A password needs {SHORTEST_PASSWORD} characters or more.")
    return _hasher.hash(password)


def join(work: Work, keyring: Keyring, who: Joining, password_hash: str) -> bool:
    """Add a member of staff; False when the e-mail is already there."""
    index = keyring.blind(STAFF_INDEX, who.email.strip().casefold())
    if work.run(sa.select(staff.c.id).where(staff.c.email_index == index)).first():
        return False
    key_id = keyring.new_key(work, "staff", who.id, who.service, who.hub)

    def sealed(column: str, value: str) -> bytes:
        return keyring.seal(work, key_id, value, "staff", column, who.id)

    work.run(
        staff.insert().values(
            id=who.id, service=who.service, hub=who.hub, role=who.role.value, email_index=index,
            password=password_hash, key_id=key_id,
            first_name=sealed("first_name", who.first_name), name=sealed("name", who.name),
            phone=sealed("phone", who.phone) if who.phone else None,
            skills=" ".join(who.skills), languages=" ".join(who.languages),
            capacity=who.capacity, active=True, gender=who.gender, supervisor=who.supervisor,
            lapses=write_lapses(who.lapses), vetted_until=who.vetted_until,
        )
    )  # fmt: skip
    audit.record(work, "operator", "joined", "staff", who.id, service=who.service)
    return True


def password_of(work: Work, keyring: Keyring, email: str) -> tuple[str, str]:
    """(staff id, password hash) for an e-mail; ("", a hash nothing matches) when unknown."""
    index = keyring.blind(STAFF_INDEX, email.strip().casefold())
    row = work.run(
        sa.select(staff.c.id, staff.c.password).where(
            staff.c.email_index == index, staff.c.active.is_(True)
        )
    ).first()
    return (row.id, row.password) if row else ("", _nobody)


def matches(password: str, password_hash: str) -> bool:
    """Slow on purpose: run it in a thread, never in a work."""
    return bool(_hasher.verify(password, password_hash))


def open_session(work: Work, staff_id: str, token: str) -> None:
    work.run(
        sessions.insert().values(
            token_hash=_hashed(token), staff=staff_id, made_at=work.now, seen_at=work.now
        )
    )
    audit.record(work, staff_id, "signed in", "staff", staff_id)


def refuse_sign_in(work: Work, staff_id: str) -> None:
    audit.record(work, "visitor", "sign-in refused", "staff", staff_id or "unknown")


def close_session(work: Work, token: str) -> str | None:
    """Sign out. Returns the staff id, None when there was no such session."""
    row = work.run(
        sa.select(sessions.c.staff).where(sessions.c.token_hash == _hashed(token))
    ).first()
    work.run(tickets.delete().where(tickets.c.session == _hashed(token)))
    work.run(sessions.delete().where(sessions.c.token_hash == _hashed(token)))
    if row is not None:
        audit.record(work, row.staff, "signed out", "staff", row.staff)
    return row.staff if row else None


def actor_of(work: Work, keyring: Keyring, token: str) -> Actor | None:
    """Whose session this is; None when it is unknown, too old, or its person has left."""
    staff_id = _living(work, token)
    return actor(work, keyring, staff_id) if staff_id else None


def _living(work: Work, token: str) -> str | None:
    """The staff id of a session that is neither idle nor too long, of someone who has not left."""
    row = work.run(
        sa.select(sessions.c.staff)
        .join(staff, staff.c.id == sessions.c.staff)
        .where(
            sessions.c.token_hash == _hashed(token),
            sessions.c.made_at > work.now - LONGEST,
            sessions.c.seen_at > work.now - IDLE,
            staff.c.active.is_(True),
        )
    ).first()
    return str(row.staff) if row else None


def touch(work: Work, token: str) -> bool:
    """Somebody used the console: the idle time begins again. False when they are signed out."""
    here = sa.select(staff.c.id).where(staff.c.active.is_(True))
    touched = work.run(
        sessions.update()
        .where(sessions.c.token_hash == _hashed(token), sessions.c.staff.in_(here))
        .values(seen_at=work.now)
    )
    return touched.rowcount == 1


def make_ticket(work: Work, session_token: str, ticket: str) -> None:
    """A ticket opens one socket once, within 30 seconds; it is never put in an address."""
    staff_id = _living(work, session_token)
    if staff_id is None:
        raise Refused("Sign in again.")
    work.run(tickets.delete().where(tickets.c.until < work.now))
    work.run(
        tickets.insert().values(
            token_hash=_hashed(ticket), staff=staff_id, session=_hashed(session_token),
            until=work.now + TICKET,
        )
    )  # fmt: skip


def use_ticket(work: Work, keyring: Keyring, ticket: str) -> Actor:
    """Raises Refused for a ticket that is unknown, used or old."""
    row = work.run(
        sa.select(tickets.c.staff)
        .join(staff, staff.c.id == tickets.c.staff)
        .where(
            tickets.c.token_hash == _hashed(ticket),
            tickets.c.until > work.now,
            staff.c.active.is_(True),
        )
    ).first()
    used = work.run(tickets.delete().where(tickets.c.token_hash == _hashed(ticket))).rowcount
    if row is None or used != 1:
        raise Refused("Sign in again.")
    return actor(work, keyring, row.staff)


def actor(work: Work, keyring: Keyring, staff_id: str) -> Actor:
    who = colleague(work, keyring, staff_id)
    return Actor(who.id, who.first_name, who.name, who.role, who.service, who.hub)


def colleague(work: Work, keyring: Keyring, staff_id: str) -> Colleague:
    """Raises LookupError when there is no such member of staff."""
    row = work.run(sa.select(staff).where(staff.c.id == staff_id)).first()
    if row is None:
        raise LookupError("staff")
    return Colleague(
        id=row.id,
        first_name=keyring.open(work, row.first_name, "staff", "first_name", row.id),
        name=keyring.open(work, row.name, "staff", "name", row.id),
        role=Role(row.role),
        service=row.service,
        hub=row.hub,
        skills=frozenset(row.skills.split()),
        languages=frozenset(row.languages.split()),
        capacity=row.capacity,
        gender=row.gender,
        supervisor=row.supervisor,
        lapses=read_lapses(row.lapses),
        vetted_until=row.vetted_until,
    )


def phone_of(work: Work, keyring: Keyring, staff_id: str) -> str | None:
    """The phone we ring for them, in E.164; None when they have none."""
    row = work.run(sa.select(staff.c.id, staff.c.phone).where(staff.c.id == staff_id)).first()
    if row is None or row.phone is None:
        return None
    return keyring.open(work, row.phone, "staff", "phone", row.id)


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
