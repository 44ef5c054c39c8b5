"""Rows of routing: seats, places in the queue, offers, and every decision with its reason.

The constraints hold the promises of S3 even when the code is wrong: one open offer a contact, and
0 <= load <= capacity.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db import UTCDateTime, table_of


class SeatRow(SQLModel, table=True):
    """A place an advisor takes work in. Presence is the lease: nobody is free by memory."""

    __tablename__ = "seat"
    staff: str = Field(primary_key=True, foreign_key="staff.id", max_length=32)
    service: str = Field(max_length=40, index=True)
    hub: str = Field(max_length=40)
    on_duty: bool = False
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    idle_since: datetime = Field(sa_type=UTCDateTime)
    capacity: int
    load: int = 0
    __table_args__ = (sa.CheckConstraint("load >= 0 AND load <= capacity", name="seat_load"),)


class PlaceRow(SQLModel, table=True):
    """A contact's place in the queue, from its first wait to its end."""

    __tablename__ = "place"
    contact: str = Field(primary_key=True, foreign_key="contact.id", max_length=32)
    service: str = Field(max_length=40, index=True)
    waits: bool = True
    queued_at: datetime = Field(sa_type=UTCDateTime)
    front: bool = False
    weight: int = 1
    rung: int = 0
    rung_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    overflow: str = Field(default="", max_length=10)
    overflow_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class OfferRow(SQLModel, table=True):
    """A contact held out to one seat. `answer` is "" while it is open."""

    __tablename__ = "offer"
    id: int | None = Field(default=None, primary_key=True)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    number: int
    staff: str = Field(foreign_key="staff.id", max_length=32, index=True)
    weight: int
    rung: int
    reason: str = Field(max_length=300)
    runner_up: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime)
    answer: str = Field(default="", max_length=12)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    __table_args__ = (
        sa.UniqueConstraint("contact", "number"),
        sa.Index(
            "offer_open",
            "contact",
            unique=True,
            sqlite_where=sa.text("answer = ''"),
            postgresql_where=sa.text("answer = ''"),
        ),
    )


class DecisionRow(SQLModel, table=True):
    """What the router decided, and why. Written when it differs from the last."""

    __tablename__ = "decision"
    id: int | None = Field(default=None, primary_key=True)
    contact: str = Field(foreign_key="contact.id", max_length=32, index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    kind: str = Field(max_length=10)
    rung: int
    staff: str | None = Field(default=None, max_length=32)
    reason: str = Field(max_length=300)


seats = table_of(SeatRow)
places = table_of(PlaceRow)
offers = table_of(OfferRow)
decisions = table_of(DecisionRow)
