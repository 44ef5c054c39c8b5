"""Applying a definition, and reading what is applied. Applying twice changes nothing.

`current` is the truth; `Definitions` is a copy in memory, looked at again when the highest row
has moved, so that a request costs no query and a missed hint costs a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from app import audit
from app.bus import Hint
from app.db import Database, Work
from app.definition.difference import Difference, difference
from app.definition.model import Hub, Line, Service, Site
from app.definition.tables import claims, definitions
from app.errors import Conflict, Missing

Objection = Callable[[Work, Service, Hub], str]
"""Why this hub cannot go, as one plain sentence with what to do; "" when nothing holds it."""


def apply(
    work: Work, actor: str, service: Service, objections: Sequence[Objection] = ()
) -> Difference:
    """Make `service` the one in force. `actor` is a staff id, or operator.

    Conflict when another service has its number or site key, or when a hub that is gone from it
    is still held by something: rooms above tell by what, through `objections`.
    """
    if work.locks_rows:
        # Two people applying at once: the second waits, and reads what the first one left.
        work.run(sa.text("SELECT pg_advisory_xact_lock(7701)"))
    last = _last(work, service.key)
    old = decode(last.document) if last else None
    change = difference(old, service)
    if change.nothing:
        return change
    if old is not None:
        _keep_what_is_held(work, old, service, objections)
    version = last.version + 1 if last else 1
    _claim(work, service)
    work.run(
        definitions.insert().values(
            service=service.key,
            version=version,
            document=encode(service),
            applied_at=work.now,
            applied_by=actor,
        )
    )
    audit.record(
        work, actor, "applied", "definition", f"{service.key}:{version}", service=service.key
    )
    work.announce(Hint("definition", "", version))
    return change


def compare(work: Work, service: Service) -> Difference:
    """What `apply` would change. Conflict as there. Nothing is kept."""
    _refuse_claimed(work, service)
    last = _last(work, service.key)
    return difference(decode(last.document) if last else None, service)


def current(work: Work) -> dict[str, Service]:
    """The services in force, by key."""
    newest = sa.select(sa.func.max(definitions.c.id)).group_by(definitions.c.service)
    rows = work.run(
        sa.select(definitions.c.service, definitions.c.document)
        .where(definitions.c.id.in_(newest))
        .order_by(definitions.c.service)
    )
    return {row.service: decode(row.document) for row in rows}


def newest(work: Work) -> int:
    """The highest row of all: it moves whenever anything was applied. 0 when nothing was."""
    return work.run(sa.select(sa.func.max(definitions.c.id))).scalar() or 0


def encode(service: Service) -> str:
    """The canonical JSON of a service: the same service is the same text."""
    return msgspec.json.encode(service, order="sorted").decode()


def decode(document: str) -> Service:
    return msgspec.json.decode(document, type=Service)


class Definitions:
    """The services in force, in memory. `refresh` once a second and on Hint("definition")."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._newest = -1
        self._services: dict[str, Service] = {}
        self._sites: dict[str, tuple[Service, Site]] = {}
        self._numbers: dict[str, tuple[Service, Line]] = {}

    async def refresh(self) -> bool:
        """Look again. True when something has changed. Raises Down when the database is away."""
        found = await self._db.read(_look, self._newest)
        if found is None:
            return False
        self._newest, self._services = found
        self._sites = {
            site.key: (service, site)
            for service in self._services.values()
            for site in service.sites
        }
        self._numbers = {
            line.number: (service, line)
            for service in self._services.values()
            for line in service.lines
        }
        return True

    def services(self) -> Mapping[str, Service]:
        return self._services

    def __iter__(self) -> Iterator[Service]:
        return iter(self._services.values())

    def service(self, key: str) -> Service:
        """Raises Missing."""
        if key not in self._services:
            raise Missing
        return self._services[key]

    def site(self, key: str) -> tuple[Service, Site]:
        """The site with this key, and whose it is. Raises Missing."""
        if key not in self._sites:
            raise Missing
        return self._sites[key]

    def line_for(self, number: str) -> tuple[Service, Line]:
        """The line with this E.164 number, and whose it is. Raises Missing."""
        if number not in self._numbers:
            raise Missing
        return self._numbers[number]


def _look(work: Work, seen: int) -> tuple[int, dict[str, Service]] | None:
    latest = newest(work)
    return None if latest == seen else (latest, current(work))


def _last(work: Work, key: str) -> sa.Row[tuple[int, str]] | None:
    return work.run(
        sa.select(definitions.c.version, definitions.c.document)
        .where(definitions.c.service == key)
        .order_by(definitions.c.version.desc())
        .limit(1)
    ).first()


def _keep_what_is_held(
    work: Work, old: Service, new: Service, objections: Sequence[Objection]
) -> None:
    kept = {hub.key for hub in new.hubs}
    for hub in old.hubs:
        for objection in objections:
            if hub.key not in kept and (why := objection(work, old, hub)):
                raise Conflict(why)


def _claimed(service: Service) -> list[tuple[str, str]]:
    numbers = [("number", line.number) for line in service.lines]
    return numbers + [("site", site.key) for site in service.sites]


def _refuse_claimed(work: Work, service: Service) -> None:
    for kind, value in _claimed(service):
        owner = work.run(
            sa.select(claims.c.service).where(
                claims.c.kind == kind, claims.c.value == value, claims.c.service != service.key
            )
        ).scalar()
        if owner is not None:
            said = f"The number {value}" if kind == "number" else f'The site key "{value}"'
            raise Conflict(f'{said} belongs to the service "{owner}" already. Choose another.')


def _claim(work: Work, service: Service) -> None:
    _refuse_claimed(work, service)
    work.run(claims.delete().where(claims.c.service == service.key))
    work.run(
        claims.insert(),
        [
            {"kind": kind, "value": value, "service": service.key}
            for kind, value in _claimed(service)
        ],
    )
