"""The trail: who did what to which row, and why. Ids only, never content (S7, S8).

A row is inserted in the work it tells about, so the two stand or fall together; a refusal is
written in a work of its own, because the refused work rolls back.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.db import UTCDateTime, Work, table_of


class AuditRow(SQLModel, table=True):
    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    actor: str = Field(max_length=40, index=True)
    verb: str = Field(max_length=40)
    kind: str = Field(max_length=40)
    object_id: str = Field(max_length=64, index=True)
    service: str = Field(default="", max_length=40)
    why: str = Field(default="", max_length=200)


trail = table_of(AuditRow)


def record(
    work: Work,
    actor: str,
    verb: str,
    kind: str,
    object_id: str,
    *,
    service: str = "",
    why: str = "",
) -> None:
    """`actor` is a staff id, or system, visitor, carrier, operator."""
    work.run(
        trail.insert().values(
            at=work.now, actor=actor, verb=verb, kind=kind, object_id=object_id,
            service=service, why=why,
        )
    )  # fmt: skip
